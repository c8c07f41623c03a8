// The life of a refresh token as lengths of a line. Pure.

const DAY = 86_400_000;
const WEEK = 7;

export interface TokenLine {
  /** Days from consent to the end of the refresh token. */
  days: number;
  /** Today, counted from 1. */
  day: number;
  /** Where today is, 0 to 1. */
  today: number;
  /** Where the weekly renewals until today are, 0 to 1. */
  renewals: number[];
}

/** Null where a date is missing or the dates make no line. All dates come from the tokens, none from a constant. */
export function tokenLine(consentedAt: string | null, endsAt: string | null, now: Date): TokenLine | null {
  if (consentedAt === null || endsAt === null) return null;
  const start = new Date(consentedAt).getTime();
  const length = new Date(endsAt).getTime() - start;
  const days = Math.round(length / DAY);
  if (!(days > 0)) return null;
  const today = Math.min(1, Math.max(0, (now.getTime() - start) / length));
  const elapsed = today * days;
  const renewals: number[] = [];
  for (let day = WEEK; day <= elapsed; day += WEEK) renewals.push(day / days);
  return { days, day: Math.min(days, Math.floor(elapsed) + 1), today, renewals };
}
