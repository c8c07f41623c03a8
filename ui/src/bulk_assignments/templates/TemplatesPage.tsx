/** Every template with what can be done with it. The status decides; what is off says why. */
import { useNavigate } from "@tanstack/react-router";
import { FileSpreadsheet, Plus, Upload } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { host, type Template, type TemplateStatus, useAction, useCommand } from "../../host";
import { count, counted, percent } from "../../format/number";
import { day, moment } from "../../format/time";
import { useNow } from "../../format/useNow";
import { type Column, DataGrid, GridFooter, rowsInHand } from "../../grid";
import { Page, PageBar, PageHead, useShortcuts } from "../../shell/page";
import { Button, ConfirmDialog, EmptyState, FailureNote, Freshness, Menu, Progress, SearchField, SegmentedFilter, Status, toast, toastFailure, useNarrow } from "../../ui";
import { useOpenFiles } from "../openFiles";
import { useFileDrop } from "../upload/FileDrop";
import { useSampleSave } from "../upload/FileNeeds";
import { type TemplateSort, templatesView, usePageView } from "../views";
import { statusWords } from "../wording";
import { assignOff, duplicateNamed, TemplateActions, useTemplateLinks } from "./TemplateActions";
import styles from "./TemplatesPage.module.css";

const order: Record<TemplateStatus, number> = { in_progress: 0, draft: 1, completed: 2 };
const compare: Record<TemplateSort, (a: Template, b: Template) => number> = {
  name: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true, sensitivity: "base" }),
  users: (a, b) => a.totalUsers - b.totalUsers,
  status: (a, b) => order[a.status] - order[b.status],
  changed: (a, b) => a.changedAt.localeCompare(b.changedAt),
};

