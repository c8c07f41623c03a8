// Rows of a long list, fetched by offset and limit. Of the pages that were shown the last few are kept and no more, so the
// page's heap stays flat however long the list is and however fast it is scrolled.

import { useQueries } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type CommandName, commandKey, type Failure, host, queryClient, type Reply, type Request } from "../host";

export const PAGE = 200;
/** How many pages are kept, for scrolling back; two of them are on the screen at most. */
const KEPT = 6;
/** How long a page is kept once its list has left the screen. */
const KEPT_MS = 20_000;

export interface RowWindows<Row> {
  /** How many rows there are; 0 until the first page has come. */
  total: number;
  /** The row, or undefined while its page is on its way. */
  row: (index: number) => Row | undefined;
  /** Says which rows are on the screen; both ends included. */
  show: (first: number, last: number) => void;
  /** Before the first page has come. */
  loading: boolean;
  /** The rows of the last filter are shown while those of the next are on their way. */
  settling?: boolean;
  /** Names what narrows the list, whatever its order: another one is another list, seen from its first row. */
  narrowed?: string;
  /** Why rows that are on the screen, or all, could not be read. */
  failure: Failure | null;
  retry: () => void;
  /** Reads rows wherever they are, both ends included; for short ranges. */
  read: (first: number, last: number) => Promise<readonly Row[]>;
}

interface Window<Row> {
  total: number;
  rows: readonly Row[];
}

/** Whether two requests are for the same rows of the same list, whatever the filter. */
function samePlace(before: unknown, request: object): boolean {
  return typeof before === "object" && before !== null && JSON.stringify({ ...before, filter: null, view: null }) === JSON.stringify({ ...request, filter: null, view: null });
}

/** A query without its order. */
function narrowing(query: object): string {
  return JSON.stringify(query, (name, value: unknown) => (name === "sort" || name === "descending" ? undefined : value));
}

/** Commands whose request is a query with `offset` and `limit`. */
type WindowedCommand = { [C in CommandName]: Request<C> extends { offset: number; limit: number } ? C : never }[CommandName];

/**
 * Reads a windowed command. `query` is the request without offset and limit; `read` takes total and rows from a reply
 * and must be stable (defined outside the component).
 */
export function useRowWindows<C extends WindowedCommand, Row>(
  command: C,
  query: Omit<Request<C>, "offset" | "limit">,
  read: (reply: Reply<C>) => Window<Row>,
  enabled = true,
): RowWindows<Row> {
  const [shown, setShown] = useState({ first: 0, last: 0 });
  const pages = useMemo(() => {
    const list: number[] = [];
    for (let page = Math.floor(shown.first / PAGE); page <= Math.floor(shown.last / PAGE); page += 1) list.push(page);
    return list;
  }, [shown]);

  const requestOf = (page: number) => ({ ...query, offset: page * PAGE, limit: PAGE }) as Request<C>;
  useFewKept(pages.map((page) => commandKey(command, requestOf(page))));
  const results = useQueries({
    queries: pages.map((page) => {
      const request = requestOf(page);
      return {
        queryKey: commandKey(command, request),
        queryFn: () => host().call(command, request),
        enabled,
        gcTime: KEPT_MS,
        // A search keeps showing what the last one found, at the same place of the same list only.
        placeholderData: (before: Reply<C> | undefined, beforeQuery: { queryKey: readonly unknown[] } | undefined) => (samePlace(beforeQuery?.queryKey[1], request) ? before : undefined),
      };
    }),
  });

  const windows = new Map<number, Window<Row>>();
  let failure: Failure | null = null;
  for (const [place, result] of results.entries()) {
    const page = pages[place];
    if (page !== undefined && result.data !== undefined) windows.set(page, read(result.data as Reply<C>));
    else if (result.error) failure ??= result.error as unknown as Failure;
  }
  const first = windows.values().next().value;
  // The last known total stays until the next one comes, so the scroll bar does not jump while a page is read.
  const [lastTotal, setLastTotal] = useState(0);
  if (first !== undefined && first.total !== lastTotal) setLastTotal(first.total);

  const show = useCallback((from: number, to: number) => {
    setShown((before) => {
      const same = Math.floor(before.first / PAGE) === Math.floor(from / PAGE) && Math.floor(before.last / PAGE) === Math.floor(to / PAGE);
      return same ? before : { first: from, last: Math.max(from, to) };
    });
  }, []);

  return {
    total: first?.total ?? lastTotal,
    row: (index) => windows.get(Math.floor(index / PAGE))?.rows[index % PAGE],
    show,
    settling: results.some((result) => result.isPlaceholderData),
    narrowed: narrowing(query),
    loading: enabled && first === undefined && failure === null && lastTotal === 0,
    failure,
    retry: () => {
      for (const result of results) if (result.data === undefined) void result.refetch();
    },
    read: async (from, to) => {
      const rows: Row[] = [];
      for (let page = Math.floor(from / PAGE); page <= Math.floor(to / PAGE); page += 1) {
        const request = requestOf(page);
        // oxlint-disable-next-line no-await-in-loop
        const reply = await queryClient.fetchQuery({ queryKey: commandKey(command, request), queryFn: () => host().call(command, request), gcTime: KEPT_MS });
        rows.push(...read(reply as Reply<C>).rows);
      }
      const begin = Math.floor(from / PAGE) * PAGE;
      return rows.slice(from - begin, to - begin + 1);
    },
  };
}

/** Forgets the pages that were shown longest ago, whatever filter they belong to. */
function useFewKept(shown: readonly (readonly unknown[])[]): void {
  const kept = useRef(new Map<string, readonly unknown[]>());
  const names = shown.map((key) => JSON.stringify(key));
  const asked = names.join();
  useEffect(() => {
    for (const [place, name] of names.entries()) {
      const key = shown[place];
      if (key === undefined) continue;
      // What is shown now goes to the end of the line.
      kept.current.delete(name);
      kept.current.set(name, key);
    }
    for (const [name, queryKey] of kept.current) {
      if (kept.current.size <= KEPT) return;
      kept.current.delete(name);
      queryClient.removeQueries({ queryKey, exact: true, type: "inactive" });
    }
    // The names say all that the keys do.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [asked]);
}

/** A list that is wholly here, in the shape the grid takes. */
export function rowsInHand<Row>(rows: readonly Row[] | undefined, failure: Failure | null = null, retry: () => void = () => undefined): RowWindows<Row> {
  return {
    total: rows?.length ?? 0,
    row: (index) => rows?.[index],
    show: () => undefined,
    loading: rows === undefined && failure === null,
    failure,
    retry,
    read: async (first, last) => rows?.slice(first, last + 1) ?? [],
  };
}
