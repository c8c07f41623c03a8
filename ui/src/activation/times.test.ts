import { expect, it } from "vitest";
import { ownTime, timesOf } from "./times";

const local = (date: number, hour: number) => new Date(2026, 10, date, hour).toISOString();
const now = new Date(2026, 10, 19, 16);
const copied = local(19, 9);

it("gives a row a time of its own only where it is newer than what stands over all", () => {
  expect(ownTime({ asOf: local(19, 10) }, copied)).toBe(local(19, 10));
  expect(ownTime({ asOf: copied }, copied)).toBeNull();
  expect(ownTime({ asOf: copied }, null)).toBe(copied);
});
it("makes room for a clock, for a day where one is not of today, and keeps it", () => {
  expect(timesOf([{ asOf: copied }], copied, now, "none")).toBe("none");
  expect(timesOf([{ asOf: copied }, { asOf: local(19, 10) }], copied, now, "none")).toBe("clock");
  expect(timesOf([{ asOf: local(18, 10) }, { asOf: local(19, 10) }], local(17, 9), now, "none")).toBe("day");
  expect(timesOf([], copied, now, "clock")).toBe("clock");
  expect(timesOf([{ asOf: local(19, 10) }], copied, now, "day")).toBe("day");
});
