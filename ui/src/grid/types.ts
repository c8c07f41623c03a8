// What a page says to the grid, and what it may ask of it.

import type { KeyboardEvent, ReactNode, Ref } from "react";
import type { Place } from "./keyboard";
import type { RowWindows } from "./rowWindows";
import type { GridSort } from "./sorting";

/** What a cell may need to know about itself. */
export interface CellContext {
  index: number;
  /** The focus is in this row (or cell): buttons inside use `tabIndex={context.tabIndex}` so that Tab reaches them here only. */
  tabIndex: 0 | -1;
  focused: boolean;
}

export interface Column<Row, Sort extends string = string> {
  id: string;
  header: ReactNode;
  /** Width in pixels. A column with `grow` takes its share of what is left, and never less than this. */
  width: number;
  grow?: boolean;
  align?: "right";
  mono?: boolean;
  /** The name it is sorted by; without it the head is plain text. */
  sort?: Sort;
  cell: (row: Row, context: CellContext) => ReactNode;
  /** The whole text, for the tooltip of a cell that may be cut. */
  text?: (row: Row) => string;
  /** The control in the filter row, and whether it is set. */
  filter?: ReactNode;
  filtered?: boolean;
  /** Stays at the right edge while the middle scrolls under it. */
  pinned?: boolean;
  /** This cell names its row. */
  rowHeader?: boolean;
  /** Tint and class of single cells, for instance a problem cell. */
  className?: (row: Row) => string | undefined;
  /** Shown in place of the cell's text while a row's page is on its way. */
  hideHeader?: boolean;
  /** Always shown: the column chooser does not offer it, and its width stays. */
  fixed?: boolean;
  /** Shown only once somebody chose it. */
  startsHidden?: boolean;
}

export interface GridSelection {
  keys: ReadonlySet<string>;
  /** Every row of the view is selected, also those that were never read; `keys` is then empty. */
  all?: boolean;
  onChange: (keys: ReadonlySet<string>) => void;
  /** Ctrl A; without it, Ctrl A selects the rows that have been read. */
  onSelectAll?: () => void;
}

/** What a page may ask of the grid from outside. */
export interface GridHandle {
  /** Puts the focus on a row (and column) and brings it into view. */
  focus: (row: number, column?: number) => void;
  /** Brings a row into view and makes it the tab stop without taking the focus. */
  reveal: (row: number) => void;
  /** Puts the focus on the first control of the filter row. */
  focusFilters: () => void;
}

export interface DataGridProps<Row, Sort extends string = string> {
  /** Names the grid. */
  label: string;
  columns: readonly Column<Row, Sort>[];
  rows: RowWindows<Row>;
  rowKey: (row: Row, index: number) => string;
  /** 30 or 44; less where the person chose compact rows. */
  rowHeight?: 30 | 44;
  /** Less room beside the values, for many columns. */
  dense?: boolean;
  /** What it is sorted by, first level first. */
  sort?: GridSort<Sort> | readonly GridSort<Sort>[] | null;
  /** Told the first level, and all of them. */
  onSort?: (sort: GridSort<Sort>, levels: readonly GridSort<Sort>[]) => void;
  /** How many columns it can be sorted by at once; from two on, Shift adds a level. */
  sortLevels?: number;
  /** A head's edge was dragged or its width changed by key; null gives the column its own width back. */
  onResize?: (column: string, width: number | null) => void;
  selection?: GridSelection;
  /** Ctrl C, where no text is marked. */
  onCopy?: (row: Row | undefined) => void;
  /** The row whose panel is open. */
  current?: string | null;
  /** Enter or a double press; a single press too when `openOnPress`. */
  onOpen?: (row: Row, index: number, column: number) => void;
  openOnPress?: boolean;
  /** The focus moved, for panels that follow it; told once the row is here. */
  onFocusRow?: (row: Row, index: number) => void;
  /** The focus came to a row, also from outside the grid, for keys that act on it; the row may be on its way. */
  onEnterRow?: (row: Row | undefined, index: number) => void;
  /** The first and last row on the screen, for a strip beside the scroll bar. */
  onVisible?: (first: number, last: number) => void;
  /** `cell`: single cells take the focus, Left and Right move between them. */
  cursor?: "row" | "cell";
  /** Keys the grid does not use itself. Prevent the default to keep them from the page's shortcuts. */
  onKey?: (event: KeyboardEvent, row: Row | undefined, place: Place) => void;
  /** Instead of rows when there are none. */
  empty?: ReactNode;
  /** The bar under the grid: selection or count at the left, keys at the right. */
  footer?: ReactNode;
  className?: string;
  /** What is being read, for the words of the loading state. */
  noun?: string;
  ref?: Ref<GridHandle>;
}
