// Between the form and the command table. Pure.

import type { CaEdit, CallingBehaviour, ContactCenterRegion, Environment, Organisation, OrganisationFields, SecretEdit } from "../host/generated";

/** What the form holds: texts as typed, empty where nothing was. */
export interface OrganisationForm {
  name: string;
  wholesale: boolean;
  contactCenter: boolean;
  contactCenterRegion: ContactCenterRegion | "";
  accountNumber: string;
  adminEmail: string;
  httpProxy: SecretEdit;
  httpsProxy: SecretEdit;
  caFile: CaEdit;
  defaultCallingBehaviour: CallingBehaviour | "";
  emailDomain: string;
  directorySyncEnabled: boolean;
  syncOnCreate: boolean;
  notes: string;
  environment: Environment["kind"];
  baseUrl: string;
}

/** Longest text of a field (document 003). */
export const TEXT_LIMIT = 1024;

export const REGIONS: readonly (readonly [ContactCenterRegion, string])[] = [
  ["us", "US"],
  ["anz", "ANZ"],
  ["uk", "UK"],
  ["eu_frankfurt", "EU (Frankfurt)"],
  ["japan", "Japan"],
  ["canada", "Canada"],
  ["singapore", "Singapore"],
];

export const BEHAVIOURS: readonly (readonly [CallingBehaviour, string])[] = [
  ["webex_app", "Calling in Webex App"],
  ["webex_app_unified_cm", "Calling in Webex App (Unified CM)"],
  ["jabber", "Cisco Jabber app"],
  ["third_party", "Third-Party app"],
];

export const ENVIRONMENTS: readonly (readonly [Environment["kind"], string])[] = [
  ["commercial", "Webex (webexapis.com)"],
  ["government", "Webex for Government"],
  ["custom", "Another address"],
];

/** Fields of the form and how they are called on the page, in the order they stand there. */
export const FIELD_LABELS: Record<keyof OrganisationForm, string> = {
  name: "Customer Name",
  adminEmail: "Admin Account Email",
  accountNumber: "Organization Account Number",
  defaultCallingBehaviour: "Default Calling Behaviour",
  emailDomain: "Email Domain for Hybrid Calling in Workspaces",
  wholesale: "Wholesale Customer",
  directorySyncEnabled: "Directory Synchronization Enabled",
  contactCenter: "Contact Center Customer",
  syncOnCreate: "Sync on Create",
  contactCenterRegion: "Contact Center Region",
  notes: "Please Note",
  httpProxy: "HTTP Proxy",
  httpsProxy: "HTTPS Proxy",
  caFile: "Extra Certificates",
  environment: "Webex Environment",
  baseUrl: "API Address",
};

export const EMPTY_FORM: OrganisationForm = {
  name: "",
  wholesale: false,
  contactCenter: false,
  contactCenterRegion: "",
  accountNumber: "",
  adminEmail: "",
  httpProxy: { kind: "keep" },
  httpsProxy: { kind: "keep" },
  caFile: { kind: "keep" },
  defaultCallingBehaviour: "",
  emailDomain: "",
  directorySyncEnabled: false,
  syncOnCreate: true,
  notes: "",
  environment: "commercial",
  baseUrl: "",
};

export function formOf(organisation: Organisation): OrganisationForm {
  return {
    name: organisation.name,
    wholesale: organisation.wholesale,
    contactCenter: organisation.contactCenter,
    contactCenterRegion: organisation.contactCenterRegion ?? "",
    accountNumber: organisation.accountNumber ?? "",
    adminEmail: organisation.adminEmail ?? "",
    httpProxy: { kind: "keep" },
    httpsProxy: { kind: "keep" },
    caFile: { kind: "keep" },
    defaultCallingBehaviour: organisation.defaultCallingBehaviour ?? "",
    emailDomain: organisation.emailDomain ?? "",
    directorySyncEnabled: organisation.directorySyncEnabled,
    syncOnCreate: organisation.syncOnCreate,
    notes: organisation.notes ?? "",
    environment: organisation.environment.kind,
    baseUrl: organisation.environment.kind === "custom" ? organisation.environment.base_url : "",
  };
}

function filled(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}

/** A secret field left empty means that nothing is stored. */
function secret(edit: SecretEdit): SecretEdit {
  return edit.kind === "set" && edit.value.trim() === "" ? { kind: "clear" } : edit;
}

function environmentOf(form: OrganisationForm): Environment {
  return form.environment === "custom" ? { kind: "custom", base_url: form.baseUrl.trim() } : { kind: form.environment };
}

/** What is sent: outer white space off, nothing typed is nothing. A region without contact center is left out. */
export function fieldsOf(form: OrganisationForm): OrganisationFields {
  return {
    name: form.name.trim(),
    wholesale: form.wholesale,
    contactCenter: form.contactCenter,
    contactCenterRegion: form.contactCenter && form.contactCenterRegion !== "" ? form.contactCenterRegion : null,
    accountNumber: filled(form.accountNumber),
    adminEmail: filled(form.adminEmail),
    httpProxy: secret(form.httpProxy),
    httpsProxy: secret(form.httpsProxy),
    caFile: form.caFile,
    defaultCallingBehaviour: form.defaultCallingBehaviour === "" ? null : form.defaultCallingBehaviour,
    emailDomain: filled(form.emailDomain),
    directorySyncEnabled: form.directorySyncEnabled,
    syncOnCreate: form.syncOnCreate,
    notes: filled(form.notes),
    environment: environmentOf(form),
  };
}

/** What the form can know without the core; the core has the last word. */
export function problemsOf(form: OrganisationForm): Partial<Record<keyof OrganisationForm, string>> {
  const problems: Partial<Record<keyof OrganisationForm, string>> = {};
  if (form.name.trim() === "") problems.name = "Type the name of the customer.";
  if (form.contactCenter && form.contactCenterRegion === "") problems.contactCenterRegion = "Choose a region: a contact center customer has one.";
  if (form.environment === "custom" && form.baseUrl.trim() === "") problems.baseUrl = "Type the address of the API, ending in /v1.";
  for (const field of ["name", "accountNumber", "adminEmail", "emailDomain", "notes", "baseUrl"] as const) {
    const past = [...form[field]].length - TEXT_LIMIT;
    if (past > 0) problems[field] = `${past} characters too long. ${TEXT_LIMIT} fit.`;
  }
  return problems;
}

/** The form's field a failure belongs to; the core may name a nested one, such as `environment.baseUrl`. */
export function formField(field: string | null): keyof OrganisationForm | null {
  if (field === null) return null;
  const last = field.split(".").at(-1) ?? field;
  const known = last === "base_url" ? "baseUrl" : last;
  return known in FIELD_LABELS ? (known as keyof OrganisationForm) : null;
}
