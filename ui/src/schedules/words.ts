// Schedules in words. Pure.

import { counted } from "../format/number";
import { moment, relative } from "../format/time";
import type { Schedule, ScheduleKind, ScheduleOutcome } from "../host/generated";
import type { MarkShape, Tone } from "../ui";

export const KINDS: Record<ScheduleKind, string> = { token_refresh: "Token renewal", mirror_sync: "Sync", wholesale_sync: "Customer sync" };

export function kindWord(kind: ScheduleKind): string {
  return KINDS[kind] ?? String(kind);
}

export const OUTCOMES: Record<ScheduleOutcome, { word: string; shape: MarkShape; tone: Tone }> = {
  succeeded: { word: "Done", shape: "done", tone: "ok" },
  failed: { word: "Failed", shape: "bad", tone: "bad" },
  skipped: { word: "Skipped", shape: "skip", tone: "idle" },
};

/** When it runs next, the time left in whole hours: "in 2 h, 16:30", "in 6 days, Wed 25 Nov, 09:12". */
export function nextWords(schedule: Schedule, now: Date): string {
  const { state } = schedule;
  switch (state.state) {
    case "waiting":
      return new Date(state.at).getTime() <= now.getTime() ? "now: its turn is about to come" : `${relative(state.at, now).replace(/ h \d+ min$/, " h")}, ${moment(state.at, now).replace(/^today, /, "")}`;
    case "running":
      return "running now";
    case "paused":
      return "not until it is resumed";
    case "blocked":
      return "not until it is unblocked";
  }
}

/** `connected`: whether anybody has ever consented; a schedule that waits for the first consent is in no trouble. */
export function stateWords(schedule: Schedule, connected = true): { word: string; shape: MarkShape; tone: Tone } {
  switch (schedule.state.state) {
    case "waiting":
      return schedule.failures > 0 ? { word: "Failing", shape: "warn", tone: "warn" } : { word: "Waiting", shape: "wait", tone: "idle" };
    case "running":
      return { word: "Running", shape: "half", tone: "busy" };
    case "paused":
      return { word: "Paused", shape: "skip", tone: "idle" };
    case "blocked":
      return connected ? { word: "Blocked", shape: "bad", tone: "bad" } : { word: "Not begun", shape: "none", tone: "idle" };
  }
}

/** "15 minutes", "12 hours", "7 days": the biggest unit that fits without a rest. */
export function everyWords(minutes: number): string {
  const { amount, unit } = split(minutes);
  return counted(amount, unit.slice(0, -1), unit);
}

export type Unit = "minutes" | "hours" | "days";
export const UNITS: Record<Unit, number> = { minutes: 1, hours: 60, days: 1440 };
export const LEAST_MINUTES = 15;
export const MOST_MINUTES = 43_200;

export function split(minutes: number): { amount: number; unit: Unit } {
  if (minutes % 1440 === 0 && minutes > 0) return { amount: minutes / 1440, unit: "days" };
  if (minutes % 60 === 0 && minutes > 0) return { amount: minutes / 60, unit: "hours" };
  return { amount: minutes, unit: "minutes" };
}

/** What is wrong with an interval as typed; null where nothing is. */
export function intervalProblem(typed: string, unit: Unit): string | null {
  const amount = Number(typed);
  if (!/^\d+$/.test(typed.trim()) || !Number.isInteger(amount)) return `${typed.trim() === "" ? "Nothing" : `“${typed.trim()}”`} is no number. Type a whole one.`;
  const minutes = amount * UNITS[unit];
  return minutes < LEAST_MINUTES || minutes > MOST_MINUTES ? "Use 15 minutes to 30 days." : null;
}
