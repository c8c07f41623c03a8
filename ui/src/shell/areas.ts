// F6: the focus goes round the areas of the window in the order they are seen.

const ORDER = ["sidebar", "head", "content", "panel", "strip"];
const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex='0']";

function canTakeFocus(element: HTMLElement): boolean {
  return element.getClientRects().length > 0 && !element.hasAttribute("disabled");
}

/** Moves the focus to the next area that has something to focus. */
export function nextArea(backwards: boolean): void {
  const areas = ORDER.flatMap((name) => [...document.querySelectorAll<HTMLElement>(`[data-area="${name}"]`)]).filter(canTakeFocus);
  if (areas.length === 0) return;
  const active = document.activeElement;
  const here = areas.findLastIndex((area) => area.contains(active));
  const step = backwards ? -1 : 1;
  for (let tried = 1; tried <= areas.length; tried += 1) {
    const start = here === -1 ? (backwards ? 0 : -1) : here;
    const area = areas[(start + step * tried + areas.length * 2) % areas.length];
    if (area === undefined) continue;
    // A grid's own tab stop comes before the controls above it: it is what the area is for.
    const target = area.querySelector<HTMLElement>("[role=grid] tbody [tabindex='0']") ?? [...area.querySelectorAll<HTMLElement>(FOCUSABLE)].find(canTakeFocus) ?? area.querySelector<HTMLElement>("h1, h2");
    if (target && canTakeFocus(target)) {
      target.focus();
      return;
    }
  }
}
