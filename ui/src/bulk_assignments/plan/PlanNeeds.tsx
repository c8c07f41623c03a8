/** What the run needs: licences, time, and what happens if something goes wrong. */
import type { LicenceNeed, Plan } from "../../host";
import { count, counted, rate } from "../../format/number";
import { moment, span } from "../../format/time";
import { useNow } from "../../format/useNow";
import { Progress, StatusMark } from "../../ui";
import styles from "./PlanPage.module.css";

/** Fewer left than this share of what was free is worth a warning. */
const SCARCE = 0.02;

export function PlanNeeds({ plan }: { plan: Plan }) {
  const now = useNow();
  const scarce = plan.licences.filter((need) => state(need) === "warn");
  return (
    <aside className={styles.side} aria-label="Needs and timing">
      <section className={styles.section}>
        <h2 className={styles.sectionHead}>
          Licences <span className="cap">as of {moment(plan.asOf, now)}</span>
        </h2>
        <ul className="stack">
          {plan.licences.map((need) => (
            <Need key={need.licence.id} need={need} />
          ))}
        </ul>
        {scarce.length > 0 && (
          <p className={`cap ${styles.gap}`}>
            {scarce.map((need) => need.licence.name).join(" and ")} will be nearly used up. Other admins can take licences while this runs; the run then pauses and says so.
          </p>
        )}
      </section>
      <section className={styles.section}>
        <h2 className={styles.sectionHead}>Duration</h2>
        {plan.toAssign === 0 ? (
          <p className="small soft">Nothing would be sent.</p>
        ) : (
          <>
            <p className={styles.big}>about {span(plan.seconds)}</p>
            <p className="small soft">
              {counted(plan.toAssign, "user")} at {rate(plan.perSecond)}. Slow-downs by Webex can double it.
              {plan.running > 0 ? ` ${plan.running === 1 ? "Another run is" : `${count(plan.running)} other runs are`} at work in this organisation; they share the rate, and each takes longer.` : ""}
            </p>
          </>
        )}
      </section>
      <section className={styles.section}>
        <h2 className={styles.sectionHead}>Start</h2>
        <p className="small soft">Start reads from Webex once more everything this plan rests on. If something has changed since, you see the new plan first and nothing is sent.</p>
      </section>
      <section className={styles.section}>
        <h2 className={styles.sectionHead}>If something goes wrong</h2>
        <ul className={styles.plain}>
          <li>You can pause or cancel at any row.</li>
          <li>Closing the app pauses; it goes on at the same row.</li>
          <li>Users already assigned stay assigned.</li>
        </ul>
      </section>
    </aside>
  );
}

function state(need: LicenceNeed): "ok" | "warn" | "bad" {
  if (!need.sufficient) return "bad";
  if (need.available === null) return "ok";
  return need.needed > 0 && need.available - need.needed < Math.max(1, need.available * SCARCE) ? "warn" : "ok";
}

function Need({ need }: { need: LicenceNeed }) {
  const how = state(need);
  const left = need.available === null ? null : need.available - need.needed;
  return (
    <li>
      <p className={styles.needName}>
        <StatusMark shape={how === "ok" ? "done" : how} tone={how} />
        <span className="clip medium" title={need.licence.name}>
          {need.licence.name}
        </span>
      </p>
      <p className={`num ${styles.needFigures}`}>
        <span>
          needs <b>{count(need.needed)}</b>
        </span>
        <span>
          free <b>{need.available === null ? "unlimited" : count(need.available)}</b>
        </span>
        {left !== null && <span className={`push ${how === "ok" ? "" : `t-${how}`}`}>{left >= 0 ? `${count(left)} left after` : `${count(-left)} too few`}</span>}
      </p>
      {need.available !== null && <Progress height={4} total={Math.max(need.available, need.needed)} parts={[{ value: need.needed, tone: how === "ok" ? "accent" : how }]} label={`${count(need.needed)} of ${count(need.available)} free licences`} />}
    </li>
  );
}
