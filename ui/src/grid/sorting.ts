// Sorting by several columns: what a press of a head makes of the levels. Pure.

export interface GridSort<Sort extends string = string> {
  column: Sort;
  descending: boolean;
}

type Levels<Sort extends string> = readonly GridSort<Sort>[];

/** One level or several, as a list. */
export function levelsOf<Sort extends string>(sort: GridSort<Sort> | Levels<Sort> | null | undefined): Levels<Sort> {
  if (sort === null || sort === undefined) return [];
  return "column" in sort ? [sort] : sort;
}

/**
 * The levels after a head was pressed. Plain: sorted by this one, the other way round where it was the first level.
 * With `add`: a new last level, turned round by the next press and taken away by the one after; the last one stays.
 * Null when there is no room for another level.
 */
export function pressed<Sort extends string>(levels: Levels<Sort>, column: Sort, add: boolean, most: number): Levels<Sort> | null {
  const place = levels.findIndex((level) => level.column === column);
  const level = levels[place];
  if (!add || most < 2) return [{ column, descending: place === 0 && level !== undefined ? !level.descending : false }];
  if (level === undefined) return levels.length >= most ? null : [...levels, { column, descending: false }];
  if (!level.descending) return levels.with(place, { column, descending: true });
  return levels.length === 1 ? [{ column, descending: false }] : levels.toSpliced(place, 1);
}

/** "Sorted by Location, then Ext descending". */
export function sortedWords<Sort extends string>(levels: Levels<Sort>, nameOf: (column: Sort) => string): string {
  if (levels.length === 0) return "Not sorted";
  return `Sorted by ${levels.map(({ column, descending }) => `${nameOf(column)}${descending ? " descending" : ""}`).join(", then ")}`;
}
