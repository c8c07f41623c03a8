import { useNavigate } from "@tanstack/react-router";
import { count } from "../format/number";
import { type Organisation, useCommand } from "../host";
import { usePreferences } from "../shell/preferences";
import { Badge, Button, FailureNote, Freshness } from "../ui";
import { customerStatus } from "../wholesale/words";
import styles from "./Organisation.module.css";

/** How the customers of a wholesale organisation stand, with the way to them. */
export function WholesaleBox({ organisation }: { organisation: Organisation }) {
  const navigate = useNavigate();
  const { change } = usePreferences();
  const { data, error, refetch } = useCommand("wholesale.customers", { organisation: organisation.id, filter: { search: null, status: null, sort: "org_name", descending: false }, offset: 0, limit: 1 });
  const open = async () => {
    await change({ organisation: organisation.id });
    await navigate({ to: "/customers" });
  };
  return (
    <section className={styles.mirror} aria-labelledby="wholesale-title">
      <div className={styles.mirrorHead}>
        <h2 className={styles.sideTitle} id="wholesale-title">
          Wholesale customers
        </h2>
        {data ? <Freshness asOf={data.asOf} label="Refresh customers" busy={data.syncing !== null} /> : null}
        <span className="push">
          <Button small onPress={() => void open()}>
            Open Customers
          </Button>
        </span>
      </div>
      {error ? <FailureNote failure={error} onRetry={() => void refetch()} /> : null}
      {data && data.statuses.length > 0 ? (
        <ul className={styles.badges}>
          {data.statuses.map(({ status, customers }) => {
            const words = customerStatus(status);
            return (
              <li key={status}>
                <Badge shape={words.shape} tone={words.tone}>
                  {count(customers)} {words.word.toLowerCase()}
                </Badge>
              </li>
            );
          })}
        </ul>
      ) : data ? (
        <p className="small muted">{data.asOf === null ? "Customers have not been read from Webex yet." : "Webex knows no customer of this organisation."}</p>
      ) : null}
    </section>
  );
}
