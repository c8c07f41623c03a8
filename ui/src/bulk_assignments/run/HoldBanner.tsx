/** Why the run waits, until when, and what ends it. One table for all reasons. */
import { useNavigate } from "@tanstack/react-router";
import type { Hold, HoldReason, RunProgress } from "../../host";
import { useAction } from "../../host";
import { secondsUntil, span } from "../../format/time";
import { Banner, Button, Copy, type MarkShape, toastFailure } from "../../ui";
import styles from "./RunPage.module.css";

type Way = "resume" | "connect" | "none";

/** What a person can do about it; a wait that ends by itself needs nothing. */
const reasons: Record<HoldReason, { title: string; tone: "info" | "warn" | "bad"; shape: MarkShape; way: Way }> = {
  person: { title: "Paused.", tone: "info", shape: "wait", way: "resume" },
  throttled: { title: "Webex asked us to slow down (429).", tone: "warn", shape: "wait", way: "none" },
  network: { title: "Webex cannot be reached.", tone: "warn", shape: "wait", way: "resume" },
  webex_trouble: { title: "Webex has trouble of its own.", tone: "warn", shape: "wait", way: "resume" },
  consent: { title: "The organisation must be connected again.", tone: "bad", shape: "bad", way: "connect" },
  licences_exhausted: { title: "A licence of the plan has run out.", tone: "bad", shape: "bad", way: "resume" },
  vault: { title: "The secrets are locked.", tone: "bad", shape: "bad", way: "resume" },
  disk: { title: "The ledger cannot be written.", tone: "bad", shape: "bad", way: "resume" },
};

export function HoldBanner({ run, hold, now }: { run: RunProgress; hold: Hold; now: Date }) {
  const navigate = useNavigate();
  const resume = useAction("runs.resume", toastFailure);
  // A reason of a newer core is shown with its own sentence.
  const { title, tone, shape, way } = reasons[hold.reason] ?? { title: "The run waits.", tone: "warn", shape: "wait", way: "resume" };
  const left = hold.until === null ? null : Math.max(0, secondsUntil(hold.until, now));
  const countdown = left === null ? "" : left > 0 ? ` Resuming in ${span(left)}.` : " Resuming.";
  // The core's sentence may begin with the words of the title; nobody needs them twice.
  const detail = hold.message.startsWith(title) ? hold.message.slice(title.length).trim() : hold.message;
  const act = run.state === "running" && left !== null ? "none" : way;
  return (
    <Banner
      edge
      tone={tone}
      shape={shape}
      title={`${title}${countdown}`}
      {...(act === "none"
        ? {}
        : {
            actions: (
              <>
                {act === "connect" && <Button onPress={() => void navigate({ to: "/organisations" })}>Open Organisations</Button>}
                <Button busy={resume.busy} onPress={() => void resume.run({ run: run.id })}>
                  Go on
                </Button>
              </>
            ),
          })}
    >
      {detail}
      {hold.trackingId !== null && (
        <span className={styles.tracking}>
          tracking id <Copy text={hold.trackingId} what="tracking id" />
        </span>
      )}
    </Banner>
  );
}
