// Selecting rows, also those of a long range that were never on the screen.

import { useCallback, useLayoutEffect, useRef } from "react";
import { count } from "../format/number";
import { asFailure } from "../host";
import { announce } from "../shell/announce";
import { toast, toastFailure } from "../ui";
import type { RowWindows } from "./rowWindows";
import type { GridSelection } from "./types";

/** A range that must be read to be selected ends here; a whole view is selected without reading. */
const MOST_RANGE = 2_000;

export function useSelecting<Row>(selection: GridSelection | undefined, rows: RowWindows<Row>, rowKey: (row: Row, index: number) => string) {
  const now = useRef({ selection, rows, rowKey });
  useLayoutEffect(() => {
    now.current = { selection, rows, rowKey };
  });
  /** Of several ranges on their way only the last counts. */
  const asked = useRef(0);

  /** Selects the rows between two places, both included, and nothing else. */
  const selectRange = useCallback((from: number, to: number) => {
    const { selection: chosen, rows: list, rowKey: keyOf } = now.current;
    if (!chosen) return;
    const first = Math.min(from, to);
    const last = Math.max(from, to);
    asked.current += 1;
    const turn = asked.current;
    const here = Array.from({ length: last - first + 1 }, (_, step) => list.row(first + step));
    if (here.every((row) => row !== undefined)) {
      chosen.onChange(new Set(here.map((row, step) => keyOf(row as Row, first + step))));
      return;
    }
    if (here.length > MOST_RANGE) {
      toast({ tone: "info", title: `A range holds ${count(MOST_RANGE)} rows at most`, detail: `These are ${count(here.length)}. Select all of the view, or filter it first.` });
      return;
    }
    // Told to whoever asked: by the time the rows are here, the page may show another view with a selection of its own.
    list.read(first, last).then(
      (read) => {
        if (turn === asked.current) chosen.onChange(new Set(read.map((row, step) => keyOf(row, first + step))));
      },
      (thrown: unknown) => toastFailure(asFailure(thrown, "the selection of a range")),
    );
  }, []);

  /** Turns one row round. Of a view that is selected as a whole one can be taken out only where all its rows are here. */
  const toggle = useCallback((index: number) => {
    const { selection: chosen, rows: list, rowKey: keyOf } = now.current;
    const row = list.row(index);
    if (!chosen) return;
    if (chosen.all) {
      asked.current += 1;
      const every = Array.from({ length: list.total }, (_, place) => list.row(place));
      if (every.some((one) => one === undefined)) {
        toast({ tone: "info", title: `One of ${count(list.total)} cannot be taken out`, detail: "All of the view is selected as a whole. Clear the selection with Esc, or filter the view so that it shows whom you mean." });
        return;
      }
      const others = every.map((one, place) => keyOf(one as Row, place)).filter((_key, place) => place !== index);
      chosen.onChange(new Set(others));
      announce(`${count(others.length)} selected`);
      return;
    }
    if (row === undefined) return;
    asked.current += 1;
    const key = keyOf(row, index);
    const keys = new Set(chosen.keys);
    if (!keys.delete(key)) keys.add(key);
    chosen.onChange(keys);
    announce(`${count(keys.size)} selected`);
  }, []);

  const selectAll = useCallback(() => {
    const { selection: chosen, rows: list, rowKey: keyOf } = now.current;
    if (!chosen) return;
    asked.current += 1;
    if (chosen.onSelectAll) {
      chosen.onSelectAll();
      return;
    }
    const keys = new Set<string>();
    for (let index = 0; index < list.total; index += 1) {
      const row = list.row(index);
      if (row !== undefined) keys.add(keyOf(row, index));
    }
    chosen.onChange(keys);
  }, []);

  return { selectRange, toggle, selectAll };
}
