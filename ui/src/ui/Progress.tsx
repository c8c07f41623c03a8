import styles from "./Progress.module.css";

export type SegmentTone = "accent" | "ok" | "warn" | "bad" | "idle" | "second";

interface ProgressProps {
  /** What the bar says, in words: "4,210 of 15,000 users done". */
  label: string;
  /** Parts in order; what they leave of `total` stays empty. */
  parts: readonly { value: number; tone?: SegmentTone }[];
  /** None: the end is not known, and the bar is drawn empty. */
  total: number | null;
  height?: 4 | 6 | 10;
}

/** A bar whose lengths are SVG attributes, so no inline style is needed. */
export function Progress({ label, parts, total, height = 6 }: ProgressProps) {
  const whole = total ?? 0;
  const starts = parts.map((_, index) => parts.slice(0, index).reduce((sum, part) => sum + Math.max(0, part.value), 0));
  return (
    <svg className={`${styles.meter} ${styles[`h${height}`]}`} viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={label}>
      {whole > 0
        ? parts.map(({ value, tone = "accent" }, index) => {
            const width = (Math.max(0, value) / whole) * 100;
            const x = ((starts[index] ?? 0) / whole) * 100;
            // The parts of a bar have no identity beyond their place.
            return <rect key={`${tone}-${index}`} className={styles[tone]} x={x} width={Math.max(0, Math.min(width, 100 - x))} height="10" />;
          })
        : null}
    </svg>
  );
}
