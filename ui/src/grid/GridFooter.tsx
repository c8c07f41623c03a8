import type { ReactNode } from "react";
import { Kbd } from "../ui/Kbd";
import styles from "./GridFooter.module.css";

/** The bar under a grid: words at the left, keys and what they do at the right. */
export function GridFooter({ children, keys = [] }: { children: ReactNode; keys?: readonly (readonly [keys: string, does: string])[] }) {
  return (
    <>
      <span className={styles.words}>{children}</span>
      <span className={`push hide-small ${styles.keys}`}>
        {keys.map(([key, does]) => (
          <span key={key} className={styles.key}>
            <Kbd keys={key} /> {does}
          </span>
        ))}
      </span>
    </>
  );
}
