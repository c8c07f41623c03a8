/** Step 4: the run as it goes. Everything here can be left and come back to; the work goes on without the page. */
import { useNavigate, useParams } from "@tanstack/react-router";
import { FileText, Pause, Play, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { type RunProgress, type Template, useAction } from "../../host";
import { count, counted, rate } from "../../format/number";
import { clock, moment, span, took } from "../../format/time";
import { useNow } from "../../format/useNow";
import { announce, Page, useShortcuts } from "../../shell/page";
import { Banner, Button, ConfirmDialog, FailureNote, StatusMark } from "../../ui";
import { OfRun } from "../Opening";
import { TemplateHead } from "../TemplateHead";
import { outcomeWords } from "../wording";
import { Failures } from "./Failures";
import { HoldBanner } from "./HoldBanner";
import { RateChart } from "./RateChart";
import { RunFigures } from "./RunFigures";
import styles from "./RunPage.module.css";

export function RunPage() {
  const { template } = useParams({ from: "/bulk/$template/run" });
  return (
    <OfRun id={template} title="Run" step="run" what="the run" emptyTitle="Nothing has run yet" empty="The run begins on the Plan page, once you have seen what it would do.">
      {(of, run) => <Progressing template={of} run={run} />}
    </OfRun>
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
  // Somebody has to act first: until then no end can be told.
  const stuck = run.hold !== null && run.hold.until === null;
  const left = stuck ? null : run.secondsLeft;
  useShortcuts([
    { keys: "P", label: running ? "Pause the run" : "Resume the run", run: pauseOrResume, off: ended ? "The run has ended" : null },
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
                    Resume
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
      <RunFigures
        run={run}
        figure={done}
        words={`of ${count(run.rows)}`}
        facts={[
          ["Rate", run.perSecond === null ? "–" : rate(run.perSecond)],
          [ended ? "Took" : "Running for", took(run.startedAt, run.endedAt, now)],
          ["Left", left === null ? (ended ? "nothing" : "not known") : span(left)],
          [ended ? "Ended" : "Ends about", run.endedAt ? moment(run.endedAt, now) : left === null ? "not known" : clock(new Date(now.getTime() + left * 1000).toISOString())],
          ["Requests", count(run.requests)],
          ["Slow-downs", count(run.throttled)],
        ]}
      >
        <ul className={styles.legend}>
          <Count state="assigned" value={run.assigned} />
          {run.already > 0 && <Count state="already_assigned" value={run.already} />}
          <Count state="failed" value={run.failed} />
          {run.skipped > 0 && <Count state="skipped" value={run.skipped} />}
          <Count state="unknown" value={run.unknown} />
          <Count state="pending" value={run.pending} />
        </ul>
      </RunFigures>
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

/** Speaks at the end; quarters, holds and the rest are the strip's to say, on every page. */
function useMilestones(run: RunProgress): void {
  const before = useRef(run.state);
  useEffect(() => {
    if (before.current !== run.state && run.state === "completed") announce(`The run of ${run.name} has ended: ${count(run.assigned + run.already)} of ${count(run.rows)} assigned, ${count(run.failed)} failed.`);
    before.current = run.state;
  }, [run]);
}
