// Why activation cannot be shown, or cannot be brought up to date, and the way out of it.

import { Link } from "@tanstack/react-router";
import { Download, PlugZap, RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import { fullMoment } from "../format/time";
import type { ActivationStatus, Organisation } from "../host";
import { Banner, Button, buttonClass, Copy, EmptyState } from "../ui";
import type { Refreshing } from "./useRefreshing";
import { SOURCE_WORDS } from "./words";

interface Reason {
  title: string;
  children: ReactNode;
  action: ReactNode;
  tone: "warn" | "bad" | "info";
}

function Connect({ organisation, words }: { organisation: Organisation; words: string }) {
  return (
    <Link to="/organisations/$organisation" params={{ organisation: organisation.id }} search={{ connect: true }} className={buttonClass()}>
      <PlugZap aria-hidden="true" />
      {words}
    </Link>
  );
}

/** What stands between the page and its data; null where nothing does. */
function reasonOf(status: ActivationStatus, organisation: Organisation, refreshing: Refreshing): Reason | null {
  const { availability } = status;
  const again = (words: string, icon = RefreshCw) => (
    <Button icon={icon} busy={refreshing.starting} disabledReason={refreshing.allOff} onPress={refreshing.all}>
      {words}
    </Button>
  );
  switch (availability.state) {
    case "available":
      return status.asOf === null ? reasonOf({ ...status, availability: { state: "not_copied" } }, organisation, refreshing) : null;
    case "not_connected":
      return { title: `${organisation.name} is not connected to Webex.`, children: availability.reason, action: <Connect organisation={organisation} words="Connect to Webex…" />, tone: "warn" };
    case "permission_missing": {
      const missing = availability.permissions;
      return {
        title: missing.length === 1 ? "A permission is missing." : `${missing.length} permissions are missing.`,
        children: (
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
        action: <Connect organisation={organisation} words="Connect again…" />,
        tone: "bad",
      };
    }
    case "refused":
      return {
        title: "Webex refused the list.",
        children: (
          <>
            {availability.reason}
            {availability.trackingId === null ? null : (
              <>
                {" "}
                Tracking id <Copy text={availability.trackingId} what="tracking id" />
              </>
            )}
          </>
        ),
        action: again("Try again"),
        tone: "bad",
      };
    case "no_licences":
      return {
        title: `${organisation.name} has no Webex licence.`,
        children: `Activation is about people with a licence for the Webex app. As of ${fullMoment(availability.asOf)}, Webex knows none of this organisation. Buy or move licences in Control Hub, then read again.`,
        action: again("Read from Webex again"),
        tone: "info",
      };
    case "not_copied":
      return { title: "The states have not been read yet.", children: "Patchbay copies them from Webex to this computer, so that the page is here at once and offline too.", action: again("Read from Webex", Download), tone: "info" };
  }
}

/** Under the head, over an old copy. Null where all is well, or where nothing but the reason can be shown. */
export function UnavailableBanner(props: { status: ActivationStatus; organisation: Organisation; refreshing: Refreshing }) {
  const reason = reasonOf(props.status, props.organisation, props.refreshing);
  if (reason === null) return null;
  return (
    <Banner edge tone={reason.tone} title={reason.title} actions={reason.action}>
      {reason.children} What was copied before is shown.
    </Banner>
  );
}

/** In the place of the grid. */
export function UnavailablePage(props: { status: ActivationStatus; organisation: Organisation; refreshing: Refreshing }) {
  const reason = reasonOf(props.status, props.organisation, props.refreshing);
  if (reason === null) return null;
  const reading = props.status.syncing !== null;
  return (
    <EmptyState title={reading ? "The states are being read from Webex" : reason.title.replace(/\.$/, "")} {...(reading ? {} : { action: reason.action })}>
      {reading ? "The page fills when all have come." : reason.children}
    </EmptyState>
  );
}

/** Whether there is an old copy to show. Without licences there is nobody to show. */
export function hasCopy({ availability, asOf }: ActivationStatus): boolean {
  return asOf !== null && availability.state !== "no_licences" && availability.state !== "not_copied";
}
