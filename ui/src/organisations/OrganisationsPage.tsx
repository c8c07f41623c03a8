// All organisations with their consent, expiries and last sync.

import { useNavigate } from "@tanstack/react-router";
import { Download, Ellipsis, Plus, Upload } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { counted } from "../format/number";
import { fullMoment, moment, relative } from "../format/time";
import { useNow } from "../format/useNow";
import { type Organisation, useCommand } from "../host";
import { type Column, DataGrid, GridFooter, type GridSort, rowsInHand } from "../grid";
import { Page, PageBar, PageHead, useShortcuts, useView } from "../shell/page";
import { Button, EmptyState, Menu, SearchField, Status } from "../ui";
import { consentWords } from "./consentWords";
import { REGIONS } from "./fields";
import { collator, matches } from "./find";
import { useListExport, useListImport } from "./listFiles";
import { useWarnDays } from "./useWarnDays";

type Sort = "name" | "wholesale" | "contactCenter" | "consent" | "access" | "refresh" | "sync";

const DEFAULT_VIEW: { sort: GridSort<Sort> } = { sort: { column: "name", descending: false } };

/** What a column sorts by; what is missing comes last. */
function sortKey(organisation: Organisation, column: Sort): string {
  const late = "9999";
  switch (column) {
    case "name":
      return organisation.name;
    case "wholesale":
      return organisation.wholesale ? "0" : "1";
    case "contactCenter":
      return organisation.contactCenter ? (organisation.contactCenterRegion ?? "") : late;
    case "consent":
      return { needed: "0", none: "1", granted: "2" }[organisation.consent.state];
    case "access":
      return organisation.accessTokenExpiresAt ?? late;
    case "refresh":
      return organisation.refreshTokenExpiresAt ?? late;
    case "sync":
      return organisation.lastSyncAt ?? late;
  }
}

function Expiry({ at, now }: { at: string | null; now: Date }) {
  return at === null ? <span className="muted">none</span> : <span title={fullMoment(at)}>{relative(at, now)}</span>;
}

export function OrganisationsPage() {
  const navigate = useNavigate();
  const now = useNow();
  const { data, error, refetch } = useCommand("organisations.list", {});
  const [search, setSearch] = useState("");
  const [view, remember] = useView("organisations", DEFAULT_VIEW);
  const searchField = useRef<HTMLInputElement>(null);
  const warnDays = useWarnDays();
  const saveList = useListExport();
  const importing = useListImport();
  const { sort } = view;

  const shown = useMemo(() => {
    if (data === undefined) return undefined;
    return data.organisations
      .filter((one) => matches(one, search))
      .toSorted((a, b) => collator.compare(sortKey(a, sort.column), sortKey(b, sort.column)) * (sort.descending ? -1 : 1) || collator.compare(a.name, b.name));
  }, [data, search, sort]);
  const all = data?.organisations.length ?? 0;
  const add = () => void navigate({ to: "/organisations/new" });

  useShortcuts([
    { keys: "N", label: "Add organisation", run: add },
    { keys: "/", label: "Search organisations", run: () => searchField.current?.focus() },
  ]);

  const columns: readonly Column<Organisation, Sort>[] = [
    { id: "name", header: "Name", width: 190, grow: true, sort: "name", rowHeader: true, cell: (one) => <span className="medium">{one.name}</span>, text: (one) => one.name },
    { id: "wholesale", header: "Wholesale", width: 98, sort: "wholesale", cell: (one) => (one.wholesale ? "Yes" : <span className="muted">No</span>) },
    { id: "contactCenter", header: "Contact Center", width: 122, sort: "contactCenter", cell: (one) => (one.contactCenter ? (REGIONS.find(([value]) => value === one.contactCenterRegion)?.[1] ?? one.contactCenterRegion ?? "Yes") : <span className="muted">No</span>) },
    { id: "access", header: "Access token ends", width: 132, sort: "access", cell: (one) => <Expiry at={one.accessTokenExpiresAt} now={now} /> },
    { id: "refresh", header: "Refresh token ends", width: 136, sort: "refresh", cell: (one) => <Expiry at={one.refreshTokenExpiresAt} now={now} /> },
    { id: "sync", header: "Last sync", width: 150, sort: "sync", cell: (one) => (one.lastSyncAt === null ? <span className="muted">never</span> : moment(one.lastSyncAt, now)) },
    {
      id: "consent",
      header: "Consent",
      width: 176,
      sort: "consent",
      pinned: true,
      cell: (one) => {
        const words = consentWords(one, now, warnDays);
        return (
          <Status shape={words.shape} tone={words.tone}>
            {words.words}
          </Status>
        );
      },
      text: (one) => (one.consent.state === "needed" ? one.consent.reason : consentWords(one, now, warnDays).words),
    },
  ];

  return (
    <Page
      title="Organisations"
      head={
        <PageHead
          title="Organisations"
          actions={
            <>
              <Menu
                label="Lists"
                icon={Ellipsis}
                actions={[
                  { id: "import", label: "Import a list…", detail: "CSV or JSON; shown before anything changes", icon: Upload, disabledReason: importing.busy ? "A list is being read" : null, onPress: () => void importing.choose() },
                  { id: "csv", label: "Export as CSV…", detail: "All organisations, without secrets", icon: Download, disabledReason: all === 0 ? "There is no organisation yet" : null, onPress: () => void saveList("csv") },
                  { id: "json", label: "Export as JSON…", detail: "All organisations, without secrets", icon: Download, disabledReason: all === 0 ? "There is no organisation yet" : null, onPress: () => void saveList("json") },
                ]}
              />
              <Button kind="primary" icon={Plus} keys="N" onPress={add}>
                Add organisation
              </Button>
            </>
          }
        />
      }
    >
      {importing.dialog}
      <PageBar>
        <span className="push">
          <SearchField ref={searchField} wide label="Search organisations" placeholder="Name, account number, e-mail, notes" value={search} onChange={setSearch} />
        </span>
      </PageBar>
      <DataGrid
        label="Organisations"
        noun="organisations"
        columns={columns}
        rows={rowsInHand(shown, error, () => void refetch())}
        rowKey={(one) => one.id}
        sort={sort}
        onSort={(next) => remember({ sort: next })}
        openOnPress
        onOpen={(one) => void navigate({ to: "/organisations/$organisation", params: { organisation: one.id } })}
        empty={
          all > 0 ? (
            <EmptyState title={`No organisation matches “${search}”`} action={<Button onPress={() => setSearch("")}>Clear search</Button>}>
              {counted(all, "organisation is", "organisations are")} hidden by the search.
            </EmptyState>
          ) : (
            <EmptyState title="No organisation yet" action={<Button onPress={add}>Add organisation</Button>}>
              Organisations you manage will be listed here with their consent, its expiries and the last sync.
            </EmptyState>
          )
        }
        footer={
          <GridFooter
            keys={[
              ["Enter", "open"],
              ["N", "add"],
              ["/", "search"],
            ]}
          >
            {shown && shown.length !== all ? `${shown.length} of ${counted(all, "organisation")}` : counted(all, "organisation")}
          </GridFooter>
        }
      />
    </Page>
  );
}
