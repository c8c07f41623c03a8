import { type ReactNode, useId } from "react";
import styles from "./Overview.module.css";

interface PaneProps {
  title: string;
  /** Beside the title: a count, a stretch of time. */
  note?: ReactNode;
  /** At the right end: the way to the page of it. */
  link?: ReactNode;
  wide?: boolean;
  right?: boolean;
  flush?: boolean;
  children: ReactNode;
}

/** One part of the overview. It says its own failure, so that the others stay. */
export function Pane({ title, note, link, wide = false, right = false, flush = false, children }: PaneProps) {
  const id = useId();
  return (
    <section className={[styles.pane, wide ? styles.wide : "", right ? styles.right : "", flush ? styles.flush : ""].filter(Boolean).join(" ")} aria-labelledby={id}>
      <div className={styles.paneHead}>
        <h2 className={styles.paneTitle} id={id}>
          {title}
        </h2>
        {note ? <span className={`cap num ${styles.note}`}>{note}</span> : null}
        {link ? <span className={`push small ${styles.paneLink}`}>{link}</span> : null}
      </div>
      {children}
    </section>
  );
}
