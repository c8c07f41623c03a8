// What directory synchronisation says of an enterprise. Pure: `now` is given, corrected to Webex's clock by the caller.

import { count, counted } from "../format/number";
import { clock, day, moment, span } from "../format/time";
import { sentence } from "../format/sentence";
import type { Enterprise, SyncCounts, SyncError, SyncGate } from "../host/generated";
import type { MarkShape, Tone } from "../ui";

/** How long the hold after a requested one is. */
export const HOLD_SECONDS = 24 * 3600;

/** "today at 14:05", "yesterday at 02:10", "on Wed 18 Nov at 09:12". */
export function at(time: string, now: Date): string {
  const said = moment(time, now);
  return /^(today|tomorrow|yesterday),/.test(said) ? said.replace(", ", " at ") : `on ${day(time, now)} at ${clock(time)}`;
}

export interface Words {
  word: string;
  shape: MarkShape;
  tone: Tone;
}

/** The state of the last synchronisation, in a word. */
export function syncWords({ sync, gate }: Pick<Enterprise, "sync" | "gate">): Words {
  if (gate.state === "queued") return sync.state === "running" ? { word: "In progress", shape: "half", tone: "busy" } : { word: "In the queue", shape: "wait", tone: "busy" };
  switch (sync.state) {
    case "never":
      return gate.state === "switched_off" ? { word: "Switched off", shape: "part", tone: "idle" } : { word: "Never synchronised", shape: "none", tone: "idle" };
    case "running":
      return { word: "In progress", shape: "half", tone: "busy" };
    case "done":
      return { word: "Done", shape: "done", tone: "ok" };
    case "failed":
      return { word: "Failed", shape: "bad", tone: "bad" };
    case "unknown":
      return { word: sync.status, shape: "ask", tone: "warn" };
  }
}

/** "40 min of 24 h", from what was over when it was read and what has passed since. */
export function held(gate: Extract<SyncGate, { state: "held" }>, secondsSince: number): { words: string; spoken: string; seconds: number } {
  const seconds = Math.min(HOLD_SECONDS, gate.elapsedSeconds + Math.max(0, secondsSince));
  const over = span(seconds);
  return { words: `${over} of 24 h`, spoken: `${over} of 24 hours have passed`, seconds };
}

/** Why it cannot be asked for now; null where it can. */
export function gateOff(gate: SyncGate, now: Date): string | null {
  switch (gate.state) {
    case "open":
    case "ask":
      return null;
    case "queued":
      return `It was asked for ${at(gate.askedAt, now)}; Webex has not finished it.`;
    case "running":
      return `One is in progress${gate.startedAt === null ? "" : `, started ${at(gate.startedAt, now)}`}.`;
    case "held":
      return `Held until ${moment(gate.until, now)}.`;
    case "switched_off":
      return "Directory synchronisation is switched off at Webex.";
    case "unknown":
      return "Its state has not been read from Webex yet.";
  }
}

/** Who began the one under way, which this desktop does not follow. */
export function startedBy(gate: Extract<SyncGate, { state: "running" }>, now: Date): string {
  const started = gate.startedAt === null ? "" : ` ${at(gate.startedAt, now)}`;
  return gate.ours
    ? `This desktop asked for it, and looks for its end no longer by itself${started === "" ? "" : `; it started${started}`}. Refresh to see how it stands. The next one can be asked for when it has ended.`
    : `Somebody else, or Webex itself, started it${started}. The next one can be asked for when it has ended.`;
}

