// Numbers as the system's locale writes them.

const counts = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const rates = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** 15000 → "15,000". */
export function count(value: number): string {
  return counts.format(value);
}

/** A count and its noun: `counted(1, "row")` → "1 row". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Rows a second: 1.7 → "1.7/s". */
export function rate(perSecond: number): string {
  return `${rates.format(perSecond)}/s`;
}

/** Whole per cent of a part; 0 of nothing is 0, and less than all is never 100. */
export function percent(part: number, whole: number): number {
  if (whole <= 0) return 0;
  const share = (part / whole) * 100;
  return part < whole ? Math.min(99, Math.floor(share)) : 100;
}

/** File sizes, in powers of 1024: "512 KB", "4.8 MB". */
export function bytes(size: number): string {
  if (size < 1024) return `${count(size)} bytes`;
  const kilobytes = size / 1024;
  if (kilobytes < 1000) return `${count(Math.round(kilobytes))} KB`;
  return `${rates.format(kilobytes / 1024)} MB`;
}

/** Shortens an id in its middle: "NA_77c0…1be2". */
export function shortId(id: string, keep = 7): string {
  return id.length <= keep * 2 + 1 ? id : `${id.slice(0, keep)}…${id.slice(-4)}`;
}
