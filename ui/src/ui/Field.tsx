// Fields: label above, control, then one line that is a hint or an error, never both.

import { Eye, EyeOff } from "lucide-react";
import { type ChangeEventHandler, type FocusEventHandler, type ReactNode, type Ref, useId, useState } from "react";
import { count } from "../format/number";
import { IconButton } from "./Button";
import { StatusMark } from "./StatusMark";
import styles from "./Field.module.css";

interface Frame {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | null | undefined;
  required?: boolean;
  /** At the right of the label, for instance a counter. */
  aside?: ReactNode;
}

interface Wiring {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
  "aria-required": true | undefined;
}

/** The frame around any control; `children` receives the ids that tie control and line together. */
export function Field({ label, hint, error, required = false, aside, children }: Frame & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const line = `${id}-line`;
  const wiring: Wiring = {
    id,
    "aria-describedby": error || hint ? line : undefined,
    "aria-invalid": error ? true : undefined,
    "aria-required": required || undefined,
  };
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
        {required ? (
          <span className={styles.required} aria-hidden="true">
            *
          </span>
        ) : null}
        {aside ? <span className={`cap num push ${styles.aside}`}>{aside}</span> : null}
      </label>
      {children(wiring)}
      {error ? (
        <span className={styles.error} id={line} role="alert">
          <StatusMark shape="bad" tone="bad" size={12} />
          <span>{error}</span>
        </span>
      ) : hint ? (
        <span className={styles.hint} id={line}>
          {hint}
        </span>
      ) : null}
    </div>
  );
}

/** What React Hook Form's `register` gives, or what a page passes itself. */
interface InputProps {
  name?: string;
  value?: string;
  defaultValue?: string;
  onChange?: ChangeEventHandler<HTMLInputElement>;
  onBlur?: FocusEventHandler<HTMLInputElement>;
  ref?: Ref<HTMLInputElement>;
  placeholder?: string;
  autoFocus?: boolean;
  autoComplete?: string;
  inputMode?: "text" | "email" | "url" | "numeric";
  spellCheck?: boolean;
  mono?: boolean;
}

type TextFieldProps = Frame &
  InputProps & {
    /** Shows a counter and an error past it; the length is the caller's value. */
    limit?: number;
    /** Length for the counter when the field is uncontrolled. */
    length?: number;
  };

export function TextField({ label, hint, error, required, aside, limit, length, mono = false, ...input }: TextFieldProps) {
  const used = length ?? input.value?.length ?? 0;
  const past = limit !== undefined && used > limit;
  const counter = limit !== undefined && used > limit * 0.8 ? `${count(used)} of ${count(limit)}` : null;
  const tooLong = past ? `${count(used - limit)} characters too long.` : null;
  const shown = error ?? tooLong;
  return (
    <Field label={label} hint={hint} error={shown} aside={counter ?? aside} {...(required ? { required } : {})}>
      {(wiring) => <input {...wiring} {...input} className={`${styles.input} ${mono ? "mono" : ""} ${shown ? styles.bad : ""}`} type="text" autoComplete={input.autoComplete ?? "off"} />}
    </Field>
  );
}

interface AreaProps {
  name?: string;
  value?: string;
  onChange?: ChangeEventHandler<HTMLTextAreaElement>;
  onBlur?: FocusEventHandler<HTMLTextAreaElement>;
  ref?: Ref<HTMLTextAreaElement>;
  rows?: number;
}

export function TextArea({ label, hint, error, required, aside, rows = 2, ...area }: Frame & AreaProps) {
  return (
    <Field label={label} hint={hint} error={error} aside={aside} {...(required ? { required } : {})}>
      {(wiring) => <textarea {...wiring} {...area} rows={rows} className={`${styles.input} ${styles.area} ${error ? styles.bad : ""}`} />}
    </Field>
  );
}

interface SelectProps {
  name?: string;
  value?: string;
  defaultValue?: string;
  onChange?: ChangeEventHandler<HTMLSelectElement>;
  onBlur?: FocusEventHandler<HTMLSelectElement>;
  ref?: Ref<HTMLSelectElement>;
  /** `<option>`s. */
  children: ReactNode;
  disabledReason?: string;
}

export function SelectField({ label, hint, error, required, aside, children, disabledReason, ...select }: Frame & SelectProps) {
  return (
    <Field label={label} hint={disabledReason ?? hint} error={error} aside={aside} {...(required ? { required } : {})}>
      {(wiring) => (
        <select {...wiring} {...select} disabled={Boolean(disabledReason)} className={`${styles.input} ${styles.select} ${error ? styles.bad : ""}`}>
          {children}
        </select>
      )}
    </Field>
  );
}

