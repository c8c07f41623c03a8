// Finding in the palette. Pure.

export interface PaletteEntry {
  id: string;
  group: string;
  label: string;
  detail?: string;
  /** It does something rather than lead somewhere; `>` shows only these. */
  command?: boolean;
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

function words(typed: string): string[] {
  return plain(typed.replace(/^\s*>/, "")).split(/\s+/).filter(Boolean);
}

/** How well an entry answers; 0 when a word is nowhere. A word's beginning counts more than its middle, the label more than the rest. */
function score(entry: PaletteEntry, wanted: readonly string[]): number {
  const label = plain(entry.label);
  const rest = plain(`${entry.detail ?? ""} ${entry.group}`);
  let sum = 1;
  for (const word of wanted) {
    const starts = label.split(/[\s‘’(]+/).some((part) => part.startsWith(word));
    if (starts) sum += 4;
    else if (label.includes(word)) sum += 2;
    else if (rest.includes(word)) sum += 1;
    else return 0;
  }
  return sum;
}

/** Entries that have every word, best groups first; `>` leaves only commands. Entries of a group stay together. */
export function find<E extends PaletteEntry>(entries: readonly E[], typed: string): E[] {
  const wanted = words(typed);
  const pool = typed.trimStart().startsWith(">") ? entries.filter((entry) => entry.command) : entries;
  const scored = pool.map((entry) => ({ entry, score: score(entry, wanted) })).filter((one) => one.score > 0);
  const best = new Map<string, number>();
  for (const { entry, score: points } of scored) best.set(entry.group, Math.max(best.get(entry.group) ?? 0, points));
  const order = new Map([...best.keys()].map((group, index) => [group, index]));
  return scored
    .toSorted((a, b) => {
      if (a.entry.group === b.entry.group) return b.score - a.score;
      const byBest = (best.get(b.entry.group) ?? 0) - (best.get(a.entry.group) ?? 0);
      return byBest !== 0 ? byBest : (order.get(a.entry.group) ?? 0) - (order.get(b.entry.group) ?? 0);
    })
    .slice(0, 60)
    .map((one) => one.entry);
}

/** The label in pieces, those that were typed marked. */
export function marked(label: string, typed: string): { text: string; hit: boolean }[] {
  const wanted = words(typed);
  if (wanted.length === 0 || plain(label).length !== label.length) return [{ text: label, hit: false }];
  const low = plain(label);
  const hits = Array.from({ length: label.length }, () => false);
  for (const word of wanted) {
    const from = low.indexOf(word);
    if (from !== -1) hits.fill(true, from, from + word.length);
  }
  const parts: { text: string; hit: boolean }[] = [];
  for (const [index, letter] of [...hits.keys()].map((place) => [place, label[place] ?? ""] as const)) {
    const hit = hits[index] ?? false;
    const last = parts.at(-1);
    if (last && last.hit === hit) last.text += letter;
    else parts.push({ text: letter, hit });
  }
  return parts;
}
