import { Link, useNavigate } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";
import { count } from "../format/number";
import { fullMoment, took } from "../format/time";
import { useNow } from "../format/useNow";
import { type Transaction, useAction, useCommand } from "../host";
import { Badge, Button, buttonClass, Copy, CopyButton, Facts, FailureNote, Loading, PanelSection, SidePanel, StatusMark, toastFailure } from "../ui";
import { readTransactionSearch } from "./search";
import { StepList } from "./StepList";
import styles from "./TransactionPanel.module.css";
import { kindWord, stateWords } from "./words";

/** Where the work of a transaction can be seen; null where there is no such page. */
function RunLink({ run }: { run: string }) {
  const { data } = useCommand("runs.get", { run });
  if (!data?.template) return null;
  const ended = data.state === "completed" || data.state === "cancelled";
  return (
    <Link to={ended ? "/bulk/$template/report" : "/bulk/$template/run"} params={{ template: data.template }} className={buttonClass()}>
      {ended ? "Open report" : "Open run"}
    </Link>
  );
}

function Foot({ transaction }: { transaction: Transaction }) {
  const navigate = useNavigate();
  const retry = useAction("transactions.retry", toastFailure);
  const again = async () => {
    const begun = await retry.run({ transaction: transaction.id });
    if (begun) await navigate({ to: "/transactions", search: (before) => ({ ...readTransactionSearch(before), transaction: begun.transaction }), replace: true });
  };
  return (
    <>
      {transaction.run === null ? null : <RunLink run={transaction.run} />}
      {transaction.organisation === null || transaction.kind === "organisation_removed" ? null : (
        <Link to="/organisations/$organisation" params={{ organisation: transaction.organisation }} className={buttonClass()}>
          Open organisation
        </Link>
      )}
      {transaction.retryable ? (
        <span className="push">
          <Button kind="primary" icon={RotateCw} busy={retry.busy} onPress={() => void again()}>
            Retry
          </Button>
        </span>
      ) : null}
    </>
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
  const doneSteps = transaction.steps.filter((step) => step.state === "succeeded").length;
  const linked = transaction.run !== null || transaction.retryable || (transaction.organisation !== null && transaction.kind !== "organisation_removed");
  return (
    <SidePanel
      title={transaction.title}
      badge={
        <Badge shape={words.shape} tone={words.tone}>
          {words.word}
        </Badge>
      }
      onClose={onClose}
      {...(linked ? { foot: <Foot transaction={transaction} /> } : {})}
    >
      {transaction.failure ? (
        <PanelSection>
          <FailureNote failure={transaction.failure} organisation={transaction.organisation} />
        </PanelSection>
      ) : null}
      <PanelSection>
        <Facts
          facts={[
            ["What", kindWord(transaction.kind)],
            ["Organisation", transaction.organisationName ?? "none"],
            ["Who", transaction.who],
            ["Started", fullMoment(transaction.startedAt, "seconds")],
            ["Ended", transaction.endedAt === null ? "not yet" : fullMoment(transaction.endedAt, "seconds")],
            ["Took", `${took(transaction.startedAt, transaction.endedAt, now)}${transaction.endedAt === null ? " so far" : ""}`],
          ]}
        />
      </PanelSection>
      <PanelSection
        title="Steps"
        aside={
          <span className="cap num">
            {doneSteps} of {transaction.steps.length} done
          </span>
        }
      >
        {transaction.steps.length === 0 ? <p className="small muted">Done in one step.</p> : <StepList steps={transaction.steps} />}
      </PanelSection>
      <PanelSection
        title="Tracking ids of Webex"
        aside={
          <>
            <span className="cap num">{count(transaction.trackingIds.length)}</span>
            {transaction.trackingIds.length > 1 ? (
              <span className="push">
                <CopyButton text={transaction.trackingIds.join("\n")} what="all tracking ids" />
              </span>
            ) : null}
          </>
        }
      >
        {transaction.trackingIds.length === 0 ? (
          <p className="small muted row">
            <StatusMark shape="part" tone="idle" />
            None is on record: they are kept of changes at Webex and of failures.
          </p>
        ) : null}
        <ul className={styles.ids}>
          {transaction.trackingIds.slice(0, 100).map((trackingId) => (
            <li key={trackingId}>
              <Copy text={trackingId} what={`tracking id ${trackingId}`} full />
            </li>
          ))}
        </ul>
        {transaction.trackingIds.length > 100 ? <p className="cap">{count(transaction.trackingIds.length - 100)} more are in the report of the run.</p> : null}
      </PanelSection>
    </SidePanel>
  );
}
