import { type Control, Controller, type UseFormRegister, useWatch } from "react-hook-form";
import type { Organisation } from "../host";
import { ReadField, SelectField, Switch, TextArea, TextField } from "../ui";
import { BEHAVIOURS, ENVIRONMENTS, type OrganisationForm, REGIONS, TEXT_LIMIT } from "./fields";
import styles from "./Organisation.module.css";
import { CaField } from "./CaField";
import { ProxyField } from "./ProxyField";

interface FormFieldsProps {
  control: Control<OrganisationForm>;
  register: UseFormRegister<OrganisationForm>;
  /** Null while the organisation is new. */
  organisation: Organisation | null;
  errorOf: (field: keyof OrganisationForm) => string | null;
}

/** The fields of document 003, in the order of the picture. */
export function OrganisationFormFields({ control, register, organisation, errorOf }: FormFieldsProps) {
  const form = useWatch({ control });
  const demo = organisation?.environment.kind === "demo";
  const text = (field: "name" | "adminEmail" | "accountNumber" | "emailDomain" | "baseUrl") => ({ ...register(field), error: errorOf(field), limit: TEXT_LIMIT, length: [...(form[field] ?? "")].length });
  return (
    <div className={styles.fields}>
      <div className={styles.two}>
        <TextField label="Customer Name" required autoFocus={organisation === null} {...text("name")} />
        <TextField
          label={
            <>
              Admin Account Email <span className="cap">information only</span>
            </>
          }
          inputMode="email"
          {...text("adminEmail")}
        />
      </div>
      <div className={styles.ids}>
        <TextField label="Organization Account Number" spellCheck={false} {...text("accountNumber")} hint="Control Hub, Account menu, Organization ID" />
        <ReadField label="Organization Account Number (Internal)" value={organisation?.internalId ?? null} mono empty="after consent" hint="Found by Patchbay" />
      </div>
      <div className={styles.calling}>
        <SelectField label="Default Calling Behaviour" {...register("defaultCallingBehaviour")} error={errorOf("defaultCallingBehaviour")}>
          <option value="">Not set</option>
          {BEHAVIOURS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
        <TextField label="Email Domain for Hybrid Calling in Workspaces" spellCheck={false} {...text("emailDomain")} />
      </div>
      <div className={styles.switches}>
        <Switch label="Wholesale Customer" hint="Webex for Wholesale" {...register("wholesale")} />
        <Switch label="Directory Synchronization Enabled" hint={form.directorySyncEnabled && organisation?.directorySyncEnabled === false && organisation.consent.state === "granted" ? "save, then connect again: BroadWorks needs permissions of its own" : "users come from BroadWorks: their activation, Directory Sync"} {...register("directorySyncEnabled")} />
        <Switch label="Contact Center Customer" hint="needs a region" {...register("contactCenter")} />
        <Switch label="Sync on Create" hint="roles, licences, locations after consent" {...register("syncOnCreate")} />
      </div>
      <div className={styles.two}>
        {form.contactCenter ? (
          <SelectField label="Contact Center Region" required {...register("contactCenterRegion")} error={errorOf("contactCenterRegion")}>
            <option value="">Choose a region</option>
            {REGIONS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </SelectField>
        ) : (
          <SelectField label="Contact Center Region" disabledReason="Only for contact center customers">
            <option>None</option>
          </SelectField>
        )}
        <TextArea label="Please Note" rows={1} {...register("notes")} error={errorOf("notes")} />
        <Controller control={control} name="httpProxy" render={({ field }) => <ProxyField label="HTTP Proxy" name="httpProxy" stored={organisation?.httpProxy ?? null} edit={field.value} error={errorOf("httpProxy")} onChange={field.onChange} />} />
        <Controller control={control} name="httpsProxy" render={({ field }) => <ProxyField label="HTTPS Proxy" name="httpsProxy" stored={organisation?.httpsProxy ?? null} edit={field.value} error={errorOf("httpsProxy")} onChange={field.onChange} />} />
        <Controller control={control} name="caFile" render={({ field }) => <CaField stored={organisation?.caFile ?? null} edit={field.value} error={errorOf("caFile")} onChange={field.onChange} />} />
        {demo ? (
          <ReadField label="Webex Environment" value="Built-in demo" hint="A simulated Webex on this computer" />
        ) : (
          <SelectField label="Webex Environment" {...register("environment")} error={errorOf("environment")}>
            {ENVIRONMENTS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </SelectField>
        )}
        {form.environment === "custom" ? <TextField label="API Address" required spellCheck={false} inputMode="url" placeholder="http://127.0.0.1:9000/v1" {...text("baseUrl")} hint="Ends in /v1" /> : null}
      </div>
    </div>
  );
}
