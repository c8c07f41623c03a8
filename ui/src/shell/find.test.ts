import { expect, it } from "vitest";
import { find, marked } from "./find";

const entries = [
  { id: "1", group: "Pages", label: "Bulk assignment" },
  { id: "2", group: "Run", label: "New assignment", command: true },
  { id: "3", group: "Bulk assignment", label: "Open Manchester wave 2", detail: "Draft" },
  { id: "4", group: "Organisations", label: "Élan Manchester" },
];
const ids = (typed: string) => find(entries, typed).map((entry) => entry.id);

it("finds every word, whatever its accents and case", () => {
  expect(ids("manch")).toEqual(["3", "4"]);
  expect(ids("elan MANCH")).toEqual(["4"]);
  expect(ids("manch nowhere")).toEqual([]);
});
it("looks into details after labels", () => {
  expect(ids("draft")).toEqual(["3"]);
});
it("shows only commands after >", () => {
  expect(ids(">")).toEqual(["2"]);
  expect(ids("> new")).toEqual(["2"]);
});
it("marks what was typed", () => {
  expect(marked("Open Manchester wave 2", "manch")).toEqual([
    { text: "Open ", hit: false },
    { text: "Manch", hit: true },
    { text: "ester wave 2", hit: false },
  ]);
});
