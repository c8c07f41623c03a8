// Which licences run short. Pure.

import type { Licence } from "../host/generated";

/** What is marked, in words beside the bars. */
export const WARNING_RULE = "less than a tenth left";

export type Supply = "none_left" | "short" | "enough" | "unlimited";

export function supply({ total, consumed, available }: Licence): Supply {
  if (total === null) return "unlimited";
  const left = available ?? Math.max(0, total - consumed);
  if (left === 0 && (total > 0 || consumed > 0)) return "none_left";
  return left * 10 < total ? "short" : "enough";
}

/** What to call each licence, by its id: where two have one name, with the subscription, or else the id. */
export function licenceNames(licences: readonly Licence[]): ReadonlyMap<string, string> {
  return new Map(
    licences.map((one) => {
      const same = licences.filter((other) => other.name === one.name);
      if (same.length < 2) return [one.id, one.name];
      const alone = one.subscription !== null && same.filter((other) => other.subscription === one.subscription).length === 1;
      return [one.id, `${one.name} (${alone ? one.subscription : one.id})`];
    }),
  );
}

const WEIGHT: Record<Supply, number> = { none_left: 0, short: 1, enough: 2, unlimited: 3 };

/** What runs short first, then calling licences, then the most used; of equals by name. */
export function byNeed(a: Licence, b: Licence): number {
  return WEIGHT[supply(a)] - WEIGHT[supply(b)] || Number(b.calling) - Number(a.calling) || b.consumed - a.consumed || a.name.localeCompare(b.name);
}
