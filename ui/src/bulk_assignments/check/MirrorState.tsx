/** What was compared with the copy of Webex, how old the copy is, and the way to a newer one. */
import { useNavigate } from "@tanstack/react-router";
import type { Check, Template } from "../../host";
import { useAction, useCommand } from "../../host";
import { moment, relative } from "../../format/time";
import { useNow } from "../../format/useNow";
import { LinkButton, StatusMark, toastFailure } from "../../ui";
import styles from "./ProblemList.module.css";

export function MirrorState({ template, check }: { template: Template; check: Check }) {
  const navigate = useNavigate();
  const now = useNow();
  const { organisation } = template;
  const copy = useCommand("mirror.status", { organisation: organisation ?? "" }, { enabled: organisation !== null });
  const sync = useAction("mirror.sync", toastFailure);
  const { mirror } = check;
  if (organisation === null || mirror.state === "no_organisation") {
    return (
      <p className={styles.mirror}>
        Only the files were judged. <LinkButton onPress={() => void navigate({ to: "/bulk/$template/upload", params: { template: template.id } })}>Choose an organisation</LinkButton> to compare users, extensions and numbers with Webex.
      </p>
    );
  }
  const syncing = sync.busy || Boolean(copy.data?.syncing);
  const again = syncing ? (
    <span role="status">
      <StatusMark shape="busy" size={12} /> Webex is being read…
    </span>
  ) : (
    <LinkButton onPress={() => void sync.run({ organisation })}>Sync now</LinkButton>
  );
  if (mirror.state === "no_copy") {
    return (
      <p className={styles.mirror}>
        Only the files were judged: {template.organisationName ?? "the organisation"} was never read from Webex. {again}
      </p>
    );
  }
  if (mirror.state === "failed") {
    return (
      <p className={styles.mirror}>
        <StatusMark shape="bad" tone="bad" size={12} /> Users, extensions and numbers could not be compared with the copy of Webex. {mirror.message} {again}
      </p>
    );
  }
  return (
    <p className={styles.mirror}>
      {mirror.state === "judging" ? (
        <>
          <StatusMark shape="busy" size={12} /> Comparing with the copy of Webex
        </>
      ) : (
        "Compared with the copy of Webex"
      )}{" "}
      as of {moment(mirror.asOf, now)}, {relative(mirror.asOf, now)}. {again}
    </p>
  );
}
