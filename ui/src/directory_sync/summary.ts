// What the banner says of all enterprises together. Pure.

import { counted } from "../format/number";
import { moment } from "../format/time";
import type { Enterprise, SyncError } from "../host/generated";
import type { BannerTone, MarkShape } from "../ui";
import { activatedText, at, countsLine, errorText, startedBy } from "./words";

export interface Summary {
  tone: BannerTone;
  shape: MarkShape;
  title: string;
  text: string;
}

const result = (enterprise: Enterprise) => {
  const line = countsLine(enterprise.counts);
  return line === null ? "" : `: ${line}`;
};

/** "6003: Webex could not reach …". */
const coded = (error: SyncError) => `${error.code === null ? "" : `${error.code}: `}${errorText(error)}`;

/** Failed, and nothing newer is under way. */
function failed({ sync, gate }: Enterprise): boolean {
  return sync.state === "failed" && gate.state !== "queued" && gate.state !== "running";
}

function ofOne(enterprise: Enterprise, now: Date): Summary | null {
  const { gate, sync, request } = enterprise;
  if (failed(enterprise) && sync.state === "failed") {
    const reasons = sync.errors.length === 0 ? "Webex gave no reason." : sync.errors.map(coded).join(" ");
    return {
      tone: "bad",
      shape: "bad",
      title: `Directory Sync failed${sync.endedAt === null ? "" : ` ${at(sync.endedAt, now)}`}.`,
      text: [reasons, enterprise.activated === 0 ? activatedText(0) : null, gate.state === "held" ? `The next one opens ${moment(gate.until, now)}.` : null].filter(Boolean).join(" "),
    };
  }
  switch (gate.state) {
    case "held":
      return {
        tone: "quiet",
        shape: "wait",
        title: `Directory Sync is held until ${moment(gate.until, now)}.`,
        text: `The last one finished ${at(gate.endedAt, now)}${result(enterprise)}. The next manual sync can start 24 hours later; the weekly one by Webex is not affected.`,
      };
    case "queued":
      return {
        tone: "info",
        shape: "half",
        title: sync.state === "running" ? "Directory Sync is in progress." : "Directory Sync is in Webex’s queue.",
        text: `${request ? `${request.who} asked for it` : "It was asked for"} ${at(gate.askedAt, now)}. How long it takes depends on what waits before it at Webex and on how much changed.`,
      };
    case "running":
      return { tone: "info", shape: "half", title: "Directory Sync is in progress.", text: startedBy(gate, now) };
    case "ask":
      if (gate.askedAt !== null) return { tone: "warn", shape: "ask", title: `What became of the Directory Sync asked for ${at(gate.askedAt, now)} is not known.`, text: `Webex may still carry it out: refresh to see whether it begins. Patchbay asks before it asks for another one, until ${moment(gate.until, now)}.` };
      return { tone: "info", shape: "info", title: `A Directory Sync that this desktop did not ask for ended${gate.endedAt === null ? "" : ` ${at(gate.endedAt, now)}`}${result(enterprise)}.`, text: `Another administrator or Webex itself started it. Patchbay asks before it starts another one, until ${moment(gate.until, now)}.` };
    default:
      return null;
  }
}

/** How many of those that failed are named with their cause. */
const NAMED = 2;

/** Which ones failed and why: the first ones with their first error, the others by number. */
function causes(broken: readonly Enterprise[]): string {
  const named = broken.slice(0, NAMED).map(({ spEnterpriseId, sync }) => {
    const [first] = sync.state === "failed" ? sync.errors : [];
    return `${spEnterpriseId}: ${first === undefined ? "Webex gave no reason." : coded(first)}`;
  });
  const more = broken.length - named.length;
  return [...named, ...(more > 0 ? [`${counted(more, "more enterprise")} failed; Details says why.`] : [])].join(" ");
}

/** Null where there is nothing to say: every enterprise can be synchronised, and none has failed. */
export function summary(enterprises: readonly Enterprise[], now: Date): Summary | null {
  const [only] = enterprises;
  if (only === undefined) return null;
  if (enterprises.length === 1) return ofOne(only, now);
  const of = (...states: readonly Enterprise["gate"]["state"][]) => enterprises.filter(({ gate }) => states.includes(gate.state)).length;
  const failures = enterprises.filter(failed);
  const broken = failures.length;
  const foreign = enterprises.filter(({ gate }) => gate.state === "ask" && gate.askedAt === null).length;
  const heldUntil = enterprises.flatMap(({ gate }) => (gate.state === "held" ? [gate.until] : [])).toSorted()[0];
  const parts = [
    of("queued", "running") > 0 ? `${of("queued", "running")} under way` : null,
    broken > 0 ? `${broken} failed` : null,
    heldUntil === undefined ? null : `${of("held")} held, the first opens ${moment(heldUntil, now)}`,
    foreign > 0 ? `${foreign} synchronised by somebody else or Webex itself` : null,
    of("ask") > foreign ? `${of("ask") - foreign} asked for with an outcome that is not known` : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return null;
  const busy = of("queued", "running") > 0;
  return { tone: broken > 0 ? "bad" : busy ? "info" : "quiet", shape: broken > 0 ? "bad" : busy ? "half" : "wait", title: `Directory Sync of ${counted(enterprises.length, "enterprise")}: ${parts.join("; ")}.`, text: causes(failures) };
}
