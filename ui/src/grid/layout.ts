// Which columns are shown, in which order, how wide: what the person changed, laid over what the page offers. Pure.

import type { Column } from "./types";

/** What the person changed, by column; what it does not name is as the page offers it. */
export interface GridLayout {
  order: readonly string[];
  shown: Readonly<Record<string, boolean>>;
  widths: Readonly<Record<string, number>>;
}

export const STANDARD_LAYOUT: GridLayout = { order: [], shown: {}, widths: {} };

export const LEAST_WIDTH = 48;
export const MOST_WIDTH = 900;

export function clampWidth(width: number): number {
  return Math.round(Math.max(LEAST_WIDTH, Math.min(width, MOST_WIDTH)));
}

/** Whether something that was remembered is a layout at all. */
export function readLayout(raw: unknown): GridLayout {
  if (typeof raw !== "object" || raw === null) return STANDARD_LAYOUT;
  const { order, shown, widths } = raw as Partial<Record<keyof GridLayout, unknown>>;
  const entries = <V>(from: unknown, isValue: (value: unknown) => value is V): Record<string, V> =>
    typeof from === "object" && from !== null ? Object.fromEntries(Object.entries(from).filter((entry): entry is [string, V] => isValue(entry[1]))) : {};
  return {
    order: Array.isArray(order) ? order.filter((id) => typeof id === "string") : [],
    shown: entries(shown, (value) => typeof value === "boolean"),
    widths: Object.fromEntries(Object.entries(entries(widths, (value): value is number => typeof value === "number" && Number.isFinite(value))).map(([id, width]) => [id, clampWidth(width)])),
  };
}

type Named = Pick<Column<never>, "id" | "fixed" | "pinned" | "startsHidden">;

/** Columns that can be moved stand in the order that was chosen; one it does not know, where the page has it. */
export function inOrder<C extends Named>(columns: readonly C[], layout: GridLayout): C[] {
  const ordered: C[] = [];
  for (const id of layout.order) {
    const found = columns.find((column) => column.id === id && !column.pinned);
    if (found && !ordered.includes(found)) ordered.push(found);
  }
  let before: C | undefined;
  for (const column of columns) {
    if (column.pinned) continue;
    if (!ordered.includes(column)) ordered.splice(before === undefined ? 0 : ordered.indexOf(before) + 1, 0, column);
    before = column;
  }
  return [...ordered, ...columns.filter((column) => column.pinned)];
}

export function isShown(column: Named, layout: GridLayout): boolean {
  return column.fixed === true || (layout.shown[column.id] ?? column.startsHidden !== true);
}

/** The columns to draw. */
export function arranged<Row, Sort extends string>(columns: readonly Column<Row, Sort>[], layout: GridLayout): Column<Row, Sort>[] {
  return inOrder(columns, layout)
    .filter((column) => isShown(column, layout))
    .map((column) => {
      const width = layout.widths[column.id];
      return width === undefined ? column : { ...column, width, grow: false };
    });
}

/** The layout with a column one place earlier (-1) or later (1) among those the chooser lists. */
export function shifted<C extends Named>(columns: readonly C[], layout: GridLayout, id: string, by: -1 | 1): GridLayout {
  const order = inOrder(columns, layout)
    .filter((column) => !column.pinned)
    .map((column) => column.id);
  const from = order.indexOf(id);
  const to = from + by;
  if (from === -1 || to < 0 || to >= order.length) return layout;
  return { ...layout, order: order.toSpliced(from, 1).toSpliced(to, 0, id) };
}

export function withShown(layout: GridLayout, id: string, shown: boolean): GridLayout {
  return { ...layout, shown: { ...layout.shown, [id]: shown } };
}

/** The layout with another width of a column; null gives it its own back. */
export function withWidth(layout: GridLayout, id: string, width: number | null): GridLayout {
  const { [id]: _gone, ...others } = layout.widths;
  return { ...layout, widths: width === null ? others : { ...others, [id]: clampWidth(width) } };
}

export function isStandard(layout: GridLayout): boolean {
  return layout.order.length === 0 && Object.keys(layout.shown).length === 0 && Object.keys(layout.widths).length === 0;
}

/** How far from the right edge each pinned column stands: what stands right of it; and how wide all are together. */
export function pinOffsets(columns: readonly Pick<Column<never>, "id" | "pinned" | "width">[]): { offsets: ReadonlyMap<string, number>; width: number } {
  const offsets = new Map<string, number>();
  let width = 0;
  for (const column of columns.toReversed()) {
    if (!column.pinned) continue;
    offsets.set(column.id, width);
    width += column.width;
  }
  return { offsets, width };
}

/** The column that takes what is left where none grows: the last one that is not pinned. */
export function filling(columns: readonly Pick<Column<never>, "id" | "pinned" | "grow">[]): string | undefined {
  if (columns.some((column) => column.grow)) return undefined;
  return (columns.findLast((column) => !column.pinned) ?? columns.at(-1))?.id;
}
