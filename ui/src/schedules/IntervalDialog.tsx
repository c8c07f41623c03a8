import { useId, useState } from "react";
import { fieldError, type Schedule, useAction } from "../host";
import { Button, Dialog, FailureNote, SelectField, TextField } from "../ui";
import styles from "./Schedules.module.css";
import { everyWords, intervalProblem, kindWord, split, type Unit, UNITS } from "./words";

/** How often something runs by itself. */
export function IntervalDialog({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const form = useId();
  const before = split(schedule.everyMinutes);
  const [amount, setAmount] = useState(String(before.amount));
  const [unit, setUnit] = useState<Unit>(before.unit);
  const set = useAction("schedules.setEvery");
  const problem = intervalProblem(amount, unit);
  const minutes = Number(amount) * UNITS[unit];
  const refused = fieldError(set.failure, "everyMinutes");
  const submit = async () => {
    if (problem !== null || minutes === schedule.everyMinutes) return;
    const changed = await set.run({ schedule: schedule.id, everyMinutes: minutes });
    if (changed) onClose();
  };
  return (
    <Dialog
      title={`How often: ${kindWord(schedule.kind)} of ${schedule.organisationName}`}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Keep {everyWords(schedule.everyMinutes)}</Button>
          <Button kind="primary" type="submit" form={form} busy={set.busy} disabledReason={problem ?? (minutes === schedule.everyMinutes ? "Nothing has changed." : null)}>
            Change interval
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.interval}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField label="Every" name="amount" inputMode="numeric" autoFocus required value={amount} onChange={(event) => setAmount(event.target.value)} error={refused ?? problem} hint="15 minutes to 30 days" />
        <SelectField label="Unit" value={unit} onChange={(event) => setUnit(event.target.value as Unit)}>
          {Object.keys(UNITS).map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </SelectField>
      </form>
      {set.failure && refused === null ? <FailureNote failure={set.failure} /> : null}
    </Dialog>
  );
}
