// Which users are selected: single ones, or everybody whom the view shows, who are then never read.

import { useMemo, useState } from "react";
import type { ActivationSelection, ActivationUser, ActivationView } from "../host";
import { type GridSelection, PAGE, type RowWindows } from "../grid";
import { announce } from "../shell/page";
import { counted } from "../format/number";
import { chosenWords } from "./words";

const NOBODY: ReadonlySet<string> = new Set();

type Chosen = { kind: "keys"; keys: ReadonlySet<string> } | { kind: "view" };

const NONE: Chosen = { kind: "keys", keys: NOBODY };

/**
 * How many of the selected ones the view no longer shows: a refresh may have moved them out of it. Null where that cannot
 * be told: of more than a page not every row is here.
 */
function outside(keys: ReadonlySet<string>, rows: RowWindows<ActivationUser>): number | null {
  if (rows.loading || rows.settling || rows.total > PAGE) return null;
  let seen = 0;
  for (let index = 0; index < rows.total; index += 1) {
    const row = rows.row(index);
    if (row === undefined) return null;
    if (keys.has(row.key)) seen += 1;
  }
  return keys.size - seen;
}

/** Another filter ends a selection for good, another order does not. */
export function useChosen(view: ActivationView, rows: RowWindows<ActivationUser>) {
  const { total } = rows;
  const narrowed = useMemo(() => JSON.stringify({ ...view, sort: [] }), [view]);
  const [chosen, setChosen] = useState<{ of: string; what: Chosen }>({ of: narrowed, what: NONE });
  if (chosen.of !== narrowed) setChosen({ of: narrowed, what: NONE });
  const what = chosen.of === narrowed ? chosen.what : NONE;
  // What comes late is of the view it was chosen in, and not of the one that is shown by then.
  const choose = (next: Chosen) => setChosen((before) => (before.of === narrowed ? { of: narrowed, what: next } : before));

  const grid: GridSelection = {
    keys: what.kind === "keys" ? what.keys : NOBODY,
    all: what.kind === "view",
    onChange: (keys) => choose({ kind: "keys", keys }),
    onSelectAll: () => {
      if (total === 0) return;
      choose({ kind: "view" });
      announce(`All of the view: ${counted(total, "user")} selected`);
    },
  };
  const count = what.kind === "view" ? total : what.keys.size;
  const selection: ActivationSelection | null = count === 0 ? null : what.kind === "view" ? { kind: "view", view } : { kind: "keys", keys: [...what.keys] };
  const words = chosenWords(count, total, what.kind === "view" ? 0 : outside(what.keys, rows));
  return { grid, count, words, all: what.kind === "view", selection, clear: () => choose(NONE) };
}
