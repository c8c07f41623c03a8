import { describe, expect, it } from "vitest";
import { EMPTY_FORM, fieldsOf, formField, problemsOf } from "./fields";

const form = { ...EMPTY_FORM, name: "Kestrel" };

describe("fieldsOf", () => {
  it("sends nothing typed as nothing, and trims the ends", () => {
    expect(fieldsOf({ ...form, name: " Kestrel ", notes: "  " })).toMatchObject({ name: "Kestrel", notes: null, accountNumber: null });
  });
  it("forgets a secret whose field was emptied, and keeps one that was not touched", () => {
    expect(fieldsOf({ ...form, httpProxy: { kind: "set", value: " " } }).httpProxy).toEqual({ kind: "clear" });
    expect(fieldsOf(form).httpProxy).toEqual({ kind: "keep" });
  });
  it("leaves the region out without contact center", () => {
    expect(fieldsOf({ ...form, contactCenterRegion: "uk" }).contactCenterRegion).toBeNull();
    expect(fieldsOf({ ...form, contactCenter: true, contactCenterRegion: "uk" }).contactCenterRegion).toBe("uk");
  });
  it("sends an address only for an environment of one's own", () => {
    expect(fieldsOf({ ...form, baseUrl: "http://x/v1" }).environment).toEqual({ kind: "commercial" });
    expect(fieldsOf({ ...form, environment: "custom", baseUrl: " http://x/v1 " }).environment).toEqual({ kind: "custom", base_url: "http://x/v1" });
  });
});

describe("problemsOf", () => {
  it("finds what is missing", () => {
    expect(problemsOf({ ...EMPTY_FORM, contactCenter: true, environment: "custom" })).toEqual({
      name: "Type the name of the customer.",
      contactCenterRegion: "Choose a region: a contact center customer has one.",
      baseUrl: "Type the address of the API, ending in /v1.",
    });
  });
  it("counts characters, not code units", () => {
    expect(problemsOf({ ...form, notes: "😀".repeat(1024) })).toEqual({});
    expect(problemsOf({ ...form, notes: "😀".repeat(1026) }).notes).toBe("2 characters too long. 1024 fit.");
  });
});

it("finds the field of a failure", () => {
  expect(formField("httpProxy")).toBe("httpProxy");
  expect(formField("environment.base_url")).toBe("baseUrl");
  expect(formField("somethingElse")).toBeNull();
  expect(formField(null)).toBeNull();
});
