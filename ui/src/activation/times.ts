// How old the state of a row is, where that is not what stands over all. Pure.

import { isToday } from "../format/time";
import type { ActivationUser } from "../host/generated";

type Told = Pick<ActivationUser, "asOf">;

/** When Webex told of this user, where that is not when it told of all. */
export function ownTime(user: Told, copied: string | null): string | null {
  return copied === null || new Date(user.asOf) > new Date(copied) ? user.asOf : null;
}

/** What is to be shown of them: nothing, clocks, or days too. */
export type OwnTimes = "none" | "clock" | "day";

/** How much room the own times of these rows need, and of those that were seen before. */
export function timesOf(users: readonly Told[], copied: string | null, now: Date, seen: OwnTimes): OwnTimes {
  const own = users.map((user) => ownTime(user, copied)).filter((time) => time !== null);
  if (seen === "day" || own.some((time) => !isToday(time, now))) return "day";
  return own.length > 0 ? "clock" : seen;
}
