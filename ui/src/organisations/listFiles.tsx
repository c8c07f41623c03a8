// The list of organisations as a file: written without secrets, read back after a look at what it would do.

import { useState } from "react";
import { counted } from "../format/number";
import { fileStamp } from "../format/time";
import { asFailure, type Failure, host, type ImportAction, type ImportEntry, type Imported, type ImportPlan, type ListFormat, type ListSource, useAction } from "../host";
import { Banner, Button, Dialog, FailureNote, type MarkShape, Status, Switch, toast, toastFailure, type Tone } from "../ui";
import { FIELD_LABELS } from "./fields";
import styles from "./Import.module.css";

/** Saves the list where the person says. */
export function useListExport() {
  const { run } = useAction("organisations.export", toastFailure);
  return async (format: ListFormat) => {
    const path = await host().pickSavePath({ title: "Export organisations", name: `organisations-${fileStamp(new Date())}.${format}` });
    if (path === null) return;
    const saved = await run({ path, format });
    if (saved) toast({ tone: "ok", title: `Exported ${counted(saved.rows, "organisation")}`, detail: `${saved.path}. Tokens, client secrets and proxy passwords are not in it.` });
  };
}

const ACTIONS: Record<ImportAction, { word: string; shape: MarkShape; tone: Tone }> = {
  create: { word: "New", shape: "add", tone: "busy" },
  update: { word: "Changes", shape: "half", tone: "busy" },
  same: { word: "Same", shape: "part", tone: "idle" },
  refuse: { word: "Refused", shape: "bad", tone: "bad" },
};

function fieldWord(field: string): string {
  return FIELD_LABELS[field as keyof typeof FIELD_LABELS] ?? field;
}

function said({ action, changes, message }: ImportEntry, update: boolean): string {
  if (message !== null) return message;
  if (action === "update") return update ? changes.map(fieldWord).join(", ") : `Left as it is; the file differs in ${changes.map(fieldWord).join(", ")}`;
  return action === "create" ? "Is added, not connected yet" : "Nothing to do";
}

function Entries({ plan, update }: { plan: ImportPlan; update: boolean }) {
  return (
    <div className={styles.entries} tabIndex={0} role="region" aria-label="What the file holds">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col" className={styles.line}>
              Line
            </th>
            <th scope="col">Organisation</th>
            <th scope="col" className={styles.action}>
              What happens
            </th>
            <th scope="col">Fields, or why not</th>
          </tr>
        </thead>
        <tbody>
          {plan.entries.map((entry) => {
            const words = entry.action === "update" && !update ? { word: "Left", shape: "skip" as const, tone: "idle" as const } : ACTIONS[entry.action];
            return (
              <tr key={`${entry.line}-${entry.name}`}>
                <td className={`num muted ${styles.line}`}>{entry.line}</td>
                <th scope="row">{entry.name === "" ? <span className="muted">without a name</span> : entry.name}</th>
                <td>
                  <Status shape={words.shape} tone={words.tone}>
                    {words.word}
                  </Status>
                </td>
                <td className={entry.action === "refuse" ? "t-bad" : "soft"}>{said(entry, update)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Result({ imported, onClose }: { imported: Imported; onClose: () => void }) {
  const { created, updated, left, same, refused } = imported;
  return (
    <Dialog title="Organisations imported" onClose={onClose} actions={<Button kind="primary" autoFocus onPress={onClose}>Show organisations</Button>}>
      <Banner tone={refused > 0 ? "warn" : "ok"} title={`${counted(created, "organisation")} added, ${updated} changed.`}>
        {same} the same{left > 0 ? `; ${left} that ${left === 1 ? "differs was" : "differ were"} left as ${left === 1 ? "it is" : "they are"}` : ""}
        {refused > 0 ? `; ${counted(refused, "line")} refused.` : "."}
      </Banner>
      {created > 0 ? <p>Files hold no tokens: connect the new organisations to Webex before work can run in them.</p> : null}
    </Dialog>
  );
}

/** Shows what importing would do, then does it. */
export function ImportDialog({ source, plan, onClose }: { source: ListSource; plan: ImportPlan; onClose: () => void }) {
  const [update, setUpdate] = useState(true);
  const [imported, setImported] = useState<Imported | null>(null);
  const send = useAction("organisations.import");
  const of = (action: ImportAction) => plan.entries.filter((entry) => entry.action === action).length;
  if (imported !== null) return <Result imported={imported} onClose={onClose} />;
  const [creates, updates, refused] = [of("create"), of("update"), of("refuse")];
  const work = creates + (update ? updates : 0);
  return (
    <Dialog
      title="Import organisations"
      size="huge"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            busy={send.busy}
            disabledReason={work === 0 ? "There is nothing to import." : null}
            onPress={() => void send.run({ source, update }).then((done) => (done ? setImported(done) : undefined))}
          >
            Import {counted(work, "organisation")}
          </Button>
        </>
      }
    >
      <p>
        {counted(plan.entries.length, "organisation")} in the file: {creates} new, {updates} that {updates === 1 ? "differs" : "differ"}, {of("same")} the same, {refused} refused. Nothing has been changed yet.
      </p>
      {plan.unknown.length > 0 ? (
        <Banner tone="warn" title={`${counted(plan.unknown.length, "column")} left out.`}>
          Patchbay does not know {plan.unknown.join(", ")}.
        </Banner>
      ) : null}
      {updates > 0 ? <Switch label="Change organisations that are there already" hint="They take the fields of the file; tokens and secrets stay." checked={update} onChange={(event) => setUpdate(event.target.checked)} /> : null}
      {plan.entries.length > 0 ? <Entries plan={plan} update={update} /> : null}
      {send.failure ? <FailureNote failure={send.failure} /> : null}
    </Dialog>
  );
}

/** Lets the person choose a list and reads it; what cannot be read is told in the corner. */
export function useListImport() {
  const { run, busy } = useAction("organisations.importPreview", toastFailure);
  const [open, setOpen] = useState<{ source: ListSource; plan: ImportPlan } | null>(null);
  const choose = async () => {
    const source = await host()
      .pickFile("organisations")
      .catch((thrown: unknown): null => {
        const failure: Failure = asFailure(thrown, "reading the list");
        toastFailure({ ...failure, code: "file", message: "The list could not be read. Choose it again." });
        return null;
      });
    if (source === null) return;
    const plan = await run({ source });
    if (plan) setOpen({ source, plan });
  };
  return { choose, busy, dialog: open === null ? null : <ImportDialog {...open} onClose={() => setOpen(null)} /> };
}
