// Shortcuts as data: what was pressed, and whether it may act where the focus is. Pure.

/** The parts of a key event that matter. */
export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** Where the focus is, as far as shortcuts care. */
export interface Surroundings {
  /** In a text field or another control that takes letters. */
  typing: boolean;
  /** In a dialog, menu or list box. */
  overlay: boolean;
  /** The preference `singleLetterKeys`. */
  letters: boolean;
}

interface Parsed {
  mod: boolean;
  shift: boolean;
  alt: boolean;
  key: string;
}

function parse(shortcut: string): Parsed {
  const parts = shortcut.split("+");
  return { mod: parts.includes("Mod"), shift: parts.includes("Shift"), alt: parts.includes("Alt"), key: (parts.at(-1) ?? "").toLowerCase() };
}

/** Whether the shortcut is one character without a modifier (WCAG 2.1.4: these can be turned off). */
export function isSingleKey(shortcut: string): boolean {
  const { mod, alt, key } = parse(shortcut);
  return !mod && !alt && key.length === 1;
}

/** Whether this press is the shortcut `Mod+Shift+O`; `Mod` is Cmd on macOS, else Ctrl. */
export function isPressed(shortcut: string, press: Pressed, mac: boolean): boolean {
  const wanted = parse(shortcut);
  const mod = mac ? press.metaKey : press.ctrlKey;
  const otherMod = mac ? press.ctrlKey : press.metaKey;
  if (mod !== wanted.mod || otherMod || press.altKey !== wanted.alt) return false;
  // "?" and "/" are typed with Shift on some keyboards and not on others: the character decides.
  const isSign = wanted.key.length === 1 && !/[a-z0-9]/.test(wanted.key);
  if (!isSign && press.shiftKey !== wanted.shift) return false;
  return press.key.toLowerCase() === wanted.key;
}

/** What every text field does itself: undo, redo, select all, copy, cut, paste. */
const OF_TEXT = new Set(["z", "y", "a", "c", "x", "v"]);

/** Whether the shortcut may act here: letters and bare keys belong to the field, menu or dialog that has the focus. */
export function mayAct(shortcut: string, where: Surroundings): boolean {
  if (where.overlay) return false;
  if (!isSingleKey(shortcut)) {
    const { mod, alt, key } = parse(shortcut);
    const isFunctionKey = /^f\d+$/.test(key);
    if (mod && where.typing && OF_TEXT.has(key)) return false;
    return mod || alt || isFunctionKey || !where.typing;
  }
  return where.letters && !where.typing;
}
