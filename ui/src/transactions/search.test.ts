import { describe, expect, it } from "vitest";
import { filterOf, readTransactionSearch } from "./search";

const now = new Date(2026, 10, 19, 14, 45);
const midnight = (day: number) => new Date(2026, 10, day).toISOString();

describe("filterOf", () => {
  it("counts whole days, today included", () => {
    expect(filterOf({ range: "today" }, now)).toMatchObject({ since: midnight(19), until: null });
    expect(filterOf({ range: "week" }, now)).toMatchObject({ since: midnight(13), until: null });
  });
  it("includes both days of a range of one's own", () => {
    expect(filterOf({ range: "days", from: "2026-11-03", to: "2026-11-05" }, now)).toMatchObject({ since: midnight(3), until: midnight(6) });
    expect(filterOf({ range: "days", from: "2026-11-03" }, now)).toMatchObject({ since: midnight(3), until: null });
  });
  it("asks for everything where nothing is set", () => {
    expect(filterOf({ state: "all", kind: "all", organisation: "all", range: "all" }, now)).toEqual({ organisation: null, kinds: [], state: null, search: null, since: null, until: null });
  });
});

it("leaves out what an address cannot mean", () => {
  expect(readTransactionSearch({ state: "asleep", kind: "consent", search: 14771, from: "yesterday", to: "2026-11-05" })).toEqual({ kind: "consent", search: "14771", to: "2026-11-05" });
});
