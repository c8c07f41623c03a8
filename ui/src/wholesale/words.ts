// Words and marks of customers and their packages. Pure; a word of Webex that is not known is shown as it came.

import type { Address, Customer } from "../host/generated";
import type { MarkShape, Tone } from "../ui";

export interface StatusWords {
  word: string;
  shape: MarkShape;
  tone: Tone;
}

const CUSTOMER: Record<string, StatusWords> = {
  provisioned: { word: "Provisioned", shape: "done", tone: "ok" },
  provisioned_with_errors: { word: "Provisioned with errors", shape: "warn", tone: "warn" },
  provisioning: { word: "Provisioning", shape: "most", tone: "busy" },
  updating: { word: "Updating", shape: "most", tone: "busy" },
  deleting: { word: "Deleting", shape: "most", tone: "warn" },
  error: { word: "Error", shape: "bad", tone: "bad" },
  pending_rpl_review: { word: "Pending review", shape: "half", tone: "warn" },
};

const PACKAGE: Record<string, StatusWords> = {
  provisioned: { word: "provisioned", shape: "done", tone: "ok" },
  provisioning: { word: "provisioning", shape: "most", tone: "busy" },
  deleting: { word: "being deleted", shape: "most", tone: "warn" },
  error: { word: "error", shape: "bad", tone: "bad" },
};

export function customerStatus(status: string): StatusWords {
  return CUSTOMER[status] ?? { word: status, shape: "none", tone: "idle" };
}

/** An error with warnings only is one that Webex mends by itself, such as maintenance. */
export function packageStatus({ status, warnings, errors }: { status: string; warnings: readonly unknown[]; errors: readonly unknown[] }): StatusWords {
  const words = PACKAGE[status] ?? { word: status, shape: "none" as const, tone: "idle" as const };
  if (status === "error" && errors.length === 0 && warnings.length > 0) return { word: "error, with warnings", shape: "warn", tone: "warn" };
  if (status === "provisioned" && warnings.length > 0) return { word: "provisioned, with warnings", shape: "warn", tone: "warn" };
  return words;
}

const NAMES: Record<string, string> = {
  webex_calling: "Webex Calling",
  webex_calling_standard: "Webex Calling Standard",
  common_area_calling: "Common Area Calling",
  webex_suite: "Webex Suite",
  webex_meetings: "Webex Meetings",
  webex_voice: "Webex Voice",
  cx_essentials: "Customer Assist",
  cx_premium_agent: "Contact Center Premium Agent",
  cx_standard_agent: "Contact Center Standard Agent",
  cx_voice_ports: "Contact Center Voice Ports",
  cx_ai_assistant: "Contact Center AI Assistant",
  webex_ai_agent: "Webex AI Agent",
  attendant_console: "Attendant Console",
  cisco_calling_plan: "Cisco Calling Plan",
};

/** Packages that Webex is known to offer to wholesale customers. The list grows: others are kept and shown. */
export const PACKAGES: readonly string[] = Object.keys(NAMES);

/** The name a person knows a package by, as the core's sentences say it; an unknown one as Webex names it. */
export function packageName(name: string): string {
  return Object.hasOwn(NAMES, name) ? (NAMES[name] ?? name) : name;
}

/** Names a customer: Webex tells no name with it, so the joined one may be missing. */
export function customerName(customer: Customer): string {
  return customer.orgName ?? customer.externalId ?? customer.id;
}

/** "14 Quayside Row, Salford, Greater Manchester, M50 3AZ, GB"; null where nothing is known. */
export function addressLine(address: Address | null): string | null {
  if (address === null) return null;
  const parts = [address.addressLine1, address.addressLine2, address.city, address.stateOrProvince, address.zipOrPostalCode, address.country].filter((part) => part !== null && part.trim() !== "");
  return parts.length === 0 ? null : parts.join(", ");
}

/** What is wrong with a customer, in the order of weight: its own errors, then those of its packages, then warnings. */
export function troubles(customer: Customer): { kind: "error" | "warning"; of: string | null; code: string | null; description: string }[] {
  const ofPackages = (kind: "error" | "warning") => customer.resourceDetails.flatMap((detail) => (kind === "error" ? detail.errors : detail.warnings).map((one) => ({ kind, of: detail.name, ...one })));
  return [...customer.errors.map((one) => ({ kind: "error" as const, of: null, ...one })), ...ofPackages("error"), ...ofPackages("warning")];
}
