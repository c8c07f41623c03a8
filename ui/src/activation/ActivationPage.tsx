// How far each licensed user of the chosen organisation is with Webex.

import { Link } from "@tanstack/react-router";
import { UserRoundCheck } from "lucide-react";
import { useMemo, useRef } from "react";
import { DirectorySyncBanner } from "../directory_sync/DirectorySyncBanner";
import { DirectorySyncButton } from "../directory_sync/DirectorySyncButton";
import { type ActivationStatus, type Organisation, useCommand } from "../host";
import { ColumnChooser, type GridHandle, useColumnLayout } from "../grid";
import { Page, PageHead, useCurrentOrganisation, useOwnAddress, usePageView, useShortcuts } from "../shell/page";
import { Button, buttonClass, EmptyState, FailureNote, Freshness, Loading, useNarrow } from "../ui";
import { ActivationExport } from "./ActivationExport";
import { valueColumns } from "./columns";
import { RefreshProgress } from "./RefreshProgress";
import { type ActivationSearch, readActivationSearch, REMEMBERED, viewOf } from "./search";
import { hasCopy, UnavailableBanner, UnavailablePage } from "./Unavailable";
import { UserPanel } from "./UserPanel";
import { UsersGrid, useUserColumns, useUsers } from "./UsersGrid";
import { type Refreshing, useRefreshing } from "./useRefreshing";
import { filterWords } from "./words";

/** The page of the chosen organisation, or why there is none. */
export function ActivationPage() {
  const organisation = useCurrentOrganisation();
  const { data, error, refetch } = useCommand("organisations.list", {});
  const own = useOwnAddress(organisation?.id ?? null);
  if (organisation && own) return <OfOrganisation key={organisation.id} organisation={organisation} />;
  return (
    <Page title="Activation" head={<PageHead title="Activation" />}>
      {error && data === undefined ? (
        <FailureNote failure={error} edge onRetry={() => void refetch()} />
      ) : data === undefined || !own ? (
        <Loading what="organisations" />
      ) : (
        <EmptyState
          icon={UserRoundCheck}
          title="No organisation is chosen"
          action={
            <Link to="/organisations" className={buttonClass()}>
              Open Organisations
            </Link>
          }
        >
          Activation shows how far each licensed user of an organisation is with Webex. Choose one first.
        </EmptyState>
      )}
    </Page>
  );
}

function OfOrganisation({ organisation }: { organisation: Organisation }) {
  const { data: status, error, refetch } = useCommand("activation.status", { organisation: organisation.id });
  const refreshing = useRefreshing(organisation, status);
  useShortcuts([{ keys: "F5", label: "Read all from Webex", run: refreshing.all, off: refreshing.allOff }]);
  if (status !== undefined && hasCopy(status)) return <Users organisation={organisation} status={status} refreshing={refreshing} />;
  return (
    <Page title="Activation" head={<PageHead title="Activation" freshness={status === undefined || status.asOf === null ? undefined : <Age status={status} refreshing={refreshing} />} actions={<DirectorySyncButton organisation={organisation} alone={refreshing.failure !== null} />} />}>
      {refreshing.failure ? <RefreshFailure organisation={organisation} refreshing={refreshing} /> : <DirectorySyncBanner organisation={organisation} />}
      {refreshing.syncing ? <RefreshProgress transaction={refreshing.syncing} /> : null}
      {status !== undefined ? (
        <UnavailablePage status={status} organisation={organisation} refreshing={refreshing} />
      ) : error ? (
        <FailureNote failure={error} organisation={organisation.id} edge onRetry={() => void refetch()} />
      ) : (
        <Loading what="activation" />
      )}
    </Page>
  );
}

/** In the place of the other banners, until it is dismissed or Webex answers. */
function RefreshFailure({ organisation, refreshing }: { organisation: Organisation; refreshing: Refreshing }) {
  if (refreshing.failure === null) return null;
  const { failure, retry } = refreshing.failure;
  return <FailureNote failure={failure} organisation={organisation.id} edge onRetry={retry} actions={<Button onPress={refreshing.forget}>Dismiss</Button>} />;
}

function Age({ status, refreshing }: { status: ActivationStatus; refreshing: Refreshing }) {
  return <Freshness asOf={status.asOf} label="Read all from Webex" busy={status.syncing !== null || refreshing.starting} disabledReason={refreshing.off} onRefresh={refreshing.all} />;
}

function Users({ organisation, status, refreshing }: { organisation: Organisation; status: ActivationStatus; refreshing: Refreshing }) {
  const [search, change] = usePageView<ActivationSearch>(`activation/${organisation.id}`, readActivationSearch, REMEMBERED, organisation.id);
  const narrow = useNarrow();
  const grid = useRef<GridHandle>(null);
  const lastRow = useRef(0);
  const asked = JSON.stringify(viewOf(search));
  // The same view stays the same object: rows and selection hold on to it.
  const view = useMemo(() => JSON.parse(asked) as ReturnType<typeof viewOf>, [asked]);
  const rows = useUsers(organisation, view, true);
  const { columns: offered, onVisible } = useUserColumns({ view: search, change, status, refreshing, rows, grid, filtered: filterWords(view).length > 0 });
  const { columns, layout, change: changeLayout, resize } = useColumnLayout("activation.columns", offered);
  const values = valueColumns(columns);

  return (
    <Page
      title="Activation"
      head={
        <PageHead
          title="Activation"
          // Beside a panel in a narrow window the panel's own age must do.
          freshness={search.user && narrow ? undefined : <Age status={status} refreshing={refreshing} />}
          actions={
            <>
              <ColumnChooser compact={Boolean(search.user)} columns={offered} layout={layout} onChange={changeLayout} />
              <ActivationExport organisation={organisation} view={view} columns={values} total={rows.total} />
              <DirectorySyncButton organisation={organisation} alone={refreshing.failure !== null || status.availability.state !== "available"} />
            </>
          }
        />
      }
      panel={
        search.user ? (
          <UserPanel
            organisation={organisation}
            status={status}
            id={search.user}
            refreshing={refreshing}
            onClose={() => {
              change({ user: undefined });
              grid.current?.focus(lastRow.current);
            }}
          />
        ) : undefined
      }
    >
      {/* One banner: what keeps the states from being renewed is nearest. */}
      {refreshing.failure ? (
        <RefreshFailure organisation={organisation} refreshing={refreshing} />
      ) : status.availability.state === "available" ? (
        <DirectorySyncBanner organisation={organisation} />
      ) : (
        <UnavailableBanner status={status} organisation={organisation} refreshing={refreshing} />
      )}
      {refreshing.syncing ? <RefreshProgress transaction={refreshing.syncing} /> : null}
      {refreshing.refreshing ? <RefreshProgress transaction={refreshing.refreshing} onCancel={refreshing.cancel} cancelling={refreshing.cancelling} /> : null}
      <UsersGrid
        organisation={organisation}
        status={status}
        search={search}
        view={view}
        change={change}
        rows={rows}
        columns={columns}
        values={values}
        onResize={resize}
        refreshing={refreshing}
        grid={grid}
        onRow={(index) => {
          lastRow.current = index;
        }}
        onVisible={onVisible}
      />
    </Page>
  );
}
