// Which users are selected: single ones, or everybody whom the view shows, who are then never read.

import { useMemo, useState } from "react";
import type { ActivationSelection, ActivationView } from "../host";
import type { GridSelection } from "../grid";
import { announce } from "../shell/page";
import { counted } from "../format/number";

const NOBODY: ReadonlySet<string> = new Set();

type Chosen = { kind: "keys"; keys: ReadonlySet<string> } | { kind: "view" };

const NONE: Chosen = { kind: "keys", keys: NOBODY };

/** `total` is how many the view shows. Another filter ends a selection, another order does not. */
export function useChosen(view: ActivationView, total: number) {
  const narrowed = useMemo(() => JSON.stringify({ ...view, sort: [] }), [view]);
  const [chosen, setChosen] = useState<{ of: string; what: Chosen }>({ of: narrowed, what: NONE });
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
  return { grid, count, all: what.kind === "view", selection, clear: () => choose(NONE) };
}
