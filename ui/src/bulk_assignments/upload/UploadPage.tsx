/** Step 1: what the template is and which files it has. Works with no organisation and no connection. */
import { useNavigate, useParams } from "@tanstack/react-router";
import { ArrowRight, Save } from "lucide-react";
import { useState } from "react";
import { type FileSource, host, type Template, useAction, useCommand } from "../../host";
import { counted } from "../../format/number";
import { Page, useCurrentOrganisation, useShortcuts } from "../../shell/page";
import { Button, FailureNote, LinkButton, Loading, StatusMark, toastFailure } from "../../ui";
import { templateName } from "../openFiles";
import { TemplateHead } from "../TemplateHead";
import { FileDrop, useFileDrop } from "./FileDrop";
import { FileNeeds } from "./FileNeeds";
import { TemplateForm, useTemplateForm } from "./TemplateForm";
import styles from "./Upload.module.css";

export function NewTemplatePage() {
  const organisation = useCurrentOrganisation();
  const organisations = useCommand("organisations.list", {});
  const preferences = useCommand("preferences.get", {});
  // The form starts with the organisation the window works in, so that has to be known first.
  if ((organisations.isPending && !organisations.isError) || (preferences.isPending && !preferences.isError)) {
    return (
      <Page title="New template" head={<TemplateHead template={null} title="New template" step="upload" />}>
        <Loading what="organisations" />
      </Page>
    );
  }
  return <Editor key="new" template={null} organisation={organisation?.id ?? null} />;
}

export function UploadPage() {
  const { template: id } = useParams({ from: "/bulk/$template/upload" });
  const { data: template, error, refetch } = useCommand("bulkAssignments.get", { template: id });
  if (!template) {
    return (
      <Page title="Upload" head={<TemplateHead template={null} step="upload" />}>
        {error ? <FailureNote failure={error} onRetry={() => void refetch()} edge /> : <Loading what="the template" />}
      </Page>
    );
  }
  if (template.status !== "draft") return <Settled template={template} />;
  return <Editor key={template.id} template={template} organisation={null} />;
}

