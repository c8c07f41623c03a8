// Before a change is sent: what it adds, what Webex takes away, what Webex's own check says.

import { useEffect, useState } from "react";
import { type ChangePreview, type Customer, type CustomerChange, useAction } from "../host";
import { Banner, Button, Dialog, FailureNote, Loading, StatusMark } from "../ui";
import styles from "./Customers.module.css";
import { customerName, packageName } from "./words";

interface PreviewDialogProps {
  organisation: string;
  customer: Customer;
  change: CustomerChange;
  onSent: () => void;
  onClose: () => void;
}

export function PreviewDialog({ organisation, customer, change, onSent, onClose }: PreviewDialogProps) {
  const request = { organisation, customer: customer.id, change };
  const preview = useAction("wholesale.preview");
  const update = useAction("wholesale.update");
  const { run } = preview;
  const [shown, setShown] = useState<ChangePreview | null>(null);
  useEffect(() => {
    void run(request).then((reply) => (reply ? setShown(reply) : undefined));
    // The change is what it was when the dialog opened.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [run]);
  const name = customerName(customer);
  /** Webex’s own check found something; Webex has the last word when it is sent. */
  const doubted = (shown?.problems.length ?? 0) > 0;
  const destroys = (shown?.destroys.length ?? 0) > 0;
  const send = async () => {
    const begun = await update.run(request);
    if (begun) onSent();
  };
  return (
    <Dialog
      title={`Change ${name}?`}
      size="wide"
      role="alertdialog"
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            Go on editing
          </Button>
          <Button kind={destroys || doubted ? "destructive" : "primary"} busy={update.busy} disabledReason={shown === null ? "The preview has not come yet." : null} onPress={() => void send()}>
            {doubted ? "Send it all the same" : destroys ? "Take away and update" : "Update customer"}
          </Button>
        </>
      }
    >
      {preview.failure ? <FailureNote failure={preview.failure} organisation={organisation} onRetry={() => void run(request).then((reply) => (reply ? setShown(reply) : undefined))} /> : null}
      {shown === null && preview.failure === null ? <Loading what="what the change would do" /> : null}
      {shown ? (
        <>
          {shown.problems.length > 0 ? (
            <Banner tone="bad" title="Webex’s own check found what is wrong.">
              {shown.problems.map((one) => one.description).join(" ")} Correct it, then look again; sent as it is, Webex will probably refuse it.
            </Banner>
          ) : null}
          <ul className={styles.preview}>
            {shown.destroys.map((one) => (
              <li key={one}>
                <StatusMark shape="bad" tone="bad" />
                <span className="medium">{one}</span>
              </li>
            ))}
            {shown.packagesAdded.map((one) => (
              <li key={one}>
                <StatusMark shape="add" tone="busy" />
                <span>
                  <span title={one}>{packageName(one)}</span> is added.
                </span>
              </li>
            ))}
            {shown.packagesRemoved.filter((one) => !shown.destroys.some((sentence) => sentence.includes(packageName(one)))).map((one) => (
              <li key={one}>
                <StatusMark shape="skip" tone="warn" />
                <span>
                  <span title={one}>{packageName(one)}</span> is taken away.
                </span>
              </li>
            ))}
            {shown.detailsChanged ? (
              <li>
                <StatusMark shape="half" tone="busy" />
                <span>External id and address are changed.</span>
              </li>
            ) : null}
            {shown.remarks.map((one) => (
              <li key={one.description}>
                <StatusMark shape="info" tone="idle" />
                <span className="soft">{one.description}</span>
              </li>
            ))}
          </ul>
          <p>Nothing has been sent yet. Webex carries it out over minutes; Patchbay follows it until it is settled.</p>
        </>
      ) : null}
      {update.failure ? <FailureNote failure={update.failure} organisation={organisation} /> : null}
    </Dialog>
  );
}
