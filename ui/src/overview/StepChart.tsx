// One small chart: a stepped line with its last value, its first and last date, and what it says in words.

import { Table2 } from "lucide-react";
import { count } from "../format/number";
import { IconButton } from "../ui";
import { shortDay } from "./days";
import { changeOver, type Series, signed, steps } from "./history";
import styles from "./Overview.module.css";

const WIDTH = 176;
const HEIGHT = 54;

function spoken({ name, points }: Series, now: Date): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return `${name}: nothing is known`;
  if (points.length === 1) return `${name}: ${count(last.value)} on ${shortDay(last.day, now)}, the only day that is known`;
  const values = points.map((point) => point.value);
  const least = points.find((point) => point.value === Math.min(...values)) ?? first;
  const most = points.find((point) => point.value === Math.max(...values)) ?? first;
  const at = (point: typeof first) => `${count(point.value)} on ${shortDay(point.day, now)}`;
  return `${name}: ${at(last)}, ${signed(changeOver(points), count)} since ${shortDay(first.day, now)}. Lowest ${at(least)}, highest ${at(most)}`;
}

export function StepChart({ series, now, onTable }: { series: Series; now: Date; onTable: () => void }) {
  const first = series.points[0];
  const last = series.points.at(-1);
  const drawn = steps(series.points, WIDTH, HEIGHT);
  if (first === undefined || last === undefined || drawn === null) return null;
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.chartName}>
        {series.name}
        <IconButton icon={Table2} label={`Show ${series.name} as table`} tip="Show as table" onPress={onTable} />
      </figcaption>
      <div className={styles.figure}>
        <span className={`num ${styles.figureNumber}`}>{count(last.value)}</span>
        <span className="cap num">{series.points.length === 1 ? "first day" : signed(changeOver(series.points), count)}</span>
      </div>
      <svg className={styles.plot} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={spoken(series, now)}>
        <path className={styles.area} d={drawn.area} />
        <path className={styles.axis} d={`M0 ${HEIGHT}H${WIDTH}`} />
        <path className={styles.line} d={drawn.line} />
        {/* A line without length and with round ends stays a disc however the box is stretched. */}
        <path className={styles.end} d={`M${drawn.end.x} ${drawn.end.y}h0.001`} />
      </svg>
      <div className={`cap num ${styles.dates}`}>
        <span>{series.points.length === 1 ? "" : shortDay(first.day, now)}</span>
        <span>{shortDay(last.day, now)}</span>
      </div>
      <p className={`cap clip ${styles.hint}`} title={series.hint}>
        {series.hint}
      </p>
    </figure>
  );
}
