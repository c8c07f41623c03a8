import { usePreferences } from "../shell/preferences";

/** From how many days left a consent is shown as ending soon: the first of the warning days that are set (product O7). */
export function useWarnDays(): number {
  const { preferences } = usePreferences();
  const days = preferences?.warningDays ?? [];
  return days.length === 0 ? 0 : Math.max(...days);
}
