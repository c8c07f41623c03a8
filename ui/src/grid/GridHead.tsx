// The head of the grid: names that sort, edges that set widths, and the filters under them.

import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { type CSSProperties, type KeyboardEvent, type PointerEvent, useId, useRef } from "react";
import { announce } from "../shell/announce";
import { leaveField } from "../ui";
import styles from "./DataGrid.module.css";
import { type GridSort, pressed, sortedWords } from "./sorting";
import type { Column } from "./types";
import { STEP } from "./useResizing";

interface GridHeadProps<Row, Sort extends string> {
  columns: readonly Column<Row, Sort>[];
  levels: readonly GridSort<Sort>[];
  most: number;
  onSort: ((sort: GridSort<Sort>, levels: readonly GridSort<Sort>[]) => void) | undefined;
  resizing: {
    drag: (column: string, width: number) => void;
    settle: () => void;
    nudge: (column: string, name: string, from: number, by: number) => void;
    reset: (column: string) => void;
  } | null;
  hasFilters: boolean;
  cellClass: (column: Column<Row, Sort>) => string;
  pinStyle: (column: Column<Row, Sort>) => CSSProperties | undefined;
}

/** What a column is called, for words about it. */
export function nameOf<Row, Sort extends string>(column: Column<Row, Sort> | undefined): string {
  return typeof column?.header === "string" ? column.header : (column?.id ?? "");
}

const widthOf = (element: Element | null) => element?.closest("th")?.getBoundingClientRect().width ?? 0;

export function GridHead<Row, Sort extends string>({ columns, levels, most, onSort, resizing, hasFilters, cellClass, pinStyle }: GridHeadProps<Row, Sort>) {
  const id = useId();
  const first = levels[0];
  const sortBy = (by: Sort, add: boolean) => {
    if (!onSort) return;
    const next = pressed(levels, by, add, most);
    if (next === null) {
      announce(`Sorted by ${most} columns already: take one away first`);
      return;
    }
    const [top] = next;
    if (top === undefined) return;
    onSort(top, next);
    if (most > 1) announce(sortedWords(next, (column) => nameOf(columns.find((one) => one.sort === column)) || "a column that is hidden"));
  };

  const sorter = (column: Column<Row, Sort>) => {
    const by = column.sort;
    if (by === undefined || !onSort) return column.hideHeader ? <span className="sr">{column.header}</span> : column.header;
    const place = levels.findIndex((level) => level.column === by);
    const level = levels[place];
    const Arrow = level === undefined ? ChevronsUpDown : level.descending ? ArrowDown : ArrowUp;
    const several = levels.length > 1;
    const describes = most > 1 ? `${id}-${column.id}` : undefined;
    return (
      <>
        <button
          type="button"
          className={`${styles.sorter} ${level === undefined ? styles.unsorted : ""}`}
          aria-describedby={describes}
          aria-keyshortcuts={[most > 1 ? "Shift+Enter" : "", resizing && !column.fixed ? "Alt+ArrowLeft Alt+ArrowRight" : ""].filter(Boolean).join(" ") || undefined}
          onClick={(event) => sortBy(by, event.shiftKey)}
          onKeyDown={(event: KeyboardEvent<HTMLButtonElement>) => {
            if (event.key === "Enter" && event.shiftKey && most > 1) {
              event.preventDefault();
              sortBy(by, true);
            }
          }}
        >
          <span className="clip">{column.header}</span>
          <Arrow aria-hidden="true" />
          {several && level !== undefined ? (
            <span className={styles.level} aria-hidden="true">
              {place + 1}
            </span>
          ) : null}
        </button>
        {describes === undefined ? null : (
          <span id={describes} hidden>
            {level === undefined ? "not sorted" : `${several ? `level ${place + 1} of ${levels.length}, ` : ""}${level.descending ? "descending" : "ascending"}`}
          </span>
        )}
      </>
    );
  };

  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map((column, place) => (
          <th
            key={column.id}
            scope="col"
            aria-colindex={place + 1}
            className={`${cellClass(column)} ${levels.some((level) => level.column === column.sort) ? styles.sorted : ""}`}
            aria-sort={first !== undefined && first.column === column.sort ? (first.descending ? "descending" : "ascending") : undefined}
            style={pinStyle(column)}
            onKeyDown={(event) => {
              if (!resizing || column.fixed || !event.altKey || event.ctrlKey || event.metaKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
              event.preventDefault();
              event.stopPropagation();
              resizing.nudge(column.id, nameOf(column), widthOf(event.currentTarget), event.key === "ArrowLeft" ? -STEP : STEP);
            }}
          >
            {sorter(column)}
            {resizing && !column.fixed ? <Edge column={column} resizing={resizing} /> : null}
          </th>
        ))}
      </tr>
      {hasFilters ? (
        <tr
          aria-rowindex={2}
          className={styles.filters}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || event.defaultPrevented) return;
            event.preventDefault();
            leaveField(event.target as HTMLElement);
          }}
        >
          {columns.map((column, place) => (
            <td key={column.id} aria-colindex={place + 1} className={`${cellClass(column)} ${column.filtered ? styles.filtered : ""}`} style={pinStyle(column)}>
              {column.filter}
            </td>
          ))}
        </tr>
      ) : null}
    </thead>
  );
}

/** The edge of a head that is dragged. A pinned column is held at the right, so its left edge moves. By key: Alt with the arrows. */
function Edge<Row, Sort extends string>({ column, resizing }: { column: Column<Row, Sort>; resizing: NonNullable<GridHeadProps<Row, Sort>["resizing"]> }) {
  const begun = useRef<{ x: number; width: number } | null>(null);
  const end = () => {
    if (begun.current === null) return;
    begun.current = null;
    resizing.settle();
  };
  return (
    <span
      aria-hidden="true"
      data-edge={column.id}
      className={`${styles.edge} ${column.pinned ? styles.edgeLeft : ""}`}
      onPointerDown={(event: PointerEvent<HTMLSpanElement>) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        begun.current = { x: event.clientX, width: widthOf(event.currentTarget) };
      }}
      onPointerMove={(event) => {
        if (begun.current === null) return;
        const moved = event.clientX - begun.current.x;
        resizing.drag(column.id, begun.current.width + (column.pinned ? -moved : moved));
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onLostPointerCapture={end}
      onDoubleClick={() => resizing.reset(column.id)}
    />
  );
}
