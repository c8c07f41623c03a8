import type { ReactNode } from "react";
import { type MarkShape, StatusMark } from "./StatusMark";
import styles from "./Banner.module.css";

/** `quiet` for what lasts and asks for nothing. */
export type BannerTone = "quiet" | "info" | "ok" | "warn" | "bad";

const MARKS: Record<BannerTone, MarkShape> = { quiet: "info", info: "info", ok: "done", warn: "warn", bad: "bad" };

interface BannerProps {
  tone: BannerTone;
  /** The strong first sentence. */
  title: ReactNode;
  /** The detail: what next. */
  children?: ReactNode;
  /** At most two buttons. */
  actions?: ReactNode;
  /** Another mark where the meaning asks for it, for instance `wait` for a slow-down. */
  shape?: MarkShape;
  /** Full width under the head instead of a box. */
  edge?: boolean;
}

/** Says a state of the page. At most one a page; warn and bad stay until solved. */
export function Banner({ tone, title, children, actions, shape, edge = false }: BannerProps) {
  return (
    <div className={`${styles.banner} ${styles[tone]} ${edge ? styles.edge : ""} ${actions ? styles.withActions : ""}`} role={tone === "bad" ? "alert" : "status"} data-banner={edge || undefined}>
      <StatusMark shape={shape ?? MARKS[tone]} />
      <div className={styles.body}>
        <span className={styles.title}>{title}</span>
        {children ? <> {children}</> : null}
      </div>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  );
}
