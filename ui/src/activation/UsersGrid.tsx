// The grid of users with its bar: states, search, filters, order, selection, copy, and Refresh Status.

import { RefreshCw } from "lucide-react";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { count, counted } from "../format/number";
import { useNow } from "../format/useNow";
import { type ActivationColumn, type ActivationSelection, type ActivationStatus, type ActivationUser, type ActivationView, carryOut, commandKey, learn, type Organisation, queryClient, type Reply } from "../host";
import { DataGrid, GridFooter, type GridHandle, type RowWindows, useRowWindows } from "../grid";
import { PageBar, useShortcuts } from "../shell/page";
import { Button, ConfirmDialog, copyLater, EmptyState, LinkButton, SearchField, toast } from "../ui";
import styles from "./Activation.module.css";
import { besidePanel, type UserColumn, userColumns, withRowHeader } from "./columns";
import { ActivationMails } from "./MailsDialog";
import { type ActivationSearch, SORT_LEVELS, sortLevels, sortText, UNFILTERED } from "./search";
import { StateFilter } from "./StateFilter";
import { type OwnTimes, timesOf } from "./times";
import { useChosen } from "./useChosen";
import type { Refreshing } from "./useRefreshing";
import { filterWords } from "./words";

const readWindow = (reply: Reply<"activation.users">) => ({ total: reply.total, rows: reply.users });

/** Each of a selection is a request of its own: from so many on it is asked first. */
const MANY = 500;

/** What the grid needs and the page's head does too. */
export function useUsers(organisation: Organisation, view: ActivationView, enabled: boolean): RowWindows<ActivationUser> {
  return useRowWindows("activation.users", { organisation: organisation.id, view }, readWindow, enabled);
}

/** The columns as the page offers them, and what must be told which rows are on the screen. */
export function useUserColumns({ view, change, status, refreshing, rows, grid, filtered }: { view: ActivationSearch; change: (part: Partial<ActivationSearch>) => void; status: ActivationStatus; refreshing: Refreshing; rows: RowWindows<ActivationUser>; grid: RefObject<GridHandle | null>; filtered: boolean }): { columns: UserColumn[]; onVisible: (first: number, last: number) => void } {
  const now = useNow();
  // Once there was one the room stays, so that scrolling does not move the columns to and fro.
  const [times, setTimes] = useState<OwnTimes>("none");
  const shown = useRef({ first: 0, last: 40 });
  const look = () => {
    const { first, last } = shown.current;
    const users = Array.from({ length: last - first + 1 }, (_, place) => rows.row(first + place)).filter((row) => row !== undefined);
    setTimes(timesOf(users, status.asOf, now, times));
  };
  // Rows come later than the scrolling that asks for them.
  useEffect(() => look());
  const onVisible = (first: number, last: number) => {
    shown.current = { first, last };
    look();
  };
  // The button goes with the filters.
  const clear = () => {
    change(UNFILTERED);
    grid.current?.focusFilters();
  };
  const columns = userColumns({ view, change, status, now, times, refreshOff: refreshing.off, asking: refreshing.asking, onRefresh: (user) => void refreshing.one(user), onClear: filtered ? clear : null });
  return { columns, onVisible };
}

interface UsersGridProps {
  organisation: Organisation;
  status: ActivationStatus;
  search: ActivationSearch;
  view: ActivationView;
  change: (part: Partial<ActivationSearch>) => void;
  rows: RowWindows<ActivationUser>;
  /** As the person arranged them. */
  columns: readonly UserColumn[];
  /** Those of them that hold values, in their order. */
  values: readonly ActivationColumn[];
  onResize: (column: string, width: number | null) => void;
  refreshing: Refreshing;
  grid: RefObject<GridHandle | null>;
  /** Told the row in focus. */
  onRow: (index: number) => void;
  onVisible: (first: number, last: number) => void;
}

