// Schedules: what runs when, run now, paused, how often, what is in trouble; a thousand of them.

import assert from "node:assert/strict";
import { connected, fields } from "./steps.mjs";

const MANY = 340;
let facts;
let organisation;

const all = { organisation: null, kind: null, troubled: false, search: null };
const list = (world, filter = {}) => world.call("schedules.list", { filter: { ...all, ...filter }, offset: 0, limit: 200 });
const row = (page, what, name) => page.getByRole("grid", { name: "Schedules" }).getByRole("row").filter({ hasText: what }).filter({ hasText: name });

export const suite = {
  name: "schedules",
  tests: [
    [
      "schedules come with the organisation and say when they run",
      async (world) => {
        facts = await world.sandbox("demo");
        await world.openVault();
        organisation = await connected(world, facts, "Kestrel Logistics");
        const page = await world.open({ path: "/settings" });
        await page.getByRole("link", { name: "Open Schedules" }).click();
        await page.locator("h1").filter({ hasText: "Schedules" }).waitFor();
        await row(page, "Token renewal", "Kestrel Logistics").waitFor();
        const sync = row(page, "Sync", "Kestrel Logistics").first();
        await sync.getByText(/in |now|running/).first().waitFor();
        await world.axe(page, "schedules");
      },
    ],
    [
      "one is run now, and its last result leads to its transaction",
      async (world) => {
        const page = await world.open({ path: "/schedules" });
        await page.getByRole("button", { name: "Run Sync of Kestrel Logistics now" }).click();
        await page.getByText("Sync of Kestrel Logistics asked for").waitFor();
        const done = page.getByRole("link", { name: /^Done, .*: Sync of Kestrel Logistics$/ });
        await done.waitFor({ timeout: 90_000 });
        await done.click();
        await page.getByRole("complementary").filter({ hasText: "Tracking ids of Webex" }).waitFor();
      },
    ],
    [
      "one is paused by one key and goes on by the same",
      async (world) => {
        const page = await world.open({ path: "/schedules?kind=mirror_sync" });
        const grid = page.getByRole("grid", { name: "Schedules" });
        await grid.getByText("Kestrel Logistics").first().click();
        await page.keyboard.press("p");
        await row(page, "Sync", "Kestrel Logistics").getByText("Paused").waitFor();
        assert.equal((await list(world, { kind: "mirror_sync" })).schedules[0].state.state, "paused");
        await page.keyboard.press("p");
        await row(page, "Sync", "Kestrel Logistics").getByText("Paused").waitFor({ state: "detached" });
      },
    ],
    [
      "how often is changed within bounds; of a token renewal it cannot be",
      async (world) => {
        const page = await world.open({ path: "/schedules?kind=all" });
        const renewal = page.getByRole("button", { name: "Change how often: Token renewal of Kestrel Logistics" });
        await renewal.waitFor();
        assert.equal(await renewal.getAttribute("aria-disabled"), "true");
        await page.getByRole("button", { name: "Change how often: Sync of Kestrel Logistics" }).click();
        const dialog = page.getByRole("dialog", { name: /^How often/ });
        await dialog.getByLabel("Every").fill("10");
        await dialog.getByLabel("Unit").selectOption("minutes");
        await dialog.getByRole("alert").getByText("Use 15 minutes to 30 days.").waitFor();
        await world.axe(page, "the interval of a schedule");
        await dialog.getByLabel("Every").fill("45");
        await dialog.getByRole("button", { name: "Change interval" }).click();
        await dialog.waitFor({ state: "detached" });
        await row(page, "Sync", "Kestrel Logistics").getByText("45 minutes").waitFor();
        assert.ok((await list(world)).schedules.some((one) => one.everyMinutes === 45));
      },
    ],
    [
      "many: read in windows, searched, and only those in trouble",
      async (world) => {
        for (let number = 0; number < MANY; number += 1) await world.call("organisations.create", { fields: fields(`Customer ${String(number).padStart(3, "0")}`) });
        const page = await world.open({ path: "/schedules" });
        const { total } = await list(world);
        assert.ok(total >= MANY, `${total} schedules`);
        const grid = page.getByRole("grid", { name: "Schedules" });
        await world.until(async () => (await grid.getAttribute("aria-rowcount")) === String(total + 2), "all are counted");
        assert.ok((await grid.locator("tbody tr[data-index]").count()) < 80);
        await page.keyboard.press("/");
        await page.keyboard.type("customer 123");
        await page.getByText(new RegExp(`^\\d of ${total.toLocaleString("en-GB")} schedules$`)).waitFor();
        await page.getByLabel("Search schedules").fill("nobody");
        await page.getByText("No schedule matches").waitFor();
        await page.getByText(/hidden by the search “nobody”/).waitFor();
        await page.getByRole("button", { name: "Show all schedules" }).click();
        await page.getByRole("button", { name: /^Blocked or failing/ }).click();
        const { total: troubled } = await list(world, { troubled: true });
        await world.until(async () => troubled === 0 || (await grid.getAttribute("aria-rowcount")) === String(troubled + 2), "those in trouble are counted");
        await world.axe(page, "schedules in trouble");
      },
    ],
  ],
};
