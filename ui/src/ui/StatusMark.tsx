// One shape for each meaning, in all pages (design.md, "Status mark"). Colour is the third signal, after shape and word.

import type { ReactNode } from "react";
import styles from "./StatusMark.module.css";

export type MarkShape =
  | "none"
  | "half"
  | "most"
  | "done"
  | "part"
  | "ask"
  | "skip"
  | "wait"
  | "warn"
  | "bad"
  | "disc"
  | "ring"
  | "info"
  | "add"
  | "busy";
export type Tone = "idle" | "ok" | "warn" | "bad" | "busy";

const ring = <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />;

const SHAPES: Record<Exclude<MarkShape, "busy">, ReactNode> = {
  none: <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.4 2.5" />,
  half: (
    <>
      {ring}
      <path fill="currentColor" d="M8 4.2a3.8 3.8 0 0 1 0 7.6z" />
    </>
  ),
  most: (
    <>
      {ring}
      <path fill="currentColor" d="M8 8V4.2A3.8 3.8 0 1 1 4.2 8z" />
    </>
  ),
  done: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path className={styles.cut} d="m4.9 8.2 2.1 2.1 4.1-4.4" strokeLinejoin="round" />
    </>
  ),
  part: (
    <>
      {ring}
      <path d="M4.8 8h6.4" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
  ask: (
    <>
      {ring}
      <path d="M6.1 6.3a1.95 1.95 0 1 1 2.7 1.8c-.5.24-.8.55-.8 1.2M8 11.4v.1" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
    </>
  ),
  skip: (
    <>
      {ring}
      <path d="m4 12 8-8" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  wait: (
    <>
      {ring}
      <path d="M8 4.8V8l2.2 1.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
    </>
  ),
  warn: (
    <>
      <path fill="currentColor" d="M6.9 1.9a1.25 1.25 0 0 1 2.2 0l5.6 10.3a1.25 1.25 0 0 1-1.1 1.85H2.4A1.25 1.25 0 0 1 1.3 12.2z" />
      <path className={styles.cut} d="M8 5.6v3.2M8 11.4v.1" />
    </>
  ),
  bad: (
    <>
      <path fill="currentColor" d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" />
      <path className={styles.cut} d="M8 4.6v4M8 11.2v.1" />
    </>
  ),
  disc: <circle cx="8" cy="8" r="5" fill="currentColor" />,
  ring: <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="2" />,
  info: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path className={styles.cut} d="M8 7.4v3.8M8 4.8v.1" />
    </>
  ),
  add: (
    <>
      <rect x="1.75" y="1.75" width="12.5" height="12.5" rx="3" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 4.9v6.2M4.9 8h6.2" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" />
    </>
  ),
};

interface StatusMarkProps {
  shape: MarkShape;
  /** Without a tone the mark takes the colour of the text around it. */
  tone?: Tone;
  size?: 12 | 14 | 16;
}

/** The bare mark; hidden from screen readers because its word always stands beside it. `busy` turns. */
export function StatusMark({ shape, tone, size = 14 }: StatusMarkProps) {
  const className = `${styles.mark} ${styles[`s${size}`]} ${tone ? styles[tone] : ""}`;
  if (shape === "busy") {
    return (
      <svg className={`${className} ${styles.spin}`} viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6" />
        <path d="M8 2a6 6 0 0 1 6 6" />
      </svg>
    );
  }
  return (
    <svg className={className} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[shape]}
    </svg>
  );
}

/** Mark and word, for grids and sentences. */
export function Status({ shape, tone, children }: StatusMarkProps & { children: ReactNode }) {
  return (
    <span className={styles.status}>
      <StatusMark shape={shape} {...(tone ? { tone } : {})} />
      <span className="clip">{children}</span>
    </span>
  );
}

/** A 20 px pill for the state of a whole object; never in grid rows. */
export function Badge({ shape, tone = "idle", children }: { shape?: MarkShape; tone?: Tone; children: ReactNode }) {
  return (
    <span className={`${styles.badge} ${styles[`badge_${tone}`]} ${shape ? "" : styles.plain}`}>
      {shape ? <StatusMark shape={shape} size={12} /> : null}
      {children}
    </span>
  );
}

/** A square, bordered property (not a state): "Wholesale", an add-on. */
export function Tag({ added = false, children }: { added?: boolean; children: ReactNode }) {
  return <span className={`${styles.tag} ${added ? styles.tagAdded : ""}`}>{children}</span>;
}
