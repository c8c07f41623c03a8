import styles from "./FirstRunPage.module.css";

const ROWS = [24, 58, 92];
const COLUMNS = Array.from({ length: 11 }, (_, column) => 24 + column * 34);

/** The jack field with three cords: decoration, on this page only. */
export function JackField() {
  return (
    <svg className={styles.jackfield} viewBox="0 0 388 150" aria-hidden="true">
      {ROWS.map((y) =>
        COLUMNS.map((x) => (
          <g key={`${x}-${y}`}>
            <circle className={styles.ring} cx={x} cy={y} r="9" />
            <circle className={styles.hole} cx={x} cy={y} r="3.4" />
          </g>
        )),
      )}
      <path className={`${styles.cord} ${styles.cord1}`} d="M58 24C58 156 160 156 160 92" />
      <circle className={`${styles.plug} ${styles.plug1}`} cx="58" cy="24" r="6" />
      <circle className={`${styles.plug} ${styles.plug1}`} cx="160" cy="92" r="6" />
      <path className={`${styles.cord} ${styles.cord2}`} d="M126 58C126 132 262 132 262 24" />
      <circle className={`${styles.plug} ${styles.plug2}`} cx="126" cy="58" r="6" />
      <circle className={`${styles.plug} ${styles.plug2}`} cx="262" cy="24" r="6" />
      <path className={`${styles.cord} ${styles.cord3}`} d="M228 92C228 144 330 144 330 58" />
      <circle className={`${styles.plug} ${styles.plug3}`} cx="228" cy="92" r="6" />
      <circle className={`${styles.plug} ${styles.plug3}`} cx="330" cy="58" r="6" />
    </svg>
  );
}
