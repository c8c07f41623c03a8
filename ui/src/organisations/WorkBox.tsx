import { Link } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";
import { moment } from "../format/time";
import { useNow } from "../format/useNow";
import { type Organisation, useAction, useCommand } from "../host";
import { StepList } from "../transactions/StepList";
import { stateWords } from "../transactions/words";
import { Badge, Button, Copy, FailureNote } from "../ui";
import styles from "./Organisation.module.css";

/** Onboarding or sync while it runs, and after it failed until the next one: its steps, and Retry from the failed one. */
export function WorkBox({ organisation }: { organisation: Organisation }) {
  const now = useNow();
  const filter = { organisation: organisation.id, kinds: ["onboarding" as const, "mirror_sync" as const], state: null, since: null, until: null, search: null };
  const latest = useCommand("transactions.list", { filter, offset: 0, limit: 1 }).data?.transactions[0];
  const retry = useAction("transactions.retry");
  if (latest === undefined || latest.state === "succeeded") return null;
  const words = stateWords(latest.state);
  const running = latest.state === "running";
  return (
    <section className={styles.mirror} aria-labelledby="work-title">
      <div className={styles.mirrorHead}>
        <h2 className={styles.sideTitle} id="work-title">
          {latest.kind === "onboarding" ? "Getting to know the organisation" : "Last sync"}
        </h2>
        <Badge shape={words.shape} tone={words.tone}>
          {words.word}
        </Badge>
        <span className="cap">{running ? "" : `${moment(latest.endedAt ?? latest.startedAt, now)}`}</span>
        <span className="push row">
          <Link to="/transactions" search={{ transaction: latest.id }} className="small">
            Details
          </Link>
          {latest.retryable ? (
            <Button small icon={RotateCw} busy={retry.busy} onPress={() => void retry.run({ transaction: latest.id })}>
              Retry
            </Button>
          ) : null}
        </span>
      </div>
      {latest.failure ? (
        <p className="small t-bad break">
          {latest.failure.message}
          {latest.failure.trackingId ? (
            <>
              {" "}
              <Copy text={latest.failure.trackingId} what="tracking id" />
            </>
          ) : null}
        </p>
      ) : null}
      <StepList steps={latest.steps} />
      {retry.failure ? <FailureNote failure={retry.failure} organisation={organisation.id} /> : null}
    </section>
  );
}
