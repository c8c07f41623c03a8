/**
 * The rows of a template's files in the grid: cells that can be walked, edited and fixed with the keyboard alone.
 * What is wrong stands in the last column of the same row, with the one fix that is certain.
 */
import { type ReactNode, type Ref, useCallback, useImperativeHandle, useMemo, useRef, useState } from "react";
import type { CellColumn, CellRef, CheckedCell, CheckedRow } from "../../host";
import { count } from "../../format/number";
import { type CellContext, type Column, DataGrid, type GridHandle, type RowWindows } from "../../grid";
import { columnWords } from "../wording";
import { CellEditor } from "./CellEditor";
import styles from "./FileGrid.module.css";
import { CellValue, Problem } from "./FileCell";
import { isLeftOut, shortly } from "./problems";

export type FileGridHandle = {
  /** Gives a place the focus and brings it into view; the row counts under the filter, from 0. */
  go: (row: number, column: CellColumn | "head" | "problem") => void;
  /** The place that holds the grid's tab stop. */
  active: () => { row: CheckedRow; index: number; column: CellColumn | "head" | "problem" } | null;
};

type Props = {
  label: string;
  template: string;
  /** What each rule is called. */
  titles: ReadonlyMap<string, string>;
  rows: RowWindows<CheckedRow>;
  columns: readonly CellColumn[];
  /** More than one file: rows are named by file and row. */
  manyFiles: boolean;
  /** Why nothing can be changed, or null. */
  readOnly: string | null;
  /** Carries a change out; resolves to true when the grid shows it. */
  onKeep: (cell: CellRef, value: string) => Promise<boolean>;
  onFix: (row: CheckedRow, column: CellColumn | null) => void;
  onVisible: (first: number, last: number) => void;
  /** The row that has the focus, by its position under the filter. */
  onFocusRow: (index: number) => void;
  empty: ReactNode;
  footer: ReactNode;
  ref: Ref<FileGridHandle>;
};

/** What fits a value and its mark; together they leave the problem its room in the narrowest window. */
const widths: Record<CellColumn, number> = { ext_key: 80, user_name: 142, identity_uuid: 190, number: 146 };

/** Columns before the first cell: the row's number. */
const HEAD_COLUMNS = 1;

const sameCell = (a: CellRef | null, row: CheckedRow, column: CellColumn) => a !== null && a.file === row.file && a.row === row.row && a.column === column;
const cellIn = (row: CheckedRow, column: CellColumn): CheckedCell | undefined => row.cells.find((cell) => cell.column === column);
const rowKey = (row: CheckedRow) => `${row.file}:${row.row}`;

export function FileGrid({ label, template, titles, rows, columns, manyFiles, readOnly, onKeep, onFix, onVisible, onFocusRow, empty, footer, ref }: Props) {
  const grid = useRef<GridHandle>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [editing, setEditing] = useState<CellRef | null>(null);

  /** The tab stop as the page has it: the one place that cannot disagree with what the person sees. */
  const stop = useCallback(() => {
    const cell = frame.current?.querySelector<HTMLElement>('tbody [data-column][tabindex="0"]');
    const index = Number(cell?.closest("tr")?.dataset["index"]);
    const place = Number(cell?.dataset["column"]);
    return Number.isInteger(index) && Number.isInteger(place) ? { index, place } : null;
  }, []);

  useImperativeHandle(ref, () => ({
    go: (row, column) => grid.current?.focus(row, column === "head" ? 0 : HEAD_COLUMNS + (column === "problem" ? columns.length : Math.max(0, columns.indexOf(column)))),
    active: () => {
      const at = stop();
      const row = at ? rows.row(at.index) : undefined;
      return at && row ? { row, index: at.index, column: at.place < HEAD_COLUMNS ? "head" : (columns[at.place - HEAD_COLUMNS] ?? "problem") } : null;
    },
  }));

  const edit = (row: CheckedRow, column: CellColumn) => {
    if (readOnly === null) setEditing({ file: row.file, row: row.row, column });
  };

  const leave = useCallback(
    (index: number, place: number) => {
      setEditing(null);
      grid.current?.focus(index, place);
    },
    [],
  );

  const gridColumns = useMemo((): Column<CheckedRow>[] => {
    const cellColumn = (column: CellColumn, place: number): Column<CheckedRow> => ({
      id: column,
      header: columnWords[column],
      width: widths[column],
      text: (row) => [column === "identity_uuid" ? (cellIn(row, column)?.value ?? "") : "", ...row.issues.filter((issue) => issue.column === column).map((issue) => issue.message)].filter(Boolean).join(" · "),
      className: (row) => {
        if (sameCell(editing, row, column)) return styles.editing;
        const severity = cellIn(row, column)?.severity;
        return [column === "user_name" ? "" : styles.mono, severity === "error" ? styles.bad : severity === "warning" ? styles.warn : ""].join(" ");
      },
      cell: (row, context: CellContext) => {
        const cell = cellIn(row, column);
        if (!cell) return null;
        if (!sameCell(editing, row, column)) return <CellValue cell={cell} leftOut={cell.severity === "error" && isLeftOut(row)} />;
        const here = HEAD_COLUMNS + place;
        return (
          <CellEditor
            template={template}
            cell={{ file: row.file, row: row.row, column }}
            value={cell.value}
            onKeep={async (value, step) => {
              if (value === cell.value || (await onKeep({ file: row.file, row: row.row, column }, value))) leave(context.index, here + step);
            }}
            onLeave={() => leave(context.index, here)}
          />
        );
      },
    });
    return [
      {
        id: "row",
        header: "Row",
        width: manyFiles ? 76 : 58,
        align: "right",
        rowHeader: true,
        text: (row) => `Line ${count(row.line)} of the file`,
        className: () => styles.rown,
        cell: (row) => (manyFiles ? `${row.file + 1} · ${count(row.row)}` : count(row.row)),
      },
      ...columns.map(cellColumn),
      {
        id: "problem",
        header: "Problem and fix",
        width: 200,
        grow: true,
        text: (row) => row.issues.map((issue) => issue.message).join(" "),
        cell: (row) => <Problem row={row} words={shortly(row, titles)} readOnly={readOnly !== null} onFix={(column) => onFix(row, column)} />,
      },
    ];
  }, [columns, editing, manyFiles, readOnly, template, titles, onKeep, onFix, leave]);

  return (
    <div
      className={styles.frame}
      ref={frame}
      onFocus={(event) => {
        const index = (event.target as HTMLElement).closest("tr")?.dataset["index"];
        if (index !== undefined) onFocusRow(Number(index));
      }}
    >
      <DataGrid
        ref={grid}
        className={styles.file}
        label={label}
        noun="rows"
        cursor="cell"
        columns={gridColumns}
        rows={rows}
        rowKey={rowKey}
        onVisible={onVisible}
        onOpen={(row, _index, place) => {
          const column = columns[place - HEAD_COLUMNS];
          if (column) edit(row, column);
          else if (place > HEAD_COLUMNS) onFix(row, null);
        }}
        onKey={(event, row, place) => {
          const column = columns[place.column - HEAD_COLUMNS];
          if (event.key !== "F2" || !row || !column) return;
          event.preventDefault();
          edit(row, column);
        }}
        empty={empty}
        footer={footer}
      />
    </div>
  );
}
