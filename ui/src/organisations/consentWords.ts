// The consent of an organisation in a mark and a few words. Pure.

import { daysLeft, isToday, secondsUntil } from "../format/time";
import type { Organisation } from "../host";
import type { MarkShape, Tone } from "../ui";

/** The first warning day as long as none was set (product O7). */
const WARN_DAYS = 14;

export interface ConsentWords {
  shape: MarkShape;
  tone: Tone;
  /** "Consent: 71 days left". */
  words: string;
  /** For a badge beside a heading that already says what it is about: "71 days left". */
  short: string;
}

/** When work stops for want of consent: the refresh token's end. */
export function consentEnds(organisation: Organisation): string | null {
  return organisation.refreshTokenExpiresAt ?? organisation.accessTokenExpiresAt;
}

/** `warnDays`: from how many days left the words become a warning. */
export function consentWords(organisation: Organisation, now: Date, warnDays = WARN_DAYS): ConsentWords {
  if (organisation.environment.kind === "demo") return { shape: "ring", tone: "idle", words: "Sample data, offline", short: "Sample data" };
  const { consent } = organisation;
  if (consent.state === "none") return { shape: "ring", tone: "idle", words: "Not connected", short: "Not connected" };
  if (consent.state === "needed") return { shape: "bad", tone: "bad", words: "Consent needed", short: "Consent needed" };
  const ends = consentEnds(organisation);
  if (ends === null) return { shape: "disc", tone: "ok", words: "Consent given", short: "Given" };
  if (secondsUntil(ends, now) <= 0) return { shape: "bad", tone: "bad", words: "Consent has ended", short: "Ended" };
  const days = daysLeft(ends, now);
  const left = isToday(ends, now) ? "ends today" : days === 1 ? "1 day left" : `${days} days left`;
  return days <= warnDays ? { shape: "warn", tone: "warn", words: `Consent: ${left}`, short: left } : { shape: "disc", tone: "ok", words: `Consent: ${left}`, short: left };
}

/** Two letters for the tile: "KL" of Kestrel Logistics; one-word names give their first two. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => [...word][0] ?? "") : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("").toLocaleUpperCase();
}
