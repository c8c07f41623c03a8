// Commands as React sees them: queries that listen to topics, and actions that ask for the vault when they need it.

import { keepPreviousData, QueryClient, queryOptions, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { type Failure, reads, type Topic } from "./generated";
import { asFailure, type CommandName, host, type Reply, type Request } from "./host";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 60_000,
      networkMode: "always",
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (times, failure) => (failure as unknown as Failure).retryable && times < 1,
      retryDelay: 400,
    },
  },
});

/** The key of a query; the command comes first so that topics find it. */
export function commandKey<C extends CommandName>(command: C, request: Request<C>): readonly [C, Request<C>] {
  return [command, request] as const;
}

/** A command as query options, for `useQueries`, `prefetchQuery` and `fetchQuery`. */
export function commandQuery<C extends CommandName>(command: C, request: Request<C>) {
  return queryOptions<Reply<C>, Failure>({ queryKey: commandKey(command, request), queryFn: () => host().call(command, request) });
}

interface QueryOptions {
  /** False while the request is not known yet. */
  enabled?: boolean;
  /** Shows the reply to the last request while the next one is on its way: for searches, never for another object. */
  keepPrevious?: boolean;
}

/** Reads a command and reads it again when one of its topics is published. */
export function useCommand<C extends CommandName>(command: C, request: Request<C>, options: QueryOptions = {}): UseQueryResult<Reply<C>, Failure> {
  const { enabled = true, keepPrevious = false } = options;
  return useQuery<Reply<C>, Failure>({
    queryKey: commandKey(command, request),
    queryFn: () => host().call(command, request),
    enabled,
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  });
}

/** Puts a reply into the cache that another command has just given. */
export function learn<C extends CommandName>(command: C, request: Request<C>, reply: Reply<C>): void {
  queryClient.setQueryData(commandKey(command, request), reply);
}

let stale = new Set<Topic>();
let refreshing = false;
/** The pause after a round: work that tells of itself ten times a second is drawn four times a second. */
const ROUND_MS = 250;
const pause = () => new Promise((over) => setTimeout(over, ROUND_MS));

/**
 * Invalidates what reads these topics. Topics heard while a refresh is under way are kept for the next round:
 * restarting the reads at every event would starve a page that takes longer than the pause between two events.
 */
export async function topicsPublished(topics: readonly Topic[]): Promise<void> {
  for (const topic of topics) stale.add(topic);
  if (refreshing) return;
  refreshing = true;
  try {
    while (stale.size > 0) {
      const round = stale;
      stale = new Set();
      await queryClient.invalidateQueries({
        predicate: ({ queryKey }) => {
          const read: readonly Topic[] | undefined = reads[queryKey[0] as CommandName];
          return read?.some((topic) => round.has(topic)) ?? false;
        },
      });
      await pause();
    }
  } finally {
    refreshing = false;
  }
}

/** Asks the person to open or create the vault; true when it is open now. */
type VaultAsker = () => Promise<boolean>;
let askForVault: VaultAsker = async () => false;

/** The vault's dialogs register here. */
export function setVaultAsker(asker: VaultAsker): void {
  askForVault = asker;
}

/** Opens or creates the vault, asking the person where that is needed; true when it is open now. */
export async function openVault(): Promise<boolean> {
  const status = await host().call("vault.status", {});
  // The dialog reads the same query: what it knew before somebody had to ask may be from before the vault was locked.
  learn("vault.status", {}, status);
  return status.state === "open" || (await askForVault());
}

/** Carries out a command; when the vault is closed, asks for it and repeats the command. Rejects with a `Failure`. */
export async function carryOut<C extends CommandName>(command: C, request: Request<C>): Promise<Reply<C>> {
  try {
    return await host().call(command, request);
  } catch (thrown) {
    const failure = asFailure(thrown, command);
    // The vault's own commands fail in its dialog: asking again for the same thing would wait for itself.
    const closed = !command.startsWith("vault.") && (failure.code === "vault_locked" || failure.code === "vault_missing");
    if (closed && (await openVault())) return await host().call(command, request);
    throw failure;
  }
}

export interface Action<C extends CommandName> {
  /** Carries the command out. Resolves to null when it failed; the failure is then in `failure` or was told to `onFailure`. */
  run: (request: Request<C>) => Promise<Reply<C> | null>;
  busy: boolean;
  failure: Failure | null;
  reset: () => void;
}

/**
 * A command as an action. Without `onFailure` the component shows `failure` where the person looks; with it, for
 * instance `toastFailure`, `failure` stays null, so each error is shown once.
 */
export function useAction<C extends CommandName>(command: C, onFailure?: (failure: Failure) => void): Action<C> {
  const [state, setState] = useState<{ busy: boolean; failure: Failure | null }>({ busy: false, failure: null });
  const told = useRef(onFailure);
  useLayoutEffect(() => {
    told.current = onFailure;
  });
  const run = useCallback(
    async (request: Request<C>) => {
      setState({ busy: true, failure: null });
      try {
        const reply = await carryOut(command, request);
        setState({ busy: false, failure: null });
        return reply;
      } catch (thrown) {
        const failure = asFailure(thrown, command);
        if (told.current) {
          told.current(failure);
          setState({ busy: false, failure: null });
        } else {
          setState({ busy: false, failure });
        }
        return null;
      }
    },
    [command],
  );
  const reset = useCallback(() => setState({ busy: false, failure: null }), []);
  return { run, busy: state.busy, failure: state.failure, reset };
}
