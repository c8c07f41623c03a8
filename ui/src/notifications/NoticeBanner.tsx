import { useLocation, useParams } from "@tanstack/react-router";
import { useAction } from "../host";
import { useCurrentOrganisation } from "../shell/preferences";
import { Banner, Button, LinkButton, toastFailure } from "../ui";
import { NoticeWayOut } from "./NoticeActions";
import { useAttention } from "./notices";

/** The heaviest warning over the page. A page that has a banner of its own shows that one instead (see Shell.module.css). */
export function NoticeBanner({ onAll }: { onAll: () => void }) {
  const dismiss = useAction("notifications.dismiss", toastFailure);
  const { organisation } = useParams({ strict: false });
  const current = useCurrentOrganisation()?.id;
  const onOverview = useLocation({ select: ({ pathname }) => pathname === "/overview" });
  // The overview lists what its organisation needs by itself.
  const notices = useAttention().filter((one) => one.urgency !== "info" && !(onOverview && one.organisation === current));
  const [first] = notices;
  // The page of an organisation says its own state beside what can be done about it; others would only be in the way.
  if (first === undefined || organisation !== undefined) return null;
  const more = notices.length - 1;
  return (
    <Banner
      tone={first.urgency === "urgent" ? "bad" : "warn"}
      title={/[.!?]$/.test(first.title) ? first.title : `${first.title}.`}
      edge
      actions={
        <>
          <NoticeWayOut notice={first} />
          <Button kind="ghost" busy={dismiss.busy} aria-label={`Dismiss: ${first.title}`} onPress={() => void dismiss.run({ ids: [first.id] })}>
            Dismiss
          </Button>
        </>
      }
    >
      {first.message}
      {more > 0 ? (
        <>
          {" "}
          <LinkButton onPress={onAll}>{more === 1 ? "1 more needs attention" : `${more} more need attention`}</LinkButton>
        </>
      ) : null}
    </Banner>
  );
}
