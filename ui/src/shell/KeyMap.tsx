import { Dialog, Kbd } from "../ui";
import { onMac } from "../ui/platform";
import styles from "./KeyMap.module.css";
import { usePreferences } from "./preferences";
import { type Shortcut, useBoundShortcuts } from "./shortcuts";

const IN_GRIDS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [["ArrowUp", "ArrowDown"], "Previous, next row"],
  [["PageUp", "PageDown"], "A screen up, down"],
  [["Home", "End"], "First, last row"],
  [["Enter"], "Open the row"],
  [[" "], "Select the row"],
  [["Shift+ArrowDown"], "Select on from here"],
  [["Mod+A"], "Select all rows"],
];

/** What the keys do here: the page's, the grid's, and those that work everywhere. */
export function KeyMap({ onClose }: { onClose: () => void }) {
  const groups = useBoundShortcuts();
  const { preferences } = usePreferences();
  // A key that the page has taken does what the page says.
  const taken = new Set<string>();
  const shown = new Map<string, Shortcut[]>();
  for (const { title, shortcuts } of groups.toReversed()) {
    const free = shortcuts().filter(({ keys }) => !taken.has(keys));
    for (const { keys } of free) taken.add(keys);
    shown.set(title, [...(shown.get(title) ?? []), ...free]);
  }
  return (
    <Dialog title="Keyboard" onClose={onClose} dismissable size="wide">
      {preferences?.singleLetterKeys === false ? <p>Single letters are turned off in Settings.</p> : null}
      {[...shown].map(([title, shortcuts]) => (
        <section key={title}>
          <h3 className={styles.title}>{title}</h3>
          <dl className={styles.keys}>
            {shortcuts.map(({ keys, label }) => (
              <div key={keys} className={styles.key}>
                <dt>
                  <Kbd keys={keys} />
                  <span className="sr">{keys.replace("Mod", onMac ? "Command" : "Control")}</span>
                </dt>
                <dd>{label}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <section>
        <h3 className={styles.title}>In grids</h3>
        <dl className={styles.keys}>
          {IN_GRIDS.map(([keys, does]) => (
            <div key={does} className={styles.key}>
              <dt>
                {keys.map((one) => (
                  <Kbd key={one} keys={one} />
                ))}
                <span className="sr">{keys.join(", ")}</span>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </section>
    </Dialog>
  );
}
