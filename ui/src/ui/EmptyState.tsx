import type { ReactNode } from "react";
import type { Icon } from "./Button";
import styles from "./EmptyState.module.css";

/** What will be here, and the one action that fills it. */
export function EmptyState({ icon: IconShape, title, children, action }: { icon?: Icon; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.empty}>
      {IconShape ? <IconShape aria-hidden="true" /> : null}
      <p className="strong">{title}</p>
      {children ? <div className="small soft">{children}</div> : null}
      {action ? <div className={styles.action}>{action}</div> : null}
    </div>
  );
}

/** A whole page or panel that is still being read. Said only if it takes a moment. */
export function Loading({ what }: { what: string }) {
  return (
    <div className={styles.loading} role="status" aria-busy="true">
      <p>Reading {what}…</p>
      <div className={styles.bars} aria-hidden="true">
        <span />
        <span />
        <span />
      </div>
    </div>
  );
}
