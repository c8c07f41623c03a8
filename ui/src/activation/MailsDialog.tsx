import { useState } from "react";
import { counted } from "../format/number";
import { type ActivationStatus, type Organisation, useAction } from "../host";
import { Button, ConfirmDialog, FailureNote, toast } from "../ui";

/** Has Webex send its invitation again to everybody who has not accepted; asks first, and says how many that is. */
export function ActivationMails({ organisation, status, off, small = false }: { organisation: Organisation; status: ActivationStatus; off: string | null; small?: boolean }) {
  const [asked, setAsked] = useState(false);
  const send = useAction("activation.sendActivationMails");
  const waiting = status.states.find((one) => one.state === "pending_email_validation")?.count ?? 0;
  const close = () => {
    setAsked(false);
    send.reset();
  };
  const confirm = async () => {
    const begun = await send.run({ organisation: organisation.id });
    if (begun === null) return;
    setAsked(false);
    toast({ tone: "ok", title: "Webex is sending activation mails", detail: "Transactions follows it to its end." });
  };
  return (
    <>
      <Button small={small} disabledReason={off} onPress={() => setAsked(true)}>
        Send activation mails…
      </Button>
      {asked ? (
        <ConfirmDialog
          title={`Send activation mails to ${counted(waiting, "user")}?`}
          consequences={[
            `Webex mails everybody of ${organisation.name} who has not accepted: ${counted(waiting, "user")} as last read. It cannot send to one of them alone.`,
            "Whoever was mailed within the last 24 hours is left out by Webex.",
            "Mails that were sent cannot be called back.",
          ]}
          action="Send activation mails"
          safe="Send none"
          destructive={false}
          busy={send.busy}
          onConfirm={() => void confirm()}
          onClose={close}
        >
          {send.failure ? <FailureNote failure={send.failure} organisation={organisation.id} onRetry={() => void confirm()} /> : null}
        </ConfirmDialog>
      ) : null}
    </>
  );
}
