/**
 * What of each page lives in the address: filters, search and sort. Anything unreadable is left out, so an address that
 * was typed or kept from another version opens the page all the same.
 */
import { flag, oneOf, text } from "../shell/address";
import type { ItemState, PlannedOutcome, ReportColumn, TemplateStatus } from "../host";

export type TemplateSort = "name" | "users" | "status" | "changed";
export type TemplatesView = { search?: string | undefined; status?: TemplateStatus | "all" | undefined; sort?: TemplateSort | undefined; descending?: boolean | undefined };
export type CheckView = { search?: string | undefined; rows?: "problems" | "all" | undefined; code?: string | undefined };
export type PlanView = { search?: string | undefined; outcome?: PlannedOutcome | "all" | undefined; code?: string | undefined };
export type ReportView = { search?: string | undefined; outcome?: ItemState | "all" | undefined; code?: string | undefined; sort?: ReportColumn | undefined; descending?: boolean | undefined };

type Raw = Record<string, unknown>;

const statuses = ["all", "draft", "in_progress", "completed"] as const;
const outcomes = ["all", "pending", "sending", "assigned", "already_assigned", "failed", "skipped", "unknown"] as const;

export const templatesView = (raw: Raw): TemplatesView => ({
  search: text(raw["search"]),
  status: oneOf(raw["status"], statuses),
  sort: oneOf(raw["sort"], ["name", "users", "status", "changed"]),
  descending: flag(raw["descending"]),
});

export const checkView = (raw: Raw): CheckView => ({
  search: text(raw["search"]),
  rows: oneOf(raw["rows"], ["problems", "all"]),
  code: text(raw["code"]),
});

export const planView = (raw: Raw): PlanView => ({
  search: text(raw["search"]),
  outcome: oneOf(raw["outcome"], ["all", "assign", "already_assigned", "skip"]),
  code: text(raw["code"]),
});

export const reportView = (raw: Raw): ReportView => ({
  search: text(raw["search"]),
  outcome: oneOf(raw["outcome"], outcomes),
  code: text(raw["code"]),
  sort: oneOf(raw["sort"], ["row", "ext_key", "user", "number", "outcome", "finished"]),
  descending: flag(raw["descending"]),
});

export { usePageView } from "../shell/page";
