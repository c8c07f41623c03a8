// The frame around every page: sidebar, page, job strip, and what may lie over them.

import { Outlet, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { host, queryClient } from "../host";
import { Banner, ToastRegion } from "../ui";
import { NoticeBanner } from "../notifications/NoticeBanner";
import { NoticeList } from "../notifications/NoticeList";
import { LockedBanner, useLockedOut } from "../vault/LockedBanner";
import { VaultDialogs } from "../vault/VaultDialogs";
import { announce, Announcer } from "./announce";
import { nextArea } from "./areas";
import { JobList } from "./JobList";
import { JobStrip } from "./JobStrip";
import { KeyMap } from "./KeyMap";
import { OrganisationPicker } from "./OrganisationPicker";
import { FOOT_PAGES, workPages } from "./pages";
import { Palette } from "./Palette";
import { useCurrentOrganisation, usePreferences } from "./preferences";
import { SavePathDialog } from "./SavePathDialog";
import styles from "./Shell.module.css";
import { allowLetters, useShortcuts } from "./shortcuts";
import { Sidebar } from "./Sidebar";

type Overlay = "palette" | "keys" | "jobs" | "organisations" | "attention" | null;

export function Shell() {
  const navigate = useNavigate();
  const [overlay, setOverlay] = useState<Overlay>(null);
  const { preferences } = usePreferences();
  const wholesale = useCurrentOrganisation()?.wholesale ?? false;
  const close = () => setOverlay(null);

  useEffect(() => {
    if (preferences === null) return;
    allowLetters(preferences.singleLetterKeys);
    if (preferences.theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = preferences.theme;
    if (preferences.density === "compact") document.documentElement.dataset["density"] = "compact";
    else delete document.documentElement.dataset["density"];
  }, [preferences]);

  useShortcuts(
    [
      { keys: "Mod+K", label: "Find or run", run: () => setOverlay("palette") },
      ...[...workPages(wholesale), ...FOOT_PAGES].map(({ keys, label, to }) => ({ keys, label, run: () => void navigate({ to }) })),
      { keys: "Mod+Shift+O", label: "Switch organisation", run: () => setOverlay("organisations") },
      { keys: "Mod+J", label: "Work that is running", run: () => setOverlay("jobs") },
      { keys: "F5", label: "Read this page again", run: () => void queryClient.invalidateQueries().then(() => announce("Read again")) },
      { keys: "F6", label: "Next area", run: () => nextArea(false) },
      { keys: "Shift+F6", label: "Previous area", run: () => nextArea(true) },
      { keys: "?", label: "This map", run: () => setOverlay("keys") },
    ],
    "Everywhere",
  );

  const main = useRef<HTMLElement>(null);
  const [connected, setConnected] = useState(true);
  const locked = useLockedOut();
  useEffect(() => host().onConnection(setConnected), []);

  return (
    <div className={styles.app}>
      <a
        className={styles.skip}
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the page
      </a>
      <Sidebar onFind={() => setOverlay("palette")} onSwitch={() => setOverlay("organisations")} onAttention={() => setOverlay("attention")} />
      <main className={styles.main} id="main" ref={main} tabIndex={-1}>
        {connected ? (
          // Locked secrets are why much else on the page is as it is: they are said beside its own banner.
          <div className={locked ? undefined : styles.notice}>
            {locked ? <LockedBanner /> : <NoticeBanner onAll={() => setOverlay("attention")} />}
          </div>
        ) : (
          <Banner tone="bad" edge title="Patchbay's core does not answer.">
            What you see may be out of date. It is tried again all the time; start the bridge again if this stays.
          </Banner>
        )}
        <div className={styles.outlet}>
          <Outlet />
        </div>
      </main>
      <JobStrip core={connected} locked={locked} onList={() => setOverlay("jobs")} />
      {overlay === "palette" ? <Palette onClose={close} onKeys={() => setOverlay("keys")} onJobs={() => setOverlay("jobs")} onAttention={() => setOverlay("attention")} /> : null}
      {overlay === "keys" ? <KeyMap onClose={close} /> : null}
      {overlay === "jobs" ? <JobList onClose={close} /> : null}
      {overlay === "attention" ? <NoticeList onClose={close} /> : null}
      {overlay === "organisations" ? <OrganisationPicker onClose={close} /> : null}
      <VaultDialogs />
      <SavePathDialog />
      <ToastRegion />
      <Announcer />
    </div>
  );
}
