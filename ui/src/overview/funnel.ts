// The way of licensed users to Webex, as four stages with what waits between them. Pure.

import { inState } from "../activation/counts";
import type { ActivationStatus } from "../host/generated";
import type { MarkShape, Tone } from "../ui";

/** Who waits behind a stage. */
export interface Drop {
  /** Webex's word, for the link; null where it is no single state. */
  state: string | null;
  words: string;
  count: number;
  shape: MarkShape;
  tone: Tone;
}

export interface Stage {
  name: string;
  count: number;
  drops: Drop[];
}

const WORDS: Record<string, { words: string; shape: MarkShape; tone: Tone }> = {
  pending_email_input: { words: "Pending Email Input", shape: "none", tone: "idle" },
  pending_email_validation: { words: "Pending Email Validation", shape: "half", tone: "warn" },
  pending_user_migration: { words: "Pending User Consent", shape: "half", tone: "warn" },
  provisioning: { words: "Provisioning", shape: "most", tone: "busy" },
  updating: { words: "Updating", shape: "most", tone: "busy" },
  error: { words: "Error", shape: "bad", tone: "bad" },
};

/** Where a state stands behind; one that nobody knows stands behind the last, since nothing is known of it. */
const BEFORE_EMAIL = ["pending_email_input"];
const BEFORE_VALIDATION = ["pending_email_validation", "pending_user_migration"];

function drop(state: string, count: number): Drop {
  return { state, count, ...(WORDS[state] ?? { words: state, shape: "none" as const, tone: "idle" as const }) };
}

/** Licensed, Email entered, Email validated, Provisioned. Without an e-mail address nobody has begun, whatever the state. */
export function funnel(status: ActivationStatus): Stage[] {
  const { total, notBegun } = status;
  const named = inState(status, ...BEFORE_EMAIL);
  const entered = total - Math.max(named, notBegun);
  const provisioned = inState(status, "provisioned");
  // Whoever waits for validation has entered an address: that is what is waited for.
  const validated = Math.max(Math.min(entered, provisioned), entered - inState(status, ...BEFORE_VALIDATION));
  const waiting = status.states.filter((one) => one.count > 0 && one.state !== "provisioned");
  const first: Drop[] = [drop("pending_email_input", named)];
  if (notBegun > named) first.push({ state: null, words: "in another state, without an e-mail address", count: notBegun - named, shape: "none", tone: "idle" });
  const second = waiting.filter((one) => BEFORE_VALIDATION.includes(one.state));
  const last = waiting.filter((one) => !BEFORE_EMAIL.includes(one.state) && !BEFORE_VALIDATION.includes(one.state));
  const drops = (of: typeof waiting, otherwise: string) => (of.length > 0 ? of.map((one) => drop(one.state, one.count)) : [drop(otherwise, 0)]);
  return [
    { name: "Licensed", count: total, drops: first },
    { name: "Email entered", count: entered, drops: drops(second, "pending_email_validation") },
    { name: "Email validated", count: validated, drops: drops(last, "provisioning") },
    { name: "Provisioned", count: provisioned, drops: [] },
  ];
}
