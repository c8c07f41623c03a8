/** Step 2: every problem of the files at once, each with its place and, where one is certain, its fix. Works offline. */
import { useNavigate, useParams } from "@tanstack/react-router";
import { ArrowRight, Download, Files, Upload } from "lucide-react";
import { useCallback, useMemo, useRef, useState } from "react";
import { asFailure, type CellColumn, type CellRef, type Check, type CheckedRow, type CheckFilter, host, type Reply, type Template, useAction, useCommand } from "../../host";
import { count, counted } from "../../format/number";
import { GridFooter, useRowWindows } from "../../grid";
import { announce, Page, useShortcuts } from "../../shell/page";
import { Button, EmptyState, Menu, SearchField, SegmentedFilter, StatusMark, toast, toastFailure } from "../../ui";
import { ChosenRule } from "../ChosenRule";
import { Opening } from "../Opening";
import { RowDetail } from "../RowDetail";
import { TemplateHead } from "../TemplateHead";
import { checkView, usePageView } from "../views";
import styles from "./CheckPage.module.css";
import { columnsOf } from "./columns";
import { FileFactsBar } from "./FileFactsBar";
import { FileGrid, type FileGridHandle } from "./FileGrid";
import { justBefore, lookFrom, overallIndex } from "./places";
import { ProblemList } from "./ProblemList";
import { titlesOf } from "./problems";
import { ProblemStrip } from "./ProblemStrip";
import { useEdits } from "./edits";

const readRows = (reply: Reply<"bulkAssignments.rows">) => ({ total: reply.total, rows: reply.rows });

export function CheckPage() {
  const { template: id } = useParams({ from: "/bulk/$template/check" });
  const template = useCommand("bulkAssignments.get", { template: id });
  const check = useCommand("bulkAssignments.check", { template: id });
  if (template.data && check.data) return <Sheet template={template.data} check={check.data} />;
  return <Opening title="Check" step="check" template={template.data} reads={[template, check]} what="the files" />;
}

