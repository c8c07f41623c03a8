// What of the Activation page stands in its address.

import { flag, text } from "../shell/address";

export interface ActivationSearch {
  state?: string | undefined;
  stuck?: boolean | undefined;
}

export function readActivationSearch(raw: Record<string, unknown>): ActivationSearch {
  return { state: text(raw["state"]), stuck: flag(raw["stuck"]) };
}
