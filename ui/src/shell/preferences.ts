// What is remembered for the person: preferences, the organisation they work in, and the view of each page.

import { useCallback, useMemo } from "react";
import { carryOut, commandKey, learn, type Organisation, type Preferences, queryClient, useCommand } from "../host";
import { asFailure } from "../host";
import { toastFailure } from "../ui";

let writing: Promise<void> = Promise.resolve();
/** Changes that are not written yet. */
let waiting = 0;

/**
 * Changes part of the preferences: seen at once, written in turn. Changes follow each other, each on top of what the last one left.
 */
export function changePreferences(part: (before: Preferences) => Partial<Preferences>): Promise<void> {
  const changed = (before: Preferences): Preferences => ({ ...before, ...part(before) });
  const seen = queryClient.getQueryData<Preferences>(commandKey("preferences.get", {}));
  if (seen !== undefined) learn("preferences.get", {}, changed(seen));
  waiting += 1;
  writing = writing.then(async () => {
    try {
      // What was read in between may be from before this change.
      const after = changed(queryClient.getQueryData<Preferences>(commandKey("preferences.get", {})) ?? (await carryOut("preferences.get", {})));
      learn("preferences.get", {}, after);
      const written = await carryOut("preferences.set", after);
      // The reply knows nothing of changes that still wait.
      if (waiting === 1) learn("preferences.get", {}, written);
    } catch (thrown) {
      void queryClient.invalidateQueries({ queryKey: commandKey("preferences.get", {}) });
      toastFailure(asFailure(thrown, "preferences.set"));
    } finally {
      waiting -= 1;
    }
  });
  return writing;
}

export function usePreferences() {
  const { data: preferences } = useCommand("preferences.get", {});
  const change = useCallback((part: Partial<Preferences>) => changePreferences(() => part), []);
  return { preferences: preferences ?? null, change };
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
