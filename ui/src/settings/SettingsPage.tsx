// What the person has set, and where Patchbay keeps its data.

import { useId, useState } from "react";
import { fileStamp } from "../format/time";
import { host, type Theme, useAction, useCommand } from "../host";
import { Page, PageHead, usePreferences } from "../shell/page";
import { Button, CopyButton, FailureNote, Loading, RadioField, Switch, TextField, toast, toastFailure } from "../ui";
import { VaultSettings } from "../vault/VaultSettings";
import styles from "./SettingsPage.module.css";

const THEMES: readonly { value: Theme; label: string; hint: string }[] = [
  { value: "system", label: "As the system", hint: "Follows light and dark of your desktop." },
  { value: "light", label: "Light", hint: "Always light." },
  { value: "dark", label: "Dark", hint: "Always dark." },
];

function ConsentPort({ port }: { port: number }) {
  const form = useId();
  const [typed, setTyped] = useState(String(port));
  const { change } = usePreferences();
  const value = Number(typed);
  const wrong = !/^\d+$/.test(typed.trim()) || value < 1024 || value > 65_535;
  const changed = typed !== String(port);
  return (
    <form
      id={form}
      className={styles.port}
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong && changed) void change({ consentPort: value }).then(() => toast({ tone: "ok", title: "Consent port changed", detail: `The redirect URI is now http://127.0.0.1:${value}/callback. Enter it in the integration as well.` }));
      }}
    >
      <TextField label="Consent port" name="consentPort" inputMode="numeric" value={typed} onChange={(event) => setTyped(event.target.value)} error={wrong ? `${typed.trim() || "Nothing"} is no port. Use 1024 to 65535.` : null} hint="The one-shot listener for consent in the browser, on 127.0.0.1 only" />
      <Button type="submit" disabledReason={wrong ? "The port has to be corrected first." : changed ? null : "Nothing has changed."}>
        Change port
      </Button>
    </form>
  );
}

function SupportBundle() {
  const save = useAction("app.supportBundle", toastFailure);
  const press = async () => {
    const path = await host().pickSavePath({ title: "Save support bundle", name: `patchbay-support-${fileStamp(new Date())}.zip` });
    if (path === null) return;
    const saved = await save.run({ path });
    if (saved) toast({ tone: "ok", title: "Support bundle saved", detail: saved.path });
  };
  return (
    <Button busy={save.busy} onPress={() => void press()}>
      Save support bundle…
    </Button>
  );
}

export function SettingsPage() {
  const { preferences, change } = usePreferences();
  const query = useCommand("preferences.get", {});
  const { data: info } = useCommand("app.info", {});
  return (
    <Page title="Settings" head={<PageHead title="Settings" />}>
      {preferences === null ? (
        query.error ? (
          <div className={styles.failure}>
            <FailureNote failure={query.error} onRetry={() => void query.refetch()} />
          </div>
        ) : (
          <Loading what="settings" />
        )
      ) : (
        <div className="scroll">
          <section className={styles.section} aria-labelledby="settings-look">
            <h2 className={styles.title} id="settings-look">
              Appearance
            </h2>
            <RadioField legend="Theme" name="theme" value={preferences.theme} choices={THEMES} onChange={(theme) => void change({ theme })} />
          </section>
          <section className={styles.section} aria-labelledby="settings-keys">
            <h2 className={styles.title} id="settings-keys">
              Keyboard
            </h2>
            <Switch label="Single-letter keys" hint="N, E, R, / and the like act while the focus is in a page or grid. Press ? for the map." checked={preferences.singleLetterKeys} onChange={(event) => void change({ singleLetterKeys: event.target.checked })} />
          </section>
          <section className={styles.section} aria-labelledby="settings-consent">
            <h2 className={styles.title} id="settings-consent">
              Consent in the browser
            </h2>
            <div>
              <ConsentPort key={preferences.consentPort} port={preferences.consentPort} />
              <p className={`small soft ${styles.uri}`}>
                Your integration at Webex must have the redirect URI <code>http://127.0.0.1:{preferences.consentPort}/callback</code>{" "}
                <CopyButton text={`http://127.0.0.1:${preferences.consentPort}/callback`} what="redirect URI" />
              </p>
            </div>
          </section>
          <section className={styles.section} aria-labelledby="settings-secrets">
            <h2 className={styles.title} id="settings-secrets">
              Secrets
            </h2>
            <VaultSettings />
          </section>
          <section className={styles.section} aria-labelledby="settings-data">
            <h2 className={styles.title} id="settings-data">
              Data and support
            </h2>
            <div className="stack">
              <dl className={styles.facts}>
                <dt>Version</dt>
                <dd>{info?.version ?? ""}</dd>
                <dt>Data folder</dt>
                <dd>
                  <span className="mono break">{info?.dataDir}</span> {info ? <CopyButton text={info.dataDir} what="data folder" /> : null}
                </dd>
                <dt>Log folder</dt>
                <dd>
                  <span className="mono break">{info?.logDir}</span> {info ? <CopyButton text={info.logDir} what="log folder" /> : null}
                </dd>
                <dt>You are</dt>
                <dd>{info?.who ?? ""}</dd>
              </dl>
              <p className="small soft">The support bundle holds logs and settings. Tokens, passwords and the people of your organisations are not in it.</p>
              <div>
                <SupportBundle />
              </div>
            </div>
          </section>
        </div>
      )}
    </Page>
  );
}
