/** What differs between a value and its fix: one stretch, between what both begin with and what both end with. Pure. */
export type Difference = { start: string; taken: string; given: string; end: string };

export function difference(before: string, after: string): Difference {
  // By code points, so that no character is cut in two.
  const from = [...before];
  const to = [...after];
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < shorter - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end += 1;
  return {
    start: from.slice(0, start).join(""),
    taken: from.slice(start, from.length - end).join(""),
    given: to.slice(start, to.length - end).join(""),
    end: end === 0 ? "" : from.slice(-end).join(""),
  };
}

/** White space and characters without width, drawn as dots. */
export function visible(text: string): string {
  return text.replace(/[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/gu, "·");
}
