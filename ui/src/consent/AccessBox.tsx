// Both token expiries, the life of the refresh token, who consented, the permissions, and the ways to connect, renew and check.

import { ExternalLink } from "lucide-react";
import { sentence } from "../format/sentence";
import { day as dayOf, daysLeft, fullMoment, moment, relative } from "../format/time";
import { counted } from "../format/number";
import { useNow } from "../format/useNow";
import { type Organisation, useAction, useCommand } from "../host";
import { consentWords } from "../organisations/consentWords";
import { useWarnDays } from "../organisations/useWarnDays";
import { Badge, Banner, Button, FailureNote, StatusMark, toast } from "../ui";
import styles from "./AccessBox.module.css";
import { permissionGroups } from "./permissionGroups";
import { type TokenLine, tokenLine } from "./tokenLine";

const WIDTH = 300;

/** What is left of it is amber where warnings come, and plain before that. */
function TokenBar({ line, from, to, soon, warnDays }: { line: TokenLine; from: string; to: string; soon: boolean; warnDays: number }) {
  const now = line.today * WIDTH;
  const warned = Math.max(now, (1 - Math.min(1, warnDays / line.days)) * WIDTH);
  const label = Math.min(WIDTH - 14, Math.max(14, now));
  const spoken = `Refresh token: day ${line.day} of ${line.days}, from ${from} to ${to}; the access token was renewed ${counted(line.renewals.length, "time")}`;
  return (
    <svg className={styles.bar} viewBox={`0 0 ${WIDTH} 54`} role="img" aria-label={spoken}>
      <rect className={styles.rest} x="0" y="22" width={WIDTH} height="4" rx="2" />
      <rect className={styles.ending} x={warned} y="22" width={WIDTH - warned} height="4" rx="2" />
      <rect className={styles.used} x="0" y="22" width={now} height="4" rx="2" />
      {line.renewals.map((at) => (
        <circle key={at} className={styles.renewal} cx={at * WIDTH} cy="24" r="3.2" />
      ))}
      <path className={styles.now} d={`M${now} 13V35`} />
      <text className={styles.strong} x={label} y="9" textAnchor="middle">
        today
      </text>
      <text x="0" y="50">
        {from}
      </text>
      <text className={soon ? styles.soon : ""} x={WIDTH} y="50" textAnchor="end">
        {to}
      </text>
    </svg>
  );
}

