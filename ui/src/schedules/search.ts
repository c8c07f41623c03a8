// What of the Schedules page stands in its address.

import type { ScheduleKind } from "../host/generated";
import { flag, oneOf, text } from "../shell/address";

export interface SchedulesView {
  search?: string | undefined;
  kind?: ScheduleKind | "all" | undefined;
  troubled?: boolean | undefined;
  organisation?: string | undefined;
}

export const readSchedulesView = (raw: Record<string, unknown>): SchedulesView => ({
  search: text(raw["search"]),
  kind: oneOf(raw["kind"], ["all", "token_refresh", "mirror_sync", "wholesale_sync"]),
  troubled: flag(raw["troubled"]),
  organisation: text(raw["organisation"]),
});