export function TemplatesPage() {
  const navigate = useNavigate();
  const now = useNow();
  const narrow = useNarrow();
  const links = useTemplateLinks();
  const searchField = useRef<HTMLInputElement>(null);
  const [view, setView] = usePageView("bulk.templates", templatesView, ["status", "sort", "descending"]);
  const list = useCommand("bulkAssignments.list", { search: view.search ?? null }, { keepPrevious: true });
  const [focused, setFocused] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<Template | null>(null);
  const duplicate = useAction("bulkAssignments.duplicate", toastFailure);
  const remove = useAction("bulkAssignments.delete");
  const opening = useOpenFiles(toastFailure);
  const saveSample = useSampleSave();

  const found = list.data?.templates;
  const status = view.status ?? "all";
  const column = view.sort ?? "changed";
  const descending = view.descending ?? view.sort === undefined;
  const templates = useMemo(
    () =>
      found
        ?.filter((template) => status === "all" || template.status === status)
        .toSorted((a, b) => compare[column](a, b) * (descending ? -1 : 1) || a.id.localeCompare(b.id)),
    [found, status, column, descending],
  );
  const current = templates?.find((template) => template.id === focused) ?? templates?.[0] ?? null;
  const of = (wanted: TemplateStatus) => found?.filter((template) => template.status === wanted).length;

  const openCsv = async () => opening.open(await host().pickFiles());
  const over = useFileDrop((files) => void opening.open(files));

  const duplicateOf = async (template: Template) => {
    const copy = await duplicate.run({ template: template.id });
    if (copy) {
      toast({ tone: "ok", title: duplicateNamed(template, copy) });
      setFocused(copy.id);
    }
  };
  const toCreate = () => void navigate({ to: "/bulk/new" });

  useShortcuts([
    { keys: "N", label: "Create a template", run: toCreate },
    { keys: "O", label: "Open a CSV", run: () => void openCsv() },
    { keys: "/", label: "Search templates", run: () => searchField.current?.focus() },
    { keys: "D", label: "Duplicate the template", run: () => (current ? void duplicateOf(current) : undefined), off: current ? null : "No template" },
    { keys: "A", label: "Assign the template", run: () => (current ? links.assign(current) : undefined), off: current ? assignOff(current) : "No template" },
    { keys: "Delete", label: "Delete the draft", run: () => setDeleting(current), off: current?.status === "draft" ? null : "Only a draft can be deleted" },
    { keys: "F5", label: "Refresh", run: () => void list.refetch() },
  ]);

  const columns: readonly Column<Template, TemplateSort>[] = [
    {
      id: "name",
      header: "Name",
      width: 180,
      grow: true,
      sort: "name",
      rowHeader: true,
      text: (template) => template.name,
      cell: (template) => (
        <span className={styles.who}>
          <span className={styles.name}>{template.name}</span>
          <span className={styles.sub}>{[template.organisationName ?? "no organisation yet", template.addOns.map((addOn) => addOn.name).join(", ") || "no add-ons"].join(" · ")}</span>
        </span>
      ),
    },
    { id: "uuid", header: "UUID", width: 262, text: (template) => template.id, cell: (template) => <span className={styles.uuid}>{template.id}</span> },
    { id: "users", header: "Total users", width: 92, align: "right", sort: "users", cell: (template) => count(template.totalUsers) },
    { id: "status", header: "Status", width: 126, sort: "status", cell: (template) => <TemplateState template={template} /> },
    ...(narrow ? [] : [changedColumn(now)]),
    {
      id: "actions",
      header: "Actions",
      hideHeader: true,
      width: 234,
      pinned: true,
      align: "right",
      cell: (template, { tabIndex }) => <TemplateActions template={template} tabIndex={tabIndex} onDuplicate={() => void duplicateOf(template)} onDelete={() => setDeleting(template)} />,
    },
  ];

  return (
    <Page
      title="Bulk assignment"
      head={
        <PageHead
          title="Bulk assignment"
          freshness={<Freshness asOf={new Date(list.dataUpdatedAt > 0 ? Math.min(list.dataUpdatedAt, now.getTime()) : now.getTime()).toISOString()} label="Refresh" busy={list.isFetching && !list.data} onRefresh={() => void list.refetch()} />}
          actions={
            <>
              <Menu
                label="Sample file"
                icon={FileSpreadsheet}
                actions={[
                  { id: "name", label: "By User’s Name", detail: "Ext Key, User’s Name, Number", onPress: () => void saveSample("name") },
                  { id: "uuid", label: "By Identity UUID", detail: "Ext Key, Identity UUID, Number", onPress: () => void saveSample("uuid") },
                ]}
              />
              <Button kind="primary" icon={Plus} keys="N" onPress={toCreate}>
                Create
              </Button>
            </>
          }
        />
      }
    >
      <PageBar>
        <SearchField ref={searchField} wide label="Search by name or UUID" value={view.search ?? ""} onChange={(search) => setView({ search: search || undefined })} />
        <span className="push">
          <SegmentedFilter
            label="Status"
            value={status}
            segments={[
              { value: "all", label: "All", count: found?.length },
              { value: "draft", label: "Draft", count: of("draft"), shape: "none", tone: "idle" },
              { value: "in_progress", label: "In progress", count: of("in_progress"), shape: "half", tone: "busy" },
              { value: "completed", label: "Completed", count: of("completed"), shape: "done", tone: "ok" },
            ]}
            onChange={(next) => setView({ status: next })}
          />
        </span>
      </PageBar>
      <DataGrid
        label="Assignment templates"
        noun="templates"
        className={styles.grid}
        columns={columns}
        rows={rowsInHand(templates, list.data ? null : list.error, () => void list.refetch())}
        rowKey={(template) => template.id}
        rowHeight={44}
        sort={{ column, descending }}
        onSort={(next) => setView({ sort: next.column, descending: next.descending })}
        onOpen={links.open}
        openOnPress
        onFocusRow={(template) => setFocused(template.id)}
        empty={
          view.search !== undefined || status !== "all" ? (
            <EmptyState title="No template fits the filter" action={<Button onPress={() => setView({ search: undefined, status: "all" })}>Show all templates</Button>}>
              {view.search === undefined ? "" : `The search “${view.search}” finds ${counted(found?.length ?? 0, "template")}. `}
              {status === "all" ? "" : `The filter shows only ${statusWords[status].label.toLowerCase()}.`}
            </EmptyState>
          ) : (
            <EmptyState
              icon={FileSpreadsheet}
              title="No template yet"
              action={
                <Button icon={Plus} onPress={toCreate}>
                  Create a template
                </Button>
              }
            >
              A template holds the users of a file, what they get, and the report of its run.
            </EmptyState>
          )
        }
      />
      <section className={`${styles.offline} ${over ? styles.over : ""}`} aria-label="Prepare a CSV offline">
        <FileSpreadsheet aria-hidden="true" />
        <div className="grow">
          <p className="medium">{over ? "Let go to open the file" : "Prepare a CSV offline"}</p>
          <p className="small soft">Check and fix a file without a connection. Nothing is sent to Webex until you start an assignment.</p>
        </div>
        <Button icon={Upload} keys="O" busy={opening.busy} onPress={() => void openCsv()}>
          Open a CSV
        </Button>
      </section>
      <div className={styles.footer}>
        <GridFooter
          keys={[
            ["Enter", "open"],
            ["D", "duplicate"],
            ["A", "assign"],
            ["Delete", "delete draft"],
          ]}
        >
          {counted(templates?.length ?? 0, "template")}
        </GridFooter>
      </div>
      {deleting && (
        <ConfirmDialog
          title={`Delete template ‘${deleting.name}’?`}
          consequences={[`${counted(deleting.totalUsers, "user")} of ${counted(deleting.files.length, "file")} go with it, and every change made to them here.`, "The files on disk and everything in Webex stay as they are.", "It cannot be brought back."]}
          action="Delete template"
          safe="Keep template"
          busy={remove.busy}
          onClose={() => {
            remove.reset();
            setDeleting(null);
          }}
          onConfirm={() => void remove.run({ template: deleting.id }).then((done) => (done ? setDeleting(null) : undefined))}
        >
          {remove.failure && <FailureNote failure={remove.failure} />}
        </ConfirmDialog>
      )}
    </Page>
  );
}

const changedColumn = (now: Date): Column<Template, TemplateSort> => ({
  id: "changed",
  header: "Changed",
  width: 142,
  sort: "changed",
  cell: (template) => <span className="soft">{changed(template.changedAt, now)}</span>,
});

/** With the time within the last day, then the day alone. */
function changed(at: string, now: Date): string {
  return now.getTime() - Date.parse(at) < 24 * 3600 * 1000 ? moment(at, now) : day(at, now);
}

function TemplateState({ template }: { template: Template }) {
  const words = statusWords[template.status];
  return (
    <span className={styles.state}>
      <Status shape={words.shape} tone={words.tone}>
        {words.label}
      </Status>
      {template.status === "in_progress" && <Progress height={4} total={template.runRows} parts={[{ value: template.runDone }]} label={`${percent(template.runDone, template.runRows)} per cent done`} />}
      {template.status === "draft" && template.totalUsers === 0 && <span className={styles.none}>no users yet</span>}
    </span>
  );
}
