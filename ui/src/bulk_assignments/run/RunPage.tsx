/** Step 4: the run as it goes. Everything here can be left and come back to; the work goes on without the page. */
import { useNavigate, useParams } from "@tanstack/react-router";
import { FileText, Pause, Play, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { type RunProgress, type Template, useAction, useCommand } from "../../host";
import { count, counted, rate } from "../../format/number";
import { clock, moment, span, took } from "../../format/time";
import { useNow } from "../../format/useNow";
import { announce, Page, useShortcuts } from "../../shell/page";
import { Banner, Button, ConfirmDialog, EmptyState, FailureNote, Loading, Progress, StatusMark } from "../../ui";
import { TemplateHead } from "../TemplateHead";
import { outcomeWords } from "../wording";
import { Failures } from "./Failures";
import { HoldBanner } from "./HoldBanner";
import { RateChart } from "./RateChart";
import styles from "./RunPage.module.css";

export function RunPage() {
  const { template: id } = useParams({ from: "/bulk/$template/run" });
  const navigate = useNavigate();
  const template = useCommand("bulkAssignments.get", { template: id });
  const runId = template.data?.run ?? null;
  const run = useCommand("runs.get", { run: runId ?? "" }, { enabled: runId !== null });
  const failure = template.error ?? run.error;
  if (template.data && run.data) return <Progressing template={template.data} run={run.data} />;
  return (
    <Page title="Run" head={<TemplateHead template={template.data ?? null} step="run" />}>
      {failure ? (
        <FailureNote
          failure={failure}
          edge
          onRetry={() => {
            void template.refetch();
            void run.refetch();
          }}
        />
      ) : template.data && runId === null ? (
        <EmptyState title="Nothing has run yet" action={<Button onPress={() => void navigate({ to: "/bulk/$template/plan", params: { template: id } })}>Open the plan</Button>}>
          The run begins on the Plan page, once you have seen what it would do.
        </EmptyState>
      ) : (
        <Loading what="the run" />
      )}
    </Page>
  );
}

function Progressing({ template, run }: { template: Template; run: RunProgress }) {
  const navigate = useNavigate();
  const now = useNow(1000);
  const pause = useAction("runs.pause");
  const resume = useAction("runs.resume");
  const cancel = useAction("runs.cancel");
  const [cancelling, setCancelling] = useState(false);
  const done = run.rows - run.pending;
  const running = run.state === "running";
  const ended = run.state === "completed" || run.state === "cancelled";
  const failure = pause.failure ?? resume.failure;
  useMilestones(run);

  const toReport = () => void navigate({ to: "/bulk/$template/report", params: { template: template.id } });
  const pauseOrResume = () => void (running ? pause.run({ run: run.id }) : resume.run({ run: run.id }));
  const resumeWord = run.state === "interrupted" ? "Resume" : "Go on";
  useShortcuts([
    { keys: "P", label: running ? "Pause the run" : "Go on with the run", run: pauseOrResume, off: ended ? "The run has ended" : null },
    { keys: "Mod+Enter", label: "Open the report", run: toReport, off: ended ? null : "The run has not ended yet" },
  ]);

  return (
    <Page
      title={`Run of ${run.name}`}
      head={
        <TemplateHead
          template={template}
          title={run.name}
          step="run"
          run={run.state}
          note={run.verifying && running ? "Reading everything back from Webex once more" : null}
          actions={
            ended ? (
              <Button kind="primary" icon={FileText} keys="Mod+Enter" onPress={toReport}>
                Open report
              </Button>
            ) : (
              <>
                {running ? (
                  <Button icon={Pause} keys="P" busy={pause.busy} onPress={pauseOrResume}>
                    Pause
                  </Button>
                ) : (
                  <Button kind="primary" icon={Play} keys="P" busy={resume.busy} onPress={pauseOrResume}>
                    {resumeWord}
                  </Button>
                )}
                <Button kind="quiet" icon={X} onPress={() => setCancelling(true)}>
                  Cancel…
                </Button>
              </>
            )
          }
        />
      }
    >
      {failure ? (
        <FailureNote failure={failure} edge onRetry={pauseOrResume} />
      ) : run.state === "interrupted" ? (
        <Banner
          edge
          tone="warn"
          title="Patchbay ended while this ran."
          actions={
            <Button icon={Play} busy={resume.busy} onPress={pauseOrResume}>
              Resume
            </Button>
          }
        >
          {run.hold?.message ?? ""} Rows that were on their way are read back from Webex first; nothing is sent twice. {counted(run.pending, "row")} to go.
        </Banner>
      ) : run.hold ? (
        <HoldBanner run={run} hold={run.hold} now={now} />
      ) : ended ? (
        <Banner edge tone={run.failed + run.unknown > 0 ? "warn" : "ok"} title={run.state === "completed" ? "The run has ended." : "The run was cancelled."}>
          {counted(run.assigned + run.already, "row")} assigned, {count(run.failed)} failed, {count(run.skipped)} skipped, {count(run.unknown)} unknown. The report has every row.
        </Banner>
      ) : null}
      <div className={styles.top}>
        <div className={styles.figure}>
          <p className={styles.big}>
            {count(done)} <span>of {count(run.rows)}</span>
          </p>
          <Progress
            height={10}
            total={run.rows}
            parts={[
              { value: run.assigned + run.already, tone: "ok" },
              { value: run.failed, tone: "bad" },
              { value: run.unknown, tone: "warn" },
              { value: run.skipped, tone: "idle" },
            ]}
            label={`${count(run.assigned)} assigned, ${count(run.already)} already assigned, ${count(run.failed)} failed, ${count(run.unknown)} unknown, ${count(run.skipped)} skipped, of ${count(run.rows)}`}
          />
          <ul className={styles.legend}>
            <Count state="assigned" value={run.assigned} />
            {run.already > 0 && <Count state="already_assigned" value={run.already} />}
            <Count state="failed" value={run.failed} />
            {run.skipped > 0 && <Count state="skipped" value={run.skipped} />}
            <Count state="unknown" value={run.unknown} />
            <Count state="pending" value={run.pending} />
          </ul>
        </div>
        <dl className={styles.facts}>
          <Fact name="Rate" value={run.perSecond === null ? "–" : rate(run.perSecond)} />
          <Fact name={ended ? "Took" : "Running for"} value={took(run.startedAt, run.endedAt, now)} />
          <Fact name="Left" value={run.secondsLeft === null ? (ended ? "nothing" : "not known") : span(run.secondsLeft)} />
          <Fact name={ended ? "Ended" : "Ends about"} value={run.endedAt ? moment(run.endedAt, now) : run.secondsLeft === null ? "not known" : clock(new Date(now.getTime() + run.secondsLeft * 1000).toISOString())} />
          <Fact name="Requests" value={count(run.requests)} />
          <Fact name="Slow-downs" value={count(run.throttled)} />
        </dl>
      </div>
      <RateChart run={run} now={now} />
      <Failures run={run} template={template.id} />
      <p className={styles.foot}>{ended ? `Started by ${run.who}, ${moment(run.startedAt, now)}.` : "You can leave this page. Work goes on in the strip below; closing the app pauses it at the current row."}</p>
      {cancelling && (
        <ConfirmDialog
          title={`Cancel the run of ‘${run.name}’?`}
          consequences={[`${counted(run.pending, "row")} that ${run.pending === 1 ? "was" : "were"} not sent yet ${run.pending === 1 ? "is" : "are"} left out; the report lists ${run.pending === 1 ? "it" : "them"} as skipped.`, `${counted(run.assigned, "user")} already assigned ${run.assigned === 1 ? "stays" : "stay"} assigned.`, "Requests on their way are read back first. A cancelled run cannot go on; its rows can be retried from the report."]}
          action="Cancel run"
          safe="Keep running"
          busy={cancel.busy}
          onClose={() => {
            cancel.reset();
            setCancelling(false);
          }}
          onConfirm={() => void cancel.run({ run: run.id }).then((reply) => (reply ? setCancelling(false) : undefined))}
        >
          {cancel.failure && <FailureNote failure={cancel.failure} />}
        </ConfirmDialog>
      )}
    </Page>
  );
}

function Count({ state, value }: { state: keyof typeof outcomeWords; value: number }) {
  const words = outcomeWords[state];
  return (
    <li>
      <StatusMark shape={words.shape} tone={value === 0 && state !== "pending" ? "idle" : words.tone} />
      <b className="num">{count(value)}</b> {words.label.toLowerCase()}
    </li>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{value}</dd>
    </div>
  );
}

/** Speaks at the end; quarters, holds and the rest are the strip's to say, on every page. */
function useMilestones(run: RunProgress): void {
  const before = useRef(run.state);
  useEffect(() => {
    if (before.current !== run.state && run.state === "completed") announce(`The run of ${run.name} has ended: ${count(run.assigned + run.already)} of ${count(run.rows)} assigned, ${count(run.failed)} failed.`);
    before.current = run.state;
  }, [run]);
}