/** A value that cannot be changed here; selectable, so that it can be copied. */
export function ReadField({ label, hint, value, mono = false, empty = "not known yet" }: { label: ReactNode; hint?: ReactNode; value: string | null; mono?: boolean; empty?: string }) {
  return (
    <Field label={label} hint={hint}>
      {(wiring) => <input {...wiring} readOnly className={`${styles.input} ${styles.read} ${mono && value ? "mono" : ""}`} value={value ?? ""} placeholder={empty} />}
    </Field>
  );
}

interface SecretFieldProps extends Frame {
  value: string;
  onChange: (value: string) => void;
  name: string;
  placeholder?: string;
  autoFocus?: boolean;
  autoComplete?: "new-password" | "current-password" | "off";
}

/** A secret: dots with a reveal button; shown while it is being corrected. */
export function SecretField({ label, hint, error, required, aside, value, onChange, name, placeholder, autoFocus, autoComplete = "off" }: SecretFieldProps) {
  const [revealed, setRevealed] = useState(false);
  const shown = revealed || Boolean(error);
  const what = typeof label === "string" ? label : name;
  return (
    <Field label={label} hint={hint} error={error} aside={aside} {...(required ? { required } : {})}>
      {(wiring) => (
        <span className={`${styles.input} ${styles.withButton} ${error ? styles.bad : ""}`}>
          <input {...wiring} name={name} type={shown ? "text" : "password"} value={value} onChange={(event) => onChange(event.target.value)} placeholder={placeholder} autoFocus={autoFocus} autoComplete={autoComplete} spellCheck={false} />
          <IconButton icon={shown ? EyeOff : Eye} label={shown ? `Hide ${what}` : `Show ${what}`} onPress={() => setRevealed(!shown)} />
        </span>
      )}
    </Field>
  );
}

interface ToggleProps {
  label: ReactNode;
  hint?: ReactNode;
  name?: string;
  checked?: boolean;
  defaultChecked?: boolean;
  onChange?: ChangeEventHandler<HTMLInputElement>;
  onBlur?: FocusEventHandler<HTMLInputElement>;
  ref?: Ref<HTMLInputElement>;
}

/** The words of a toggle: the label names it, the hint describes it. */
function Named({ id, label, hint }: { id: string; label: ReactNode; hint?: ReactNode }) {
  return (
    <>
      <span id={id}>{label}</span>
      {hint ? (
        <span id={`${id}-hint`} className={`${styles.hint} ${styles.block}`}>
          {hint}
        </span>
      ) : null}
    </>
  );
}

/** On or off, taken at once or with the form. */
export function Switch({ label, hint, ...input }: ToggleProps) {
  const id = useId();
  return (
    <label className={styles.switch}>
      <input {...input} type="checkbox" role="switch" aria-labelledby={id} aria-describedby={hint ? `${id}-hint` : undefined} />
      <span className={styles.switchText}>
        <Named id={id} label={label} hint={hint} />
      </span>
    </label>
  );
}

/** A box to tick; its whole label is the target. */
export function Checkbox({ label, hint, hideLabel = false, ...input }: ToggleProps & { hideLabel?: boolean }) {
  const id = useId();
  return (
    <label className={styles.checkbox}>
      <input {...input} type="checkbox" className={styles.check} aria-labelledby={id} aria-describedby={hint ? `${id}-hint` : undefined} />
      <span className={hideLabel ? "sr" : ""}>
        <Named id={id} label={label} hint={hint} />
      </span>
    </label>
  );
}

/** One of several, with a line about each. */
export function RadioField<V extends string>({ legend, name, value, choices, onChange }: { legend: string; name: string; value: V; choices: readonly { value: V; label: string; hint?: ReactNode; disabledReason?: string | null }[]; onChange: (value: V) => void }) {
  const id = useId();
  return (
    <fieldset className="stack">
      <legend className="sr">{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className={styles.radio}>
          <input type="radio" name={name} value={choice.value} checked={value === choice.value} disabled={Boolean(choice.disabledReason)} onChange={() => onChange(choice.value)} aria-labelledby={`${id}-${choice.value}`} aria-describedby={(choice.disabledReason ?? choice.hint) ? `${id}-${choice.value}-hint` : undefined} />
          <span>
            <Named id={`${id}-${choice.value}`} label={choice.label} hint={choice.disabledReason ?? choice.hint} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}
