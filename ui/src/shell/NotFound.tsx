import { Link } from "@tanstack/react-router";
import { buttonClass, EmptyState } from "../ui";
import { Page, PageHead } from "./Page";

export function NotFound() {
  return (
    <Page title="Not found" head={<PageHead title="Not found" />}>
      <EmptyState
        title="There is no page at this address"
        action={
          <Link to="/overview" className={buttonClass()}>
            Open Overview
          </Link>
        }
      >
        It may be of another version of Patchbay.
      </EmptyState>
    </Page>
  );
}
