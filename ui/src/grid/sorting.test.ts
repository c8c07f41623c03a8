import { describe, expect, it } from "vitest";
import { type GridSort, levelsOf, pressed, sortedWords } from "./sorting";

const up = (column: string): GridSort => ({ column, descending: false });
const down = (column: string): GridSort => ({ column, descending: true });

describe("a plain press", () => {
  it.each([
    [[], "a", [up("a")]],
    [[up("a")], "a", [down("a")]],
    [[down("a")], "a", [up("a")]],
    [[up("a"), up("b")], "b", [up("b")]],
    [[up("a"), up("b")], "a", [down("a")]],
  ])("of %o on %s", (before, column, after) => expect(pressed(before, column, false, 4)).toEqual(after));
});

describe("a press that adds", () => {
  it.each([
    [[], "a", [up("a")]],
    [[up("a")], "b", [up("a"), up("b")]],
    [[up("a"), up("b")], "b", [up("a"), down("b")]],
    [[up("a"), down("b")], "b", [up("a")]],
    [[down("a"), up("b")], "a", [up("b")]],
    [[up("a")], "a", [down("a")]],
    [[down("a")], "a", [up("a")]],
  ])("to %o on %s", (before, column, after) => expect(pressed(before, column, true, 4)).toEqual(after));
  it("has room for so many levels", () => {
    expect(pressed([up("a"), up("b")], "c", true, 2)).toBeNull();
    expect(pressed([up("a"), up("b")], "b", true, 2)).toEqual([up("a"), down("b")]);
  });
  it("is a plain one where there is one level only", () => {
    expect(pressed([up("a")], "b", true, 1)).toEqual([up("b")]);
  });
});

it("says the order", () => {
  expect(sortedWords([up("a"), down("b")], (column) => column.toUpperCase())).toBe("Sorted by A, then B descending");
  expect(sortedWords([], String)).toBe("Not sorted");
});
it("takes one level or several", () => {
  expect(levelsOf(up("a"))).toEqual([up("a")]);
  expect(levelsOf([up("a"), up("b")])).toHaveLength(2);
  expect(levelsOf(null)).toEqual([]);
});
