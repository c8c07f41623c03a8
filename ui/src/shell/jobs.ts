// What is running: runs first, then the transactions that are not carried by one of them.

import { count, counted, percent } from "../format/number";
import { type RunProgress, type Transaction, type TransactionKind, useCommand } from "../host";

/** Rows of a run that are settled. */
export function runDone(run: RunProgress): number {
  return run.assigned + run.already + run.failed + run.skipped + run.unknown;
}

/** 0 to 4: the 25 % step a run has reached. */
export function quarter(run: RunProgress): number {
  return Math.floor(percent(runDone(run), run.rows) / 25);
}

/** Progress of a transaction over its steps; total is null while one does not know its end. */
export function transactionProgress(transaction: Transaction): { done: number; total: number | null; step: string | null } {
  const current = transaction.steps.find((step) => step.state === "running");
  // A step of one thing has nothing to count.
  if (current) return current.total === 1 ? { done: 0, total: null, step: current.name } : { done: current.done, total: current.total, step: current.name };
  const finished = transaction.steps.filter((step) => step.state === "succeeded").length;
  return { done: finished, total: transaction.steps.length === 0 ? null : transaction.steps.length, step: null };
}

/** Kinds whose last step looks at Webex again and again: what it counts without an end are looks, not things done. */
const FOLLOWED: readonly TransactionKind[] = ["wholesale_change", "directory_sync", "activation_mails"];

/** How far a step is: "3 / 12", "1,200 so far", "looked 3 times"; empty where there is nothing to count. */
export function amount({ kind }: Pick<Transaction, "kind">, done: number, total: number | null): string {
  if (total !== null) return `${count(done)} / ${count(total)}`;
  if (done === 0) return "";
  return FOLLOWED.includes(kind) ? `looked ${counted(done, "time")}` : `${count(done)} so far`;
}

export interface Jobs {
  runs: readonly RunProgress[];
  transactions: readonly Transaction[];
  /** The run the strip shows: the one that ends last. */
  longest: RunProgress | null;
}

export function useJobs(): Jobs {
  const runs = useCommand("runs.active", {}).data?.runs ?? [];
  const running = useCommand("transactions.list", { filter: { organisation: null, kinds: [], state: "running", since: null, until: null, search: null }, offset: 0, limit: 20 }).data?.transactions ?? [];
  const carried = new Set(runs.map((run) => run.id));
  const transactions = running.filter((one) => one.run === null || !carried.has(one.run));
  const longest = runs.toSorted((a, b) => (b.secondsLeft ?? Number.MAX_SAFE_INTEGER) - (a.secondsLeft ?? Number.MAX_SAFE_INTEGER))[0] ?? null;
  return { runs, transactions, longest };
}
