import { expect, it } from "vitest";
import { readActivationSearch, sortLevels, sortText, UNFILTERED, viewOf } from "./search";

it("reads an address and leaves out what it does not know", () => {
  const search = readActivationSearch({ state: "hibernating", search: 45207, location: "", licence: "basic", stuck: "yes", sort: "location,-extension,shoe_size,location", user: "u1", colour: "red" });
  expect(search).toMatchObject({ state: "hibernating", search: "45207", location: "", licence: "basic", stuck: undefined, sort: "location,-extension", user: "u1" });
  expect(search).not.toHaveProperty("colour");
});
it("asks for all of what is set, an empty set value included", () => {
  expect(viewOf(readActivationSearch({ location: "", firstName: "a", stuck: true, sort: "-email" }))).toEqual({
    state: null,
    search: null,
    location: "",
    licence: null,
    serviceType: null,
    serviceId: null,
    extension: null,
    firstName: "a",
    lastName: null,
    email: null,
    stuck: true,
    sort: [{ column: "email", descending: true }],
  });
});
it("orders by last name until somebody orders otherwise, by four levels at most", () => {
  expect(sortLevels({})).toEqual([{ column: "last_name", descending: false }]);
  const four = "location,licence,-email,state";
  expect(sortText(sortLevels({ sort: `${four},extension` }))).toBe(four);
});
it("clears every filter and keeps the order", () => {
  const search = { ...readActivationSearch({ state: "error", search: "x", location: "", email: "y", stuck: true, sort: "-email" }), ...UNFILTERED };
  expect(viewOf(search)).toEqual({ ...viewOf({}), sort: [{ column: "email", descending: true }] });
});
