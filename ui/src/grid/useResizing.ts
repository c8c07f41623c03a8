// Widths while they are being changed. They are told once the hand rests, so that a drag is one change to remember.

import { useCallback, useEffect, useRef, useState } from "react";
import { announce } from "../shell/announce";
import { clampWidth } from "./layout";
import type { Column } from "./types";

const REST_MS = 300;
/** Pixels a press of a key. */
export const STEP = 16;

interface Live {
  column: string;
  width: number;
}

export function useResizing<Row, Sort extends string>(columns: readonly Column<Row, Sort>[], onResize: ((column: string, width: number | null) => void) | undefined) {
  const [live, setLive] = useState<Live | null>(null);
  const rest = useRef<ReturnType<typeof setTimeout> | null>(null);
  const waiting = useRef<Live | null>(null);
  const told = useRef(onResize);
  useEffect(() => {
    told.current = onResize;
  });

  const settle = useCallback(() => {
    if (rest.current !== null) clearTimeout(rest.current);
    rest.current = null;
    const last = waiting.current;
    waiting.current = null;
    if (last !== null) told.current?.(last.column, last.width);
    setLive(null);
  }, []);
  useEffect(() => settle, [settle]);

  const drag = useCallback((column: string, width: number) => {
    const next = { column, width: clampWidth(width) };
    if (waiting.current !== null && waiting.current.column !== column) told.current?.(waiting.current.column, waiting.current.width);
    waiting.current = next;
    setLive(next);
  }, []);

  /** By a key, from the width it has on the screen. */
  const nudge = useCallback(
    (column: string, name: string, from: number, by: number) => {
      const begun = waiting.current?.column === column ? waiting.current.width : from;
      const width = clampWidth(begun + by);
      drag(column, width);
      announce(`${name}: ${width} pixels wide`);
      if (rest.current !== null) clearTimeout(rest.current);
      rest.current = setTimeout(settle, REST_MS);
    },
    [drag, settle],
  );

  const shown = live === null ? columns : columns.map((column) => (column.id === live.column ? { ...column, width: live.width, grow: false } : column));
  return { columns: shown, drag, settle, nudge };
}
