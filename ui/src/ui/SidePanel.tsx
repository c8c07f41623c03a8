import { X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { IconButton } from "./Button";
import styles from "./SidePanel.module.css";

interface SidePanelProps {
  title: ReactNode;
  /** Beside the title: a badge. */
  badge?: ReactNode;
  onClose: () => void;
  children: ReactNode;
  foot?: ReactNode;
}

/** A full-height panel beside the grid, which it does not cover. Esc closes it; give the focus back to the row in `onClose`. */
export function SidePanel({ title, badge, onClose, children, foot }: SidePanelProps) {
  const id = useId();
  return (
    <aside
      className={styles.panel}
      aria-labelledby={id}
      data-area="panel"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) {
          event.preventDefault();
          onClose();
        }
      }}
    >
      <div className={styles.head}>
        <h2 className={styles.title} id={id} tabIndex={-1}>
          {title}
        </h2>
        {badge}
        <span className="push">
          <IconButton icon={X} label="Close" keys="Escape" onPress={onClose} />
        </span>
      </div>
      <div className={styles.body}>{children}</div>
      {foot ? <div className={styles.foot}>{foot}</div> : null}
    </aside>
  );
}

/** A section of a panel, parted from the next by a hairline. */
export function PanelSection({ title, aside, children }: { title?: ReactNode; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section}>
      {title ? (
        <h3 className={styles.sectionHead}>
          {title}
          {aside}
        </h3>
      ) : null}
      {children}
    </section>
  );
}

/** Names and values, two columns. */
export function Facts({ facts }: { facts: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([label, value]) => (
        <div key={label} className={styles.fact}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
