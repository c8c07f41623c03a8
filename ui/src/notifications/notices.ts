// What needs somebody's attention, as the page shows it.

import { type Notice, useCommand } from "../host";
import type { MarkShape, Tone } from "../ui";

export const URGENCY: Record<Notice["urgency"], { shape: MarkShape; tone: Tone }> = {
  urgent: { shape: "bad", tone: "bad" },
  warning: { shape: "warn", tone: "warn" },
  info: { shape: "info", tone: "busy" },
};

const WEIGHT: Record<Notice["urgency"], number> = { urgent: 0, warning: 1, info: 2 };

/** Heaviest first, then the one that happens first. Pure. */
export function byWeight(a: Notice, b: Notice): number {
  return WEIGHT[a.urgency] - WEIGHT[b.urgency] || (a.at ?? "").localeCompare(b.at ?? "") || a.title.localeCompare(b.title);
}

/** What has not been put away, heaviest first. */
export function useAttention(): readonly Notice[] {
  const { data } = useCommand("notifications.list", {});
  return data?.notices.filter((one) => !one.dismissed).toSorted(byWeight) ?? [];
}
