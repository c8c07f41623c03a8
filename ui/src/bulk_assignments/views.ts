/**
 * What of each page lives in the address: filters, search and sort. Anything unreadable is left out, so an address that
 * was typed or kept from another version opens the page all the same.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { ItemState, PlannedOutcome, ReportColumn, TemplateStatus } from "../host";
import { useView } from "../shell/page";

export type TemplateSort = "name" | "users" | "status" | "changed";
export type TemplatesView = { search?: string | undefined; status?: TemplateStatus | "all" | undefined; sort?: TemplateSort | undefined; descending?: boolean | undefined };
export type CheckView = { search?: string | undefined; rows?: "problems" | "all" | undefined; code?: string | undefined };
export type PlanView = { search?: string | undefined; outcome?: PlannedOutcome | "all" | undefined; code?: string | undefined };
export type ReportView = { search?: string | undefined; outcome?: ItemState | "all" | undefined; code?: string | undefined; sort?: ReportColumn | undefined; descending?: boolean | undefined };

type Raw = Record<string, unknown>;

/** The router reads "45207" in an address as a number; a search is text. */
function text(raw: unknown): string | undefined {
  if (typeof raw === "number") return String(raw);
  return typeof raw === "string" && raw !== "" ? raw : undefined;
}

function oneOf<V extends string>(raw: unknown, allowed: readonly V[]): V | undefined {
  return allowed.find((value) => value === raw);
}

const flag = (raw: unknown) => (typeof raw === "boolean" ? raw : undefined);

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

const nothing = {};

/**
 * The view of the page that is shown, and the way to change it. What is in the address counts; of `remembered`, the
 * last value that was set stands in where the address says nothing.
 */
export function usePageView<V extends object>(name: string, parse: (raw: Raw) => V, remembered: readonly (keyof V)[] = []): [V, (patch: Partial<V>) => void] {
  const raw = useSearch({ strict: false }) as Raw;
  const navigate = useNavigate();
  const [kept, keep] = useView<Raw>(name, nothing);
  const view = useMemo(() => {
    const set = Object.fromEntries(Object.entries(parse(raw)).filter(([, value]) => value !== undefined));
    return { ...parse(kept), ...set } as V;
  }, [raw, kept, parse]);
  const change = useCallback(
    (patch: Partial<V>) => {
      const next = { ...view, ...patch };
      void navigate({ to: ".", search: next as never, replace: true });
      if (remembered.some((key) => key in patch)) keep(Object.fromEntries(remembered.map((key) => [key, next[key]])) as Raw);
    },
    // The list of remembered keys is a constant of the caller.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [view, navigate, keep],
  );
  return [view, change];
}
