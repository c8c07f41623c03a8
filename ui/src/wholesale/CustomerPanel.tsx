// One customer: what Webex says of it, and changing its details and packages.

import { useBlocker } from "@tanstack/react-router";
import { Pencil, RefreshCw } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { moment } from "../format/time";
import { useNow } from "../format/useNow";
import { type Address, type Customer, learn, useAction, useCommand } from "../host";
import { useShortcuts } from "../shell/page";
import { StepList } from "../transactions/StepList";
import { Badge, Button, Checkbox, ConfirmDialog, Copy, Facts, FailureNote, Loading, PanelSection, SidePanel, StatusMark, TextField, toastFailure } from "../ui";
import styles from "./Customers.module.css";
import { ADDRESS_LABELS, changeOf, changes, choices, type CustomerForm, formOf, problemsOf } from "./form";
import { PreviewDialog } from "./PreviewDialog";
import { addressLine, customerName, customerStatus, packageName, packageStatus, troubles } from "./words";

function Packages({ customer }: { customer: Customer }) {
  const details = new Map(customer.resourceDetails.map((one) => [one.name, one]));
  const names = [...new Set([...customer.packages, ...details.keys()])];
  if (names.length === 0) return <p className="small muted">It has no package.</p>;
  return (
    <ul className={styles.packages}>
      {names.map((name) => {
        const detail = details.get(name);
        const words = detail ? packageStatus(detail) : null;
        return (
          <li key={name}>
            <span title={name}>
              <Badge shape={words?.shape ?? "none"} tone={words?.tone ?? "idle"}>
                {packageName(name)}
              </Badge>
            </span>
            <span className="cap">{words?.word ?? "nothing told of it"}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** The change under way, live until Webex has settled it. */
function Followed({ transaction }: { transaction: string }) {
  const { data } = useCommand("transactions.get", { transaction });
  return (
    <PanelSection title="Change under way">
      {data ? <StepList steps={data.steps} /> : <Loading what="the change" />}
      {data?.failure ? <FailureNote failure={data.failure} /> : null}
    </PanelSection>
  );
}

function Details({ customer }: { customer: Customer }) {
  const now = useNow();
  const wrong = troubles(customer);
  return (
    <>
      {customer.followedBy === null ? null : <Followed transaction={customer.followedBy} />}
      {wrong.length > 0 ? (
        <PanelSection title="What Webex says is wrong">
          <ul className={styles.troubles}>
            {wrong.map((one) => (
              <li key={`${one.of}-${one.code}-${one.description}`}>
                <StatusMark shape={one.kind === "error" ? "bad" : "warn"} tone={one.kind === "error" ? "bad" : "warn"} />
                <span>
                  <span className="medium">
                    {one.kind === "error" ? "Error" : "Warning"}
                    {one.code === null ? "" : ` ${one.code}`}
                    {one.of === null ? "" : `, ${packageName(one.of)}`}
                  </span>
                  <br />
                  {one.description}
                </span>
              </li>
            ))}
          </ul>
        </PanelSection>
      ) : null}
      <PanelSection>
        <Facts
          facts={[
            ["Org Name", customer.orgName ?? <span key="name" className="muted">not told yet</span>],
            ["Org ID", customer.orgId === null ? <span key="org" className="muted">after provisioning</span> : <Copy key="org" text={customer.orgId} what="org id" full />],
            ["Id", <Copy key="id" text={customer.id} what="id" full />],
            ["External Id", customer.externalId ?? <span key="external" className="muted">none</span>],
            ["Address", addressLine(customer.address) ?? <span key="address" className="muted">none</span>],
            ["As of", moment(customer.asOf, now)],
          ]}
        />
      </PanelSection>
      <PanelSection title="Packages" aside={<span className="cap num">{customer.packages.length}</span>}>
        <Packages customer={customer} />
      </PanelSection>
    </>
  );
}

const LAYOUT: readonly (keyof Address)[] = ["addressLine1", "addressLine2", "city", "stateOrProvince", "zipOrPostalCode", "country"];

function Editor({ customer, form, onChange, tried }: { customer: Customer; form: CustomerForm; onChange: (form: CustomerForm) => void; tried: boolean }) {
  const found = problemsOf(form);
  const wrong = tried ? found : { country: found.country };
  return (
    <>
      <PanelSection title="Details">
        <div className="stack">
          <TextField label="External Id" required autoFocus name="externalId" value={form.externalId} onChange={(event) => onChange({ ...form, externalId: event.target.value })} error={"externalId" in wrong ? wrong.externalId : null} />
          <div className={styles.address}>
            {LAYOUT.map((field) => (
              <TextField key={field} label={ADDRESS_LABELS[field]} name={field} value={form.address[field]} onChange={(event) => onChange({ ...form, address: { ...form.address, [field]: event.target.value } })} error={field === "country" ? wrong.country : null} />
            ))}
          </div>
        </div>
      </PanelSection>
      <PanelSection title="Packages" aside={<span className="cap num">{form.packages.length} chosen</span>}>
        {"packages" in wrong && wrong.packages ? (
          <p className="small t-bad" role="alert">
            {wrong.packages}
          </p>
        ) : null}
        <fieldset className={styles.choices}>
          <legend className="sr">Packages of {customerName(customer)}</legend>
          {choices(customer).map((name) => {
            const has = form.packages.includes(name);
            const had = customer.packages.includes(name);
            return (
              <Checkbox
                key={name}
                label={<span title={name}>{packageName(name)}</span>}
                hint={has === had ? undefined : has ? "will be added" : <span className="t-bad">will be taken away</span>}
                checked={has}
                onChange={(event) => onChange({ ...form, packages: event.target.checked ? [...form.packages, name] : form.packages.filter((one) => one !== name) })}
              />
            );
          })}
        </fieldset>
      </PanelSection>
    </>
  );
}

export function CustomerPanel({ organisation, id, onClose }: { organisation: string; id: string; onClose: () => void }) {
  const formId = useId();
  const { data: customer, error, refetch } = useCommand("wholesale.customer", { organisation, customer: id });
  const refresh = useAction("wholesale.refresh", toastFailure);
  const [form, setForm] = useState<CustomerForm | null>(null);
  const [tried, setTried] = useState(false);
  const [previewing, setPreviewing] = useState(false);
  const changed = customer && form ? changes(customer, form) : 0;
  const blocker = useBlocker({ shouldBlockFn: () => changed > 0, enableBeforeUnload: () => changed > 0, withResolver: true });
  // Another customer begins unchanged; the guard has asked before.
  useEffect(() => {
    setForm(null);
    setTried(false);
  }, [id]);

  const busyAtWebex = customer !== undefined && customer.followedBy !== null;
  const read = () => void refresh.run({ organisation, customer: id }).then((reply) => (reply ? learn("wholesale.customer", { organisation, customer: id }, reply) : undefined));
  const edit = () => (customer ? setForm(formOf(customer)) : undefined);
  const preview = () => {
    setTried(true);
    if (form && changed > 0 && Object.keys(problemsOf(form)).length === 0) setPreviewing(true);
  };
  useShortcuts([
    { keys: "R", label: "Read the customer again", run: read, off: customer ? null : "No customer is open" },
    { keys: "E", label: "Edit the customer", run: edit, off: form ? "It is being edited" : busyAtWebex ? "A change is under way" : null },
    { keys: "Mod+S", label: "Preview the change", run: preview, off: form === null ? "Nothing is being edited" : changed === 0 ? "Nothing has changed." : null },
  ]);

  if (customer === undefined) {
    return (
      <SidePanel title="Customer" onClose={onClose}>
        {error ? (
          <PanelSection>
            <FailureNote failure={error} onRetry={() => void refetch()} />
          </PanelSection>
        ) : (
          <Loading what="the customer" />
        )}
      </SidePanel>
    );
  }
  const words = customerStatus(customer.status);
  return (
    <SidePanel
      title={customerName(customer)}
      badge={
        <Badge shape={words.shape} tone={words.tone}>
          {words.word}
        </Badge>
      }
      onClose={onClose}
      foot={
        form === null ? (
          <>
            <Button icon={RefreshCw} keys="R" busy={refresh.busy} onPress={read}>
              Refresh Status
            </Button>
            <span className="push">
              <Button icon={Pencil} keys="E" disabledReason={busyAtWebex ? "A change is under way; it is followed above." : null} onPress={edit}>
                Edit…
              </Button>
            </span>
          </>
        ) : (
          <>
            <span className="cap">{changed === 0 ? "No change yet" : `${changed} ${changed === 1 ? "change" : "changes"}`}</span>
            <span className="push row">
              <Button onPress={() => setForm(null)}>Discard</Button>
              <Button kind="primary" type="submit" form={formId} keys="Mod+S" disabledReason={changed === 0 ? "Nothing has changed." : null}>
                Preview…
              </Button>
            </span>
          </>
        )
      }
    >
      {form === null ? (
        <Details customer={customer} />
      ) : (
        <form
          id={formId}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            preview();
          }}
        >
          <Editor customer={customer} form={form} onChange={setForm} tried={tried} />
        </form>
      )}
      {previewing && form ? (
        <PreviewDialog
          organisation={organisation}
          customer={customer}
          change={changeOf(form)}
          onClose={() => setPreviewing(false)}
          onSent={() => {
            setPreviewing(false);
            setForm(null);
          }}
        />
      ) : null}
      {blocker.status === "blocked" ? (
        <ConfirmDialog title="Leave without updating?" consequences={[`What you changed of ${customerName(customer)} is lost.`, "Nothing has been sent to Webex."]} action="Leave without updating" safe="Stay here" onConfirm={blocker.proceed} onClose={blocker.reset} />
      ) : null}
    </SidePanel>
  );
}
