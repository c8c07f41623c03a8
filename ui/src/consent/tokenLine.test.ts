import { expect, it } from "vitest";
import { tokenLine } from "./tokenLine";

it("places today and the weekly renewals", () => {
  const line = tokenLine("2026-08-27T09:12:00Z", "2026-11-25T09:12:00Z", new Date("2026-11-19T14:45:00Z"));
  expect(line).toMatchObject({ days: 90, day: 85 });
  expect(line?.renewals).toHaveLength(12);
  expect(line?.renewals[0]).toBeCloseTo(7 / 90);
});
it("holds the ends", () => {
  expect(tokenLine("2026-08-27T00:00:00Z", "2026-11-25T00:00:00Z", new Date("2027-01-01T00:00:00Z"))).toMatchObject({ today: 1, day: 90 });
  expect(tokenLine("2026-08-27T00:00:00Z", "2026-11-25T00:00:00Z", new Date("2026-08-01T00:00:00Z"))).toMatchObject({ today: 0, day: 1, renewals: [] });
});
it("draws nothing from nothing", () => {
  expect(tokenLine(null, "2026-11-25T00:00:00Z", new Date())).toBeNull();
  expect(tokenLine("2026-11-25T00:00:00Z", "2026-11-25T00:00:00Z", new Date())).toBeNull();
});
