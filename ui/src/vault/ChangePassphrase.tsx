// Another passphrase for the same secrets.

import { useId, useState } from "react";
import { useAction } from "../host";
import { Button, Dialog, FailureNote, SecretField, toast } from "../ui";
import { NewPassphrase, passphraseProblem } from "./NewPassphrase";

export function ChangePassphrase({ onClose }: { onClose: () => void }) {
  const form = useId();
  const [old, setOld] = useState("");
  const [next, setNext] = useState({ passphrase: "", again: "" });
  const [tried, setTried] = useState(false);
  const change = useAction("vault.changePassphrase");
  // The command table has one reason to refuse the present passphrase: it is wrong.
  const wrong = change.failure?.code === "vault_locked" ? change.failure.message : null;
  const submit = async () => {
    setTried(true);
    if (old === "" || passphraseProblem(next) !== null) return;
    const status = await change.run({ old, new: next.passphrase });
    if (status === null) return;
    toast({ tone: "ok", title: "Passphrase changed", detail: "The old one opens nothing any more." });
    onClose();
  };
  return (
    <Dialog
      title="Change passphrase"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Keep the old one</Button>
          <Button kind="primary" type="submit" form={form} busy={change.busy}>
            Change passphrase
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <SecretField label="Present passphrase" name="old" autoComplete="current-password" autoFocus required value={old} onChange={setOld} error={wrong ?? (tried && old === "" ? "Type the present passphrase." : null)} />
        <NewPassphrase label="New passphrase" value={next} onChange={setNext} tried={tried} />
      </form>
      {change.failure && wrong === null ? <FailureNote failure={change.failure} /> : null}
    </Dialog>
  );
}
