// Saving everything into one file, and taking it back at the next start.

import { useState } from "react";
import { counted } from "../format/number";
import { fileStamp, fullMoment } from "../format/time";
import { asFailure, type Failure, host, useAction, useCommand } from "../host";
import { Banner, Button, ConfirmDialog, FailureNote, toast, toastFailure } from "../ui";

export function Backups() {
  const ready = useCommand("app.info", {}).data?.restoreWaiting ?? null;
  const save = useAction("backups.save", toastFailure);
  const restore = useAction("backups.restore");
  const cancel = useAction("backups.cancelRestore", toastFailure);
  const [restart, setRestart] = useState<Failure | null>(null);
  const [asking, setAsking] = useState(false);
  const inWindow = host().kind === "window";

  const write = async () => {
    const path = await host().pickSavePath({ title: "Back up Patchbay", name: `patchbay-backup-${fileStamp(new Date())}.db` });
    if (path === null) return;
    const saved = await save.run({ path });
    if (saved) toast({ tone: "ok", title: "Backup saved", detail: `${saved.path}. Its secrets stay encrypted: keep the passphrase or the keychain they belong to.` });
  };
  const choose = async () => {
    restore.reset();
    const file = await host()
      .pickFile("backup")
      .catch(() => null);
    if (file === null || file.kind !== "path") return;
    await restore.run({ path: file.path });
  };
  const again = () => {
    setAsking(false);
    setRestart(null);
    host()
      .restart()
      .catch((thrown: unknown) => setRestart(asFailure(thrown, "starting again")));
  };

  return (
    <div className="stack">
      <p className="small soft">A backup holds organisations, templates, reports, transactions, settings and the encrypted secrets, in one file.</p>
      {ready ? (
        <Banner
          tone="warn"
          shape="wait"
          title="A backup waits for the next start."
          actions={
            <>
              <Button busy={cancel.busy} onPress={() => void cancel.run({})}>
                Cancel restore
              </Button>
              {inWindow ? <Button onPress={() => setAsking(true)}>Restart now…</Button> : null}
            </>
          }
        >
          <span className="mono break">{ready.file}</span> was made {fullMoment(ready.madeAt)}{ready.version === null ? "" : ` by Patchbay ${ready.version}`}, with {counted(ready.organisations, "organisation")}. {ready.secrets ? "Its secrets can be read with the key that is here." : "Its secrets cannot be read with the key that is here: organisations will have to be connected again."} What is here now is kept aside.
          {inWindow ? "" : " Start Patchbay again to take it."}
        </Banner>
      ) : null}
      {restore.failure ? <FailureNote failure={restore.failure} /> : null}
      {restart ? <FailureNote failure={restart} /> : null}
      <div className="row">
        <Button busy={save.busy} onPress={() => void write()}>
          Back up…
        </Button>
        <Button busy={restore.busy} onPress={() => void choose()}>
          Restore…
        </Button>
      </div>
      {asking && ready ? (
        <ConfirmDialog
          title="Restart and restore?"
          consequences={[`Everything here is replaced by the backup of ${fullMoment(ready.madeAt)}.`, "Runs at work are paused first; no row is lost at Webex, but what was assigned since the backup is not in its reports.", "What is here now is kept beside it in the data folder."]}
          action="Restart and restore"
          safe="Not now"
          onConfirm={again}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}
