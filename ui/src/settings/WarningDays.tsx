// On how many days before a consent ends Patchbay warns.

import { X } from "lucide-react";
import { useId, useState } from "react";
import { usePreferences } from "../shell/page";
import { Button, TextField } from "../ui";
import { dayProblem } from "./days";
import styles from "./SettingsPage.module.css";

export function WarningDays({ days }: { days: readonly number[] }) {
  const form = useId();
  const { change } = usePreferences();
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const problem = dayProblem(typed, days);
  const add = () => {
    setTried(true);
    if (problem !== null) return;
    void change({ warningDays: [...days, Number(typed)].toSorted((a, b) => b - a) });
    setTyped("");
    setTried(false);
  };
  return (
    <div className="stack">
      <div>
        <p className={styles.label}>Warn before a consent ends</p>
        {days.length === 0 ? <p className="small muted">On no day. Patchbay still says when a consent is gone.</p> : null}
        <ul className={styles.days}>
          {days.map((day) => (
            <li key={day} className={styles.day}>
              {day} {day === 1 ? "day" : "days"}
              <button type="button" aria-label={`Do not warn ${day} ${day === 1 ? "day" : "days"} before`} onClick={() => void change({ warningDays: days.filter((one) => one !== day) })}>
                <X aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      </div>
      <form
        id={form}
        className={styles.port}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextField label="Another warning" name="warningDay" inputMode="numeric" value={typed} onChange={(event) => setTyped(event.target.value)} error={tried || typed !== "" ? problem : null} hint="Days before the end, 1 to 90" />
        <Button type="submit" disabledReason={problem}>
          Add warning
        </Button>
      </form>
    </div>
  );
}
