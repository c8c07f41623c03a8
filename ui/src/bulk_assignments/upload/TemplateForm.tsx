/**
 * Name, organisation, location, calling licence and add-ons of a template. Everything but the name may come later.
 * An existing template is saved field by field; a new one when its first file comes or the person saves it.
 */
import { type ReactNode, useEffect, useState } from "react";
import { type UseFormReturn, useForm } from "react-hook-form";
import { fieldError, type Failure, type Licence, type Location, type Template, type TemplateFields, useAction, useCommand } from "../../host";
import { count } from "../../format/number";
import { Checkbox, LinkButton, SelectField, TextField, toastFailure } from "../../ui";
import styles from "./Upload.module.css";

type Values = { name: string; organisation: string; location: string; callingLicence: string; addOns: string[] };

export type TemplateFormState = {
  form: UseFormReturn<Values>;
  values: Values;
  licences: readonly Licence[];
  locations: readonly Location[];
  /** What the form holds, with the names of what was chosen. */
  fields: () => TemplateFields;
};

const none: readonly never[] = [];

function valuesOf(template: Template | null, organisation: string | null): Values {
  return {
    name: template?.name ?? "",
    organisation: template ? (template.organisation ?? "") : (organisation ?? ""),
    location: template?.location?.id ?? "",
    callingLicence: template?.callingLicence?.id ?? "",
    addOns: template?.addOns.map((addOn) => addOn.id) ?? [],
  };
}

