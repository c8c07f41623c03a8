// Everything Patchbay did or tried, live.

import { useCallback, useMemo, useRef } from "react";
import { count, counted } from "../format/number";
import { day, moment, took } from "../format/time";
import { useNow } from "../format/useNow";
import { type Reply, type Transaction, type TransactionKind, type TransactionState, useCommand } from "../host";
import { type Column, DataGrid, GridFooter, type GridHandle, useRowWindows } from "../grid";
import { Page, PageBar, PageHead, usePageView, useShortcuts } from "../shell/page";
import { Button, EmptyState, SearchField, SegmentedFilter, Status } from "../ui";
import { AuditExport } from "./AuditExport";
import { filterOf, type Range, RANGE_WORDS, readTransactionSearch, type TransactionSearch } from "./search";
import { TransactionPanel } from "./TransactionPanel";
import { TransactionsExport } from "./TransactionsExport";
import styles from "./TransactionsPage.module.css";
import { KIND_WORDS, kindWord, stateWords } from "./words";

const readWindow = (reply: Reply<"transactions.list">) => ({ total: reply.total, rows: reply.transactions });
const REMEMBERED = ["state", "kind", "organisation", "range", "from", "to"] as const;
const ALL: TransactionSearch = { state: undefined, kind: undefined, search: undefined, organisation: undefined, range: undefined, from: undefined, to: undefined };

const SEGMENTS = [
  { value: "all", label: "All" },
  { value: "running", label: "Running", shape: "half", tone: "busy" },
  { value: "succeeded", label: "Done", shape: "done", tone: "ok" },
  { value: "failed", label: "Failed", shape: "bad", tone: "bad" },
  { value: "cancelled", label: "Cancelled", shape: "skip", tone: "idle" },
  { value: "interrupted", label: "Interrupted", shape: "ask", tone: "warn" },
] as const;

const KINDS = (Object.entries(KIND_WORDS) as [TransactionKind, string][]).toSorted((a, b) => a[1].localeCompare(b[1]));

function outcome(transaction: Transaction): string {
  if (transaction.failure) return transaction.failure.message;
  const running = transaction.steps.find((step) => step.state === "running");
  if (running) return `${running.name}${running.total === null ? "" : `, ${count(running.done)} of ${count(running.total)}`}`;
  const last = transaction.steps.at(-1);
  return last?.detail ?? (transaction.steps.length > 0 ? counted(transaction.steps.length, "step") : "");
}

