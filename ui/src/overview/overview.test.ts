import { describe, expect, it } from "vitest";
import { onTheWay } from "../activation/counts";
import type { ActivationStatus, Licence } from "../host/generated";
import { funnel } from "./funnel";
import { changeOver, seriesOf, signed, steps } from "./history";
import { byNeed, licenceNames, supply } from "./licences";

const status = (states: Record<string, number>, notBegun = states["pending_email_input"] ?? 0): ActivationStatus => ({
  organisation: "o",
  availability: { state: "available", source: "broadworks" },
  asOf: null,
  total: Object.values(states).reduce((sum, one) => sum + one, 0),
  states: Object.entries(states).map(([state, count]) => ({ state, count })),
  notBegun,
  stuck: 0,
  choices: { locations: [], licences: [], serviceTypes: [] },
  syncing: null,
  refreshing: null,
});

describe("funnel", () => {
  it("counts down the way of the picture", () => {
    const given = status({ provisioned: 13_940, pending_email_input: 1114, pending_email_validation: 593, provisioning: 671 });
    expect(funnel(given).map((one) => one.count)).toEqual([16_318, 15_204, 14_611, 13_940]);
    expect(onTheWay(given)).toBe(2378);
  });
  it("loses nobody: what waits behind the stages and the last stage are all", () => {
    const given = status({ provisioned: 5, pending_email_input: 1, pending_user_migration: 2, error: 3, updating: 4, hibernating: 6 });
    const stages = funnel(given);
    expect(stages.flatMap((one) => one.drops).reduce((sum, one) => sum + one.count, 0) + 5).toBe(given.total);
    expect(stages[2]?.drops.map((one) => one.words)).toEqual(["Error", "Updating", "hibernating"]);
  });
  it("takes those without an address out of those who entered one, and never grows on the way down", () => {
    const stages = funnel(status({ provisioned: 5, error: 3, pending_email_input: 1 }, 3));
    expect(stages.map((one) => one.count)).toEqual([9, 6, 6, 5]);
    // As the core counts the same organisation for a day of the history.
    const awkward = funnel(status({ provisioned: 80, pending_email_input: 2, pending_email_validation: 1, provisioning: 2, error: 3, hibernating: 1, pending_user_migration: 1 }, 3));
    expect(awkward.map((one) => one.count)).toEqual([90, 87, 85, 80]);
    expect(stages[0]?.drops.map((one) => one.count)).toEqual([1, 2]);
  });
});

describe("history", () => {
  const point = (day: string, value: number) => ({ day, value });
  it("draws steps on a scale of their own, days at their true distance", () => {
    const drawn = steps([point("2026-10-30", 10), point("2026-10-31", 20), point("2026-11-03", 15)], 100, 100);
    expect(drawn?.line).toBe("M0 78H25V10H100V44");
    expect(drawn?.area).toBe("M0 78H25V10H100V44V100H0z");
    expect(drawn?.end).toEqual({ x: 100, y: 44 });
  });
  it("draws a flat line for one day and for one value, and none without a day", () => {
    expect(steps([point("2026-11-03", 15)], 100, 100)?.line).toBe("M0 44H100");
    expect(steps([point("2026-11-03", 15), point("2026-11-04", 15)], 100, 100)?.line).toBe("M0 44H100V44");
    expect(steps([], 100, 100)).toBeNull();
  });
  it("says the change with its sign", () => {
    expect(signed(changeOver([point("2026-11-03", 15), point("2026-11-04", 12)]), String)).toBe("−3");
    expect(signed(0, String)).toBe("no change");
  });
  it("derives who is on the way", () => {
    const series = seriesOf([{ day: "2026-11-03", total: 9, emailEntered: 7, emailValidated: 6, provisioned: 5 }]);
    expect(series.map((one) => one.points[0]?.value)).toEqual([9, 7, 6, 5, 4]);
  });
});

describe("licences", () => {
  const licence = (name: string, total: number | null, consumed: number, calling = false): Licence => ({ id: name, name, total, consumed, available: total === null ? null : Math.max(0, total - consumed), subscription: null, calling });
  it("warns below a tenth, not at it", () => {
    expect(supply(licence("a", 100, 90))).toBe("enough");
    expect(supply(licence("a", 100, 91))).toBe("short");
    expect(supply(licence("a", 100, 120))).toBe("none_left");
    expect(supply(licence("a", null, 120))).toBe("unlimited");
    expect(supply(licence("a", 0, 0))).toBe("enough");
  });
  it("tells licences of one name apart by their subscription, or else by their id", () => {
    const given = [licence("one", 10, 1), { ...licence("a", 10, 1), name: "Calling", subscription: "Sub1" }, { ...licence("b", 10, 1), name: "Calling", subscription: "Sub2" }, { ...licence("c", 10, 1), name: "Rooms" }, { ...licence("d", 10, 1), name: "Rooms" }];
    expect([...licenceNames(given).values()]).toEqual(["one", "Calling (Sub1)", "Calling (Sub2)", "Rooms (c)", "Rooms (d)"]);
  });
  it("puts what runs short first, then calling licences", () => {
    const given = [licence("unlimited", null, 9), licence("rooms", 10, 5), licence("calling", 10, 1, true), licence("short", 100, 95), licence("gone", 1, 1)];
    expect(given.toSorted(byNeed).map((one) => one.name)).toEqual(["gone", "short", "calling", "rooms", "unlimited"]);
  });
});
