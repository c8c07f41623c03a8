/** Step 5: one line per row, what can be tried again, and what to hand on. */
import { useNavigate, useParams } from "@tanstack/react-router";
import { ClipboardCopy, Download, RefreshCw } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { asFailure, carryOut, type ItemState, type Reply, type ReportColumn, type ReportFilter, type ReportRow, type RunProgress, type Template, useAction } from "../../host";
import { count, counted } from "../../format/number";
import { moment, took } from "../../format/time";
import { useNow } from "../../format/useNow";
import { type Column, DataGrid, GridFooter, useRowWindows } from "../../grid";
import { announce, Page, useShortcuts } from "../../shell/page";
import { Button, Checkbox, Copy, copyText, EmptyState, LinkButton, Menu, SearchField, type Segment, SegmentedFilter, Status, toast, toastFailure } from "../../ui";
import { ChosenRule } from "../ChosenRule";
import { OfRun } from "../Opening";
import { RowDetail } from "../RowDetail";
import { RunFigures } from "../run/RunFigures";
import { TemplateHead } from "../TemplateHead";
import { type ReportView, reportView, usePageView } from "../views";
import { outcomeWords } from "../wording";
import styles from "./ReportPage.module.css";
import { useExport } from "./useExport";

/** Rows that can be retried are keyed by their number, the others so that a selection can leave them out. */
const NOT_RETRYABLE = "x";
const rowKey = (row: ReportRow) => (row.outcome === "failed" ? `${row.row}` : `${NOT_RETRYABLE}${row.row}`);

const PAGE = 500;

/** The numbers of all failed rows that the filter leaves. */
async function failedRows(run: string, filter: ReportFilter): Promise<Set<string>> {
  const found = new Set<string>();
  if (filter.outcome !== null && filter.outcome !== "failed") return found;
  for (let offset = 0; ; offset += PAGE) {
    const reply = await carryOut("runs.report", { run, filter: { ...filter, outcome: "failed" }, offset, limit: PAGE });
    for (const row of reply.rows) found.add(rowKey(row));
    if (reply.rows.length === 0 || offset + reply.rows.length >= reply.total) return found;
  }
}

const readRows = (reply: Reply<"runs.report">) => ({ total: reply.total, rows: reply.rows });

export function ReportPage() {
  const { template } = useParams({ from: "/bulk/$template/report" });
  return (
    <OfRun id={template} title="Report" step="report" what="the report" emptyTitle="There is no report yet" empty="Every row of the template will be listed here with its outcome once it has run.">
      {(of, run) => <Report template={of} run={run} />}
    </OfRun>
  );
}

