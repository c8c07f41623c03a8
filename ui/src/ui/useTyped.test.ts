import { expect, it } from "vitest";
import { toldAt } from "./useTyped";

it("knows what was told when it comes back, trimmed or late", () => {
  expect(toldAt(["", "ann "], "ann")).toBe(1);
  expect(toldAt(["a", "an", "ann"], "an")).toBe(1);
});
it("knows what somebody else has set", () => {
  expect(toldAt(["ann"], "")).toBe(-1);
  expect(toldAt(["", "ann"], "bea")).toBe(-1);
});