function Sheet({ template, check }: { template: Template; check: Check }) {
  const navigate = useNavigate();
  const grid = useRef<FileGridHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const [view, setView] = usePageView("bulk.check", checkView);
  const [visible, setVisible] = useState({ first: 0, last: 0 });
  const [focused, setFocused] = useState<number | null>(null);
  const problemsOnly = (view.rows ?? (check.problemRows > 0 ? "problems" : "all")) === "problems";
  const filter = useMemo((): CheckFilter => ({ problemsOnly, code: view.code ?? null, search: view.search ?? null }), [problemsOnly, view.code, view.search]);
  const query = useMemo(() => ({ template: template.id, filter }), [template.id, filter]);
  const rows = useRowWindows("bulkAssignments.rows", query, readRows);
  const shownColumns = useCommand("bulkAssignments.rows", { ...query, offset: 0, limit: 1 }, { keepPrevious: true }).data?.columns;
  const columns = useMemo(() => columnsOf(check.files, shownColumns ?? []), [check.files, shownColumns]);

  const titles = useMemo(() => titlesOf(check), [check]);

  const readOnly = template.status === "draft" ? null : "This template has run and cannot be changed. Duplicate it to change its rows.";
  const edits = useEdits(template.id);
  const save = useAction("bulkAssignments.saveCorrected", toastFailure);
  const blocking = check.errors;
  const noFiles = check.files.length === 0;
  const whyNot = noFiles ? "Add a file first" : blocking > 0 ? `${counted(blocking, "error")} to fix before the plan` : check.rows === 0 ? "The files have no rows" : null;

  const goTo = async (after: CellRef | null, backwards: boolean) => {
    try {
      const { found } = await host().call("bulkAssignments.nextProblem", { ...query, after, backwards });
      if (found) grid.current?.go(found.position, found.cell.column);
      else if (after) await goTo(null, backwards);
      else announce("No problem is left in these rows.");
    } catch (thrown) {
      toastFailure(asFailure(thrown, "bulkAssignments.nextProblem"));
    }
  };
  const nextProblem = (backwards: boolean) => {
    const at = grid.current?.active();
    const first = columns[0];
    const last = columns.at(-1);
    void goTo(at && first && last ? lookFrom(check.files, at.row, at.column, backwards, first, last) : null, backwards);
  };

  const fix = (row: CheckedRow, column: CellColumn | null) => {
    const issue = row.issues.find((one) => one.fix !== null && one.column !== null && (column === null || one.column === column));
    if (!issue?.column) {
      announce("No fix is certain here. Press Enter and type the value.");
      return;
    }
    const at = grid.current?.active();
    void edits.fixCell({ file: row.file, row: row.row, column: issue.column }).then(() => (at ? grid.current?.go(at.index, at.column) : undefined));
  };
  const fixActive = () => {
    const at = grid.current?.active();
    if (at) fix(at.row, at.column === "head" || at.column === "problem" ? null : at.column);
  };

  // The button of a fix goes with its problem; the focus then goes on to the grid instead of being lost.
  const thenFocus = (change: Promise<boolean>) =>
    void change.then(() =>
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) grid.current?.go(grid.current.active()?.index ?? 0, grid.current.active()?.column ?? "head");
      }),
    );

  const jump = (overall: number) => {
    const last = columns.at(-1);
    if (!last) return;
    if (!problemsOnly && filter.code === null && filter.search === null) grid.current?.go(overall, "head");
    else void goTo(justBefore(check.files, overall, last), false);
  };

  const replace = async () => {
    const files = await host().pickFiles();
    if (files.length > 0) await edits.replaceFiles(files, check.files.length);
  };
  const saveFile = async (index: number) => {
    const name = check.files[index]?.name ?? "users.csv";
    const path = await host().pickSavePath({ title: `Save corrected ${name}`, name: name.replace(/(\.[^.]*)?$/, "-corrected.csv") });
    const saved = path === null ? null : await save.run({ template: template.id, file: index, path });
    if (saved) toast({ tone: "ok", title: `Saved ${counted(saved.rows, "row")}`, detail: saved.path });
  };
  const toPlan = () => void navigate({ to: "/bulk/$template/plan", params: { template: template.id } });

  useShortcuts([
    { keys: "F8", label: "Next problem", run: () => nextProblem(false) },
    { keys: "Shift+F8", label: "Previous problem", run: () => nextProblem(true) },
    { keys: "Mod+.", label: "Apply the fix of this cell", run: fixActive, off: readOnly },
    { keys: "Mod+Z", label: "Undo the last change", run: () => void edits.undo(), off: readOnly ?? (check.undo === null ? "Nothing to take back" : null) },
    { keys: "Mod+Shift+Z", label: "Redo", run: () => void edits.redo(), off: readOnly ?? (check.redo === null ? "Nothing to do again" : null) },
    { keys: "/", label: "Search in the files", run: () => searchField.current?.focus() },
    { keys: "Mod+Enter", label: "Go on to Plan", run: toPlan, off: whyNot },
  ]);

  const onVisible = useCallback((first: number, last: number) => setVisible({ first, last }), []);
  const firstRow = rows.row(visible.first);
  const lastRow = rows.row(Math.min(visible.last, rows.total - 1));
  const shown = firstRow && lastRow ? { from: overallIndex(check.files, firstRow.file, firstRow.row), to: overallIndex(check.files, lastRow.file, lastRow.row) } : null;
  const focusedRow = focused === null ? undefined : rows.row(focused);
  const group = check.groups.find((one) => one.code === view.code);

  return (
    <Page
      title={`${template.name}, check`}
      head={
        <TemplateHead
          template={template}
          step="check"
          blocked={blocking > 0}
          note={
            readOnly ??
            (whyNot ? (
              <>
                {blocking > 0 && <StatusMark shape="bad" tone="bad" />}
                {whyNot}
              </>
            ) : null)
          }
          actions={
            <>
              {check.files.length > 1 ? (
                <Button icon={Files} disabledReason={readOnly} onPress={() => void navigate({ to: "/bulk/$template/upload", params: { template: template.id } })}>
                  Files
                </Button>
              ) : (
                <Button icon={Upload} disabledReason={readOnly} busy={edits.busy === "files"} onPress={() => void replace()}>
                  {noFiles ? "Choose file" : "Replace file"}
                </Button>
              )}
              {check.files.length > 1 ? (
                <Menu label="Save as CSV" icon={Download} actions={check.files.map((file, index) => ({ id: `${index}`, label: file.name, detail: counted(file.rows, "row"), onPress: () => void saveFile(index) }))} />
              ) : (
                <Button icon={Download} disabledReason={noFiles ? "There is no file yet" : null} busy={save.busy} onPress={() => void saveFile(0)}>
                  Save as CSV
                </Button>
              )}
              <Button kind={whyNot ? "default" : "primary"} icon={ArrowRight} keys="Mod+Enter" disabledReason={whyNot} onPress={toPlan}>
                Plan
              </Button>
            </>
          }
        />
      }
    >
      {noFiles ? (
        <EmptyState
          title="No file yet"
          action={
            <Button icon={Upload} onPress={() => void navigate({ to: "/bulk/$template/upload", params: { template: template.id } })}>
              Add files
            </Button>
          }
        >
          Every problem of the files will be listed here, each with its place and its fix.
        </EmptyState>
      ) : (
        <>
          <FileFactsBar check={check} />
          <div className={styles.split}>
            <ProblemList
              template={template}
              check={check}
              code={view.code ?? null}
              readOnly={readOnly}
              busy={edits.busy !== null}
              onCode={(code) => setView({ code: code ?? undefined, rows: "problems" })}
              onFixAll={(one) => thenFocus(edits.fixAll(one.code))}
              onNext={() => nextProblem(false)}
              onUndo={() => thenFocus(edits.undo())}
              onRedo={() => thenFocus(edits.redo())}
            />
            <section className={styles.sheet} aria-label="Rows of the files">
              <div className={styles.bar}>
                <SegmentedFilter
                  label="Rows"
                  value={problemsOnly ? "problems" : "all"}
                  segments={[
                    { value: "problems", label: "Rows with problems", count: check.problemRows },
                    { value: "all", label: "All rows", count: check.rows },
                  ]}
                  onChange={(value) => setView({ rows: value, code: undefined })}
                />
                {group && <ChosenRule title={group.title} onClear={() => setView({ code: undefined })} />}
                <span className="push">
                  <SearchField ref={searchField} label="Search in the files" value={view.search ?? ""} onChange={(search) => setView({ search: search || undefined })} />
                </span>
              </div>
              <div className={styles.grid}>
                <FileGrid
                  ref={grid}
                  label={problemsOnly ? "Rows with problems" : "All rows"}
                  template={template.id}
                  titles={titles}
                  rows={rows}
                  columns={columns}
                  manyFiles={check.files.length > 1}
                  readOnly={readOnly}
                  onKeep={edits.keep}
                  onFix={fix}
                  onVisible={onVisible}
                  onFocusRow={setFocused}
                  empty={<NoRows filter={filter} check={check} onClear={() => setView({ search: undefined, code: undefined, rows: "all" })} />}
                  footer={
                    <GridFooter
                      keys={[
                        ["F8", "next problem"],
                        ["Enter", "edit cell"],
                        ["Mod+.", "fix"],
                        ["Mod+Z", "undo"],
                      ]}
                    >
                      The file on disk stays as it is. Fixes go into this template.
                    </GridFooter>
                  }
                />
                <ProblemStrip template={template.id} rows={check.rows} view={shown} onJump={jump} />
              </div>
              <RowDetail row={focusedRow ? `Row ${count(focusedRow.row)}` : null} text={focusedRow?.issues.map((issue) => issue.message).join(" ") ?? null} hint={focusedRow ? "Nothing is wrong in this row." : "The problem of the row you are in is written out here."} />
            </section>
          </div>
        </>
      )}
    </Page>
  );
}

/** Says which filter hides the rows, or that all is well. */
function NoRows({ filter, check, onClear }: { filter: CheckFilter; check: Check; onClear: () => void }) {
  const narrowed = filter.search !== null || filter.code !== null;
  if (!narrowed && check.rows > 0) {
    return (
      <EmptyState title={check.errors > 0 ? "The problems are in no single row" : "No row has a problem"} action={<Button onPress={onClear}>Show all rows</Button>}>
        {check.errors > 0 ? "They concern the file as a whole and are listed at the left." : `All ${counted(check.rows, "row")} passed.`}
      </EmptyState>
    );
  }
  if (check.rows === 0) return <EmptyState title="The files have no rows">What is wrong is listed at the left.</EmptyState>;
  return (
    <EmptyState title="No row fits the filter" action={<Button onPress={onClear}>Show all rows</Button>}>
      {[filter.search === null ? null : `The search “${filter.search}”`, filter.code === null ? null : "the chosen rule"].filter(Boolean).join(" and ")} {filter.search !== null && filter.code !== null ? "hide" : "hides"} all {counted(check.rows, "row")}.
    </EmptyState>
  );
}
