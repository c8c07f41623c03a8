/** Rows that Webex would refuse, by reason, with the first of each. They are left out; the run goes on without them. */
import type { Plan } from "../../host";
import { count } from "../../format/number";
import { LinkButton, StatusMark } from "../../ui";
import styles from "./PlanPage.module.css";

/** The part of a row that a conflict is about. */
export function struckBy(code: string | null): "extension" | "user" | "number" | null {
  if (code === null) return null;
  if (code.startsWith("extension_")) return "extension";
  if (code.startsWith("number_")) return "number";
  return code.startsWith("user_") || code.startsWith("identity_") ? "user" : null;
}

type Props = { plan: Plan; code: string | null; onCode: (code: string | null) => void; onCheck: () => void };

export function Conflicts({ plan, code, onCode, onCheck }: Props) {
  return (
    <section className={styles.conflicts} aria-labelledby="conflicts">
      <h2 className={styles.heading} id="conflicts">
        Conflicts with Webex <span className="cap num">{`${count(plan.leftOut)} of ${count(plan.rows)}`}</span>
        <span className="push">
          <LinkButton onPress={onCheck}>Back to check</LinkButton>
        </span>
      </h2>
      <div className={styles.groups} tabIndex={0} role="group" aria-label="Conflicts by reason">
        {plan.conflicts.map((group) => {
          const struck = struckBy(group.code);
          const more = group.count - group.rows.length;
          return (
            <section key={group.code} className={styles.conflict} aria-label={group.title}>
              <h3 className={styles.reason}>
                <StatusMark shape="skip" tone="bad" />
                <span className="medium">{group.title}</span>
                <span className="cap num">{count(group.count)}</span>
                <span className="push">
                  <LinkButton onPress={() => onCode(code === group.code ? null : group.code)}>{code === group.code ? "Show all rows" : `Show ${more > 0 ? `all ${count(group.count)}` : "in the list"}`}</LinkButton>
                </span>
              </h3>
              <ul>
                {group.rows.map((row) => (
                  <li key={row.row} className={styles.example}>
                    <span className={`num ${styles.ext} ${struck === "extension" ? styles.struck : ""}`}>{row.extKey}</span>
                    <span className={`clip medium ${styles.user} ${struck === "user" ? styles.struck : ""}`}>{row.user ?? row.identity}</span>
                    <span className={`num ${styles.number} ${struck === "number" ? styles.struck : ""}`}>{row.number ?? <span className="muted">no number</span>}</span>
                    <span className={styles.why} title={row.message ?? undefined}>
                      {row.message}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </div>
    </section>
  );
}
