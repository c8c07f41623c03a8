// What of the Transactions page stands in its address, and what the core is asked for it.

import type { TransactionFilter, TransactionKind, TransactionState } from "../host/generated";
import { oneOf, text } from "../shell/address";
import { KIND_WORDS } from "./words";

/** Stretches of time that are chosen by one press. */
export type Range = "today" | "week" | "month" | "days";

export interface TransactionSearch {
  state?: TransactionState | "all" | undefined;
  kind?: TransactionKind | "all" | undefined;
  search?: string | undefined;
  organisation?: string | undefined;
  range?: Range | "all" | undefined;
  /** Calendar days as `2026-11-19`, both included; only with the range `days`. */
  from?: string | undefined;
  to?: string | undefined;
  /** The one whose panel is open. */
  transaction?: string | undefined;
}

export const STATES: readonly TransactionState[] = ["running", "succeeded", "failed", "cancelled", "interrupted"];
const KINDS = Object.keys(KIND_WORDS) as TransactionKind[];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const RANGE_WORDS: Record<Range, string> = { today: "Today", week: "Last 7 days", month: "Last 30 days", days: "From, to…" };

function calendarDay(raw: unknown): string | undefined {
  const given = text(raw);
  return given !== undefined && DAY.test(given) && !Number.isNaN(Date.parse(given)) ? given : undefined;
}

/** Reads an address; what it does not know it leaves out. */
export function readTransactionSearch(raw: Record<string, unknown>): TransactionSearch {
  return {
    state: oneOf(raw["state"], ["all", ...STATES]),
    kind: oneOf(raw["kind"], ["all", ...KINDS]),
    search: text(raw["search"]),
    organisation: text(raw["organisation"]),
    range: oneOf(raw["range"], ["all", "today", "week", "month", "days"]),
    from: calendarDay(raw["from"]),
    to: calendarDay(raw["to"]),
    transaction: text(raw["transaction"]),
  };
}

/** Midnight of the local day `later` days after the one of `date`. */
function midnight(date: Date, later = 0): string {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + later).toISOString();
}

function local(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
}

/** The first moment, and the first after the last; null for open ends. Whole local days, so it changes at midnight only. */
export function rangeOf({ range, from, to }: TransactionSearch, now: Date): { since: string | null; until: string | null } {
  switch (range) {
    case "today":
      return { since: midnight(now), until: null };
    case "week":
      return { since: midnight(now, -6), until: null };
    case "month":
      return { since: midnight(now, -29), until: null };
    case "days":
      return { since: from === undefined ? null : midnight(local(from)), until: to === undefined ? null : midnight(local(to), 1) };
    default:
      return { since: null, until: null };
  }
}

/** What the core is asked for. */
export function filterOf(view: TransactionSearch, now: Date): TransactionFilter {
  return {
    organisation: view.organisation === undefined || view.organisation === "all" ? null : view.organisation,
    kinds: view.kind === undefined || view.kind === "all" ? [] : [view.kind],
    state: view.state === undefined || view.state === "all" ? null : view.state,
    search: view.search ?? null,
    ...rangeOf(view, now),
  };
}
