// Connects an organisation: what is asked for in human words first, then the browser or a device code, then what was granted.

import { Copy as CopyIcon, ExternalLink, RefreshCw } from "lucide-react";
import { useId, useState } from "react";
import { span, secondsUntil } from "../format/time";
import { useNow } from "../format/useNow";
import { asFailure, type ConsentAttempt, type ConsentMethod, type Failure, fieldError, host, type Organisation, type Permission, type SecretEdit, useAction, useCommand } from "../host";
import { usePreferences } from "../shell/preferences";
import { Banner, Button, copyText, Dialog, FailureNote, LinkButton, RadioField, ReadField, SecretField, StatusMark, TextField, toast, toastFailure } from "../ui";
import styles from "./ConnectDialog.module.css";

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
      <ul className={styles.permissions}>
        {permissions.map((one) => (
          <li key={one.scope} title={one.scope}>
            {one.label}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface BeginProps {
  organisation: Organisation;
  failure: Failure | null;
  onBegun: (attempt: ConsentAttempt) => void;
  onClose: () => void;
}

function Begin({ organisation, failure: before, onBegun, onClose }: BeginProps) {
  const form = useId();
  const { preferences } = usePreferences();
  const [method, setMethod] = useState<ConsentMethod>("browser");
  const [clientId, setClientId] = useState(organisation.clientId ?? "");
  const [secret, setSecret] = useState<SecretEdit>(organisation.hasClientSecret ? { kind: "keep" } : { kind: "set", value: "" });
  const [tried, setTried] = useState(false);
  const begin = useAction("consent.begin");
  const permissions = useCommand("consent.permissions", { organisation: organisation.id });
  const noId = clientId.trim() === "";
  const noSecret = secret.kind === "set" && secret.value.trim() === "";
  const idError = fieldError(begin.failure, "clientId") ?? (tried && noId ? "Type the client id of your integration." : null);
  const secretError = fieldError(begin.failure, "clientSecret") ?? (tried && noSecret ? "Type the client secret of your integration." : null);
  const elsewhere = begin.failure && !fieldError(begin.failure, "clientId") && !fieldError(begin.failure, "clientSecret") ? begin.failure : begin.failure === null ? before : null;
  const port = preferences?.consentPort;

  const submit = async () => {
    setTried(true);
    if (noId || noSecret) return;
    const trimmed: SecretEdit = secret.kind === "set" ? { kind: "set", value: secret.value.trim() } : secret;
    const attempt = await begin.run({ organisation: organisation.id, method, clientId: clientId.trim(), clientSecret: trimmed });
    if (attempt === null) return;
    if (attempt.state.state === "waiting_for_browser") openAddress(attempt.state.authorizeUrl);
    onBegun(attempt);
  };

  return (
    <Dialog
      title={`Connect ${organisation.name} to Webex`}
      size="wide"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form} icon={ExternalLink} busy={begin.busy}>
            {method === "browser" ? "Open the browser" : "Get a device code"}
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
        <TextField label="Client ID" required autoFocus spellCheck={false} mono value={clientId} onChange={(event) => setClientId(event.target.value)} error={idError} hint="Of your own integration on developer.webex.com" />
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
          <SecretField label="Client Secret" required name="clientSecret" value={secret.kind === "set" ? secret.value : ""} onChange={(value) => setSecret({ kind: "set", value })} error={secretError} hint="Stored encrypted" />
        )}
        <RadioField
          legend="How consent is given"
          name="method"
          value={method}
          onChange={setMethod}
          choices={[
            { value: "browser", label: "In the browser of this computer", hint: port === undefined ? "" : `The integration needs the redirect URI http://127.0.0.1:${port}/callback` },
            { value: "device", label: "With a code on any device", hint: "The administrator types a short code on their own computer or telephone." },
          ]}
        />
      </form>
      {permissions.error ? <FailureNote failure={permissions.error} onRetry={() => void permissions.refetch()} /> : null}
      {permissions.data ? <Asked permissions={permissions.data.permissions} /> : null}
    </Dialog>
  );
}

function Waiting({ attempt, organisation, onClose }: { attempt: ConsentAttempt; organisation: Organisation; onClose: () => void }) {
  const now = useNow(1000);
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
          <p className="muted">{secondsUntil(state.expiresAt, now) > 0 ? `The code can be used for ${span(secondsUntil(state.expiresAt, now))}. A new one can be had at any time.` : "The code has run out. Cancel and get a new one."}</p>
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

function Granted({ missing, organisation, onClose, onAgain }: { missing: readonly Permission[]; organisation: Organisation; onClose: () => void; onAgain: () => void }) {
  const sync = useAction("mirror.sync", toastFailure);
  // Read once, it is only renewed when somebody asks for it.
  const read = organisation.lastSyncAt !== null;
  const readNow = () => void sync.run({ organisation: organisation.id }).then((begun) => (begun ? onClose() : undefined));
  return (
    <Dialog
      title={`${organisation.name} is connected`}
      size="wide"
      onClose={onClose}
      actions={
        <>
          {missing.length > 0 ? <Button onPress={onAgain}>Connect again</Button> : null}
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
      {missing.length === 0 ? (
        <Banner tone="ok" title="All permissions were granted.">
          {organisation.syncOnCreate ? "Roles, licences, locations, people and numbers are being read; the job strip shows how far." : read ? "Work that waited for consent can go on." : "Sync reads its licences, locations, people and numbers to this computer; files are then checked against them, offline too."}
        </Banner>
      ) : (
        <>
          <Banner tone="warn" title={`${missing.length} ${missing.length === 1 ? "permission was" : "permissions were"} not granted.`}>
            The rest works. Allow {missing.length === 1 ? "it" : "them"} in the integration on developer.webex.com, then connect again.
          </Banner>
          <ul className={styles.missing}>
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
        </>
      )}
    </Dialog>
  );
}

export function ConnectDialog({ organisation, onClose }: { organisation: Organisation; onClose: () => void }) {
  const [begun, setBegun] = useState<ConsentAttempt | null>(null);
  const { data } = useCommand("consent.attempt", { attempt: begun?.id ?? "" }, { enabled: begun !== null });
  // Leaving the dialog while it waits is the same as giving up, so the listener and its port are freed.
  const attempt = begun === null ? null : (data ?? begun);
  const state = attempt?.state;
  if (attempt === null || state === undefined) return <Begin organisation={organisation} failure={null} onBegun={setBegun} onClose={onClose} />;
  switch (state.state) {
    case "granted":
      return <Granted missing={state.missing} organisation={organisation} onClose={onClose} onAgain={() => setBegun(null)} />;
    case "failed":
      return <Begin key={attempt.id} organisation={organisation} failure={state.failure} onBegun={setBegun} onClose={onClose} />;
    case "cancelled":
      return <Begin key={attempt.id} organisation={organisation} failure={null} onBegun={setBegun} onClose={onClose} />;
    default:
      return <Waiting attempt={attempt} organisation={organisation} onClose={onClose} />;
  }
}
