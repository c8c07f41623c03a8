// The connection of an organisation, looked at step by step: the step that fails is named, with the way out.

import { useEffect, useState } from "react";
import { type Organisation, useAction, useCommand } from "../host";
import { StepList } from "../transactions/StepList";
import { Banner, Button, Copy, Dialog, FailureNote, Loading, StatusMark } from "../ui";

interface ConnectionCheckProps {
  organisation: Organisation;
  onConnect: () => void;
  onClose: () => void;
}

export function ConnectionCheck({ organisation, onConnect, onClose }: ConnectionCheckProps) {
  const begin = useAction("organisations.checkConnection");
  const [transaction, setTransaction] = useState<string | null>(null);
  const { data, error, refetch } = useCommand("transactions.get", { transaction: transaction ?? "" }, { enabled: transaction !== null });
  const { run } = begin;
  const start = async () => {
    const begun = await run({ organisation: organisation.id });
    if (begun) setTransaction(begun.transaction);
  };
  useEffect(() => {
    void run({ organisation: organisation.id }).then((begun) => (begun ? setTransaction(begun.transaction) : undefined));
  }, [run, organisation.id]);

  const over = data !== undefined && data.state !== "running";
  const failed = data?.steps.find((step) => step.state === "failed");
  return (
    <Dialog
      title={`Connection of ${organisation.name}`}
      size="wide"
      onClose={onClose}
      actions={
        <>
          {over && data.state !== "succeeded" ? <Button onPress={onConnect}>Connect to Webex…</Button> : null}
          <Button busy={begin.busy || (data !== undefined && !over)} onPress={() => void start()}>
            Check again
          </Button>
          <Button kind="primary" autoFocus onPress={onClose}>
            Close
          </Button>
        </>
      }
    >
      {begin.failure ? <FailureNote failure={begin.failure} organisation={organisation.id} /> : null}
      {error ? <FailureNote failure={error} onRetry={() => void refetch()} /> : null}
      {data === undefined ? (
        begin.failure === null && error === null ? <Loading what="the steps of the check" /> : null
      ) : (
        <>
          {over ? (
            data.state === "succeeded" ? (
              <Banner tone="ok" title={`${organisation.name} can be reached.`}>
                Every step to Webex works, and the permissions are there.
              </Banner>
            ) : (
              <Banner tone="bad" title={failed ? `“${failed.name}” failed.` : "The check did not come to its end."}>
                {data.failure?.message ?? failed?.detail ?? "Check again."}
                {data.failure?.trackingId ? (
                  <>
                    {" "}
                    Tracking id <Copy text={data.failure.trackingId} what="tracking id" />
                  </>
                ) : null}
              </Banner>
            )
          ) : (
            <p className="row" role="status">
              <StatusMark shape="busy" />
              Checking the way to Webex. Nothing is changed there.
            </p>
          )}
          <StepList steps={data.steps} />
        </>
      )}
    </Dialog>
  );
}
