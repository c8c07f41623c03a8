import { expect, it } from "vitest";
import type { Notice } from "../host/generated";
import { byWeight } from "./notices";

const notice = (id: string, urgency: Notice["urgency"], at: string | null = null): Notice => ({ id, kind: "consent_ends", urgency, organisation: "o", organisationName: "O", title: id, message: "", at, dismissed: false });

it("puts the heaviest first, then what happens first", () => {
  const given = [notice("c", "info"), notice("b", "warning", "2026-11-25"), notice("a", "warning", "2026-11-22"), notice("d", "urgent")];
  expect(given.toSorted(byWeight).map(({ id }) => id)).toEqual(["d", "a", "b", "c"]);
});
