// Customers of a wholesale organisation: found, read, changed after a look at what is destroyed, followed until settled.

import assert from "node:assert/strict";
import { connected, control, fields } from "./steps.mjs";

let facts;
let partner;

const filter = { search: null, status: null, sort: "org_name", descending: false };
const customers = (world) => world.call("wholesale.customers", { organisation: partner, filter, offset: 0, limit: 200 });

export const suite = {
  name: "wholesale",
  tests: [
    [
      "Customers stands in the sidebar only while the organisation is wholesale",
      async (world) => {
        facts = await world.sandbox("awkward");
        await world.openVault();
        const { id } = await world.call("organisations.create", { fields: fields("Orchid Bay Hotels") });
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation: id });
        const page = await world.open({ path: "/customers" });
        await page.getByText("Orchid Bay Hotels is no wholesale organisation").waitFor();
        const main = page.getByRole("navigation", { name: "Main" });
        assert.equal(await main.getByRole("link", { name: "Customers" }).count(), 0);
        await world.axe(page, "no wholesale organisation");
        partner = await connected(world, facts, "Northgate Partners", { wholesale: true });
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation: partner });
        await main.getByRole("link", { name: "Customers" }).waitFor();
        await page.keyboard.press("Control+5");
        await page.locator("h1").filter({ hasText: "Customers" }).waitFor();
      },
    ],
    [
      "customers are read, with names joined and unknown words shown as they came",
      async (world) => {
        const page = await world.open({ path: "/customers" });
        await page.getByRole("grid", { name: "Customers" }).waitFor();
        await page.getByText("Connected to Webex").waitFor();
        if ((await customers(world)).asOf === null) await page.keyboard.press("F5");
        await world.until(async () => (await customers(world)).asOf !== null, "customers are copied", 60_000);
        const { total } = await customers(world);
        await page.getByText(`${total} customers`, { exact: true }).waitFor();
        await page.getByText(/^as of /).waitFor();
        const status = page.getByLabel("Filter by status");
        await status.selectOption("hibernating");
        await page.getByText(`1 of ${total} customers`).waitFor();
        await page.getByRole("gridcell").getByText("hibernating", { exact: true }).waitFor();
        await status.selectOption("all");
        await page.keyboard.press("/");
        await page.keyboard.type("nobody at all");
        await page.getByText("No customer matches").waitFor();
        await page.getByText(new RegExp(`${total} customers are hidden by the search`)).waitFor();
        await page.getByRole("button", { name: "Clear filters" }).click();
        await world.axe(page, "customers");
      },
    ],
    [
      "the panel says what is wrong with a customer and its packages",
      async (world) => {
        const troubled = (await customers(world)).customers.find((one) => one.errors.length > 0);
        const page = await world.open({ path: `/customers?customer=${encodeURIComponent(troubled.id)}` });
        const panel = page.getByRole("complementary");
        await panel.getByText("What Webex says is wrong").waitFor();
        await panel.getByText(troubled.errors[0].description).first().waitFor();
        await panel.getByRole("heading", { name: /^Packages/ }).waitFor();
        await world.axe(page, "a customer in trouble");
      },
    ],
    [
      "a change is shown before it is sent, what it destroys first, and followed until it is settled",
      async (world) => {
        await control(facts, "wholesale", { settle_reads: 2 });
        const customer = (await customers(world)).customers.find((one) => one.status === "provisioned" && one.packages.length > 1 && !(one.externalId ?? "").includes("sentinel"));
        const [gone] = customer.packages;
        const page = await world.open({ path: `/customers?customer=${encodeURIComponent(customer.id)}` });
        const panel = page.getByRole("complementary");
        await panel.getByRole("button", { name: "Edit…" }).waitFor();
        await page.locator("h1").focus();
        await page.keyboard.press("e");
        await panel.getByLabel("External Id").fill("");
        const choice = panel.locator("label").filter({ has: page.locator(`[title="${gone}"]`) });
        const name = await choice.locator("[title]").textContent();
        await choice.click();
        await panel.getByText("will be taken away").waitFor();
        await page.keyboard.press("Control+s");
        await panel.getByText("Type the id this customer has in your own systems.").waitFor();
        await panel.getByLabel("External Id").fill("KES-2044");
        await world.axe(page, "a customer being edited");
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Control+s");
        const preview = page.getByRole("alertdialog", { name: /^Change / });
        await preview.getByText(new RegExp(`^${name} is taken from `)).waitFor();
        assert.equal(await preview.getByText(/is taken away/).count(), 0, "what is destroyed is said once");
        assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Go on editing");
        await world.axe(page, "the look at a change");
        await preview.getByRole("button", { name: "Take away and update" }).click();
        await preview.waitFor({ state: "detached" });
        await panel.getByText("Change under way").waitFor();
        await panel.getByText("Change under way").waitFor({ state: "detached", timeout: 90_000 });
        const after = await world.call("wholesale.customer", { organisation: partner, customer: customer.id });
        assert.equal(after.externalId, "KES-2044");
        assert.ok(!after.packages.includes(gone), after.packages.join());
      },
    ],
    [
      "leaving a changed customer asks",
      async (world) => {
        const page = await world.open({ path: "/customers" });
        const grid = page.getByRole("grid", { name: "Customers" });
        await grid.locator("tbody th").nth(1).click();
        const panel = page.getByRole("complementary");
        const edit = panel.getByRole("button", { name: "Edit…" });
        await edit.click();
        await panel.getByLabel("City").fill("Leeds");
        await grid.locator("tbody th").nth(3).click();
        const question = page.getByRole("alertdialog", { name: "Leave without updating?" });
        await question.waitFor();
        await page.keyboard.press("Enter");
        assert.equal(await panel.getByLabel("City").inputValue(), "Leeds");
        await panel.getByRole("button", { name: "Discard" }).click();
        await edit.waitFor();
      },
    ],
    [
      "the organisation sums its customers up and leads to them",
      async (world) => {
        const page = await world.open({ path: `/organisations/${partner}` });
        const section = page.getByRole("region", { name: "Wholesale customers" });
        await section.getByText(/\d+ provisioned$/).waitFor();
        await section.getByRole("button", { name: "Open Customers" }).click();
        await page.locator("h1").filter({ hasText: "Customers" }).waitFor();
      },
    ],
  ],
};
