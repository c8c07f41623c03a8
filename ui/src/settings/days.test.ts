import { expect, it } from "vitest";
import { dayProblem } from "./days";

it("takes whole days from 1 to 90, each once, at most ten", () => {
  expect(dayProblem("30", [14, 7])).toBeNull();
  expect(dayProblem(" 1 ", [])).toBeNull();
  for (const typed of ["", "0", "91", "-3", "1.5", "seven"]) expect(dayProblem(typed, [])).not.toBeNull();
  expect(dayProblem("7", [14, 7])).toContain("already");
  expect(dayProblem("30", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toContain("Remove one");
});
