// The key to the secrets goes to another place; the secrets stay.

import { useId, useState } from "react";
import { type KeyPlace, useAction } from "../host";
import { Button, Dialog, FailureNote, SecretField, toast } from "../ui";
import { NewPassphrase, passphraseProblem } from "./NewPassphrase";

export function MoveKey({ from, to, onClose }: { from: KeyPlace; to: "keychain" | "passphrase"; onClose: () => void }) {
  const form = useId();
  const [old, setOld] = useState("");
  const [next, setNext] = useState({ passphrase: "", again: "" });
  const [tried, setTried] = useState(false);
  const move = useAction("vault.move");
  const asksOld = from === "passphrase";
  const asksNew = to === "passphrase";
  const wrong = asksOld && move.failure?.code === "vault_locked" ? move.failure.message : null;
  const refused = asksNew && move.failure?.field === "newPassphrase" ? move.failure.message : null;
  const submit = async () => {
    setTried(true);
    if ((asksOld && old === "") || (asksNew && passphraseProblem(next) !== null)) return;
    const status = await move.run({ passphrase: asksOld ? old : null, to, newPassphrase: asksNew ? next.passphrase : null });
    if (status === null) return;
    toast({ tone: "ok", title: to === "keychain" ? "The key is in the system keychain now" : "The key is behind your passphrase now", detail: to === "keychain" ? "The passphrase opens nothing any more." : "Patchbay asks for it at every start." });
    onClose();
  };
  return (
    <Dialog
      title={to === "keychain" ? "Move the key to the keychain" : "Move the key behind a passphrase"}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Leave it where it is</Button>
          <Button kind="primary" type="submit" form={form} busy={move.busy}>
            Move key
          </Button>
        </>
      }
    >
      <p>{to === "keychain" ? "Your session then opens the secrets, and nothing has to be typed at start. Tokens and proxies stay as they are." : "Patchbay then asks for the passphrase at every start. Nobody can restore it: without it every organisation has to be connected again."}</p>
      <form
        id={form}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {asksOld ? <SecretField label="Present passphrase" name="old" autoComplete="current-password" autoFocus required value={old} onChange={setOld} error={wrong ?? (tried && old === "" ? "Type the present passphrase." : null)} /> : null}
        {asksNew ? <NewPassphrase label="New passphrase" value={next} onChange={setNext} tried={tried} refused={refused} /> : null}
      </form>
      {move.failure && wrong === null && refused === null ? <FailureNote failure={move.failure} /> : null}
    </Dialog>
  );
}
