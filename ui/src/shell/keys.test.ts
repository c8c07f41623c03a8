import { describe, expect, it } from "vitest";
import { isPressed, isSingleKey, mayAct, type Pressed } from "./keys";

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

describe("isPressed", () => {
  it("takes Ctrl for Mod, and Cmd on macOS", () => {
    expect(isPressed("Mod+K", press("k", { ctrlKey: true }), false)).toBe(true);
    expect(isPressed("Mod+K", press("k", { metaKey: true }), true)).toBe(true);
    expect(isPressed("Mod+K", press("k", { ctrlKey: true }), true)).toBe(false);
    expect(isPressed("Mod+K", press("k", { metaKey: true }), false)).toBe(false);
  });
  it("wants exactly the modifiers it names", () => {
    expect(isPressed("N", press("n"), false)).toBe(true);
    expect(isPressed("N", press("N", { shiftKey: true }), false)).toBe(false);
    expect(isPressed("N", press("n", { ctrlKey: true }), false)).toBe(false);
    expect(isPressed("Mod+Shift+Z", press("Z", { ctrlKey: true, shiftKey: true }), false)).toBe(true);
    expect(isPressed("Mod+Z", press("Z", { ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(isPressed("F6", press("F6", { shiftKey: true }), false)).toBe(false);
    expect(isPressed("Shift+F6", press("F6", { shiftKey: true }), false)).toBe(true);
  });
  it("takes signs however the keyboard makes them", () => {
    expect(isPressed("?", press("?", { shiftKey: true }), false)).toBe(true);
    expect(isPressed("/", press("/", { shiftKey: true }), false)).toBe(true);
    expect(isPressed("/", press("/"), false)).toBe(true);
  });
});

describe("mayAct", () => {
  const page = { typing: false, overlay: false, letters: true };
  it("keeps letters out of fields and behind the preference", () => {
    expect(mayAct("N", page)).toBe(true);
    expect(mayAct("N", { ...page, typing: true })).toBe(false);
    expect(mayAct("N", { ...page, letters: false })).toBe(false);
  });
  it("lets combinations and function keys act in fields", () => {
    expect(mayAct("Mod+S", { ...page, typing: true, letters: false })).toBe(true);
    expect(mayAct("F8", { ...page, typing: true })).toBe(true);
  });
  it("leaves undo and the clipboard to a field", () => {
    expect(mayAct("Mod+Z", { ...page, typing: true })).toBe(false);
    expect(mayAct("Mod+Shift+Z", { ...page, typing: true })).toBe(false);
    expect(mayAct("Mod+Z", page)).toBe(true);
  });
  it("keeps Delete and Enter out of fields though they are no letters", () => {
    expect(mayAct("Delete", { ...page, typing: true })).toBe(false);
    expect(mayAct("Delete", { ...page, letters: false })).toBe(true);
  });
  it("does nothing behind a dialog", () => {
    expect(mayAct("Mod+S", { ...page, overlay: true })).toBe(false);
  });
});

it("knows single keys", () => {
  expect(isSingleKey("/")).toBe(true);
  expect(isSingleKey("Mod+K")).toBe(false);
  expect(isSingleKey("F5")).toBe(false);
});