/** When it opens, or what stands in the way and what to do, in whole sentences. */
export function gateText({ gate, request, sync }: Pick<Enterprise, "gate" | "request" | "sync">, now: Date): string {
  switch (gate.state) {
    case "open":
      return "Can be asked for now.";
    case "ask":
      if (gate.askedAt !== null) return `One was asked for ${at(gate.askedAt, now)}, and whether Webex still carries it out is not known. Patchbay asks before it asks for another one, until ${moment(gate.until, now)}.`;
      return `One that this desktop did not ask for ended${gate.endedAt === null ? "" : ` ${at(gate.endedAt, now)}`}. Patchbay asks before it starts another one, until ${moment(gate.until, now)}.`;
    case "queued":
      return `${request ? `${request.who} asked for it` : "It was asked for"} ${at(gate.askedAt, now)}. ${sync.state === "running" ? "Webex is working on it." : "It waits in Webex’s queue."}`;
    case "running":
      return startedBy(gate, now);
    case "held":
      return `Opens ${moment(gate.until, now)}: 24 hours after the last one that was asked for.`;
    case "switched_off":
      return "Webex does not synchronise this enterprise. Switch it on to ask for a synchronisation.";
    case "unknown":
      return "Refresh to read its state from Webex.";
  }
}

const GROUPS: readonly (readonly [of: "users" | "machines" | "userContacts" | "orgContacts", noun: string, many: string, total: keyof SyncCounts])[] = [
  ["users", "user", "users", "totalUsers"],
  ["machines", "machine", "machines", "totalMachines"],
  ["userContacts", "user contact", "user contacts", "totalUserContacts"],
  ["orgContacts", "organisation contact", "organisation contacts", "totalOrgContacts"],
];

export interface CountRow {
  name: string;
  added: number | null;
  updated: number | null;
  deleted: number | null;
  total: number | null;
}

/** What it did, kind by kind; kinds of which Webex said nothing are left out. */
export function countRows(counts: SyncCounts): CountRow[] {
  return GROUPS.map(([of, , many, total]) => ({ name: many, added: counts[`${of}Added`], updated: counts[`${of}Updated`], deleted: counts[`${of}Deleted`], total: counts[total] })).filter((row) => [row.added, row.updated, row.deleted, row.total].some((one) => one !== null));
}

/** "212 users added, 38 updated, 4 removed"; null where Webex said nothing of users. */
export function countsLine({ usersAdded, usersUpdated, usersDeleted }: SyncCounts): string | null {
  const told = [
    [usersAdded, "added"],
    [usersUpdated, "updated"],
    [usersDeleted, "removed"],
  ] as const;
  const known = told.filter((one): one is readonly [number, (typeof one)[1]] => one[0] !== null);
  if (known.length === 0) return null;
  return known.map(([value, what], index) => (index === 0 ? `${counted(value, "user")} ${what}` : `${count(value)} ${what}`)).join(", ");
}

/** Codes whose cause and cure are known; Webex’s own sentence stands beside them. */
const CODES: Record<string, string> = {
  "6003": "Webex could not reach the BroadWorks cluster of this enterprise. Check that its interface answers Webex, then ask again.",
};

/** An error with its code in words. */
export function errorText({ code, description }: SyncError): string {
  const known = code === null ? undefined : CODES[code];
  const told = sentence(description);
  return [known, told === "" ? null : known === undefined ? told : `Webex says: ${told}`].filter(Boolean).join(" ") || "Webex gave no reason.";
}

/** What is said beforehand of the one user who must have activated; null where somebody has. */
export function activatedText(activated: number | null): string | null {
  if (activated === null) return "It works only when at least one licensed user has activated and signed in to the Webex app. Whether somebody has is not known.";
  if (activated === 0) return "Nobody has activated yet. At least one licensed user must sign in to the Webex app first, or Webex ends it with an error.";
  return null;
}

/** Seconds of difference from which the clock of this computer is worth a word. */
const CLOCK_TROUBLE = 120;

export function clockText(aheadSeconds: number): string | null {
  if (Math.abs(aheadSeconds) < CLOCK_TROUBLE) return null;
  return `The clock of this computer is ${span(Math.abs(aheadSeconds))} ${aheadSeconds > 0 ? "behind" : "ahead of"} Webex’s. The times here are Webex’s.`;
}
