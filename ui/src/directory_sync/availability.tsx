// Why directory synchronisation cannot be shown or asked for, with the way out.

import type { ReactNode } from "react";
import { sentence } from "../format/sentence";
import type { Organisation, SyncAvailability } from "../host";
import { Refused } from "../ui";

interface Unavailable {
  title: string;
  text: ReactNode;
  /** Where the way out leads: the organisation's page, its consent, a sync of the whole organisation, or another look. */
  way: "organisation" | "connect" | "sync" | "refresh";
}

/** Null where it can be shown and asked for. */
export function unavailable(availability: SyncAvailability, organisation: Organisation): Unavailable | null {
  switch (availability.state) {
    case "available":
      return availability.trigger
        ? null
        : { title: "The consent may look, but not ask.", text: `Missing: ${availability.missing.map((one) => one.label).join("; ")}. Connect again and accept ${availability.missing.length === 1 ? "it" : "them"} to ask Webex for a synchronisation.`, way: "connect" };
    case "not_used":
      return {
        title: `${organisation.name} does not use directory synchronisation here.`,
        text: "It is for organisations whose users come from BroadWorks. If this is one, switch “Directory Synchronization Enabled” on in its fields and connect again: Patchbay then asks for the permissions of BroadWorks.",
        way: "organisation",
      };
    case "not_connected":
      return { title: `${organisation.name} is not connected to Webex.`, text: sentence(availability.reason), way: "connect" };
    case "permission_missing":
      return { title: "The consent may not read the enterprises.", text: `Missing: ${availability.permissions.map((one) => one.label).join("; ")}. Connect again and accept ${availability.permissions.length === 1 ? "it" : "them"}.`, way: "connect" };
    case "refused":
      return {
        title: "Webex refused the list of enterprises.",
        text: <Refused reason={availability.reason} trackingId={availability.trackingId} />,
        way: "refresh",
      };
    case "no_enterprise":
      return { title: "Webex lists no enterprise.", text: "Nobody has been provisioned yet. An enterprise appears when the first user of it is provisioned; refresh then.", way: "refresh" };
    case "not_copied":
      return { title: "The enterprises have not been read from Webex yet.", text: "Read them now, or sync the whole organisation.", way: "refresh" };
  }
}
