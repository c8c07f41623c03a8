// One enterprise in the dialog: its state, whether it can be asked for, and what its last synchronisation did.

import { Link } from "@tanstack/react-router";
import { ChevronDown, ChevronRight } from "lucide-react";
import { count } from "../format/number";
import { fullMoment, moment } from "../format/time";
import type { Enterprise } from "../host";
import { Badge, Button, Checkbox, Copy, Facts, Progress, StatusMark } from "../ui";
import styles from "./DirectorySync.module.css";
import { activatedText, countRows, errorText, gateText, held, HOLD_SECONDS, syncWords } from "./words";

interface EnterpriseItemProps {
  enterprise: Enterprise;
  now: Date;
  since: number;
  /** None where there is only one, which is always meant. */
  choice: { chosen: boolean; off: string | null; onChoose: (chosen: boolean) => void } | null;
  open: boolean;
  onOpen: ((open: boolean) => void) | null;
  /** Switches synchronisation on; null where the grant may not. */
  onEnable: (() => void) | null;
}

function Counts({ enterprise }: { enterprise: Enterprise }) {
  const rows = countRows(enterprise.counts);
  if (rows.length === 0) return null;
  const cell = (value: number | null) => <td>{value === null ? <span className="muted">not said</span> : count(value)}</td>;
  return (
    <table className={styles.counts}>
      <caption className="sr">What the last synchronisation of {enterprise.spEnterpriseId} did</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="sr">Kind</span>
          </th>
          <th scope="col">Added</th>
          <th scope="col">Updated</th>
          <th scope="col">Removed</th>
          <th scope="col">In Webex</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">{`${row.name.charAt(0).toUpperCase()}${row.name.slice(1)}`}</th>
            {cell(row.added)}
            {cell(row.updated)}
            {cell(row.deleted)}
            {cell(row.total)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Details({ enterprise, now }: { enterprise: Enterprise; now: Date }) {
  const { request, trackingId } = enterprise;
  const time = (at: string | null) => (at === null ? <span className="muted">never</span> : <span title={fullMoment(at)}>{moment(at, now)}</span>);
  const asked = request ? (
    <>
      {moment(request.at, now)} by {request.who}
      {request.transaction === null ? null : (
        <>
          {" · "}
          <Link to="/transactions" search={{ transaction: request.transaction }}>
            Open transaction
          </Link>
        </>
      )}
    </>
  ) : (
    <span className="muted">not from this desktop</span>
  );
  const activated = enterprise.activated === null ? <span className="muted">not known</span> : count(enterprise.activated);
  const tracking = trackingId === null ? <span className="muted">none</span> : <Copy text={trackingId} what="tracking id" />;
  return (
    <div className={styles.details}>
      <Facts
        facts={[
          ["Last started", time(enterprise.lastStartedAt)],
          ["Last ended", time(enterprise.lastEndedAt)],
          ["Last succeeded", time(enterprise.lastSucceededAt)],
          ["Asked for", asked],
          ["Activated users", activated],
          ["Tracking id", tracking],
          ["As of", moment(enterprise.asOf, now)],
        ]}
      />
      <Counts enterprise={enterprise} />
    </div>
  );
}

export function EnterpriseItem({ enterprise, now, since, choice, open, onOpen, onEnable }: EnterpriseItemProps) {
  const { gate, sync } = enterprise;
  const words = syncWords(enterprise);
  const bar = gate.state === "held" ? held(gate, since) : null;
  const asks = gate.state === "open" || gate.state === "ask" || gate.state === "switched_off";
  const activated = asks ? activatedText(enterprise.activated) : enterprise.activated === 0 && sync.state === "failed" ? activatedText(0) : null;
  const underWay = gate.state === "queued" || gate.state === "running";
  return (
    <li className={styles.enterprise} data-gate={gate.state}>
      <div className={styles.head}>
        {choice ? (
          choice.off === null ? (
            <Checkbox label={`Choose ${enterprise.spEnterpriseId}`} hideLabel checked={choice.chosen} onChange={(event) => choice.onChoose(event.target.checked)} />
          ) : (
            // Why it cannot be chosen is what its text says.
            <span className={styles.noChoice} />
          )
        ) : null}
        <h3 className={styles.name}>{enterprise.spEnterpriseId}</h3>
        <Badge shape={words.shape} tone={words.tone}>
          {words.word}
        </Badge>
        <span className="push row">
          {gate.state === "switched_off" && onEnable ? (
            <Button small aria-label={`Switch on ${enterprise.spEnterpriseId}`} onPress={onEnable}>
              Switch on…
            </Button>
          ) : null}
          {onOpen ? (
            <Button small kind="ghost" icon={open ? ChevronDown : ChevronRight} aria-label={`${open ? "Hide" : "Show"} details of ${enterprise.spEnterpriseId}`} onPress={() => onOpen(!open)}>
              Details
            </Button>
          ) : null}
        </span>
      </div>
      <div className={styles.text}>
        <p>{gateText(enterprise, now)}</p>
        {bar ? (
          <span className={styles.hold}>
            <span className="cap num">{bar.words}</span>
            <Progress label={bar.spoken} parts={[{ value: bar.seconds, tone: "idle" }]} total={HOLD_SECONDS} height={4} />
          </span>
        ) : null}
      </div>
      {sync.state === "failed" && !underWay ? (
        <ul className={styles.errors} aria-label={`What went wrong with ${enterprise.spEnterpriseId}`}>
          {(sync.errors.length === 0 ? [{ code: null, description: "" }] : sync.errors).map((error) => (
            <li key={`${error.code}-${error.description}`}>
              <StatusMark shape="bad" tone="bad" />
              <span>
                {error.code === null ? null : (
                  <>
                    <span className="mono medium">{error.code}</span>{" "}
                  </>
                )}
                {errorText(error)}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {activated === null ? null : (
        <p className={styles.note}>
          <StatusMark shape={enterprise.activated === 0 ? "warn" : "info"} tone={enterprise.activated === 0 ? "warn" : "idle"} />
          <span>{activated}</span>
        </p>
      )}
      {open ? <Details enterprise={enterprise} now={now} /> : null}
    </li>
  );
}