export function UsersGrid({ organisation, status, search, view, change, rows, columns, values, onResize, refreshing, grid, onRow, onVisible }: UsersGridProps) {
  const searchField = useRef<HTMLInputElement>(null);
  /** The row under the focus, whoever stands there now. */
  const at = useRef(0);
  const chosen = useChosen(view, rows);
  const [asked, setAsked] = useState<ActivationSelection | null>(null);
  const searched = useCallback((text: string) => change({ search: text.trim() || undefined }), [change]);
  const source = "source" in status.availability ? status.availability.source : undefined;
  const set = filterWords(view, source);
  const entered = (index: number) => {
    at.current = index;
    onRow(index);
  };
  // What clears something goes with it, so the focus is put where it is of use.
  const clear = () => {
    change(UNFILTERED);
    searchField.current?.focus();
  };
  const andBack = (act: () => void) => {
    act();
    grid.current?.focus(at.current);
  };

  const open = (row: ActivationUser, index: number) => {
    entered(index);
    // The row is shown until the user has been read: the panel need not wait. It may be older than what was told since.
    const request = { organisation: organisation.id, key: row.key };
    const queryKey = commandKey("activation.user", request);
    if (queryClient.getQueryData(queryKey) === undefined) learn("activation.user", request, row);
    void queryClient.invalidateQueries({ queryKey });
    change({ user: row.key });
  };
  const refreshOne = async () => {
    if (rows.total === 0) return;
    const index = Math.min(at.current, rows.total - 1);
    const user = rows.row(index) ?? (await rows.read(index, index).catch(() => []))[0];
    if (user && !refreshing.asking.has(user.key)) void refreshing.one(user);
  };
  const refreshSome = (selection: ActivationSelection) => void refreshing.some(selection).then((begun) => (begun ? setAsked(null) : undefined));
  const refreshChosen = () => {
    if (chosen.selection === null) return;
    if (chosen.count > MANY) setAsked(chosen.selection);
    else refreshSome(chosen.selection);
  };
  const copy = (row: ActivationUser | undefined) => {
    const selection: ActivationSelection | null = chosen.selection ?? (row ? { kind: "keys", keys: [row.key] } : null);
    if (selection === null) return;
    const asking = carryOut("activation.copyText", { organisation: organisation.id, selection, columns: [...values], view });
    void copyLater(asking.then((copied) => copied.text), "selection").then(async (done) => {
      if (done) toast({ tone: "ok", title: `Copied ${counted((await asking).rows, "user")}` });
    });
  };

  const someOff = chosen.selection === null ? "No user is selected" : refreshing.someOff;
  useShortcuts([
    { keys: "/", label: "Search all columns", run: () => searchField.current?.focus() },
    { keys: "F", label: "Filter row", run: () => grid.current?.focusFilters() },
    { keys: "R", label: "Refresh Status of the user in focus", run: () => void refreshOne(), off: refreshing.off },
    { keys: "Shift+R", label: "Refresh Status of the selection", run: refreshChosen, off: someOff },
  ]);

  const shown = withRowHeader(search.user ? besidePanel(columns) : columns);
  const waiting = source === "people" && view.state === "pending_email_validation";

  return (
    <>
      <PageBar>
        <StateFilter
          total={status.total}
          states={status.states}
          value={view.state}
          stuck={view.stuck}
          onChange={(state) => change(state === null ? { state: undefined, stuck: undefined } : { state })}
          onUnstuck={() => {
            change({ stuck: undefined });
            searchField.current?.focus();
          }}
        />
        <span className={styles.searching}>
          <SearchField ref={searchField} label="Search all columns" placeholder="Any column" value={search.search ?? ""} onChange={searched} />
        </span>
      </PageBar>
      {view.state === "pending_email_input" ? (
        <p className={styles.note}>These users have not begun activation and have not installed the Webex app: no e-mail address has been entered for them.</p>
      ) : waiting ? (
        <div className={styles.note}>
          <span>These people have not accepted Webex’s invitation.</span>
          <ActivationMails organisation={organisation} status={status} off={refreshing.off} small />
        </div>
      ) : null}
      <DataGrid<ActivationUser, ActivationColumn>
        ref={grid}
        label="Activation of users"
        noun="users"
        cursor="cell"
        dense
        columns={shown}
        rows={rows}
        rowKey={(user) => user.key}
        current={search.user ?? null}
        sort={sortLevels(search)}
        sortLevels={SORT_LEVELS}
        onSort={(_first, levels) => change({ sort: sortText(levels) })}
        onResize={onResize}
        selection={chosen.grid}
        onCopy={copy}
        onOpen={(row, index, column) => {
          if (shown[column]?.id !== "refresh") open(row, index);
          else if (refreshing.off === null && !refreshing.asking.has(row.key)) void refreshing.one(row);
        }}
        onFocusRow={(row, index) => {
          entered(index);
          if (search.user) open(row, index);
        }}
        onEnterRow={(_row, index) => entered(index)}
        onVisible={onVisible}
        onKey={(event) => {
          if (event.key !== "Escape" || (!search.user && chosen.selection === null)) return;
          event.preventDefault();
          if (search.user) change({ user: undefined });
          else chosen.clear();
        }}
        empty={
          set.length > 0 ? (
            <EmptyState title="No user matches" action={<Button onPress={clear}>Clear filters</Button>}>
              {counted(status.total, "user is", "users are")} hidden by {set.length === 1 ? "one filter" : `${set.length} filters together`}: {set.join(", ")}.
            </EmptyState>
          ) : (
            <EmptyState title="Nobody is to be activated">Webex knows no licensed user of {organisation.name}.</EmptyState>
          )
        }
        footer={
          <GridFooter
            keys={
              chosen.count > 0
                ? [
                    ["Mod+C", "copy"],
                    ["Escape", "clear"],
                  ]
                : [
                    ["Space", "select"],
                    ["R", "refresh status"],
                    ["Enter", "open"],
                    ["F", "filters"],
                  ]
            }
          >
            <span className={styles.chosen}>
              <span className="clip" role="status">
                {rows.loading || (rows.failure && rows.total === 0)
                  ? null
                  : chosen.count > 0
                    ? `${chosen.words}${set.length > 0 ? `: ${set.join(", ")}` : ""}`
                    : set.length > 0
                      ? `${count(rows.total)} of ${counted(status.total, "user")}: ${set.join(", ")}`
                      : counted(rows.total, "user")}
              </span>
              {chosen.count > 0 ? (
                <>
                  {chosen.all ? null : <LinkButton onPress={() => andBack(() => chosen.grid.onSelectAll?.())}>Select all {count(rows.total)}</LinkButton>}
                  <LinkButton onPress={() => andBack(chosen.clear)}>Clear selection</LinkButton>
                  <Button small icon={RefreshCw} keys="Shift+R" busy={refreshing.starting || status.refreshing !== null} disabledReason={refreshing.off} onPress={refreshChosen}>
                    Refresh Status
                  </Button>
                </>
              ) : status.stuck > 0 && !view.stuck ? (
                <LinkButton onPress={() => andBack(() => change({ stuck: true }))}>{count(status.stuck)} stuck for more than 7 days</LinkButton>
              ) : null}
            </span>
          </GridFooter>
        }
      />
      {asked ? (
        <ConfirmDialog
          title={`Refresh ${counted(chosen.count, "user")} one by one?`}
          consequences={[
            `Webex is asked ${count(chosen.count)} times, once for each, as fast as it allows.`,
            `Refreshing all (F5) reads the same from lists, which takes far fewer requests.`,
            "It can be cancelled at any time; what was read by then stays.",
          ]}
          action={`Refresh ${count(chosen.count)}`}
          safe="Not now"
          destructive={false}
          busy={refreshing.starting}
          onConfirm={() => refreshSome(asked)}
          onClose={() => setAsked(null)}
        />
      ) : null}
    </>
  );
}
