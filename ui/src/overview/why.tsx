// Why the activation of an organisation is not shown, with the way out.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { sentence } from "../format/sentence";
import { moment } from "../format/time";
import type { ActivationAvailability, Organisation } from "../host";
import { Copy } from "../ui";

interface Why {
  title: string;
  text: ReactNode;
  way: ReactNode;
}

/** Null where it can be shown. */
export function why(availability: ActivationAvailability, organisation: Organisation, now: Date): Why | null {
  const connect = (words: string) => (
    <Link to="/organisations/$organisation" params={{ organisation: organisation.id }} search={{ connect: true }}>
      {words}
    </Link>
  );
  const open = (
    <Link to="/organisations/$organisation" params={{ organisation: organisation.id }}>
      Open the organisation
    </Link>
  );
  switch (availability.state) {
    case "available":
      return null;
    case "not_connected":
      return { title: `${organisation.name} is not connected to Webex.`, text: sentence(availability.reason), way: connect("Connect to Webex…") };
    case "permission_missing":
      return {
        title: "The consent may not read the states of users.",
        text: `Missing: ${availability.permissions.map((one) => one.label).join("; ")}. Connect again and accept ${availability.permissions.length === 1 ? "it" : "them"}.`,
        way: connect("Connect again…"),
      };
    case "refused":
      return {
        title: "Webex refused the list of users.",
        text: (
          <>
            {sentence(availability.reason)}
            {availability.trackingId === null ? null : (
              <>
                {" "}
                Tracking id <Copy text={availability.trackingId} what="tracking id" />
              </>
            )}
          </>
        ),
        way: open,
      };
    case "no_licences":
      return {
        title: `${organisation.name} has no Webex licence.`,
        text: `So it was ${moment(availability.asOf, now)}. Activation shows licensed users: assign licences in Control Hub, then refresh.`,
        way: open,
      };
    case "not_copied":
      return { title: "Nothing has been copied from Webex yet.", text: "Refresh this page to read users, licences and states.", way: open };
  }
}
