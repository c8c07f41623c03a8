// Links to the users of one state: what was filtered before must not hide some of them.

import { changePreferences } from "../shell/preferences";
import { type ActivationSearch, UNFILTERED } from "./search";

/** Lets the Activation page of the organisation filter by this alone; its sort and columns stay. Called by what leads there. */
export function showOnly(organisation: string, search: Pick<ActivationSearch, "state" | "stuck">): void {
  const name = `activation/${organisation}`;
  void changePreferences(({ views }) => {
    let kept: Record<string, unknown> = {};
    try {
      kept = JSON.parse(views[name] ?? "{}") as Record<string, unknown>;
    } catch {
      // Unreadable ones fall back to nothing, as they do for the page.
    }
    return { views: { ...views, [name]: JSON.stringify({ ...kept, ...UNFILTERED, ...search }) } };
  });
}
