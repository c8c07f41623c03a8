import { expect, it } from "vitest";
import type { Customer } from "../host/generated";
import { addressLine, customerStatus, packageName, packageStatus, troubles } from "./words";

it("shows a word it does not know as it came", () => {
  expect(customerStatus("hibernating")).toEqual({ word: "hibernating", shape: "none", tone: "idle" });
  expect(packageStatus({ status: "resting", warnings: [], errors: [] }).word).toBe("resting");
});
it("tells an error that has only warnings from a real one", () => {
  expect(packageStatus({ status: "error", warnings: [1], errors: [] }).tone).toBe("warn");
  expect(packageStatus({ status: "error", warnings: [1], errors: [1] }).tone).toBe("bad");
});
it("writes an address in one line, without what is missing", () => {
  const address = { addressLine1: "14 Quayside Row", addressLine2: "", city: "Salford", stateOrProvince: null, zipOrPostalCode: "M50 3AZ", country: "GB" };
  expect(addressLine(address)).toBe("14 Quayside Row, Salford, M50 3AZ, GB");
  expect(addressLine(null)).toBeNull();
});
it("puts errors before warnings", () => {
  const customer = {
    errors: [{ code: "1", description: "a" }],
    resourceDetails: [
      { name: "p", status: "error", warnings: [{ code: "3", description: "c" }], errors: [] },
      { name: "q", status: "error", warnings: [], errors: [{ code: "2", description: "b" }] },
    ],
  } as unknown as Customer;
  expect(troubles(customer).map(({ code, of }) => [code, of])).toEqual([["1", null], ["2", "q"], ["3", "p"]]);
});
it("names packages as people know them, unknown ones as Webex does", () => {
  expect(packageName("cx_essentials")).toBe("Customer Assist");
  expect(packageName("constructor")).toBe("constructor");
});
