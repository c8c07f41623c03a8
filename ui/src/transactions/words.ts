import type { TransactionKind, TransactionState } from "../host";
import type { MarkShape, Tone } from "../ui";

export const STATE_WORDS: Record<TransactionState, { word: string; shape: MarkShape; tone: Tone }> = {
  running: { word: "Running", shape: "half", tone: "busy" },
  succeeded: { word: "Done", shape: "done", tone: "ok" },
  failed: { word: "Failed", shape: "bad", tone: "bad" },
  cancelled: { word: "Cancelled", shape: "skip", tone: "idle" },
  interrupted: { word: "Interrupted", shape: "ask", tone: "warn" },
};

export const KIND_WORDS: Record<TransactionKind, string> = {
  organisation_added: "Organisation added",
  organisation_changed: "Organisation changed",
  organisation_removed: "Organisation removed",
  consent: "Consent",
  token_refresh: "Token renewal",
  onboarding: "Onboarding",
  mirror_sync: "Sync",
  connection_check: "Connection check",
  wholesale_sync: "Customer sync",
  wholesale_change: "Customer change",
  activation_sync: "Activation refresh",
  activation_refresh: "Status refresh",
  activation_mails: "Activation mails",
  directory_sync: "Directory Sync",
  organisations_imported: "Import of organisations",
  live_check: "Live check",
  bulk_assignment: "Bulk assignment",
  export: "Export",
};

/** Words of a state or kind; an unknown one is shown as it came. */
export function stateWords(state: TransactionState) {
  return STATE_WORDS[state] ?? { word: String(state), shape: "none" as const, tone: "idle" as const };
}
export function kindWord(kind: TransactionKind): string {
  return KIND_WORDS[kind] ?? String(kind);
}
