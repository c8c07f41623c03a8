import { Check } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./Stepper.module.css";

export interface StepperStep {
  id: string;
  label: string;
  state: "done" | "current" | "later";
  /** A done step is a link until Run starts: the element to render around its words. */
  link?: (label: string) => ReactNode;
}

/** The steps of an assignment. `note` stands at the right end; `blocked` colours the current step. */
export function Stepper({ label, steps, blocked = false, note }: { label: string; steps: readonly StepperStep[]; blocked?: boolean; note?: ReactNode }) {
  return (
    <div className={styles.bar}>
      <ol className={styles.steps} aria-label={label}>
        {steps.map((step, index) => (
          <li key={step.id} className={`${styles.step} ${styles[step.state]} ${blocked && step.state === "current" ? styles.blocked : ""}`} aria-current={step.state === "current" ? "step" : undefined}>
            <span className={styles.dot} aria-hidden="true">
              {step.state === "done" ? <Check /> : index + 1}
            </span>
            {step.link ? step.link(step.label) : step.label}
            {step.state === "done" ? <span className="sr">, done</span> : null}
          </li>
        ))}
      </ol>
      {note ? <div className={`${styles.note} ${blocked ? styles.noteBlocked : ""}`}>{note}</div> : null}
    </div>
  );
}
