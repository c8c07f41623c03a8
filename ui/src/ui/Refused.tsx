import { sentence } from "../format/sentence";
import { Copy } from "./Copy";

/** What Webex said when it refused, as a sentence, with the id by which Cisco finds it. */
export function Refused({ reason, trackingId }: { reason: string; trackingId: string | null }) {
  return (
    <>
      {sentence(reason)}
      {trackingId === null ? null : (
        <>
          {" "}
          Tracking id <Copy text={trackingId} what="tracking id" />
        </>
      )}
    </>
  );
}
