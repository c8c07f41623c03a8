import type { Organisation } from "../host";
import { Banner, Button, Progress } from "../ui";
import styles from "./DirectorySync.module.css";
import { summary } from "./summary";
import { useDirectorySync, useShownEnterprise } from "./useDirectorySync";
import { held, HOLD_SECONDS } from "./words";

/** How directory synchronisation stands, over the page; nothing while it is open and nothing has failed. */
export function DirectorySyncBanner({ organisation }: { organisation: Organisation }) {
  const { data, now, since } = useDirectorySync(organisation);
  const [, show] = useShownEnterprise();
  if (data?.availability.state !== "available") return null;
  const said = summary(data.enterprises, now);
  if (said === null) return null;
  const [only] = data.enterprises.length === 1 ? data.enterprises : [];
  const bar = only?.gate.state === "held" ? held(only.gate, since) : null;
  return (
    <Banner
      tone={said.tone}
      shape={said.shape}
      edge
      title={said.title}
      actions={
        <>
          {bar ? (
            <span className={styles.hold}>
              <span className="cap num">{bar.words}</span>
              <Progress label={bar.spoken} parts={[{ value: bar.seconds, tone: "idle" }]} total={HOLD_SECONDS} height={4} />
            </span>
          ) : null}
          <Button small aria-label="Details of Directory Sync" onPress={() => show(only?.id ?? "all")}>
            Details
          </Button>
        </>
      }
    >
      {said.text}
    </Banner>
  );
}
