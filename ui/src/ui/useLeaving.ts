// Esc in a field that narrows a list: the first one leaves the field for the list, a second one right after it clears
// the field. One Esc alone loses nothing.

import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from "react";

const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex='0']";

/** Puts the focus where it belongs once a field is left: on the tab stop of its list, else on what comes after the field. */
export function leaveField(field: HTMLElement): void {
  const scope = field.closest("[role=dialog], [data-area]") ?? document.body;
  const table = field.closest("[role=grid]") ?? scope.querySelector("[role=grid]");
  // A grid without rows is stood in for by what scrolls it.
  const list = table?.querySelector<HTMLElement>("tbody :is(tr, [data-column])[tabindex='0']") ?? table?.parentElement;
  const after = [...scope.querySelectorAll<HTMLElement>(FOCUSABLE)].find(
    (one) => (field.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 && !field.closest("[role=search]")?.contains(one) && one.getClientRects().length > 0,
  );
  const target = list ?? after;
  if (target) target.focus();
  else field.blur();
}

/** What hears the keys of such a field; `clear` is null where there is nothing to clear. */
export function useLeaving(clear: (() => void) | null): (event: KeyboardEvent<HTMLElement>) => void {
  const latest = useRef(clear);
  useLayoutEffect(() => {
    latest.current = clear;
  });
  const listening = useRef<AbortController | null>(null);
  useEffect(() => () => listening.current?.abort(), []);
  return (event) => {
    if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    listening.current?.abort();
    leaveField(event.currentTarget);
    if (clear === null) return;
    const until = new AbortController();
    listening.current = until;
    const heard = (next: globalThis.KeyboardEvent) => {
      if (next.key === "Escape") {
        next.preventDefault();
        next.stopPropagation();
        // A key that is held down is one Esc.
        if (next.repeat) return;
        latest.current?.();
      }
      until.abort();
    };
    document.addEventListener("keydown", heard, { capture: true, signal: until.signal });
    document.addEventListener("pointerdown", () => until.abort(), { capture: true, signal: until.signal });
  };
}
