/** The value of one cell, and what is wrong in its row. */
import type { CellColumn, CheckedCell, CheckedRow } from "../../host";
import { StatusMark } from "../../ui/StatusMark";
import { columnWords } from "../wording";
import styles from "./FileGrid.module.css";

/** `leftOut`: nothing is wrong in the file; Webex would refuse the row, so it is left out. */
export function CellValue({ cell, leftOut }: { cell: CheckedCell; leftOut: boolean }) {
  const tone = cell.severity === "error" ? "bad" : "warn";
  return (
    <span className={styles.cellIn}>
      <span className={styles.clip}>
        {cell.value === "" && cell.severity === "error" ? <em className={styles.blank}>blank</em> : <Segments cell={cell} />}
        {cell.edited && <span className="sr">, changed</span>}
      </span>
      {cell.severity && (
        <>
          <span className="sr">, {leftOut ? "left out" : cell.severity}</span>
          <StatusMark shape={leftOut ? "skip" : tone} tone={tone} size={12} />
        </>
      )}
    </span>
  );
}

/** The value with what cannot be seen drawn as dots on a marked ground and named for a screen reader. */
function Segments({ cell }: { cell: CheckedCell }) {
  if (cell.segments.length === 0) return <>{cell.value}</>;
  return (
    <>
      {cell.segments.map((segment, place) => {
        // A stretch has no identity beyond its place in the cell.
        const key = `${place}`;
        if (!segment.marked) return <span key={key}>{segment.text}</span>;
        return (
          <span key={key}>
            <span className={styles.space} aria-hidden="true">
              {segment.text}
            </span>
            <span className="sr">{segment.label ?? "invisible characters"}</span>
          </span>
        );
      })}
    </>
  );
}

/** What is wrong in a row, and the first fix that is certain. The button is for the pointer: Enter here and Ctrl . do the same. */
export function Problem({ row, words, readOnly, onFix }: { row: CheckedRow; words: string; readOnly: boolean; onFix: (column: CellColumn) => void }) {
  const fix = readOnly ? undefined : row.issues.find((issue) => issue.fix !== null && issue.column !== null);
  const column = fix?.column;
  return (
    <span className={styles.problemIn}>
      <span className={styles.sentence} aria-hidden="true">
        {words}
      </span>
      <span className="sr">{row.issues.map((issue) => issue.message).join(" ")}</span>
      {fix && column && (
        <button type="button" className={styles.link} tabIndex={-1} aria-label={`${fix.fixLabel ?? `Use ${fix.fix}`}: ${columnWords[column]} of row ${row.row}`} onClick={() => onFix(column)}>
          {fix.fixLabel ?? `Use ${fix.fix}`}
        </button>
      )}
    </span>
  );
}
