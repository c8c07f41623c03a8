/** The rate chart's geometry: samples in, stretches and steps out. Pure, so that it can be proved without a page. */
import type { RateSample } from "../../host/generated";

/** One step of the chart: from `x` to `to` (0 to 1 of the width) at `perSecond`. */
export type RateStep = { x: number; to: number; perSecond: number };

/** A stretch in which Webex asked us to slow down. */
export type SlowStretch = { x: number; to: number; from: string };

export type RateShape = {
  steps: RateStep[];
  slow: SlowStretch[];
  /** Top of the scale, a round number above every sample. */
  top: number;
  /** Times under the axis, evenly spread; `at` is 0 to 1. */
  ticks: { at: number; time: string }[];
};

/** The smallest of 1, 2, 5 times a power of ten that is not below `value`. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  for (const factor of [1, 2, 5, 10]) {
    if (factor * power >= value) return factor * power;
  }
  return 10 * power;
}

/**
 * Each sample holds until the next one; the last one until `end`.
 * Samples may be unevenly spread; fewer than one gives null.
 */
export function rateShape(samples: readonly RateSample[], end: number): RateShape | null {
  const points = samples.map((sample) => ({ ...sample, time: Date.parse(sample.at) })).filter((sample) => Number.isFinite(sample.time));
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  const until = Math.max(end, last.time + 1);
  const span = until - first.time;
  const place = (time: number) => Math.min(1, Math.max(0, (time - first.time) / span));
  const steps: RateStep[] = [];
  const slow: SlowStretch[] = [];
  points.forEach((point, index) => {
    const next = points[index + 1];
    const x = place(point.time);
    const to = next ? place(next.time) : 1;
    steps.push({ x, to, perSecond: point.perSecond });
    const before = slow.at(-1);
    const goesOn = before !== undefined && before.to === x;
    // What Webex asked for lasts until something is done again.
    if (goesOn && (point.throttled || point.perSecond === 0)) before.to = to;
    else if (point.throttled) slow.push({ x, to, from: point.at });
  });
  const top = roundUp(Math.max(...points.map((point) => point.perSecond)));
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, time: new Date(first.time + at * span).toISOString() }));
  return { steps, slow, top, ticks };
}

/** The steps as an SVG path over `width` by `height`, zero at the bottom. */
export function stepPath(steps: readonly RateStep[], top: number, width: number, height: number): string {
  const y = (value: number) => (height * (1 - Math.min(value, top) / top)).toFixed(1);
  return steps.map((step, index) => `${index === 0 ? "M0 " : "V"}${y(step.perSecond)}H${(step.to * width).toFixed(1)}`).join("");
}
