import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useNow } from "../format/useNow";
import type { Organisation } from "../host";
import { Tile } from "../shell/Sidebar";
import { buttonClass, StatusMark } from "../ui";
import { consentWords } from "./consentWords";
import styles from "./Organisation.module.css";

/** The narrow list beside a form: every organisation with its consent. Hidden in small windows, where the form takes the page. */
export function OrganisationList({ organisations, current }: { organisations: readonly Organisation[]; current: string | null }) {
  const now = useNow();
  return (
    <nav className={styles.list} aria-label="Organisations" data-area="head">
      <div className={styles.listHead}>
        <Link to="/organisations" className={styles.listTitle}>
          Organisations
        </Link>
        <Link to="/organisations/new" className={`${buttonClass()} push`}>
          <Plus aria-hidden="true" />
          Add
        </Link>
      </div>
      <ul className={styles.listItems}>
        {organisations.map((organisation) => {
          const consent = consentWords(organisation, now);
          return (
            <li key={organisation.id}>
              <Link to="/organisations/$organisation" params={{ organisation: organisation.id }} className={styles.listItem} aria-current={organisation.id === current ? "page" : undefined}>
                <Tile name={organisation.name} quiet={organisation.id !== current} />
                <span className={styles.listText}>
                  <span className="medium clip">{organisation.name}</span>
                  <span className={styles.listState}>
                    <StatusMark shape={consent.shape} tone={consent.tone} size={12} />
                    <span className="clip">{consent.words}</span>
                  </span>
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
