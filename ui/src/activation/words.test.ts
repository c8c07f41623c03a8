import { expect, it } from "vitest";
import { chosenWords, errorWords, filterWords, hasNotBegun, NAMED_STATES, stateWords, userName } from "./words";
import { viewOf } from "./search";

const nobody = { key: "k", firstName: null, lastName: null, email: null, serviceId: null, extension: null };

it("shows a state it does not know as it came", () => {
  expect(stateWords("hibernating")).toMatchObject({ word: "hibernating", shape: "none", tone: "idle" });
  expect(stateWords("constructor").word).toBe("constructor");
});
it("says of how many are selected only where nobody can have left the view", () => {
  expect(chosenWords(3, 20, 0)).toBe("3 of 20 users selected");
  expect(chosenWords(3, 590, null)).toBe("3 users selected");
  expect(chosenWords(1, 20, 1)).toBe("1 user selected, 1 no longer in the view");
  expect(chosenWords(600, 590, null)).toBe("600 users selected, at least 10 no longer in the view");
});
it("gives each named state a mark of its own", () => {
  expect(NAMED_STATES.map((state) => stateWords(state).shape)).toEqual(["done", "none", "half", "most"]);
  expect(stateWords("error")).toMatchObject({ shape: "bad", tone: "bad" });
  expect(stateWords("pending_user_migration").word).toBe("Pending User Consent");
});
it("speaks of invitations where people are the source", () => {
  expect(stateWords("pending_email_validation", "people").meaning).toMatch(/invitation/);
  expect(stateWords("pending_email_validation", "broadworks").meaning).not.toMatch(/invitation/);
});
it("says who has not begun: without an address, or in the state that waits for one", () => {
  expect(hasNotBegun({ email: null, state: "provisioned" })).toBe(true);
  expect(hasNotBegun({ email: " ", state: "provisioning" })).toBe(true);
  expect(hasNotBegun({ email: "a@b.example", state: "pending_email_input" })).toBe(true);
  expect(hasNotBegun({ email: "a@b.example", state: "pending_email_validation" })).toBe(false);
});
it("names a user by what there is", () => {
  expect(userName({ ...nobody, firstName: "Nguyễn Thu", lastName: "Hà" })).toBe("Nguyễn Thu Hà");
  expect(userName({ ...nobody, lastName: "Hà" })).toBe("Hà");
  expect(userName({ ...nobody, firstName: " ", email: "ha@kestrel.example" })).toBe("ha@kestrel.example");
  expect(userName(nobody)).toBe("k");
});
it("says what hides the others", () => {
  expect(filterWords(viewOf({ state: "provisioning", location: "", extension: "41", search: "demir", stuck: true }))).toEqual(["Provisioning", "stuck for more than 7 days", "without Location", "Ext “41”", "the search “demir”"]);
  expect(filterWords(viewOf({}))).toEqual([]);
});
it("says an error with its code where there is one", () => {
  expect(errorWords({ code: "10022", description: "taken" })).toBe("10022: taken");
  expect(errorWords({ code: null, description: "taken" })).toBe("taken");
});
