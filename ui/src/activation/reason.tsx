// Why activation cannot be shown, or cannot be brought up to date: the same words wherever it is said. The way out is the
// caller's to draw.

import type { ReactNode } from "react";
import { sentence } from "../format/sentence";
import { fullMoment } from "../format/time";
import type { ActivationStatus, Organisation } from "../host";
import { Refused } from "../ui";
import { SOURCE_WORDS } from "./words";

export interface ActivationReason {
  /** A whole sentence. */
  title: string;
  text: ReactNode;
  tone: "warn" | "bad" | "info";
  /** A consent, or another look at Webex; and what the button says. */
  way: "connect" | "read";
  words: string;
}

/** What stands between a page and its data; null where nothing does. */
export function activationReason({ availability, asOf }: Pick<ActivationStatus, "availability" | "asOf">, organisation: Organisation): ActivationReason | null {
  switch (availability.state) {
    case "available":
      return asOf === null ? activationReason({ availability: { state: "not_copied" }, asOf }, organisation) : null;
    case "not_connected":
      return { title: `${organisation.name} is not connected to Webex.`, text: sentence(availability.reason), tone: "warn", way: "connect", words: "Connect to Webex…" };
    case "permission_missing": {
      const missing = availability.permissions;
      return {
        title: missing.length === 1 ? "A permission is missing." : `${missing.length} permissions are missing.`,
        text: (
          <>
            {SOURCE_WORDS[availability.source]} tell the states of activation, and Patchbay may not read them:{" "}
            {missing.map((one, place) => (
              <span key={one.scope}>
                {place > 0 ? ", " : ""}
                <span className="medium">{one.label}</span> (<span className="mono">{one.scope}</span>)
              </span>
            ))}
            . Connect again to allow it; the administrator who connects needs it too.
          </>
        ),
        tone: "bad",
        way: "connect",
        words: "Connect again…",
      };
    }
    case "refused":
      return { title: "Webex refused the list.", text: <Refused reason={availability.reason} trackingId={availability.trackingId} />, tone: "bad", way: "read", words: "Try again" };
    case "no_licences":
      return {
        title: `${organisation.name} has no Webex licence.`,
        text: `Activation is about people with a licence for the Webex app. As of ${fullMoment(availability.asOf)}, Webex knows none of this organisation. Buy or move licences in Control Hub, then read again.`,
        tone: "info",
        way: "read",
        words: "Read from Webex again",
      };
    case "not_copied":
      return {
        title: "The states have not been read yet.",
        text: "Patchbay copies them from Webex to this computer, so that they are here at once and offline too.",
        tone: "info",
        way: "read",
        words: "Read from Webex",
      };
  }
}