function Editor({ template, organisation }: { template: Template | null; organisation: string | null }) {
  const navigate = useNavigate();
  const state = useTemplateForm(template, organisation);
  const create = useAction("bulkAssignments.create");
  const update = useAction("bulkAssignments.update");
  // A new template leaves this page as soon as it exists, so what is wrong with its first file is told in the corner.
  const add = useAction("bulkAssignments.addFiles", template === null ? toastFailure : undefined);
  const remove = useAction("bulkAssignments.removeFile");
  const [adding, setAdding] = useState(false);
  const hasFiles = (template?.files.length ?? 0) > 0;
  const check = useCommand("bulkAssignments.check", { template: template?.id ?? "" }, { enabled: template !== null && hasFiles });

  const saved = async (): Promise<string | null> => {
    if (!(await state.form.trigger("name"))) return null;
    const fields = state.fields();
    const reply = template ? await update.run({ template: template.id, fields }) : await create.run({ fields });
    if (reply) state.form.reset(state.form.getValues());
    return reply?.id ?? null;
  };

  const addFiles = async (files: FileSource[]) => {
    if (files.length === 0 || adding) return;
    setAdding(true);
    const first = files[0];
    if (first && state.form.getValues("name").trim() === "") state.form.setValue("name", templateName(first), { shouldDirty: true });
    const id = template?.id ?? (await saved());
    if (id !== null) {
      await add.run({ template: id, files });
      if (template === null) await navigate({ to: "/bulk/$template/upload", params: { template: id }, replace: true });
    }
    setAdding(false);
  };
  const choose = async () => addFiles(await host().pickFiles());
  const over = useFileDrop((files) => void addFiles(files));

  const busy = adding || add.busy || remove.busy;
  const whyNot = hasFiles ? null : "Add a file to go on";
  const next = async () => {
    const id = await saved();
    if (id !== null) await navigate({ to: "/bulk/$template/check", params: { template: id } });
  };
  useShortcuts([
    { keys: "O", label: "Choose files", run: () => void choose() },
    { keys: "Mod+Enter", label: "Go on to Check", run: () => void next(), off: whyNot },
  ]);

  const failure = create.failure ?? update.failure;
  const ofField = failure?.field !== null && failure?.field !== undefined && ["name", "organisation", "location", "callingLicence"].includes(failure.field);
  const fileFailure = add.failure ?? remove.failure;
  return (
    <Page
      title={template ? `${template.name}, upload` : "New template"}
      head={
        <TemplateHead
          template={template}
          {...(template ? {} : { title: "New template" })}
          step="upload"
          note={whyNot}
          actions={
            <>
              <Button onPress={() => void navigate({ to: "/bulk" })}>{template ? "Close" : "Cancel"}</Button>
              {template === null && (
                <Button icon={Save} busy={create.busy && !adding} onPress={() => void saved().then((id) => (id === null ? undefined : navigate({ to: "/bulk" })))}>
                  Save without a file
                </Button>
              )}
              <Button kind={hasFiles ? "primary" : "default"} icon={ArrowRight} keys="Mod+Enter" disabledReason={whyNot} busy={update.busy} onPress={() => void next()}>
                Next
              </Button>
            </>
          }
        />
      }
    >
      <div className={styles.page}>
        <form className={styles.form} noValidate onSubmit={(event) => event.preventDefault()} aria-label="Template">
          {failure && !ofField && <FailureNote failure={failure} />}
          <TemplateForm state={state} template={template} failure={failure} onSave={() => (template ? void saved() : undefined)} />
          <FileDrop template={template} check={check.data ?? null} busy={busy} over={over} onChoose={() => void choose()} onRemove={(index) => (template ? void remove.run({ template: template.id, index }) : undefined)} />
          {fileFailure && <FailureNote failure={fileFailure} />}
          {hasFiles && check.data && (
            <p className={styles.summary}>
              <StatusMark shape={check.data.errors > 0 ? "bad" : check.data.warnings > 0 ? "warn" : "done"} tone={check.data.errors > 0 ? "bad" : check.data.warnings > 0 ? "warn" : "ok"} />
              {check.data.errors + check.data.warnings === 0 ? `No problem found in ${counted(check.data.rows, "row")}.` : `${counted(check.data.errors, "error")} and ${counted(check.data.warnings, "warning")} in ${counted(check.data.rows, "row")}.`}
              <LinkButton onPress={() => void next()}>See them</LinkButton>
            </p>
          )}
          {hasFiles && check.error && <FailureNote failure={check.error} onRetry={() => void check.refetch()} />}
        </form>
        <FileNeeds />
      </div>
    </Page>
  );
}

/** What a template was, once it has run. */
function Settled({ template }: { template: Template }) {
  const navigate = useNavigate();
  return (
    <Page
      title={`${template.name}, licences`}
      head={
        <TemplateHead
          template={template}
          step="upload"
          note="This template has run and cannot be changed. Duplicate it to use it again."
          actions={
            <Button kind="primary" icon={ArrowRight} onPress={() => void navigate({ to: template.status === "completed" ? "/bulk/$template/report" : "/bulk/$template/run", params: { template: template.id } })}>
              {template.status === "completed" ? "Open report" : "Open run"}
            </Button>
          }
        />
      }
    >
      <div className={styles.form}>
        <dl className={styles.facts}>
          <dt>Organisation</dt>
          <dd>{template.organisationName ?? "none"}</dd>
          <dt>Location</dt>
          <dd>{template.location?.name ?? "none"}</dd>
          <dt>Calling licence</dt>
          <dd>{template.callingLicence?.name ?? "none"}</dd>
          <dt>Add-on licenses</dt>
          <dd>{template.addOns.length > 0 ? template.addOns.map((addOn) => addOn.name).join(", ") : "none"}</dd>
          <dt>Users</dt>
          <dd>{counted(template.totalUsers, "user")}</dd>
          <dt>Files</dt>
          <dd>{template.files.map((file) => file.name).join(", ") || "none"}</dd>
        </dl>
      </div>
    </Page>
  );
}
