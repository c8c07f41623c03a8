import type { SecretEdit } from "../host";
import { LinkButton, ReadField, SecretField } from "../ui";
import styles from "./Organisation.module.css";

interface ProxyFieldProps {
  label: string;
  name: string;
  /** The stored one with user and password masked. */
  stored: string | null;
  edit: SecretEdit;
  error: string | null | undefined;
  onChange: (edit: SecretEdit) => void;
}

/** A proxy is a secret: what is stored is shown masked and can be replaced or forgotten, never read back. */
export function ProxyField({ label, name, stored, edit, error, onChange }: ProxyFieldProps) {
  if (edit.kind === "keep" && stored !== null && !error) {
    return (
      <ReadField
        label={label}
        value={stored}
        hint={
          <span className={styles.secretHint}>
            Stored encrypted
            <LinkButton onPress={() => onChange({ kind: "set", value: "" })}>Replace {label}</LinkButton>
            <LinkButton onPress={() => onChange({ kind: "clear" })}>Remove {label}</LinkButton>
          </span>
        }
      />
    );
  }
  return (
    <SecretField
      label={label}
      name={name}
      value={edit.kind === "set" ? edit.value : ""}
      placeholder="http://user:password@host:port"
      error={error}
      onChange={(value) => onChange(value === "" && stored === null ? { kind: "keep" } : { kind: "set", value })}
      hint={
        stored === null ? (
          "Stored encrypted"
        ) : (
          <span className={styles.secretHint}>
            {edit.kind === "clear" ? "Will be removed" : "Replaces what is stored"}
            <LinkButton onPress={() => onChange({ kind: "keep" })}>Keep the stored one</LinkButton>
          </span>
        )
      }
    />
  );
}
