// Counts over days as a stepped line: they change in steps, so nothing is smoothed. Pure.

import type { ActivationDay } from "../host/generated";

export interface Point {
  /** UTC, `2026-11-19`. */
  day: string;
  value: number;
}

export interface Series {
  name: string;
  hint: string;
  points: Point[];
}

export function seriesOf(days: readonly ActivationDay[]): Series[] {
  const of = (name: string, hint: string, value: (day: ActivationDay) => number): Series => ({ name, hint, points: days.map((one) => ({ day: one.day, value: value(one) })) });
  return [
    of("Licensed", "users with a Webex licence", (one) => one.total),
    of("Email entered", "an address, and past its input", (one) => one.emailEntered),
    of("Email validated", "they own the address", (one) => one.emailValidated),
    of("Provisioned", "can sign in and call", (one) => one.provisioned),
    of("On the way", "licensed, not provisioned", (one) => one.total - one.provisioned),
  ];
}

/** Whole days since the epoch. */
function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
}

/** The last value less the first. */
export function changeOver(points: readonly Point[]): number {
  return (points.at(-1)?.value ?? 0) - (points[0]?.value ?? 0);
}

export function signed(change: number, words: (value: number) => string): string {
  return change === 0 ? "no change" : `${change > 0 ? "+" : "−"}${words(Math.abs(change))}`;
}

export interface Steps {
  line: string;
  area: string;
  /** Where the last value stands. */
  end: { x: number; y: number };
}

const TOP = 0.1;
const BOTTOM = 0.78;

/**
 * The line through the points in a box, on a scale of their own: the least value near the foot, the greatest near the top.
 * A value holds until the next day that is known. Days stand at their true distance. None without a point.
 */
export function steps(points: readonly Point[], width: number, height: number): Steps | null {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return null;
  const values = points.map((point) => point.value);
  const least = Math.min(...values);
  const range = Math.max(...values) - least;
  const from = dayNumber(first.day);
  const days = Math.max(1, dayNumber(last.day) - from);
  const x = (day: string) => (points.length === 1 ? width : ((dayNumber(day) - from) / days) * width);
  const y = (value: number) => height * (range === 0 ? (TOP + BOTTOM) / 2 : BOTTOM - ((value - least) / range) * (BOTTOM - TOP));
  const round = (value: number) => Number(value.toFixed(2));
  const path = points.map((point, index) => (index === 0 ? `M0 ${round(y(point.value))}` : `H${round(x(point.day))}V${round(y(point.value))}`)).join("");
  const line = points.length === 1 ? `${path}H${width}` : path;
  return { line, area: `${line}V${height}H0z`, end: { x: round(x(last.day)), y: round(y(last.value)) } };
}
