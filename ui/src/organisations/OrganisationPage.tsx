// One organisation: its fields, its access to Webex, its copy of Webex's data.

import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Ellipsis, History, Trash2, X } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { asFailure, carryOut, learn, type Organisation, useCommand } from "../host";
import { Page, PageHead, useCurrentOrganisation, usePreferences, useShortcuts } from "../shell/page";
import { Tile } from "../shell/Sidebar";
import { ConnectDialog } from "../consent/ConnectDialog";
import { AccessBox } from "../consent/AccessBox";
import { FailureNote, IconButton, Loading, Menu, Tag, toast } from "../ui";
import { ConnectionCheck } from "./ConnectionCheck";
import { DeleteDialog } from "./DeleteDialog";
import { fieldsOf } from "./fields";
import { FormFoot } from "./FormFoot";
import { MirrorBox } from "./MirrorBox";
import styles from "./Organisation.module.css";
import { OrganisationFormFields } from "./OrganisationFormFields";
import { OrganisationList } from "./OrganisationList";
import { useOrganisationForm } from "./useOrganisationForm";
import { WholesaleBox } from "./WholesaleBox";
import { WorkBox } from "./WorkBox";

const route = getRouteApi("/organisations/$organisation");

export function OrganisationPage() {
  const { organisation: id } = route.useParams();
  const { data: organisation, error, refetch } = useCommand("organisations.get", { organisation: id });
  const organisations = useCommand("organisations.list", {}).data?.organisations ?? [];
  if (organisation === undefined) {
    return (
      <Page title="Organisation" head={<PageHead title="Organisation" />}>
        {error ? <FailureNote failure={error} edge onRetry={() => void refetch()} /> : <Loading what="the organisation" />}
      </Page>
    );
  }
  return (
    <Page title={organisation.name} head={null}>
      <div className={styles.layout}>
        <OrganisationList organisations={organisations} current={id} />
        <OrganisationPanel key={id} organisation={organisation} />
      </div>
    </Page>
  );
}

function OrganisationPanel({ organisation }: { organisation: Organisation }) {
  const navigate = useNavigate();
  const id = useId();
  const state = useOrganisationForm(organisation);
  const current = useCurrentOrganisation();
  const { change } = usePreferences();
  const [busy, setBusy] = useState(false);
  const [dialog, setDialog] = useState<"connect" | "check" | "delete" | null>(null);
  const { connect = false } = route.useSearch();
  // A link from a warning asks for the dialog; the address forgets it, so that going back does not ask again.
  useEffect(() => {
    if (!connect) return;
    setDialog("connect");
    void navigate({ to: ".", search: {}, replace: true, ignoreBlocker: true });
  }, [connect, navigate]);

  const send = state.submit(async (form) => {
    setBusy(true);
    try {
      const saved = await carryOut("organisations.update", { organisation: organisation.id, fields: fieldsOf(form) });
      learn("organisations.get", { organisation: organisation.id }, saved);
      state.saved(saved);
      toast({ tone: "ok", title: `${saved.name} saved` });
    } catch (thrown) {
      state.fail(asFailure(thrown, "organisations.update"));
    } finally {
      setBusy(false);
    }
  });
  useShortcuts([
    { keys: "Mod+S", label: `Save ${organisation.name}`, run: () => void send(), off: state.dirty ? null : "Nothing has changed." },
    { keys: "Escape", label: "Close", run: () => void navigate({ to: "/organisations" }) },
  ]);

  return (
    <section className={styles.panel} aria-labelledby={`${id}-title`}>
      <header className={styles.head}>
        <Tile name={organisation.name} />
        <h1 className={styles.title} id={`${id}-title`} tabIndex={-1}>
          {organisation.name}
        </h1>
        {organisation.wholesale ? <Tag>Wholesale</Tag> : null}
        {organisation.contactCenter ? <Tag>Contact Center</Tag> : null}
        {organisation.environment.kind === "demo" ? <Tag>Demo</Tag> : null}
        <span className="push row">
          <Menu
            label="More"
            icon={Ellipsis}
            iconOnly
            actions={[
              {
                id: "work",
                label: "Work in this organisation",
                disabledReason: current?.id === organisation.id ? "The window works in it already" : null,
                onPress: () => void change({ organisation: organisation.id }),
              },
              { id: "transactions", label: "Show its transactions", icon: History, onPress: () => void navigate({ to: "/transactions", search: { organisation: organisation.id } }) },
              { id: "delete", label: "Delete organisation…", icon: Trash2, destructive: true, onPress: () => setDialog("delete") },
            ]}
          />
          <IconButton icon={X} label="Close" onPress={() => void navigate({ to: "/organisations" })} />
        </span>
      </header>
      {state.banner ? <FailureNote failure={state.banner} edge /> : null}
      <div className={styles.columns}>
        <form id={id} className={styles.body} noValidate onSubmit={(event) => void send(event)} data-area="content">
          <OrganisationFormFields control={state.control} register={state.register} organisation={organisation} errorOf={state.errorOf} />
          <WorkBox organisation={organisation} />
          <MirrorBox organisation={organisation} />
          {organisation.wholesale ? <WholesaleBox organisation={organisation} /> : null}
        </form>
        <aside className={styles.side} aria-label="Access" data-area="panel">
          <AccessBox organisation={organisation} onConnect={() => setDialog("connect")} onCheck={() => setDialog("check")} />
        </aside>
      </div>
      <FormFoot state={state} form={id} action="Save" busy={busy} leave="Discard changes" onLeave={state.discard} />
      {dialog === "connect" ? <ConnectDialog organisation={organisation} onClose={() => setDialog(null)} /> : null}
      {dialog === "check" ? <ConnectionCheck organisation={organisation} onConnect={() => setDialog("connect")} onClose={() => setDialog(null)} /> : null}
      {dialog === "delete" ? <DeleteDialog organisation={organisation} onClose={() => setDialog(null)} onDeleted={() => void navigate({ to: "/organisations", ignoreBlocker: true })} /> : null}
    </section>
  );
}
