// Warning days as they are typed. Pure.

export const MOST_DAYS = 10;

/** Why what was typed cannot be added; null where it can. */
export function dayProblem(typed: string, days: readonly number[]): string | null {
  if (days.length >= MOST_DAYS) return `${MOST_DAYS} warnings are enough. Remove one first.`;
  const text = typed.trim();
  if (text === "") return "Type a number of days.";
  const day = Number(text);
  if (!/^\d+$/.test(text) || day < 1 || day > 90) return `“${text}” cannot be used. Use 1 to 90 days.`;
  return days.includes(day) ? `Patchbay warns ${day} ${day === 1 ? "day" : "days"} before already.` : null;
}
