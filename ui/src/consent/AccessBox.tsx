// Both token expiries, the life of the refresh token, the permissions, and the way to connect.

import { ExternalLink } from "lucide-react";
import { sentence } from "../format/sentence";
import { day as dayOf, daysLeft, fullMoment, moment, relative } from "../format/time";
import { useNow } from "../format/useNow";
import { type Organisation, useCommand } from "../host";
import { consentWords } from "../organisations/consentWords";
import { Badge, Banner, Button, StatusMark } from "../ui";
import styles from "./AccessBox.module.css";
import { type TokenLine, tokenLine } from "./tokenLine";

const WIDTH = 300;

function TokenBar({ line, from, to, soon }: { line: TokenLine; from: string; to: string; soon: boolean }) {
  const now = line.today * WIDTH;
  const label = Math.min(WIDTH - 14, Math.max(14, now));
  return (
    <svg className={styles.bar} viewBox={`0 0 ${WIDTH} 54`} role="img" aria-label={`Refresh token: day ${line.day} of ${line.days}, from ${from} to ${to}`}>
      <rect className={soon ? styles.ending : styles.rest} x="0" y="22" width={WIDTH} height="4" rx="2" />
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

function Permissions({ organisation }: { organisation: Organisation }) {
  const asked = useCommand("consent.permissions", { organisation: organisation.id }).data?.permissions ?? [];
  const known = organisation.permissions.length > 0;
  const permissions = known ? organisation.permissions : asked;
  const granted = permissions.filter((one) => one.granted === true).length;
  return (
    <section className={styles.section} aria-labelledby="permissions-title">
      <h2 className={styles.title} id="permissions-title">
        {known ? "Granted permissions" : "Permissions Patchbay will ask for"}
        <span className="cap num">{known ? `${granted} of ${permissions.length}` : permissions.length}</span>
      </h2>
      <ul className={styles.permissions}>
        {permissions.map((one) => (
          <li key={one.scope} className={styles.permission} title={one.scope}>
            <StatusMark shape={one.granted === true ? "done" : one.granted === false ? "bad" : "none"} tone={one.granted === true ? "ok" : one.granted === false ? "bad" : "idle"} />
            <div>
              <div className={one.granted === false ? "medium" : ""}>
                {one.label}
                <span className="sr">{one.granted === true ? ", granted" : one.granted === false ? ", missing" : ""}</span>
              </div>
              {one.granted === false ? <div className="cap">Missing: {one.feature}. Connect again to allow it.</div> : null}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function AccessBox({ organisation, onConnect }: { organisation: Organisation; onConnect: () => void }) {
  const now = useNow();
  const words = consentWords(organisation, now);
  const { accessTokenExpiresAt: access, refreshTokenExpiresAt: refresh, consent, refreshedAt } = organisation;
  const line = tokenLine(organisation.consentedAt, refresh, now);
  const soon = refresh !== null && daysLeft(refresh, now) <= 14;
  const demo = organisation.environment.kind === "demo";
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
        {line && refresh !== null && organisation.consentedAt !== null ? <TokenBar line={line} from={dayOf(organisation.consentedAt, now)} to={dayOf(refresh, now)} soon={soon} /> : null}
        {consent.state === "granted" ? (
          <p className={styles.text}>
            Patchbay renews the access token every 7 days{refreshedAt === null ? "" : `, last ${moment(refreshedAt, now)}`}.{refresh === null ? "" : ` It cannot renew after ${dayOf(refresh, now)}.`} Both tokens are stored encrypted.
          </p>
        ) : null}
        {demo ? (
          <p className={styles.text}>The demo is connected by itself to a simulated Webex on this computer.</p>
        ) : (
          <Button kind={consent.state === "granted" && !soon ? "default" : "primary"} wide icon={ExternalLink} onPress={onConnect}>
            Connect to Webex…
          </Button>
        )}
      </section>
      <Permissions organisation={organisation} />
    </>
  );
}
