import { caps } from "./platform";
import styles from "./Kbd.module.css";

/** Key caps of a shortcut written `Mod+Shift+O`; `Mod` is Cmd on macOS, else Ctrl. Decoration: the action is found without it. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={styles.keys} aria-hidden="true">
      {caps(keys).map((cap) => (
        <kbd key={cap} className={styles.cap}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}
