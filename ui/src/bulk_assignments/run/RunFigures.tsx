/** How far a run is and how it ended, in figures: shared by the Run page and the report. */
import type { ReactNode } from "react";
import type { RunProgress } from "../../host";
import { count } from "../../format/number";
import { Progress } from "../../ui";
import styles from "./RunFigures.module.css";

type Props = {
  run: RunProgress;
  /** The one headline figure, and the words behind it. */
  figure: number;
  words: string;
  children: ReactNode;
  facts: readonly (readonly [name: string, value: string])[];
};

export function RunFigures({ run, figure, words, children, facts }: Props) {
  return (
    <div className={styles.top}>
      <div className={styles.figure}>
        <p className={styles.big}>
          {count(figure)} <span>{words}</span>
        </p>
        <Progress
          height={10}
          total={run.rows}
          parts={[
            { value: run.assigned + run.already, tone: "ok" },
            { value: run.failed, tone: "bad" },
            { value: run.unknown, tone: "warn" },
            { value: run.skipped, tone: "idle" },
          ]}
          label={`${count(run.assigned)} assigned, ${count(run.already)} already assigned, ${count(run.failed)} failed, ${count(run.unknown)} unknown, ${count(run.skipped)} skipped, of ${count(run.rows)}`}
        />
        {children}
      </div>
      <dl className={`${styles.facts} ${facts.length > 4 ? styles.wide : ""}`}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num clip" title={value}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
