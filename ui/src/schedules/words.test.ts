import { describe, expect, it } from "vitest";
import type { Schedule } from "../host/generated";
import { everyWords, intervalProblem, nextWords, stateWords } from "./words";

const now = new Date(2026, 10, 19, 14, 45);
const schedule = (state: Schedule["state"], failures = 0): Schedule => ({
  id: "s",
  kind: "mirror_sync",
  organisation: "o",
  organisationName: "Kestrel Logistics",
  state,
  everyMinutes: 720,
  lastStartedAt: null,
  lastEndedAt: null,
  lastOutcome: null,
  lastMessage: null,
  lastTransaction: null,
  failures,
});

it("says when, relative and absolute", () => {
  expect(nextWords(schedule({ state: "waiting", at: new Date(2026, 10, 19, 16, 45).toISOString() }), now)).toMatch(/^in 2 h, \d\d:45/);
  expect(nextWords(schedule({ state: "waiting", at: new Date(2026, 10, 19, 14, 0).toISOString() }), now)).toBe("now: its turn is about to come");
});
it("tells one that fails from one that waits", () => {
  const at = new Date(2026, 10, 20).toISOString();
  expect(stateWords(schedule({ state: "waiting", at })).tone).toBe("idle");
  expect(stateWords(schedule({ state: "waiting", at }, 3)).tone).toBe("warn");
});
it.each([
  [15, "15 minutes"],
  [60, "1 hour"],
  [90, "90 minutes"],
  [10_080, "7 days"],
])("%d minutes is %s", (minutes, words) => expect(everyWords(minutes)).toBe(words));
describe("intervals", () => {
  it("takes 15 minutes to 30 days", () => {
    expect(intervalProblem("15", "minutes")).toBeNull();
    expect(intervalProblem("30", "days")).toBeNull();
    expect(intervalProblem("14", "minutes")).not.toBeNull();
    expect(intervalProblem("31", "days")).not.toBeNull();
  });
  it("takes whole numbers only", () => {
    for (const typed of ["", "1.5", "-1", "two"]) expect(intervalProblem(typed, "hours")).toContain("no number");
  });
});
