import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { asFailure, carryOut, learn, type Organisation, useCommand } from "../host";
import { changePreferences, Page, useShortcuts } from "../shell/page";
import { Tile } from "../shell/Sidebar";
import { FailureNote, IconButton } from "../ui";
import { fieldsOf } from "./fields";
import { FormFoot } from "./FormFoot";
import styles from "./Organisation.module.css";
import { OrganisationFormFields } from "./OrganisationFormFields";
import { OrganisationList } from "./OrganisationList";
import { useOrganisationForm } from "./useOrganisationForm";

export function NewOrganisationPage() {
  const navigate = useNavigate();
  const id = useId();
  const state = useOrganisationForm(null);
  const [busy, setBusy] = useState(false);
  const [created, setCreated] = useState<Organisation | null>(null);
  const organisations = useCommand("organisations.list", {}).data?.organisations ?? [];

  const send = state.submit(async (form) => {
    setBusy(true);
    try {
      const organisation = await carryOut("organisations.create", { fields: fieldsOf(form) });
      learn("organisations.get", { organisation: organisation.id }, organisation);
      await changePreferences(() => ({ organisation: organisation.id }));
      state.saved(organisation);
      setCreated(organisation);
    } catch (thrown) {
      state.fail(asFailure(thrown, "organisations.create"));
    } finally {
      setBusy(false);
    }
  });
  // Only once the form is clean: before that, leaving would be asked about.
  const { dirty } = state;
  useEffect(() => {
    if (created !== null && !dirty) void navigate({ to: "/organisations/$organisation", params: { organisation: created.id }, replace: true });
  }, [created, dirty, navigate]);
  useShortcuts([{ keys: "Mod+S", label: "Add organisation", run: () => void send() }]);

  return (
    <Page title="Add organisation" head={null}>
      <div className={styles.layout}>
        <OrganisationList organisations={organisations} current={null} />
        <section className={styles.panel} aria-labelledby={`${id}-title`}>
          <header className={styles.head}>
            <Tile name={null} />
            <h1 className={styles.title} id={`${id}-title`} tabIndex={-1}>
              Add organisation
            </h1>
            <span className="push">
              <IconButton icon={X} label="Close" onPress={() => void navigate({ to: "/organisations" })} />
            </span>
          </header>
          {state.banner ? <FailureNote failure={state.banner} edge /> : null}
          <div className={styles.columns}>
            <form id={id} className={styles.body} noValidate onSubmit={(event) => void send(event)}>
              <OrganisationFormFields control={state.control} register={state.register} organisation={null} errorOf={state.errorOf} />
            </form>
            <aside className={styles.side} aria-label="What comes next">
              <div className={styles.next}>
                <h2 className={styles.sideTitle}>What comes next</h2>
                <p>After it is added, connect it to Webex: you see what Patchbay asks for before the browser opens.</p>
                <p>Until then, assignment files can be prepared and checked without a connection.</p>
              </div>
            </aside>
          </div>
          <FormFoot state={state} form={id} action="Add organisation" busy={busy} leave="Cancel" isNew onLeave={() => void navigate({ to: "/organisations" })} />
        </section>
      </div>
    </Page>
  );
}
