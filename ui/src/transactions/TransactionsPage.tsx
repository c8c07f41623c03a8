// Everything Patchbay did or tried, live.

import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useRef } from "react";
import { count, counted } from "../format/number";
import { moment, took } from "../format/time";
import { useNow } from "../format/useNow";
import { type Reply, type Transaction, type TransactionState, useCommand } from "../host";
import { type Column, DataGrid, GridFooter, type GridHandle, useRowWindows } from "../grid";
import { Page, PageBar, PageHead, useShortcuts } from "../shell/page";
import { Button, EmptyState, SearchField, SegmentedFilter, Status } from "../ui";
import { AuditExport } from "./AuditExport";
import type { TransactionSearch } from "./search";
import styles from "./TransactionsPage.module.css";
import { TransactionPanel } from "./TransactionPanel";
import { kindWord, stateWords } from "./words";

const route = getRouteApi("/transactions");

const readWindow = (reply: Reply<"transactions.list">) => ({ total: reply.total, rows: reply.transactions });

const SEGMENTS = [
  { value: "all", label: "All" },
  { value: "running", label: "Running", shape: "half", tone: "busy" },
  { value: "succeeded", label: "Done", shape: "done", tone: "ok" },
  { value: "failed", label: "Failed", shape: "bad", tone: "bad" },
  { value: "cancelled", label: "Cancelled", shape: "skip", tone: "idle" },
  { value: "interrupted", label: "Interrupted", shape: "ask", tone: "warn" },
] as const;

function outcome(transaction: Transaction): string {
  if (transaction.failure) return transaction.failure.message;
  const running = transaction.steps.find((step) => step.state === "running");
  if (running) return `${running.name}${running.total === null ? "" : `, ${count(running.done)} of ${count(running.total)}`}`;
  const last = transaction.steps.at(-1);
  return last?.detail ?? (transaction.steps.length > 0 ? counted(transaction.steps.length, "step") : "");
}

export function TransactionsPage() {
  const view = route.useSearch();
  const navigate = route.useNavigate();
  const now = useNow(view.state === "running" ? 1000 : 15_000);
  const grid = useRef<GridHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const lastRow = useRef(0);
  const organisations = useCommand("organisations.list", {}).data?.organisations ?? [];

  const change = useCallback(
    (part: Partial<Record<keyof TransactionSearch, string | undefined>>) => {
      void navigate({
        search: (before) => Object.fromEntries(Object.entries({ ...before, ...part }).filter(([, value]) => value !== undefined && value !== "")) as TransactionSearch,
        replace: true,
      });
    },
    [navigate],
  );
  const searched = useCallback((search: string) => change({ search: search || undefined }), [change]);

  const rows = useRowWindows("transactions.list", { filter: { organisation: view.organisation ?? null, state: view.state ?? null, search: view.search ?? null } }, readWindow);
  const filtered = view.state !== undefined || view.search !== undefined || view.organisation !== undefined;
  const clear = () => change({ state: undefined, search: undefined, organisation: undefined });

  useShortcuts([
    { keys: "/", label: "Search transactions", run: () => searchField.current?.focus() },
  ]);

  const all: readonly Column<Transaction>[] = [
    { id: "started", header: "Started", width: 136, cell: (row) => moment(row.startedAt, now) },
    { id: "title", header: "Transaction", width: 220, grow: true, rowHeader: true, cell: (row) => <span className="medium">{row.title}</span>, text: (row) => row.title },
    { id: "kind", header: "What", width: 132, cell: (row) => kindWord(row.kind) },
    { id: "organisation", header: "Organisation", width: 140, cell: (row) => row.organisationName ?? <span className="muted">none</span>, text: (row) => row.organisationName ?? "" },
    { id: "who", header: "Who", width: 104, cell: (row) => row.who, text: (row) => row.who },
    { id: "took", header: "Took", width: 84, align: "right", cell: (row) => took(row.startedAt, row.endedAt, now) },
    { id: "outcome", header: "Outcome", width: 160, grow: true, cell: (row) => <span className={row.failure ? "t-bad" : "soft"}>{outcome(row)}</span>, text: outcome },
    {
      id: "state",
      header: "State",
      width: 120,
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
      head={<PageHead title="Transactions" actions={<AuditExport />} />}
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
        <SegmentedFilter label="State" value={view.state ?? "all"} segments={SEGMENTS} onChange={(state) => change({ state: state === "all" ? undefined : (state satisfies TransactionState) })} />
        <span className="push row">
          <select className={styles.organisation} aria-label="Organisation" value={view.organisation ?? ""} onChange={(event) => change({ organisation: event.target.value || undefined })}>
            <option value="">All organisations</option>
            {organisations.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
          <SearchField ref={searchField} label="Search transactions" placeholder="Title, who, tracking id" value={view.search ?? ""} onChange={searched} />
        </span>
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
          filtered ? (
            <EmptyState title="No transaction matches" action={<Button onPress={clear}>Clear filters</Button>}>
              The filters hide all transactions{view.search ? `; none has “${view.search}” in its title, organisation, person or tracking ids` : ""}.
            </EmptyState>
          ) : (
            <EmptyState title="No transactions yet">Each sync, consent, check, run and export will be listed here with its steps and Webex&apos;s tracking ids.</EmptyState>
          )
        }
        footer={
          <GridFooter
            keys={[
              ["Enter", "steps and tracking ids"],
              ["/", "search"],
            ]}
          >
            {rows.failure ? null : `${counted(rows.total, "transaction")}${filtered ? " match" : ""}`}
          </GridFooter>
        }
      />
    </Page>
  );
}
