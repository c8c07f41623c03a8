import { counted } from "../format/number";
import { carryOut, type Organisation, queryClient, useAction, useCommand } from "../host";
import { ConfirmDialog, FailureNote, toast } from "../ui";

interface DeleteDialogProps {
  organisation: Organisation;
  onClose: () => void;
  onDeleted: () => void;
}

/** Names what goes with an organisation, from what is really there. */
export function DeleteDialog({ organisation, onClose, onDeleted }: DeleteDialogProps) {
  const remove = useAction("organisations.delete");
  const mirror = useCommand("mirror.status", { organisation: organisation.id }).data;
  const templates = useCommand("bulkAssignments.list", { search: null }).data?.templates.filter((one) => one.organisation === organisation.id).length ?? 0;
  const copied = mirror?.parts.filter((part) => part.count > 0).map((part) => counted(part.count, part.kind.replace(/s$/, ""), part.kind)) ?? [];
  const consequences = [
    copied.length > 0 ? `The local copy goes: ${copied.join(", ").replaceAll("licence", "licence")}.` : "There is no local copy of its data.",
    templates > 0 ? `${counted(templates, "assignment template")} and their reports go with it.` : "No assignment template belongs to it.",
    organisation.consent.state === "none" ? "It was never connected, so there are no tokens." : "Its tokens and client secret are forgotten. The consent at Webex stays until it is taken back there.",
    "Nothing changes at Webex: users keep their extensions, numbers and licences.",
    "Transactions stay in the log.",
  ];
  return (
    <ConfirmDialog
      title={`Delete ${organisation.name}?`}
      consequences={consequences}
      action="Delete organisation"
      safe={`Keep ${organisation.name}`}
      busy={remove.busy}
      onConfirm={() =>
        void remove.run({ organisation: organisation.id }).then(async (done) => {
          if (done === null) return;
          queryClient.removeQueries({ queryKey: ["organisations.get", { organisation: organisation.id }] });
          toast({ tone: "ok", title: `${organisation.name} deleted` });
          onClose();
          onDeleted();
          await queryClient.fetchQuery({ queryKey: ["organisations.list", {}], queryFn: () => carryOut("organisations.list", {}) });
        })
      }
      onClose={onClose}
    >
      {remove.failure ? <FailureNote failure={remove.failure} /> : null}
    </ConfirmDialog>
  );
}
