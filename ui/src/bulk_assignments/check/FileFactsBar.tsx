/** What was read of each file, and how full the template is. */
import { FileSpreadsheet } from "lucide-react";
import type { Check, FileFacts } from "../../host";
import { bytes, count, counted } from "../../format/number";
import { Progress } from "../../ui/Progress";
import { delimiterName } from "../wording";
import styles from "./FileFactsBar.module.css";

/** The one value all files share, or the different ones. */
function shared(files: readonly FileFacts[], value: (file: FileFacts) => string): string {
  return [...new Set(files.map(value))].join(" / ");
}

export function FileFactsBar({ check }: { check: Check }) {
  const { files } = check;
  const biggest = Math.max(0, ...files.map((file) => file.bytes));
  return (
    <dl className={styles.facts}>
      <div className={styles.file}>
        <dt className="sr">{files.length === 1 ? "File" : "Files"}</dt>
        <dd className={styles.fileText} title={files.map((file) => file.name).join(", ")}>
          <FileSpreadsheet aria-hidden="true" />
          <span className={styles.name}>{files.length <= 1 ? (files[0]?.name ?? "no file") : `${counted(files.length, "file")}: ${files.map((file) => file.name).join(", ")}`}</span>
        </dd>
      </div>
      <div>
        <dt>Encoding</dt>
        <dd>{shared(files, (file) => file.encoding)}</dd>
      </div>
      <div>
        <dt>Delimiter</dt>
        <dd>{shared(files, (file) => delimiterName(file.delimiter))}</dd>
      </div>
      <div className={styles.columns}>
        <dt>Columns</dt>
        <dd title={shared(files, (file) => file.columns.join(", "))}>{shared(files, (file) => file.columns.join(", "))}</dd>
      </div>
      <div className={styles.meter}>
        <dt>Rows</dt>
        <dd>
          {count(check.rows)} <span className={styles.of}>of {count(check.maxRows)}</span>
        </dd>
        <dd>
          <Progress height={4} total={check.maxRows} parts={[{ value: Math.min(check.rows, check.maxRows), tone: check.rows > check.maxRows ? "bad" : "accent" }]} label={`${count(check.rows)} of ${count(check.maxRows)} rows`} />
        </dd>
      </div>
      <div className={styles.meter}>
        <dt>{files.length > 1 ? "Biggest file" : "Size"}</dt>
        <dd>
          {bytes(biggest)} <span className={styles.of}>of {bytes(check.maxBytes)}</span>
        </dd>
        <dd>
          <Progress height={4} total={check.maxBytes} parts={[{ value: Math.min(biggest, check.maxBytes), tone: biggest > check.maxBytes ? "bad" : "accent" }]} label={`${bytes(biggest)} of ${bytes(check.maxBytes)}`} />
        </dd>
      </div>
    </dl>
  );
}
