import { FolderOpen } from "lucide-react";
import { bytes, counted } from "../format/number";
import { asFailure, type Folder, host, useCommand } from "../host";
import { Button, CopyButton, FailureNote, toastFailure } from "../ui";
import styles from "./SettingsPage.module.css";

function size(folder: Folder): string {
  if (folder.bytes === null && folder.files === 0) return "not there yet";
  return `${folder.bytes === null ? "size not known" : bytes(folder.bytes)}, ${counted(folder.files, "file")}`;
}

/** Where data and logs are, how big, and the way there. */
export function Folders() {
  const { data, error, refetch } = useCommand("app.folders", {});
  const inWindow = host().kind === "window";
  const open = (which: "data" | "logs") => {
    host()
      .openFolder(which)
      .catch((thrown: unknown) => toastFailure(asFailure(thrown, "opening the folder")));
  };
  if (error) return <FailureNote failure={error} onRetry={() => void refetch()} />;
  if (data === undefined) return null;
  return (
    <dl className={styles.folders}>
      {(
        [
          ["data", "Data folder", data.data],
          ["logs", "Log folder", data.logs],
        ] as const
      ).map(([which, label, folder]) => (
        <div key={which} className={styles.folder}>
          <dt>{label}</dt>
          <dd>
            <span className="mono break">{folder.path}</span>
            <span className="cap nowrap">{size(folder)}</span>
          </dd>
          <dd className={styles.folderActions}>
            <CopyButton text={folder.path} what={label.toLowerCase()} />
            {inWindow ? (
              <Button small icon={FolderOpen} aria-label={`Open ${label.toLowerCase()}`} onPress={() => open(which)}>
                Open
              </Button>
            ) : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
