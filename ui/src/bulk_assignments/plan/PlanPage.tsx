/** Step 3: what a run would do, row by row, against the copy of Webex. Nothing has been changed yet. */
import { Navigate, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, Download, Play } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { host, type Plan, type PlanFilter, type PlannedRow, type Reply, type Template, useAction, useCommand } from "../../host";
import { count, counted } from "../../format/number";
import { type Column, DataGrid, GridFooter, useRowWindows } from "../../grid";
import { Page, useShortcuts } from "../../shell/page";
import { Banner, Button, EmptyState, FailureNote, Freshness, SearchField, SegmentedFilter, Status, StatusMark, Tag, toast, toastFailure } from "../../ui";
import { ChosenRule } from "../ChosenRule";
import { Opening } from "../Opening";
import { RowDetail } from "../RowDetail";
import { TemplateHead } from "../TemplateHead";
import { type PlanView, planView, usePageView } from "../views";
import { plannedWords } from "../wording";
import { Conflicts, struckBy } from "./Conflicts";
import { PlanNeeds } from "./PlanNeeds";
import styles from "./PlanPage.module.css";
import { StartDialog, useStart } from "./StartDialog";

const readRows = (reply: Reply<"bulkAssignments.planRows">) => ({ total: reply.total, rows: reply.rows });

export function PlanPage() {
  const { template: id } = useParams({ from: "/bulk/$template/plan" });
  const navigate = useNavigate();
  const template = useCommand("bulkAssignments.get", { template: id });
  const plan = useCommand("bulkAssignments.plan", { template: id }, { enabled: template.data?.status === "draft" && template.data.totalUsers > 0 });

  // A plan is made once: what has started is on the Run page, what has ended in the report. So Start leads there too.
  if (template.data && template.data.status !== "draft") {
    return <Navigate to={template.data.status === "completed" ? "/bulk/$template/report" : "/bulk/$template/run"} params={{ template: id }} replace />;
  }
  if (template.data && plan.data) return <Ready template={template.data} plan={plan.data} />;
  const noUsers = template.data?.totalUsers === 0;
  const back = <Button onPress={() => void navigate({ to: "/bulk/$template/upload", params: { template: id } })}>{noUsers ? "Add a file" : "Back to upload"}</Button>;
  return (
    <Opening title="Plan" step="plan" template={template.data} reads={noUsers ? [template] : [template, plan]} what="the plan" actions={template.data ? back : undefined}>
      {noUsers ? (
        <EmptyState title="There is nobody to plan for" action={back}>
          The plan shows, user by user, what Webex would be asked to change. This template has no users yet.
        </EmptyState>
      ) : undefined}
    </Opening>
  );
}

