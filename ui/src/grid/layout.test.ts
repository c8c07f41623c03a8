import { expect, it } from "vitest";
import { arranged, clampWidth, filling, inOrder, pinOffsets, readLayout, shifted, STANDARD_LAYOUT, withShown, withWidth } from "./layout";
import type { Column } from "./types";

const column = (id: string, more: Partial<Column<null>> = {}): Column<null> => ({ id, header: id, width: 100, cell: () => null, ...more });
const columns = [column("a"), column("b", { grow: true }), column("c", { startsHidden: true }), column("state", { pinned: true }), column("act", { pinned: true, fixed: true, width: 44 })];
const ids = (some: readonly { id: string }[]) => some.map(({ id }) => id).join();

it("shows what the page offers until somebody changes it", () => {
  expect(ids(arranged(columns, STANDARD_LAYOUT))).toBe("a,b,state,act");
  expect(ids(arranged(columns, withShown(withShown(STANDARD_LAYOUT, "c", true), "a", false)))).toBe("b,c,state,act");
  expect(ids(arranged(columns, withShown(STANDARD_LAYOUT, "act", false)))).toBe("a,b,state,act");
});
it("moves columns among those that can be moved, and keeps pinned ones at the right", () => {
  const once = shifted(columns, STANDARD_LAYOUT, "b", -1);
  expect(ids(inOrder(columns, once))).toBe("b,a,c,state,act");
  expect(shifted(columns, once, "b", -1)).toBe(once);
  expect(shifted(columns, once, "state", -1)).toBe(once);
  expect(ids(inOrder(columns, shifted(columns, once, "a", 1)))).toBe("b,c,a,state,act");
});
it("puts a column that is new where the page has it", () => {
  expect(ids(inOrder([...columns.slice(0, 2), column("new"), ...columns.slice(2)], { ...STANDARD_LAYOUT, order: ["c", "b", "gone", "a", "c"] }))).toBe("c,b,new,a,state,act");
  expect(ids(inOrder([column("first"), ...columns], { ...STANDARD_LAYOUT, order: ["b", "a", "c"] }))).toBe("first,b,a,c,state,act");
});
it("gives a column the width that was chosen, and its own back", () => {
  const wide = withWidth(STANDARD_LAYOUT, "b", 240);
  expect(arranged(columns, wide)[1]).toMatchObject({ width: 240, grow: false });
  expect(withWidth(wide, "b", null)).toEqual(STANDARD_LAYOUT);
  expect(clampWidth(3)).toBe(48);
  expect(clampWidth(1e9)).toBe(900);
});
it("reads what was remembered and leaves out what it cannot use", () => {
  expect(readLayout({ order: ["a", 3], shown: { a: false, b: "yes" }, widths: { a: 20, b: Number.NaN } })).toEqual({ order: ["a"], shown: { a: false }, widths: { a: 48 } });
  expect(readLayout("nonsense")).toEqual(STANDARD_LAYOUT);
  expect(readLayout({ order: "a", shown: 1, widths: null })).toEqual(STANDARD_LAYOUT);
});
it("lets the last column that is not pinned take the rest where none grows", () => {
  expect(filling(columns)).toBeUndefined();
  expect(filling(arranged(columns, withWidth(STANDARD_LAYOUT, "b", 120)))).toBe("b");
  expect(filling([{ id: "x", pinned: true }])).toBe("x");
});
it("stands pinned columns beside each other", () => {
  const { offsets, width } = pinOffsets(columns);
  expect([offsets.get("act"), offsets.get("state"), width]).toEqual([0, 44, 144]);
});
