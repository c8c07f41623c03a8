// Why activation cannot be shown, or cannot be brought up to date, and the way out of it.

import { Link } from "@tanstack/react-router";
import { Download, PlugZap, RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import type { ActivationStatus, Organisation } from "../host";
import { Banner, Button, buttonClass, EmptyState } from "../ui";
import { type ActivationReason, activationReason } from "./reason";
import type { Refreshing } from "./useRefreshing";

/** The reason with its way out as a button. */
function reasonOf(status: ActivationStatus, organisation: Organisation, refreshing: Refreshing): (ActivationReason & { action: ReactNode }) | null {
  const reason = activationReason(status, organisation);
  if (reason === null) return null;
  const action =
    reason.way === "connect" ? (
      <Link to="/organisations/$organisation" params={{ organisation: organisation.id }} search={{ connect: true }} className={buttonClass()}>
        <PlugZap aria-hidden="true" />
        {reason.words}
      </Link>
    ) : (
      <Button icon={status.asOf === null ? Download : RefreshCw} busy={refreshing.starting} disabledReason={refreshing.allOff} onPress={refreshing.all}>
        {reason.words}
      </Button>
    );
  return { ...reason, action };
}

/** Under the head, over an old copy. Null where all is well, or where nothing but the reason can be shown. */
export function UnavailableBanner(props: { status: ActivationStatus; organisation: Organisation; refreshing: Refreshing }) {
  const reason = reasonOf(props.status, props.organisation, props.refreshing);
  if (reason === null) return null;
  return (
    <Banner edge tone={reason.tone} title={reason.title} actions={reason.action}>
      {reason.text} What was copied before is shown.
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
      {reading ? "The page fills when all have come." : reason.text}
    </EmptyState>
  );
}

/** Whether there is an old copy to show. Without licences there is nobody to show. */
export function hasCopy({ availability, asOf }: ActivationStatus): boolean {
  return asOf !== null && availability.state !== "no_licences" && availability.state !== "not_copied";
}
