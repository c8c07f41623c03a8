/** Makes a whole sentence of a reason: capital first, a stop at the end, both only where they are missing. */
export function sentence(text: string): string {
  const whole = text.trim();
  if (whole === "") return "";
  const [first = "", ...rest] = [...whole];
  return `${first.toLocaleUpperCase()}${rest.join("")}${/[.!?…]$/.test(whole) ? "" : "."}`;
}
