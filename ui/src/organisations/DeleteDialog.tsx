import { useState } from "react";
import { counted } from "../format/number";
import { carryOut, type Deletion, type Organisation, queryClient, useAction, useCommand } from "../host";
import { Button, Checkbox, ConfirmDialog, Dialog, FailureNote, Loading, toast } from "../ui";

interface DeleteDialogProps {
  organisation: Organisation;
  onClose: () => void;
  onDeleted: () => void;
}

/** What goes, what stays, one sentence each, from what is really there. */
function consequencesOf(deletion: Deletion, revoke: boolean): string[] {
  const { people, numbers, templates, reports, schedules, hasTokens } = deletion;
  const copied = [people > 0 ? counted(people, "person", "people") : null, numbers > 0 ? counted(numbers, "number") : null].filter((one) => one !== null);
  return [
    copied.length > 0 ? `The local copy of Webex goes: ${copied.join(" and ")}, with licences, roles and locations.` : "There is no local copy of its people and numbers.",
    templates > 0 ? `${counted(templates, "assignment template")} and ${templates === 1 ? "its" : "their"} files go with it.` : "No assignment template belongs to it.",
    ...(schedules > 0 ? [`${counted(schedules, "schedule")} will not run any more.`] : []),
    !hasTokens ? "There are no tokens of it." : revoke ? "Webex takes its tokens back; then they and the client secret are forgotten here." : "Its tokens and client secret are forgotten here. At Webex they stay valid until they end or somebody takes them back.",
    `Nothing ${hasTokens && revoke ? "else " : ""}changes at Webex: users keep their extensions, numbers and licences.`,
    reports > 0 ? `${counted(reports, "report")} of past runs and all transactions stay.` : "Its transactions stay in the log.",
  ];
}

/** Names what goes with an organisation; the safe answer has the focus. */
export function DeleteDialog({ organisation, onClose, onDeleted }: DeleteDialogProps) {
  const asked = useCommand("organisations.deletion", { organisation: organisation.id });
  const remove = useAction("organisations.delete");
  const [revoke, setRevoke] = useState(false);
  const title = `Delete ${organisation.name}?`;
  const deletion = asked.data;

  if (deletion === undefined || deletion.blocked !== null) {
    return (
      <Dialog title={deletion?.blocked ? `${organisation.name} cannot be deleted now` : title} onClose={onClose} actions={<Button autoFocus onPress={onClose}>{`Keep ${organisation.name}`}</Button>}>
        {deletion?.blocked ? <p>{deletion.blocked}</p> : asked.error ? <FailureNote failure={asked.error} onRetry={() => void asked.refetch()} /> : <Loading what="what belongs to it" />}
      </Dialog>
    );
  }

  const send = async (withRevoke: boolean) => {
    const done = await remove.run({ organisation: organisation.id, revoke: withRevoke });
    if (done === null) return;
    queryClient.removeQueries({ queryKey: ["organisations.get", { organisation: organisation.id }] });
    toast({ tone: "ok", title: `${organisation.name} deleted`, ...(done.revoked ? { detail: "Webex has taken its tokens back." } : {}) });
    onClose();
    onDeleted();
    await queryClient.fetchQuery({ queryKey: ["organisations.list", {}], queryFn: () => carryOut("organisations.list", {}) });
  };
  // While Webex could not take the tokens back nothing is deleted; the person may go on without.
  const stuck = remove.failure !== null && revoke;
  return (
    <ConfirmDialog
      title={title}
      consequences={consequencesOf(deletion, revoke)}
      action={revoke ? "Take back and delete" : "Delete organisation"}
      safe={`Keep ${organisation.name}`}
      busy={remove.busy}
      onConfirm={() => void send(revoke)}
      onClose={onClose}
    >
      {deletion.hasTokens ? (
        <Checkbox
          label="Take the tokens back at Webex"
          hint="Nobody can use them after that, not even from a copy of this computer’s data. Needs a connection."
          checked={revoke}
          onChange={(event) => {
            remove.reset();
            setRevoke(event.target.checked);
          }}
        />
      ) : null}
      {remove.failure ? (
        <FailureNote
          failure={remove.failure}
          actions={
            stuck ? (
              <Button kind="quiet" busy={remove.busy} onPress={() => void send(false)}>
                Delete without
              </Button>
            ) : null
          }
        />
      ) : null}
    </ConfirmDialog>
  );
}
