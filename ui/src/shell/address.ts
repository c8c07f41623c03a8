// Reads what stands in an address. What is unreadable is left out, so an address that was typed or kept from another
// version opens the page all the same.

/** The router reads "45207" in an address as a number; a search is text. */
export function text(raw: unknown): string | undefined {
  if (typeof raw === "number") return String(raw);
  return typeof raw === "string" && raw !== "" ? raw : undefined;
}

/** Whose view stands in an address: of a page that shows one organisation at a time. */
export interface OfOrganisation {
  organisation?: string | undefined;
}

export function readOfOrganisation(raw: Record<string, unknown>): OfOrganisation {
  return { organisation: text(raw["organisation"]) };
}

export function oneOf<V extends string>(raw: unknown, allowed: readonly V[]): V | undefined {
  return allowed.find((value) => value === raw);
}

export function flag(raw: unknown): boolean | undefined {
  return typeof raw === "boolean" ? raw : undefined;
}
