/** The changes of the Check page. Each one comes back with the new check, is told in words, and can be taken back. */
import { useMemo, useRef, useState } from "react";
import { asFailure, carryOut, type CellRef, type Check, type CommandName, commandKey, type FileSource, learn, queryClient, type Reply, type Request } from "../../host";
import { counted } from "../../format/number";
import { announce } from "../../shell/page";
import { toastFailure } from "../../ui";

type Change = "cell" | "all" | "undo" | "files";

export type Edits = {
  /** What is under way. */
  busy: Change | null;
  /** Puts a value into a cell; true once the grid shows it. */
  keep: (cell: CellRef, value: string) => Promise<boolean>;
  fixCell: (cell: CellRef) => Promise<boolean>;
  fixAll: (code: string) => Promise<boolean>;
  undo: () => Promise<boolean>;
  redo: () => Promise<boolean>;
  /** Adds the new files, then takes the first `old` ones out: a file that cannot be read replaces nothing. */
  replaceFiles: (files: FileSource[], old: number) => Promise<boolean>;
};

type EditCommand = { [C in CommandName]: Reply<C> extends { cells: number; check: Check } ? C : never }[CommandName];

/** Told after each change, since the page may change far from the focus. */
function tell(said: string, check: Check): void {
  const left = check.errors;
  announce(`${said} ${left === 0 ? "No error blocks the plan." : `${counted(left, "error")} left.`}`);
}

/** Waits until what is on the screen is what the check says. The topics of the change may have done it already. */
async function shown(template: string, check: Check): Promise<void> {
  learn("bulkAssignments.check", { template }, check);
  await queryClient.invalidateQueries({ queryKey: ["bulkAssignments.rows"] });
  void queryClient.invalidateQueries({ queryKey: ["bulkAssignments.strip"] });
}

export function useEdits(template: string): Edits {
  const [busy, setBusy] = useState<Change | null>(null);
  const last = useRef<Promise<unknown>>(Promise.resolve());

  const verbs = useMemo(() => {
    // Changes follow each other in the order they were asked for; none is dropped because another is under way.
    const change = (kind: Change, work: () => Promise<void>): Promise<boolean> => {
      const mine = last.current.then(async () => {
        setBusy(kind);
        try {
          await work();
          return true;
        } catch (thrown) {
          toastFailure(asFailure(thrown, "bulkAssignments"));
          return false;
        } finally {
          setBusy(null);
        }
      });
      last.current = mine;
      return mine;
    };
    const edit = <C extends EditCommand>(kind: Change, command: C, request: Request<C>, said: (cells: number) => string) =>
      change(kind, async () => {
        const done: { cells: number; check: Check } = await carryOut(command, request);
        await shown(template, done.check);
        tell(said(done.cells), done.check);
      });
    return {
      keep: (cell, value) => edit("cell", "bulkAssignments.editCell", { template, cell, value }, () => "Kept."),
      fixCell: (cell) => edit("cell", "bulkAssignments.fixCell", { template, cell }, () => "Fixed."),
      fixAll: (code) => edit("all", "bulkAssignments.fixAll", { template, code }, (cells) => `Fixed ${counted(cells, "cell")}.`),
      undo: () => edit("undo", "bulkAssignments.undo", { template }, (cells) => `Took back ${counted(cells, "cell")}.`),
      redo: () => edit("undo", "bulkAssignments.redo", { template }, (cells) => `Changed ${counted(cells, "cell")} again.`),
      replaceFiles: (files, old) =>
        change("files", async () => {
          let check = await carryOut("bulkAssignments.addFiles", { template, files });
          for (let left = old; left > 0; left -= 1) check = await carryOut("bulkAssignments.removeFile", { template, index: 0 });
          void queryClient.invalidateQueries({ queryKey: commandKey("bulkAssignments.get", { template }) });
          await shown(template, check);
          tell(`${counted(check.rows, "row")} read.`, check);
        }),
    } satisfies Omit<Edits, "busy">;
  }, [template]);
  return useMemo(() => ({ ...verbs, busy }), [verbs, busy]);
}
