import { expect, it } from "vitest";
import type { Customer } from "../host/generated";
import { changeOf, changes, choices, formOf, problemsOf } from "./form";

const customer: Customer = {
  id: "c1",
  orgId: null,
  orgName: "Kestrel Logistics",
  externalId: "k-1",
  address: { addressLine1: "14 Quayside Row", addressLine2: null, city: "Salford", stateOrProvince: null, zipOrPostalCode: "M50 3AZ", country: "GB" },
  status: "provisioned",
  packages: ["webex_calling", "moon_calling"],
  resourceDetails: [],
  errors: [],
  asOf: "2026-11-19T14:43:00Z",
  followedBy: null,
};

it("sends the whole list of packages, also those it does not know", () => {
  const form = formOf(customer);
  expect(changeOf({ ...form, packages: [...form.packages, "webex_meetings"] }).packages).toEqual(["webex_calling", "moon_calling", "webex_meetings"]);
  expect(choices(customer)).toContain("moon_calling");
});
it("counts what differs, not what was touched", () => {
  const form = formOf(customer);
  expect(changes(customer, form)).toBe(0);
  expect(changes(customer, { ...form, externalId: " k-1 ", packages: form.packages.toReversed() })).toBe(0);
  expect(changes(customer, { ...form, packages: ["moon_calling", "webex_suite"], address: { ...form.address, city: "Leeds" } })).toBe(3);
});
it("says nothing is nothing", () => {
  expect(changeOf(formOf(customer)).address.addressLine2).toBeNull();
});
it("finds what is missing", () => {
  const form = formOf(customer);
  expect(problemsOf(form)).toEqual({});
  expect(Object.keys(problemsOf({ ...form, externalId: " ", packages: [], address: { ...form.address, country: "UK of GB" } }))).toEqual(["externalId", "packages", "country"]);
});
