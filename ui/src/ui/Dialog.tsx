// Dialogs: a box over the page that holds the focus until it is answered. Esc is the safe answer.

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button, IconButton } from "./Button";
import styles from "./Dialog.module.css";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** The row of buttons at the foot, the primary one last. */
  actions?: ReactNode;
  /** 440 px, 560 px for forms, 760 px for tables. */
  size?: "small" | "wide" | "huge";
  /** A press outside closes it too; only where nothing typed is lost. */
  dismissable?: boolean;
  role?: "dialog" | "alertdialog";
}

/** Render it while it is open. */
export function Dialog({ title, onClose, children, actions, size = "small", dismissable = false, role = "dialog" }: DialogProps) {
  return (
    <ModalOverlay className={styles.scrim ?? ""} isOpen isDismissable={dismissable} onOpenChange={(open) => (open ? undefined : onClose())} data-overlay>
      <Modal className={`${styles.box} ${styles[size]}`}>
        <AriaDialog className={styles.dialog ?? ""} role={role}>
          <div className={styles.head}>
            <Heading slot="title" level={2} className={styles.title ?? ""}>
              {title}
            </Heading>
            <span className="push">
              <IconButton icon={X} label="Close" onPress={onClose} />
            </span>
          </div>
          <div className={styles.body}>{children}</div>
          {actions ? <div className={styles.foot}>{actions}</div> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmDialogProps {
  /** The question, naming the object: "Delete template ‘London move’?". */
  title: string;
  /** What happens, one sentence each. */
  consequences: readonly ReactNode[];
  /** Verb and object: "Delete template". */
  action: string;
  /** The safe answer, for instance "Keep template". */
  safe: string;
  destructive?: boolean;
  busy?: boolean;
  /** A failure of the action, shown here. */
  children?: ReactNode;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. The safe answer has the focus. */
export function ConfirmDialog({ title, consequences, action, safe, destructive = true, busy = false, children, onConfirm, onClose }: ConfirmDialogProps) {
  return (
    <Dialog
      title={title}
      role="alertdialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose} autoFocus>
            {safe}
          </Button>
          <Button kind={destructive ? "destructive" : "primary"} busy={busy} onPress={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      <ul className={styles.consequences}>
        {consequences.map((consequence, index) => (
          // The list never changes while the dialog is open.
          // eslint-disable-next-line react/no-array-index-key
          <li key={index}>{consequence}</li>
        ))}
      </ul>
      {children}
    </Dialog>
  );
}
