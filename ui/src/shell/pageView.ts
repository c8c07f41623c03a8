// The view of a page: filters, search and sort, in its address and remembered.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo } from "react";
import { type OfOrganisation, readOfOrganisation } from "./address";
import { useView } from "./preferences";

type Raw = Record<string, unknown>;

const nothing = {};

/**
 * The view of the page that is shown, and the way to change it. What is in the address counts; of `remembered`, the
 * last value that was set stands in where the address says nothing. On a page of `useOwnAddress`, `of` is its
 * organisation: the address then says whose view it holds.
 */
export function usePageView<V extends object>(name: string, parse: (raw: Raw) => V, remembered: readonly (keyof V)[] = [], of?: string): [V, (patch: Partial<V>) => void] {
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
      void navigate({ to: ".", search: { ...next, ...(of === undefined ? {} : { organisation: of }) } as never, replace: true });
      if (remembered.some((key) => key in patch)) keep(Object.fromEntries(remembered.map((key) => [key, next[key]])) as Raw);
    },
    // The list of remembered keys is a constant of the caller.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [view, navigate, keep, of],
  );
  return [view, change];
}

/**
 * Whether what stands in the address is of this organisation. What stands there of another one (filters, panels,
 * dialogs), because another one was chosen or an older address is gone back to, is cleared first; until then it is not,
 * and the page must wait. A link that names no organisation means the one that is chosen when it is followed.
 */
export function useOwnAddress(organisation: string | null): boolean {
  const navigate = useNavigate();
  const raw = useSearch({ strict: false }) as Raw;
  const { organisation: of } = readOfOrganisation(raw);
  const foreign = of !== undefined && organisation !== null && of !== organisation;
  const unnamed = of === undefined && organisation !== null && Object.values(raw).some((value) => value !== undefined);
  useEffect(() => {
    if (foreign) void navigate({ to: ".", search: {} as never, replace: true });
    else if (unnamed) void navigate({ to: ".", search: ((before: Raw): Raw & OfOrganisation => ({ ...before, organisation })) as never, replace: true });
  }, [foreign, unnamed, organisation, navigate]);
  return !foreign;
}
