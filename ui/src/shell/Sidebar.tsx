import { Link } from "@tanstack/react-router";
import { Bell, Building2, ChevronsUpDown, History, Layers, ListChecks, Plus, Search, Settings2 } from "lucide-react";
import type { ReactNode } from "react";
import { useNow } from "../format/useNow";
import { consentWords, initials } from "../organisations/consentWords";
import { URGENCY, useAttention } from "../notifications/notices";
import { useWarnDays } from "../organisations/useWarnDays";
import { type Icon, Kbd, StatusMark, Tooltip } from "../ui";
import { useCurrentOrganisation } from "./preferences";
import styles from "./Sidebar.module.css";

const PAGES = [
  { to: "/bulk", label: "Bulk assignment", icon: ListChecks, keys: "Mod+1" },
  { to: "/transactions", label: "Transactions", icon: History, keys: "Mod+2" },
] as const;
/** Only where the organisation has customers. */
const CUSTOMERS = { to: "/customers", label: "Customers", icon: Building2, keys: "Mod+3" } as const;
const FOOT = [
  { to: "/organisations", label: "Organisations", icon: Layers, keys: "Mod+9" },
  { to: "/settings", label: "Settings", icon: Settings2, keys: "Mod+," },
] as const;

function PageLink({ to, label, icon: IconShape, keys }: { to: "/bulk" | "/transactions" | "/customers" | "/organisations" | "/settings"; label: string; icon: Icon; keys: string }) {
  return (
    <li>
      <Tooltip text={label} keys={keys}>
        <Link to={to} className={styles.item} activeProps={{ "aria-current": "page" }}>
          <IconShape aria-hidden="true" />
          <span className={styles.label}>{label}</span>
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
        {PAGES.map((page) => (
          <PageLink key={page.to} {...page} />
        ))}
        {organisation?.wholesale ? <PageLink {...CUSTOMERS} /> : null}
      </ul>
      <ul className={`${styles.pages} ${styles.foot}`}>
        <Attention onPress={onAttention} />
        {FOOT.map((page) => (
          <PageLink key={page.to} {...page} />
        ))}
      </ul>
    </nav>
  );
}
