// What a failure means to the page. The sentence is the failure's own; title and way out come from this table.

import type { ErrorCode, Failure } from "./generated";

/** What the page can offer beside the sentence. */
export type WayOut = "retry" | "connect" | "unlock" | "choose_vault" | "settings" | "plan_again" | "none";

interface Meaning {
  title: string;
  wayOut: WayOut;
}

export const FAILURES: Record<ErrorCode, Meaning> = {
  invalid: { title: "This cannot be used", wayOut: "none" },
  not_found: { title: "This is not here any more", wayOut: "none" },
  conflict: { title: "This is not possible now", wayOut: "none" },
  consent_needed: { title: "Consent is needed", wayOut: "connect" },
  vault_locked: { title: "Secrets are locked", wayOut: "unlock" },
  vault_missing: { title: "Nowhere to keep secrets yet", wayOut: "choose_vault" },
  unreachable: { title: "Webex cannot be reached", wayOut: "retry" },
  refused: { title: "Webex refused", wayOut: "none" },
  file: { title: "The file cannot be used", wayOut: "none" },
  storage: { title: "Patchbay’s data cannot be used", wayOut: "retry" },
  database_newer: { title: "The data is from a newer Patchbay", wayOut: "none" },
  port_busy: { title: "The consent port is taken", wayOut: "settings" },
  plan_drifted: { title: "The plan has changed", wayOut: "plan_again" },
  internal: { title: "Something went wrong inside Patchbay", wayOut: "none" },
};

/** The way out of a failure; a retryable one can always be tried again. */
export function wayOut(failure: Failure): WayOut {
  const { wayOut: named } = FAILURES[failure.code];
  return named === "none" && failure.retryable ? "retry" : named;
}

/** The failure's place in a form: the message for `field`, or null if it belongs elsewhere. */
export function fieldError(failure: Failure | null, field: string): string | null {
  return failure !== null && failure.field === field ? failure.message : null;
}
