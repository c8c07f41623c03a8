// Times as people say them. Every function takes `now`, so that nothing here reads the clock.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// The words of a date are English because the page is; the clock and the order of its parts follow the system.
const system = new Intl.DateTimeFormat().resolvedOptions();
const words = system.locale.startsWith("en") ? system.locale : "en-GB";
const hourCycle = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hourCycle ?? "h23";

const clockFormat = new Intl.DateTimeFormat(words, { hour: "2-digit", minute: "2-digit", hourCycle });
const secondsFormat = new Intl.DateTimeFormat(words, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle });
const partsFormat = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric" });

function parts(at: Date): { weekday: string; day: string; month: string; year: string } {
  const found: Record<string, string> = {};
  for (const { type, value } of partsFormat.formatToParts(at)) found[type] = value;
  return { weekday: found["weekday"] ?? "", day: found["day"] ?? "", month: found["month"] ?? "", year: found["year"] ?? "" };
}

/** The calendar day as a number, whatever the clock was changed by. */
function midnight(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}

/** Midnights between two moments, in local time: 0 today, 1 tomorrow, -1 yesterday. */
function daysApart(at: Date, now: Date): number {
  return Math.round((midnight(at) - midnight(now)) / (DAY * 1000));
}

/** "14:05". */
export function clock(at: string): string {
  return clockFormat.format(new Date(at));
}

/** "14:05:31", where rows follow each other within a minute. */
export function clockWithSeconds(at: string): string {
  return secondsFormat.format(new Date(at));
}

/** "Wed 25 Nov", with the year when it is not this one. */
export function day(at: string, now: Date): string {
  const date = new Date(at);
  const { weekday, day: number, month, year } = parts(date);
  const base = `${weekday} ${number} ${month}`;
  return date.getFullYear() === now.getFullYear() ? base : `${base} ${year}`;
}

/** "today, 14:05", "tomorrow, 09:00", "Wed 25 Nov, 09:12". */
export function moment(at: string, now: Date): string {
  const apart = daysApart(new Date(at), now);
  const named = apart === 0 ? "today" : apart === 1 ? "tomorrow" : apart === -1 ? "yesterday" : day(at, now);
  return `${named}, ${clock(at)}`;
}

/** "Wed 25 Nov 2026, 09:12": in full, where the date itself is the message; to the second where that is wanted. */
export function fullMoment(at: string, precision: "minutes" | "seconds" = "minutes"): string {
  const { weekday, day: number, month, year } = parts(new Date(at));
  return `${weekday} ${number} ${month} ${year}, ${precision === "seconds" ? clockWithSeconds(at) : clock(at)}`;
}

/** A length of time: "12 s", "4 min", "1 h 46 min", "3 days". Never "0 s" for something that takes time. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < MINUTE) return `${whole} s`;
  const minutes = Math.round(whole / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) {
    const rest = minutes % 60;
    return `${Math.floor(minutes / 60)} h${rest === 0 ? "" : ` ${rest} min`}`;
  }
  return `${Math.round(minutes / (24 * 60))} days`;
}

/** Seconds from `now` until `at`; negative once it has passed. */
export function secondsUntil(at: string, now: Date): number {
  return (new Date(at).getTime() - now.getTime()) / 1000;
}

/** "just now", "2 min ago", "in 14 days". Days to come are counted as daysLeft counts them, so that the two never differ on a page. */
export function relative(at: string, now: Date): string {
  const seconds = secondsUntil(at, now);
  if (Math.abs(seconds) < MINUTE) return seconds > 0 ? "in less than a minute" : "just now";
  const days = seconds >= DAY ? daysLeft(at, now) : Math.floor(-seconds / DAY);
  const length = days >= 1 ? (days === 1 ? "1 day" : `${days} days`) : span(Math.floor(Math.abs(seconds) / MINUTE) * MINUTE);
  return seconds > 0 ? `in ${length}` : `${length} ago`;
}

/** Days left until `at`, a begun one counted whole, as warnings count them; 0 once it has passed. */
export function daysLeft(at: string, now: Date): number {
  return Math.max(0, Math.ceil(secondsUntil(at, now) / DAY));
}

/** Whether `at` is on this calendar day. */
export function isToday(at: string, now: Date): boolean {
  return daysApart(new Date(at), now) === 0;
}

/** How long something took, or has taken so far: "340 ms" never appears, the least is "1 s". */
export function took(startedAt: string, endedAt: string | null, now: Date): string {
  const end = endedAt === null ? now : new Date(endedAt);
  return span(Math.max(1, (end.getTime() - new Date(startedAt).getTime()) / 1000));
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** For a file name: "2026-11-21_2308" in local time. */
export function fileStamp(now: Date): string {
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}_${two(now.getHours())}${two(now.getMinutes())}`;
}
