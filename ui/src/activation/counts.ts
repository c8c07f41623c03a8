// Sums over the states of licensed users. Pure.

import type { ActivationStatus } from "../host/generated";

/** How many are in one of these states. */
export function inState(status: ActivationStatus, ...states: readonly string[]): number {
  return status.states.filter((one) => states.includes(one.state)).reduce((sum, one) => sum + one.count, 0);
}

/** Everybody who is not provisioned yet. */
export function onTheWay(status: ActivationStatus): number {
  return Math.max(0, status.total - inState(status, "provisioned"));
}
