import { Dialog, Kbd } from "../ui";
import { onMac } from "../ui/platform";
import styles from "./KeyMap.module.css";
import { usePreferences } from "./preferences";
import { useBoundShortcuts } from "./shortcuts";

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
  return (
    <Dialog title="Keyboard" onClose={onClose} dismissable size="wide">
      {preferences?.singleLetterKeys === false ? <p>Single letters are turned off in Settings.</p> : null}
      {groups.toReversed().map((group) => (
        <section key={group.title}>
          <h3 className={styles.title}>{group.title}</h3>
          <dl className={styles.keys}>
            {group.shortcuts().map(({ keys, label }) => (
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
