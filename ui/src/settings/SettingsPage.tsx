// What the person has set, and where Patchbay keeps its data.

import { Link } from "@tanstack/react-router";
import { type ReactNode, useId, useState } from "react";
import { count, counted } from "../format/number";
import { fileStamp } from "../format/time";
import { type Density, host, type Theme, useAction, useCommand } from "../host";
import { Page, PageHead, usePreferences } from "../shell/page";
import { AuditExport } from "../transactions/AuditExport";
import { Button, buttonClass, CopyButton, FailureNote, Loading, RadioField, Switch, TextField, toast, toastFailure } from "../ui";
import { VaultSettings } from "../vault/VaultSettings";
import { Backups } from "./Backups";
import { CopyInterval } from "./CopyInterval";
import { Folders } from "./Folders";
import styles from "./SettingsPage.module.css";
import { StartSettings } from "./StartSettings";
import { WarningDays } from "./WarningDays";

const THEMES: readonly { value: Theme; label: string; hint: string }[] = [
  { value: "system", label: "As the system", hint: "Follows light and dark of your desktop." },
  { value: "light", label: "Light", hint: "Always light." },
  { value: "dark", label: "Dark", hint: "Always dark." },
];

const DENSITIES: readonly { value: Density; label: string; hint: string }[] = [
  { value: "standard", label: "Standard rows", hint: "30 px a row." },
  { value: "compact", label: "Compact rows", hint: "26 px a row: more rows on the screen." },
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

/** A heading at the left, what can be set at the right. */
function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className={styles.section} aria-labelledby={`settings-${id}`}>
      <h2 className={styles.title} id={`settings-${id}`}>
        {title}
      </h2>
      <div className={styles.body}>{children}</div>
    </section>
  );
}

/** What runs by itself, in a line, with the way to it. */
function SchedulesSummary() {
  const filter = { organisation: null, kind: null, search: null };
  const all = useCommand("schedules.list", { filter: { ...filter, troubled: false }, offset: 0, limit: 1 }).data?.total;
  const troubled = useCommand("schedules.list", { filter: { ...filter, troubled: true }, offset: 0, limit: 1 }).data?.total ?? 0;
  return (
    <div className="row">
      <Link to="/schedules" className={buttonClass()}>
        Open Schedules
      </Link>
      <span className="small soft">{all === undefined ? "" : `${counted(all, "schedule")}${troubled > 0 ? `, ${count(troubled)} blocked or failing` : ""}`}</span>
    </div>
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
          <Section id="look" title="Appearance">
            <div className={styles.pair}>
              <RadioField legend="Theme" name="theme" value={preferences.theme} choices={THEMES} onChange={(theme) => void change({ theme })} />
              <RadioField legend="Rows" name="density" value={preferences.density} choices={DENSITIES} onChange={(density) => void change({ density })} />
            </div>
          </Section>
          <Section id="keys" title="Keyboard">
            <Switch label="Single-letter keys" hint="N, E, R, / and the like act while the focus is in a page or grid. Press ? for the map." checked={preferences.singleLetterKeys} onChange={(event) => void change({ singleLetterKeys: event.target.checked })} />
          </Section>
          <Section id="warnings" title="Warnings">
            <WarningDays days={preferences.warningDays} />
          </Section>
          <Section id="start" title="In the background">
            <StartSettings preferences={preferences} />
          </Section>
          <Section id="schedules" title="Schedules">
            <div className="stack">
              <CopyInterval hours={preferences.syncEveryHours} />
              <SchedulesSummary />
            </div>
          </Section>
          <Section id="consent" title="Consent in the browser">
            <ConsentPort key={preferences.consentPort} port={preferences.consentPort} />
            <p className={`small soft ${styles.uri}`}>
              Your integration at Webex must have the redirect URI <code>http://127.0.0.1:{preferences.consentPort}/callback</code>{" "}
              <CopyButton text={`http://127.0.0.1:${preferences.consentPort}/callback`} what="redirect URI" />
            </p>
          </Section>
          <Section id="secrets" title="Secrets">
            <VaultSettings />
          </Section>
          <Section id="data" title="Data">
            <Folders />
          </Section>
          <Section id="backup" title="Back up and restore">
            <Backups />
          </Section>
          <Section id="support" title="Support and audit">
            <div className="stack">
              <p className="small soft">The support bundle holds logs and settings. Tokens, passwords and the people of your organisations are not in it. The audit log says who did what; each entry is chained to the one before.</p>
              <div className="row wrap">
                <SupportBundle />
                <AuditExport />
              </div>
            </div>
          </Section>
          <Section id="about" title="About">
            <dl className={styles.facts}>
              <dt>Version</dt>
              <dd>Patchbay {info?.version ?? ""}</dd>
              <dt>Licence</dt>
              <dd>MIT or Apache-2.0, as you choose</dd>
              <dt>You are</dt>
              <dd>{info?.who ?? ""}</dd>
              <dt>Telemetry</dt>
              <dd>None. Patchbay talks to Webex only.</dd>
            </dl>
          </Section>
        </div>
      )}
    </Page>
  );
}