function Ready({ template, plan }: { template: Template; plan: Plan }) {
  const navigate = useNavigate();
  const searchField = useRef<HTMLInputElement>(null);
  const [view, setView] = usePageView<PlanView>("bulk.plan", planView);
  const outcome = view.outcome ?? "assign";
  const filter = useMemo((): PlanFilter => ({ outcome: outcome === "all" ? null : outcome, code: view.code ?? null, search: view.search ?? null }), [outcome, view.code, view.search]);
  const query = useMemo(() => ({ template: template.id, filter }), [template.id, filter]);
  const rows = useRowWindows("bulkAssignments.planRows", query, readRows);
  const mirror = useCommand("mirror.status", { organisation: template.organisation ?? "" }, { enabled: template.organisation !== null });
  const sync = useAction("mirror.sync", toastFailure);
  const savePlan = useAction("bulkAssignments.savePlan", toastFailure);
  const start = useStart(template, plan);
  const [focused, setFocused] = useState<PlannedRow | null>(null);

  const syncing = sync.busy || (mirror.data?.syncing ?? null) !== null;
  const refresh = () => (template.organisation === null ? undefined : void sync.run({ organisation: template.organisation }));
  const whyNot = plan.obstacle ?? (syncing ? "Webex is being read" : null);
  const back = () => void navigate({ to: "/bulk/$template/check", params: { template: template.id } });
  const save = async () => {
    const path = await host().pickSavePath({ title: "Save plan", name: `${template.name}-plan.csv` });
    const reply = path === null ? null : await savePlan.run({ template: template.id, path });
    if (reply) toast({ tone: "ok", title: `Saved a plan of ${counted(reply.rows, "row")}`, detail: reply.path });
  };

  useShortcuts([
    { keys: "Mod+Enter", label: "Start assignment", run: start.begin, off: whyNot ?? (start.stage ? "It is being started" : null) },
    { keys: "F5", label: "Read Webex again", run: refresh, off: template.organisation === null ? "No organisation" : null },
    { keys: "/", label: "Search in the plan", run: () => searchField.current?.focus() },
  ]);

  const columns = useMemo((): readonly Column<PlannedRow>[] => planColumns(outcome), [outcome]);
  const group = plan.conflicts.find((one) => one.code === view.code);

  return (
    <Page
      title={`Plan of ${template.name}`}
      head={
        <TemplateHead
          template={template}
          step="plan"
          blocked={plan.obstacle !== null}
          note={
            plan.obstacle === null ? null : (
              <>
                <StatusMark shape="bad" tone="bad" />
                {plan.obstacle}
              </>
            )
          }
          freshness={<Freshness asOf={plan.asOf} label="Read Webex again" busy={syncing} onRefresh={refresh} />}
          actions={
            <>
              <Button icon={ArrowLeft} onPress={back}>
                Back to check
              </Button>
              <Button icon={Download} busy={savePlan.busy} onPress={() => void save()}>
                Save plan
              </Button>
              <Button kind={whyNot ? "default" : "primary"} icon={Play} keys="Mod+Enter" disabledReason={whyNot} busy={start.stage !== null} onPress={start.begin}>
                Start assignment
              </Button>
            </>
          }
        />
      }
    >
      {start.drifted && (
        <Banner edge tone="warn" title="Webex has changed since the plan you saw.">
          {start.drifted} Nothing was sent.
        </Banner>
      )}
      {start.failure && <FailureNote failure={start.failure} edge onRetry={start.begin} />}
      {!start.drifted && !start.failure && plan.warnings.length > 0 && (
        <Banner edge tone="warn" title={plan.warnings[0]?.message ?? ""}>
          {plan.warnings.slice(1).map((warning) => warning.message).join(" ")}
        </Banner>
      )}
      <div className={styles.wrap}>
        <section className={styles.main} aria-label="Plan">
          <div className={styles.summary}>
            <Figure shape="add" tone="ok" value={plan.toAssign} words="to assign" />
            <Figure shape="skip" tone={plan.leftOut > 0 ? "bad" : "idle"} value={plan.leftOut} words="left out, in conflict with Webex" />
            <Figure shape="part" tone="idle" value={plan.already} words="already assigned, nothing sent" />
            <p className={styles.sentence}>{sentence(template, plan)}</p>
          </div>
          {plan.conflicts.length > 0 && <Conflicts plan={plan} code={view.code ?? null} onCode={(code) => setView({ code: code ?? undefined, outcome: code ? "skip" : "assign" })} onCheck={back} />}
          <div className={styles.bar}>
            <SegmentedFilter
              label="Rows of the plan"
              value={outcome}
              segments={[
                { value: "assign", label: "To assign", count: plan.toAssign },
                { value: "skip", label: "Left out", count: plan.leftOut },
                { value: "already_assigned", label: "Already", count: plan.already },
                { value: "all", label: "All", count: plan.rows },
              ]}
              onChange={(next) => setView({ outcome: next, code: undefined })}
            />
            {group && <ChosenRule title={group.title} onClear={() => setView({ code: undefined })} />}
            <span className="push">
              <SearchField ref={searchField} label="Search in the plan" placeholder="Search" value={view.search ?? ""} onChange={(search) => setView({ search: search || undefined })} />
            </span>
          </div>
          <DataGrid
            label="Rows of the plan"
            columns={columns}
            rows={rows}
            rowKey={(row) => `${row.row}`}
            onFocusRow={setFocused}
            empty={
              <EmptyState title={view.search || view.code ? "No row fits the filter" : outcome === "assign" ? "Nothing is left to assign" : "No row here"} action={view.search || view.code ? <Button onPress={() => setView({ search: undefined, code: undefined })}>Clear the filter</Button> : undefined}>
                {view.search ? `The search “${view.search}” hides the rest.` : ""}
              </EmptyState>
            }
            footer={<GridFooter>{`${count(rows.total)} of ${counted(plan.rows, "row")}, in file order`}</GridFooter>}
          />
          {outcome !== "assign" && plan.leftOut > 0 && <RowDetail row={focused ? `Row ${count(focused.row)}` : null} text={focused?.message ?? null} hint="Why the row you are in is left out is written out here." />}
        </section>
        <PlanNeeds plan={plan} />
      </div>
      <StartDialog start={start} template={template} />
    </Page>
  );
}

