// Activation on the real core and a simulated Webex: found, ordered, read by keys alone, copied, refreshed one, several
// and all, saved as it is shown, and every reason why there is nothing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { answerPath, connected, control, fields, onboarded } from "./steps.mjs";

let facts;
let organisation;

const ALL = { state: null, search: null, location: null, licence: null, serviceType: null, serviceId: null, extension: null, firstName: null, lastName: null, email: null, stuck: false, sort: [{ column: "last_name", descending: false }] };
const status = (world) => world.call("activation.status", { organisation });
const users = async (world, view = {}, limit = 200) => (await world.call("activation.users", { organisation, view: { ...ALL, ...view }, offset: 0, limit })).users;
const total = async (world, view = {}) => (await world.call("activation.users", { organisation, view: { ...ALL, ...view }, offset: 0, limit: 1 })).total;
const nameOf = (user) => [user.firstName, user.lastName].filter(Boolean).join(" ");
const number = (value) => new Intl.NumberFormat("en-GB").format(value);
const grid = (page) => page.getByRole("grid", { name: "Activation of users" });
/** Texts of the rows that are drawn, by column of the head. */
const column = (page, name) =>
  grid(page).evaluate((table, wanted) => {
    const place = [...table.querySelectorAll("thead tr:first-child th")].findIndex((head) => head.querySelector("button")?.textContent === wanted);
    return [...table.querySelectorAll("tbody tr[data-index]")].map((row) => row.children[place].textContent);
  }, name);

async function choose(world, id) {
  await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation: id, views: {} });
}

/** The page of the chosen organisation; as it was left with `kept`, else as it is at first. */
async function open(world, path = "/activation", { kept = false, ...more } = {}) {
  if (!kept) await choose(world, organisation);
  const page = await world.open({ path, ...more });
  await page.locator("h1").filter({ hasText: "Activation" }).waitFor();
  return page;
}

async function copied(world, id) {
  await world.until(async () => {
    const now = await world.call("activation.status", { organisation: id });
    return now.asOf !== null && now.syncing === null;
  }, "the states are copied", 90_000);
}

