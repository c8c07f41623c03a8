// What of the Activation page stands in its address, and what the core is asked for it. Pure.

import type { ActivationColumn, ActivationSort, ActivationView } from "../host/generated";
import { flag, text } from "../shell/address";

/** Filters that are texts, under the names they have in the address and at the core. */
export const TEXTS = ["serviceId", "extension", "firstName", "lastName", "email"] as const;
/** Filters that are one of a set; an empty one stands for users without the value. */
export const SETS = ["location", "licence", "serviceType"] as const;

export type TextFilterName = (typeof TEXTS)[number];
export type SetFilterName = (typeof SETS)[number];

export interface ActivationSearch extends Partial<Record<TextFilterName | SetFilterName, string | undefined>> {
  /** Webex's word. */
  state?: string | undefined;
  search?: string | undefined;
  stuck?: boolean | undefined;
  /** Levels in their order, a minus before those that descend: `location,-extension`. */
  sort?: string | undefined;
  /** The key of the one whose panel is open. */
  user?: string | undefined;
}

/** What is remembered of an organisation: all but the panel. */
export const REMEMBERED = ["state", "search", "stuck", "sort", ...TEXTS, ...SETS] as const;

/** Nothing is filtered; the order stays. */
export const UNFILTERED: ActivationSearch = Object.fromEntries(REMEMBERED.filter((key) => key !== "sort").map((key) => [key, undefined]));

/** As the grid stands at first. */
const STANDARD_SORT: readonly ActivationSort[] = [{ column: "last_name", descending: false }];

/** The core takes so many. */
export const SORT_LEVELS = 4;

const COLUMNS: Record<ActivationColumn, true> = {
  location: true,
  licence: true,
  service_type: true,
  service_id: true,
  extension: true,
  first_name: true,
  last_name: true,
  email: true,
  state: true,
  last_status_change: true,
  as_of: true,
};

/** A text that may be empty on purpose. */
function choice(raw: unknown): string | undefined {
  return raw === "" ? "" : text(raw);
}

/** Reads an address; what it does not know it leaves out. */
export function readActivationSearch(raw: Record<string, unknown>): ActivationSearch {
  return {
    state: text(raw["state"]),
    search: text(raw["search"]),
    stuck: flag(raw["stuck"]),
    sort: sortText(sortOf(text(raw["sort"]))) || undefined,
    user: text(raw["user"]),
    ...Object.fromEntries(TEXTS.map((name) => [name, text(raw[name])])),
    ...Object.fromEntries(SETS.map((name) => [name, choice(raw[name])])),
  };
}

/** The levels in a text; each column once, unknown ones left out. */
function sortOf(from: string | undefined): ActivationSort[] {
  const levels: ActivationSort[] = [];
  for (const part of (from ?? "").split(",")) {
    const descending = part.startsWith("-");
    const column = descending ? part.slice(1) : part;
    if (Object.hasOwn(COLUMNS, column) && !levels.some((level) => level.column === column)) levels.push({ column: column as ActivationColumn, descending });
  }
  return levels.slice(0, SORT_LEVELS);
}

export function sortText(levels: readonly ActivationSort[]): string {
  return levels.map(({ column, descending }) => `${descending ? "-" : ""}${column}`).join();
}

export function sortLevels(search: ActivationSearch): readonly ActivationSort[] {
  const levels = sortOf(search.sort);
  return levels.length === 0 ? STANDARD_SORT : levels;
}

/** What the core is asked for. */
export function viewOf(search: ActivationSearch): ActivationView {
  return {
    state: search.state ?? null,
    search: search.search ?? null,
    location: search.location ?? null,
    licence: search.licence ?? null,
    serviceType: search.serviceType ?? null,
    serviceId: search.serviceId ?? null,
    extension: search.extension ?? null,
    firstName: search.firstName ?? null,
    lastName: search.lastName ?? null,
    email: search.email ?? null,
    stuck: search.stuck ?? false,
    sort: [...sortLevels(search)],
  };
}
