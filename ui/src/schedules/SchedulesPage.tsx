// What runs by itself, when, and how it went last.

import { Link, useNavigate } from "@tanstack/react-router";
import { Pause, Play, PlayCircle, Timer } from "lucide-react";
import { useCallback, useMemo, useRef, useState } from "react";
import { counted } from "../format/number";
import { fullMoment, relative } from "../format/time";
import { useNow } from "../format/useNow";
import { type Reply, type Schedule, type ScheduleKind, useAction, useCommand } from "../host";
import { type Column, DataGrid, GridFooter, useRowWindows } from "../grid";
import { Page, PageBar, PageHead, usePageView, useShortcuts } from "../shell/page";
import { Button, EmptyState, IconButton, SearchField, SegmentedFilter, Status, StatusMark, toast, toastFailure } from "../ui";
import { IntervalDialog } from "./IntervalDialog";
import styles from "./Schedules.module.css";
import { readSchedulesView, type SchedulesView } from "./search";
import { everyWords, KINDS, kindWord, nextWords, OUTCOMES, stateWords } from "./words";

const readWindow = (reply: Reply<"schedules.list">) => ({ total: reply.total, rows: reply.schedules });

function LastResult({ schedule, now, tabIndex }: { schedule: Schedule; now: Date; tabIndex: 0 | -1 }) {
  const at = schedule.lastEndedAt ?? schedule.lastStartedAt;
  if (schedule.lastOutcome === null || at === null) return <span className="muted">never yet</span>;
  const words = OUTCOMES[schedule.lastOutcome];
  const when = relative(at, now);
  return (
    <span className={styles.last}>
      <StatusMark shape={words.shape} tone={words.tone} />
      {schedule.lastTransaction === null ? (
        <span className={styles.when} title={fullMoment(at)}>{`${words.word}, ${when}`}</span>
      ) : (
        <Link className={styles.when} to="/transactions" search={{ transaction: schedule.lastTransaction }} tabIndex={tabIndex} title={fullMoment(at)} aria-label={`${words.word}, ${when}: ${kindWord(schedule.kind)} of ${schedule.organisationName}`}>
          {words.word}, {when}
        </Link>
      )}
      {schedule.lastMessage === null ? null : <span className={`${styles.message} ${schedule.lastOutcome === "failed" ? "t-bad" : "soft"}`}>{schedule.lastMessage}</span>}
    </span>
  );
}

/** Organisations nobody has consented for yet. */
function useUnconnected(): ReadonlySet<string> {
  const organisations = useCommand("organisations.list", {}).data?.organisations;
  return useMemo(() => new Set(organisations?.filter((one) => one.consent.state === "none").map((one) => one.id)), [organisations]);
}

