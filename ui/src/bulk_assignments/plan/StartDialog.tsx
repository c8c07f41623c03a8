/**
 * From the plan to the run: the live check is watched as a transaction; it ends in a run, in a new plan, or in a failure.
 * Closing the dialog stops nothing: the strip goes on showing the work.
 */
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { type Failure, type Plan, queryClient, type Template, useAction, useCommand } from "../../host";
import { count } from "../../format/number";
import { Button, Dialog, Progress, StatusMark } from "../../ui";
import styles from "./PlanPage.module.css";

export type Start = {
  begin: () => void;
  /** Null while nothing is being started. */
  stage: "asking" | "checking" | null;
  transaction: string | null;
  /** Why the plan that was seen is not the one of now; null when it is. */
  drifted: string | null;
  failure: Failure | null;
  hide: () => void;
  shown: boolean;
};

export function useStart(template: Template, plan: Plan): Start {
  const navigate = useNavigate();
  const start = useAction("bulkAssignments.start");
  const [transaction, setTransaction] = useState<string | null>(null);
  const [drifted, setDrifted] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [shown, setShown] = useState(false);
  const watched = useCommand("transactions.get", { transaction: transaction ?? "" }, { enabled: transaction !== null }).data;

  const ended = (why: Failure | null) => {
    setTransaction(null);
    setShown(false);
    if (why?.code === "plan_drifted") {
      setDrifted(why.message);
      void queryClient.invalidateQueries({ queryKey: ["bulkAssignments.plan"] });
      void queryClient.invalidateQueries({ queryKey: ["bulkAssignments.planRows"] });
    } else if (why) setFailure(why);
  };

  // The run begins when the transaction names it; a transaction that ends without one says why.
  const run = watched?.run ?? (template.status !== "draft" ? template.run : null);
  const state = watched?.state;
  useEffect(() => {
    if (transaction === null) return;
    if (run) void navigate({ to: "/bulk/$template/run", params: { template: template.id } });
    else if (state && state !== "running") ended(watched?.failure ?? null);
    // Only what the transaction says decides.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [transaction, run, state]);

  const begin = () => {
    if (start.busy || transaction !== null) return;
    setDrifted(null);
    setFailure(null);
    start.reset();
    setShown(true);
    void start.run({ template: template.id, plan: plan.hash }).then((reply) => (reply ? setTransaction(reply.transaction) : setShown(false)));
  };

  // A refusal of the request itself counts like one of the transaction.
  const refused = start.failure;
  useEffect(() => {
    if (refused) ended(refused);
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [refused]);

  return {
    begin,
    stage: start.busy ? "asking" : transaction !== null ? "checking" : null,
    transaction,
    drifted,
    failure,
    hide: () => setShown(false),
    shown: shown && (start.busy || transaction !== null),
  };
}

export function StartDialog({ start, template }: { start: Start; template: Template }) {
  const watched = useCommand("transactions.get", { transaction: start.transaction ?? "" }, { enabled: start.transaction !== null }).data;
  if (!start.shown) return null;
  return (
    <Dialog
      title={`Checking ‘${template.name}’ with Webex`}
      onClose={start.hide}
      actions={
        <Button autoFocus onPress={start.hide}>
          Hide
        </Button>
      }
    >
      <p className="small soft">Everything the plan rests on is read once more. Nothing is sent until it is found unchanged.</p>
      <ul className={styles.steps}>
        {(watched?.steps ?? []).map((step) => (
          <li key={step.name} className={styles.step}>
            <StatusMark shape={step.state === "running" ? "busy" : step.state === "succeeded" ? "done" : "bad"} tone={step.state === "running" ? "busy" : step.state === "succeeded" ? "ok" : "bad"} />
            <span className="clip">{step.name}</span>
            <span>
              <Progress height={4} total={step.total} parts={[{ value: step.done }]} label={`${step.name}: ${count(step.done)}${step.total === null ? "" : ` of ${count(step.total)}`}`} />
            </span>
            <span className="cap num nowrap">{step.detail ?? (step.total === null ? count(step.done) : `${count(step.done)} of ${count(step.total)}`)}</span>
          </li>
        ))}
      </ul>
      {!watched && (
        <p className={styles.beginning} role="status">
          <StatusMark shape="busy" tone="busy" /> Beginning…
        </p>
      )}
    </Dialog>
  );
}
