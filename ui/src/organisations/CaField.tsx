import { FileBadge } from "lucide-react";
import { useState } from "react";
import { counted } from "../format/number";
import type { CaEdit, CaFile } from "../host";
import { host } from "../host";
import { Button, Field, LinkButton } from "../ui";
import styles from "./Organisation.module.css";

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** What stands in the box: the stored file, the chosen one, or that there is none. */
function words(stored: CaFile | null, edit: CaEdit): string {
  switch (edit.kind) {
    case "keep":
      return stored === null ? "None" : stored.name;
    case "clear":
      return "None after saving";
    case "path":
      return nameOf(edit.path);
    case "content":
      return edit.name;
  }
}

/** Certificate authorities of the customer's own network, beside those of the system. */
export function CaField({ stored, edit, error, onChange }: { stored: CaFile | null; edit: CaEdit; error: string | null; onChange: (edit: CaEdit) => void }) {
  const [unreadable, setUnreadable] = useState(false);
  const choose = async () => {
    setUnreadable(false);
    try {
      const file = await host().pickFile("certificate");
      if (file !== null) onChange(file);
    } catch {
      setUnreadable(true);
    }
  };
  return (
    <Field
      label="Extra Certificates"
      error={error ?? (unreadable ? "The file could not be read. Choose it again." : null)}
      hint={
        <span className={styles.secretHint}>
          {edit.kind === "path" || edit.kind === "content" ? "Read when it is saved" : edit.kind === "keep" && stored !== null ? `${counted(stored.certificates, "certificate")} beside the system’s` : "Of a network with a CA of its own, as PEM"}
          {edit.kind === "keep" && stored !== null ? <LinkButton onPress={() => onChange({ kind: "clear" })}>Remove certificates</LinkButton> : null}
          {edit.kind === "keep" ? null : <LinkButton onPress={() => onChange({ kind: "keep" })}>{stored === null ? "Take the choice back" : "Keep the stored ones"}</LinkButton>}
        </span>
      }
    >
      {(wiring) => (
        <span className={styles.file}>
          <input {...wiring} name="caFile" readOnly className={`${styles.fileName} ${edit.kind === "keep" && stored === null ? styles.fileNone : ""} ${error ? styles.fileBad : ""}`} value={words(stored, edit)} />
          <Button icon={FileBadge} onPress={() => void choose()}>
            {stored === null && edit.kind === "keep" ? "Choose…" : "Replace…"}
          </Button>
        </span>
      )}
    </Field>
  );
}
