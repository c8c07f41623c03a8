// Asking Webex again: one user, several, all. Followed until it has ended, and what came of it is said.

import { useCallback, useEffect, useRef, useState } from "react";
import { type ActivationSelection, type ActivationStatus, type ActivationUser, type Failure, learn, type Organisation, type Transaction, useAction, useCommand } from "../host";
import { announce } from "../shell/page";
import { toast, toastFailure } from "../ui";
import { stateWords, userName } from "./words";

/** Why Webex cannot be asked now. */
export function refreshOff(status: ActivationStatus | undefined, organisation: Organisation): string | null {
  switch (status?.availability.state) {
    case "not_connected":
      return `Connect ${organisation.name} to Webex first.`;
    case "permission_missing":
      return "A permission is missing: connect again to allow it.";
    default:
      return null;
  }
}

/** What the last of the transactions came to, once it has ended. */
function useEnding(current: string | null): { transaction: Transaction | undefined; failed: Failure | null; forget: () => void } {
  const [followed, setFollowed] = useState<string | null>(current);
  const told = useRef<string | null>(null);
  if (current !== null && current !== followed) setFollowed(current);
  const { data } = useCommand("transactions.get", { transaction: followed ?? "" }, { enabled: followed !== null });
  useEffect(() => {
    if (!data || data.endedAt === null || told.current === data.id) return;
    told.current = data.id;
    if (data.state === "succeeded") {
      const said = data.steps.at(-1)?.detail;
      toast({ tone: "ok", title: `${data.title}: done`, ...(said ? { detail: said } : {}) });
    } else if (data.state === "cancelled") {
      toast({ tone: "info", title: `${data.title}: cancelled`, detail: "What was read before stays." });
    }
  }, [data]);
  const failed = data && data.endedAt !== null && data.state !== "succeeded" && data.state !== "cancelled" ? data.failure : null;
  return { transaction: data?.endedAt === null ? data : undefined, failed: current === null ? failed : null, forget: useCallback(() => setFollowed(null), []) };
}

export function useRefreshing(organisation: Organisation, status: ActivationStatus | undefined) {
  const sync = useAction("activation.sync");
  const several = useAction("activation.refresh", toastFailure);
  const cancelling = useAction("activation.cancelRefresh", toastFailure);
  const { run: askOne } = useAction("activation.refreshUser", toastFailure);
  const [asking, setAsking] = useState<ReadonlySet<string>>(new Set());
  const off = refreshOff(status, organisation);
  const all = useEnding(status?.syncing ?? null);
  const some = useEnding(status?.refreshing ?? null);
  const { id } = organisation;

  const one = useCallback(
    async (user: Pick<ActivationUser, "key" | "firstName" | "lastName" | "email" | "serviceId" | "extension">) => {
      const { key } = user;
      setAsking((before) => new Set([...before, key]));
      announce(`Asking Webex about ${userName(user)}`);
      const reply = await askOne({ organisation: id, key });
      setAsking((before) => new Set([...before].filter((other) => other !== key)));
      if (reply === null) return;
      learn("activation.user", { organisation: id, key }, reply);
      const { word } = stateWords(reply.state);
      toast({ tone: "ok", title: `${userName(reply)}: ${word}`, detail: "Webex has just told it." });
    },
    [askOne, id],
  );

  return {
    off,
    /** Why nothing of several can be begun: it is under way, or `off`. */
    allOff: off ?? (status?.syncing ? "All are being read." : null),
    someOff: off ?? (status?.refreshing ? "Others are being refreshed." : null),
    one,
    asking,
    all: () => {
      all.forget();
      void sync.run({ organisation: id });
    },
    some: async (selection: ActivationSelection) => {
      some.forget();
      return (await several.run({ organisation: id, selection })) !== null;
    },
    cancel: () => void cancelling.run({ organisation: id }),
    cancelling: cancelling.busy,
    starting: sync.busy || several.busy,
    syncing: status?.syncing ? all.transaction : undefined,
    refreshing: status?.refreshing ? some.transaction : undefined,
    failure: sync.failure ?? all.failed ?? some.failed,
  };
}

export type Refreshing = ReturnType<typeof useRefreshing>;
