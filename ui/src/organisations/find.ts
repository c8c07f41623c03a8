// Finding and ordering organisations. Pure.

import type { Organisation } from "../host/generated";

export const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

export function byName(a: Organisation, b: Organisation): number {
  return collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

/** Whether all that was typed stands in its name, account number, e-mail or notes. */
export function matches(organisation: Organisation, typed: string): boolean {
  const wanted = typed.trim().toLocaleLowerCase();
  if (wanted === "") return true;
  return [organisation.name, organisation.accountNumber, organisation.adminEmail, organisation.notes].join(" ").toLocaleLowerCase().includes(wanted);
}
