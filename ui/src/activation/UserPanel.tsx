// One user: what the state means, since when, what went wrong and what can be done, and everything else that is known.

import { Mail, RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import { fullMoment, moment, relative } from "../format/time";
import { useNow } from "../format/useNow";
import { type ActivationStatus, type ActivationUser, type Organisation, useAction, useCommand } from "../host";
import { useShortcuts } from "../shell/page";
import { Badge, Button, Copy, CopyButton, Facts, FailureNote, Loading, PanelSection, SidePanel, StatusMark, toast, toastFailure } from "../ui";
import styles from "./Activation.module.css";
import { ActivationMails } from "./MailsDialog";
import type { Refreshing } from "./useRefreshing";
import { COLUMN_WORDS, hasNotBegun, SOURCE_WORDS, stateWords, userName } from "./words";

/** A value that is read, not compared, with a button that copies it. */
function WithCopy({ text, what }: { text: string; what: string }) {
  return (
    <span className={styles.value}>
      <span className="break">{text}</span>
      <CopyButton text={text} what={what} />
    </span>
  );
}

const none = (words = "none") => <span className="muted">{words}</span>;

function Said({ organisation, user, status, now, off }: { organisation: Organisation; user: ActivationUser; status: ActivationStatus; now: Date; off: string | null }) {
  const source = "source" in status.availability ? status.availability.source : undefined;
  const words = stateWords(user.state, source);
  return (
    <PanelSection title="Where the user stands">
      <div className={styles.said}>
        {hasNotBegun(user) ? (
          <p>
            <StatusMark shape="none" tone="idle" />
            <span className="medium">The user has not begun activation and has not installed the Webex app.</span>
          </p>
        ) : null}
        <p>
          <StatusMark shape={words.shape} tone={words.tone} />
          <span>{words.meaning}</span>
        </p>
        <p>
          <StatusMark shape="info" tone="idle" />
          <span>{words.todo}</span>
        </p>
        {user.stuck ? (
          <p>
            <StatusMark shape="warn" tone="warn" />
            <span>{user.lastStatusChange === null ? "It has been so for more than 7 days." : `It has been so since ${fullMoment(user.lastStatusChange)}: stuck for more than 7 days.`}</span>
          </p>
        ) : null}
        {user.nudge === null ? null : (
          <div>
            <Nudge organisation={organisation} status={status} user={user} off={off} />
          </div>
        )}
        <p className="cap">
          {user.lastStatusChange === null ? "Webex does not tell since when." : `In this state since ${moment(user.lastStatusChange, now)}, ${relative(user.lastStatusChange, now)}.`}
        </p>
      </div>
    </PanelSection>
  );
}

/** What the administrator can have Webex send. */
function Nudge({ organisation, status, user, off }: { organisation: Organisation; status: ActivationStatus; user: ActivationUser; off: string | null }) {
  const consent = useAction("activation.sendConsentMail", toastFailure);
  const send = async () => {
    const sent = await consent.run({ organisation: organisation.id, key: user.key });
    if (sent !== null) toast({ tone: "ok", title: `Consent mail sent to ${user.email ?? userName(user)}`, detail: "The state changes once the user has agreed." });
  };
  if (user.nudge === "activation_mail") return <ActivationMails organisation={organisation} status={status} off={off} />;
  if (user.nudge !== "consent_mail") return null;
  return (
    <Button icon={Mail} busy={consent.busy} disabledReason={off} onPress={() => void send()}>
      Send consent mail again
    </Button>
  );
}

function facts(user: ActivationUser, status: ActivationStatus, now: Date): [string, ReactNode][] {
  const source = "source" in status.availability ? status.availability.source : undefined;
  return [
    [COLUMN_WORDS.first_name, user.firstName ?? none()],
    [COLUMN_WORDS.last_name, user.lastName ?? none()],
    [COLUMN_WORDS.email, user.email === null ? none("not entered") : <WithCopy key="email" text={user.email} what="e-mail address" />],
    [COLUMN_WORDS.location, user.location ?? none()],
    [COLUMN_WORDS.licence, user.licence ?? none()],
    [COLUMN_WORDS.service_type, user.serviceType ?? none()],
    [COLUMN_WORDS.service_id, user.serviceId === null ? none() : <Copy key="service" text={user.serviceId} what="service id" full />],
    [COLUMN_WORDS.extension, user.extension ?? none()],
    [user.numbers.length === 1 ? "Number" : "Numbers", user.numbers.length === 0 ? none() : user.numbers.join(", ")],
    ["Enterprise", user.enterprise ?? none()],
    ["Self-activated", user.selfActivated === null ? none("not told") : user.selfActivated ? "yes" : "no"],
    ...(source === undefined ? [] : [["Told by", SOURCE_WORDS[source]] as [string, ReactNode]]),
    ["Id at Webex", <Copy key="key" text={user.key} what="id" />],
    ["As of", `${moment(user.asOf, now)}, ${relative(user.asOf, now)}`],
  ];
}

export function UserPanel({ organisation, status, id, refreshing, onClose }: { organisation: Organisation; status: ActivationStatus; id: string; refreshing: Refreshing; onClose: () => void }) {
  const { data: user, error, refetch } = useCommand("activation.user", { organisation: organisation.id, key: id });
  const now = useNow();
  // Over the grid's: a panel that was opened by its address has no row in focus.
  useShortcuts([{ keys: "R", label: "Refresh Status of the user shown", run: () => (user ? void refreshing.one(user) : undefined), off: refreshing.off }]);
  // A user whom Webex no longer lists is not shown as if nothing had happened.
  if (user === undefined || error?.code === "not_found") {
    return (
      <SidePanel title="User" onClose={onClose}>
        {error ? (
          <PanelSection>
            <FailureNote failure={error} organisation={organisation.id} onRetry={() => void refetch()} />
          </PanelSection>
        ) : (
          <Loading what="the user" />
        )}
      </SidePanel>
    );
  }
  const words = stateWords(user.state);
  return (
    <SidePanel
      title={userName(user)}
      badge={
        <Badge shape={words.shape} tone={words.tone}>
          {words.word}
        </Badge>
      }
      onClose={onClose}
      foot={
        <Button icon={RefreshCw} keys="R" busy={refreshing.asking.has(user.key)} disabledReason={refreshing.off} onPress={() => void refreshing.one(user)}>
          Refresh Status
        </Button>
      }
    >
      {user.errors.length > 0 ? (
        <PanelSection title="What Webex says is wrong">
          <ul className={styles.errors}>
            {user.errors.map((one) => (
              <li key={`${one.code}-${one.description}`}>
                <StatusMark shape="bad" tone="bad" />
                <span>
                  {one.code === null ? null : <span className="medium">Error {one.code}. </span>}
                  {one.description}
                </span>
              </li>
            ))}
          </ul>
        </PanelSection>
      ) : null}
      <Said organisation={organisation} user={user} status={status} now={now} off={refreshing.off} />
      <PanelSection title="Details">
        <Facts facts={facts(user, status, now)} />
      </PanelSection>
    </SidePanel>
  );
}