export function SchedulesPage() {
  const navigate = useNavigate();
  const [view, change] = usePageView<SchedulesView>("schedules", readSchedulesView, ["kind"]);
  const now = useNow(15_000);
  const searchField = useRef<HTMLInputElement>(null);
  const kindField = useRef<HTMLSelectElement>(null);
  const [focused, setFocused] = useState<Schedule | null>(null);
  const [setting, setSetting] = useState<Schedule | null>(null);
  const runNow = useAction("schedules.runNow", toastFailure);
  const pause = useAction("schedules.pause", toastFailure);
  const resume = useAction("schedules.resume", toastFailure);
  const searched = useCallback((search: string) => change({ search: search || undefined }), [change]);

  const kind = view.kind === undefined || view.kind === "all" ? null : view.kind;
  const filter = { organisation: view.organisation ?? null, kind, troubled: view.troubled ?? false, search: view.search ?? null };
  const rows = useRowWindows("schedules.list", { filter }, readWindow);
  const unconnected = useUnconnected();
  const connected = (schedule: Schedule) => !unconnected.has(schedule.organisation);
  const all = useCommand("schedules.list", { filter: { organisation: null, kind: null, troubled: false, search: null }, offset: 0, limit: 1 }).data?.total;
  const troubled = useCommand("schedules.list", { filter: { organisation: null, kind: null, troubled: true, search: null }, offset: 0, limit: 1 }).data?.total;
  const set = [filter.search === null ? null : `the search “${filter.search}”`, kind === null ? null : `only ${kindWord(kind)}`, filter.troubled ? "only blocked or failing" : null, filter.organisation === null ? null : "one organisation only"].filter((one) => one !== null);
  const clear = () => change({ search: undefined, kind: "all", troubled: undefined, organisation: undefined });

  const run = (schedule: Schedule) => void runNow.run({ schedule: schedule.id }).then((begun) => (begun ? toast({ tone: "info", title: `${kindWord(begun.kind)} of ${begun.organisationName} asked for`, detail: "It runs as soon as Webex and the other work allow." }) : undefined));
  const toggle = (schedule: Schedule) => void (schedule.state.state === "paused" ? resume : pause).run({ schedule: schedule.id });
  const runOff = (schedule: Schedule) => (schedule.state.state === "running" ? "It is running." : schedule.state.state === "blocked" ? schedule.state.reason : null);
  const everyOff = (schedule: Schedule) => (schedule.kind === "token_refresh" ? "How often tokens are renewed follows Webex’s rules." : null);
  const fresh = focused === null ? null : (Array.from({ length: Math.min(rows.total, 400) }, (_, index) => rows.row(index)).find((one) => one?.id === focused.id) ?? focused);

  useShortcuts([
    { keys: "/", label: "Search schedules", run: () => searchField.current?.focus() },
    { keys: "F", label: "Filter row", run: () => kindField.current?.focus() },
    { keys: "R", label: "Run now", run: () => (fresh ? run(fresh) : undefined), off: fresh === null ? "No row has the focus" : runOff(fresh) },
    { keys: "P", label: "Pause or resume", run: () => (fresh ? toggle(fresh) : undefined), off: fresh === null ? "No row has the focus" : null },
  ]);

  const columns: readonly Column<Schedule>[] = [
    { id: "organisation", header: "Organisation", width: 164, rowHeader: true, cell: (row) => <span className="medium">{row.organisationName}</span>, text: (row) => row.organisationName },
    {
      id: "kind",
      header: "What",
      width: 128,
      cell: (row) => kindWord(row.kind),
      filtered: kind !== null,
      filter: (
        <select ref={kindField} aria-label="Filter by what runs" value={view.kind ?? "all"} onChange={(event) => change({ kind: event.target.value as ScheduleKind | "all" })}>
          <option value="all">Everything</option>
          {Object.entries(KINDS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      ),
    },
    { id: "next", header: "Next", width: 196, cell: (row) => <span className={row.state.state === "waiting" ? "" : "muted"}>{connected(row) ? nextWords(row, now) : "not until it is connected"}</span>, text: (row) => (row.state.state === "waiting" ? fullMoment(row.state.at) : row.state.state === "blocked" ? row.state.reason : nextWords(row, now)) },
    { id: "every", header: "Every", width: 80, cell: (row) => everyWords(row.everyMinutes) },
    {
      id: "last",
      header: "Last time",
      width: 190,
      grow: true,
      cell: (row, { tabIndex }) => (row.state.state === "blocked" ? <span className={connected(row) ? "t-bad" : "soft"}>{connected(row) ? row.state.reason : "Nobody has consented yet."}</span> : <LastResult schedule={row} now={now} tabIndex={tabIndex} />),
      text: (row) => (row.state.state === "blocked" ? row.state.reason : (row.lastMessage ?? "")),
    },
    {
      id: "state",
      header: "State",
      width: 100,
      pinned: true,
      cell: (row) => {
        const words = stateWords(row, connected(row));
        return (
          <Status shape={words.shape} tone={words.tone}>
            {words.word}
          </Status>
        );
      },
    },
    {
      id: "actions",
      header: "Actions",
      hideHeader: true,
      width: 116,
      pinned: true,
      align: "right",
      cell: (row, { tabIndex }) => {
        const what = `${kindWord(row.kind)} of ${row.organisationName}`;
        const paused = row.state.state === "paused";
        return (
          <span className={styles.actions}>
            <IconButton icon={PlayCircle} label={`Run ${what} now`} tip="Run now" keys="R" tabIndex={tabIndex} disabledReason={runOff(row)} onPress={() => run(row)} />
            <IconButton icon={paused ? Play : Pause} label={`${paused ? "Resume" : "Pause"} ${what}`} tip={paused ? "Resume" : "Pause"} keys="P" tabIndex={tabIndex} onPress={() => toggle(row)} />
            <IconButton icon={Timer} label={`Change how often: ${what}`} tip="How often…" tabIndex={tabIndex} disabledReason={everyOff(row)} onPress={() => setSetting(row)} />
          </span>
        );
      },
    },
  ];

  return (
    <Page title="Schedules" head={<PageHead title="Schedules" parent={<Link to="/settings">Settings</Link>} />}>
      <PageBar>
        <SegmentedFilter
          label="Which"
          value={filter.troubled ? "troubled" : "all"}
          segments={[
            { value: "all", label: "All", count: all },
            { value: "troubled", label: "Blocked or failing", count: troubled, shape: "warn", tone: "warn" },
          ]}
          onChange={(which) => change({ troubled: which === "troubled" ? true : undefined })}
        />
        <span className="push row">
          {set.length > 0 ? (
            <Button kind="ghost" onPress={clear}>
              Clear filters
            </Button>
          ) : null}
          <SearchField ref={searchField} label="Search schedules" placeholder="Organisation" value={view.search ?? ""} onChange={searched} />
        </span>
      </PageBar>
      <DataGrid
        label="Schedules"
        noun="schedules"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        onFocusRow={setFocused}
        onEnterRow={(row) => setFocused(row ?? null)}
        onOpen={(row) => {
          const transaction = row.state.state === "running" ? (row.state.transaction ?? row.lastTransaction) : row.lastTransaction;
          if (transaction !== null) void navigate({ to: "/transactions", search: { transaction } });
          else void navigate({ to: "/organisations/$organisation", params: { organisation: row.organisation } });
        }}
        empty={
          set.length > 0 ? (
            <EmptyState title={filter.troubled && set.length === 1 ? "Nothing is blocked or fails" : "No schedule matches"} action={<Button onPress={clear}>Show all schedules</Button>}>
              {counted(all ?? 0, "schedule is", "schedules are")} hidden by {set.join(", ")}.
            </EmptyState>
          ) : (
            <EmptyState title="Nothing runs by itself yet" action={<Button onPress={() => void navigate({ to: "/organisations" })}>Open Organisations</Button>}>
              Token renewal and syncs are scheduled with each organisation and go when it is deleted.
            </EmptyState>
          )
        }
        footer={
          <GridFooter
            keys={[
              ["Enter", "last transaction"],
              ["R", "run now"],
              ["P", "pause"],
            ]}
          >
            {rows.failure ? null : set.length > 0 ? `${rows.total} of ${counted(all ?? 0, "schedule")}` : counted(rows.total, "schedule")}
          </GridFooter>
        }
      />
      {setting ? <IntervalDialog schedule={setting} onClose={() => setSetting(null)} /> : null}
    </Page>
  );
}
