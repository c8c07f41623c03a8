// How long to wait before the state of a synchronisation is asked for again. Pure.

const FIRST_SECONDS = 10;
const LONGEST_SECONDS = 120;

/** Growing by half each time: 10 s, 15 s, 22 s, and at most two minutes. */
export function pauseSeconds(asked: number): number {
  return Math.min(LONGEST_SECONDS, Math.floor(FIRST_SECONDS * 1.5 ** asked));
}
