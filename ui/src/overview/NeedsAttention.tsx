import { useNavigate } from "@tanstack/react-router";
import { showOnly } from "../activation/showOnly";
import { type AttentionItem, type Organisation, useCommand } from "../host";
import { NoticeWayOut } from "../notifications/NoticeActions";
import { URGENCY } from "../notifications/notices";
import { usePreferences } from "../shell/page";
import { Button, FailureNote, Loading, StatusMark, Tag } from "../ui";
import styles from "./Overview.module.css";
import { Pane } from "./Pane";

/** The way out of what needs attention; it leads to the organisation it is about. */
function WayOut({ item, current, onLicences }: { item: AttentionItem; current: string; onLicences: () => void }) {
  const navigate = useNavigate();
  const { change } = usePreferences();
  const there = (go: () => void) => {
    if (item.organisation === current) go();
    else void change({ organisation: item.organisation }).then(go);
  };
  const { action } = item;
  const way = (words: string, go: () => void) => (
    <Button aria-label={`${words}: ${item.title}`} onPress={() => there(go)}>
      {words}
    </Button>
  );
  const users = (search: { state?: string; stuck?: boolean }) => {
    showOnly(item.organisation, search);
    void navigate({ to: "/activation", search });
  };
  switch (action.kind) {
    case "notice":
      return <NoticeWayOut notice={action.notice} />;
    case "open_activation":
      return way("Open activation", () => void navigate({ to: "/activation" }));
    case "show_stuck":
      return way("Show stuck users", () => users({ stuck: true }));
    case "show_state":
      return way("Show users", () => users({ state: action.state }));
    case "open_directory_sync":
      return way("Open Directory Sync", () => void navigate({ to: "/activation", search: { directorySync: action.enterprise } }));
    case "open_run": {
      const { template } = action;
      return template === null
        ? way("Open transactions", () => void navigate({ to: "/transactions", search: { kind: "bulk_assignment" } }))
        : way("Open run", () => void navigate({ to: "/bulk/$template/run", params: { template } }));
    }
    case "open_transaction":
      return way("Open transaction", () => void navigate({ to: "/transactions", search: { transaction: action.transaction } }));
    case "show_licences":
      return way("Show licences", onLicences);
  }
}

/** What an administrator should look at first, heaviest first, each with its way out. */
export function NeedsAttention({ organisation, onLicences }: { organisation: Organisation; onLicences: () => void }) {
  const { data, error, refetch } = useCommand("overview.attention", { organisation: organisation.id });
  const items = data?.items ?? [];
  return (
    <Pane title="Needs attention" note={items.length > 0 ? items.length : undefined}>
      {error ? <FailureNote failure={error} organisation={organisation.id} onRetry={() => void refetch()} /> : null}
      {data === undefined && !error ? <Loading what="what needs attention" /> : null}
      {data && items.length === 0 ? (
        <p className={styles.nothing}>
          <StatusMark shape="done" tone="ok" size={16} />
          <span>
            <span className="medium">Nothing needs attention now.</span>
            <br />
            <span className="small soft">Here will stand: a consent that ends, work that failed or waits, users who do not get on, licences that run short.</span>
          </span>
        </p>
      ) : null}
      <ul className={styles.items}>
        {items.map((item) => (
          <li key={item.id} className={styles.item}>
            <StatusMark {...URGENCY[item.urgency]} size={16} />
            <div className="grow">
              <h3 className={styles.itemTitle}>
                <span className="break">{item.title}</span>
                {item.organisation === organisation.id ? null : <Tag>{item.organisationName}</Tag>}
              </h3>
              <p className={styles.itemText}>{item.message}</p>
            </div>
            <span className={styles.itemAction}>
              <WayOut item={item} current={organisation.id} onLicences={onLicences} />
            </span>
          </li>
        ))}
      </ul>
    </Pane>
  );
}
