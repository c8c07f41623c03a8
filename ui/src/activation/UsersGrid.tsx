// The grid of users with its bar: states, search, filters, order, selection, copy, and Refresh Status.

import { RefreshCw } from "lucide-react";
import { type RefObject, useCallback, useRef, useState } from "react";
import { count, counted } from "../format/number";
import { useNow } from "../format/useNow";
import { type ActivationColumn, type ActivationSelection, type ActivationStatus, type ActivationUser, type ActivationView, carryOut, learn, type Organisation, type Reply } from "../host";
import { DataGrid, GridFooter, type GridHandle, type RowWindows, useRowWindows } from "../grid";
import { announce, PageBar, useShortcuts } from "../shell/page";
import { Button, ConfirmDialog, copyLater, EmptyState, LinkButton, SearchField } from "../ui";
import styles from "./Activation.module.css";
import { besidePanel, ownTime, type UserColumn, userColumns, withRowHeader } from "./columns";
import { ActivationMails } from "./MailsDialog";
import { type ActivationSearch, SORT_LEVELS, sortLevels, sortText, UNFILTERED } from "./search";
import { StateFilter } from "./StateFilter";
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

/** The columns as the page offers them. `seen` remembers that a row had a time of its own. */
export function useUserColumns({ view, change, status, refreshing, rows, firstFilter, filtered }: { view: ActivationSearch; change: (part: Partial<ActivationSearch>) => void; status: ActivationStatus; refreshing: Refreshing; rows: RowWindows<ActivationUser>; firstFilter: RefObject<HTMLSelectElement | null>; filtered: boolean }): UserColumn[] {
  const now = useNow();
  const [shown, setShown] = useState({ first: 0, last: 40, times: false });
  let times = shown.times;
  for (let index = shown.first; index <= shown.last && !times; index += 1) {
    const row = rows.row(index);
    times = row !== undefined && ownTime(row, status.asOf) !== null;
  }
  // Once there was one the room stays, so that scrolling does not move the columns.
  if (times && !shown.times) setShown({ ...shown, times });
  return userColumns({ view, change, status, now, firstFilter, times, refreshOff: refreshing.off, asking: refreshing.asking, onRefresh: (user) => void refreshing.one(user), onClear: filtered ? () => change(UNFILTERED) : null });
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
  firstFilter: RefObject<HTMLSelectElement | null>;
}

export function UsersGrid({ organisation, status, search, view, change, rows, columns, values, onResize, refreshing, grid, onRow, firstFilter }: UsersGridProps) {
  const searchField = useRef<HTMLInputElement>(null);
  const focused = useRef<ActivationUser | null>(null);
  const chosen = useChosen(view, rows.total);
  const [asked, setAsked] = useState<ActivationSelection | null>(null);
  const searched = useCallback((text: string) => change({ search: text.trim() || undefined }), [change]);
  const source = "source" in status.availability ? status.availability.source : undefined;
  const set = filterWords(view, source);
  const clear = () => change(UNFILTERED);

  const open = (row: ActivationUser, index: number) => {
    onRow(index);
    // The row is the user as told last: the panel need not wait.
    learn("activation.user", { organisation: organisation.id, key: row.key }, row);
    change({ user: row.key });
  };
  const refreshOne = () => {
    const user = focused.current ?? rows.row(0);
    if (user) void refreshing.one(user);
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
      if (done) announce(`Copied ${counted((await asking).rows, "user")}`);
    });
  };

  const someOff = chosen.selection === null ? "No user is selected" : refreshing.someOff;
  useShortcuts([
    { keys: "/", label: "Search all columns", run: () => searchField.current?.focus() },
    { keys: "F", label: "Filter row", run: () => firstFilter.current?.focus() },
    { keys: "R", label: "Refresh Status of the user in focus", run: refreshOne, off: refreshing.off },
    { keys: "Shift+R", label: "Refresh Status of the selection", run: refreshChosen, off: someOff },
  ]);

  const shown = withRowHeader(search.user ? besidePanel(columns) : columns);
  const waiting = source === "people" && view.state === "pending_email_validation";

  return (
    <>
      <PageBar>
        <StateFilter total={status.total} states={status.states} value={view.state} onChange={(state) => change({ state: state ?? undefined })} />
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
          else if (refreshing.off === null) void refreshing.one(row);
        }}
        onFocusRow={(row, index) => {
          onRow(index);
          if (search.user) open(row, index);
        }}
        onEnterRow={(row, index) => {
          focused.current = row;
          onRow(index);
        }}
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
                {rows.failure || rows.loading
                  ? null
                  : chosen.count > 0
                    ? `${count(chosen.count)} of ${counted(rows.total, "user")} selected`
                    : set.length > 0
                      ? `${count(rows.total)} of ${counted(status.total, "user")}: ${set.join(", ")}`
                      : counted(rows.total, "user")}
              </span>
              {chosen.count > 0 ? (
                <>
                  {chosen.all ? null : <LinkButton onPress={() => chosen.grid.onSelectAll?.()}>Select all {count(rows.total)}</LinkButton>}
                  <LinkButton onPress={chosen.clear}>Clear selection</LinkButton>
                  <Button small icon={RefreshCw} keys="Shift+R" busy={refreshing.starting} disabledReason={someOff} onPress={refreshChosen}>
                    Refresh Status
                  </Button>
                </>
              ) : status.stuck > 0 && !view.stuck ? (
                <LinkButton onPress={() => change({ stuck: true })}>{count(status.stuck)} stuck for more than 7 days</LinkButton>
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
