import { Save } from "lucide-react";
import { Button, ConfirmDialog, StatusMark } from "../ui";
import { FIELD_LABELS } from "./fields";
import styles from "./Organisation.module.css";
import type { OrganisationFormState } from "./useOrganisationForm";

interface FormFootProps {
  state: OrganisationFormState;
  form: string;
  action: string;
  busy: boolean;
  /** The words of the button that gives up. */
  leave: string;
  onLeave: () => void;
  isNew?: boolean;
}

/** What is wrong at the left, the two buttons at the right, and the question before changes are lost. */
export function FormFoot({ state, form, action, busy, leave, onLeave, isNew = false }: FormFootProps) {
  const { wrong, dirty, blocker } = state;
  const words = wrong.map((field) => FIELD_LABELS[field]).join(", ");
  return (
    <div className={styles.foot}>
      {wrong.length > 0 ? (
        <span className="cap row" role="status">
          <StatusMark shape="bad" tone="bad" />
          <span className="t-bad">
            {wrong.length} {wrong.length === 1 ? "field" : "fields"} to correct: {words}
          </span>
        </span>
      ) : dirty && !isNew ? (
        <span className="cap">Not saved yet</span>
      ) : null}
      <span className="push row">
        {dirty || isNew ? <Button onPress={onLeave}>{leave}</Button> : null}
        <Button kind="primary" type="submit" form={form} icon={isNew ? undefined : Save} keys="Mod+S" busy={busy} disabledReason={dirty || isNew ? null : "Nothing has changed."}>
          {action}
        </Button>
      </span>
      {blocker.status === "blocked" ? (
        <ConfirmDialog title="Leave without saving?" consequences={["What you typed in this form is lost.", isNew ? "No organisation is added." : "The organisation stays as it was saved last."]} action="Leave without saving" safe="Stay here" onConfirm={blocker.proceed} onClose={blocker.reset} />
      ) : null}
    </div>
  );
}