function Report({ template, run }: { template: Template; run: RunProgress }) {
  const navigate = useNavigate();
  const now = useNow();
  const searchField = useRef<HTMLInputElement>(null);
  const [view, setView] = usePageView<ReportView>("bulk.report", reportView, ["sort", "descending"]);
  const outcome = view.outcome ?? "all";
  const sort = view.sort ? { column: view.sort, descending: view.descending ?? false } : null;
  const filter = useMemo(
    (): ReportFilter => ({ outcome: outcome === "all" ? null : outcome, code: view.code ?? null, search: view.search ?? null, sort: view.sort ? { column: view.sort, descending: view.descending ?? false } : null }),
    [outcome, view.code, view.search, view.sort, view.descending],
  );
  const query = useMemo(() => ({ run: run.id, filter }), [run.id, filter]);
  const rows = useRowWindows("runs.report", query, readRows);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<ReportRow | null>(null);
  const retry = useAction("runs.retry", toastFailure);
  const exportReport = useExport(run);

  const chosen = selected.size;
  const retryable = chosen > 0 ? chosen : run.failed;
  const open = run.state === "running" || run.state === "paused" || run.state === "interrupted";
  const retryOff = open ? "The run has not ended yet" : retryable === 0 ? "No row failed" : null;
  const again = async () => {
    const draft = await retry.run({ run: run.id, rows: chosen > 0 ? [...selected].map(Number) : null });
    if (!draft) return;
    announce(`${counted(draft.totalUsers, "row")} are in the new draft ${draft.name}.`);
    await navigate({ to: "/bulk/$template/plan", params: { template: draft.id } });
  };
  const copySummary = async () => {
    try {
      const { text } = await carryOut("runs.summary", { run: run.id });
      if (await copyText(text, "summary")) toast({ tone: "ok", title: "Summary copied" });
    } catch (thrown) {
      toastFailure(asFailure(thrown, "runs.summary"));
    }
  };
  const everything: ReportFilter = { outcome: null, code: null, search: null, sort: null };
  const narrowed = outcome !== "all" || view.code !== undefined || view.search !== undefined;
  const exportActions = [
    { id: "reimport", label: "For re-import", detail: "Loss-free: +6512345678 as it is. Feed it in again to go on with what failed.", onPress: () => void exportReport.save("reimport", everything) },
    { id: "spreadsheet", label: "For a spreadsheet", detail: "No cell is taken for a formula. Not for re-import.", onPress: () => void exportReport.save("spreadsheet", everything) },
    ...(narrowed
      ? [
          { id: "view_reimport", label: `These ${count(rows.total)} rows, for re-import`, detail: "Only what the filter shows, in its order.", onPress: () => void exportReport.save("reimport", filter) },
          { id: "view_spreadsheet", label: `These ${count(rows.total)} rows, for a spreadsheet`, detail: "Only what the filter shows, in its order.", onPress: () => void exportReport.save("spreadsheet", filter) },
        ]
      : []),
  ];

  useShortcuts([
    { keys: "E", label: "Export the report for re-import", run: () => void exportReport.save("reimport", filter) },
    { keys: "R", label: "Retry", run: () => void again(), off: retryOff },
    { keys: "/", label: "Search in the report", run: () => searchField.current?.focus() },
  ]);

  const segment = (state: ItemState, value: number): Segment<ItemState | "all"> => ({ value: state, label: outcomeWords[state].label, count: value, shape: outcomeWords[state].shape, tone: outcomeWords[state].tone });
  const cause = run.causes.find((one) => one.code === view.code);
  const select = (keys: ReadonlySet<string>) => {
    const failed = new Set([...keys].filter((key) => !key.startsWith(NOT_RETRYABLE)));
    if (failed.size < keys.size) announce("Only failed rows can be selected: they can be retried.");
    setSelected(failed);
  };
  const selectAll = async () => {
    try {
      setSelected(await failedRows(run.id, filter));
    } catch (thrown) {
      toastFailure(asFailure(thrown, "runs.report"));
    }
  };
  const columns = reportColumns(selected, select, run.failed, () => void (chosen > 0 ? setSelected(new Set()) : selectAll()));

  return (
    <Page
      title={`Report of ${run.name}`}
      head={
        <TemplateHead
          template={template}
          title={run.name}
          step="report"
          run={run.state}
          note={open ? "The run goes on; this report grows with it" : null}
          actions={
            <>
              <Button icon={ClipboardCopy} onPress={() => void copySummary()}>
                Copy summary
              </Button>
              <Menu label="Export report" icon={Download} keys="E" actions={exportActions} />
              <Button kind={retryOff ? "default" : "primary"} icon={RefreshCw} keys="R" disabledReason={retryOff} busy={retry.busy} onPress={() => void again()}>
                {retryable === 0 ? "Retry" : `Retry ${count(retryable)}`}
              </Button>
            </>
          }
        />
      }
    >
      <RunFigures
        run={run}
        figure={run.assigned + run.already}
        words={`of ${count(run.rows)} assigned${run.already > 0 ? `, ${count(run.already)} of them before` : ""}`}
        facts={[
          ["Started", moment(run.startedAt, now)],
          ["Took", took(run.startedAt, run.endedAt, now)],
          ["By", run.who],
          ["Slow-downs", count(run.throttled)],
        ]}
      >
        <p className={styles.sentence}>
          {sentence(run)}{" "}
          {run.causes.slice(0, 4).map((one) => (
            <span key={`${one.code}-${one.outcome}`} className={styles.cause}>
              <LinkButton onPress={() => setView({ code: one.code, outcome: one.outcome })}>{one.title}</LinkButton>
              {` (${count(one.rows)} ${outcomeWords[one.outcome].label.toLowerCase()})`}
            </span>
          ))}
        </p>
      </RunFigures>
      <div className={styles.bar}>
        <SegmentedFilter<ItemState | "all">
          label="Outcome"
          value={outcome}
          segments={[
            { value: "all", label: "All", count: run.rows },
            segment("assigned", run.assigned),
            segment("already_assigned", run.already),
            segment("failed", run.failed),
            segment("skipped", run.skipped),
            segment("unknown", run.unknown),
            ...(open ? [segment("pending", run.pending)] : []),
          ]}
          onChange={(next) => setView({ outcome: next, code: undefined })}
        />
        {view.code && <ChosenRule title={cause?.title ?? view.code} onClear={() => setView({ code: undefined })} />}
        <span className="push">
          <SearchField ref={searchField} label="Search user, Ext Key or tracking id" placeholder="Search" value={view.search ?? ""} onChange={(search) => setView({ search: search || undefined })} />
        </span>
      </div>
      <DataGrid<ReportRow, ReportColumn>
        label="Outcome of each row"
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        sort={sort}
        onSort={(next) => setView({ sort: next.column, descending: next.descending })}
        selection={{ keys: selected, onChange: select, onSelectAll: () => void selectAll() }}
        onFocusRow={setFocused}
        onKey={(event, row) => {
          if (event.key.toLowerCase() !== "c" || event.altKey || event.shiftKey || !row?.trackingId) return;
          event.preventDefault();
          void copyText(row.trackingId, "tracking id").then((done) => (done ? announce("Tracking id copied.") : undefined));
        }}
        empty={
          <EmptyState title={narrowed ? "No row fits the filter" : "No row"} action={narrowed ? <Button onPress={() => setView({ outcome: "all", code: undefined, search: undefined })}>Show all rows</Button> : undefined}>
            {view.search ? `The search “${view.search}” hides the rest.` : narrowed ? `${counted(run.rows, "row")} are in this report.` : ""}
          </EmptyState>
        }
        footer={
          <GridFooter
            keys={[
              [" ", "select"],
              ["C", "copy tracking id"],
              ["R", "retry"],
            ]}
          >
            {chosen === 0 ? `${count(rows.total)} of ${counted(run.rows, "row")}` : `${count(chosen)} of ${counted(run.rows, "row")} selected`}
          </GridFooter>
        }
      />
      <RowDetail row={focused ? `Row ${count(focused.row)}` : null} text={focused ? detailOf(focused) : null} hint="The row you are in is written out here." />
    </Page>
  );
}

