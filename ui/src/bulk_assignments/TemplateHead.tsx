/** The head and the steps that every page of a template shares. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RunState, Template } from "../host";
import { PageHead } from "../shell/page";
import { Badge, Stepper, type StepperStep } from "../ui";
import { runWords, statusWords } from "./wording";

export type StepId = "upload" | "check" | "plan" | "run" | "report";

const steps: readonly { id: StepId; label: string }[] = [
  { id: "upload", label: "Upload" },
  { id: "check", label: "Check" },
  { id: "plan", label: "Plan" },
  { id: "run", label: "Run" },
  { id: "report", label: "Report" },
];

type Props = {
  /** Null while it is new or still being read. */
  template: Template | null;
  /** Instead of the template's name. */
  title?: string;
  step: StepId;
  /** The state of the run, where the page shows one: it says more than the template's status. */
  run?: RunState | undefined;
  freshness?: ReactNode;
  actions?: ReactNode;
  /** At the right end of the steps. */
  note?: ReactNode;
  blocked?: boolean;
};

export function TemplateHead({ template, title, step, run, freshness, actions, note, blocked = false }: Props) {
  const badge = run ? runWords[run] : statusWords[template?.status ?? "draft"];
  return (
    <>
      <PageHead
        parent={<Link to="/bulk">Bulk assignment</Link>}
        title={title ?? template?.name ?? "…"}
        badge={
          <Badge shape={badge.shape} tone={badge.tone}>
            {badge.label}
          </Badge>
        }
        freshness={freshness}
        actions={actions}
      />
      <Stepper label="Assignment steps" steps={stepsOf(template, step)} blocked={blocked} note={note} />
    </>
  );
}

/** Steps before the current one are done, and lead back as long as nothing has run. */
function stepsOf(template: Template | null, current: StepId): StepperStep[] {
  const at = steps.findIndex((step) => step.id === current);
  const open = template !== null && template.status === "draft";
  return steps.map(({ id, label }, index) => {
    if (index === at) return { id, label, state: "current" };
    if (index > at) return { id, label, state: "later" };
    if (!open || id === "run" || id === "report") return { id, label, state: "done" };
    return {
      id,
      label,
      state: "done",
      link: (words) => (
        <Link to={`/bulk/$template/${id}`} params={{ template: template.id }}>
          {words}
        </Link>
      ),
    };
  });
}
