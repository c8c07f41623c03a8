// Transactions: filtered by what, where, when and how it ended; remembered; exported; tried again.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { answerPath, connected, control, fields } from "./steps.mjs";

let facts;
let organisation;

const shown = (page) => page.getByRole("grid", { name: "Transactions" }).locator("tbody th");

export const suite = {
  name: "transactions",
  tests: [
    [
      "filters narrow the list together, and the footer says which are set",
      async (world) => {
        facts = await world.sandbox("demo");
        await world.openVault();
        organisation = await connected(world, facts, "Kestrel Logistics");
        await world.call("organisations.create", { fields: fields("Orchid Bay Hotels") });
        const page = await world.open({ path: "/transactions" });
        await shown(page).first().waitFor();
        await page.keyboard.press("f");
        assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Filter by time");
        await page.getByLabel("Filter by what was done").selectOption("organisation_added");
        await page.getByText("2 transactions match: only Organisation added").waitFor();
        await page.getByLabel("Filter by organisation").selectOption({ label: "Orchid Bay Hotels" });
        await page.getByText(/^1 transactions? match/).waitFor();
        assert.equal(await shown(page).count(), 1);
        await page.getByLabel("Filter by time").selectOption("today");
        await page.getByText(/only today/).waitFor();
        assert.equal(await shown(page).count(), 1);
        await world.axe(page, "filtered transactions");
      },
    ],
    [
      "filters are remembered, the search is not",
      async (world) => {
        const page = await world.open({ path: "/transactions" });
        await page.getByText(/only Organisation added/).waitFor();
        assert.equal(await page.getByLabel("Filter by what was done").inputValue(), "organisation_added");
        assert.equal(await page.getByLabel("Search transactions").inputValue(), "");
        await page.getByRole("button", { name: "Clear filters" }).click();
        await page.getByText(/^\d+ transactions$/).waitFor();
        await world.until(async () => JSON.parse((await world.call("preferences.get")).views.transactions ?? "{}").kind === undefined, "the filters are forgotten");
      },
    ],
    [
      "a range of days of one's own; when nothing is left it is said what hides it, and undone",
      async (world) => {
        const page = await world.open({ path: "/transactions" });
        await page.getByLabel("Filter by time").selectOption("days");
        await page.getByLabel("From").fill("2020-01-01");
        await page.getByLabel("to", { exact: true }).fill("2020-01-02");
        await page.getByText("No transaction matches").waitFor();
        await page.getByText(/hidden by one filter: only from/).waitFor();
        await world.axe(page, "transactions that a range hides");
        await page.getByRole("main").getByRole("button", { name: "Clear filters" }).last().click();
        await shown(page).first().waitFor();
      },
    ],
    [
      "what is shown is exported, as either kind",
      async (world) => {
        const page = await world.open({ path: "/transactions?kind=organisation_added" });
        await page.getByText(/^2 transactions match/).waitFor();
        for (const [item, name] of [["For a spreadsheet", "a.csv"], ["For another program", "b.csv"]]) {
          await page.getByRole("button", { name: "Export", exact: true }).click();
          await page.getByRole("menuitem", { name: item }).click();
          await answerPath(page, "Export transactions", `${world.dataDir}/${name}`);
          await page.getByRole("status").getByText(`${world.dataDir}/${name}`).waitFor();
          const text = readFileSync(`${world.dataDir}/${name}`, "utf8");
          assert.ok(text.includes("Orchid Bay Hotels"), text.slice(0, 300));
        }
      },
    ],
    [
      "one that failed names the step and is tried again from its panel",
      async (world) => {
        await control(facts, "faults", { match: { path: "/v1/locations" }, count: null, effect: { kind: "status", status: 403, when: "before" } });
        const { transaction } = await world.call("mirror.sync", { organisation });
        await world.until(async () => (await world.call("transactions.get", { transaction })).state === "failed", "the sync fails", 60_000);
        await control(facts, "faults", null);
        const page = await world.open({ path: `/transactions?transaction=${transaction}` });
        const panel = page.getByRole("complementary").filter({ hasText: "Tracking ids of Webex" });
        await panel.getByRole("listitem").filter({ hasText: ", Failed" }).first().waitFor();
        await world.axe(page, "a transaction that failed");
        await panel.getByRole("button", { name: /^Copy tracking id/ }).first().click();
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        assert.ok((await world.call("transactions.get", { transaction })).trackingIds.includes(copied), copied);
        await panel.getByRole("button", { name: "Retry" }).click();
        await world.until(async () => (await world.call("mirror.status", { organisation })).asOf !== null, "the copy is complete", 60_000);
        await panel.getByText("Done", { exact: true }).first().waitFor();
      },
    ],
  ],
};
