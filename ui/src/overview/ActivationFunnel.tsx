import { Link } from "@tanstack/react-router";
import { inState } from "../activation/counts";
import { activationReason } from "../activation/reason";
import { showOnly } from "../activation/showOnly";
import { count } from "../format/number";
import { type ActivationStatus, type Organisation, useCommand } from "../host";
import { Banner, FailureNote, Loading, Progress, StatusMark } from "../ui";
import { type Drop, funnel } from "./funnel";
import styles from "./Overview.module.css";
import { Pane } from "./Pane";

const share = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** One decimal, rounded down: less than all is never 100. */
function shareWords(part: number, whole: number): string {
  return `${share.format(whole === 0 ? 0 : Math.floor((part / whole) * 1000) / 10)}%`;
}

function Waiting({ organisation, drop, stuck }: { organisation: string; drop: Drop; stuck: number | null }) {
  const { state } = drop;
  return (
    <div className={styles.drop}>
      <StatusMark shape={drop.shape} tone={drop.tone} size={12} />
      <span className="num">{count(drop.count)}</span>
      {state === null || drop.count === 0 ? (
        <span>{drop.words}</span>
      ) : (
        <Link to="/activation" search={{ state }} onClick={() => showOnly(organisation, { state })}>
          {drop.words}
        </Link>
      )}
      {stuck === null ? null : (
        <Link to="/activation" search={{ stuck: true }} className="push t-warn" onClick={() => showOnly(organisation, { stuck: true })}>
          {count(stuck)} stuck
        </Link>
      )}
    </div>
  );
}

function Stages({ status }: { status: ActivationStatus }) {
  // Those who are stuck may wait anywhere: they are said once, at the stage they mostly wait at.
  const stuckAt = status.stuck > 0 ? 1 : -1;
  return (
    <ol className={styles.stages}>
      {funnel(status).map((stage, index) => (
        <li key={stage.name}>
          <div className={styles.stageTop}>
            <span>{stage.name}</span>
            <span className="num strong">{count(stage.count)}</span>
          </div>
          <Progress label={`${count(stage.count)} of ${count(status.total)}`} parts={[{ value: stage.count, tone: stage.name === "Provisioned" ? "ok" : "accent" }]} total={status.total} height={10} />
          {stage.drops.map((drop, place) => (
            <Waiting key={drop.words} organisation={status.organisation} drop={drop} stuck={index === stuckAt && place === 0 ? status.stuck : null} />
          ))}
        </li>
      ))}
    </ol>
  );
}

/** From licensed to provisioned, and who waits between; or why it is not shown. */
export function ActivationFunnel({ organisation }: { organisation: Organisation }) {
  const { data: status, error, refetch } = useCommand("activation.status", { organisation: organisation.id });
  const off = status ? activationReason(status, organisation) : null;
  const known = status !== undefined && status.asOf !== null && status.total > 0;
  return (
    <Pane
      title="Activation"
      right
      note={known ? `${shareWords(inState(status, "provisioned"), status.total)} provisioned` : undefined}
      link={<Link to="/activation" aria-label="Open Activation">Open</Link>}
    >
      {error ? <FailureNote failure={error} organisation={organisation.id} onRetry={() => void refetch()} /> : null}
      {status === undefined && !error ? <Loading what="activation" /> : null}
      {off ? (
        <div className={styles.why}>
          <Banner tone={off.tone === "info" ? "info" : "warn"} title={off.title}>
            {off.text}{" "}
            <Link to="/organisations/$organisation" params={{ organisation: organisation.id }} search={off.way === "connect" ? { connect: true } : {}}>
              {off.way === "connect" ? off.words : "Open the organisation"}
            </Link>
            {known ? " What was copied before is shown." : null}
          </Banner>
        </div>
      ) : null}
      {known ? <Stages status={status} /> : null}
      {status && !off && !known ? <p className="small soft">No user has a Webex licence.</p> : null}
    </Pane>
  );
}
