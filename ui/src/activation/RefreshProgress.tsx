// The work under way at Webex, with its progress and the way to stop it.

import { X } from "lucide-react";
import { count } from "../format/number";
import type { Transaction } from "../host";
import { transactionProgress } from "../shell/jobs";
import { Button, Progress, StatusMark } from "../ui";
import styles from "./Activation.module.css";

export function RefreshProgress({ transaction, onCancel, cancelling }: { transaction: Transaction; onCancel?: () => void; cancelling?: boolean }) {
  const { done, total, step } = transactionProgress(transaction);
  const amount = total === null ? (done > 0 ? count(done) : "") : `${count(done)} of ${count(total)}`;
  return (
    <div className={styles.progress} role="group" aria-label={transaction.title}>
      <StatusMark shape="busy" tone="busy" />
      <span className="clip">
        <span className="medium">{transaction.title}</span>
        {step === null || step === transaction.title ? null : <span className="muted"> · {step}</span>}
      </span>
      <Progress label={amount || "begun"} parts={[{ value: done }]} total={total} height={4} />
      <span className="num muted">{amount}</span>
      {onCancel ? (
        <span className="push">
          <Button small kind="ghost" icon={X} busy={cancelling ?? false} onPress={onCancel}>
            Cancel
          </Button>
        </span>
      ) : null}
    </div>
  );
}
