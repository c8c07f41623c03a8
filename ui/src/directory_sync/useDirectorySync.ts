// Directory synchronisation of an organisation as the page sees it, kept up to date while it is shown.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useNow } from "../format/useNow";
import { type DirectorySync, host, learn, type Organisation, useCommand } from "../host";
import { pauseSeconds } from "./pauses";
import { readDirectorySyncSearch } from "./search";
import { HOLD_SECONDS } from "./words";

/** The state, and "now" by Webex's clock. */
export function useDirectorySync(organisation: Organisation) {
  const query = useCommand("directorySync.get", { organisation: organisation.id });
  const ticked = useNow(15_000);
  const { data, dataUpdatedAt, refetch } = query;
  const now = useMemo(() => new Date(ticked.getTime() + (data?.clockAheadSeconds ?? 0) * 1000), [ticked, data?.clockAheadSeconds]);
  /** Seconds since the core said how much of a hold is over. */
  const since = Math.max(0, (ticked.getTime() - dataUpdatedAt) / 1000);
  const opened = data?.enterprises.some(({ gate }) => gate.state === "held" && gate.elapsedSeconds + since >= HOLD_SECONDS) ?? false;
  // No topic tells that a hold is over: the core is asked again, at every tick until it says so.
  useEffect(() => {
    if (opened) void refetch();
  }, [opened, ticked, refetch]);
  return { ...query, now, since };
}

/** Whether somebody else's synchronisation is under way; the core follows only those that this desktop asked for. */
export function othersRun(data: DirectorySync | undefined): boolean {
  return data?.availability.state === "available" && data.enterprises.some(({ gate }) => gate.state === "running");
}

/** Asks Webex again and again, with growing pauses, while a synchronisation that nobody follows is under way. */
export function useFollowOthers(organisation: string, running: boolean): void {
  useEffect(() => {
    if (!running) return undefined;
    let asked = 0;
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    const ask = async () => {
      // A failure is no news here: the page says by itself that Webex cannot be reached, and the next pause is longer.
      const reply = await host()
        .call("directorySync.refresh", { organisation })
        .catch(() => null);
      if (over) return;
      if (reply !== null) learn("directorySync.get", { organisation }, reply);
      wait();
    };
    const wait = () => {
      timer = setTimeout(() => void ask(), pauseSeconds(asked) * 1000);
      asked += 1;
    };
    wait();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [organisation, running]);
}

/** Which enterprise the dialog shows, `all`, or undefined while it is closed; and the way to change that. */
export function useShownEnterprise(): [string | undefined, (shown: string | undefined) => void] {
  const { directorySync } = readDirectorySyncSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const show = (shown: string | undefined) => void navigate({ to: ".", search: ((before: Record<string, unknown>) => ({ ...before, directorySync: shown })) as never, replace: true });
  return [directorySync, show];
}
