// Controls of the filter row.

import type { Ref } from "react";
import { useLeaving, useTyped } from "../ui";

/** Filters by part of a value; told a moment after the last letter. Esc leaves, a second Esc clears. */
export function TextFilter({ label, value, onChange, placeholder = "contains", ref }: { label: string; value: string; onChange: (value: string) => void; placeholder?: string; ref?: Ref<HTMLInputElement> }) {
  const { typed, set, clear } = useTyped(value, onChange);
  const leaving = useLeaving(typed === "" ? null : clear);
  return (
    <input
      ref={ref}
      type="text"
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => set(event.target.value)}
      onKeyDown={leaving}
    />
  );
}

export interface FilterChoice {
  value: string;
  label: string;
}

/** Not a value of any column: nothing is filtered. */
const EVERY = "\u0000every";

/** Filters by one of a set; null is all. A value that is set and no longer offered stays in the list, so that it is seen. Esc leaves, a second Esc chooses all. */
export function ChoiceFilter({ label, value, choices, onChange, ref }: { label: string; value: string | null; choices: readonly FilterChoice[]; onChange: (value: string | null) => void; ref?: Ref<HTMLSelectElement> }) {
  const gone = value !== null && !choices.some((choice) => choice.value === value);
  const leaving = useLeaving(value === null ? null : () => onChange(null));
  return (
    <select ref={ref} aria-label={label} value={value ?? EVERY} onKeyDown={leaving} onChange={(event) => onChange(event.target.value === EVERY ? null : event.target.value)}>
      <option value={EVERY}>All</option>
      {gone ? <option value={value}>{value === "" ? "none" : value}</option> : null}
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}
