import { moment, secondsUntil } from "../format/time";
import { useNow } from "../format/useNow";
import { useAction, useCommand } from "../host";
import { Button, Dialog, FailureNote, Loading, StatusMark, toastFailure } from "../ui";
import { NoticeWayOut } from "./NoticeActions";
import styles from "./Notices.module.css";
import { byWeight, URGENCY } from "./notices";

/** Everything that needs somebody's attention, with its way out; what was put away stands at the end. */
export function NoticeList({ onClose }: { onClose: () => void }) {
  const now = useNow();
  const { data, error, refetch } = useCommand("notifications.list", {});
  const dismiss = useAction("notifications.dismiss", toastFailure);
  const sorted = data?.notices.toSorted(byWeight) ?? [];
  const open = sorted.filter((one) => !one.dismissed);
  const away = sorted.filter((one) => one.dismissed);
  const line = (notice: (typeof sorted)[number]) => (
    <li key={notice.id} className={styles.notice}>
      <StatusMark {...URGENCY[notice.urgency]} size={16} />
      <div className="grow">
        <p className={styles.title}>{notice.title}</p>
        <p className="soft break">{notice.message}</p>
        {notice.at === null ? null : <p className="cap">{`${secondsUntil(notice.at, now) > 0 ? "Ends" : "Since"} ${moment(notice.at, now)}`}</p>}
      </div>
      <span className={styles.actions}>
        <NoticeWayOut notice={notice} small onGo={onClose} />
        {notice.dismissed ? null : (
          <Button kind="ghost" small aria-label={`Dismiss: ${notice.title}`} onPress={() => void dismiss.run({ ids: [notice.id] })}>
            Dismiss
          </Button>
        )}
      </span>
    </li>
  );
  return (
    <Dialog
      title="Needs attention"
      size="huge"
      dismissable
      onClose={onClose}
      {...(open.length > 1
        ? {
            actions: (
              <Button busy={dismiss.busy} onPress={() => void dismiss.run({ ids: open.map((one) => one.id) })}>
                Dismiss all {open.length}
              </Button>
            ),
          }
        : {})}
    >
      {error ? <FailureNote failure={error} onRetry={() => void refetch()} /> : data === undefined ? <Loading what="what needs attention" /> : open.length === 0 ? <p>Nothing needs attention now. Patchbay warns before a consent ends, when one is gone, when permissions are missing and when a schedule keeps failing.</p> : null}
      <ul>{open.map(line)}</ul>
      {away.length > 0 ? (
        <section>
          <h3 className={styles.away}>Put away</h3>
          <ul>{away.map(line)}</ul>
        </section>
      ) : null}
    </Dialog>
  );
}
