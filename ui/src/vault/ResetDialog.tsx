// Gives up every secret, for a passphrase that was forgotten or a keychain that lost the key. What is lost is spelled out.

import { counted } from "../format/number";
import { useAction, useCommand } from "../host";
import { ConfirmDialog, FailureNote, toast } from "../ui";

const NAMED = 3;

/** "Kestrel Logistics, Orchid Bay Hotels, Sable & Tern Legal and 4 more". */
function namesOf(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

export function ResetDialog({ onClose }: { onClose: () => void }) {
  const reset = useAction("vault.reset");
  const organisations = useCommand("organisations.list", {}).data?.organisations ?? [];
  const runs = useCommand("runs.active", {}).data?.runs ?? [];
  const connected = organisations.filter((one) => one.consent.state !== "none" && one.environment.kind !== "demo").map((one) => one.name);
  const proxies = organisations.filter((one) => one.httpProxy !== null || one.httpsProxy !== null).map((one) => one.name);
  const consequences = [
    connected.length > 0 ? `The tokens and client secrets of ${counted(connected.length, "organisation")} are destroyed: ${namesOf(connected)}. Each has to be connected to Webex again, with its client secret.` : "No organisation is connected, so no token is lost.",
    ...(proxies.length > 0 ? [`Proxies are forgotten: those of ${namesOf(proxies)}. Until they are entered again Webex is not called for ${proxies.length === 1 ? "it" : "them"}.`] : []),
    ...(runs.length > 0 ? [`${counted(runs.length, "run")} at work or waiting will stop and can go on only after connecting again. No row is lost.`] : []),
    "Organisations, templates, reports, transactions and the copy of Webex stay. Nothing changes at Webex.",
    "It cannot be taken back.",
  ];
  return (
    <ConfirmDialog
      title="Give up all secrets?"
      consequences={consequences}
      action="Give up secrets"
      safe="Keep secrets"
      busy={reset.busy}
      onConfirm={() =>
        void reset.run({}).then((status) => {
          if (status === null) return;
          toast({ tone: "ok", title: "All secrets were given up", detail: "Patchbay asks where to keep new ones when the first one comes." });
          onClose();
        })
      }
      onClose={onClose}
    >
      {reset.failure ? <FailureNote failure={reset.failure} /> : null}
    </ConfirmDialog>
  );
}
