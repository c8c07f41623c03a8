import { Link } from "@tanstack/react-router";
import { count } from "../format/number";
import { span } from "../format/time";
import { useNow } from "../format/useNow";
import { Dialog, Progress, StatusMark } from "../ui";
import { holdWords } from "./JobStrip";
import styles from "./JobList.module.css";
import { amount, runDone, transactionProgress, useJobs } from "./jobs";

/** All work that is running or waiting, opened from the strip. */
export function JobList({ onClose }: { onClose: () => void }) {
  const { runs, transactions } = useJobs();
  const now = useNow(1000);
  return (
    <Dialog title="Work that is running" onClose={onClose} dismissable size="wide">
      {runs.length + transactions.length === 0 ? <p>No work is running. Past work is in Transactions.</p> : null}
      <ul className={styles.jobs}>
        {runs.map((run) => {
          const wait = holdWords(run, now);
          return (
            <li key={run.id} className={styles.job}>
              <div className="row">
                <StatusMark shape={wait ? "wait" : "busy"} tone={wait ? "warn" : "busy"} />
                {run.template === null ? (
                  <span className="medium">{run.name}</span>
                ) : (
                  <Link to="/bulk/$template/run" params={{ template: run.template }} onClick={onClose} className="medium">
                    {run.name}
                  </Link>
                )}
                <span className="muted">{run.organisationName}</span>
                <span className="push num">
                  {count(runDone(run))} / {count(run.rows)}
                </span>
              </div>
              <Progress label={`${count(runDone(run))} of ${count(run.rows)} rows done`} parts={[{ value: runDone(run) }]} total={run.rows} />
              <p className={wait ? "t-warn" : "muted"}>{wait ?? (run.secondsLeft === null ? "running" : `${span(run.secondsLeft)} left`)}</p>
            </li>
          );
        })}
        {transactions.map((transaction) => {
          const { done, total, step } = transactionProgress(transaction);
          return (
            <li key={transaction.id} className={styles.job}>
              <div className="row">
                <StatusMark shape="busy" />
                <Link to="/transactions" search={{ transaction: transaction.id }} onClick={onClose} className="medium">
                  {transaction.title}
                </Link>
                <span className="push num">{amount(transaction, done, total)}</span>
              </div>
              {total === null ? null : <Progress label={`${count(done)} of ${count(total)}`} parts={[{ value: done }]} total={total} />}
              {step ? <p className="muted">{step}</p> : null}
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
