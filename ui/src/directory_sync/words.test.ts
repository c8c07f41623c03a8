import { describe, expect, it } from "vitest";
import { clock } from "../format/time";
import type { Enterprise, SyncCounts, SyncGate } from "../host/generated";
import { activatedText, at, clockText, countRows, countsLine, errorText, gateOff, gateText, held, syncWords } from "./words";

// Local times, so that the words are the same wherever this runs.
const local = (date: number, hour: number, minute: number) => new Date(2026, 10, date, hour, minute).toISOString();
// The clock follows the system: 14:05 or 02:05 PM.
const t = (hour: number, minute: number) => clock(local(19, hour, minute));
const now = new Date(2026, 10, 19, 14, 45);
const nothing: SyncCounts = { usersAdded: null, usersUpdated: null, usersDeleted: null, machinesAdded: null, machinesUpdated: null, machinesDeleted: null, userContactsAdded: null, userContactsUpdated: null, userContactsDeleted: null, orgContactsAdded: null, orgContactsUpdated: null, orgContactsDeleted: null, totalUsers: null, totalMachines: null, totalUserContacts: null, totalOrgContacts: null };
const of = (gate: SyncGate, sync: Enterprise["sync"] = { state: "never" }, request: Enterprise["request"] = null) => ({ gate, sync, request });

describe("times", () => {
  it("names the day within a day, otherwise its date", () => {
    expect(at(local(19, 14, 5), now)).toBe(`today at ${t(14, 5)}`);
    expect(at(local(18, 2, 10), now)).toBe(`yesterday at ${t(2, 10)}`);
    expect(at(local(12, 2, 10), now)).toBe(`on Thu 12 Nov at ${t(2, 10)}`);
  });
  it("says how much of the hold is over, and never more than all", () => {
    const gate = { state: "held" as const, until: local(20, 14, 5), endedAt: local(19, 14, 5), elapsedSeconds: 2400 };
    expect(held(gate, 0).words).toBe("40 min of 24 h");
    expect(held(gate, 3600).words).toBe("1 h 40 min of 24 h");
    expect(held(gate, -50).seconds).toBe(2400);
    expect(held(gate, 1e6).seconds).toBe(86_400);
  });
  it("speaks of a clock only when it is far off", () => {
    expect(clockText(-90)).toBeNull();
    expect(clockText(7200)).toBe("The clock of this computer is 2 h behind Webex’s. The times here are Webex’s.");
    expect(clockText(-7200)).toContain("ahead of");
  });
});

describe("gates", () => {
  const gates: [SyncGate, string | null, string][] = [
    [{ state: "open" }, null, "Can be asked for now."],
    [{ state: "ask", endedAt: local(19, 9, 5), askedAt: null, until: local(20, 9, 5) }, null, `ended today at ${t(9, 5)}. Patchbay asks before it starts another one, until tomorrow, ${t(9, 5)}.`],
    [{ state: "queued", askedAt: local(19, 14, 1) }, `It was asked for today at ${t(14, 1)}; Webex has not finished it.`, "It waits in Webex’s queue."],
    [{ state: "ask", endedAt: null, askedAt: local(19, 9, 5), until: local(21, 9, 5) }, null, `One was asked for today at ${t(9, 5)}, and whether Webex still carries it out is not known.`],
    [{ state: "running", startedAt: local(19, 14, 1), ours: true }, `One is in progress, started today at ${t(14, 1)}.`, `This desktop asked for it, and looks for its end no longer by itself; it started today at ${t(14, 1)}.`],
    [{ state: "running", startedAt: local(19, 14, 1), ours: false }, `One is in progress, started today at ${t(14, 1)}.`, `Somebody else, or Webex itself, started it today at ${t(14, 1)}.`],
    [{ state: "running", startedAt: null, ours: false }, "One is in progress.", "Somebody else, or Webex itself, started it. "],
    [{ state: "held", until: local(20, 14, 5), endedAt: local(19, 14, 5), elapsedSeconds: 0 }, `Held until tomorrow, ${t(14, 5)}.`, `Opens tomorrow, ${t(14, 5)}`],
    [{ state: "switched_off" }, "Directory synchronisation is switched off at Webex.", "Switch it on"],
    [{ state: "unknown" }, "Its state has not been read from Webex yet.", "Refresh"],
  ];
  it.each(gates)("%o", (gate, off, text) => {
    expect(gateOff(gate, now)).toBe(off);
    expect(gateText(of(gate), now)).toContain(text);
  });
  it("names who asked, and whether Webex has begun", () => {
    const asking = of({ state: "queued", askedAt: local(19, 14, 1) }, { state: "running", startedAt: null }, { at: local(19, 14, 1), who: "ingrid", transaction: null, open: true, ownResult: false });
    expect(gateText(asking, now)).toBe(`ingrid asked for it today at ${t(14, 1)}. Webex is working on it.`);
    expect(syncWords(asking).word).toBe("In progress");
    expect(syncWords(of({ state: "queued", askedAt: local(19, 14, 1) }, { state: "done", endedAt: null })).word).toBe("In the queue");
  });
  it("shows a word that nobody knows as it came", () => {
    expect(syncWords(of({ state: "open" }, { state: "unknown", status: "HIBERNATING" })).word).toBe("HIBERNATING");
  });
});

describe("results", () => {
  it("counts users in a line and leaves out what Webex did not say", () => {
    expect(countsLine({ ...nothing, usersAdded: 212, usersUpdated: 38, usersDeleted: 4 })).toBe("212 users added, 38 updated, 4 removed");
    expect(countsLine({ ...nothing, usersUpdated: 1, usersDeleted: 0 })).toBe("1 user updated, 0 removed");
    expect(countsLine(nothing)).toBeNull();
    expect(countRows({ ...nothing, machinesAdded: 0, totalOrgContacts: 5 }).map((row) => row.name)).toEqual(["machines", "organisation contacts"]);
  });
  it("says errors with their code in words, and Webex’s own sentence", () => {
    expect(errorText({ code: "6003", description: "sync failed" })).toBe("Webex could not reach the BroadWorks cluster of this enterprise. Check that its interface answers Webex, then ask again. Webex says: Sync failed.");
    expect(errorText({ code: "9999", description: "no activated user" })).toBe("No activated user.");
    expect(errorText({ code: null, description: "" })).toBe("Webex gave no reason.");
  });
  it("says beforehand that one activated user is needed", () => {
    expect(activatedText(3)).toBeNull();
    expect(activatedText(0)).toContain("Nobody has activated yet");
    expect(activatedText(null)).toContain("not known");
  });
});
