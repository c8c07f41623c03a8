import { expect, test } from "vitest";
import type { CheckedRow, Issue } from "../../host/generated";
import { isLeftOut, shortly } from "./problems";

const issue = (part: Partial<Issue>): Issue => ({ file: 0, row: 1, line: 2, column: "ext_key", cell: "A2", value: "60", code: "ext_key_length", severity: "error", source: "file", message: "Ext Key must have 3 to 5 digits; \"60\" has 2.", relatedRows: [], fix: null, fixLabel: null, ...part });
const row = (...issues: Issue[]): CheckedRow => ({ file: 0, row: 1, line: 2, cells: [], issues });
const titles = new Map([["ext_key_length", "Ext Key is not 3 to 5 digits"], ["ext_key_duplicate", "Ext Key used twice"], ["user_not_found", "Webex does not know the user"]]);

test("a rule is named by its title", () => {
  expect(shortly(row(issue({})), titles)).toBe("Ext Key is not 3 to 5 digits");
});

test("a rule without a title is told in its own sentence", () => {
  expect(shortly(row(issue({ code: "new_rule", message: "Something new." })), titles)).toBe("Something new.");
});

test("the worst comes first, the others are counted", () => {
  const warning = issue({ code: "value_trimmed", severity: "warning" });
  const webex = issue({ code: "user_not_found", source: "mirror" });
  expect(shortly(row(warning, webex, issue({})), titles)).toBe("Ext Key is not 3 to 5 digits; 2 more");
  expect(shortly(row(warning, webex), titles)).toBe("Left out: Webex does not know the user; 1 more");
});

test("a duplicate names the other row", () => {
  expect(shortly(row(issue({ code: "ext_key_duplicate", relatedRows: [1, 41] })), titles)).toBe("Ext Key used twice, also in row 41");
  expect(shortly(row(issue({ code: "ext_key_duplicate", relatedRows: [41, 42, 43] })), titles)).toBe("Ext Key used twice, also in row 41 and more");
});

test("a row with an error of the file is not merely left out", () => {
  const webex = issue({ code: "user_not_found", source: "mirror" });
  expect(isLeftOut(row(webex))).toBe(true);
  expect(isLeftOut(row(webex, issue({})))).toBe(false);
  expect(isLeftOut(row(issue({ severity: "warning", source: "mirror" })))).toBe(false);
  expect(isLeftOut(row())).toBe(false);
});
