import { Link } from "@tanstack/react-router";
import { Bell, ChevronsUpDown, Plus, Search } from "lucide-react";
import type { ReactNode } from "react";
import { onTheWay } from "../activation/counts";
import { count, counted } from "../format/number";
import { useNow } from "../format/useNow";
import { useCommand } from "../host";
import { consentWords, initials } from "../organisations/consentWords";
import { URGENCY, useAttention } from "../notifications/notices";
import { useWarnDays } from "../organisations/useWarnDays";
import { Kbd, StatusMark, Tooltip } from "../ui";
import { FOOT_PAGES, type ShellPage, workPages } from "./pages";
import { useCurrentOrganisation } from "./preferences";
import styles from "./Sidebar.module.css";

/** Users on the way of the organisation, unless nothing is known or all have arrived. */
function useOnTheWay(organisation: string | null): number | null {
  const { data } = useCommand("activation.status", { organisation: organisation ?? "" }, { enabled: organisation !== null });
  const waiting = data ? onTheWay(data) : 0;
  return waiting > 0 ? waiting : null;
}

function PageLink({ page, waiting = null }: { page: ShellPage; waiting?: number | null }) {
  return (
    <li>
      <Tooltip text={waiting === null ? page.label : `${page.label}: ${counted(waiting, "user")} on the way`} keys={page.keys}>
        <Link to={page.to} className={styles.item} activeProps={{ "aria-current": "page" }}>
          <page.icon aria-hidden="true" />
          <span className={styles.label}>{page.label}</span>
          {waiting === null ? null : (
            <span className={`${styles.count} ${styles.waiting}`}>
              {count(waiting)}
              <span className="sr"> on the way</span>
            </span>
          )}
        </Link>
      </Tooltip>
    </li>
  );
}

/** The tile of an organisation: two letters, or a dashed plus without one. */
export function Tile({ name, quiet = false, pip }: { name: string | null; quiet?: boolean; pip?: ReactNode }) {
  return (
    <span className={`${styles.tile} ${name === null ? styles.noTile : quiet ? styles.quietTile : ""}`} aria-hidden="true">
      {name === null ? <Plus /> : initials(name)}
      {pip ? <span className={styles.pip}>{pip}</span> : null}
    </span>
  );
}

/** Opens what needs attention; says how many, and the heaviest by its mark. */
function Attention({ onPress }: { onPress: () => void }) {
  const notices = useAttention();
  const [first] = notices;
  return (
    <li>
      <Tooltip text={notices.length === 0 ? "Nothing needs attention" : `${notices.length} ${notices.length === 1 ? "needs" : "need"} attention`}>
        <button type="button" className={styles.item} aria-haspopup="dialog" onClick={onPress}>
          <Bell aria-hidden="true" />
          <span className={styles.label}>Needs attention</span>
          {first ? (
            <span className={styles.count}>
              <StatusMark {...URGENCY[first.urgency]} size={12} />
              <span className={styles.number}>{notices.length}</span>
            </span>
          ) : null}
        </button>
      </Tooltip>
    </li>
  );
}

export function Sidebar({ onFind, onSwitch, onAttention }: { onFind: () => void; onSwitch: () => void; onAttention: () => void }) {
  const now = useNow();
  const organisation = useCurrentOrganisation();
  const warnDays = useWarnDays();
  const consent = organisation ? consentWords(organisation, now, warnDays) : { shape: "ring" as const, tone: "idle" as const, words: "Nothing connected" };
  const name = organisation?.name ?? "No organisation";
  const waiting = useOnTheWay(organisation?.id ?? null);
  return (
    <nav className={styles.side} aria-label="Main" data-area="sidebar">
      <Tooltip text="Switch organisation" keys="Mod+Shift+O">
        <button type="button" className={styles.organisation} aria-haspopup="dialog" onClick={onSwitch}>
          <Tile name={organisation?.name ?? null} pip={<StatusMark shape={consent.shape} tone={consent.tone} size={12} />} />
          <span className={styles.organisationText}>
            <span className={`${styles.organisationName} clip`}>{name}</span>
            <span className={styles.organisationState}>
              <StatusMark shape={consent.shape} tone={consent.tone} size={12} />
              <span className="clip">{consent.words}</span>
            </span>
          </span>
          <span className="sr">. Switch organisation</span>
          <ChevronsUpDown aria-hidden="true" />
        </button>
      </Tooltip>
      <Tooltip text="Find or run" keys="Mod+K">
        <button type="button" className={styles.find} aria-haspopup="dialog" onClick={onFind}>
          <Search aria-hidden="true" />
          <span className={styles.findText}>Find or run</span>
          <Kbd keys="Mod+K" />
        </button>
      </Tooltip>
      <ul className={styles.pages}>
        {workPages(organisation?.wholesale ?? false).map((page) => (
          <PageLink key={page.to} page={page} waiting={page.to === "/activation" ? waiting : null} />
        ))}
      </ul>
      <ul className={`${styles.pages} ${styles.foot}`}>
        <Attention onPress={onAttention} />
        {FOOT_PAGES.map((page) => (
          <PageLink key={page.to} page={page} />
        ))}
      </ul>
    </nav>
  );
}