export const suite = {
  name: "activation",
  tests: [
    [
      "nothing is there before a consent and a copy: each says why and leads on",
      async (world) => {
        await world.openVault();
        const none = await world.open({ path: "/activation" });
        await none.getByText("No organisation is chosen").waitFor();
        await world.axe(none, "no organisation");
        const { id } = await world.call("organisations.create", { fields: { ...fields("Orchid Bay Hotels"), directorySyncEnabled: true } });
        await choose(world, id);
        const page = await world.open({ path: "/activation" });
        await page.getByText("Orchid Bay Hotels is not connected to Webex").waitFor();
        await world.axe(page, "not connected");
        await page.getByRole("main").getByRole("link", { name: "Connect to Webex…" }).click();
        await page.getByRole("dialog", { name: /^Connect / }).waitFor();
      },
    ],
    [
      "the states of all are read once, and shown with their counts",
      async (world) => {
        facts = await world.sandbox("demo");
        organisation = await connected(world, facts, "Kestrel Logistics", { directorySyncEnabled: true });
        await choose(world, organisation);
        const page = await world.open({ path: "/activation" });
        await page.getByText("The states have not been read yet").waitFor();
        await world.axe(page, "not read yet");
        await page.getByRole("main").getByRole("button", { name: "Read from Webex", exact: true }).click();
        await copied(world, organisation);
        await grid(page).locator("tbody th").first().waitFor();
        const now = await status(world);
        assert.equal(now.availability.source, "broadworks");
        await page.getByText(`${number(now.total)} users`, { exact: true }).waitFor();
        const state = page.getByRole("combobox", { name: "State", exact: true });
        const options = await state.locator("option").allTextContents();
        assert.equal(options[0], `All states (${number(now.total)})`);
        for (const { state: word, count } of now.states) assert.ok(options.some((option) => option.endsWith(`(${number(count)})`)), `${word} with ${count}: ${options.join()}`);
        await page.getByText(/^as of /).waitFor();
        await world.axe(page, "Activation");
      },
    ],
    [
      "state, search, filters and order hold together, say so, and stay over a reload",
      async (world) => {
        const page = await open(world);
        const { choices } = await status(world);
        const location = choices.locations.find((one) => one !== "");
        await grid(page).getByLabel("Filter Webex Email Validation").selectOption("pending_email_input");
        await grid(page).getByLabel("Filter Location").selectOption(location);
        await grid(page).getByLabel("Filter First Name").fill("a");
        await grid(page).getByRole("columnheader", { name: "Ext", exact: true }).getByRole("button").click();
        const view = { state: "pending_email_input", location, firstName: "a", sort: [{ column: "extension", descending: false }] };
        const count = await total(world, view);
        assert.ok(count > 0, "the seed has such users");
        const words = `${number(count)} of ${number((await status(world)).total)} users: Pending Email Input, Location “${location}”, First Name “a”`;
        await page.getByText(words, { exact: true }).waitFor();
        await page.getByText("have not begun activation and have not installed the Webex app").waitFor();
        const expected = (await users(world, view)).map((user) => user.extension ?? "none");
        await world.until(async () => {
          const shown = await column(page, "Ext");
          return shown.length > 0 && shown.every((text, index) => text === expected[index]);
        }, `extensions in natural order: ${expected.slice(0, 8).join()}`);
        await world.until(async () => Object.values((await world.call("preferences.get")).views).some((one) => one.includes("pending_email_input")), "the view is remembered");
        const later = await open(world, "/activation", { kept: true });
        await later.getByText(words, { exact: true }).waitFor();
        assert.equal(await grid(later).getByLabel("Filter First Name").inputValue(), "a");
        await later.keyboard.press("/");
        await later.keyboard.type("nobody at all");
        await later.getByText("No user matches").waitFor();
        await later.getByRole("button", { name: "Clear filters" }).click();
        await later.getByText(`${number((await status(world)).total)} users`, { exact: true }).waitFor();
      },
    ],
    [
      "by keys alone: filtered, walked, opened, refreshed, copied, saved",
      async (world) => {
        const page = await open(world);
        await grid(page).locator("tbody th").first().waitFor();
        const label = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);
        await page.locator("h1").focus();
        await page.keyboard.press("f");
        assert.equal(await label(), "Filter Location");
        await page.locator("h1").focus();
        await page.keyboard.press("/");
        assert.equal(await label(), "Search all columns");
        const [, user] = await users(world);
        await page.keyboard.type(user.serviceId ?? user.email);
        await page.getByText(/^1 of /).waitFor();
        // Twice the next area: out of the search to the rows.
        await page.keyboard.press("F6");
        await world.until(async () => (await page.evaluate(() => document.activeElement?.closest("[data-area]")?.getAttribute("data-area"))) !== "content", "another area");
        await page.keyboard.press("Shift+F6");
        await world.until(() => page.evaluate(() => document.activeElement?.closest("tbody") !== null), "the focus in the grid");
        await page.keyboard.press("End");
        await page.keyboard.press("Home");
        await page.keyboard.press("Enter");
        const panel = page.getByRole("complementary").filter({ hasText: "Where the user stands" });
        await panel.getByRole("heading", { name: nameOf(user), exact: true }).waitFor();
        await world.axe(page, "a user");
        await page.keyboard.press("r");
        await page.getByText("Webex has just told it.").waitFor();
        await page.keyboard.press("Escape");
        await panel.waitFor({ state: "detached" });
        await world.until(() => page.evaluate(() => document.activeElement?.closest("tbody") !== null), "the focus back in the row");
        await page.keyboard.press("Control+c");
        await world.until(async () => (await page.evaluate(() => navigator.clipboard.readText())).includes(user.lastName), "the row is copied");
        await page.keyboard.press("e");
        await answerPath(page, "Export activation", `${world.dataDir}/one.csv`);
        await page.getByText("Exported 1 user").waitFor();
      },
    ],
    [
      "a selection is copied as the core writes it, with the columns that are shown",
      async (world) => {
        const page = await open(world);
        const [first, second, third] = await users(world);
        await grid(page).locator("tbody tr[data-index='0'] th").first().click();
        await page.keyboard.press("Space");
        await page.keyboard.press("Shift+ArrowDown");
        await page.keyboard.press("Shift+ArrowDown");
        await page.getByText(/^3 (of [\d,]+ )?users selected/).waitFor();
        await page.keyboard.press("Control+c");
        const columns = ["location", "licence", "service_type", "service_id", "extension", "first_name", "last_name", "email", "state"];
        const wanted = await world.call("activation.copyText", { organisation, selection: { kind: "keys", keys: [first.key, second.key, third.key] }, columns, view: ALL });
        await world.until(async () => (await page.evaluate(() => navigator.clipboard.readText())) === wanted.text, "the clipboard holds the three");
        assert.equal(wanted.rows, 3);
        await page.keyboard.press("Control+a");
        await page.keyboard.press("Control+c");
        const every = await world.call("activation.copyText", { organisation, selection: { kind: "view", view: ALL }, columns, view: ALL });
        await world.until(async () => (await page.evaluate(() => navigator.clipboard.readText())) === every.text, "the clipboard holds all");
        assert.equal(every.rows, await total(world));
      },
    ],
    [
      "one that Webex has moved on is refreshed from its row and has a time of its own",
      async (world) => {
        const [user] = await users(world, { state: "pending_email_input" });
        const page = await open(world, "/activation?state=pending_email_input");
        await page.getByText(/ users: Pending Email Input/).waitFor();
        await control(facts, "broadworks/subscribers", { subscriber: user.serviceId, status: "pending_email_validation", email: "just.now@kestrel.example" });
        await grid(page).getByRole("button", { name: `Refresh Status of ${nameOf(user)}`, exact: true }).first().click();
        await page.getByText(`${nameOf(user)}: Pending Email Validation`).waitFor();
        await world.until(async () => !(await column(page, "Service ID")).includes(user.serviceId), "out of this view");
        await world.go(page, "/activation?state=pending_email_validation&search=just.now");
        const row = grid(page).locator("tbody tr[data-index='0']");
        await row.getByText("just.now@kestrel.example").waitFor();
        await row.getByText(/as of/).waitFor({ state: "attached" });
      },
    ],
    [
      "a selection is refreshed and followed, and all by F5",
      async (world) => {
        const page = await open(world, "/activation?state=provisioning");
        const chosen = (await users(world, { state: "provisioning" })).slice(0, 3);
        await page.getByText(/ users: Provisioning/).waitFor();
        for (const user of chosen) await control(facts, "broadworks/subscribers", { subscriber: user.serviceId, status: "error", errors: [{ errorCode: 10022, description: "The BroadWorks UserID is already associated with an existing user" }] });
        await grid(page).locator("tbody tr[data-index='0'] th").first().click();
        await page.keyboard.press("Space");
        for (const [place, { serviceId }] of chosen.entries()) {
          if (place > 0) await page.keyboard.press("Shift+ArrowDown");
          await page.getByText(new RegExp(`^${place + 1} (of [\\d,]+ )?users? selected`)).waitFor();
          await grid(page).locator(`tbody tr[data-index='${place}'][aria-selected='true']`).getByText(serviceId, { exact: true }).waitFor();
        }
        await page.keyboard.press("Shift+R");
        await world.until(async () => (await users(world, { state: "error" })).filter((user) => chosen.some((one) => one.key === user.key)).length === 3, "the three are read", 60_000);
        await world.go(page, `/activation?state=error&serviceId=${chosen[0].serviceId}`);
        await grid(page).locator("tbody").getByText("Error", { exact: true }).waitFor();
        await page.keyboard.press("F6");
        await grid(page).locator("tbody th").first().dblclick();
        await page.getByRole("complementary").getByText("Error 10022.").waitFor();
        const before = (await status(world)).asOf;
        await page.keyboard.press("F5");
        await world.until(async () => (await status(world)).asOf !== before, "all are read", 90_000);
        await copied(world, organisation);
      },
    ],
    [
      "what is saved is what is shown: its rows, its order, its columns, and no formula",
      async (world) => {
        const page = await open(world, "/activation?state=pending_email_validation&sort=location,-extension");
        const view = { state: "pending_email_validation", sort: [{ column: "location", descending: false }, { column: "extension", descending: true }] };
        const shown = await users(world, view, 1000);
        await page.getByText(new RegExp(`^${number(shown.length)} of .* users: Pending Email Validation$`)).waitFor();
        await page.getByRole("button", { name: "Columns" }).click();
        const chooser = page.getByRole("dialog", { name: "Columns" });
        const box = chooser.getByRole("checkbox", { name: "Service Type" });
        await box.click();
        await world.until(async () => !(await box.isChecked()), "the column is hidden");
        await chooser.getByRole("button", { name: "Close" }).last().click();
        for (const [item, name] of [["For a spreadsheet", "a.csv"], ["For another program", "b.csv"]]) {
          await page.getByRole("button", { name: "Export", exact: true }).click();
          await page.getByRole("menuitem", { name: item }).click();
          await answerPath(page, "Export activation", `${world.dataDir}/${name}`);
          await page.getByRole("status").getByText(`${world.dataDir}/${name}`).waitFor();
          const [head, ...lines] = readFileSync(`${world.dataDir}/${name}`, "utf8").replace(/^\uFEFF/, "").trimEnd().split(/\r?\n/);
          assert.equal(head, "Location,Webex License,Service ID,Ext,First Name,Last Name,Email,Webex Email Validation");
          assert.equal(lines.length, shown.length);
          for (const [place, line] of lines.entries()) {
            assert.ok(line.includes(shown[place].email ?? "") && line.includes(shown[place].serviceId ?? ""), `line ${place + 2} is ${line}`);
            if (name === "a.csv") assert.ok(!/(^|,)"?[=+@-]/.test(line), `a formula: ${line}`);
          }
        }
      },
    ],
    [
      "the panel sends the consent mail again, and says what else can be done",
      async (world) => {
        const [user] = await users(world, { state: "pending_user_migration" });
        const page = await open(world, `/activation?user=${encodeURIComponent(user.key)}`);
        const panel = page.getByRole("complementary").filter({ hasText: "Where the user stands" });
        await panel.getByText("It can be sent again.").waitFor();
        await panel.getByRole("button", { name: "Send consent mail again" }).click();
        await page.getByText(`Consent mail sent to ${user.email}`).waitFor();
        await page.locator("h1").focus();
        await page.keyboard.press("r");
        await page.getByText(`${nameOf(user)}: Pending User Consent`).waitFor();
      },
    ],
    [
      "a list that Webex refuses and a network that is gone leave the copy to be seen",
      async (world) => {
        const page = await open(world);
        await grid(page).locator("tbody th").first().waitFor();
        await control(facts, "faults", { match: { path: "/v1/broadworks/subscribers" }, count: null, effect: { kind: "status", status: 403, when: "before" } });
        await page.keyboard.press("F5");
        await page.getByText("Webex refused the list.").waitFor();
        await page.getByText("What was copied before is shown.").waitFor();
        await grid(page).locator("tbody th").first().waitFor();
        await world.axe(page, "refused, over a copy");
        await control(facts, "faults", null);
        await page.getByRole("button", { name: "Try again" }).click();
        await page.getByText("Webex refused the list.").waitFor({ state: "detached" });
        await copied(world, organisation);
        await control(facts, "faults", { match: { path: "/v1/broadworks/subscribers" }, count: null, effect: { kind: "drop", when: "before" } });
        const [user] = await users(world);
        await grid(page).getByRole("button", { name: `Refresh Status of ${nameOf(user)}`, exact: true }).first().click();
        await page.getByText("Webex cannot be reached").waitFor({ timeout: 90_000 });
        await control(facts, "faults", null);
      },
    ],
    [
      "people are the source of an organisation of its own: whoever has not accepted is mailed again, after a question that says how many",
      async (world) => {
        const own = await connected(world, facts, "Penrose Dental");
        await onboarded(world, own);
        await world.call("mirror.sync", { organisation: own });
        await copied(world, own);
        const { availability, states } = await world.call("activation.status", { organisation: own });
        assert.equal(availability.source, "people");
        const waiting = states.find((one) => one.state === "pending_email_validation").count;
        assert.ok(waiting > 0, "the seed has open invitations");
        await choose(world, own);
        const page = await world.open({ path: "/activation?state=pending_email_validation" });
        await page.getByText("These people have not accepted Webex’s invitation.").waitFor();
        await page.getByRole("button", { name: "Send activation mails…" }).click();
        const question = page.getByRole("alertdialog", { name: `Send activation mails to ${number(waiting)} users?` });
        await question.waitFor();
        assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Send none");
        await world.axe(page, "the question before the mails");
        await question.getByRole("button", { name: "Send activation mails" }).click();
        await question.waitFor({ state: "detached" });
        const mails = { organisation: own, kinds: ["activation_mails"], state: null, since: null, until: null, search: null };
        await world.until(async () => (await world.call("transactions.list", { filter: mails, offset: 0, limit: 1 })).transactions[0]?.state === "succeeded", "the mails are followed to their end", 90_000);
      },
    ],
    [
      "an organisation without licences, and a grant without the permission, say so and lead on",
      async (world) => {
        const bare = await world.sandbox("demo");
        await control(bare, "broadworks", { clear: true, entitled: true });
        await control(bare, "faults", { match: { path: "/v1/licenses" }, count: null, effect: { kind: "status", status: 200, when: "before", body: { json: { items: [] } } } });
        const unlicensed = await connected(world, bare, "Ardmore Council", { directorySyncEnabled: true });
        await onboarded(world, unlicensed);
        await world.call("mirror.sync", { organisation: unlicensed });
        await world.until(async () => (await world.call("activation.status", { organisation: unlicensed })).availability.state === "no_licences", "no licences", 90_000);
        await choose(world, unlicensed);
        const page = await world.open({ path: "/activation" });
        await page.getByText("Ardmore Council has no Webex licence").waitFor();
        await world.until(async () => (await world.call("activation.status", { organisation: unlicensed })).syncing === null, "the sync has ended", 90_000);
        await page.getByRole("button", { name: "Read from Webex again" }).waitFor();
        await world.axe(page, "no licences");
        const narrow = await connected(world, facts, "Miravalle Clinics");
        await world.call("organisations.update", { organisation: narrow, fields: { ...fields("Miravalle Clinics", facts.base_url), directorySyncEnabled: true } });
        await choose(world, narrow);
        const other = await world.open({ path: "/activation" });
        await other.getByText("A permission is missing", { exact: true }).waitFor();
        await other.getByText("Read BroadWorks subscribers").waitFor();
        await world.axe(other, "a permission is missing");
        await other.getByRole("main").getByRole("link", { name: "Connect again…" }).click();
        await other.getByRole("dialog", { name: /^Connect / }).waitFor();
      },
    ],
  ],
};
