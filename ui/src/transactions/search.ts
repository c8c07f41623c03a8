// What of the Transactions page stands in its address.

import type { TransactionState } from "../host/generated";

export interface TransactionSearch {
  state?: TransactionState;
  search?: string;
  organisation?: string;
  /** The one whose panel is open. */
  transaction?: string;
}

const STATES: readonly TransactionState[] = ["running", "succeeded", "failed", "cancelled", "interrupted"];

/** The router reads "14771" in an address as a number; a search is text. */
function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Reads an address; what it does not know it leaves out. */
export function readTransactionSearch(raw: Record<string, unknown>): TransactionSearch {
  const state = STATES.find((one) => one === raw["state"]);
  const search = text(raw["search"]);
  const organisation = text(raw["organisation"]);
  const transaction = text(raw["transaction"]);
  return { ...(state ? { state } : {}), ...(search ? { search } : {}), ...(organisation ? { organisation } : {}), ...(transaction ? { transaction } : {}) };
}
