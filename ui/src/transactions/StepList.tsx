import { count } from "../format/number";
import type { Step } from "../host";
import { Progress, StatusMark } from "../ui";
import styles from "./TransactionPanel.module.css";
import { stateWords } from "./words";

function StepLine({ step }: { step: Step }) {
  const words = stateWords(step.state);
  // A step of one thing says by its mark whether that is done.
  const amount = step.total === 1 ? "" : step.total === null ? (step.done > 0 ? count(step.done) : "") : `${count(step.done)} / ${count(step.total)}`;
  return (
    <li className={styles.step}>
      <StatusMark shape={step.state === "running" ? "busy" : words.shape} tone={words.tone} />
      <div className="grow">
        <div className="row">
          <span className="medium">{step.name}</span>
          <span className="sr">, {words.word}</span>
          <span className="push num muted">{amount}</span>
        </div>
        {step.state === "running" && step.total !== null && step.total !== 1 ? <Progress label={`${count(step.done)} of ${count(step.total)}`} parts={[{ value: step.done }]} total={step.total} height={4} /> : null}
        {step.detail ? <p className="cap break">{step.detail}</p> : null}
      </div>
    </li>
  );
}

/** The steps of a transaction as they stand, in their order. */
export function StepList({ steps }: { steps: readonly Step[] }) {
  return (
    <ul>
      {steps.map((step) => (
        <StepLine key={step.name} step={step} />
      ))}
    </ul>
  );
}
