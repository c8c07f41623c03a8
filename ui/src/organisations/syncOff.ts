import type { Organisation } from "../host/generated";

/** Why nothing can be asked of Webex now; null where it can. */
export function syncOff(organisation: Organisation): string | null {
  if (organisation.environment.kind === "demo" || organisation.consent.state === "granted") return null;
  return organisation.consent.state === "none" ? "Connect to Webex first." : "Consent is needed again: connect to Webex.";
}
