import { RefreshCw } from "lucide-react";
import { count } from "../format/number";
import { moment } from "../format/time";
import { useNow } from "../format/useNow";
import { type MirrorKind, type Organisation, useAction, useCommand } from "../host";
import { useShortcuts } from "../shell/page";
import { Button, FailureNote, Freshness } from "../ui";
import styles from "./Organisation.module.css";
import { syncOff } from "./syncOff";

const KINDS: Record<MirrorKind, string> = { roles: "Roles", licences: "Licences", locations: "Locations", people: "People", numbers: "Numbers" };

/** The copy of Webex's data on this computer: how much, how old, and renewing it. */
export function MirrorBox({ organisation }: { organisation: Organisation }) {
  const now = useNow();
  const { data: mirror, error, refetch } = useCommand("mirror.status", { organisation: organisation.id });
  const sync = useAction("mirror.sync");
  const syncing = Boolean(mirror?.syncing);
  const off = syncOff(organisation);
  useShortcuts([{ keys: "F5", label: "Sync with Webex", run: () => void sync.run({ organisation: organisation.id }), off: off ?? (syncing ? "A sync is running." : null) }]);
  return (
    <section className={styles.mirror} aria-labelledby="mirror-title">
      <div className={styles.mirrorHead}>
        <h2 className={styles.sideTitle} id="mirror-title">
          Local copy
        </h2>
        {mirror ? <Freshness asOf={mirror.asOf} label="Sync with Webex" busy={syncing} /> : null}
        <span className="push">
          <Button small icon={RefreshCw} busy={sync.busy || syncing} disabledReason={off} keys="F5" onPress={() => void sync.run({ organisation: organisation.id })}>
            Sync with Webex
          </Button>
        </span>
      </div>
      {error ? <FailureNote failure={error} onRetry={() => void refetch()} /> : null}
      {sync.failure ? <FailureNote failure={sync.failure} organisation={organisation.id} /> : null}
      {mirror ? (
        <dl className={styles.parts}>
          {mirror.parts.map((part) => (
            <div key={part.kind}>
              <dt>{KINDS[part.kind] ?? part.kind}</dt>
              <dd>
                <b className="num">{count(part.count)}</b>
                <span className="cap">{part.asOf === null ? "never read" : moment(part.asOf, now)}</span>
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </section>
  );
}
