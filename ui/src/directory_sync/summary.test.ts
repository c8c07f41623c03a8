import { expect, it } from "vitest";
import type { Enterprise } from "../host/generated";
import { summary } from "./summary";

const now = new Date(2026, 10, 19, 14, 45);
const enterprise = (spEnterpriseId: string, more: Partial<Enterprise> = {}): Enterprise => ({ spEnterpriseId, gate: { state: "open" }, sync: { state: "never" }, request: null, activated: 3, ...more }) as Enterprise;
const failed = (name: string, code: string | null, description: string) => enterprise(name, { sync: { state: "failed", endedAt: null, errors: [{ code, description }, { code: null, description: "second" }] } });

it("names which of several failed and why, the first ones with their first error", () => {
  const one = summary([enterprise("NGL+a"), failed("NGL+northgate-us", "9999", "no activated user"), enterprise("NGL+c")], now);
  expect(one).toMatchObject({ tone: "bad", title: "Directory Sync of 3 enterprises: 1 failed.", text: "NGL+northgate-us: 9999: No activated user." });
  const many = summary([failed("a", null, "x"), failed("b", null, ""), failed("c", null, "z"), failed("d", null, "z")], now);
  expect(many?.text).toBe("a: X. b: Webex gave no reason. 2 more enterprises failed; Details says why.");
});
it("says nothing of several while nothing is under way and none has failed", () => {
  expect(summary([enterprise("a"), enterprise("b")], now)).toBeNull();
});
it("says in a whole sentence that it was asked for, where it is not known by whom", () => {
  expect(summary([enterprise("a", { gate: { state: "queued", askedAt: now.toISOString() } })], now)?.text).toMatch(/^It was asked for today at /);
});
