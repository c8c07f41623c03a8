import { RefreshCw } from "lucide-react";
import { clock, day, relative } from "../format/time";
import { useNow } from "../format/useNow";
import { IconButton } from "./Button";
import { StatusMark } from "./StatusMark";
import styles from "./Freshness.module.css";

interface FreshnessProps {
  /** When the data was copied; null if it never was. */
  asOf: string | null;
  /** What the refresh button renews: "Refresh people and numbers". */
  label: string;
  busy?: boolean;
  disabledReason?: string | null;
  onRefresh?: () => void;
}

/** "as of 14:43, 2 min ago" with a refresh button, beside the title of a page with remote data. */
export function Freshness({ asOf, label, busy = false, disabledReason, onRefresh }: FreshnessProps) {
  const ticked = useNow();
  // The clock here ticks slowly: what has just been read is never of the future.
  const now = asOf !== null && new Date(asOf) > ticked ? new Date(asOf) : ticked;
  const today = asOf !== null && new Date(asOf).toDateString() === now.toDateString();
  return (
    <span className={styles.fresh}>
      {busy ? (
        <>
          <StatusMark shape="busy" /> refreshing
        </>
      ) : asOf === null ? (
        "never read from Webex"
      ) : (
        `as of ${today ? "" : `${day(asOf, now)}, `}${clock(asOf)}, ${relative(asOf, now)}`
      )}
      {/* It stays while it is busy: whoever pressed it keeps the focus. */}
      {onRefresh ? <IconButton icon={RefreshCw} label={label} keys="F5" disabledReason={busy ? "It is being read." : disabledReason} onPress={onRefresh} /> : null}
    </span>
  );
}