export function TransactionsPage() {
  const [view, change] = usePageView<TransactionSearch>("transactions", readTransactionSearch, REMEMBERED);
  const now = useNow(view.state === "running" ? 1000 : 15_000);
  const grid = useRef<GridHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const firstFilter = useRef<HTMLSelectElement>(null);
  const lastRow = useRef(0);
  const organisations = useCommand("organisations.list", {}).data?.organisations;
  const searched = useCallback((search: string) => change({ search: search || undefined }), [change]);

  const today = now.toDateString();
  // The days of a range are local and whole: the request stays the same until midnight.
  const filter = useMemo(() => filterOf(view, new Date(today)), [view, today]);
  const rows = useRowWindows("transactions.list", { filter }, readWindow);
  const organisationName = filter.organisation === null ? null : (organisations?.find((one) => one.id === filter.organisation)?.name ?? "an organisation that is gone");
  const set = [
    filter.state === null ? null : `only ${stateWords(filter.state).word.toLowerCase()}`,
    filter.kinds[0] === undefined ? null : `only ${kindWord(filter.kinds[0])}`,
    organisationName === null ? null : `only ${organisationName}`,
    filter.since === null && filter.until === null ? null : view.range === "days" ? `only from ${view.from === undefined ? "the first" : day(`${view.from}T12:00`, now)} to ${view.to === undefined ? "now" : day(`${view.to}T12:00`, now)}` : `only ${RANGE_WORDS[view.range as Range].toLowerCase()}`,
    filter.search === null ? null : `the search “${filter.search}”`,
  ].filter((one) => one !== null);
  const clear = () => change(ALL);

  useShortcuts([
    { keys: "/", label: "Search transactions", run: () => searchField.current?.focus() },
    { keys: "F", label: "Filter row", run: () => firstFilter.current?.focus() },
  ]);

  const all: readonly Column<Transaction>[] = [
    {
      id: "started",
      header: "Started",
      width: 140,
      cell: (row) => moment(row.startedAt, now),
      filtered: view.range !== undefined && view.range !== "all",
      filter: (
        <select ref={firstFilter} aria-label="Filter by time" value={view.range ?? "all"} onChange={(event) => change({ range: event.target.value as Range | "all" })}>
          <option value="all">Any time</option>
          {Object.entries(RANGE_WORDS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      ),
    },
    { id: "title", header: "Transaction", width: 232, grow: true, rowHeader: true, cell: (row) => <span className="medium">{row.title}</span>, text: (row) => row.title },
    {
      id: "kind",
      header: "What",
      width: 132,
      cell: (row) => kindWord(row.kind),
      text: (row) => kindWord(row.kind),
      filtered: filter.kinds.length > 0,
      filter: (
        <select aria-label="Filter by what was done" value={filter.kinds[0] ?? "all"} onChange={(event) => change({ kind: event.target.value as TransactionKind | "all" })}>
          <option value="all">Everything</option>
          {KINDS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      ),
    },
    {
      id: "organisation",
      header: "Organisation",
      width: 132,
      cell: (row) => row.organisationName ?? <span className="muted">none</span>,
      text: (row) => row.organisationName ?? "",
      filtered: filter.organisation !== null,
      filter: (
        <select aria-label="Filter by organisation" value={filter.organisation ?? "all"} onChange={(event) => change({ organisation: event.target.value })}>
          <option value="all">All</option>
          {filter.organisation !== null && organisations !== undefined && !organisations.some((one) => one.id === filter.organisation) ? <option value={filter.organisation}>Gone</option> : null}
          {organisations?.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      ),
    },
    { id: "who", header: "Who", width: 74, cell: (row) => row.who, text: (row) => row.who },
    { id: "took", header: "Took", width: 70, align: "right", cell: (row) => took(row.startedAt, row.endedAt, now) },
    { id: "outcome", header: "Outcome", width: 120, cell: (row) => <span className={row.failure ? "t-bad" : "soft"}>{outcome(row)}</span>, text: outcome },
    {
      id: "state",
      header: "State",
      width: 116,
      pinned: true,
      cell: (row) => {
        const words = stateWords(row.state);
        return (
          <Status shape={words.shape} tone={words.tone}>
            {words.word}
          </Status>
        );
      },
    },
  ];

  // The panel says the rest of its row; the others are there to be found again.
  const columns = view.transaction ? all.filter(({ id }) => ["started", "title", "kind", "state"].includes(id)) : all;

  return (
    <Page
      title="Transactions"
      head={
        <PageHead
          title="Transactions"
          actions={
            <>
              <AuditExport />
              <TransactionsExport filter={filter} total={rows.total} />
            </>
          }
        />
      }
      panel={
        view.transaction ? (
          <TransactionPanel
            id={view.transaction}
            onClose={() => {
              change({ transaction: undefined });
              grid.current?.focus(lastRow.current);
            }}
          />
        ) : undefined
      }
    >
      <PageBar>
        {view.transaction ? (
          <select className={styles.state} aria-label="State" value={view.state ?? "all"} onChange={(event) => change({ state: event.target.value as TransactionState | "all" })}>
            {SEGMENTS.map(({ value, label }) => (
              <option key={value} value={value}>
                {value === "all" ? "All states" : label}
              </option>
            ))}
          </select>
        ) : (
          <SegmentedFilter label="State" value={view.state ?? "all"} segments={SEGMENTS} onChange={(state) => change({ state })} />
        )}
        <span className="push row">
          {set.length > 0 ? (
            <Button kind="ghost" onPress={clear}>
              Clear filters
            </Button>
          ) : null}
          <SearchField ref={searchField} label="Search transactions" placeholder="Title, who, tracking id" value={view.search ?? ""} onChange={searched} />
        </span>
        {view.range === "days" ? (
          <span className={`row small ${styles.days}`}>
            <label className="row">
              From
              <input type="date" className={styles.day} value={view.from ?? ""} max={view.to} onChange={(event) => change({ from: event.target.value || undefined })} />
            </label>
            <label className="row">
              to
              <input type="date" className={styles.day} value={view.to ?? ""} min={view.from} onChange={(event) => change({ to: event.target.value || undefined })} />
            </label>
            <span className="cap">whole days, both included</span>
          </span>
        ) : null}
      </PageBar>
      <DataGrid
        ref={grid}
        label="Transactions"
        noun="transactions"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        current={view.transaction ?? null}
        openOnPress
        onOpen={(row, index) => {
          lastRow.current = index;
          change({ transaction: row.id });
        }}
        onKey={(event) => {
          if (event.key !== "Escape" || !view.transaction) return;
          event.preventDefault();
          change({ transaction: undefined });
        }}
        onFocusRow={(row, index) => {
          lastRow.current = index;
          if (view.transaction) change({ transaction: row.id });
        }}
        empty={
          set.length > 0 ? (
            <EmptyState title="No transaction matches" action={<Button onPress={clear}>Clear filters</Button>}>
              All transactions are hidden by {set.length === 1 ? "one filter" : `${set.length} filters together`}: {set.join(", ")}.
            </EmptyState>
          ) : (
            <EmptyState title="No transactions yet">Each sync, consent, check, run and export will be listed here with its steps and Webex&apos;s tracking ids.</EmptyState>
          )
        }
        footer={
          <GridFooter
            keys={[
              ["Enter", "steps and tracking ids"],
              ["F", "filter"],
              ["/", "search"],
            ]}
          >
            {rows.failure ? null : set.length > 0 ? `${counted(rows.total, "transaction")} match: ${set.join(", ")}` : counted(rows.total, "transaction")}
          </GridFooter>
        }
      />
    </Page>
  );
}
