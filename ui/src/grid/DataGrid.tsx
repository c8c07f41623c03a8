// The one grid: a real table with the ARIA grid pattern, virtual rows, one tab stop with roving focus, selection, sort
// heads, a filter row and columns pinned at the right.
//
// Sorting, filtering and counting are the core's, so no client-side table model stands between the reply and the rows.
// Over 300 lines because the ARIA grid is written once, here, and its parts share the focus.

import { useVirtualizer, defaultRangeExtractor, type Range } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { type FocusEvent, type KeyboardEvent, type MouseEvent, type ReactNode, type Ref, useCallback, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { usePreferences } from "../shell/preferences";
import { EmptyState, FailureNote, Loading } from "../ui";
import { onMac } from "../ui/platform";
import styles from "./DataGrid.module.css";
import { intent, moved, type Place, rangeBetween } from "./keyboard";
import type { RowWindows } from "./rowWindows";

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
}

export interface GridSort<Sort extends string = string> {
  column: Sort;
  descending: boolean;
}

export interface GridSelection {
  keys: ReadonlySet<string>;
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
}

export interface DataGridProps<Row, Sort extends string = string> {
  /** Names the grid. */
  label: string;
  columns: readonly Column<Row, Sort>[];
  rows: RowWindows<Row>;
  rowKey: (row: Row, index: number) => string;
  /** 30 or 44; less where the person chose compact rows. */
  rowHeight?: 30 | 44;
  sort?: GridSort<Sort> | null;
  onSort?: (sort: GridSort<Sort>) => void;
  selection?: GridSelection;
  /** The row whose panel is open. */
  current?: string | null;
  /** Enter or a double press; a single press too when `openOnPress`. */
  onOpen?: (row: Row, index: number, column: number) => void;
  openOnPress?: boolean;
  /** The focus moved, for panels that follow it. */
  onFocusRow?: (row: Row, index: number) => void;
  /** The focus came to a row, also from outside the grid, for keys that act on it. */
  onEnterRow?: (row: Row, index: number) => void;
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

const HEAD = 30;
const COMPACT = { 30: 26, 44: 38 } as const;
const FILTERS = 34;
const FOCUSABLE = "button, a[href], input, select, textarea, [contenteditable]";

function pressOf(event: KeyboardEvent) {
  return { key: event.key, mod: onMac ? event.metaKey : event.ctrlKey, shift: event.shiftKey, alt: event.altKey };
}

export function DataGrid<Row, Sort extends string = string>(props: DataGridProps<Row, Sort>) {
  const { label, columns, rows, rowKey, rowHeight: standardHeight = 30, sort, onSort, selection, current = null, onOpen, openOnPress = false, onFocusRow, onEnterRow, onVisible, cursor = "row", onKey, empty, footer, className = "", noun = "rows", ref } = props;
  const { preferences } = usePreferences();
  const rowHeight = preferences?.density === "compact" ? COMPACT[standardHeight] : standardHeight;
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 });
  const anchor = useRef(0);
  /** Where the focus goes once that place is drawn. Until the state has followed, a render in between still has the old place. */
  const wantsFocus = useRef<Place | null>(null);

  const hasFilters = columns.some((column) => column.filter !== undefined);
  const headHeight = HEAD + (hasFilters ? FILTERS : 0);
  const { total } = rows;
  const within = (wanted: Place): Place => ({ row: Math.min(wanted.row, Math.max(0, total - 1)), column: Math.min(wanted.column, columns.length - 1) });
  const at = within(place);
  const focusedRow = at.row;

  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    // The focused row stays in the table when it is scrolled away: removing it would drop the focus.
    rangeExtractor: useCallback(
      (range: Range) => {
        const drawn = defaultRangeExtractor(range);
        if (focusedRow >= range.count || drawn.includes(focusedRow)) return drawn;
        return [...drawn, focusedRow].toSorted((a, b) => a - b);
      },
      [focusedRow],
    ),
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const drawn = virtualizer.getVirtualItems();
  const visible = drawn.filter((item) => item.index !== focusedRow || drawn.length === 1);
  const first = visible[0]?.index ?? 0;
  const last = visible.at(-1)?.index ?? 0;
  const { show } = rows;
  useEffect(() => show(first, last), [show, first, last]);
  const range = virtualizer.range;
  const rangeStart = range?.startIndex ?? 0;
  const rangeEnd = range?.endIndex ?? 0;
  const tellVisible = useRef(onVisible);
  useLayoutEffect(() => {
    tellVisible.current = onVisible;
  });
  useEffect(() => tellVisible.current?.(rangeStart, rangeEnd), [rangeStart, rangeEnd]);

  const focusPlace = useCallback(
    (next: Place) => {
      wantsFocus.current = next;
      setPlace(next);
      virtualizer.scrollToIndex(next.row, { align: "auto" });
    },
    [virtualizer],
  );
  useImperativeHandle(
    ref,
    () => ({
      focus: (row, column = 0) => focusPlace({ row, column }),
      reveal: (row) => {
        setPlace((before) => ({ ...before, row }));
        virtualizer.scrollToIndex(row, { align: "auto" });
      },
    }),
    [focusPlace, virtualizer],
  );

  useEffect(() => {
    if (wantsFocus.current === null) return;
    const wanted = within(wantsFocus.current);
    if (wanted.row !== at.row || wanted.column !== at.column) return;
    const target = body.current?.querySelector<HTMLElement>(cursor === "cell" ? `tr[data-index="${at.row}"] > [data-column="${at.column}"]` : `tr[data-index="${at.row}"]`);
    if (!target) return;
    wantsFocus.current = null;
    target.focus({ preventScroll: true });
    if (cursor === "cell") target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  const select = (indexes: readonly number[], replace: boolean) => {
    if (!selection) return;
    const keys = new Set(replace ? [] : selection.keys);
    for (const index of indexes) {
      const row = rows.row(index);
      if (row !== undefined) keys.add(rowKey(row, index));
    }
    selection.onChange(keys);
  };
  const toggle = (index: number) => {
    const row = rows.row(index);
    if (!selection || row === undefined) return;
    const key = rowKey(row, index);
    const keys = new Set(selection.keys);
    if (!keys.delete(key)) keys.add(key);
    anchor.current = index;
    selection.onChange(keys);
  };

  const go = (next: Place) => {
    const row = rows.row(next.row);
    focusPlace(next);
    if (row !== undefined && next.row !== at.row) onFocusRow?.(row, next.row);
  };

  const keyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const inControl = target.matches(FOCUSABLE);
    // A control inside a cell keeps its own keys, but the arrows still leave a button for the next row.
    if (inControl && !(target.matches("button, a[href]") && (event.key === "ArrowDown" || event.key === "ArrowUp"))) return;
    const press = pressOf(event);
    const row = rows.row(at.row);
    const meant = intent(press, selection !== undefined);
    if (meant === "open" && row !== undefined && onOpen) {
      event.preventDefault();
      onOpen(row, at.row, at.column);
      return;
    }
    if (meant === "toggle") {
      event.preventDefault();
      toggle(at.row);
      return;
    }
    if (meant === "select_all") {
      event.preventDefault();
      if (selection?.onSelectAll) selection.onSelectAll();
      else select(rangeBetween(0, total - 1), true);
      return;
    }
    const next = moved(at, press, { rows: total, columns: columns.length, page: Math.max(1, rangeEnd - rangeStart), cells: cursor === "cell" });
    if (next !== null) {
      event.preventDefault();
      if (meant === "extend") select(rangeBetween(anchor.current, next.row), true);
      else anchor.current = next.row;
      go(next);
      return;
    }
    onKey?.(event, row, at);
  };

  const pressRow = (event: MouseEvent, index: number, column: number) => {
    const row = rows.row(index);
    if (row === undefined || (event.target as HTMLElement).closest(FOCUSABLE)) return;
    if (event.shiftKey && selection) select(rangeBetween(anchor.current, index), true);
    else if ((onMac ? event.metaKey : event.ctrlKey) && selection) toggle(index);
    else anchor.current = index;
    setPlace({ row: index, column });
    onFocusRow?.(row, index);
    if (openOnPress && !event.shiftKey && !event.ctrlKey && !event.metaKey) onOpen?.(row, index, column);
  };

  const focusIn = (event: FocusEvent<HTMLElement>, index: number) => {
    const row = rows.row(index);
    if (row !== undefined) onEnterRow?.(row, index);
    if (index === at.row) return;
    const column = Number((event.target as HTMLElement).closest<HTMLElement>("[data-column]")?.dataset["column"] ?? at.column);
    setPlace({ row: index, column });
  };

  const head = (column: Column<Row, Sort>) => {
    if (!column.sort || !onSort) return column.hideHeader ? <span className="sr">{column.header}</span> : column.header;
    const sorted = sort?.column === column.sort;
    const Arrow = sorted ? (sort.descending ? ArrowDown : ArrowUp) : ChevronsUpDown;
    const by = column.sort;
    return (
      <button type="button" className={`${styles.sorter} ${sorted ? "" : styles.unsorted}`} onClick={() => onSort({ column: by, descending: sorted ? !sort.descending : false })}>
        {column.header}
        <Arrow aria-hidden="true" />
      </button>
    );
  };

  // Pinned columns stand one left of the other at the right edge; the offset is what stands right of each.
  let pinnedAt = 0;
  const pins = new Map<string, number>();
  for (const column of columns.toReversed()) {
    if (!column.pinned) continue;
    pins.set(column.id, pinnedAt);
    pinnedAt += column.width;
  }
  const pinStyle = (column: Column<Row, Sort>) => (column.pinned ? { right: pins.get(column.id) } : undefined);
  const cellClass = (column: Column<Row, Sort>) =>
    [column.align === "right" ? styles.right : "", column.pinned ? styles.pinned : ""].filter(Boolean).join(" ");
  const ariaSort = (column: Column<Row, Sort>) => (column.sort && sort?.column === column.sort ? (sort.descending ? "descending" : "ascending") : undefined);

  const least = columns.reduce((sum, column) => sum + column.width, 0);
  const growing = columns.some((column) => column.grow);
  const headRows = hasFilters ? 2 : 1;
  let drawnTo = headHeight;

  return (
    <div className={`${styles.grid} ${className}`}>
      <div className={styles.scroller} ref={scroller}>
        <table
          className={`${styles.table} ${cursor === "cell" ? styles.byCell : ""}`}
          role="grid"
          aria-label={label}
          aria-rowcount={rows.loading ? -1 : total + headRows}
          aria-colcount={columns.length}
          aria-multiselectable={selection ? true : undefined}
          aria-busy={rows.loading || rows.settling || undefined}
          style={{ minWidth: least }}
          onKeyDown={keyDown}
        >
          <colgroup>
            {columns.map((column) => (
              // With nothing growing the last column takes the rest.
              <col key={column.id} style={column.grow || (!growing && column === columns.at(-1)) ? undefined : { width: column.width }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <th key={column.id} scope="col" className={cellClass(column)} aria-sort={ariaSort(column)} style={pinStyle(column)}>
                  {head(column)}
                </th>
              ))}
            </tr>
            {hasFilters ? (
              <tr aria-rowindex={2} className={styles.filters}>
                {columns.map((column) => (
                  <td key={column.id} className={`${cellClass(column)} ${column.filtered ? styles.filtered : ""}`} style={pinStyle(column)}>
                    {column.filter}
                  </td>
                ))}
              </tr>
            ) : null}
          </thead>
          <tbody ref={body}>
            {/* One flat list: a row nested with its gap would be made anew, and lose the focus, when rows come before it. */}
            {drawn.flatMap((item) => {
              const row = rows.row(item.index);
              const gap = item.start - drawnTo;
              drawnTo = item.end;
              const key = row === undefined ? null : rowKey(row, item.index);
              const isStop = item.index === at.row;
              const selected = key !== null && (selection?.keys.has(key) ?? false);
              return [
                gap > 0 ? (
                  <tr key={`gap-${item.index}`} aria-hidden="true" className={styles.gap}>
                    <td colSpan={columns.length} style={{ height: gap }} />
                  </tr>
                ) : null,
                <tr
                  key={item.index}
                  data-index={item.index}
                  aria-rowindex={item.index + headRows + 1}
                  aria-selected={selection ? selected : key !== null && key === current ? true : undefined}
                  className={`${key !== null && key === current ? styles.current : ""} ${selected ? styles.selected : ""}`}
                  style={{ height: rowHeight }}
                  tabIndex={cursor === "row" ? (isStop ? 0 : -1) : undefined}
                  onFocus={(event) => focusIn(event, item.index)}
                  onDoubleClick={(event) => {
                    if (!openOnPress && row !== undefined && !(event.target as HTMLElement).closest(FOCUSABLE)) onOpen?.(row, item.index, at.column);
                  }}
                >
                  {columns.map((column, place_) => {
                    const Cell = column.rowHeader ? "th" : "td";
                    const isCellStop = isStop && place_ === at.column;
                    const text = row === undefined ? undefined : column.text?.(row);
                    return (
                      <Cell
                        key={column.id}
                        data-column={place_}
                        aria-colindex={place_ + 1}
                        scope={column.rowHeader ? "row" : undefined}
                        className={`${cellClass(column)} ${column.mono ? "mono" : ""} ${row === undefined ? "" : (column.className?.(row) ?? "")}`}
                        style={pinStyle(column)}
                        title={text}
                        tabIndex={cursor === "cell" ? (isCellStop ? 0 : -1) : undefined}
                        onClick={(event) => pressRow(event, item.index, place_)}
                      >
                        {row === undefined ? <span className={styles.coming} /> : column.cell(row, { index: item.index, tabIndex: isStop ? 0 : -1, focused: cursor === "cell" ? isCellStop : isStop })}
                      </Cell>
                    );
                  })}
                </tr>,
              ];
            })}
            {total > 0 && virtualizer.getTotalSize() + headHeight - drawnTo > 0 ? (
              <tr aria-hidden="true" className={styles.gap}>
                <td colSpan={columns.length} style={{ height: virtualizer.getTotalSize() + headHeight - drawnTo }} />
              </tr>
            ) : null}
          </tbody>
        </table>
        {rows.failure ? (
          <div className={styles.instead}>
            <FailureNote failure={rows.failure} onRetry={rows.retry} />
          </div>
        ) : rows.loading ? (
          <Loading what={noun} />
        ) : total === 0 ? (
          (empty ?? <EmptyState title={`No ${noun}`} />)
        ) : null}
      </div>
      {footer ? <div className={styles.footer}>{footer}</div> : null}
    </div>
  );
}