/** What there is to say of a row. */
function detailOf(row: ReportRow): string {
  return row.message ?? (row.number === null ? "No number." : `Number ${row.number}.`);
}

function sentence(run: RunProgress): string {
  if (run.failed + run.unknown + run.skipped === 0) return run.state === "completed" ? "Every row was read back from Webex and found as planned." : "";
  const unknown = run.unknown === 0 ? "" : ` ${counted(run.unknown, "row")} could not be read back from Webex.`;
  return `${run.failed === 0 ? "No row failed." : `${counted(run.failed, "row")} can be retried.`}${unknown}${run.causes.length === 0 ? "" : run.failed > 0 ? " Causes:" : ` ${counted(run.skipped, "row")} left out:`}`;
}

function reportColumns(selected: ReadonlySet<string>, onSelect: (keys: ReadonlySet<string>) => void, failed: number, onAll: () => void): readonly Column<ReportRow, ReportColumn>[] {
  const toggle = (key: string) => {
    const keys = new Set(selected);
    if (!keys.delete(key)) keys.add(key);
    onSelect(keys);
  };
  return [
    {
      id: "select",
      header: failed > 0 ? <Checkbox hideLabel label="All rows that can be retried" checked={selected.size > 0 && selected.size >= failed} onChange={onAll} /> : <span className="sr">Selected</span>,
      width: 46,
      cell: (row) => (row.outcome === "failed" ? <Checkbox hideLabel label={`Retry row ${row.row}`} checked={selected.has(`${row.row}`)} onChange={() => toggle(`${row.row}`)} /> : null),
    },
    { id: "row", header: "Row", width: 64, align: "right", sort: "row", rowHeader: true, cell: (row) => count(row.row) },
    { id: "ext", header: "Ext Key", width: 82, sort: "ext_key", cell: (row) => row.extKey },
    { id: "user", header: "User", width: 150, sort: "user", text: (row) => `${row.user ?? row.identity}${row.number === null ? "" : `, ${row.number}`}`, cell: (row) => <span className="medium">{row.user ?? row.identity}</span> },
    {
      id: "outcome",
      header: "Outcome",
      width: 146,
      sort: "outcome",
      cell: (row) => (
        <Status shape={outcomeWords[row.outcome].shape} tone={outcomeWords[row.outcome].tone}>
          {outcomeWords[row.outcome].label}
        </Status>
      ),
    },
    { id: "detail", header: "Detail", width: 180, grow: true, text: detailOf, cell: (row) => (row.message === null ? <span className="muted">{detailOf(row)}</span> : row.message) },
    { id: "answer", header: "Answer", width: 110, text: (row) => row.code ?? "", cell: (row) => (row.answer === null ? <span className="muted">not sent</span> : <span className="mono soft">{row.answer}</span>) },
    { id: "tracking", header: "Tracking id", width: 156, cell: (row, { tabIndex }) => (row.trackingId === null ? null : <Copy text={row.trackingId} what="tracking id" tabIndex={tabIndex} />) },
  ];
}
