/** Why the run waits, until when, and what ends it. One table for all reasons. */
import { useNavigate } from "@tanstack/react-router";
import { LockOpen } from "lucide-react";
import type { Hold, HoldReason, RunProgress } from "../../host";
import { openVault, useAction, useCommand } from "../../host";
import { secondsUntil, span } from "../../format/time";
import { Banner, Button, Copy, type MarkShape, toastFailure } from "../../ui";
import styles from "./RunPage.module.css";

type Way = "resume" | "connect" | "unlock" | "none";

/** What a person can do about it; a wait that ends by itself needs nothing. */
const reasons: Record<HoldReason, { title: string; tone: "info" | "warn" | "bad"; shape: MarkShape; way: Way }> = {
  person: { title: "Paused.", tone: "info", shape: "wait", way: "none" },
  throttled: { title: "Webex asked us to slow down (429).", tone: "warn", shape: "wait", way: "none" },
  network: { title: "Webex cannot be reached.", tone: "warn", shape: "wait", way: "resume" },
  webex_trouble: { title: "Webex has trouble of its own.", tone: "warn", shape: "wait", way: "resume" },
  consent: { title: "The organisation must be connected again.", tone: "bad", shape: "bad", way: "connect" },
  licences_exhausted: { title: "A licence of the plan has run out.", tone: "bad", shape: "bad", way: "resume" },
  vault: { title: "The secrets are locked.", tone: "bad", shape: "bad", way: "unlock" },
  disk: { title: "The ledger cannot be written.", tone: "bad", shape: "bad", way: "resume" },
};

/** A wait for consent that has been given meanwhile. */
const connectedAgain: (typeof reasons)[HoldReason] = { title: "The organisation is connected again; the run can be resumed.", tone: "info", shape: "wait", way: "resume" };

export function HoldBanner({ run, hold, now }: { run: RunProgress; hold: Hold; now: Date }) {
  const navigate = useNavigate();
  const resume = useAction("runs.resume", toastFailure);
  // A reason of a newer core is shown with its own sentence.
  const consent = useCommand("organisations.get", { organisation: run.organisation }, { enabled: hold.reason === "consent" }).data?.consent.state;
  const known = hold.reason === "consent" && consent === "granted" ? connectedAgain : reasons[hold.reason];
  const { title, tone, shape, way } = known ?? { title: "The run waits.", tone: "warn", shape: "wait", way: "resume" };
  const left = hold.until === null ? null : Math.max(0, secondsUntil(hold.until, now));
  const countdown = left === null ? "" : left > 0 ? ` Resuming in ${span(left)}.` : " Resuming.";
  // The core's sentence may begin with the words of the title; nobody needs them twice.
  const detail = known === connectedAgain ? "It waited for consent. No row was lost." : hold.message.startsWith(title) ? hold.message.slice(title.length).trim() : hold.message;
  const goOn = () => void resume.run({ run: run.id });
  const unlock = async () => {
    if (await openVault()) goOn();
  };
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
                {act === "unlock" && (
                  <Button kind="primary" icon={LockOpen} busy={resume.busy} onPress={() => void unlock()}>
                    Unlock and resume
                  </Button>
                )}
                {act === "connect" && <Button onPress={() => void navigate({ to: "/organisations/$organisation", params: { organisation: run.organisation } })}>Open {run.organisationName}</Button>}
                {act !== "unlock" && (
                  <Button busy={resume.busy} onPress={goOn}>
                    Resume
                  </Button>
                )}
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
