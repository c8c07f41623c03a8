/** The problems of a row in few words, for a column that is too narrow for the sentences. Pure. */
import type { Check, CheckedRow, Issue } from "../../host/generated";
import { count } from "../../format/number";

/** Errors of the file come before those against Webex, both before warnings: the order in which they matter. */
const weight = (issue: Issue) => (issue.severity === "error" ? 0 : 2) + (issue.source === "file" ? 0 : 1);

/** What is wrong, worst first: the rule's title, and the rows it is shared with. */
export function shortly(row: CheckedRow, titles: ReadonlyMap<string, string>): string {
  const [worst, ...others] = row.issues.toSorted((a, b) => weight(a) - weight(b));
  if (worst === undefined) return "";
  const title = `${isLeftOut(row) ? "Left out: " : ""}${titles.get(worst.code) ?? worst.message}`;
  const first = worst.relatedRows.find((related) => related !== row.row);
  const shared = first === undefined ? "" : `, also in row ${count(first)}${worst.relatedRows.length > 2 ? " and more" : ""}`;
  return `${title}${worst.source === "file" ? shared : ""}${others.length > 0 ? `; ${count(others.length)} more` : ""}`;
}

/** The titles of a check's rules. */
export function titlesOf(check: Check): ReadonlyMap<string, string> {
  return new Map(check.groups.map((group) => [group.code, group.title]));
}

/** Whether the row is right as it is and left out of the run all the same: Webex would refuse it. */
export function isLeftOut(row: CheckedRow): boolean {
  const errors = row.issues.filter((issue) => issue.severity === "error");
  return errors.length > 0 && errors.every((issue) => issue.source === "mirror");
}
