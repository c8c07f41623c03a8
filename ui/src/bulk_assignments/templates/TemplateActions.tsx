/** What can be done with a template, by its status (product B1). */
import { useNavigate } from "@tanstack/react-router";
import { Copy, FileText, Play, Ticket, Trash2, Users } from "lucide-react";
import type { Template } from "../../host";
import { Button, IconButton } from "../../ui";
import styles from "./TemplatesPage.module.css";

/** Why a template cannot be assigned, or null. */
export function assignOff(template: Template): string | null {
  if (template.status === "in_progress") return "It is being assigned";
  if (template.status === "completed") return "It has been assigned; duplicate it to assign it again";
  return template.totalUsers === 0 ? "Add users first" : null;
}

export function duplicateNamed(template: Template, copy: Template): string {
  return `‘${template.name}’ was duplicated as ‘${copy.name}’`;
}

export type TemplateLinks = {
  /** The page a template of this status is for. */
  open: (template: Template) => void;
  licences: (template: Template) => void;
  users: (template: Template) => void;
  assign: (template: Template) => void;
  report: (template: Template) => void;
};

export function useTemplateLinks(): TemplateLinks {
  const navigate = useNavigate();
  const go = (to: "/bulk/$template/upload" | "/bulk/$template/check" | "/bulk/$template/plan" | "/bulk/$template/run" | "/bulk/$template/report") => (template: Template) => {
    void navigate({ to, params: { template: template.id } });
  };
  return {
    open: (template) => {
      if (template.status === "in_progress") go("/bulk/$template/run")(template);
      else if (template.status === "completed") go("/bulk/$template/report")(template);
      else if (template.files.length === 0) go("/bulk/$template/upload")(template);
      else go("/bulk/$template/check")(template);
    },
    licences: go("/bulk/$template/upload"),
    users: go("/bulk/$template/check"),
    assign: go("/bulk/$template/plan"),
    report: (template) => go(template.status === "in_progress" ? "/bulk/$template/run" : "/bulk/$template/report")(template),
  };
}

type Props = { template: Template; tabIndex: 0 | -1; onDuplicate: () => void; onDelete: () => void };

export function TemplateActions({ template, tabIndex, onDuplicate, onDelete }: Props) {
  const links = useTemplateLinks();
  const { name, status } = template;
  const draft = status === "draft";
  return (
    <span className={styles.actions}>
      <IconButton icon={Ticket} tip={draft ? "Licences" : "Licences (view only)"} label={`${draft ? "Licences" : "Licences, view only"}: ${name}`} tabIndex={tabIndex} onPress={() => links.licences(template)} />
      {status === "completed" ? (
        <span className={styles.slot} />
      ) : (
        <IconButton icon={Users} tip={draft ? "Users" : "Users (view only)"} label={`${draft ? "Users" : "Users, view only"}: ${name}`} tabIndex={tabIndex} onPress={() => links.users(template)} />
      )}
      <IconButton icon={Copy} tip="Duplicate" label={`Duplicate ${name}`} tabIndex={tabIndex} onPress={onDuplicate} />
      {draft ? <IconButton icon={Trash2} tip="Delete" label={`Delete ${name}`} tabIndex={tabIndex} onPress={onDelete} /> : <span className={styles.slot} />}
      <span className={styles.main}>
        {draft ? (
          <Button small wide kind={assignOff(template) ? "default" : "tonal"} icon={Play} tabIndex={tabIndex} disabledReason={assignOff(template)} aria-label={`Assign ${name}`} onPress={() => links.assign(template)}>
            Assign
          </Button>
        ) : (
          <Button small wide icon={FileText} tabIndex={tabIndex} aria-label={`Report of ${name}`} onPress={() => links.report(template)}>
            Report
          </Button>
        )}
      </span>
    </span>
  );
}
