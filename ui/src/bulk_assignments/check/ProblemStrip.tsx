/** Where problems lie in all files, beside the scroll bar. A shortcut for the pointer: F8 leads to the same places. */
import type { Severity } from "../../host";
import { useCommand } from "../../host";
import styles from "./ProblemStrip.module.css";

/** Stretches that the files are cut into. */
const BUCKETS = 160;

type Props = {
  template: string;
  /** Rows of all files. */
  rows: number;
  /** Overall indexes of the first and the last row in view, or null when nothing is. */
  view: { from: number; to: number } | null;
  /** Brings the rows from this overall index into view. */
  onJump: (overall: number) => void;
};

const tones: Record<Severity, string | undefined> = { error: styles.error, warning: styles.warning };

export function ProblemStrip({ template, rows, view, onJump }: Props) {
  const strip = useCommand("bulkAssignments.strip", { template, buckets: BUCKETS }, { keepPrevious: true });
  const buckets = strip.data?.buckets ?? [];
  const shown = view && rows > 0 ? { y: (view.from / rows) * BUCKETS, height: Math.max(2, ((view.to - view.from + 1) / rows) * BUCKETS) } : null;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={styles.strip}
      aria-label="Where problems lie in the files. Click to go there; F8 goes from one to the next."
      title="Where problems lie"
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        onJump(Math.min(rows - 1, Math.max(0, Math.floor(((event.clientY - box.top) / box.height) * rows))));
      }}
    >
      <svg className={styles.drawing} viewBox={`0 0 12 ${BUCKETS}`} preserveAspectRatio="none" aria-hidden="true">
        {/* A stretch has no identity but its place. */}
        {buckets.map((severity, index) => severity && <rect key={`${index}`} className={tones[severity]} x={2} y={(index * BUCKETS) / buckets.length} width={8} height={Math.max(0.7, BUCKETS / buckets.length - 0.3)} />)}
        {shown && <rect className={styles.view} x={0.5} y={Math.min(shown.y, BUCKETS - shown.height)} width={11} height={shown.height} />}
      </svg>
    </button>
  );
}
