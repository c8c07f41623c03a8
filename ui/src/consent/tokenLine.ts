// The life of a refresh token as lengths of a line. Pure.

const DAY = 86_400_000;

export interface TokenLine {
  /** Days from the token's first day to its end. */
  days: number;
  /** Days of it that have passed; the first counts as 1, so that this and the days left make up the whole. */
  day: number;
  /** Where today is, 0 to 1. */
  today: number;
  /** Where the access token was renewed, 0 to 1. */
  renewals: number[];
}

/** Null where a date is missing or the dates make no line. All dates come from the tokens, none from a constant. */
export function tokenLine(since: string | null, endsAt: string | null, refreshes: readonly string[], now: Date): TokenLine | null {
  if (since === null || endsAt === null) return null;
  const start = new Date(since).getTime();
  const length = new Date(endsAt).getTime() - start;
  const days = Math.round(length / DAY);
  if (!(days > 0)) return null;
  const place = (at: number) => (at - start) / length;
  const today = Math.min(1, Math.max(0, place(now.getTime())));
  const renewals = refreshes.map((at) => place(new Date(at).getTime())).filter((at) => at >= 0 && at <= 1);
  return { days, day: Math.max(1, Math.floor(today * days)), today, renewals };
}