function Figure({ shape, tone, value, words }: { shape: "add" | "skip" | "part"; tone: "ok" | "bad" | "idle"; value: number; words: string }) {
  return (
    <div className={styles.figure}>
      <StatusMark shape={shape} tone={tone} size={16} />
      <b className="num">{count(value)}</b>
      <span>{words}</span>
    </div>
  );
}

function sentence(template: Template, plan: Plan): string {
  if (plan.toAssign === 0) return "Nothing has been sent, and nothing would be.";
  const addOns = template.addOns.length === 0 ? "no add-on" : counted(template.addOns.length, "add-on");
  return `Nothing has been sent yet. Each user gets a new extension, its number, and ${addOns}.`;
}

/** The columns for one kind of row: a row left out says why, the others what they get. */
function planColumns(outcome: NonNullable<PlanView["outcome"]>): readonly Column<PlannedRow>[] {
  const struck = (row: PlannedRow, part: "extension" | "user" | "number") => (row.outcome === "skip" && struckBy(row.code) === part ? styles.struck : undefined);
  return [
    {
      id: "outcome",
      header: "Plan",
      // The word stands above, unless all kinds are shown together.
      width: outcome === "all" ? 132 : 48,
      hideHeader: outcome !== "all",
      cell: (row) => {
        const words = plannedWords[row.outcome];
        if (outcome === "all") {
          return (
            <Status shape={words.shape} tone={words.tone}>
              {words.label}
            </Status>
          );
        }
        return (
          <>
            <StatusMark shape={words.shape} tone={words.tone} />
            <span className="sr">{words.label}</span>
          </>
        );
      },
    },
    { id: "row", header: "Row", width: 58, align: "right", rowHeader: true, cell: (row) => count(row.row) },
    { id: "ext", header: "Ext Key", width: 76, cell: (row) => <span className={struck(row, "extension")}>{row.extKey}</span> },
    { id: "user", header: "User", width: 160, text: (row) => row.user ?? row.identity, cell: (row) => <span className={`medium ${struck(row, "user") ?? ""}`}>{row.user ?? row.identity}</span> },
    {
      id: "number",
      header: "Number",
      width: 136,
      text: (row) => (row.inventoryNumber !== null && row.number !== row.inventoryNumber ? `${row.number} in the file` : (row.number ?? "")),
      cell: (row) => (row.number === null ? <span className="muted">no number</span> : <span className={struck(row, "number")}>{row.inventoryNumber ?? row.number}</span>),
    },
    {
      id: "what",
      header: outcome === "skip" ? "Why it is left out" : "What it gets",
      width: 200,
      grow: true,
      text: (row) => row.message ?? row.licences.join(", "),
      cell: (row) =>
        row.outcome === "assign" ? (
          <span className={styles.tags}>
            {row.licences.map((licence) => (
              <Tag key={licence} added>
                {licence}
              </Tag>
            ))}
          </span>
        ) : (
          <span className="soft">{row.message}</span>
        ),
    },
  ];
}
