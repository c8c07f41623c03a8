// The columns of a page as the person arranged them, remembered.

import { useCallback, useMemo } from "react";
import { useView } from "../shell/preferences";
import { arranged, type GridLayout, readLayout, STANDARD_LAYOUT, withWidth } from "./layout";
import type { Column } from "./types";

const nothing = {};

/** `name` is that of the view under which it is remembered, for instance `activation.columns`. */
export function useColumnLayout<Row, Sort extends string>(name: string, columns: readonly Column<Row, Sort>[]) {
  const [kept, keep] = useView<object>(name, nothing);
  const layout = useMemo(() => readLayout(kept), [kept]);
  const change = useCallback((next: GridLayout) => keep(next), [keep]);
  return {
    columns: arranged(columns, layout),
    layout,
    change,
    resize: (column: string, width: number | null) => change(withWidth(layout, column, width)),
    reset: () => change(STANDARD_LAYOUT),
  };
}
