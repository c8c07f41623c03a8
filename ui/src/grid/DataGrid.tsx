// The one grid: a real table with the ARIA grid pattern, virtual rows, one tab stop with roving focus, selection, sort
// heads, a filter row and columns pinned at the right. Its head, selection and widths are in files of their own.
//
// Sorting, filtering and counting are the core's, so no client-side table model stands between the reply and the rows.

import { useVirtualizer, defaultRangeExtractor, type Range } from "@tanstack/react-virtual";
import { type FocusEvent, type KeyboardEvent, type MouseEvent, useCallback, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { usePreferences } from "../shell/preferences";
import { EmptyState, FailureNote, Loading } from "../ui";
import { onMac } from "../ui/platform";
import styles from "./DataGrid.module.css";
import { GridHead, nameOf } from "./GridHead";
import { intent, moved, type Place } from "./keyboard";
import { filling, pinOffsets } from "./layout";
import { levelsOf } from "./sorting";
import type { Column, DataGridProps } from "./types";
import { STEP, useResizing } from "./useResizing";
import { useSelecting } from "./useSelecting";

const HEAD = 30;
const COMPACT = { 30: 26, 44: 38 } as const;
const FILTERS = 34;
const FOCUSABLE = "button, a[href], input, select, textarea, [contenteditable]";

function pressOf(event: KeyboardEvent) {
  return { key: event.key, mod: onMac ? event.metaKey : event.ctrlKey, shift: event.shiftKey, alt: event.altKey };
}

export function DataGrid<Row, Sort extends string = string>(props: DataGridProps<Row, Sort>) {
  const { label, columns: given, rows, rowKey, rowHeight: standardHeight = 30, dense = false, sort, onSort, sortLevels = 1, onResize, selection, onCopy, current = null, onOpen, openOnPress = false, onFocusRow, onEnterRow, onVisible, cursor = "row", onKey, empty, footer, className = "", noun = "rows", ref } = props;
  const { preferences } = usePreferences();
  const rowHeight = preferences?.density === "compact" ? COMPACT[standardHeight] : standardHeight;
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const { columns, drag, settle, nudge } = useResizing(given, onResize);
  const { selectRange, toggle, selectAll } = useSelecting(selection, rows, rowKey);
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 });
  /** Where a range begins: the row that was come to last without Shift. */
  const anchor = useRef(0);
  /** Shift was held when the mouse went down: the focus comes before the press, and must not move the anchor. */
  const withShift = useRef(false);
  /** Where the focus goes once that place is drawn. Until the state has followed, a render in between still has the old place. */
  const wantsFocus = useRef<Place | null>(null);

  const hasFilters = columns.some((column) => column.filter !== undefined);
  const headHeight = HEAD + (hasFilters ? FILTERS : 0);
  const { total } = rows;
  const within = (wanted: Place): Place => ({ row: Math.min(wanted.row, Math.max(0, total - 1)), column: Math.min(wanted.column, columns.length - 1) });
  const at = within(place);
  const focusedRow = at.row;
  const anchored = () => Math.min(anchor.current, Math.max(0, total - 1));

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
  const stopColumn = useRef(0);
  useLayoutEffect(() => {
    stopColumn.current = at.column;
  });
  useImperativeHandle(
    ref,
    () => ({
      focus: (row, column = stopColumn.current) => {
        anchor.current = row;
        focusPlace({ row, column });
      },
      reveal: (row) => {
        anchor.current = row;
        setPlace((before) => ({ ...before, row }));
        virtualizer.scrollToIndex(row, { align: "auto" });
      },
      focusFilters: () => scroller.current?.querySelector<HTMLElement>("thead tr:nth-child(2) :is(select, input, button)")?.focus(),
    }),
    [focusPlace, virtualizer],
  );

  const stop = () => body.current?.querySelector<HTMLElement>(cursor === "cell" ? `tr[data-index="${at.row}"] > [data-column="${at.column}"]` : `tr[data-index="${at.row}"]`);
  useEffect(() => {
    if (wantsFocus.current === null) return;
    const wanted = within(wantsFocus.current);
    if (wanted.row !== at.row || wanted.column !== at.column) return;
    const target = stop();
    if (!target) return;
    wantsFocus.current = null;
    target.focus({ preventScroll: true });
    if (cursor === "cell") target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  // Columns come and go: the tab stop stays in its column, and the focus does not fall out of the page with a cell that went.
  const ids = columns.map((column) => column.id).join();
  const before = useRef({ ids, column: columns[at.column]?.id, inBody: false });
  useLayoutEffect(() => {
    const { current: kept } = before;
    if (kept.ids === ids) {
      kept.column = columns[at.column]?.id;
      return;
    }
    kept.ids = ids;
    const next = { row: at.row, column: Math.max(0, columns.findIndex((column) => column.id === kept.column)) };
    if (kept.inBody && (document.activeElement === null || document.activeElement === document.body)) focusPlace(next);
    else setPlace(next);
    // The columns themselves are made anew at each render; their ids say what matters.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [ids, at.row, at.column, focusPlace]);

  // Rows leave, and the focused one with them; or a focused button goes with the cell that is no longer here, for its row
  // was scrolled far away. The focus does not fall out of the grid, and what is on the screen stays where it can.
  const counted = useRef(total);
  useLayoutEffect(() => {
    const changed = counted.current !== total;
    counted.current = total;
    const active = document.activeElement;
    if (!before.current.inBody || wantsFocus.current !== null || (active !== null && active !== document.body && active !== scroller.current)) return;
    if (total === 0) scroller.current?.focus({ preventScroll: true });
    else if (changed) focusPlace({ row: focusedRow, column: stopColumn.current });
    else stop()?.focus({ preventScroll: true });
  });

  // Another filter is another list: it is seen, and walked, from its first row. Another order leaves everything where it is.
  const { narrowed } = rows;
  const narrowedBefore = useRef(narrowed);
  const enter = useRef(onEnterRow);
  useLayoutEffect(() => {
    enter.current = onEnterRow;
  });
  useLayoutEffect(() => {
    if (narrowedBefore.current === narrowed) return;
    narrowedBefore.current = narrowed;
    anchor.current = 0;
    const next = { row: 0, column: stopColumn.current };
    if (before.current.inBody) focusPlace(next);
    else {
      wantsFocus.current = wantsFocus.current === null ? null : next;
      setPlace(next);
      enter.current?.(undefined, 0);
    }
    virtualizer.scrollToOffset(0);
  }, [narrowed, focusPlace, virtualizer]);

  /** The row the focus was moved to while its page was still on its way. */
  const awaited = useRef<number | null>(null);
  const go = (next: Place) => {
    const row = rows.row(next.row);
    focusPlace(next);
    awaited.current = row === undefined ? next.row : null;
    if (row !== undefined && next.row !== at.row) onFocusRow?.(row, next.row);
  };
  useEffect(() => {
    if (awaited.current === null) return;
    const row = rows.row(awaited.current);
    if (row === undefined) return;
    const index = awaited.current;
    awaited.current = null;
    if (index === at.row) onFocusRow?.(row, index);
  });

  const keyDown = (event: KeyboardEvent) => {
    withShift.current = false;
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
      anchor.current = at.row;
      toggle(at.row);
      return;
    }
    if (meant === "select_all") {
      event.preventDefault();
      selectAll();
      return;
    }
    // What is marked with the mouse is copied by the web view itself.
    if (meant === "copy" && onCopy && (window.getSelection()?.isCollapsed ?? true)) {
      event.preventDefault();
      onCopy(row);
      return;
    }
    const column = columns[at.column];
    if (cursor === "cell" && onResize && column && !column.fixed && press.alt && (press.key === "ArrowLeft" || press.key === "ArrowRight")) {
      event.preventDefault();
      const width = scroller.current?.querySelectorAll("thead tr:first-child > th")[at.column]?.getBoundingClientRect().width ?? column.width;
      nudge(column.id, nameOf(column), width, press.key === "ArrowLeft" ? -STEP : STEP);
      return;
    }
    const next = moved(at, press, { rows: total, columns: columns.length, page: Math.max(1, rangeEnd - rangeStart), cells: cursor === "cell" });
    if (next !== null) {
      event.preventDefault();
      if (meant === "extend") selectRange(anchored(), next.row);
      else anchor.current = next.row;
      go(next);
      return;
    }
    onKey?.(event, row, at);
  };

  const pressRow = (event: MouseEvent, index: number, column: number) => {
    const row = rows.row(index);
    if (row === undefined || (event.target as HTMLElement).closest(FOCUSABLE)) return;
    if (event.shiftKey && selection) selectRange(anchored(), index);
    else {
      anchor.current = index;
      if ((onMac ? event.metaKey : event.ctrlKey) && selection) toggle(index);
    }
    setPlace({ row: index, column });
    onFocusRow?.(row, index);
    if (openOnPress && !event.shiftKey && !event.ctrlKey && !event.metaKey) onOpen?.(row, index, column);
  };

  const focusIn = (event: FocusEvent<HTMLElement>, index: number) => {
    onEnterRow?.(rows.row(index), index);
    if (index === at.row) return;
    if (!withShift.current) anchor.current = index;
    const column = Number((event.target as HTMLElement).closest<HTMLElement>("[data-column]")?.dataset["column"] ?? at.column);
    setPlace({ row: index, column });
  };

  // Pinned columns stand one left of the other at the right edge.
  const pins = pinOffsets(columns);
  const pinStyle = (column: Column<Row, Sort>) => (column.pinned ? { right: pins.offsets.get(column.id) } : undefined);
  const firstPinned = columns.find((column) => column.pinned)?.id;
  const cellClass = (column: Column<Row, Sort>) =>
    [column.align === "right" ? styles.right : "", column.pinned ? styles.pinned : "", column.id === firstPinned ? styles.firstPinned : ""].filter(Boolean).join(" ");

  const least = columns.reduce((sum, column) => sum + column.width, 0);
  const [room, setRoom] = useState<number | null>(null);
  useLayoutEffect(() => {
    const { current: box } = scroller;
    if (box === null) return undefined;
    const observer = new ResizeObserver(() => setRoom(box.clientWidth));
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  const fill = filling(columns);
  const headRows = hasFilters ? 2 : 1;
  let drawnTo = headHeight;

  return (
    <div className={`${styles.grid} ${className}`}>
      <div
        className={styles.scroller}
        ref={scroller}
        tabIndex={-1}
        style={{ scrollPaddingRight: pins.width }}
        // Where there are no rows it stands in for them, until there are some again.
        onFocus={(event) => {
          if (event.target === scroller.current && total === 0) before.current.inBody = true;
        }}
        onBlur={(event) => {
          if (event.target === scroller.current) before.current.inBody = false;
        }}
      >
        <table
          className={`${styles.table} ${cursor === "cell" ? styles.byCell : ""} ${dense ? styles.dense : ""} ${least > (room ?? least) ? styles.scrolls : ""}`}
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
              <col key={column.id} style={column.grow || column.id === fill ? undefined : { width: column.width }} />
            ))}
          </colgroup>
          <GridHead
            columns={columns}
            levels={levelsOf(sort)}
            most={sortLevels}
            onSort={onSort}
            resizing={onResize ? { drag, settle, nudge, reset: (column) => onResize(column, null) } : null}
            hasFilters={hasFilters}
            cellClass={cellClass}
            pinStyle={pinStyle}
          />
          <tbody
            ref={body}
            onMouseDownCapture={(event) => {
              withShift.current = event.shiftKey;
            }}
            onFocus={() => {
              before.current.inBody = true;
            }}
            onBlur={(event) => {
              if (event.target.isConnected) before.current.inBody = false;
            }}
          >
            {/* One flat list: a row nested with its gap would be made anew, and lose the focus, when rows come before it. */}
            {drawn.flatMap((item) => {
              const row = rows.row(item.index);
              const gap = item.start - drawnTo;
              drawnTo = item.end;
              const key = row === undefined ? null : rowKey(row, item.index);
              const isStop = item.index === at.row;
              const selected = selection?.all === true || (key !== null && (selection?.keys.has(key) ?? false));
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
        {rows.failure && total === 0 ? (
          <div className={styles.instead}>
            <FailureNote failure={rows.failure} onRetry={rows.retry} />
          </div>
        ) : rows.loading ? (
          <Loading what={noun} />
        ) : total === 0 ? (
          (empty ?? <EmptyState title={`No ${noun}`} />)
        ) : null}
      </div>
      {/* Of a long list some rows may fail while others are seen: it is said where it does not scroll away. */}
      {rows.failure && total > 0 ? (
        <div className={styles.partly}>
          <FailureNote failure={rows.failure} onRetry={rows.retry} />
        </div>
      ) : null}
      {footer ? <div className={styles.footer}>{footer}</div> : null}
    </div>
  );
}
