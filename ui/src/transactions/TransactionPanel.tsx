import { Link } from "@tanstack/react-router";
import { count } from "../format/number";
import { clockWithSeconds, fullMoment, took } from "../format/time";
import { useNow } from "../format/useNow";
import { type Step, useCommand } from "../host";
import { Badge, buttonClass, Copy, Facts, FailureNote, Loading, PanelSection, Progress, SidePanel, StatusMark } from "../ui";
import styles from "./TransactionPanel.module.css";
import { kindWord, stateWords } from "./words";

function StepLine({ step }: { step: Step }) {
  const words = stateWords(step.state);
  const amount = step.total === null ? (step.done > 0 ? count(step.done) : "") : `${count(step.done)} / ${count(step.total)}`;
  return (
    <li className={styles.step}>
      <StatusMark shape={step.state === "running" ? "busy" : words.shape} tone={words.tone} />
      <div className="grow">
        <div className="row">
          <span className="medium">{step.name}</span>
          <span className="sr">, {words.word}</span>
          <span className="push num muted">{amount}</span>
        </div>
        {step.state === "running" && step.total !== null ? <Progress label={`${count(step.done)} of ${count(step.total)}`} parts={[{ value: step.done }]} total={step.total} height={4} /> : null}
        {step.detail ? <p className="cap break">{step.detail}</p> : null}
      </div>
    </li>
  );
}

/** What one transaction did, step by step, and Webex's tracking ids. */
export function TransactionPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: transaction, error, refetch } = useCommand("transactions.get", { transaction: id });
  const now = useNow(transaction?.endedAt === null ? 1000 : 60_000);
  if (transaction === undefined) {
    return (
      <SidePanel title="Transaction" onClose={onClose}>
        {error ? (
          <PanelSection>
            <FailureNote failure={error} onRetry={() => void refetch()} />
          </PanelSection>
        ) : (
          <Loading what="the transaction" />
        )}
      </SidePanel>
    );
  }
  const words = stateWords(transaction.state);
  return (
    <SidePanel
      title={transaction.title}
      badge={
        <Badge shape={words.shape} tone={words.tone}>
          {words.word}
        </Badge>
      }
      onClose={onClose}
      {...(transaction.kind === "bulk_assignment"
        ? {
            foot: (
              <Link to="/bulk" className={buttonClass()}>
                Open Bulk assignment
              </Link>
            ),
          }
        : {})}
    >
      {transaction.failure ? (
        <PanelSection>
          <FailureNote failure={transaction.failure} />
        </PanelSection>
      ) : null}
      <PanelSection>
        <Facts
          facts={[
            ["What", kindWord(transaction.kind)],
            ["Organisation", transaction.organisationName ?? "none"],
            ["Who", transaction.who],
            ["Started", `${fullMoment(transaction.startedAt)} (${clockWithSeconds(transaction.startedAt)})`],
            ["Ended", transaction.endedAt === null ? "not yet" : fullMoment(transaction.endedAt)],
            ["Took", `${took(transaction.startedAt, transaction.endedAt, now)}${transaction.endedAt === null ? " so far" : ""}`],
          ]}
        />
      </PanelSection>
      <PanelSection title="Steps" aside={<span className="cap num">{transaction.steps.length}</span>}>
        {transaction.steps.length === 0 ? <p className="small muted">Done in one step.</p> : null}
        <ul>
          {transaction.steps.map((step) => (
            <StepLine key={step.name} step={step} />
          ))}
        </ul>
      </PanelSection>
      <PanelSection title="Tracking ids of Webex" aside={<span className="cap num">{transaction.trackingIds.length}</span>}>
        {transaction.trackingIds.length === 0 ? <p className="small muted">Nothing was sent to Webex, or it named none.</p> : null}
        <ul className={styles.ids}>
          {transaction.trackingIds.slice(0, 100).map((trackingId) => (
            <li key={trackingId}>
              <Copy text={trackingId} what="tracking id" full />
            </li>
          ))}
        </ul>
        {transaction.trackingIds.length > 100 ? <p className="cap">{count(transaction.trackingIds.length - 100)} more are in the report of the run.</p> : null}
      </PanelSection>
    </SidePanel>
  );
}
