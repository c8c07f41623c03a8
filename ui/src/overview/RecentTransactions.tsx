import { Link } from "@tanstack/react-router";
import { clock, day, isToday } from "../format/time";
import { useNow } from "../format/useNow";
import { type Organisation, useCommand } from "../host";
import { stateWords } from "../transactions/words";
import { FailureNote, Loading, Status } from "../ui";
import styles from "./Overview.module.css";
import { Pane } from "./Pane";

const SHOWN = 6;

/** What Patchbay did last in the organisation. */
export function RecentTransactions({ organisation }: { organisation: Organisation }) {
  const now = useNow(60_000);
  const filter = { organisation: organisation.id, kinds: [], state: null, since: null, until: null, search: null };
  const { data, error, refetch } = useCommand("transactions.list", { filter, offset: 0, limit: SHOWN });
  const transactions = data?.transactions ?? [];
  const today = transactions.length > 0 && transactions.every((one) => isToday(one.startedAt, now));
  return (
    <Pane
      title="Recent transactions"
      flush
      note={today ? "today" : undefined}
      link={
        <Link to="/transactions" search={{ organisation: organisation.id }}>
          All transactions
        </Link>
      }
    >
      {error ? <FailureNote failure={error} onRetry={() => void refetch()} /> : null}
      {data === undefined && !error ? <Loading what="transactions" /> : null}
      {data && transactions.length === 0 ? <p className="small soft">Nothing has been done in this organisation yet.</p> : null}
      {transactions.length > 0 ? (
        <table className={styles.recent}>
          <caption className="sr">Recent transactions</caption>
          <colgroup>
            <col className={styles.when} />
            <col />
            <col className={styles.who} />
            <col className={styles.state} />
          </colgroup>
          <thead className="sr">
            <tr>
              <th scope="col">Started</th>
              <th scope="col">Transaction</th>
              <th scope="col">Who</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {transactions.map((one) => {
              const words = stateWords(one.state);
              return (
                <tr key={one.id}>
                  <td className="num muted nowrap">{isToday(one.startedAt, now) ? clock(one.startedAt) : day(one.startedAt, now)}</td>
                  <th scope="row">
                    <Link to="/transactions" search={{ transaction: one.id }} className={`clip ${styles.what}`} title={one.title}>
                      {one.title}
                    </Link>
                  </th>
                  <td className="soft clip" title={one.who}>
                    {one.who}
                  </td>
                  <td>
                    <Status shape={words.shape} tone={words.tone}>
                      {words.word}
                    </Status>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ) : null}
    </Pane>
  );
}
