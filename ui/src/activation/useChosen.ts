// Which users are selected: single ones, or everybody whom the view shows, who are then never read.

import { useMemo, useState } from "react";
import type { ActivationSelection, ActivationUser, ActivationView } from "../host";
import type { GridSelection, RowWindows } from "../grid";
import { announce } from "../shell/page";
import { count as plain, counted } from "../format/number";

const NOBODY: ReadonlySet<string> = new Set();

type Chosen = { kind: "keys"; keys: ReadonlySet<string> } | { kind: "view" };

const NONE: Chosen = { kind: "keys", keys: NOBODY };

/** Up to so many rows it is looked whether the selected ones are still among them. */
const LOOKED_AT = 400;

/** How many of the selected ones the view no longer shows; 0 where that cannot be told because not every row is here. */
function outside(keys: ReadonlySet<string>, rows: RowWindows<ActivationUser>): number {
  if (keys.size === 0 || rows.total > LOOKED_AT) return 0;
  let seen = 0;
  for (let index = 0; index < rows.total; index += 1) {
    const row = rows.row(index);
    if (row === undefined) return 0;
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
  const choose = (next: Chosen) => setChosen({ of: narrowed, what: next });

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
  /** Of those selected, whoever a refresh has moved out of the view. */
  const left = what.kind === "view" || rows.loading || rows.settling ? 0 : outside(what.keys, rows);
  const words = left === 0 && count <= total ? `${plain(count)} of ${counted(total, "user")} selected` : `${counted(count, "user")} selected, ${plain(Math.max(left, count - total))} no longer in the view`;
  return { grid, count, words, all: what.kind === "view", selection, clear: () => choose(NONE) };
}
