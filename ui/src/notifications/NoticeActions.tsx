import { useNavigate } from "@tanstack/react-router";
import type { Notice } from "../host";
import { Button } from "../ui";

/** The way out of a warning. */
export function NoticeWayOut({ notice, small = false, onGo }: { notice: Notice; small?: boolean; onGo?: () => void }) {
  const navigate = useNavigate();
  const connect = () => {
    onGo?.();
    void navigate({ to: "/organisations/$organisation", params: { organisation: notice.organisation }, search: { connect: true } });
  };
  const schedules = () => {
    onGo?.();
    void navigate({ to: "/schedules", search: { organisation: notice.organisation } });
  };
  return notice.kind === "schedule_fails" ? (
    <Button small={small} onPress={schedules} aria-label={`Open schedules of ${notice.organisationName}`}>
      Open schedules
    </Button>
  ) : (
    <Button small={small} onPress={connect} aria-label={`${notice.kind === "permissions_missing" ? "Connect again" : "Connect to Webex"}: ${notice.organisationName}`}>
      {notice.kind === "permissions_missing" ? "Connect again…" : "Connect to Webex…"}
    </Button>
  );
}
