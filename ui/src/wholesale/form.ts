// Between the form of a customer and the command table. Pure.

import type { Address, Customer, CustomerChange } from "../host/generated";
import { PACKAGES } from "./words";

export interface CustomerForm {
  externalId: string;
  address: Record<keyof Address, string>;
  packages: string[];
}

export const ADDRESS_LABELS: Record<keyof Address, string> = {
  addressLine1: "Address line 1",
  addressLine2: "Address line 2",
  city: "City",
  stateOrProvince: "State or province",
  zipOrPostalCode: "Postal code",
  country: "Country",
};

export function formOf(customer: Customer): CustomerForm {
  const { address } = customer;
  return {
    externalId: customer.externalId ?? "",
    address: {
      addressLine1: address?.addressLine1 ?? "",
      addressLine2: address?.addressLine2 ?? "",
      city: address?.city ?? "",
      stateOrProvince: address?.stateOrProvince ?? "",
      zipOrPostalCode: address?.zipOrPostalCode ?? "",
      country: address?.country ?? "",
    },
    packages: [...customer.packages],
  };
}

function filled(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}

/** What is sent: the whole list of packages, whatever of it was changed. */
export function changeOf(form: CustomerForm): CustomerChange {
  const { address } = form;
  return {
    externalId: form.externalId.trim(),
    address: {
      addressLine1: filled(address.addressLine1),
      addressLine2: filled(address.addressLine2),
      city: filled(address.city),
      stateOrProvince: filled(address.stateOrProvince),
      zipOrPostalCode: filled(address.zipOrPostalCode),
      country: filled(address.country),
    },
    packages: form.packages,
  };
}

/** How many things differ from what Webex told last. */
export function changes(customer: Customer, form: CustomerForm): number {
  const before = formOf(customer);
  const fields = (Object.keys(before.address) as (keyof Address)[]).filter((field) => before.address[field].trim() !== form.address[field].trim()).length;
  const packages = new Set([...before.packages, ...form.packages]);
  const moved = [...packages].filter((one) => before.packages.includes(one) !== form.packages.includes(one)).length;
  return fields + moved + (before.externalId.trim() === form.externalId.trim() ? 0 : 1);
}

/** Every package that can be chosen: the known ones, and any other the customer has. */
export function choices(customer: Customer): string[] {
  const known: readonly string[] = PACKAGES;
  return [...known, ...customer.packages.filter((one) => !known.includes(one))];
}

/** What the form can know without Webex, which has the last word. */
export function problemsOf(form: CustomerForm): Partial<Record<"externalId" | "packages" | keyof Address, string>> {
  return {
    ...(form.externalId.trim() === "" ? { externalId: "Type the id this customer has in your own systems." } : {}),
    ...(form.packages.length === 0 ? { packages: "Choose at least one package: a customer without one is to be deleted at Webex." } : {}),
    ...(form.address.country.trim() !== "" && !/^[A-Za-z]{2}$/.test(form.address.country.trim()) ? { country: "Type the two letters of the country, such as GB." } : {}),
  };
}
