// What of the Customers page stands in its address.

import type { CustomerSort } from "../host/generated";
import { flag, oneOf, text } from "../shell/address";

export interface CustomersView {
  search?: string | undefined;
  status?: string | undefined;
  sort?: CustomerSort | undefined;
  descending?: boolean | undefined;
  /** The one whose panel is open. */
  customer?: string | undefined;
}

export function readCustomersView(raw: Record<string, unknown>): CustomersView {
  return {
    search: text(raw["search"]),
    status: text(raw["status"]),
    sort: oneOf(raw["sort"], ["org_name", "external_id", "status"]),
    descending: flag(raw["descending"]),
    customer: text(raw["customer"]),
  };
}
