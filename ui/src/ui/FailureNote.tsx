// A failure where the person looks: as a banner in a page, form or dialog, or in the place of content that could not be read.

import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { FAILURES, type Failure, openVault, wayOut } from "../host";
import { Banner } from "./Banner";
import { Button } from "./Button";
import { Copy } from "./Copy";

interface FailureNoteProps {
  failure: Failure;
  onRetry?: (() => void) | undefined;
  edge?: boolean;
  /** The organisation it is about, where the way out leads there. */
  organisation?: string | null;
  /** Other buttons than the failure's own way out. */
  actions?: ReactNode;
}

export function FailureNote({ failure, onRetry, edge = false, organisation = null, actions }: FailureNoteProps) {
  const navigate = useNavigate();
  const way = wayOut(failure);
  const own =
    way === "settings" ? (
      <Button onPress={() => void navigate({ to: "/settings" })}>Open Settings</Button>
    ) : way === "connect" ? (
      organisation === null ? (
        <Button onPress={() => void navigate({ to: "/organisations" })}>Open Organisations</Button>
      ) : (
        <Button onPress={() => void navigate({ to: "/organisations/$organisation", params: { organisation }, search: { connect: true } })}>Connect to Webex…</Button>
      )
    ) : way === "unlock" || way === "choose_vault" ? (
      <Button onPress={() => void openVault().then((open) => (open ? onRetry?.() : undefined))}>{way === "unlock" ? "Unlock secrets…" : "Choose where…"}</Button>
    ) : onRetry && way === "retry" ? (
      <Button onPress={onRetry}>Try again</Button>
    ) : null;
  const shown =
    own || actions ? (
      <>
        {own}
        {actions}
      </>
    ) : null;
  return (
    <Banner tone="bad" title={`${FAILURES[failure.code].title}.`} edge={edge} {...(shown ? { actions: shown } : {})}>
      {failure.message}
      {failure.trackingId ? (
        <>
          {" "}
          Tracking id <Copy text={failure.trackingId} what="tracking id" />
        </>
      ) : null}
    </Banner>
  );
}
