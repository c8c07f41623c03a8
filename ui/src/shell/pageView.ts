// The view of a page: filters, search and sort, in its address and remembered.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState } from "react";
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

/**
 * Whether what stands in the address is of this organisation. When another one is chosen while the page is open, what
 * the last one left there (filters, panels, dialogs) is cleared first; until then it is not, and the page must wait.
 */
export function useOwnAddress(organisation: string | null): boolean {
  const navigate = useNavigate();
  const [of, setOf] = useState(organisation);
  if (of === null && organisation !== null) setOf(organisation);
  const foreign = of !== null && organisation !== null && of !== organisation;
  useEffect(() => {
    if (!foreign) return undefined;
    let over = false;
    void navigate({ to: ".", search: {} as never, replace: true }).then(() => (over ? undefined : setOf(organisation)));
    return () => {
      over = true;
    };
  }, [foreign, organisation, navigate]);
  return !foreign;
}
