import { expect, it } from "vitest";
import { tokenLine } from "./tokenLine";

const start = "2026-08-27T09:12:00Z";
const end = "2026-11-25T09:12:00Z";

it("places today and the renewals that were made", () => {
  const line = tokenLine(start, end, ["2026-09-03T09:12:00Z", "2026-09-12T09:12:00Z"], new Date("2026-11-19T14:45:00Z"));
  expect(line).toMatchObject({ days: 90, day: 84 });
  expect(line?.renewals).toHaveLength(2);
  expect(line?.renewals[0]).toBeCloseTo(7 / 90);
  expect(line?.renewals[1]).toBeCloseTo(16 / 90);
});
it("leaves out renewals of another token", () => {
  expect(tokenLine(start, end, ["2026-08-01T00:00:00Z", "2026-12-24T00:00:00Z"], new Date(start))?.renewals).toEqual([]);
});
it("holds the ends", () => {
  expect(tokenLine(start, end, [], new Date("2027-01-01T00:00:00Z"))).toMatchObject({ today: 1, day: 90 });
  expect(tokenLine(start, end, [], new Date("2026-08-01T00:00:00Z"))).toMatchObject({ today: 0, day: 1 });
});
it("draws nothing from nothing", () => {
  expect(tokenLine(null, end, [], new Date())).toBeNull();
  expect(tokenLine(end, end, [], new Date())).toBeNull();
});
