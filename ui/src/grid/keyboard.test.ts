import { describe, expect, it } from "vitest";
import { type Extent, intent, moved, type Press } from "./keyboard";

const press = (key: string, more: Partial<Press> = {}): Press => ({ key, mod: false, shift: false, alt: false, ...more });
const rows: Extent = { rows: 100, columns: 4, page: 20, cells: false };
const cells: Extent = { ...rows, cells: true };
const at = (row: number, column = 0) => ({ row, column });

describe("moving by rows", () => {
  it.each([
    ["ArrowDown", at(5), at(6)],
    ["ArrowUp", at(5), at(4)],
    ["ArrowUp", at(0), at(0)],
    ["ArrowDown", at(99), at(99)],
    ["PageDown", at(5), at(24)],
    ["PageDown", at(95), at(99)],
    ["PageUp", at(5), at(0)],
    ["Home", at(50), at(0)],
    ["End", at(50), at(99)],
  ])("%s from %o", (key, from, to) => expect(moved(from, press(key), rows)).toEqual(to));

  it("leaves sideways keys to the page", () => {
    expect(moved(at(5), press("ArrowLeft"), rows)).toBeNull();
    expect(moved(at(5), press("ArrowRight"), rows)).toBeNull();
  });
  it("leaves keys with Alt to the system", () => {
    expect(moved(at(5), press("ArrowDown", { alt: true }), rows)).toBeNull();
  });
  it("goes nowhere in an empty grid", () => {
    expect(moved(at(0), press("ArrowDown"), { ...rows, rows: 0 })).toBeNull();
  });
  it("goes to the ends with the modifier", () => {
    expect(moved(at(5), press("ArrowDown", { mod: true }), rows)).toEqual(at(99));
  });
});

describe("moving by cells", () => {
  it.each([
    ["ArrowRight", {}, at(5, 1), at(5, 2)],
    ["ArrowRight", {}, at(5, 3), at(5, 3)],
    ["ArrowLeft", {}, at(5, 0), at(5, 0)],
    ["Home", {}, at(5, 2), at(5, 0)],
    ["End", {}, at(5, 2), at(5, 3)],
    ["Home", { mod: true }, at(5, 2), at(0, 0)],
    ["End", { mod: true }, at(5, 2), at(99, 3)],
  ])("%s %o from %o", (key, more, from, to) => expect(moved(from, press(key, more), cells)).toEqual(to));
});

describe("intent", () => {
  it("selects only where rows can be selected", () => {
    expect(intent(press(" "), true)).toBe("toggle");
    expect(intent(press(" "), false)).toBeNull();
    expect(intent(press("a", { mod: true }), true)).toBe("select_all");
    expect(intent(press("ArrowDown", { shift: true }), true)).toBe("extend");
    expect(intent(press("PageUp", { shift: true }), true)).toBe("extend");
    expect(intent(press("End", { shift: true }), true)).toBeNull();
    expect(intent(press("End", { shift: true, mod: true }), true)).toBe("extend");
  });
  it("copies everywhere, with the modifier alone", () => {
    expect(intent(press("c", { mod: true }), false)).toBe("copy");
    expect(intent(press("c"), true)).toBeNull();
    expect(intent(press("C", { mod: true, shift: true }), true)).toBeNull();
  });
  it("opens and leaves everywhere", () => {
    expect(intent(press("Enter"), false)).toBe("open");
    expect(intent(press("Enter", { mod: true }), false)).toBeNull();
    expect(intent(press("Escape"), false)).toBe("leave");
  });
});
