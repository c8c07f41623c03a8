/** Where a row stands among all files of a template. Pure. */
import type { CellColumn, CellRef, FileFacts } from "../../host/generated";

/** Rows of all files counted through, from 0. */
export function overallIndex(files: readonly FileFacts[], file: number, row: number): number {
  let before = 0;
  for (const facts of files.slice(0, file)) before += facts.rows;
  return before + row - 1;
}

/** The data row at an overall index; null when there is none. */
export function rowAt(files: readonly FileFacts[], overall: number): { file: number; row: number } | null {
  if (overall < 0) return null;
  let before = 0;
  for (const [file, facts] of files.entries()) {
    if (overall < before + facts.rows) return { file, row: overall - before + 1 };
    before += facts.rows;
  }
  return null;
}

/** The place just before a row, to look for the first problem at or after it; null for the start of the files. */
export function justBefore(files: readonly FileFacts[], overall: number, lastColumn: CellRef["column"]): CellRef | null {
  const place = rowAt(files, overall - 1);
  return place && { ...place, column: lastColumn };
}

/**
 * The cell after (or before) which to look for the next problem, from a place in the grid: from a row's head the whole
 * row lies ahead, from its problem the whole row lies behind. Null: from the very start or end.
 */
export function lookFrom(files: readonly FileFacts[], at: { file: number; row: number }, column: CellColumn | "head" | "problem", backwards: boolean, first: CellColumn, last: CellColumn): CellRef | null {
  const overall = overallIndex(files, at.file, at.row);
  if (column === "head") return backwards ? { file: at.file, row: at.row, column: first } : justBefore(files, overall, last);
  if (column !== "problem") return { file: at.file, row: at.row, column };
  if (!backwards) return { file: at.file, row: at.row, column: last };
  const next = rowAt(files, overall + 1);
  return next && { ...next, column: first };
}
