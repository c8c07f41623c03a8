// What is remembered for the person: preferences, the organisation they work in, and the view of each page.

import { useCallback, useMemo } from "react";
import { carryOut, commandKey, learn, type Organisation, type Preferences, queryClient, useCommand } from "../host";
import { asFailure } from "../host";
import { toastFailure } from "../ui";

type Part = (before: Preferences) => Partial<Preferences>;

let writing: Promise<void> = Promise.resolve();
/** Changes that are not written yet, in their order. */
const waiting: Part[] = [];

const changed = (before: Preferences, part: Part): Preferences => ({ ...before, ...part(before) });

/** What is seen: what was read, with what was changed since. */
const seen = (read: Preferences): Preferences => waiting.reduce(changed, read);

/** Changes part of the preferences: seen at once, written in turn, each on top of what the last one left on disk. */
export function changePreferences(part: Part): Promise<void> {
  waiting.push(part);
  const read = queryClient.getQueryData<Preferences>(commandKey("preferences.get", {}));
  if (read !== undefined) learn("preferences.get", {}, seen(read));
  writing = writing.then(async () => {
    try {
      // Where later changes wait, not on what is seen: that holds them already, and this one would be put over them. Else it
      // goes at once: the window may be closed the next moment.
      const known = waiting.length === 1 ? queryClient.getQueryData<Preferences>(commandKey("preferences.get", {})) : undefined;
      const written = await carryOut("preferences.set", changed(known ?? (await carryOut("preferences.get", {})), part));
      waiting.shift();
      learn("preferences.get", {}, seen(written));
    } catch (thrown) {
      waiting.shift();
      void queryClient.invalidateQueries({ queryKey: commandKey("preferences.get", {}) });
      toastFailure(asFailure(thrown, "preferences.set"));
    }
  });
  return writing;
}

export function usePreferences() {
  const { data } = useCommand("preferences.get", {});
  const change = useCallback((part: Partial<Preferences>) => changePreferences(() => part), []);
  // What was read while a change was being written knows nothing of it.
  return { preferences: data === undefined ? null : seen(data), change };
}

/** A page's remembered view settings: filters, sort, columns. Unreadable ones fall back. */
export function useView<V extends object>(name: string, fallback: V): [V, (view: V) => void] {
  const { preferences } = usePreferences();
  const text = preferences?.views[name];
  const view = useMemo<V>(() => {
    if (text === undefined) return fallback;
    try {
      return { ...fallback, ...(JSON.parse(text) as Partial<V>) };
    } catch {
      return fallback;
    }
  }, [text, fallback]);
  const remember = useCallback((next: V) => void changePreferences((before) => ({ views: { ...before.views, [name]: JSON.stringify(next) } })), [name]);
  return [view, remember];
}

/** The organisation the window works in, or the only one there is; null without one. */
export function useCurrentOrganisation(): Organisation | null {
  const { preferences } = usePreferences();
  const { data } = useCommand("organisations.list", {});
  const organisations = data?.organisations ?? [];
  return organisations.find((one) => one.id === preferences?.organisation) ?? (organisations.length === 1 ? (organisations[0] ?? null) : null);
}
