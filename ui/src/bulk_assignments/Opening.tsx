/** What a page of a template shows before everything it stands on has been read, or instead of what cannot be. */
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type Failure, type RunProgress, type Template, useCommand } from "../host";
import { Page } from "../shell/page";
import { Button, EmptyState, FailureNote, Loading } from "../ui";
import { type StepId, TemplateHead } from "./TemplateHead";

type Read = { error: Failure | null; refetch: () => unknown };

type Props = {
  /** The document's title. */
  title: string;
  step: StepId;
  template: Template | null | undefined;
  /** What the page stands on; the first failure is shown, and trying again reads all of it. */
  reads: readonly Read[];
  /** What is being read, for the words of the loading state. */
  what: string;
  /** Ways out beside trying again. */
  actions?: ReactNode;
  /** Instead of the loading state. */
  children?: ReactNode;
};

export function Opening({ title, step, template, reads, what, actions, children }: Props) {
  const failure = reads.find((read) => read.error !== null)?.error;
  return (
    <Page title={title} head={<TemplateHead template={template ?? null} step={step} />}>
      {failure ? (
        <FailureNote
          failure={failure}
          edge
          actions={actions}
          onRetry={() => {
            for (const read of reads) void read.refetch();
          }}
        />
      ) : (
        (children ?? <Loading what={what} />)
      )}
    </Page>
  );
}

type OfRunProps = Pick<Props, "title" | "step" | "what"> & {
  id: string;
  /** Where nothing has run yet. */
  emptyTitle: string;
  empty: string;
  children: (template: Template, run: RunProgress) => ReactNode;
};

/** A page of a template's latest run. */
export function OfRun({ title, step, what, id, emptyTitle, empty, children }: OfRunProps) {
  const navigate = useNavigate();
  const template = useCommand("bulkAssignments.get", { template: id });
  const runId = template.data?.run ?? null;
  const run = useCommand("runs.get", { run: runId ?? "" }, { enabled: runId !== null });
  if (template.data && run.data) return children(template.data, run.data);
  return (
    <Opening title={title} step={step} template={template.data} reads={[template, run]} what={what}>
      {template.data && runId === null ? (
        <EmptyState title={emptyTitle} action={<Button onPress={() => void navigate({ to: "/bulk/$template/plan", params: { template: id } })}>Open the plan</Button>}>
          {empty}
        </EmptyState>
      ) : undefined}
    </Opening>
  );
}
