import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useNow } from "../format/useNow";
import { useCommand } from "../host";
import { consentWords } from "../organisations/consentWords";
import { useWarnDays } from "../organisations/useWarnDays";
import { Button, Dialog, FailureNote, Loading, StatusMark } from "../ui";
import { announce } from "./announce";
import styles from "./OrganisationPicker.module.css";
import { useCurrentOrganisation, usePreferences } from "./preferences";
import { Tile } from "./Sidebar";

/** Chooses the organisation the window works in. */
export function OrganisationPicker({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const now = useNow();
  const { data, error, refetch } = useCommand("organisations.list", {});
  const current = useCurrentOrganisation();
  const warnDays = useWarnDays();
  const { change } = usePreferences();
  const organisations = data?.organisations ?? [];
  return (
    <Dialog
      title="Switch organisation"
      onClose={onClose}
      dismissable
      actions={
        <Button
          icon={Plus}
          onPress={() => {
            onClose();
            void navigate({ to: "/organisations/new" });
          }}
        >
          Add organisation
        </Button>
      }
    >
      {error ? <FailureNote failure={error} onRetry={() => void refetch()} /> : data === undefined ? <Loading what="organisations" /> : null}
      {data && organisations.length === 0 ? <p>No organisation is set up yet.</p> : null}
      <ul className={styles.list}>
        {organisations.map((organisation) => {
          const consent = consentWords(organisation, now, warnDays);
          const here = organisation.id === current?.id;
          return (
            <li key={organisation.id}>
              <button
                type="button"
                className={styles.organisation}
                aria-current={here || undefined}
                onClick={() => {
                  void change({ organisation: organisation.id });
                  announce(`Working in ${organisation.name}`);
                  onClose();
                }}
              >
                <Tile name={organisation.name} quiet={!here} />
                <span className={styles.words}>
                  <span className="medium clip">{organisation.name}</span>
                  <span className={styles.state}>
                    <StatusMark shape={consent.shape} tone={consent.tone} size={12} />
                    {consent.words}
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
