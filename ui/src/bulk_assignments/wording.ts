/** The words and marks of the feature's closed sets, once. Unknown values are shown as they came. */
import type { CellColumn, ItemState, PlannedOutcome, RunState, TemplateStatus } from "../host/generated";
import type { MarkShape, Tone } from "../ui/StatusMark";

/** A state's own mark, the tone of its colour and its own word (design: Status mark). */
export type Sign = { shape: MarkShape; tone: Tone; label: string };

export const statusWords: Record<TemplateStatus, Sign> = {
  draft: { label: "Draft", shape: "none", tone: "idle" },
  in_progress: { label: "In progress", shape: "half", tone: "busy" },
  completed: { label: "Completed", shape: "done", tone: "ok" },
};

export const runWords: Record<RunState, Sign> = {
  running: { label: "In progress", shape: "half", tone: "busy" },
  paused: { label: "Paused", shape: "wait", tone: "warn" },
  interrupted: { label: "Interrupted", shape: "warn", tone: "warn" },
  cancelled: { label: "Cancelled", shape: "skip", tone: "idle" },
  completed: { label: "Completed", shape: "done", tone: "ok" },
};

export const outcomeWords: Record<ItemState, Sign> = {
  pending: { label: "To go", shape: "none", tone: "idle" },
  sending: { label: "Being sent", shape: "half", tone: "busy" },
  assigned: { label: "Assigned", shape: "done", tone: "ok" },
  already_assigned: { label: "Already assigned", shape: "done", tone: "idle" },
  failed: { label: "Failed", shape: "bad", tone: "bad" },
  skipped: { label: "Skipped", shape: "skip", tone: "idle" },
  unknown: { label: "Unknown", shape: "ask", tone: "warn" },
};

export const plannedWords: Record<PlannedOutcome, Sign> = {
  assign: { label: "To assign", shape: "add", tone: "ok" },
  already_assigned: { label: "Already assigned", shape: "done", tone: "idle" },
  skip: { label: "Left out", shape: "skip", tone: "bad" },
};

export const columnWords: Record<CellColumn, string> = {
  ext_key: "Ext Key",
  user_name: "User’s Name",
  identity_uuid: "Identity UUID",
  number: "Number",
};

/** What a right value looks like, for the cell editor. */
export const columnRules: Record<CellColumn, string> = {
  ext_key: "Use 3 to 5 digits, not used elsewhere in the template.",
  user_name: "The user’s display name in Webex, once in the template.",
  identity_uuid: "The user’s UUID, for instance 652d2f57-6e3b-4170-8bf9-4f1e98c88b56, once in the template.",
  number: "A leading + and 7 to 15 digits, or blank for no number.",
};

const delimiters: Record<string, string> = { ",": "comma", ";": "semicolon", "\t": "tab" };

/** "semicolon" for ";". */
export function delimiterName(delimiter: string): string {
  return delimiters[delimiter] ?? delimiter;
}
