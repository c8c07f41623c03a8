// The frame of a page: its title in the window and for screen readers, its head, its content and its panel.

import { type ReactNode, useEffect, useRef } from "react";
import { useAttention } from "../notifications/notices";
import { announce } from "./announce";
import styles from "./Page.module.css";

interface PageProps {
  /** Names the page in the window title and when it is reached. */
  title: string;
  head: ReactNode;
  children: ReactNode;
  /** A `SidePanel` beside head and content. */
  panel?: ReactNode;
}

/** The address at which the focus was last put; null until the first page is shown, which takes none. */
let focusedAt: string | null = null;

/** Puts the focus on the title of a page that was just reached, unless something on it has it already. */
function focusTitle(frame: HTMLElement | null): void {
  const here = window.location.hash.split("?")[0] ?? "";
  const active = document.activeElement;
  const lost = active === null || active === document.body;
  const arrived = focusedAt !== null && focusedAt !== here && !frame?.contains(active);
  if (focusedAt !== null && (lost || arrived)) frame?.querySelector("h1")?.focus({ preventScroll: true });
  focusedAt = here;
}

export function Page({ title, head, children, panel }: PageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const attention = useAttention().length;
  useEffect(() => {
    document.title = `${attention > 0 ? `(${attention}) ` : ""}${title} · Patchbay`;
  }, [title, attention]);
  useEffect(() => {
    announce(title);
    focusTitle(frame.current);
  }, [title]);
  return (
    <div className={styles.frame} ref={frame}>
      <div className={styles.page}>
        {head}
        <div className={styles.content} data-area="content" tabIndex={-1}>
          {children}
        </div>
      </div>
      {panel}
    </div>
  );
}

interface PageHeadProps {
  title: ReactNode;
  /** A link to the page above: `<Link to="/bulk">Bulk assignment</Link>`. */
  parent?: ReactNode;
  badge?: ReactNode;
  freshness?: ReactNode;
  /** Buttons, the primary one last. */
  actions?: ReactNode;
}

/** One line: title with its parent, state, age of the data, actions. Holds the only `h1`. */
export function PageHead({ title, parent, badge, freshness, actions }: PageHeadProps) {
  return (
    <header className={styles.head} data-area="head">
      <div className={styles.titles}>
        {parent ? (
          <nav className={styles.parent} aria-label="Above this page">
            {parent}
            <span className={styles.separator} aria-hidden="true">
              /
            </span>
          </nav>
        ) : null}
        <h1 className={styles.title} tabIndex={-1}>
          {title}
        </h1>
      </div>
      {badge}
      {freshness}
      <div className={styles.actions}>{actions}</div>
    </header>
  );
}

/** The 44 px bar under the head: filters at the left, search at the right. */
export function PageBar({ children }: { children: ReactNode }) {
  return <div className={styles.bar}>{children}</div>;
}
