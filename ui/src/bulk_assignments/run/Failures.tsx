/** The rows that failed so far, the newest first, while the run goes on. */
import { useNavigate } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useMemo } from "react";
import type { Reply, ReportRow, RunProgress } from "../../host";
import { count } from "../../format/number";
import { clockWithSeconds } from "../../format/time";
import { type Column, DataGrid, useRowWindows } from "../../grid";
import { Button, Copy, EmptyState, LinkButton, Status } from "../../ui";
import { useExport } from "../report/useExport";
import { outcomeWords } from "../wording";
import styles from "./RunPage.module.css";

const readRows = (reply: Reply<"runs.report">) => ({ total: reply.total, rows: reply.rows });

const columns: readonly Column<ReportRow>[] = [
  { id: "row", header: "Row", width: 72, align: "right", rowHeader: true, cell: (row) => count(row.row) },
  { id: "ext", header: "Ext Key", width: 72, cell: (row) => row.extKey },
  { id: "user", header: "User", width: 156, text: (row) => row.user ?? row.identity, cell: (row) => <span className="medium">{row.user ?? row.identity}</span> },
  {
    id: "what",
    header: "What happened",
    width: 200,
    grow: true,
    text: (row) => row.message ?? "",
    cell: (row) => (
      <Status shape={outcomeWords[row.outcome].shape} tone={outcomeWords[row.outcome].tone}>
        {row.message ?? outcomeWords[row.outcome].label}
      </Status>
    ),
  },
  { id: "code", header: "Answer", width: 110, cell: (row) => (row.answer === null ? <span className="muted">not sent</span> : <span className="mono soft">{row.answer}</span>) },
  { id: "tracking", header: "Tracking id", width: 156, cell: (row, { tabIndex }) => (row.trackingId === null ? null : <Copy text={row.trackingId} what="tracking id" tabIndex={tabIndex} />) },
  { id: "time", header: "Time", width: 108, cell: (row) => <span className="soft">{row.finishedAt === null ? "" : clockWithSeconds(row.finishedAt)}</span> },
];

export function Failures({ run, template }: { run: RunProgress; template: string }) {
  const navigate = useNavigate();
  const query = useMemo(() => ({ run: run.id, filter: { outcome: "failed" as const, code: null, search: null, sort: { column: "finished" as const, descending: true } } }), [run.id]);
  const rows = useRowWindows("runs.report", query, readRows);
  const exportReport = useExport(run);
  const first = run.causes.find((cause) => cause.outcome === "failed");
  return (
    <section className={styles.failures} aria-labelledby="failures">
      <div className={styles.bar}>
        <h2 className={styles.title} id="failures">
          {run.endedAt === null ? "Failures so far" : "Failures"}
        </h2>
        <span className="cap num">
          {run.failed === 0 ? "none" : `${count(run.failed)} of ${count(run.rows - run.pending)}`}
          {first ? `, first cause: ${first.title} (${count(first.rows)})` : ""}
        </span>
        <span className="push row">
          <LinkButton onPress={() => void navigate({ to: "/bulk/$template/report", params: { template } })}>All rows</LinkButton>
          <Button small icon={Download} disabledReason={run.failed === 0 ? "Nothing has failed" : null} busy={exportReport.busy} onPress={() => void exportReport.save("reimport", query.filter)}>
            Export
          </Button>
        </span>
      </div>
      <DataGrid label="Failures so far" noun="failures" columns={columns} rows={rows} rowKey={(row) => `${row.row}`} empty={<EmptyState title={run.endedAt === null ? "Nothing has failed so far" : "No row failed"}>{run.endedAt === null ? "A row that fails appears here at once, with its reason and its tracking id." : ""}</EmptyState>} />
    </section>
  );
}
