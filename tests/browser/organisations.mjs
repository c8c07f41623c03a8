// Organisations: every field with what is wrong beside it, access, check, lists as files, deleting, and five hundred of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connected, control, answerPath, chooseFile, fields } from "./steps.mjs";

const MANY = 500;
let facts;
let organisation;

const names = (world) => world.call("organisations.list").then(({ organisations }) => organisations.map(({ name }) => name));

export const suite = {
  name: "organisations",
  tests: [
    [
      "a field that was left wrong says so beside it, before anything is sent",
      async (world) => {
        const page = await world.open({ path: "/organisations/new" });
        await page.getByLabel("Customer Name").focus();
        await page.keyboard.press("Tab");
        await page.getByText("Type the name of the customer.").waitFor();
        await page.getByLabel("Customer Name").fill("Orchid Bay Hotels");
        await page.getByText("Type the name of the customer.").waitFor({ state: "detached" });
        await page.getByLabel("Contact Center Customer").click();
        await page.getByLabel("Contact Center Region").focus();
        await page.keyboard.press("Tab");
        await page.getByText("Choose a region: a contact center customer has one.").waitFor();
        await page.getByLabel("Contact Center Region").selectOption("eu_frankfurt");
        await page.getByText("Choose a region: a contact center customer has one.").waitFor({ state: "detached" });
        await page.getByLabel("Default Calling Behaviour").selectOption("third_party");
        await page.getByLabel("Email Domain for Hybrid Calling in Workspaces").fill("ws.orchid.example");
        await page.getByLabel("Wholesale Customer").click();
        await page.getByLabel("Directory Synchronization Enabled").click();
        await page.keyboard.press("Control+s");
        await page.locator("h1").filter({ hasText: "Orchid Bay Hotels" }).waitFor();
        await page.getByText("Wholesale", { exact: true }).waitFor();
        await page.getByText("Contact Center", { exact: true }).waitFor();
        const [saved] = (await world.call("organisations.list")).organisations;
        assert.deepEqual(
          [saved.contactCenterRegion, saved.defaultCallingBehaviour, saved.emailDomain, saved.wholesale, saved.directorySyncEnabled],
          ["eu_frankfurt", "third_party", "ws.orchid.example", true, true],
        );
      },
    ],
    [
      "what the core refuses stands at its field and takes the focus; discarding brings back what was saved",
      async (world) => {
        const [{ id }] = (await world.call("organisations.list")).organisations;
        const page = await world.open({ path: `/organisations/${id}` });
        const proxy = page.getByLabel("HTTPS Proxy", { exact: true });
        await proxy.fill("ftp://proxy.orchid.example:8080");
        assert.equal(await proxy.getAttribute("type"), "password");
        await page.getByLabel("Please Note").fill("Freeze from 18 Dec");
        await page.keyboard.press("Control+s");
        await page.getByText(/1 field to correct: HTTPS Proxy/).waitFor();
        assert.equal(await proxy.getAttribute("aria-invalid"), "true");
        assert.equal(await proxy.getAttribute("type"), "text", "shown while it is corrected");
        await world.until(() => page.evaluate(() => document.activeElement?.getAttribute("name") === "httpsProxy"), "the focus in the wrong field");
        await world.axe(page, "a wrong proxy");
        await page.getByRole("button", { name: "Discard changes" }).click();
        assert.equal(await page.getByLabel("Please Note").inputValue(), "");
        assert.equal(await proxy.inputValue(), "");
        await world.call("organisations.delete", { organisation: id, revoke: false });
      },
    ],
    [
      "a file that is no certificate is refused at its field; a real one is counted, and can be removed",
      async (world) => {
        await world.openVault();
        const { id } = await world.call("organisations.create", { fields: fields("Ardmore Council") });
        const page = await world.open({ path: `/organisations/${id}` });
        await chooseFile(page, () => page.getByRole("button", { name: "Choose…" }).click(), { name: "notes.pem", mimeType: "text/plain", buffer: Buffer.from("no certificate in here") });
        await world.until(async () => (await page.getByLabel("Extra Certificates").inputValue()) === "notes.pem", "the name of the file that was read");
        await page.keyboard.press("Control+s");
        await page.getByText(/1 field to correct: Extra Certificates/).waitFor();
        await chooseFile(page, () => page.getByRole("button", { name: "Replace…" }).click(), { name: "ardmore-ca.pem", mimeType: "text/plain", buffer: readFileSync(new URL("../fixtures/ca/ardmore-ca.pem", import.meta.url)) });
        await page.keyboard.press("Control+s");
        await page.getByText("1 certificate beside the system’s").waitFor();
        assert.deepEqual((await world.call("organisations.get", { organisation: id })).caFile, { name: "ardmore-ca.pem", certificates: 1 });
        await page.getByRole("button", { name: "Remove certificates" }).click();
        await page.keyboard.press("Control+s");
        await world.until(async () => (await world.call("organisations.get", { organisation: id })).caFile === null, "the certificates are gone");
        await world.call("organisations.delete", { organisation: id, revoke: false });
      },
    ],
    [
      "who consented is said, and when it was another administrator than the registered one",
      async (world) => {
        facts = await world.sandbox("demo");
        organisation = await connected(world, facts, "Kestrel Logistics", { adminEmail: "somebody.else@kestrel.example" });
        const page = await world.open({ path: `/organisations/${organisation}` });
        await page.getByText("Another administrator consented.").waitFor();
        await page.getByText(/registered is somebody\.else@kestrel\.example/).waitFor();
        await page.getByText("Access Token Expires At").waitFor();
        await page.getByRole("img", { name: /^Refresh token: day 1 of \d+, from / }).waitFor();
        await page.getByRole("heading", { name: /Granted permissions/ }).waitFor();
        await world.axe(page, "an organisation that is connected");
      },
    ],
    [
      "the token is renewed on request, and the renewal is a dot on the bar",
      async (world) => {
        const page = await world.open({ path: `/organisations/${organisation}` });
        const before = (await world.call("organisations.get", { organisation })).refreshes.length;
        await page.getByRole("button", { name: "Refresh now" }).click();
        await page.getByText("Access to Kestrel Logistics renewed").waitFor();
        await world.until(async () => (await world.call("organisations.get", { organisation })).refreshes.length === before + 1, "the renewal is remembered");
        await page.getByRole("img", { name: new RegExp(`renewed ${before + 1} time`) }).waitFor();
      },
    ],
    [
      "the connection is checked step by step; what fails is named, with the way out",
      async (world) => {
        const page = await world.open({ path: `/organisations/${organisation}` });
        await page.getByRole("button", { name: "Check connection" }).click();
        const dialog = page.getByRole("dialog", { name: "Connection of Kestrel Logistics" });
        await dialog.getByText("Kestrel Logistics can be reached.").waitFor();
        assert.ok((await dialog.getByRole("listitem").count()) >= 5);
        await world.axe(page, "a check that succeeded");
        await dialog.getByRole("button", { name: "Close" }).last().click();
        const lost = await world.call("organisations.create", { fields: fields("Nowhere Ltd", "http://127.0.0.1:9/v1") });
        await world.go(page, `/organisations/${lost.id}`);
        await page.getByRole("button", { name: "Check connection" }).click();
        const failed = page.getByRole("dialog", { name: "Connection of Nowhere Ltd" });
        await failed.getByText(/^“.+” failed\.$/).waitFor();
        await failed.getByRole("button", { name: "Connect to Webex…" }).waitFor();
        await failed.getByRole("button", { name: "Check again" }).waitFor();
        await world.axe(page, "a check that failed");
        await world.call("organisations.delete", { organisation: lost.id, revoke: false });
      },
    ],
    [
      "a sync that failed stays in view with its steps, and is tried again from there",
      async (world) => {
        await control(facts, "faults", { match: { path: "/v1/locations" }, count: null, effect: { kind: "status", status: 403, when: "before" } });
        const page = await world.open({ path: `/organisations/${organisation}` });
        await page.getByRole("button", { name: "Sync with Webex" }).click();
        const work = page.getByRole("region", { name: "Last sync" });
        await work.getByText("Failed", { exact: true }).waitFor({ timeout: 60_000 });
        await work.getByRole("listitem").first().waitFor();
        await control(facts, "faults", null);
        await work.getByRole("button", { name: "Retry" }).click();
        await work.waitFor({ state: "detached", timeout: 60_000 });
        await world.until(async () => (await world.call("mirror.status", { organisation })).asOf !== null, "the copy is complete", 60_000);
      },
    ],
    [
      "the list is written without secrets and read again after a look at it",
      async (world) => {
        const page = await world.open({ path: "/organisations" });
        const path = `${world.dataDir}/organisations.csv`;
        await page.getByRole("button", { name: "Lists" }).click();
        await page.getByRole("menuitem", { name: /Export as CSV/ }).click();
        await answerPath(page, "Export organisations", path);
        await page.getByText(/^Exported \d+ organisations?$/).waitFor();
        const text = readFileSync(path, "utf8");
        assert.ok(text.includes("Kestrel Logistics") && !text.includes(facts.client_secret));
        const lines = text.trimEnd().split(/\r?\n/);
        const row = lines.find((line) => line.includes("Kestrel Logistics"));
        const file = [lines[0], row, row.replace("Kestrel Logistics", "Ostrava Glass").replace(/[0-9a-f]{8}-[0-9a-f-]{27}|Y2lz\w+/g, ""), row.replace("Kestrel Logistics", "").replace(/[0-9a-f]{8}-[0-9a-f-]{27}|Y2lz\w+/g, "")].join("\n");
        await page.getByRole("button", { name: "Lists" }).click();
        await chooseFile(page, () => page.getByRole("menuitem", { name: /Import a list/ }).click(), { name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
        const dialog = page.getByRole("dialog", { name: "Import organisations" });
        await dialog.getByRole("row").filter({ hasText: "Kestrel Logistics" }).getByText("Same").waitFor();
        await dialog.getByRole("row").filter({ hasText: "Ostrava Glass" }).getByText("New").waitFor();
        await dialog.getByRole("row").filter({ hasText: "Refused" }).waitFor();
        await world.axe(page, "the look at an import");
        assert.ok(!(await names(world)).includes("Ostrava Glass"), "nothing is changed by the look");
        await dialog.getByRole("button", { name: "Import 1 organisation" }).click();
        await page.getByRole("dialog", { name: "Organisations imported" }).getByText("1 organisation added").waitFor();
        assert.ok((await names(world)).includes("Ostrava Glass"));
      },
    ],
    [
      "deleting takes the tokens back; when Webex does not answer nothing is deleted, and it can be done without",
      async (world) => {
        const page = await world.open({ path: `/organisations/${organisation}` });
        await page.getByRole("button", { name: "More", exact: true }).click();
        await page.getByRole("menuitem", { name: /Delete organisation/ }).click();
        const question = page.getByRole("alertdialog", { name: "Delete Kestrel Logistics?" });
        await question.getByText(/The local copy of Webex goes: [\d,]+ people/).waitFor();
        await question.getByText(/schedules? will not run any more/).waitFor();
        assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Keep Kestrel Logistics");
        await question.getByRole("checkbox", { name: "Take the tokens back at Webex" }).click();
        await control(facts, "faults", { match: { path: "/idb" }, count: null, effect: { kind: "drop", when: "before" } });
        await question.getByRole("button", { name: "Take back and delete" }).click();
        await question.getByRole("button", { name: "Delete without" }).waitFor({ timeout: 60_000 });
        assert.ok((await names(world)).includes("Kestrel Logistics"));
        await world.axe(page, "tokens that could not be taken back");
        await control(facts, "faults", null);
        await question.getByRole("button", { name: "Take back and delete" }).click();
        await page.getByText("Kestrel Logistics deleted").waitFor();
        await page.getByText("Webex has taken its tokens back.").waitFor();
        assert.ok(!(await names(world)).includes("Kestrel Logistics"));
      },
    ],
    [
      "five hundred: the list is drawn in part only, searched at once, and moved through by the arrows",
      async (world) => {
        const present = (await names(world)).length;
        for (let number = present; number < MANY; number += 1) await world.call("organisations.create", { fields: fields(`Customer ${String(number).padStart(3, "0")}`) });
        const page = await world.open({ path: "/organisations" });
        await page.getByText(`${MANY} organisations`).waitFor();
        const grid = page.getByRole("grid", { name: "Organisations" });
        assert.ok((await grid.locator("tbody tr[data-index]").count()) < 80);
        await page.keyboard.press("/");
        await page.keyboard.type("customer 432");
        await page.getByText(`1 of ${MANY} organisations`).waitFor();
        await grid.getByText("Customer 432").click();
        await page.locator("h1").filter({ hasText: "Customer 432" }).waitFor();
        const list = page.getByRole("navigation", { name: "Organisations" });
        const links = list.locator("li a");
        assert.ok((await links.count()) < 80, "links drawn");
        assert.equal(await list.locator("li a[tabindex='0']").count(), 1);
        await list.locator("a[aria-current=page]").focus();
        await page.keyboard.press("ArrowDown");
        await world.until(() => page.evaluate(() => document.activeElement?.textContent?.includes("Customer 433")), "the focus on the next one");
        await page.keyboard.press("End");
        await world.until(() => page.evaluate(() => document.activeElement?.textContent?.includes("Ostrava Glass")), "the focus on the last one");
        await page.keyboard.press("Enter");
        await page.locator("h1").filter({ hasText: "Ostrava Glass" }).waitFor();
        await list.getByLabel("Search organisations").fill("nobody");
        await list.getByText(`None of ${MANY} organisations matches “nobody”.`).waitFor();
        await world.axe(page, "the narrow list, searched");
      },
    ],
  ],
};
