// Asking Webex again: one user, several, all. Followed until it has ended, and what came of it is said.

import { useNavigate } from "@tanstack/react-router";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
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

interface Ending {
  transaction: Transaction | undefined;
  failed: Failure | null;
  /** Of the one that was begun here: it may have ended before the status has told of it. */
  follow: (transaction: string) => void;
  /** Of what has ended; what is under way is followed on. */
  forget: () => void;
}

/** What the last of the transactions came to, once it has ended. */
function useEnding(current: string | null, onSuccess: RefObject<() => void>): Ending {
  const [followed, setFollowed] = useState<string | null>(current);
  const [seen, setSeen] = useState<string | null>(current);
  const told = useRef<string | null>(null);
  if (current !== seen) {
    setSeen(current);
    if (current !== null) setFollowed(current);
  }
  const navigate = useNavigate();
  const { data } = useCommand("transactions.get", { transaction: followed ?? "" }, { enabled: followed !== null });
  useEffect(() => {
    if (!data || data.endedAt === null || told.current === data.id) return;
    told.current = data.id;
    if (data.state === "succeeded") {
      onSuccess.current();
      const said = data.steps.at(-1)?.detail;
      // A refresh of several has something to say only where not all went well.
      if (said && data.kind === "activation_refresh") toast({ tone: "info", title: `${data.title}: done, but not for all`, detail: said, action: { label: "Open transaction", onPress: () => void navigate({ to: "/transactions", search: { transaction: data.id } }) } });
      else toast({ tone: "ok", title: `${data.title}: done`, ...(said ? { detail: said } : {}) });
    } else if (data.state === "cancelled") {
      toast({ tone: "info", title: `${data.title}: cancelled`, detail: "What was read before stays." });
    } else if (data.failure === null) {
      // Of one that was interrupted there is no failure to show.
      const why = data.state === "interrupted" ? "Patchbay was closed before it had ended. " : "";
      toast({
        tone: "bad",
        title: `${data.title}: ${data.state}`,
        detail: `${why}What was read before stays. Refresh again for the rest.`,
        action: { label: "Open transaction", onPress: () => void navigate({ to: "/transactions", search: { transaction: data.id } }) },
      });
    }
  }, [data, navigate, onSuccess]);
  const ended = data && data.endedAt !== null ? data.id : null;
  const failed = data && data.endedAt !== null && data.state !== "succeeded" && data.state !== "cancelled" ? data.failure : null;
  return { transaction: data?.endedAt === null ? data : undefined, failed: current === null ? failed : null, follow: setFollowed, forget: () => setFollowed((before) => (before === ended ? null : before)) };
}

export function useRefreshing(organisation: Organisation, status: ActivationStatus | undefined) {
  const sync = useAction("activation.sync");
  const several = useAction("activation.refresh", toastFailure);
  const cancelling = useAction("activation.cancelRefresh", toastFailure);
  const { run: askOne } = useAction("activation.refreshUser", toastFailure);
  const [asking, setAsking] = useState<ReadonlySet<string>>(new Set());
  /** The same at once: two presses may come before the page is drawn again. */
  const inFlight = useRef(new Set<string>());
  const off = refreshOff(status, organisation);
  // What failed before is no news once Webex has answered.
  const succeeded = useRef<() => void>(() => undefined);
  const all = useEnding(status?.syncing ?? null, succeeded);
  const some = useEnding(status?.refreshing ?? null, succeeded);
  const { id } = organisation;
  /** The last selection that was asked about, for another try. */
  const [selected, setSelected] = useState<ActivationSelection | null>(null);

  const one = useCallback(
    async (user: Pick<ActivationUser, "key" | "firstName" | "lastName" | "email" | "serviceId" | "extension">) => {
      const { key } = user;
      if (inFlight.current.has(key)) return;
      inFlight.current.add(key);
      setAsking(new Set(inFlight.current));
      announce(`Asking Webex about ${userName(user)}`);
      const reply = await askOne({ organisation: id, key });
      inFlight.current.delete(key);
      setAsking(new Set(inFlight.current));
      if (reply === null) return;
      learn("activation.user", { organisation: id, key }, reply);
      const { word } = stateWords(reply.state);
      toast({ tone: "ok", title: `${userName(reply)}: ${word}`, detail: "Webex has just told it." });
    },
    [askOne, id],
  );

  const readAll = async () => {
    all.forget();
    const begun = await sync.run({ organisation: id });
    if (begun !== null) all.follow(begun.transaction);
  };
  const readSome = async (selection: ActivationSelection) => {
    some.forget();
    setSelected(selection);
    const begun = await several.run({ organisation: id, selection });
    if (begun !== null) some.follow(begun.transaction);
    return begun !== null;
  };
  const forget = () => {
    sync.reset();
    all.forget();
    some.forget();
  };
  useLayoutEffect(() => {
    succeeded.current = forget;
  });
  const failed = sync.failure ?? all.failed;
  const failure: { failure: Failure; retry: (() => void) | undefined } | null =
    failed !== null ? { failure: failed, retry: () => void readAll() } : some.failed !== null ? { failure: some.failed, retry: selected === null ? undefined : () => void readSome(selected) } : null;

  return {
    off,
    /** Why nothing of several can be begun: it is under way, or `off`. */
    allOff: off ?? (status?.syncing || sync.busy ? "All are being read." : null),
    someOff: off ?? (status?.refreshing || several.busy ? "Others are being refreshed." : null),
    one,
    asking,
    all: () => void readAll(),
    some: readSome,
    cancel: () => void cancelling.run({ organisation: id }),
    cancelling: cancelling.busy,
    starting: sync.busy || several.busy,
    syncing: status?.syncing ? all.transaction : undefined,
    refreshing: status?.refreshing ? some.transaction : undefined,
    /** What of several could not be read, and the way to ask for just that again. */
    failure,
    /** Takes that away. */
    forget,
  };
}

export type Refreshing = ReturnType<typeof useRefreshing>;
