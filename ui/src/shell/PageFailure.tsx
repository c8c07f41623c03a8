import type { ErrorComponentProps } from "@tanstack/react-router";
import { asFailure } from "../host";
import { FailureNote } from "../ui";
import { Page, PageHead } from "./Page";
import styles from "./PageFailure.module.css";

/** A page that could not be shown at all. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const failure = asFailure(error, "this page");
  return (
    <Page title="Something went wrong" head={<PageHead title="Something went wrong" />}>
      <div className={styles.note}>
        <FailureNote failure={{ ...failure, retryable: true }} onRetry={reset} />
      </div>
    </Page>
  );
}