function Permissions({ organisation, onConnect }: { organisation: Organisation; onConnect: () => void }) {
  const asked = useCommand("consent.permissions", { organisation: organisation.id });
  const known = organisation.permissions.length > 0;
  const permissions = known ? organisation.permissions : (asked.data?.permissions ?? []);
  const granted = permissions.filter((one) => one.granted === true).length;
  const missing = permissions.filter((one) => one.granted === false).length;
  return (
    <section className={styles.section} aria-labelledby="permissions-title">
      <h2 className={styles.title} id="permissions-title">
        {known ? "Granted permissions" : "Permissions Patchbay will ask for"}
        <span className="cap num">{known ? `${granted} of ${permissions.length}` : permissions.length}</span>
      </h2>
      {asked.error && !known ? <FailureNote failure={asked.error} onRetry={() => void asked.refetch()} /> : null}
      {permissionGroups(permissions).map((group) => (
        <div key={group.name} className={styles.group}>
          {group.name === "" ? null : <h3 className={styles.groupName}>{group.name}</h3>}
          <ul className={styles.permissions}>
            {group.permissions.map((one) => (
              <li key={one.scope} className={styles.permission} title={one.scope}>
                <StatusMark shape={one.granted === true ? "done" : one.granted === false ? "bad" : "none"} tone={one.granted === true ? "ok" : one.granted === false ? "bad" : "idle"} />
                <div>
                  <div className={one.granted === false ? "medium" : ""}>
                    {one.label}
                    <span className="sr">{one.granted === true ? ", granted" : one.granted === false ? ", missing" : ""}</span>
                  </div>
                  {one.granted === false ? <div className="cap">Missing: {one.feature}.</div> : null}
                </div>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {missing > 0 && organisation.environment.kind !== "demo" ? (
        <Button wide icon={ExternalLink} onPress={onConnect}>
          Connect again…
        </Button>
      ) : null}
    </section>
  );
}

interface AccessBoxProps {
  organisation: Organisation;
  onConnect: () => void;
  onCheck: () => void;
}

export function AccessBox({ organisation, onConnect, onCheck }: AccessBoxProps) {
  const now = useNow();
  const warnDays = useWarnDays();
  const refreshNow = useAction("consent.refresh");
  const words = consentWords(organisation, now, warnDays);
  const { accessTokenExpiresAt: access, refreshTokenExpiresAt: refresh, consent, refreshedAt, consentedAt, consentedBy } = organisation;
  const since = organisation.refreshTokenSince ?? consentedAt;
  const line = tokenLine(since, refresh, organisation.refreshes, now);
  const soon = refresh !== null && daysLeft(refresh, now) <= warnDays;
  const demo = organisation.environment.kind === "demo";
  const renew = async () => {
    const renewed = await refreshNow.run({ organisation: organisation.id });
    if (renewed) toast({ tone: "ok", title: `Access to ${renewed.name} renewed`, ...(renewed.accessTokenExpiresAt ? { detail: `The access token is now good until ${moment(renewed.accessTokenExpiresAt, new Date())}.` } : {}) });
  };
  return (
    <>
      <section className={styles.section} aria-labelledby="access-title">
        <h2 className={styles.title} id="access-title">
          Access
          <Badge shape={words.shape} tone={words.tone}>
            {words.short}
          </Badge>
        </h2>
        {consent.state === "needed" ? (
          <div className={styles.banner}>
            <Banner tone="bad" title={`Consent of ${organisation.name} is gone.`}>
              {sentence(consent.reason)} {consent.since === "" ? "" : `Since ${moment(consent.since, now)}. `}Connect again, then resume the runs that wait.
            </Banner>
          </div>
        ) : organisation.unexpectedAdmin ? (
          <div className={styles.banner}>
            <Banner tone="warn" title="Another administrator consented.">
              {consentedBy ?? "Somebody else"} accepted the permissions; registered is {organisation.adminEmail ?? "nobody"}. Patchbay works with the rights of the one who accepted. If that is right, change Admin Account Email; if not, connect again.
            </Banner>
          </div>
        ) : null}
        {consent.state === "none" && !demo ? <p className={styles.text}>Patchbay may not work in this organisation yet. Connect it with an administrator who can accept the permissions below.</p> : null}
        {access !== null || refresh !== null ? (
          <dl className={styles.tokens}>
            {access === null ? null : (
              <>
                <dt>Access Token Expires At</dt>
                <dd>
                  <b>{fullMoment(access)}</b>
                  <span className="cap">{relative(access, now)}</span>
                </dd>
              </>
            )}
            {refresh === null ? null : (
              <>
                <dt>Refresh Token Expires At</dt>
                <dd>
                  <b className={soon ? "t-warn" : ""}>{fullMoment(refresh)}</b>
                  <span className="cap">{line ? `day ${line.day} of ${line.days}` : relative(refresh, now)}</span>
                </dd>
              </>
            )}
          </dl>
        ) : null}
        {line && refresh !== null && since !== null ? <TokenBar line={line} from={dayOf(since, now)} to={dayOf(refresh, now)} soon={soon} warnDays={warnDays} /> : null}
        {consent.state === "granted" && !demo ? (
          <p className={styles.text}>
            Patchbay renews the access token every 7 days{refreshedAt === null ? "" : `, last ${moment(refreshedAt, now)}`}.{refresh === null ? "" : ` It cannot renew after ${dayOf(refresh, now)}${access === null ? "" : `; work stops when the access token ends`}.`} Both tokens are stored encrypted.
          </p>
        ) : null}
        {consentedAt !== null && !demo ? (
          <p className={styles.text}>
            Consent given {moment(consentedAt, now)}
            {consentedBy === null ? "; Webex did not tell by whom." : ` by ${consentedBy}.`}
          </p>
        ) : null}
        {demo ? <p className={styles.text}>The demo is connected by itself to a simulated Webex on this computer.</p> : null}
        {refreshNow.failure ? (
          <div className={styles.banner}>
            <FailureNote failure={refreshNow.failure} organisation={organisation.id} onRetry={() => void renew()} />
          </div>
        ) : null}
        <div className={styles.buttons}>
          {demo ? null : (
            <Button kind={consent.state === "granted" && !soon ? "default" : "primary"} wide icon={ExternalLink} onPress={onConnect}>
              Connect to Webex…
            </Button>
          )}
          {demo ? null : (
            <Button wide busy={refreshNow.busy} disabledReason={consent.state === "granted" ? null : consent.state === "none" ? "Connect to Webex first." : "Consent is needed again: connect to Webex."} onPress={() => void renew()}>
              Refresh now
            </Button>
          )}
          <Button wide onPress={onCheck}>
            Check connection
          </Button>
        </div>
      </section>
      <Permissions organisation={organisation} onConnect={onConnect} />
    </>
  );
}
