// The columns of the grid: values, filters under their heads, and the row's own action.

import { RefreshCw, X } from "lucide-react";
import { clock, day, fullMoment, isToday, moment } from "../format/time";
import type { ActivationChoices, ActivationColumn, ActivationStatus, ActivationUser } from "../host";
import { ChoiceFilter, type Column, TextFilter } from "../grid";
import { IconButton, Status, StatusMark } from "../ui";
import styles from "./Activation.module.css";
import type { ActivationSearch, SetFilterName, TextFilterName } from "./search";
import { type OwnTimes, ownTime } from "./times";
import { COLUMN_WORDS, errorWords, hasNotBegun, stateWords, userName } from "./words";

export type UserColumn = Column<ActivationUser, ActivationColumn>;

const ACTION_WIDTH: Record<OwnTimes, number> = { none: 44, clock: 82, day: 106 };

interface Told {
  view: ActivationSearch;
  change: (part: Partial<ActivationSearch>) => void;
  status: ActivationStatus;
  now: Date;
  /** Somebody's state is not as old as the others': the action has room for its time, or for its day where one is not of today. */
  times: OwnTimes;
  refreshOff: string | null;
  asking: ReadonlySet<string>;
  onRefresh: (user: ActivationUser) => void;
  onClear: (() => void) | null;
}

const Asking = () => <StatusMark shape="busy" />;

const muted = (words: string) => <span className="muted">{words}</span>;

const SETS: Record<SetFilterName, { column: ActivationColumn; width: number; grow?: boolean; choices: (from: ActivationChoices) => readonly string[] }> = {
  location: { column: "location", width: 134, choices: (from) => from.locations },
  licence: { column: "licence", width: 101, choices: (from) => from.licences },
  serviceType: { column: "service_type", width: 132, grow: true, choices: (from) => from.serviceTypes },
};
const TEXTS: Record<TextFilterName, { column: ActivationColumn; width: number; grow?: boolean; placeholder?: string; missing?: string }> = {
  serviceId: { column: "service_id", width: 92, placeholder: "2000…" },
  extension: { column: "extension", width: 58, placeholder: "" },
  firstName: { column: "first_name", width: 84 },
  lastName: { column: "last_name", width: 84 },
  email: { column: "email", width: 132, grow: true, missing: "not entered" },
};

