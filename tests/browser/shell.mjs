// The shell: first run, keyboard-only walk, palette, focus, preferences, live updates, small windows.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fields } from "./steps.mjs";

const focused = (page) => page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.getAttribute("aria-label") || document.activeElement?.tagName);
const area = (page) => page.evaluate(() => document.activeElement?.closest("[data-area]")?.dataset.area ?? null);
const h1 = (page) => page.locator("h1").first();

/** Controls that stand partly outside of the window to the right, other than in a grid, which scrolls sideways. */
function cutOff(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("button, a[href], input, select, textarea")]
      .filter((control) => control.closest("[role=grid], .sr") === null && control.getClientRects().length > 0)
      .filter((control) => control.getBoundingClientRect().right > window.innerWidth + 0.5)
      .map((control) => control.textContent.trim() || control.getAttribute("aria-label") || control.name),
  );
}

async function toPage(page, name) {
  await h1(page).filter({ hasText: name }).waitFor();
}

export const suite = {
  name: "shell",
  tests: [
    [
      "the page comes with a strict content security policy",
      async (world) => {
        const answer = await fetch(`${world.url}/`);
        const policy = answer.headers.get("content-security-policy") ?? "";
        assert.match(policy, /script-src 'self'(;|$)/);
        assert.match(policy, /style-src 'self'(;|$)/);
        assert.doesNotMatch(policy, /unsafe/);
      },
    ],
    [
      "commands need the token",
      async (world) => {
        const answer = await fetch(`${world.url}/rpc`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ command: "app.info", request: {} }) });
        assert.ok(answer.status === 401 || answer.status === 403, `answered ${answer.status}`);
      },
    ],
    [
      "the first run shows three ways in, each by one key",
      async (world) => {
        const page = await world.open();
        await toPage(page, "Connect your first Webex organisation");
        for (const name of ["Add organisation", "Open demo", "Choose a CSV"]) await page.getByRole("button", { name }).waitFor();
        await page.keyboard.press("n");
        await toPage(page, "Add organisation");
        assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "name");
      },
    ],
    [
      "the token is not left in the address",
      async (world) => {
        const page = await world.open();
        assert.ok(!page.url().includes("token"), page.url());
        await page.reload();
        await toPage(page, "Connect your first Webex organisation");
      },
    ],
    [
      "skip link, then F6 goes round the areas and back",
      async (world) => {
        const page = await world.open({ path: "/organisations" });
        await page.keyboard.press("Tab");
        assert.equal(await focused(page), "Skip to the page");
        await page.keyboard.press("Enter");
        assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
        const seen = [];
        for (let press = 0; press < 4; press += 1) {
          await page.keyboard.press("F6");
          seen.push(await area(page));
        }
        assert.deepEqual(new Set(seen), new Set(["sidebar", "head", "content", "strip"]));
        const last = await area(page);
        await page.keyboard.press("F6");
        await page.keyboard.press("Shift+F6");
        assert.equal(await area(page), last);
      },
    ],
    [
      "pages by key, and the focus goes to the title",
      async (world) => {
        const page = await world.open({ path: "/organisations" });
        for (const [keys, title] of [
          ["Control+1", "Overview"],
          ["Control+2", "Activation"],
          ["Control+3", "Bulk assignment"],
          ["Control+4", "Transactions"],
          ["Control+9", "Organisations"],
          ["Control+Comma", "Settings"],
        ]) {
          await page.keyboard.press(keys);
          await toPage(page, title);
          await world.until(() => page.evaluate(() => document.activeElement?.tagName === "H1"), `the focus on the title of ${title}`);
          assert.equal(await page.title(), `${title} · Patchbay`);
        }
      },
    ],
    [
      "the palette finds, runs, and gives the focus back",
      async (world) => {
        const page = await world.open({ path: "/settings" });
        await page.getByRole("radio", { name: "Light" }).focus();
        await page.keyboard.press("Control+k");
        const input = page.getByRole("combobox", { name: "Find or run" });
        await input.waitFor();
        await page.keyboard.press("Escape");
        await input.waitFor({ state: "detached" });
        assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("value")), "light");
        await page.keyboard.press("Control+k");
        await page.keyboard.type("transac");
        await page.getByRole("option", { name: /Transactions/ }).waitFor();
        await page.keyboard.press("Enter");
        await toPage(page, "Transactions");
      },
    ],
    [
      "the key map lists the keys of this page",
      async (world) => {
        const page = await world.open({ path: "/organisations" });
        await page.keyboard.press("?");
        const map = page.getByRole("dialog", { name: "Keyboard" });
        await map.getByText("Add organisation").waitFor();
        await map.getByText("Next area").waitFor();
        await page.keyboard.press("n");
        await page.keyboard.press("Escape");
        await map.waitFor({ state: "detached" });
        await toPage(page, "Organisations");
      },
    ],
    [
      "an organisation is added by keyboard; what is wrong stands at its field",
      async (world) => {
        const page = await world.open({ path: "/organisations/new" });
        await page.keyboard.press("Control+s");
        await page.getByText("Type the name of the customer.").waitFor();
        await page.keyboard.type("Kestrel Logistics");
        const account = page.getByLabel("Organization Account Number", { exact: true });
        await account.fill("not-an-id");
        await page.keyboard.press("Control+s");
        await page.getByText(/1 field to correct: Organization Account Number/).waitFor();
        assert.equal(await account.getAttribute("aria-invalid"), "true");
        await account.fill("00000000-0000-4000-8000-0000000000a1");
        await page.keyboard.press("Control+s");
        await toPage(page, "Kestrel Logistics");
        const { organisations } = await world.call("organisations.list");
        assert.equal(organisations.length, 1);
        assert.equal(organisations[0].accountNumber, "00000000-0000-4000-8000-0000000000a1");
      },
    ],
    [
      "a proxy is a secret: the vault is asked for, then the work is done, and the password never comes back",
      async (world) => {
        const { organisations } = await world.call("organisations.list");
        const page = await world.open({ path: `/organisations/${organisations[0].id}` });
        const proxy = page.getByLabel("HTTP Proxy", { exact: true });
        await proxy.fill("proxy.kestrel.example:8080");
        await page.keyboard.press("Control+s");
        await page.getByText(/1 field to correct: HTTP Proxy/).waitFor();
        await proxy.fill("http://pb:s3cret-word@proxy.kestrel.example:8080");
        await page.keyboard.press("Control+s");
        const vault = page.getByRole("dialog", { name: "Where may Patchbay keep secrets?" });
        await vault.waitFor();
        await vault.getByText("Behind a passphrase").click();
        await vault.locator("input[name=passphrase]").fill("short");
        await vault.getByRole("button", { name: "Keep secrets here" }).click();
        await vault.getByText("5 characters are too few. Use 8 or more.").waitFor();
        await vault.getByText("Only until I quit").click();
        await vault.getByRole("button", { name: "Keep secrets here" }).click();
        await vault.waitFor({ state: "detached" });
        await page.getByText("Kestrel Logistics saved").waitFor();
        await page.getByRole("button", { name: "Replace HTTP Proxy" }).waitFor();
        assert.ok(!(await page.content()).includes("s3cret-word"));
        assert.ok(!JSON.stringify(await world.call("organisations.list")).includes("s3cret-word"));
      },
    ],
    [
      "leaving a changed form asks, and staying keeps what was typed",
      async (world) => {
        const { organisations } = await world.call("organisations.list");
        const page = await world.open({ path: `/organisations/${organisations[0].id}` });
        await page.getByLabel("Please Note").fill("Freeze from 18 Dec");
        await page.keyboard.press("Control+4");
        const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
        await question.waitFor();
        assert.equal(await focused(page), "Stay here");
        await page.keyboard.press("Enter");
        await question.waitFor({ state: "detached" });
        assert.equal(await page.getByLabel("Please Note").inputValue(), "Freeze from 18 Dec");
        await page.keyboard.press("Control+4");
        await question.getByRole("button", { name: "Leave without saving" }).click();
        await toPage(page, "Transactions");
      },
    ],
    [
      "letters type in fields and do nothing when they are turned off",
      async (world) => {
        const page = await world.open({ path: "/organisations" });
        await page.keyboard.press("/");
        await page.keyboard.type("n?/d");
        assert.equal(await page.getByLabel("Search organisations").inputValue(), "n?/d");
        await page.getByText("No organisation matches").waitFor();
        await page.keyboard.press("Escape");
        await world.until(async () => !(await page.getByLabel("Search organisations").evaluate((field) => field === document.activeElement)), "Esc leaves the search");
        assert.equal(await page.getByLabel("Search organisations").inputValue(), "n?/d", "and keeps it");
        await page.keyboard.press("Escape");
        await page.getByRole("gridcell").first().waitFor();
        await world.until(() => page.evaluate(() => document.activeElement?.closest("tbody") !== null), "the focus in the rows that are there again");
        await world.go(page, "/settings");
        await page.getByLabel("Single-letter keys").click();
        await world.until(async () => (await world.call("preferences.get")).singleLetterKeys === false, "the preference is stored");
        await page.keyboard.press("Control+9");
        await toPage(page, "Organisations");
        await page.keyboard.press("n");
        await world.settle(page);
        assert.match(page.url(), /#\/organisations$/);
        await world.call("preferences.set", { ...(await world.call("preferences.get")), singleLetterKeys: true });
      },
    ],
    [
      "the theme is taken at once and kept",
      async (world) => {
        const page = await world.open({ path: "/settings" });
        await page.getByRole("radio", { name: "Dark" }).click();
        await page.locator("html[data-theme=dark]").waitFor();
        await world.until(async () => (await world.call("preferences.get")).theme === "dark", "the preference is stored");
        await page.reload();
        await page.locator("html[data-theme=dark]").waitFor();
        await page.getByRole("radio", { name: "As the system" }).click();
        await page.locator("html:not([data-theme])").waitFor();
        await world.until(async () => (await world.call("preferences.get")).theme === "system", "the preference is stored");
      },
    ],
    [
      "what happens elsewhere shows without a reload, and the panel follows the grid",
      async (world) => {
        const page = await world.open({ path: "/transactions" });
        const grid = page.getByRole("grid", { name: "Transactions" });
        await grid.waitFor();
        const { id } = await world.call("organisations.create", { fields: fields("Orchid Bay Hotels") });
        const row = grid.getByRole("row").filter({ hasText: "Orchid Bay Hotels" });
        await row.first().waitFor();
        await page.keyboard.press("F6");
        await page.keyboard.press("F6");
        await page.keyboard.press("F6");
        await page.keyboard.press("Home");
        await page.keyboard.press("Enter");
        const panel = page.getByRole("complementary").filter({ hasText: "Tracking ids of Webex" });
        await panel.getByRole("heading", { level: 2 }).waitFor();
        const before = await panel.getByRole("heading", { level: 2 }).innerText();
        await page.keyboard.press("ArrowDown");
        await world.until(async () => (await panel.getByRole("heading", { level: 2 }).innerText()) !== before, "the panel follows the row");
        await page.keyboard.press("Escape");
        await panel.waitFor({ state: "detached" });
        assert.equal(await page.evaluate(() => document.activeElement?.tagName), "TR");
        await world.call("organisations.delete", { organisation: id, revoke: false });
      },
    ],
    [
      "deleting asks, names what goes, and the safe answer has the focus",
      async (world) => {
        const { id } = await world.call("organisations.create", { fields: fields("Miravalle Clinics") });
        const page = await world.open({ path: `/organisations/${id}` });
        await page.getByRole("button", { name: "More" }).click();
        await page.getByRole("menuitem", { name: /Delete organisation/ }).click();
        const question = page.getByRole("alertdialog", { name: "Delete Miravalle Clinics?" });
        await question.getByText("Nothing changes at Webex").waitFor();
        assert.equal(await focused(page), "Keep Miravalle Clinics");
        await page.keyboard.press("Escape");
        await question.waitFor({ state: "detached" });
        await page.getByRole("button", { name: "More" }).click();
        await page.getByRole("menuitem", { name: /Delete organisation/ }).click();
        await question.getByRole("button", { name: "Delete organisation" }).click();
        await toPage(page, "Organisations");
        await page.getByRole("grid").getByText("Miravalle Clinics").waitFor({ state: "detached" });
        const { organisations } = await world.call("organisations.list");
        assert.ok(!organisations.some((one) => one.id === id));
      },
    ],
    [
      "a file is saved where the person says",
      async (world) => {
        const page = await world.open({ path: "/settings" });
        await page.getByRole("button", { name: "Save support bundle…" }).click();
        const dialog = page.getByRole("dialog", { name: "Save support bundle" });
        await dialog.getByLabel("Path on this machine").fill("relative.zip");
        await dialog.getByRole("button", { name: "Save file" }).click();
        await dialog.getByText("Type the whole path").waitFor();
        await dialog.getByLabel("Path on this machine").fill(`${world.dataDir}/bundle.zip`);
        await dialog.getByRole("button", { name: "Save file" }).click();
        await page.getByText("Support bundle saved").waitFor();
      },
    ],
    [
      "the audit log is exported whole",
      async (world) => {
        const page = await world.open({ path: "/transactions" });
        await page.getByRole("button", { name: "Export audit log…" }).click();
        const dialog = page.getByRole("dialog", { name: "Export audit log" });
        const path = `${world.dataDir}/audit.jsonl`;
        await dialog.getByLabel("Path on this machine").fill(path);
        await dialog.getByRole("button", { name: "Save file" }).click();
        await page.getByText(/^Exported \d+ entr(y|ies); none was changed$/).waitFor();
        const entries = readFileSync(path, "utf8").trim().split("\n").map((line) => JSON.parse(line));
        assert.ok(entries.length > 0, "there are entries");
      },
    ],
    [
      "with text at 200 % every control can still be reached",
      async (world) => {
        const { organisations } = await world.call("organisations.list");
        const page = await world.open({ path: "/organisations", size: { width: 640, height: 400 } });
        for (const path of ["/overview", "/activation", "/organisations", `/organisations/${organisations[0].id}`, "/organisations/new", "/transactions", "/schedules", "/customers", "/settings", "/welcome"]) {
          await world.go(page, path);
          await world.settle(page);
          assert.deepEqual(await cutOff(page), [], `controls outside of the window on ${path}`);
        }
      },
    ],
    [
      "at 1024 x 700 nothing scrolls sideways but grids",
      async (world) => {
        const { organisations } = await world.call("organisations.list");
        const page = await world.open({ path: "/organisations", size: { width: 1024, height: 700 } });
        for (const path of ["/overview", "/activation", "/bulk", "/bulk/new", "/organisations", `/organisations/${organisations[0].id}`, "/organisations/new", "/transactions", "/schedules", "/customers", "/settings", "/welcome"]) {
          await world.go(page, path);
          await world.settle(page);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.equal(wide, 0, `${path} is ${wide} px too wide`);
          assert.deepEqual(await cutOff(page), [], `controls outside of the window on ${path}`);
          assert.equal(await page.locator("h1").count(), 1, `h1 on ${path}`);
        }
        const name = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Bulk assignment" });
        await name.waitFor();
      },
    ],
  ],
};
