// The view of a page: filters, search and sort, in its address and remembered.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useView } from "./preferences";

type Raw = Record<string, unknown>;

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
