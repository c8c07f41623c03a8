// Where a key moves the one focus of a grid, and what it does to the selection. Pure: knows no element and no row.

/** A place in the grid; rows and columns from 0. Column is 0 where only rows take the focus. */
export interface Place {
  row: number;
  column: number;
}

export interface Extent {
  rows: number;
  columns: number;
  /** Rows that fit on the screen. */
  page: number;
  /** Whether single cells take the focus, as in the file grid. */
  cells: boolean;
}

/** The parts of a key event that matter. `mod` is Ctrl, or Cmd on macOS. */
export interface Press {
  key: string;
  mod: boolean;
  shift: boolean;
  alt: boolean;
}

function clamp(value: number, last: number): number {
  return Math.max(0, Math.min(value, last));
}

/** Where the focus goes; null when the key does not move it. The edges hold: nothing wraps round. */
export function moved(from: Place, press: Press, extent: Extent): Place | null {
  if (press.alt || extent.rows === 0) return null;
  const last = { row: extent.rows - 1, column: Math.max(0, extent.columns - 1) };
  const to = (row: number, column = from.column): Place => ({ row: clamp(row, last.row), column: clamp(column, last.column) });
  switch (press.key) {
    case "ArrowDown":
      return press.mod ? to(last.row) : to(from.row + 1);
    case "ArrowUp":
      return press.mod ? to(0) : to(from.row - 1);
    case "PageDown":
      return press.mod ? null : to(from.row + Math.max(1, extent.page - 1));
    case "PageUp":
      return press.mod ? null : to(from.row - Math.max(1, extent.page - 1));
    case "Home":
      return extent.cells && !press.mod ? to(from.row, 0) : to(0, extent.cells ? 0 : from.column);
    case "End":
      return extent.cells && !press.mod ? to(from.row, last.column) : to(last.row, extent.cells ? last.column : from.column);
    case "ArrowLeft":
      return extent.cells ? to(from.row, press.mod ? 0 : from.column - 1) : null;
    case "ArrowRight":
      return extent.cells ? to(from.row, press.mod ? last.column : from.column + 1) : null;
    default:
      return null;
  }
}

/** What a key does besides moving. */
export type GridIntent = "open" | "toggle" | "extend" | "select_all" | "copy" | "leave" | null;

/** Keys that move a row's worth or more: with Shift they extend the selection. */
const BY_ROWS = new Set(["ArrowDown", "ArrowUp", "PageDown", "PageUp"]);
const TO_ENDS = new Set(["Home", "End"]);

export function intent(press: Press, selectable: boolean): GridIntent {
  if (press.alt) return null;
  if (press.key === "Enter" && !press.mod && !press.shift) return "open";
  if (press.key === "Escape") return "leave";
  if (press.mod && !press.shift && press.key.toLowerCase() === "c") return "copy";
  if (!selectable) return null;
  if (press.key === " " && !press.mod) return "toggle";
  if (press.mod && !press.shift && press.key.toLowerCase() === "a") return "select_all";
  if (press.shift && (BY_ROWS.has(press.key) || (press.mod && TO_ENDS.has(press.key)))) return "extend";
  return null;
}