/** The form's state, held by the page because adding a file may have to save it first. */
export function useTemplateForm(template: Template | null, organisation: string | null): TemplateFormState {
  const form = useForm<Values>({ defaultValues: valuesOf(template, organisation) });
  const values = form.watch();
  const known = values.organisation !== "";
  const licences = useCommand("mirror.licences", { organisation: values.organisation }, { enabled: known }).data?.licences ?? none;
  const locations = useCommand("mirror.locations", { organisation: values.organisation }, { enabled: known }).data?.locations ?? none;

  // Another window or the run may change the template; what is being typed stays.
  const changedAt = template?.changedAt;
  useEffect(() => {
    if (template) form.reset(valuesOf(template, null), { keepDirtyValues: true });
    // Only a change of the template itself counts.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [changedAt]);

  const choice = (id: string) => {
    const found = licences.find((licence) => licence.id === id);
    if (found) return { id, name: found.name };
    return [template?.callingLicence, ...(template?.addOns ?? [])].find((old) => old?.id === id) ?? null;
  };
  const fields = (): TemplateFields => {
    const now = form.getValues();
    const location = locations.find((found) => found.id === now.location) ?? (template?.location?.id === now.location ? template.location : null);
    return {
      name: now.name.trim(),
      organisation: now.organisation || null,
      location: location ? { id: location.id, name: location.name } : null,
      callingLicence: now.callingLicence ? choice(now.callingLicence) : null,
      addOns: now.addOns.flatMap((id) => choice(id) ?? []),
    };
  };
  return { form, values, licences, locations, fields };
}

type Props = {
  state: TemplateFormState;
  template: Template | null;
  /** The failure of saving, for the field it belongs to. */
  failure: Failure | null;
  /** Called after every change that can be saved. */
  onSave: () => void;
};

export function TemplateForm({ state, template, failure, onSave }: Props) {
  const { form, values, licences, locations } = state;
  const organisations = useCommand("organisations.list", {});
  const [all, setAll] = useState(false);
  const calling = licences.filter((licence) => licence.calling);
  const others = licences.filter((licence) => !licence.calling);
  const chosen = licences.find((licence) => licence.id === values.callingLicence);
  const showAll = all || (chosen !== undefined && !chosen.calling);
  // Add-ons of calling are named like calling licences, so those can be chosen too, after the rest.
  const addOns = [...others, ...calling].filter((licence) => licence.id !== values.callingLicence);
  const lost = (template?.addOns ?? []).filter((addOn) => values.addOns.includes(addOn.id) && !licences.some((licence) => licence.id === addOn.id));

  const change = (patch: Partial<Values>) => {
    for (const [name, value] of Object.entries(patch)) form.setValue(name as keyof Values, value, { shouldDirty: true });
    onSave();
  };

  return (
    <>
      <TextField
        label="Name"
        required
        error={form.formState.errors.name?.message ?? fieldError(failure, "name")}
        autoFocus={template === null}
        {...form.register("name", {
          validate: (name) => (name.trim() === "" ? "Give the template a name." : true),
          onBlur: () => {
            if (form.getValues("name").trim() !== (template?.name ?? "")) onSave();
          },
        })}
      />
      <div className={styles.three}>
        <SelectField label="Organisation" error={fieldError(failure, "organisation")} value={values.organisation} onChange={(event) => change({ organisation: event.target.value, location: "", callingLicence: "", addOns: [] })}>
          <option value="">Decide later</option>
          {template?.organisation && !organisations.data?.organisations.some((found) => found.id === template.organisation) && <option value={template.organisation}>{template.organisationName ?? template.organisation}</option>}
          {organisations.data?.organisations.map((organisation) => (
            <option key={organisation.id} value={organisation.id}>
              {organisation.name}
            </option>
          ))}
        </SelectField>
        <SelectField label="Location" error={fieldError(failure, "location")} value={values.location} onChange={(event) => change({ location: event.target.value })} {...offWithout(values.organisation)}>
          <option value="">Choose…</option>
          {template?.location && values.location === template.location.id && !locations.some((found) => found.id === values.location) && <option value={template.location.id}>{template.location.name}</option>}
          {locations.map((location) => (
            <option key={location.id} value={location.id} disabled={!location.callingEnabled}>
              {location.name}
              {location.callingEnabled ? "" : " (no calling)"}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Calling licence"
          error={fieldError(failure, "callingLicence")}
          value={values.callingLicence}
          onChange={(event) => change({ callingLicence: event.target.value, addOns: values.addOns.filter((id) => id !== event.target.value) })}
          aside={chosen ? free(chosen) : undefined}
          hint={
            others.length > 0 && !showAll ? (
              <LinkButton onPress={() => setAll(true)}>Show all licences</LinkButton>
            ) : undefined
          }
          {...offWithout(values.organisation)}
        >
          <option value="">Choose…</option>
          {template?.callingLicence && values.callingLicence === template.callingLicence.id && !chosen && <option value={template.callingLicence.id}>{template.callingLicence.name}</option>}
          {calling.map((licence) => licenceOption(licence, licences))}
          {showAll && others.length > 0 && <optgroup label="Other licences">{others.map((licence) => licenceOption(licence, licences))}</optgroup>}
        </SelectField>
      </div>
      <MirrorNote organisation={values.organisation} />
      {(addOns.length > 0 || lost.length > 0) && (
        <fieldset className={styles.addOns}>
          <legend className={styles.legend}>
            Add-on licenses <span className="cap">each user in the files gets these</span>
          </legend>
          <ul className={styles.picks}>
            {addOns.map((licence) => (
              <Pick key={licence.id} id={licence.id} label={sameName(licence, licences) ? `${licence.name} (${licence.subscription ?? "no subscription"})` : licence.name} aside={free(licence)} values={values} onChange={change} />
            ))}
            {lost.map((addOn) => (
              <Pick key={addOn.id} id={addOn.id} label={addOn.name} aside="not in the copy of Webex" values={values} onChange={change} />
            ))}
          </ul>
        </fieldset>
      )}
    </>
  );
}

function Pick({ id, label, aside, values, onChange }: { id: string; label: string; aside: string; values: Values; onChange: (patch: Partial<Values>) => void }) {
  return (
    <li>
      <Checkbox label={label} checked={values.addOns.includes(id)} onChange={(event) => onChange({ addOns: event.target.checked ? [...values.addOns, id] : values.addOns.filter((other) => other !== id) })} />
      <span className="cap num push">{aside}</span>
    </li>
  );
}

/** "372 free"; where Webex sets no limit, "unlimited". */
const free = (licence: Licence) => (licence.available === null ? "unlimited" : `${count(licence.available)} free`);

const sameName = (licence: Licence, licences: readonly Licence[]) => licences.some((other) => other.id !== licence.id && other.name === licence.name);

/** Two licences of one name are told apart by their subscription. */
function licenceOption(licence: Licence, licences: readonly Licence[]): ReactNode {
  return (
    <option key={licence.id} value={licence.id}>
      {licence.name}
      {sameName(licence, licences) ? ` (${licence.subscription ?? "no subscription"})` : ""}
    </option>
  );
}

const offWithout = (organisation: string) => (organisation === "" ? { disabledReason: "Choose an organisation first." } : {});

/** Says why there is nothing to choose from, and how to get it. */
function MirrorNote({ organisation }: { organisation: string }) {
  const known = organisation !== "";
  const mirror = useCommand("mirror.status", { organisation }, { enabled: known });
  const sync = useAction("mirror.sync", toastFailure);
  if (!known) return <p className={styles.note}>A template can be prepared and checked without an organisation. Choose one before the plan.</p>;
  if (!mirror.data || mirror.data.asOf !== null) return null;
  return (
    <p className={styles.note} role="status">
      {mirror.data.syncing !== null || sync.busy ? (
        "Locations and licences are being read from Webex…"
      ) : (
        <>
          Locations and licences of this organisation were never read from Webex. <LinkButton onPress={() => void sync.run({ organisation })}>Sync now</LinkButton>
        </>
      )}
    </p>
  );
}
