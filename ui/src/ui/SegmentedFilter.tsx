import type { ReactNode } from "react";
import { count } from "../format/number";
import { type MarkShape, StatusMark, type Tone } from "./StatusMark";
import styles from "./SegmentedFilter.module.css";

export interface Segment<V extends string> {
  value: V;
  label: ReactNode;
  count?: number | undefined;
  shape?: MarkShape;
  tone?: Tone;
}

/** A filter over a closed set, as pressed buttons in one frame. */
export function SegmentedFilter<V extends string>({ label, value, segments, onChange }: { label: string; value: V; segments: readonly Segment<V>[]; onChange: (value: V) => void }) {
  return (
    <div className={styles.segments} role="group" aria-label={label}>
      {segments.map((segment) => (
        <button key={segment.value} type="button" className={styles.segment} aria-pressed={segment.value === value} onClick={() => onChange(segment.value)}>
          {segment.shape ? <StatusMark shape={segment.shape} {...(segment.tone ? { tone: segment.tone } : {})} /> : null}
          {segment.label}
          {segment.count === undefined ? null : <span className={styles.count}>{count(segment.count)}</span>}
        </button>
      ))}
    </div>
  );
}
