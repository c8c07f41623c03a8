// The start page: what to look at first, how far activation is, which licences run short, what was done last.

import { Link, useNavigate } from "@tanstack/react-router";
import { LayoutDashboard, Plus } from "lucide-react";
import { useState } from "react";
import { type Organisation, useAction, useCommand } from "../host";
import { syncOff } from "../organisations/syncOff";
import { Page, PageHead, useCurrentOrganisation, useShortcuts } from "../shell/page";
import { Banner, Button, buttonClass, EmptyState, FailureNote, Freshness, Loading } from "../ui";
import { ActivationFunnel } from "./ActivationFunnel";
import { ActivationHistory } from "./ActivationHistory";
import { LicenceBars, LicencesDialog } from "./LicenceBars";
import { NeedsAttention } from "./NeedsAttention";
import styles from "./Overview.module.css";
import { RecentTransactions } from "./RecentTransactions";

/** The older of two times; null where one was never. */
function older(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return null;
  return a < b ? a : b;
}

function NewAssignment() {
  const navigate = useNavigate();
  return (
    <Button kind="primary" icon={Plus} keys="N" onPress={() => void navigate({ to: "/bulk/new" })}>
      New assignment
    </Button>
  );
}

/** Of the chosen organisation, or the way to one. */
export function OverviewPage() {
  const navigate = useNavigate();
  const organisation = useCurrentOrganisation();
  const { data, error, refetch } = useCommand("organisations.list", {});
  useShortcuts([{ keys: "N", label: "New assignment", run: () => void navigate({ to: "/bulk/new" }) }]);
  if (organisation) return <Overview key={organisation.id} organisation={organisation} />;
  const none = data?.organisations.length === 0;
  return (
    <Page title="Overview" head={<PageHead title="Overview" actions={<NewAssignment />} />}>
      {error ? (
        <FailureNote failure={error} edge onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading what="organisations" />
      ) : (
        <EmptyState
          icon={LayoutDashboard}
          title={none ? "No organisation yet" : "No organisation is chosen"}
          action={
            <Link to={none ? "/organisations/new" : "/organisations"} className={buttonClass("primary")}>
              {none ? "Add organisation" : "Open Organisations"}
            </Link>
          }
        >
          {none
            ? "Here will stand what needs attention, how far activation is, which licences run short and what was done last. A bulk assignment can be prepared without an organisation."
            : "The overview is of one organisation. Choose it with the switch at the top of the sidebar, or open its page and work in it."}
        </EmptyState>
      )}
    </Page>
  );
}

function Overview({ organisation }: { organisation: Organisation }) {
  const navigate = useNavigate();
  const mirror = useCommand("mirror.status", { organisation: organisation.id });
  const activation = useCommand("activation.status", { organisation: organisation.id });
  const sync = useAction("mirror.sync");
  const [licences, setLicences] = useState(false);
  const off = syncOff(organisation);
  const syncing = Boolean(mirror.data?.syncing) || Boolean(activation.data?.syncing);
  const refresh = () => void sync.run({ organisation: organisation.id });
  const copied = mirror.data ? mirror.data.parts.some((part) => part.asOf !== null) || Boolean(activation.data?.asOf) : null;
  const asOf = older(mirror.data?.asOf ?? null, activation.data ? (activation.data.asOf ?? mirror.data?.asOf ?? null) : (mirror.data?.asOf ?? null));
  useShortcuts([{ keys: "F5", label: "Sync with Webex", run: refresh, off: off ?? (syncing ? "A sync is running." : null) }]);
  return (
    <Page
      title="Overview"
      head={
        <PageHead
          title="Overview"
          freshness={mirror.data === undefined ? undefined : <Freshness asOf={asOf} label="Sync with Webex" busy={syncing || sync.busy} disabledReason={off} onRefresh={refresh} />}
          actions={<NewAssignment />}
        />
      }
    >
      {sync.failure ? (
        <FailureNote failure={sync.failure} organisation={organisation.id} edge onRetry={refresh} />
      ) : organisation.consent.state === "none" && organisation.environment.kind !== "demo" ? (
        <Banner
          tone="info"
          edge
          title={`${organisation.name} is not connected to Webex.`}
          actions={
            <Button onPress={() => void navigate({ to: "/organisations/$organisation", params: { organisation: organisation.id }, search: { connect: true } })}>Connect to Webex…</Button>
          }
        >
          {copied ? "What was copied before is shown." : "Connect it to see its users, licences and what needs attention."}
        </Banner>
      ) : copied === false && !syncing && off === null ? (
        <Banner tone="info" edge title={`Nothing has been copied from ${organisation.name} yet.`} actions={<Button onPress={refresh}>Sync with Webex</Button>}>
          Sync to read its users, licences, locations and numbers.
        </Banner>
      ) : null}
      {mirror.error ? <FailureNote failure={mirror.error} edge onRetry={() => void mirror.refetch()} /> : null}
      <div className={`scroll ${styles.scroll}`}>
        <div className={styles.panes}>
          <NeedsAttention organisation={organisation} onLicences={() => setLicences(true)} />
          <ActivationFunnel organisation={organisation} />
          <ActivationHistory organisation={organisation} />
          <RecentTransactions organisation={organisation} />
          <LicenceBars organisation={organisation} onAll={() => setLicences(true)} />
        </div>
      </div>
      {licences ? <LicencesDialog organisation={organisation} onClose={() => setLicences(false)} /> : null}
    </Page>
  );
}