export function userColumns(told: Told): UserColumn[] {
  const { view, change, status, now } = told;
  const source = "source" in status.availability ? status.availability.source : undefined;

  const fromSet = (name: SetFilterName): UserColumn => {
    const { column, width, grow, choices } = SETS[name];
    const value = view[name] ?? null;
    const text = (user: ActivationUser) => user[name] ?? "";
    return {
      id: column,
      header: COLUMN_WORDS[column],
      width,
      ...(grow ? { grow } : {}),
      sort: column,
      cell: (user) => user[name] ?? muted("none"),
      text,
      filtered: value !== null,
      filter: (
        <ChoiceFilter
          label={`Filter ${COLUMN_WORDS[column]}`}
          value={value}
          choices={choices(status.choices).map((one) => ({ value: one, label: one === "" ? "none" : one }))}
          onChange={(next) => change({ [name]: next ?? undefined })}
        />
      ),
    };
  };

  const ofText = (name: TextFilterName): UserColumn => {
    const { column, width, grow, placeholder, missing = "none" } = TEXTS[name];
    return {
      id: column,
      header: COLUMN_WORDS[column],
      width,
      ...(grow ? { grow } : {}),
      sort: column,
      cell: (user) => user[name] ?? muted(missing),
      text: (user) => user[name] ?? "",
      filtered: view[name] !== undefined,
      filter: <TextFilter label={`Filter ${COLUMN_WORDS[column]}`} value={view[name] ?? ""} {...(placeholder === undefined ? {} : { placeholder })} onChange={(next) => change({ [name]: next.trim() || undefined })} />,
    };
  };

  const ofTime = (column: "last_status_change" | "as_of", at: (user: ActivationUser) => string | null): UserColumn => ({
    id: column,
    header: COLUMN_WORDS[column],
    width: 138,
    sort: column,
    startsHidden: true,
    cell: (user) => {
      const time = at(user);
      return time === null ? muted("not told") : moment(time, now);
    },
    text: (user) => {
      const time = at(user);
      return time === null ? "" : fullMoment(time, "seconds");
    },
  });

  return [
    fromSet("location"),
    fromSet("licence"),
    fromSet("serviceType"),
    ofText("serviceId"),
    ofText("extension"),
    { ...ofText("firstName"), rowHeader: true },
    { ...ofText("lastName"), rowHeader: true },
    ofText("email"),
    ofTime("last_status_change", (user) => user.lastStatusChange),
    ofTime("as_of", (user) => user.asOf),
    {
      id: "state",
      header: COLUMN_WORDS.state,
      width: 178,
      sort: "state",
      pinned: true,
      fixed: true,
      cell: (user) => {
        const words = stateWords(user.state, source);
        const [first] = user.errors;
        const mark = (
          <Status shape={words.shape} tone={words.tone}>
            {words.word}
          </Status>
        );
        if (first === undefined) return mark;
        return (
          <span className={styles.trouble}>
            {mark}
            <span className="clip muted">{first.description}</span>
          </span>
        );
      },
      text: (user) =>
        [stateWords(user.state, source).word, ...user.errors.map(errorWords), hasNotBegun(user) ? "has not begun, and has not installed the app" : null, user.stuck ? "stuck for more than 7 days" : null, `as of ${moment(user.asOf, now)}`]
          .filter((one) => one !== null)
          .join(" · "),
      filtered: view.state !== undefined,
      filter: (
        <ChoiceFilter
          label={`Filter ${COLUMN_WORDS.state}`}
          value={view.state ?? null}
          choices={[...status.states.map((one) => one.state), ...(view.state === undefined || status.states.some((one) => one.state === view.state) ? [] : [view.state])].map((state) => ({ value: state, label: stateWords(state, source).word }))}
          onChange={(state) => change({ state: state ?? undefined })}
        />
      ),
    },
    {
      id: "refresh",
      header: "Refresh Status",
      hideHeader: true,
      width: ACTION_WIDTH[told.times],
      pinned: true,
      fixed: true,
      cell: (user, { tabIndex }) => {
        const own = ownTime(user, status.asOf);
        const name = userName(user);
        const asking = told.asking.has(user.key);
        return (
          <span className={styles.act}>
            {own === null ? null : (
              <span className="cap num" title={`as of ${fullMoment(own, "seconds")}`}>
                <span className="sr">as of </span>
                {isToday(own, now) ? clock(own) : day(own, now)}
              </span>
            )}
            {/* It stays while Webex is asked: whoever pressed it keeps the focus. */}
            <IconButton
              icon={asking ? Asking : RefreshCw}
              label={`Refresh Status of ${name}`}
              tip="Refresh Status"
              keys="R"
              tabIndex={tabIndex}
              disabledReason={asking ? "Webex is being asked." : told.refreshOff}
              onPress={() => told.onRefresh(user)}
            />
          </span>
        );
      },
      filter: told.onClear === null ? undefined : (
        <span className={styles.act}>
          <IconButton icon={X} label="Clear all filters" onPress={told.onClear} />
        </span>
      ),
    },
  ];
}

/** Beside an open panel: what tells the rows apart; the panel says the rest. */
const BESIDE_PANEL = new Set(["extension", "first_name", "last_name", "email", "state", "refresh"]);

const EDGE = 12;

export function besidePanel(columns: readonly UserColumn[]): UserColumn[] {
  const left = columns.filter((column) => BESIDE_PANEL.has(column.id));
  // Whoever hid all of these keeps their own.
  if (left.length <= 2) return [...columns];
  // The first one stands at the edge of the window, which takes more room.
  return left.map((column, place) => (place === 0 ? { ...column, width: column.width + EDGE } : column));
}

/** A row is named by its names; where neither is shown, by the first column there is. */
export function withRowHeader(columns: readonly UserColumn[]): UserColumn[] {
  return columns.some((column) => column.rowHeader) ? [...columns] : columns.map((column, place) => (place === 0 ? { ...column, rowHeader: true } : column));
}

/** The columns that hold values of the user, in their order, for copies and exports. */
export function valueColumns(columns: readonly UserColumn[]): ActivationColumn[] {
  return columns.flatMap((column) => (Object.hasOwn(COLUMN_WORDS, column.id) ? [column.id as ActivationColumn] : []));
}
