// Asks how to keep secrets (missing) or for the passphrase (locked) when a command needs the vault; then the command is repeated.

import { useEffect, useId, useState } from "react";
import { sentence } from "../format/sentence";
import { type KeyPlace, setVaultAsker, useAction, useCommand } from "../host";
import { Button, Dialog, FailureNote, Loading, RadioField, SecretField } from "../ui";
import { NewPassphrase, passphraseProblem } from "./NewPassphrase";

function ChoosePlace({ onDone, keychainProblem }: { onDone: (opened: boolean) => void; keychainProblem: string | null }) {
  const form = useId();
  const [place, setPlace] = useState<KeyPlace>(keychainProblem === null ? "keychain" : "passphrase");
  const [chosen, setChosen] = useState({ passphrase: "", again: "" });
  const [tried, setTried] = useState(false);
  const create = useAction("vault.create");
  const submit = async () => {
    setTried(true);
    if (place === "passphrase" && passphraseProblem(chosen) !== null) return;
    const status = await create.run({ keyIn: place, passphrase: place === "passphrase" ? chosen.passphrase : null });
    if (status?.state === "open") onDone(true);
  };
  const fieldMessage = create.failure?.field === "passphrase" ? create.failure.message : null;
  return (
    <Dialog
      title="Where may Patchbay keep secrets?"
      size="wide"
      onClose={() => onDone(false)}
      actions={
        <>
          <Button onPress={() => onDone(false)}>Not now</Button>
          <Button kind="primary" type="submit" form={form} busy={create.busy}>
            Keep secrets here
          </Button>
        </>
      }
    >
      <p>Tokens, client secrets and proxy passwords are stored encrypted. The key to them has to live somewhere else.</p>
      <form
        id={form}
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <RadioField
          legend="Where the key lives"
          name="place"
          value={place}
          onChange={setPlace}
          choices={[
            { value: "keychain", label: "In the system keychain", hint: "Opened with your session; nothing to type.", disabledReason: keychainProblem === null ? null : sentence(keychainProblem) },
            { value: "passphrase", label: "Behind a passphrase", hint: "Asked for at every start. Nobody can restore it; without it every organisation has to be connected again." },
            { value: "session", label: "Only until I quit", hint: "Secrets are gone when Patchbay quits. Runs then need a new connection to go on." },
          ]}
        />
        {place === "passphrase" ? <NewPassphrase label="Passphrase" value={chosen} onChange={setChosen} tried={tried} refused={fieldMessage} /> : null}
      </form>
      {create.failure && !fieldMessage ? <FailureNote failure={create.failure} /> : null}
    </Dialog>
  );
}

function Unlock({ reason, onDone }: { reason: string; onDone: (opened: boolean) => void }) {
  const form = useId();
  const [passphrase, setPassphrase] = useState("");
  const unlock = useAction("vault.unlock");
  return (
    <Dialog
      title="Unlock secrets"
      onClose={() => onDone(false)}
      actions={
        <>
          <Button onPress={() => onDone(false)}>Not now</Button>
          <Button kind="primary" type="submit" form={form} busy={unlock.busy}>
            Unlock
          </Button>
        </>
      }
    >
      <p>{sentence(reason)}</p>
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          void unlock.run({ passphrase }).then((status) => (status?.state === "open" ? onDone(true) : undefined));
        }}
      >
        <SecretField label="Passphrase" name="passphrase" autoComplete="current-password" autoFocus required value={passphrase} onChange={setPassphrase} error={unlock.failure?.message} />
      </form>
      <p className="small soft">Forgotten? Nobody can restore it. In Settings the secrets can be given up; every organisation then has to be connected again.</p>
    </Dialog>
  );
}

/** Locked in the keychain: the system asks for its own password; here one can only try again. */
function KeychainLocked({ reason, onDone }: { reason: string; onDone: (opened: boolean) => void }) {
  const unlock = useAction("vault.unlock");
  return (
    <Dialog
      title="The keychain is locked"
      onClose={() => onDone(false)}
      actions={
        <>
          <Button onPress={() => onDone(false)}>Not now</Button>
          <Button kind="primary" busy={unlock.busy} onPress={() => void unlock.run({ passphrase: "" }).then((status) => (status?.state === "open" ? onDone(true) : undefined))}>
            Try the keychain again
          </Button>
        </>
      }
    >
      <p>{sentence(reason)}</p>
      <p>Unlock the system keychain, then try again. If its entry is gone for good, the secrets can be given up in Settings.</p>
      {unlock.failure ? <FailureNote failure={unlock.failure} /> : null}
    </Dialog>
  );
}

/** The shell renders it once. */
export function VaultDialogs() {
  const [asked, setAsked] = useState<{ answer: (opened: boolean) => void } | null>(null);
  useEffect(() => {
    // Commands that fail together ask once and share the answer.
    let pending: Promise<boolean> | null = null;
    setVaultAsker(() => {
      pending ??= new Promise<boolean>((resolve) => {
        setAsked({ answer: resolve });
      }).finally(() => {
        pending = null;
      });
      return pending;
    });
  }, []);
  const status = useCommand("vault.status", {}, { enabled: asked !== null });
  if (asked === null) return null;
  const done = (opened: boolean) => {
    setAsked(null);
    asked.answer(opened);
  };
  const vault = status.data;
  if (vault === undefined) {
    return (
      <Dialog title="Secrets" onClose={() => done(false)}>
        {status.error ? <FailureNote failure={status.error} onRetry={() => void status.refetch()} /> : <Loading what="the state of the vault" />}
      </Dialog>
    );
  }
  if (vault.state === "missing") return <ChoosePlace keychainProblem={vault.keychainProblem} onDone={done} />;
  if (vault.state === "locked") return vault.keyIn === "keychain" ? <KeychainLocked reason={vault.reason} onDone={done} /> : <Unlock reason={vault.reason} onDone={done} />;
  return (
    <Dialog title="Secrets are open" onClose={() => done(true)} actions={<Button kind="primary" onPress={() => done(true)}>Go on</Button>}>
      <p>Secrets can be read again. Patchbay repeats what it was asked to do.</p>
    </Dialog>
  );
}
