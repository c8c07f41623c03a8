// Connects an organisation: what is asked for in human words first, then the browser, a device code or a service app, then
// what was granted. Over 300 lines because the steps of one dialog share their state and are read together.

import { Copy as CopyIcon, ExternalLink, RefreshCw } from "lucide-react";
import { useId, useState } from "react";
import { span, secondsUntil } from "../format/time";
import { useNow } from "../format/useNow";
import { asFailure, carryOut, type Connected, type ConsentAttempt, type ConsentBegin, type ConsentMethod, type Failure, fieldError, host, type Organisation, type Permission, type SecretEdit, useAction, useCommand } from "../host";
import { usePreferences } from "../shell/preferences";
import { Banner, Button, copyText, Dialog, FailureNote, LinkButton, RadioField, ReadField, SecretField, StatusMark, TextField, toast, toastFailure } from "../ui";
import styles from "./ConnectDialog.module.css";
import { permissionGroups } from "./permissionGroups";

/** Opens an address; what goes wrong is told once, in the corner, because the dialog offers the link itself. */
function openAddress(url: string): void {
  host()
    .openExternal(url)
    .catch((thrown: unknown) => toastFailure(asFailure(thrown, "opening the browser")));
}

function Asked({ permissions }: { permissions: readonly Permission[] }) {
  return (
    <section className={styles.asked} aria-labelledby="asked-title">
      <h3 className={styles.subtitle} id="asked-title">
        Webex will ask the administrator to allow
      </h3>
      {permissionGroups(permissions).map((group) => (
        <div key={group.name} className={styles.group}>
          {group.name === "" ? null : <h4 className={styles.groupName}>{group.name}</h4>}
          <ul className={styles.permissions}>
            {group.permissions.map((one) => (
              <li key={one.scope} title={one.scope}>
                {one.label}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

/** The three ways of consent (product O4). */
type Way = ConsentMethod | "service_app";
type ProofKind = "application" | "refresh_token";

interface BeginProps {
  organisation: Organisation;
  failure: Failure | null;
  way: Way;
  onWay: (way: Way) => void;
  onBegun: (attempt: ConsentAttempt, request: ConsentBegin) => void;
  onConnected: (connected: Connected) => void;
  onClose: () => void;
}

const FIELDS = ["clientId", "clientSecret", "refreshToken", "applicationId", "targetOrganisation", "accessToken"] as const;
type FieldName = (typeof FIELDS)[number];

function Begin({ organisation, failure: before, way, onWay, onBegun, onConnected, onClose }: BeginProps) {
  const form = useId();
  const { preferences } = usePreferences();
  const [clientId, setClientId] = useState(organisation.clientId ?? "");
  const [secret, setSecret] = useState<SecretEdit>(organisation.hasClientSecret ? { kind: "keep" } : { kind: "set", value: "" });
  const [proof, setProof] = useState<ProofKind>("application");
  const [typed, setTyped] = useState({ refreshToken: "", applicationId: "", targetOrganisation: organisation.accountNumber ?? "", accessToken: "" });
  const [tried, setTried] = useState(false);
  const begin = useAction("consent.begin");
  const service = useAction("consent.connectServiceApp");
  const permissions = useCommand("consent.permissions", { organisation: organisation.id });
  const failure = begin.failure ?? service.failure;
  const isService = way === "service_app";

  const missing: Partial<Record<FieldName, string>> = {
    ...(clientId.trim() === "" ? { clientId: `Type the client id of your ${isService ? "service app" : "integration"}.` } : {}),
    ...(secret.kind === "set" && secret.value.trim() === "" ? { clientSecret: `Type the client secret of your ${isService ? "service app" : "integration"}.` } : {}),
    ...(isService && proof === "refresh_token" && typed.refreshToken.trim() === "" ? { refreshToken: "Paste the refresh token of the service app." } : {}),
    ...(isService && proof === "application" && typed.applicationId.trim() === "" ? { applicationId: "Type the id of the service app." } : {}),
    ...(isService && proof === "application" && typed.accessToken.trim() === "" ? { accessToken: "Paste an access token with the scope spark:applications_token." } : {}),
    ...(isService && proof === "application" && typed.targetOrganisation.trim() === "" ? { targetOrganisation: "Type the Organization ID of the customer." } : {}),
  };
  const errorOf = (field: FieldName) => fieldError(failure, field) ?? (tried ? (missing[field] ?? null) : null);
  const atField = failure !== null && FIELDS.some((field) => failure.field === field);
  const elsewhere = failure === null ? before : atField ? null : failure;
  const port = preferences?.consentPort;

  const submit = async () => {
    setTried(true);
    if (Object.keys(missing).length > 0) return;
    const trimmed: SecretEdit = secret.kind === "set" ? { kind: "set", value: secret.value.trim() } : secret;
    const base = { organisation: organisation.id, clientId: clientId.trim(), clientSecret: trimmed };
    if (way === "service_app") {
      const target = typed.targetOrganisation.trim();
      const connected = await service.run({
        ...base,
        proof:
          proof === "refresh_token"
            ? { kind: "refresh_token", refreshToken: typed.refreshToken.trim() }
            : { kind: "application", applicationId: typed.applicationId.trim(), targetOrganisation: target === "" ? null : target, accessToken: typed.accessToken.trim() },
      });
      if (connected) onConnected(connected);
      return;
    }
    const request: ConsentBegin = { ...base, method: way };
    const attempt = await begin.run(request);
    if (attempt === null) return;
    if (attempt.state.state === "waiting_for_browser") openAddress(attempt.state.authorizeUrl);
    onBegun(attempt, request);
  };

  return (
    <Dialog
      title={`Connect ${organisation.name} to Webex`}
      size="wide"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form} {...(way === "browser" ? { icon: ExternalLink } : {})} busy={begin.busy || service.busy}>
            {way === "browser" ? "Open the browser" : way === "device" ? "Get a device code" : "Connect service app"}
          </Button>
        </>
      }
    >
      {elsewhere ? <FailureNote failure={elsewhere} /> : null}
      <form
        id={form}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <RadioField
          legend="How consent is given"
          name="method"
          value={way}
          onChange={(chosen) => {
            begin.reset();
            service.reset();
            setTried(false);
            onWay(chosen);
          }}
          choices={[
            { value: "browser", label: "In the browser of this computer", hint: port === undefined ? "" : `The integration needs the redirect URI http://127.0.0.1:${port}/callback` },
            { value: "device", label: "With a code on any device", hint: "The administrator types a short code on their own computer or telephone." },
            { value: "service_app", label: "With a service app", hint: "The customer’s administrator authorises it in Control Hub; nobody has to sign in here." },
          ]}
        />
        <TextField label="Client ID" name="clientId" required autoFocus spellCheck={false} mono value={clientId} onChange={(event) => setClientId(event.target.value)} error={errorOf("clientId")} hint={isService ? "Of the service app on developer.webex.com" : "Of your own integration on developer.webex.com"} />
        {secret.kind === "keep" ? (
          <ReadField
            label="Client Secret"
            value="••••••••••••"
            hint={
              <span className={styles.hint}>
                Stored encrypted
                <LinkButton onPress={() => setSecret({ kind: "set", value: "" })}>Enter another secret</LinkButton>
              </span>
            }
          />
        ) : (
          <SecretField label="Client Secret" required name="clientSecret" value={secret.kind === "set" ? secret.value : ""} onChange={(value) => setSecret({ kind: "set", value })} error={errorOf("clientSecret")} hint="Stored encrypted" />
        )}
        {isService ? (
          <fieldset className={styles.proof}>
            <legend className={styles.subtitle}>What proves the authorisation</legend>
            <RadioField
              legend="What proves the authorisation"
              name="proof"
              value={proof}
              onChange={(chosen) => {
                service.reset();
                setTried(false);
                setProof(chosen);
              }}
              choices={[
                { value: "application", label: "Ask Webex for its tokens", hint: "With a token of whoever made the service app; it is used once and not kept." },
                { value: "refresh_token", label: "A refresh token from developer.webex.com", hint: "Copied from the page of the service app, for this customer." },
              ]}
            />
            {proof === "refresh_token" ? (
              <SecretField label="Refresh Token" required name="refreshToken" value={typed.refreshToken} onChange={(refreshToken) => setTyped({ ...typed, refreshToken })} error={errorOf("refreshToken")} hint="Stored encrypted" />
            ) : (
              <>
                <TextField label="Service App ID" required name="applicationId" spellCheck={false} mono value={typed.applicationId} onChange={(event) => setTyped({ ...typed, applicationId: event.target.value })} error={errorOf("applicationId")} />
                <TextField label="Organization ID of the customer" required name="targetOrganisation" spellCheck={false} mono value={typed.targetOrganisation} onChange={(event) => setTyped({ ...typed, targetOrganisation: event.target.value })} error={errorOf("targetOrganisation")} hint="As in Control Hub; the registered account number unless you type another" />
                <SecretField label="Access Token" required name="accessToken" value={typed.accessToken} onChange={(accessToken) => setTyped({ ...typed, accessToken })} error={errorOf("accessToken")} hint="Of your own integration, with the scope spark:applications_token. Used once, not stored" />
              </>
            )}
          </fieldset>
        ) : null}
      </form>
      {permissions.error ? <FailureNote failure={permissions.error} onRetry={() => void permissions.refetch()} /> : null}
      {permissions.data ? <Asked permissions={permissions.data.permissions} /> : null}
    </Dialog>
  );
}

function Waiting({ attempt, organisation, onNewCode, onClose }: { attempt: ConsentAttempt; organisation: Organisation; onNewCode: () => Promise<void>; onClose: () => void }) {
  const now = useNow(1000);
  const [renewing, setRenewing] = useState(false);
  const renew = () => {
    setRenewing(true);
    void onNewCode().finally(() => setRenewing(false));
  };
  const cancel = useAction("consent.cancel", toastFailure);
  const { state } = attempt;
  const give = () => void cancel.run({ attempt: attempt.id }).then(onClose);
  const copied = (text: string, what: string) => void copyText(text, what).then((done) => (done ? toast({ tone: "ok", title: `The ${what} is on the clipboard` }) : undefined));
  return (
    <Dialog
      title={`Connect ${organisation.name} to Webex`}
      size="wide"
      onClose={give}
      actions={
        <Button kind="quiet" busy={cancel.busy} onPress={give}>
          Cancel consent
        </Button>
      }
    >
      {state.state === "waiting_for_browser" ? (
        <>
          <Banner tone="info" title="Consent is open in your browser.">
            Sign in to Webex there and choose Accept. This goes on by itself.
          </Banner>
          <div className={styles.buttons}>
            <Button icon={ExternalLink} onPress={() => openAddress(state.authorizeUrl)}>
              Open the browser again
            </Button>
            <Button icon={CopyIcon} onPress={() => copied(state.authorizeUrl, "sign-in link")}>
              Copy the sign-in link
            </Button>
          </div>
          <p className="muted">The link works in a browser on this computer only.</p>
        </>
      ) : state.state === "waiting_for_device" ? (
        <>
          <p>
            On any device, open <b className="break">{state.verificationUri}</b>, sign in as an administrator of {organisation.name} and type this code:
          </p>
          <p className={styles.code} aria-label={`Code ${[...state.userCode].join(" ")}`}>
            {state.userCode}
          </p>
          <div className={styles.buttons}>
            <Button icon={CopyIcon} onPress={() => copied(state.userCode, "code")}>
              Copy the code
            </Button>
            <Button icon={CopyIcon} onPress={() => copied(state.verificationUriComplete ?? state.verificationUri, "link")}>
              Copy the link
            </Button>
            <Button icon={ExternalLink} onPress={() => openAddress(state.verificationUriComplete ?? state.verificationUri)}>
              Open it here
            </Button>
          </div>
          <p className={`row ${secondsUntil(state.expiresAt, now) > 0 ? "muted" : "t-warn"}`}>
            {secondsUntil(state.expiresAt, now) > 0 ? `The code can be used for ${span(secondsUntil(state.expiresAt, now))}.` : "The code has run out."}
            <Button small icon={RefreshCw} busy={renewing} onPress={renew}>
              Get a new code
            </Button>
          </p>
        </>
      ) : (
        <p className="row" role="status">
          <StatusMark shape="busy" />
          Webex has answered. Patchbay fetches the tokens.
        </p>
      )}
    </Dialog>
  );
}

interface GrantedProps extends Connected {
  organisation: Organisation;
  onClose: () => void;
  onAgain: () => void;
}

function Granted({ missing, consentedBy, unexpectedAdmin, organisation, onClose, onAgain }: GrantedProps) {
  const sync = useAction("mirror.sync", toastFailure);
  const wanted = useCommand("consent.permissions", { organisation: organisation.id }).data?.permissions.length ?? null;
  // Read once, it is only renewed when somebody asks for it.
  const read = organisation.lastSyncAt !== null;
  const readNow = () => void sync.run({ organisation: organisation.id }).then((begun) => (begun ? onClose() : undefined));
  const next = organisation.syncOnCreate ? "Roles, licences, locations, people and numbers are being read; the job strip shows how far." : read ? "Work that waited for consent can go on." : "Sync reads its licences, locations, people and numbers to this computer; files are then checked against them, offline too.";
  return (
    <Dialog
      title={`${organisation.name} is connected`}
      size="wide"
      onClose={onClose}
      actions={
        <>
          {missing.length > 0 || unexpectedAdmin ? <Button onPress={onAgain}>Connect again</Button> : null}
          {organisation.syncOnCreate || read ? (
            <Button kind="primary" autoFocus onPress={onClose}>
              Open {organisation.name}
            </Button>
          ) : (
            <>
              <Button onPress={onClose}>Later</Button>
              <Button kind="primary" autoFocus icon={RefreshCw} busy={sync.busy} onPress={readNow}>
                Sync with Webex
              </Button>
            </>
          )}
        </>
      }
    >
      {unexpectedAdmin ? (
        <Banner tone="warn" title="Another administrator consented than expected.">
          {consentedBy ?? "Somebody else"} accepted; registered is {organisation.adminEmail ?? "nobody"}. Patchbay works with the rights of the one who accepted. If that is not right, connect again with the registered account.
        </Banner>
      ) : missing.length === 0 ? (
        <Banner tone="ok" title="All permissions were granted.">
          {next}
        </Banner>
      ) : (
        <Banner tone="warn" title={`${missing.length} ${missing.length === 1 ? "permission was" : "permissions were"} not granted.`}>
          The rest works. Allow {missing.length === 1 ? "it" : "them"} in the integration on developer.webex.com, then connect again.
        </Banner>
      )}
      <p>
        {wanted === null ? "" : `${Math.max(0, wanted - missing.length)} of ${wanted} permissions were granted. `}
        {consentedBy !== null && !unexpectedAdmin ? `${consentedBy} consented. ` : ""}
        {missing.length === 0 && !unexpectedAdmin ? "" : next}
      </p>
      {missing.length > 0 ? (
        <ul className={styles.missing} aria-label="Not granted">
          {missing.map((one) => (
            <li key={one.scope}>
              <StatusMark shape="bad" tone="bad" />
              <span>
                <span className="medium">{one.label}</span>
                <span className="cap">
                  {" "}
                  {one.scope}: {one.feature}
                </span>
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </Dialog>
  );
}

export function ConnectDialog({ organisation, onClose }: { organisation: Organisation; onClose: () => void }) {
  const [way, setWay] = useState<Way>("browser");
  const [begun, setBegun] = useState<{ attempt: ConsentAttempt; request: ConsentBegin } | null>(null);
  const [connected, setConnected] = useState<Connected | null>(null);
  const [renewFailure, setRenewFailure] = useState<Failure | null>(null);
  const { data } = useCommand("consent.attempt", { attempt: begun?.attempt.id ?? "" }, { enabled: begun !== null });
  const start = (attempt: ConsentAttempt, request: ConsentBegin) => {
    setRenewFailure(null);
    setBegun({ attempt, request });
  };
  const again = () => {
    setConnected(null);
    setBegun(null);
  };
  /** The old code is given up first: Webex may count those that are open. */
  const newCode = async () => {
    if (begun === null) return;
    try {
      await carryOut("consent.cancel", { attempt: begun.attempt.id }).catch(() => undefined);
      start(await carryOut("consent.begin", begun.request), begun.request);
    } catch (thrown) {
      setRenewFailure(asFailure(thrown, "consent.begin"));
      setBegun(null);
    }
  };
  if (connected) return <Granted {...connected} organisation={organisation} onClose={onClose} onAgain={again} />;
  // Leaving the dialog while it waits is the same as giving up, so the listener and its port are freed.
  const attempt = begun === null ? null : (data ?? begun.attempt);
  const first = (failure: Failure | null, key: string) => <Begin key={key} organisation={organisation} failure={failure} way={way} onWay={setWay} onBegun={start} onConnected={setConnected} onClose={onClose} />;
  const state = attempt?.state;
  if (attempt === null || state === undefined) return first(renewFailure, "first");
  switch (state.state) {
    case "granted":
      return <Granted missing={state.missing} consentedBy={state.consentedBy} unexpectedAdmin={state.unexpectedAdmin} organisation={organisation} onClose={onClose} onAgain={again} />;
    case "failed":
      return first(state.failure, attempt.id);
    case "cancelled":
      return first(null, attempt.id);
    default:
      return <Waiting attempt={attempt} organisation={organisation} onNewCode={newCode} onClose={onClose} />;
  }
}
