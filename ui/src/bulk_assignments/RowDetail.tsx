/** The whole text of the row that has the focus, where its cell is too narrow for it. The cell itself says it to screen readers. */
import styles from "./RowDetail.module.css";

export function RowDetail({ row, text, hint }: { row: string | null; text: string | null; hint: string }) {
  return (
    <p className={styles.detail} aria-hidden="true">
      {row !== null && text ? (
        <>
          <b>{row}</b> {text}
        </>
      ) : (
        hint
      )}
    </p>
  );
}
