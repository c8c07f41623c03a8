// The columns of a page as the person arranged them, remembered.

import { useCallback, useLayoutEffect, useMemo, useRef } from "react";
import { useView } from "../shell/preferences";
import { arranged, type GridLayout, readLayout, withWidth } from "./layout";
import type { Column } from "./types";

const nothing = {};

/** `name` is that of the view under which it is remembered, for instance `activation.columns`. */
export function useColumnLayout<Row, Sort extends string>(name: string, columns: readonly Column<Row, Sort>[]) {
  const [kept, keep] = useView<object>(name, nothing);
  const layout = useMemo(() => readLayout(kept), [kept]);
  // Two presses may come before the first one is remembered: the second stands on it all the same.
  const latest = useRef(layout);
  useLayoutEffect(() => {
    latest.current = layout;
  }, [layout]);
  const change = useCallback(
    (next: (before: GridLayout) => GridLayout) => {
      const after = next(latest.current);
      if (after === latest.current) return;
      latest.current = after;
      keep(after);
    },
    [keep],
  );
  const resize = useCallback((column: string, width: number | null) => change((before) => withWidth(before, column, width)), [change]);
  return { columns: arranged(columns, layout), layout, change, resize };
}
