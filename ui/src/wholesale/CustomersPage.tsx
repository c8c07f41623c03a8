// The customers of a wholesale organisation, with their packages and how each is provisioned.

import { Link, useNavigate } from "@tanstack/react-router";
import { Building2 } from "lucide-react";
import { useCallback, useRef } from "react";
import { counted } from "../format/number";
import { type Customer, type CustomerSort, type Organisation, type Reply, useAction, useCommand } from "../host";
import { type Column, DataGrid, GridFooter, type GridHandle, useRowWindows } from "../grid";
import { syncOff } from "../organisations/syncOff";
import { Page, PageBar, PageHead, useCurrentOrganisation, useOwnAddress, usePageView, useShortcuts } from "../shell/page";
import { Button, buttonClass, EmptyState, FailureNote, Freshness, Loading, SearchField, Status } from "../ui";
import { CustomerPanel } from "./CustomerPanel";
import { type CustomersView, readCustomersView } from "./search";
import { addressLine, customerName, customerStatus, packageName, troubles } from "./words";
import styles from "./Customers.module.css";

const readWindow = (reply: Reply<"wholesale.customers">) => ({ total: reply.total, rows: reply.customers });

const packagesLine = (customer: Customer) => customer.packages.map(packageName).join(", ");

function firstTrouble(customer: Customer): string {
  const [first, ...rest] = troubles(customer);
  if (first === undefined) return "";
  return `${first.code === null ? "" : `${first.code}: `}${first.description}${rest.length > 0 ? ` (and ${rest.length} more)` : ""}`;
}

/** The page of the chosen organisation, or why there is none. */
export function CustomersPage() {
  const organisation = useCurrentOrganisation();
  const { data, error, refetch } = useCommand("organisations.list", {});
  const own = useOwnAddress(organisation?.id ?? null);
  if (organisation?.wholesale && own) return <Customers key={organisation.id} organisation={organisation} />;
  return (
    <Page title="Customers" head={<PageHead title="Customers" />}>
      {error && data === undefined ? (
        <FailureNote failure={error} edge onRetry={() => void refetch()} />
      ) : data === undefined || !own ? (
        <Loading what="organisations" />
      ) : (
        <EmptyState
          icon={Building2}
          title={organisation ? `${organisation.name} is no wholesale organisation` : "No organisation is chosen"}
          action={
            organisation ? (
              <Link to="/organisations/$organisation" params={{ organisation: organisation.id }} className={buttonClass()}>
                Open the organisation
              </Link>
            ) : (
              <Link to="/organisations" className={buttonClass()}>
                Open Organisations
              </Link>
            )
          }
        >
          Customers are those of a wholesale organisation. {organisation ? "If it is one, turn Wholesale Customer on in its fields, or switch to another organisation." : "Choose one first."}
        </EmptyState>
      )}
    </Page>
  );
}

