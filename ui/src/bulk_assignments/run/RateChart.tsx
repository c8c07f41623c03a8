/** Users per second over the run: steps, because counts change in steps; slow-downs shaded and lettered. Also a table. */
import { useId, useState } from "react";
import type { RunProgress } from "../../host";
import { count, counted, rate } from "../../format/number";
import { clock, clockWithSeconds } from "../../format/time";
import { LinkButton } from "../../ui";
import { rateShape, stepPath } from "./rate";
import styles from "./RateChart.module.css";

const WIDTH = 1020;
const HEIGHT = 92;

export function RateChart({ run, now }: { run: RunProgress; now: Date }) {
  const heading = useId();
  const [asTable, setAsTable] = useState(false);
  const shape = rateShape(run.samples, run.endedAt === null ? now.getTime() : Date.parse(run.endedAt));
  // Within a few minutes the ends of the axis would read the same; within seconds even then, and each time is written once.
  const short = shape !== null && Date.parse(shape.ticks.at(-1)?.time ?? "") - Date.parse(shape.ticks[0]?.time ?? "") < 5 * 60_000;
  const named = (shape?.ticks ?? []).map((tick) => ({ ...tick, word: short ? clockWithSeconds(tick.time) : clock(tick.time) }));
  const ticks = named.filter((tick, index) => index === named.length - 1 || (tick.word !== named[index - 1]?.word && tick.word !== named.at(-1)?.word));
  const said =
    shape === null
      ? "No rate yet."
      : `Users per second since ${clock(run.samples[0]?.at ?? run.startedAt)}, at most ${rate(Math.max(...run.samples.map((sample) => sample.perSecond)))}. ${shape.slow.length === 0 ? "No slow-down by Webex." : `${counted(shape.slow.length, "slow-down")} by Webex, at ${shape.slow.map((stretch) => clock(stretch.from)).join(", ")}.`}`;
  return (
    <section className={styles.pane} aria-labelledby={heading}>
      <div className={styles.head}>
        <h2 className={styles.title} id={heading}>
          Users per second
        </h2>
        <span className="cap num">{`${run.throttled === 0 ? "no slow-down" : `${counted(run.throttled, "slow-down")} (429)`} by Webex${run.endedAt === null ? " so far" : ""}`}</span>
        {shape && (
          <span className="push">
            <LinkButton onPress={() => setAsTable(!asTable)}>{asTable ? "Show as chart" : "Show as table"}</LinkButton>
          </span>
        )}
      </div>
      {shape === null ? (
        <p className={styles.none}>The rate appears here once the first rows are done.</p>
      ) : asTable ? (
        <div className={styles.tableFrame} tabIndex={0} role="group" aria-label="Rate as a table">
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">Users per second</th>
                <th scope="col">Slow-down</th>
              </tr>
            </thead>
            <tbody>
              {run.samples.map((sample) => (
                <tr key={sample.at}>
                  <th scope="row">{clockWithSeconds(sample.at)}</th>
                  <td>{rate(sample.perSecond)}</td>
                  <td>{sample.throttled ? "429" : "no"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <svg className={styles.chart} viewBox={`0 -18 ${WIDTH + 48} ${HEIGHT + 38}`} role="img" aria-label={said}>
          <path className={styles.rule} d={`M0 .5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}`} />
          {shape.slow.map((stretch) => (
            <g key={stretch.from}>
              <rect className={styles.slow} x={stretch.x * WIDTH} y={0} width={Math.max(2, (stretch.to - stretch.x) * WIDTH)} height={HEIGHT} />
              <text className={styles.slowWord} x={((stretch.x + stretch.to) / 2) * WIDTH} y={-5} textAnchor="middle">
                429
              </text>
            </g>
          ))}
          <path className={styles.area} d={`${stepPath(shape.steps, shape.top, WIDTH, HEIGHT)}V${HEIGHT}H0z`} />
          <path className={styles.line} d={stepPath(shape.steps, shape.top, WIDTH, HEIGHT)} />
          <path className={styles.axis} d={`M0 ${HEIGHT + 0.5}H${WIDTH}`} />
          <text x={WIDTH + 8} y={5}>
            {per(shape.top)}
          </text>
          <text x={WIDTH + 8} y={HEIGHT / 2 + 4}>
            {per(shape.top / 2)}
          </text>
          <text x={WIDTH + 8} y={HEIGHT + 4}>
            0
          </text>
          {ticks.map((tick) => (
            <text key={tick.at} x={tick.at * WIDTH} y={HEIGHT + 16} textAnchor={tick.at === 0 ? "start" : tick.at === 1 ? "end" : "middle"} className={tick.at === 1 ? styles.last : undefined}>
              {tick.word}
            </text>
          ))}
        </svg>
      )}
    </section>
  );
}

const per = (value: number) => (Number.isInteger(value) ? `${count(value)}/s` : rate(value));
