/** The files of a template: drop, picker, the list with what was read of each. */
import { FileSpreadsheet, Trash2, Upload } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { type Check, type FileSource, host, type Template } from "../../host";
import { bytes, count, counted } from "../../format/number";
import { Button, IconButton, StatusMark } from "../../ui";
import styles from "./Upload.module.css";

/** Hears files held over the window or let go on it; true while they are held over it. */
export function useFileDrop(onFiles: (files: FileSource[]) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });
  useEffect(
    () =>
      host().onDrop((event) => {
        setOver(event.kind === "over");
        if (event.kind === "dropped" && event.files.length > 0) latest.current(event.files);
      }),
    [],
  );
  return over;
}

type Props = {
  template: Template | null;
  check: Check | null;
  busy: boolean;
  over: boolean;
  onChoose: () => void;
  onRemove: (index: number) => void;
};

export function FileDrop({ template, check, busy, over, onChoose, onRemove }: Props) {
  const files = template?.files ?? [];
  return (
    <div className={styles.files}>
      <span className={styles.legend} id="users-label">
        Users{" "}
        <span className={styles.required} aria-hidden="true">
          *
        </span>
        {check && files.length > 0 && <span className="cap num push">{count(check.rows)} of {count(check.maxRows)}</span>}
      </span>
      {files.length > 0 && (
        <ul className={styles.list} aria-labelledby="users-label">
          {files.map((file) => {
            const facts = check?.files[file.index];
            return (
              <li key={`${file.index}-${file.sha256}`} className={styles.file}>
                <FileSpreadsheet aria-hidden="true" />
                <span className={styles.fileName} title={file.path ?? file.name}>
                  {file.name}
                </span>
                {file.changedOnDisk && (
                  <span className={styles.changed}>
                    <StatusMark shape="warn" tone="warn" size={12} />
                    changed on disk since it was read
                  </span>
                )}
                <span className="cap num push nowrap">
                  {facts ? `${counted(facts.rows, "user")}, ` : ""}
                  {bytes(file.bytes)}
                </span>
                <IconButton icon={Trash2} label={`Remove ${file.name} from the template`} tip="Remove from the template" disabledReason={busy ? "A file is being read" : null} onPress={() => onRemove(file.index)} />
              </li>
            );
          })}
        </ul>
      )}
      <div className={[styles.drop, over ? styles.over : "", files.length > 0 ? styles.dropSmall : ""].join(" ")}>
        <FileSpreadsheet aria-hidden="true" />
        <p className="medium">{over ? "Let go to add the files" : files.length > 0 ? "Drop more CSV files here" : "Drop CSV files here"}</p>
        <p className="small soft">together up to 15,000 users, 5 MB a file; comma, semicolon or tab</p>
        <Button icon={Upload} keys="O" busy={busy} onPress={onChoose}>
          Choose files
        </Button>
      </div>
      <p className={styles.hint}>Files are read on this computer. The next step shows every problem and a fix for most of them.</p>
    </div>
  );
}
