import { useState } from "react";
import { count } from "../format/number";
import { useNow } from "../format/useNow";
import { type Organisation, useCommand } from "../host";
import { useView } from "../shell/page";
import { Dialog, FailureNote, Loading, SegmentedFilter } from "../ui";
import { shortDay } from "./days";
import { type Series, seriesOf, signed } from "./history";
import styles from "./Overview.module.css";
import { Pane } from "./Pane";
import { StepChart } from "./StepChart";

const RANGES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "365 days" },
] as const;
type Range = (typeof RANGES)[number]["value"];
const FIRST: { days: Range } = { days: "30" };

/** The same as the chart, in numbers, newest first. */
function TableDialog({ series, days, onClose }: { series: Series; days: string; onClose: () => void }) {
  const now = useNow();
  return (
    <Dialog title={`${series.name}, last ${days} days`} dismissable onClose={onClose}>
      <p>{`${series.hint.charAt(0).toUpperCase()}${series.hint.slice(1)}. Days are those of UTC, with the count as it was last known on the day; days on which Patchbay learnt nothing are left out.`}</p>
      {/* A long table scrolls, so the keyboard must reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.tableBox} tabIndex={0} role="group" aria-label={`${series.name} by day`}>
        <table className={styles.table}>
          <caption className="sr">{series.name} by day</caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col" className={styles.number}>
                Users
              </th>
              <th scope="col" className={styles.number}>
                Change
              </th>
            </tr>
          </thead>
          <tbody>
            {series.points
              .map((point, index) => ({ ...point, change: index === 0 ? null : point.value - (series.points[index - 1]?.value ?? 0) }))
              .toReversed()
              .map((point) => (
                <tr key={point.day}>
                  <th scope="row">{shortDay(point.day, now)}</th>
                  <td className={styles.number}>{count(point.value)}</td>
                  <td className={styles.number}>{point.change === null ? "first day" : signed(point.change, count)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}

/** How activation went on, day by day: small charts, each on a scale of its own. */
export function ActivationHistory({ organisation }: { organisation: Organisation }) {
  const now = useNow(60_000);
  const [kept, keep] = useView("overview", FIRST);
  const range: Range = RANGES.find(({ value }) => value === kept.days)?.value ?? FIRST.days;
  const { data, error, refetch } = useCommand("activation.history", { organisation: organisation.id, days: Number(range) }, { keepPrevious: true });
  const [table, setTable] = useState<string | null>(null);
  const series = data ? seriesOf(data.days) : [];
  const shown = series.find((one) => one.name === table);
  const known = data?.days.length ?? 0;
  return (
    <Pane title="Activation over time" wide note={known > 1 ? "each chart on its own scale" : undefined} link={<SegmentedFilter label="How far back" value={range} segments={RANGES} onChange={(days) => keep({ days })} />}>
      {error ? <FailureNote failure={error} organisation={organisation.id} onRetry={() => void refetch()} /> : null}
      {data === undefined && !error ? <Loading what="how activation went on" /> : null}
      {data && known === 0 ? <p className="small soft">No day of the last {range} is known. Patchbay keeps the counts of each day on which it reads users from Webex; the charts begin with the first.</p> : null}
      {known > 0 ? (
        <div className={styles.charts}>
          {series.map((one) => (
            <StepChart key={one.name} series={one} now={now} onTable={() => setTable(one.name)} />
          ))}
        </div>
      ) : null}
      {known === 1 ? <p className={`cap ${styles.after}`}>One day is known so far. The lines grow with each day on which Patchbay reads users from Webex.</p> : null}
      {shown ? <TableDialog series={shown} days={range} onClose={() => setTable(null)} /> : null}
    </Pane>
  );
}