function Customers({ organisation }: { organisation: Organisation }) {
  const navigate = useNavigate();
  const [view, change] = usePageView<CustomersView>("customers", readCustomersView, ["status", "sort", "descending"], organisation.id);
  const grid = useRef<GridHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const statusField = useRef<HTMLSelectElement>(null);
  const lastRow = useRef(0);
  const sync = useAction("wholesale.sync");
  const sort = view.sort ?? "org_name";
  const descending = view.descending ?? false;
  const status = view.status === undefined || view.status === "all" ? null : view.status;
  const filter = { search: view.search ?? null, status, sort, descending };
  const rows = useRowWindows("wholesale.customers", { organisation: organisation.id, filter }, readWindow);
  const head = useCommand("wholesale.customers", { organisation: organisation.id, filter: { ...filter, search: null, status: null }, offset: 0, limit: 1 }, { keepPrevious: true }).data;
  const searched = useCallback((search: string) => change({ search: search || undefined }), [change]);
  const off = syncOff(organisation);
  const syncing = head?.syncing !== undefined && head.syncing !== null;
  const refresh = () => void sync.run({ organisation: organisation.id });
  const clear = () => change({ search: undefined, status: "all" });
  const filtered = filter.search !== null || status !== null;
  const all = head?.total ?? 0;

  useShortcuts([
    { keys: "/", label: "Search customers", run: () => searchField.current?.focus() },
    { keys: "F", label: "Filter row", run: () => statusField.current?.focus() },
    { keys: "F5", label: "Read customers from Webex", run: refresh, off: off ?? (syncing ? "They are being read." : null) },
  ]);

  const columns: readonly Column<Customer, CustomerSort>[] = [
    { id: "name", header: "Org Name", width: 170, grow: true, sort: "org_name", rowHeader: true, cell: (row) => <span className={row.orgName === null ? "muted" : "medium"}>{customerName(row)}</span>, text: customerName },
    { id: "external", header: "External Id", width: 130, sort: "external_id", cell: (row) => row.externalId ?? <span className="muted">none</span>, text: (row) => row.externalId ?? "" },
    ...(view.customer
      ? []
      : [
          { id: "packages", header: "Packages", width: 170, cell: packagesLine, text: packagesLine },
          { id: "city", header: "City", width: 96, cell: (row: Customer) => row.address?.city ?? <span className="muted">none</span>, text: (row: Customer) => addressLine(row.address) ?? "" },
          { id: "trouble", header: "What is wrong", width: 170, grow: true, cell: (row: Customer) => <span className="soft">{firstTrouble(row)}</span>, text: firstTrouble },
        ]),
    {
      id: "status",
      header: "Status",
      width: 190,
      sort: "status",
      pinned: true,
      cell: (row) => {
        const words = customerStatus(row.status);
        return (
          <Status shape={words.shape} tone={words.tone}>
            {words.word}
          </Status>
        );
      },
      filtered: status !== null,
      filter: (
        <select ref={statusField} aria-label="Filter by status" value={status ?? "all"} onChange={(event) => change({ status: event.target.value })}>
          <option value="all">All</option>
          {status !== null && !head?.statuses.some((one) => one.status === status) ? <option value={status}>{customerStatus(status).word} (0)</option> : null}
          {head?.statuses.map((one) => (
            <option key={one.status} value={one.status}>
              {customerStatus(one.status).word} ({one.customers})
            </option>
          ))}
        </select>
      ),
    },
  ];

  return (
    <Page
      title="Customers"
      head={<PageHead title="Customers" freshness={head === undefined ? undefined : <Freshness asOf={head.asOf} label="Read customers from Webex" busy={syncing || sync.busy} disabledReason={off} onRefresh={refresh} />} />}
      panel={
        view.customer ? (
          <CustomerPanel
            organisation={organisation.id}
            id={view.customer}
            onClose={() => {
              change({ customer: undefined });
              grid.current?.focus(lastRow.current);
            }}
          />
        ) : undefined
      }
    >
      {sync.failure ? <FailureNote failure={sync.failure} organisation={organisation.id} edge onRetry={refresh} /> : null}
      <PageBar>
        <span className="push">
          <SearchField ref={searchField} wide label="Search customers" placeholder="Name, id, external id, city, package" value={view.search ?? ""} onChange={searched} />
        </span>
      </PageBar>
      <DataGrid
        ref={grid}
        label="Customers"
        noun="customers"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        current={view.customer ?? null}
        sort={{ column: sort, descending }}
        onSort={(next) => change({ sort: next.column, descending: next.descending })}
        openOnPress
        onOpen={(row, index) => {
          lastRow.current = index;
          change({ customer: row.id });
        }}
        onFocusRow={(row, index) => {
          lastRow.current = index;
          if (view.customer) change({ customer: row.id });
        }}
        onKey={(event) => {
          if (event.key !== "Escape" || !view.customer) return;
          event.preventDefault();
          change({ customer: undefined });
        }}
        empty={
          filtered ? (
            <EmptyState title="No customer matches" action={<Button onPress={clear}>Clear filters</Button>}>
              {counted(all, "customer is", "customers are")} hidden by {[filter.search === null ? null : `the search “${filter.search}”`, status === null ? null : `the status ${customerStatus(status).word}`].filter(Boolean).join(" and ")}.
            </EmptyState>
          ) : off !== null ? (
            <EmptyState title="No customers are known yet" action={<Button onPress={() => void navigate({ to: "/organisations/$organisation", params: { organisation: organisation.id }, search: { connect: true } })}>Connect to Webex…</Button>}>
              {organisation.name} is not connected, so its customers cannot be read.
            </EmptyState>
          ) : head?.asOf === null || head === undefined ? (
            <EmptyState title={syncing ? "Customers are being read" : "Customers have not been read yet"} action={syncing ? undefined : <Button busy={sync.busy} onPress={refresh}>Read customers</Button>}>
              Patchbay copies them from Webex to this computer, so that they are here offline too.
            </EmptyState>
          ) : (
            <EmptyState title="No customer yet">Webex knows no customer of {organisation.name}.</EmptyState>
          )
        }
        footer={
          <GridFooter
            keys={[
              ["Enter", "open"],
              ["F", "filter"],
              ["/", "search"],
            ]}
          >
            <span className={styles.count}>{rows.failure ? null : filtered ? `${rows.total} of ${counted(all, "customer")}` : counted(rows.total, "customer")}</span>
          </GridFooter>
        }
      />
    </Page>
  );
}
