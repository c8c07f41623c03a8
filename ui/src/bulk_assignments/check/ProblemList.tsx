/** Problems by rule: errors of the files first, then warnings, then what Webex would refuse; the biggest first. */
import { ArrowRight, Redo2, Undo2, WandSparkles } from "lucide-react";
import type { Check, IssueGroup, Template } from "../../host";
import { count, counted } from "../../format/number";
import { Button } from "../../ui/Button";
import { StatusMark } from "../../ui/StatusMark";
import { MirrorState } from "./MirrorState";
import { difference, visible } from "./difference";
import styles from "./ProblemList.module.css";

type Props = {
  template: Template;
  check: Check;
  /** The rule whose rows the grid shows alone. */
  code: string | null;
  /** Why nothing can be changed, or null. */
  readOnly: string | null;
  busy: boolean;
  onCode: (code: string | null) => void;
  onFixAll: (group: IssueGroup) => void;
  onNext: () => void;
  onUndo: () => void;
  onRedo: () => void;
};

export function ProblemList({ template, check, code, readOnly, busy, onCode, onFixAll, onNext, onUndo, onRedo }: Props) {
  const ofFiles = check.groups.filter((group) => group.source === "file");
  const errors = ofFiles.filter((group) => group.severity === "error");
  const warnings = ofFiles.filter((group) => group.severity === "warning");
  const conflicts = check.groups.filter((group) => group.source === "mirror");
  const refused = conflicts.filter((group) => group.severity === "error");
  const cells = (groups: readonly IssueGroup[]) => groups.reduce((sum, group) => sum + group.count, 0);

  const list = (groups: readonly IssueGroup[]) => (
    <ul>
      {groups.map((group) => (
        <Problem key={`${group.severity}-${group.code}`} group={group} check={check} open={code === group.code} readOnly={readOnly} busy={busy} onCode={onCode} onFixAll={onFixAll} onNext={onNext} />
      ))}
    </ul>
  );

  return (
    <aside className={styles.pane} aria-label="Problems by rule">
      {errors.length > 0 && (
        <section aria-label="Errors">
          <h2 className={styles.head}>
            Errors <span className={styles.note}>{counted(cells(errors), "finding")}, {cells(errors) === 1 ? "blocks" : "block"} the plan</span>
          </h2>
          {list(errors)}
        </section>
      )}
      {warnings.length > 0 && (
        <section aria-label="Warnings">
          <h2 className={styles.head}>
            Warnings <span className={styles.note}>{counted(cells(warnings), "finding")}, not blocking</span>
          </h2>
          {list(warnings)}
        </section>
      )}
      {conflicts.length > 0 && (
        <section aria-label="Against Webex">
          <h2 className={styles.head}>
            Against Webex <span className={styles.note}>{refused.length > 0 ? `${counted(cells(refused), "finding")}, left out` : `${counted(cells(conflicts), "finding")}, not blocking`}</span>
          </h2>
          {list(conflicts)}
        </section>
      )}
      {check.groups.length === 0 && (
        <p className={styles.clean}>
          <StatusMark shape="done" tone="ok" />
          No problem found in {counted(check.rows, "row")}.
        </p>
      )}
      <div className={styles.pinned}>
        <MirrorState template={template} check={check} />
        {(check.undo !== null || check.redo !== null) && (
          <div className={styles.foot}>
            <Undo2 aria-hidden="true" />
            <span className={styles.footText} title={check.undo ?? undefined}>
              {check.undo ?? "Everything taken back"}
            </span>
            {check.undo !== null && (
              <button type="button" className={styles.link} disabled={busy} onClick={onUndo}>
                Undo
              </button>
            )}
            {check.redo !== null && (
              <button type="button" className={styles.link} disabled={busy} onClick={onRedo} title={check.redo}>
                <Redo2 aria-hidden="true" />
                Redo
              </button>
            )}
          </div>
        )}
      </div>
    </aside>
  );
}

type ProblemProps = Pick<Props, "check" | "readOnly" | "busy" | "onCode" | "onFixAll" | "onNext"> & { group: IssueGroup; open: boolean };

function Problem({ group, check, open, readOnly, busy, onCode, onFixAll, onNext }: ProblemProps) {
  const tone = group.severity === "error" ? "bad" : "warn";
  const shape = group.source === "mirror" && group.severity === "error" ? "skip" : tone;
  const ofFile = check.fileIssues.filter((issue) => issue.code === group.code);
  const inRows = ofFile.length < group.count;
  return (
    <li className={[styles.item, open ? styles.open : undefined].filter(Boolean).join(" ")}>
      <div className={styles.top}>
        <StatusMark shape={shape} tone={tone} />
        <span className="sr">{shape === "skip" ? "left out" : group.severity}: </span>
        {inRows ? (
          <button type="button" className={styles.title} aria-pressed={open} title={open ? "Show all problems again" : "Show only these rows"} onClick={() => onCode(open ? null : group.code)}>
            {group.title}
          </button>
        ) : (
          <span className={styles.title}>{group.title}</span>
        )}
        <span className={styles.count}>{count(group.count)}</span>
      </div>
      {ofFile.length > 0 ? ofFile.map((issue) => <p key={`${issue.file}-${issue.line}-${issue.message}`} className={styles.text}>{issue.message}</p>) : <p className={styles.text}>{group.sentence}</p>}
      {group.exampleBefore !== null && group.exampleBefore !== "" && (group.exampleAfter !== null || open) && (
        <p className={styles.example}>
          <Example before={group.exampleBefore} after={group.exampleAfter} />
        </p>
      )}
      {((group.fixable > 0 && !readOnly) || open) && (
        <div className={styles.actions}>
          {group.fixable > 0 && !readOnly && (
            <Button small kind={open ? "tonal" : "default"} busy={busy} icon={WandSparkles} onPress={() => onFixAll(group)}>
              {group.fixLabel ?? "Fix"}
              {group.fixable < group.count ? ` in ${count(group.fixable)}` : ""}
            </Button>
          )}
          {open && (
            <Button small keys="F8" onPress={onNext}>
              Next
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

/** A real value of the files and what it would become; what changes is marked in both. */
function Example({ before, after }: { before: string; after: string | null }) {
  if (after === null) return <span className={styles.before}>{before}</span>;
  const { start, taken, given, end } = difference(before, after);
  return (
    <>
      <span className={styles.before}>
        {start}
        {taken !== "" && <del>{visible(taken)}</del>}
        {end}
      </span>
      <ArrowRight aria-label="becomes" />
      <span className={styles.before}>
        {after === "" ? "blank" : start}
        {given !== "" && <ins>{given}</ins>}
        {end}
      </span>
    </>
  );
}
