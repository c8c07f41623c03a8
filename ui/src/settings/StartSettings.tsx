// What Patchbay does when nobody looks: at login, in the tray, on the desktop.

import { useEffect, useState } from "react";
import { asFailure, type Failure, host, type Preferences } from "../host";
import { usePreferences } from "../shell/page";
import { FailureNote, Switch } from "../ui";

/** Start at login: the system's own setting, asked of it each time. */
function StartAtLogin() {
  const [state, setState] = useState<boolean | null | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    host()
      .startAtLogin()
      .then(setState, (thrown: unknown) => {
        setState(null);
        setFailure(asFailure(thrown, "asking whether Patchbay starts at login"));
      });
  }, []);
  const set = (on: boolean) => {
    setFailure(null);
    host()
      .setStartAtLogin(on)
      .then(
        () => setState(on),
        (thrown: unknown) => setFailure(asFailure(thrown, "starting at login")),
      );
  };
  if (state === undefined) return null;
  return (
    <>
      {state === null ? (
        <p className="small soft">{host().kind === "window" ? "This system does not tell whether Patchbay starts at login." : "Starting at login is set in Patchbay’s own window: this page runs in a browser."}</p>
      ) : (
        <Switch label="Start at login" hint="Opens in the tray, renews tokens and warns, and shows no window." checked={state} onChange={(event) => set(event.target.checked)} />
      )}
      {failure ? <FailureNote failure={failure} /> : null}
    </>
  );
}

export function StartSettings({ preferences }: { preferences: Preferences }) {
  const { change } = usePreferences();
  return (
    <div className="stack">
      <StartAtLogin />
      <Switch
        label="Keep at work in the tray"
        hint="Closing the window leaves Patchbay running: runs go on, tokens are renewed. Quit ends it."
        checked={preferences.keepInTray}
        onChange={(event) => void change({ keepInTray: event.target.checked })}
      />
      <Switch label="Desktop notifications" hint="Warnings and ended runs, also while the window is closed." checked={preferences.desktopNotifications} onChange={(event) => void change({ desktopNotifications: event.target.checked })} />
    </div>
  );
}
