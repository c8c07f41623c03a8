/** What a file must look like: two samples to save and the rules in short. */
import { Download } from "lucide-react";
import { host, type SampleKind, useAction } from "../../host";
import { Button, toast, toastFailure } from "../../ui";
import styles from "./Upload.module.css";

const titles: Record<SampleKind, string> = { name: "File with User’s Name", uuid: "File with Identity UUID" };
const columns: Record<SampleKind, readonly string[]> = { name: ["Ext Key", "User’s Name", "Number"], uuid: ["Ext Key", "Identity UUID", "Number"] };
const rows: Record<SampleKind, readonly (readonly string[])[]> = {
  name: [
    ["101", "Tony", "+6512345678"],
    ["102", "Jane", ""],
  ],
  uuid: [
    ["101", "652d2f57-6e3b-…-4f1e98c88b56", "+6512345678"],
    ["102", "7bccb66a-61bc-…-7fd5e4b1708e", ""],
  ],
};

/** Saves a sample file where the person says. */
export function useSampleSave(): (kind: SampleKind) => Promise<void> {
  const { run } = useAction("bulkAssignments.saveSample", toastFailure);
  return async (kind) => {
    const path = await host().pickSavePath({ title: "Save sample file", name: kind === "name" ? "sample-by-name.csv" : "sample-by-uuid.csv" });
    if (path === null) return;
    const saved = await run({ kind, path });
    if (saved) toast({ tone: "ok", title: "Sample file saved", detail: saved.path });
  };
}

export function FileNeeds() {
  const save = useSampleSave();
  return (
    <aside className={styles.side} aria-label="What the file needs">
      {(["name", "uuid"] as const).map((kind) => (
        <section key={kind} className={styles.section} aria-label={titles[kind]}>
          <h2 className={styles.sectionHead}>
            {titles[kind]}
            <span className="push">
              <Button small icon={Download} aria-label={`Save sample: ${titles[kind]}`} onPress={() => void save(kind)}>
                Sample
              </Button>
            </span>
          </h2>
          <table className={styles.sample}>
            <thead>
              <tr>
                {columns[kind].map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows[kind].map((cells) => (
                <tr key={cells[0]}>
                  {cells.map((cell, index) => (
                    <td key={columns[kind][index]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {kind === "uuid" && <p className="cap">Two users can share a name, never a UUID. Prefer this file.</p>}
        </section>
      ))}
      <section className={styles.section} aria-label="Rules">
        <h2 className={styles.sectionHead}>Rules</h2>
        <dl className={styles.rules}>
          <dt>Ext Key</dt>
          <dd>required, 3 to 5 digits, once in the template. It is newly created.</dd>
          <dt>User</dt>
          <dd>required. Names or UUIDs, not both in one file. Must have no extension yet.</dd>
          <dt>Number</dt>
          <dd>may be blank or have no column; one per user, with the leading +.</dd>
          <dt>Size</dt>
          <dd>15,000 users over all files of a template, 5 MB a file. More users need another template.</dd>
        </dl>
      </section>
    </aside>
  );
}
