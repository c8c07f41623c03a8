// The strip at the foot of the window: what runs, how far it is, why it waits. Always there.

import { Link } from "@tanstack/react-router";
import { MonitorOff, Pause, Play } from "lucide-react";
import { useEffect, useRef } from "react";
import { count, rate } from "../format/number";
import { secondsUntil, span } from "../format/time";
import { useNow } from "../format/useNow";
import { type RunProgress, type Transaction, useAction, useCommand } from "../host";
import { Button, Kbd, Progress, StatusMark, toastFailure, Tooltip } from "../ui";
import { announce } from "./announce";
import styles from "./JobStrip.module.css";
import { amount, quarter, runDone, transactionProgress, useJobs } from "./jobs";

/** Words of a wait: the reason, and when it ends by itself. */
export function holdWords(run: RunProgress, now: Date): string | null {
  if (run.hold === null) return run.state === "interrupted" ? "interrupted" : null;
  const { reason, until } = run.hold;
  const resumes = until === null ? "" : `, resumes in ${span(secondsUntil(until, now))}`;
  switch (reason) {
    case "person":
      return "paused";
    case "throttled":
      return `Webex asked for a pause${resumes}`;
    case "network":
      return `Webex cannot be reached${resumes}`;
    case "webex_trouble":
      return `Webex is in trouble${resumes}`;
    case "consent":
      return "consent is needed";
    case "licences_exhausted":
      return "no licences left";
    case "vault":
      return "secrets are locked";
    case "disk":
      return "the disk cannot be written";
  }
}

function RunInStrip({ run, others }: { run: RunProgress; others: number }) {
  const now = useNow(1000);
  const pause = useAction("runs.pause", toastFailure);
  const resume = useAction("runs.resume", toastFailure);
  const wait = holdWords(run, now);
  const done = runDone(run);
  // A run that waits for a timer goes on by itself; only one that a person or a fault stopped can be resumed.
  const stopped = run.state === "paused" || run.state === "interrupted";
  return (
    <>
      <StatusMark shape={wait ? "wait" : "busy"} tone={wait ? "warn" : "busy"} />
      {run.template === null ? (
        <span className={styles.job}>{run.name}</span>
      ) : (
        <Link to="/bulk/$template/run" params={{ template: run.template }} className={`${styles.job} clip`}>
          {run.verifying ? "Reading back" : "Assigning"} ‘{run.name}’
        </Link>
      )}
      <span className={styles.bar}>
        <Progress label={`${count(done)} of ${count(run.rows)} rows done`} parts={[{ value: done }]} total={run.rows} />
      </span>
      <span className="num">
        {count(done)} / {count(run.rows)}
      </span>
      <span className={styles.dot}>·</span>
      {wait ? (
        <span className="t-warn clip">{wait}</span>
      ) : (
        <span className="clip">
          {[run.perSecond === null ? null : rate(run.perSecond), run.secondsLeft === null ? null : `${span(run.secondsLeft)} left`].filter(Boolean).join(" · ") || "starting"}
        </span>
      )}
      {stopped ? (
        <Button kind="ghost" small icon={Play} busy={resume.busy} onPress={() => void resume.run({ run: run.id })}>
          Resume
        </Button>
      ) : (
        <Button kind="ghost" small icon={Pause} busy={pause.busy} onPress={() => void pause.run({ run: run.id })}>
          Pause
        </Button>
      )}
      {others > 0 ? <span className={styles.others}>{others + 1} running</span> : null}
    </>
  );
}

function TransactionInStrip({ transaction, others }: { transaction: Transaction; others: number }) {
  const { done, total, step } = transactionProgress(transaction);
  return (
    <>
      <StatusMark shape="busy" />
      <Link to="/transactions" search={{ transaction: transaction.id }} className={`${styles.job} clip`}>
        {transaction.title}
      </Link>
      {total === null ? null : (
        <span className={styles.bar}>
          <Progress label={`${count(done)} of ${count(total)}`} parts={[{ value: done }]} total={total} />
        </span>
      )}
      <span className="num clip">{[step, amount(transaction, done, total)].filter(Boolean).join(", ")}</span>
      {others > 0 ? <span className={styles.others}>{others + 1} running</span> : null}
    </>
  );
}

/** Speaks at 25 % steps, on a wait, on going on, and at the end; never at every row. */
function useSpokenProgress(run: RunProgress | null): void {
  const last = useRef<{ id: string; step: number; waits: string | null; name: string } | null>(null);
  useEffect(() => {
    const before = last.current;
    if (run === null) {
      if (before !== null) announce(`Work on ‘${before.name}’ has ended.`);
      last.current = null;
      return;
    }
    const now = { id: run.id, step: quarter(run), waits: run.hold?.message ?? null, name: run.name };
    last.current = now;
    if (before === null || before.id !== now.id) return;
    if (now.waits !== before.waits) announce(now.waits ?? `‘${run.name}’ goes on.`);
    else if (now.step > before.step) announce(`‘${run.name}’: ${now.step * 25} per cent done.`);
  }, [run]);
}

interface JobStripProps {
  /** Whether the core answers: without it nothing is known of Webex either. */
  core: boolean;
  /** Whether the secrets that Webex is asked with are locked. */
  locked: boolean;
  onList: () => void;
}

export function JobStrip({ core, locked, onList }: JobStripProps) {
  const { runs, transactions, longest } = useJobs();
  useSpokenProgress(longest);
  const { data } = useCommand("organisations.list", {});
  const organisations = data?.organisations ?? [];
  const connected = organisations.some((one) => one.consent.state === "granted" && one.environment.kind !== "demo");
  const offline = runs.some((run) => run.hold?.reason === "network");
  const all = runs.length + transactions.length;
  const firstTransaction = transactions[0];
  return (
    <footer className={styles.strip} aria-label="Jobs" data-area="strip">
      {longest ? (
        <RunInStrip run={longest} others={all - 1} />
      ) : firstTransaction ? (
        <TransactionInStrip transaction={firstTransaction} others={all - 1} />
      ) : (
        <>
          <StatusMark shape="ring" tone="idle" />
          <span>No work running</span>
        </>
      )}
      <span className={styles.end}>
        {!core ? (
          <span className="row">
            <StatusMark shape="ask" tone="warn" />
            Not known: the core does not answer
          </span>
        ) : locked ? (
          <span className="row">
            <StatusMark shape="warn" tone="warn" />
            Secrets are locked
          </span>
        ) : offline ? (
          <span className="row">
            <StatusMark shape="bad" tone="bad" />
            Webex cannot be reached
          </span>
        ) : connected ? (
          <span className="row hide-small">
            <StatusMark shape="disc" tone="ok" />
            Connected to Webex
          </span>
        ) : data === undefined ? null : (
          <span className="row">
            <MonitorOff aria-hidden="true" />
            Not connected to Webex
          </span>
        )}
        <Tooltip text="Work that is running" keys="Mod+J">
          <button type="button" className={styles.list} aria-haspopup="dialog" onClick={onList}>
            <span className="sr">Work that is running</span>
            <Kbd keys="Mod+J" />
          </button>
        </Tooltip>
      </span>
    </footer>
  );
}
