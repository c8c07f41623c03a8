// What differs between systems in keys and their names.

/** Whether Cmd takes the place of Ctrl. */
export const onMac = /Mac|iPhone|iPad/.test(navigator.platform);

const MAC_NAMES: Record<string, string> = { Mod: "⌘", Shift: "⇧", Alt: "⌥" };
const NAMES: Record<string, string> = { Mod: "Ctrl", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", Delete: "Del", PageUp: "PgUp", PageDown: "PgDn", " ": "Space" };

/** The caps of a shortcut: `Mod+Shift+O` → ["Ctrl", "Shift", "O"]. */
export function caps(shortcut: string): string[] {
  return shortcut.split("+").map((key) => (onMac ? MAC_NAMES[key] : undefined) ?? NAMES[key] ?? key);
}
