// Where secrets are kept and what can be done about it, on the page of settings.

import { useState } from "react";
import { sentence } from "../format/sentence";
import { type KeyPlace, openVault, useCommand, type VaultStatus } from "../host";
import { Button, FailureNote, StatusMark } from "../ui";
import { ChangePassphrase } from "./ChangePassphrase";
import { MoveKey } from "./MoveKey";
import { ResetDialog } from "./ResetDialog";

const KEY_PLACES: Record<KeyPlace, string> = {
  keychain: "Secrets are encrypted; their key is in the system keychain.",
  passphrase: "Secrets are encrypted; their key is behind your passphrase, asked for at every start.",
  session: "Secrets are kept until you quit.",
};

function words(vault: VaultStatus): string {
  if (vault.state === "missing") return "No secret has been stored yet. Patchbay asks where to keep them when the first one comes.";
  return vault.state === "locked" ? `Secrets are locked. ${sentence(vault.reason)} Patchbay asks when it needs them.` : KEY_PLACES[vault.keyIn];
}

export function VaultSettings() {
  const { data: vault, error, refetch } = useCommand("vault.status", {});
  const [asked, setAsked] = useState<"change" | "keychain" | "passphrase" | "reset" | null>(null);
  if (error) return <FailureNote failure={error} onRetry={() => void refetch()} />;
  if (vault === undefined) return null;
  return (
    <div className="stack">
      <p className="small soft row">
        <StatusMark shape={vault.state === "open" ? "done" : vault.state === "locked" ? "bad" : "none"} tone={vault.state === "open" ? "ok" : vault.state === "locked" ? "bad" : "idle"} />
        <span>{words(vault)}</span>
      </p>
      <div className="row wrap">
        {vault.state === "missing" ? <Button onPress={() => void openVault()}>Choose where…</Button> : null}
        {vault.state === "locked" ? <Button onPress={() => void openVault()}>Unlock…</Button> : null}
        {vault.state === "open" && vault.keyIn === "passphrase" ? <Button onPress={() => setAsked("change")}>Change passphrase…</Button> : null}
        {vault.state === "open" && vault.keyIn !== "keychain" ? <Button onPress={() => setAsked("keychain")}>Move to keychain…</Button> : null}
        {vault.state === "open" && vault.keyIn !== "passphrase" ? <Button onPress={() => setAsked("passphrase")}>Move behind a passphrase…</Button> : null}
        {vault.state === "missing" ? null : (
          <Button kind="quiet" onPress={() => setAsked("reset")}>
            Give up secrets…
          </Button>
        )}
      </div>
      {asked === "change" ? <ChangePassphrase onClose={() => setAsked(null)} /> : null}
      {vault.state === "open" && (asked === "keychain" || asked === "passphrase") ? <MoveKey from={vault.keyIn} to={asked} onClose={() => setAsked(null)} /> : null}
      {asked === "reset" ? <ResetDialog onClose={() => setAsked(null)} /> : null}
    </div>
  );
}
