// The shortcuts that act now. Pages add theirs while they are shown; the key map lists what is here.

import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from "react";
import { onMac } from "../ui/platform";
import { isPressed, isSingleKey, mayAct } from "./keys";

export interface Shortcut {
  /** `N`, `Mod+Enter`, `F8`, `/`. */
  keys: string;
  /** What it does, for the key map: "New assignment". */
  label: string;
  run: () => void;
  /** Why it does nothing now. */
  off?: string | null | undefined;
}

interface Group {
  title: string;
  shortcuts: () => readonly Shortcut[];
}

let groups: readonly Group[] = [];
let letters = true;
const listeners = new Set<() => void>();

function change(next: readonly Group[]): void {
  groups = next;
  for (const heard of listeners) heard();
}

/** The preference `singleLetterKeys`. */
export function allowLetters(allowed: boolean): void {
  letters = allowed;
}

/** Binds shortcuts while the component is shown. Later ones win over earlier ones, so a page may take a key of the shell. */
export function useShortcuts(shortcuts: readonly Shortcut[], title = "This page"): void {
  const latest = useRef(shortcuts);
  useLayoutEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const group: Group = { title, shortcuts: () => latest.current };
    change([...groups, group]);
    return () => change(groups.filter((other) => other !== group));
  }, [title]);
}

function subscribe(heard: () => void): () => void {
  listeners.add(heard);
  return () => listeners.delete(heard);
}

/** The groups bound now, for the key map. */
export function useBoundShortcuts(): readonly Group[] {
  return useSyncExternalStore(subscribe, () => groups);
}

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

function heardKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const target = event.target instanceof Element ? event.target : null;
  const where = {
    typing: target?.closest(TYPING) !== null && target !== null,
    overlay: document.querySelector("[data-overlay]") !== null,
    letters,
  };
  for (const group of groups.toReversed()) {
    for (const shortcut of group.shortcuts()) {
      if (!isPressed(shortcut.keys, event, onMac) || !mayAct(shortcut.keys, where)) continue;
      event.preventDefault();
      // A letter that is held down was meant once.
      if (!shortcut.off && !(event.repeat && isSingleKey(shortcut.keys))) shortcut.run();
      return;
    }
  }
}

/** Starts listening; once, at start. */
export function listenToKeys(): void {
  document.addEventListener("keydown", heardKey);
}
