// Days of the history, which are of UTC and have no time. Pure.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "2026-11-19" → "19 Nov", with the year when it is not this one. The day is shown as it is kept, whatever the time zone. */
export function shortDay(day: string, now: Date): string {
  const [year = "", month = "", date = ""] = day.split("-");
  const base = `${Number(date)} ${MONTHS[Number(month) - 1] ?? month}`;
  return Number(year) === now.getFullYear() ? base : `${base} ${year}`;
}
