// The overview: what needs attention with its way out, the funnel, charts that can be read as tables, licences, and every
// state of it. Most answers are made up; the end asks the core itself.

import assert from "node:assert/strict";
import { activationHistory, activationStatus, answering, dayOf, hours, LICENCES } from "./answers.mjs";
import { fields } from "./steps.mjs";

let kestrel;
let orchid;

const titled = (page, title) => page.locator("h1").filter({ hasText: title }).waitFor();
const part = (page, name) => page.getByRole("region", { name, exact: true });
const calm = { items: [] };
const refused = { failure: { code: "storage", message: "The table cannot be read.", retryable: false } };

const notice = (organisation) => ({ id: "n", kind: "consent_ends", urgency: "warning", organisation, organisationName: "Kestrel Logistics", title: "t", message: "m", at: null, dismissed: false });
const item = (id, title, action, more = {}) => ({ id, urgency: "warning", organisation: kestrel.id, organisationName: kestrel.name, title, message: `Message of ${id}.`, action, ...more });

/** Everything there is, of an organisation that is connected and was copied. */
function whole(more = {}) {
  const granted = (one) => ({ ...one, consent: { state: "granted" } });
  return {
    "organisations.list": { organisations: [granted(kestrel), granted(orchid)] },
    "organisations.get": ({ organisation }) => granted(organisation === orchid.id ? orchid : kestrel),
    "overview.attention": calm,
    "activation.status": ({ organisation }) => activationStatus(organisation),
    "activation.history": ({ days }) => activationHistory(Math.min(days, 90)),
    "activation.users": { total: 0, users: [] },
    "mirror.licences": LICENCES,
    "mirror.status": ({ organisation }) => ({ organisation, asOf: hours(-0.04), syncing: null, parts: [{ kind: "people", count: 16_318, asOf: hours(-0.04) }] }),
    ...more,
  };
}

const open = (world, answers, more = {}) => world.open({ path: "/overview", ...more, prepare: (page) => answering(page, answers) });
const read = (world, page) => world.until(async () => (await page.locator("[aria-busy=true]:not(button)").count()) === 0, "the overview is read");

/** Texts that end in an ellipsis, other than in the table of transactions, whose titles have no bound. */
const clipped = (page) => page.evaluate(() => [...document.querySelectorAll("main *")].filter((one) => getComputedStyle(one).textOverflow === "ellipsis" && one.scrollWidth > one.clientWidth && one.closest("table") === null).map((one) => one.textContent));

export const suite = {
  name: "overview",
  tests: [
    [
      "without an organisation it leads to the first one",
      async (world) => {
        const page = await world.open({ path: "/overview" });
        await page.getByText("No organisation yet").waitFor();
        await world.axe(page, "no organisation");
        await page.getByRole("link", { name: "Add organisation" }).focus();
        await page.keyboard.press("Enter");
        await titled(page, "Add organisation");
        kestrel = await world.call("organisations.create", { fields: { ...fields("Kestrel Logistics"), directorySyncEnabled: true } });
        orchid = await world.call("organisations.create", { fields: fields("Orchid Bay Hotels") });
        await world.go(page, "/overview");
        await page.getByText("No organisation is chosen").waitFor();
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation: kestrel.id });
        await page.getByText("Kestrel Logistics is not connected to Webex.").first().waitFor();
      },
    ],
    [
      "it is the start page, first in the sidebar; Activation comes second and counts those on the way",
      async (world) => {
        const page = await open(world, whole(), { path: "/" });
        await titled(page, "Overview");
        const main = page.getByRole("navigation", { name: "Main" });
        await main.getByRole("link", { name: "Activation 2,378 on the way" }).waitFor();
        assert.deepEqual(await main.getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href").replace(/^\/?#\//, ""))), ["overview", "activation", "bulk", "transactions", "organisations", "settings"]);
        assert.equal(await main.locator("[aria-current=page]").innerText(), "Overview");
        for (const [keys, title] of [
          ["Control+2", "Activation"],
          ["Control+3", "Bulk assignment"],
          ["Control+4", "Transactions"],
          ["Control+1", "Overview"],
        ]) {
          await page.keyboard.press(keys);
          await titled(page, title);
        }
        await page.keyboard.press("?");
        const map = page.getByRole("dialog", { name: "Keyboard" });
        for (const does of ["New assignment", "Sync with Webex", "Overview", "Activation"]) await map.getByText(does, { exact: true }).waitFor();
        await page.keyboard.press("Escape");
        await page.keyboard.press("Control+k");
        await page.keyboard.type("overv");
        await page.getByRole("option", { name: /Overview/ }).waitFor();
        await page.keyboard.press("Escape");
        await page.locator("h1").focus();
        await page.keyboard.press("n");
        await page.waitForURL(/#\/bulk\/new/);
      },
    ],
    [
      "each thing that needs attention has its way out, heaviest first as the core says",
      async (world) => {
        const run = "00000000-0000-4000-8000-00000000000a";
        const ways = [
          [item("consent", "The consent ends in 6 days", { kind: "notice", notice: notice(kestrel.id) }), /^Connect to Webex/, /#\/organisations\/[^?]+/],
          [item("activation", "The states are 9 days old", { kind: "open_activation" }, { urgency: "urgent" }), /^Open activation/, /#\/activation/],
          [item("stuck", "3 users are stuck", { kind: "show_stuck" }), /^Show stuck users/, /#\/activation\?.*stuck=true/],
          [item("state", "14 users are in error", { kind: "show_state", state: "error" }), /^Show users/, /#\/activation\?.*state=error/],
          [item("directory", "Directory Sync of SP1+acme failed", { kind: "open_directory_sync", enterprise: "e1" }), /^Open Directory Sync/, /#\/activation/],
          [item("run", "London move waits", { kind: "open_run", template: run, run }), /^Open run/, new RegExp(`#/bulk/${run}/run`)],
          [item("lost-run", "A run waits", { kind: "open_run", template: null, run }), /^Open transactions/, /#\/transactions/],
          [item("transaction", "A sync failed", { kind: "open_transaction", transaction: run }), /^Open transaction:/, /#\/transactions\?.*transaction=/],
        ];
        const attention = { items: ways.map(([one]) => one) };
        const page = await open(world, whole({ "overview.attention": attention }));
        const section = part(page, "Needs attention");
        await section.getByRole("listitem").nth(ways.length - 1).waitFor();
        assert.deepEqual(await section.getByRole("heading", { level: 3 }).allInnerTexts(), ways.map(([{ title }]) => title));
        await world.axe(page, "what needs attention");
        for (const [one, button, address] of ways) {
          await world.go(page, "/overview");
          const way = part(page, "Needs attention").getByRole("listitem").filter({ hasText: one.title }).getByRole("button", { name: button });
          await way.focus();
          await page.keyboard.press("Enter");
          await page.waitForURL(address);
          await page.goBack();
        }
      },
    ],
    [
      "what is about another organisation is marked, and its way out goes there",
      async (world) => {
        const other = item("other", "Directory Sync failed", { kind: "open_activation" }, { organisation: orchid.id, organisationName: orchid.name });
        const page = await open(world, whole({ "overview.attention": { items: [other] } }));
        const section = part(page, "Needs attention");
        await section.getByText("Orchid Bay Hotels").waitFor();
        await section.getByRole("button", { name: /^Open activation/ }).click();
        await titled(page, "Activation");
        await page.getByRole("navigation", { name: "Main" }).getByText("Orchid Bay Hotels", { exact: true }).waitFor();
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation: kestrel.id });
      },
    ],
    [
      "licences that run short are marked by a rule that is said, and all are one press away",
      async (world) => {
        const page = await open(world, whole({ "overview.attention": { items: [item("licences", "A licence runs short", { kind: "show_licences" })] } }));
        const section = part(page, "Licences");
        await section.getByText("4 of 6, marked: less than a tenth left").waitFor();
        assert.deepEqual(
          await section.getByRole("listitem").evaluateAll((items) => items.map((one) => one.innerText.split("\n").slice(0, 2).join(", "))),
          ["Messaging, none left", "Webex Calling - Standard, 88 left", "Customer Experience - Essential, 2 left", "Webex Calling - Professional, 3,194 left"],
        );
        await section.getByRole("img", { name: "14,806 of 18,000 used" }).waitFor();
        for (const opener of [section.getByRole("button", { name: "Show all licences" }), part(page, "Needs attention").getByRole("button", { name: /^Show licences/ })]) {
          await opener.focus();
          await page.keyboard.press("Enter");
          const dialog = page.getByRole("dialog", { name: "Licences of Kestrel Logistics" });
          assert.equal(await dialog.getByRole("row").count(), 7);
          const unlimited = dialog.getByRole("row").filter({ hasText: "Meetings" });
          assert.match(await unlimited.innerText(), /9,120\s+no limit\s+no limit/);
          await world.axe(page, "all licences");
          await page.keyboard.press("Escape");
          await dialog.waitFor({ state: "detached" });
          assert.ok(await opener.evaluate((one) => one === document.activeElement), "the focus is where it was");
        }
      },
    ],
    [
      "the funnel loses nobody, and each state leads to its users",
      async (world) => {
        // What was filtered before must not hide some of them; the order stays.
        const remembered = `activation/${kestrel.id}`;
        const preferences = await world.call("preferences.get");
        await world.call("preferences.set", { ...preferences, views: { ...preferences.views, [remembered]: JSON.stringify({ search: "nobody", stuck: true, sort: "-extension" }) } });
        const status = activationStatus(kestrel.id, { states: { provisioned: 5, pending_email_input: 1, pending_user_migration: 2, error: 3, hibernating: 6 }, notBegun: 2, stuck: 4 });
        const page = await open(world, whole({ "activation.status": status }));
        const section = part(page, "Activation");
        await section.getByText("29.4% provisioned").waitFor();
        const stages = await section.getByRole("list").first().locator(":scope > li").evaluateAll((items) => items.map((one) => one.innerText.replace(/\s+/g, " ").trim()));
        assert.deepEqual(stages, ["Licensed 17 1 Pending Email Input 1 in another state, without an e-mail address", "Email entered 15 2 Pending User Consent 4 stuck", "Email validated 13 3 Error 6 hibernating", "Provisioned 5"]);
        await section.getByRole("img", { name: "13 of 17" }).waitFor();
        await section.getByRole("link", { name: "hibernating" }).press("Enter");
        await page.waitForURL(/#\/activation\?.*state=hibernating/);
        await world.until(async () => (await world.call("preferences.get")).views[remembered] === JSON.stringify({ sort: "-extension", state: "hibernating" }), "only the state is remembered");
        await page.goBack();
        await section.getByRole("link", { name: "4 stuck" }).press("Enter");
        await page.waitForURL(/#\/activation\?.*stuck=true/);
      },
    ],
    [
      "charts say what they show, and each is reachable as a table with the same numbers",
      async (world) => {
        const asked = [];
        const page = await open(world, whole({ "activation.history": ({ days }) => (asked.push(days), activationHistory(Math.min(days, 90))) }));
        const section = part(page, "Activation over time");
        await section.getByText("each chart on its own scale").waitFor();
        for (const [name, last] of [
          ["Licensed", "16,318"],
          ["Email entered", "15,204"],
          ["Email validated", "14,611"],
          ["Provisioned", "13,940"],
          ["On the way", "2,378"],
        ]) {
          await section.getByRole("img", { name: new RegExp(`^${name}: ${last} on .+ since .+\\. Lowest .+, highest `) }).waitFor();
        }
        assert.equal(await section.locator("[style]").count(), 0, "lengths are attributes, never inline styles");
        assert.doesNotMatch((await section.locator("svg path").evaluateAll((paths) => paths.map((path) => path.getAttribute("d")))).join(), /[CcSsQqTt]/, "steps, not smoothed");
        await section.getByRole("button", { name: "90 days" }).click();
        await world.until(() => asked.includes(90), "90 days are asked for");
        const button = section.getByRole("button", { name: "Show Provisioned as table" });
        await button.focus();
        await page.keyboard.press("Enter");
        const dialog = page.getByRole("dialog", { name: "Provisioned, last 90 days" });
        const table = dialog.getByRole("table", { name: "Provisioned by day" });
        await table.waitFor();
        const { days } = activationHistory(90);
        const rows = await table.getByRole("row").evaluateAll((all) => all.slice(1).map((row) => [...row.cells].map((cell) => cell.innerText)));
        assert.equal(rows.length, 90);
        assert.deepEqual(rows.map(([, users]) => Number(users.replaceAll(",", ""))), days.map((one) => one.provisioned).toReversed());
        assert.equal(rows[0][2], `+${days[89].provisioned - days[88].provisioned}`);
        assert.equal(rows[89][2], "first day");
        await world.axe(page, "a chart as a table");
        await page.keyboard.press("Escape");
        await dialog.waitFor({ state: "detached" });
        await world.until(async () => JSON.parse((await world.call("preferences.get")).views.overview ?? "{}").days === "90", "how far back is remembered");
        await page.reload();
        await section.getByRole("button", { name: "90 days", pressed: true }).waitFor();
        await section.getByRole("button", { name: "30 days" }).click();
        await world.until(async () => JSON.parse((await world.call("preferences.get")).views.overview).days === "30", "that is remembered, too");
      },
    ],
    [
      "recent transactions lead to their steps",
      async (world) => {
        const page = await open(world, whole());
        const section = part(page, "Recent transactions");
        const link = section.getByRole("table", { name: "Recent transactions" }).getByRole("link").first();
        const title = await link.innerText();
        await link.press("Enter");
        await titled(page, "Transactions");
        await page.getByRole("complementary").getByRole("heading", { name: title, level: 2 }).waitFor();
        await page.goBack();
        await section.getByRole("link", { name: "All transactions" }).press("Enter");
        await page.waitForURL(new RegExp(`organisation=${kestrel.id}`));
      },
    ],
    [
      "one part that cannot be read says so and leaves the others",
      async (world) => {
        const good = whole();
        for (const [command, name, stays] of [
          ["overview.attention", "Needs attention", "Licences"],
          ["activation.status", "Activation", "Licences"],
          ["activation.history", "Activation over time", "Activation"],
          ["mirror.licences", "Licences", "Activation"],
          ["transactions.list", "Recent transactions", "Activation"],
        ]) {
          const page = await open(world, { ...good, [command]: refused });
          await part(page, name).getByRole("alert").getByText("The table cannot be read.").waitFor();
          await part(page, stays).getByRole("img").first().waitFor();
          assert.equal((await page.getByRole("alert").allInnerTexts()).filter((text) => text.includes("cannot be read")).length, 1, `${command} is said once`);
          await world.axe(page, `without ${command}`);
          await world.closePages();
        }
      },
    ],
    [
      "why activation is not shown, with the way out, for each reason",
      async (world) => {
        const permission = { scope: "spark-admin:broadworks_subscribers_read", label: "Read BroadWorks subscribers", feature: "Activation", group: "Activation", granted: false };
        for (const [availability, title, text, way] of [
          [{ state: "not_connected", reason: "the token was refused" }, "is not connected to Webex.", "The token was refused.", "Connect to Webex…"],
          [{ state: "permission_missing", source: "broadworks", permissions: [permission] }, "A permission is missing.", "Subscribers of BroadWorks tell the states of activation, and Patchbay may not read them:", "Connect again…"],
          [{ state: "refused", source: "broadworks", reason: "This administrator may not see subscribers", trackingId: "NA_1234567890abcdef" }, "Webex refused the list.", "This administrator may not see subscribers.", "Open the organisation"],
          [{ state: "no_licences", asOf: hours(-1) }, "Kestrel Logistics has no Webex licence.", "Buy or move licences in Control Hub, then read again.", "Open the organisation"],
          [{ state: "not_copied" }, "The states have not been read yet.", "Patchbay copies them from Webex to this computer", "Open the organisation"],
        ]) {
          const page = await open(world, whole({ "activation.status": activationStatus(kestrel.id, { availability, asOf: null, states: {}, stuck: 0 }), "activation.history": { days: [] } }));
          const section = part(page, "Activation");
          await section.getByText(title).waitFor();
          await section.getByText(text).waitFor();
          await part(page, "Activation over time").getByText("No day of the last 30 is known.").waitFor();
          await world.axe(page, `activation ${availability.state}`);
          await section.getByRole("link", { name: way }).press("Enter");
          await page.waitForURL(new RegExp(`#/organisations/${kestrel.id}`));
          await world.closePages();
        }
      },
    ],
    [
      "what was copied before stays when the permission is gone",
      async (world) => {
        const availability = { state: "not_connected", reason: "Webex refused the refresh token." };
        const page = await open(world, whole({ "activation.status": activationStatus(kestrel.id, { availability }) }));
        const section = part(page, "Activation");
        await section.getByText("What was copied before is shown.").waitFor();
        await section.getByText("85.4% provisioned").waitFor();
      },
    ],
    [
      "never copied: one press reads everything; while it is read that is said",
      async (world) => {
        let syncing = null;
        const page = await open(world, whole({ "mirror.status": ({ organisation }) => ({ organisation, asOf: null, syncing, parts: [{ kind: "people", count: 0, asOf: null }] }), "mirror.licences": { licences: [] }, "activation.status": activationStatus(kestrel.id, { availability: { state: "not_copied" }, asOf: null, states: {}, stuck: 0 }), "activation.history": { days: activationHistory(1).days }, "mirror.sync": () => ((syncing = "t"), { transaction: "t" }) }));
        await page.getByText("Nothing has been copied from Kestrel Logistics yet.").waitFor();
        await page.getByText("never read from Webex").waitFor();
        await part(page, "Licences").getByText("No licence is known.").waitFor();
        await part(page, "Activation over time").getByText("One day is known so far.").waitFor();
        await part(page, "Activation over time").getByRole("img", { name: `Provisioned: 13,940 on ${Number(dayOf(0).slice(8))}`, exact: false }).waitFor();
        await page.locator("h1").focus();
        await page.keyboard.press("F5");
        await world.until(() => syncing === "t", "the sync is asked for");
        // Topics tell the page that a sync runs; the made-up one has none.
        await world.call("organisations.update", { organisation: kestrel.id, fields: { ...fields("Kestrel Logistics"), directorySyncEnabled: true, notes: "told" } });
        await page.reload();
        await page.getByText("refreshing").waitFor();
        assert.equal(await page.getByText("Nothing has been copied from Kestrel Logistics yet.").count(), 0);
      },
    ],
    [
      "nothing needs attention: it is said, with what would stand here",
      async (world) => {
        const page = await open(world, whole());
        await part(page, "Needs attention").getByText("Nothing needs attention now.").waitFor();
      },
    ],
    [
      "while a part is read it says so",
      async (world) => {
        let go;
        const held = new Promise((resolve) => {
          go = resolve;
        });
        const page = await open(world, whole({ "overview.attention": () => held.then(() => calm) }));
        await part(page, "Needs attention").getByText("Reading what needs attention…").waitFor();
        await part(page, "Licences").getByRole("img").first().waitFor();
        go();
        await part(page, "Needs attention").getByText("Nothing needs attention now.").waitFor();
      },
    ],
    ...["light", "dark"].map((scheme) => [
      `nothing is cut off and axe finds nothing, ${scheme}`,
      async (world) => {
        const attention = { items: [item("stuck", "3 users stuck in Pending Email Validation", { kind: "show_stuck" })] };
        for (const size of [
          { width: 1280, height: 800 },
          { width: 1024, height: 700 },
          { width: 640, height: 400 },
        ]) {
          const page = await open(world, whole({ "overview.attention": attention }), { scheme, size });
          await part(page, "Licences").getByRole("img").first().waitFor();
          await read(world, page);
          await world.axe(page, `overview, ${scheme}, ${size.width}`);
          if (size.width > 1000) assert.deepEqual(await clipped(page), [], `cut off at ${size.width}`);
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `too wide at ${size.width}`);
          await world.closePages();
        }
      },
    ]),
    [
      "the core itself: the demo shows every part",
      async (world) => {
        await world.openVault();
        const { organisation } = await world.call("demo.open");
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation });
        await world.until(async () => (await world.call("mirror.status", { organisation })).syncing === null && (await world.call("mirror.status", { organisation })).asOf !== null, "the demo is read", 90_000);
        const page = await world.open({ path: "/overview" });
        const status = await world.until(async () => {
          const now = await world.call("activation.status", { organisation });
          return now.asOf === null ? null : now;
        }, "the states are read", 90_000);
        const section = part(page, "Activation");
        await section.getByRole("listitem").first().getByText(status.total.toLocaleString("en-GB"), { exact: true }).waitFor();
        const { days } = await world.call("activation.history", { organisation, days: 1 });
        const today = { Licensed: days[0].total, "Email entered": days[0].emailEntered, "Email validated": days[0].emailValidated, Provisioned: days[0].provisioned };
        for (const [stage, users] of Object.entries(today)) {
          await part(page, "Activation over time").getByRole("img", { name: new RegExp(`^${stage}: ${users.toLocaleString("en-GB")} on `) }).waitFor();
          await section.getByRole("listitem").filter({ hasText: stage }).getByText(users.toLocaleString("en-GB"), { exact: true }).first().waitFor();
        }
        await part(page, "Licences").getByRole("img").first().waitFor();
        await part(page, "Recent transactions").getByRole("link").nth(1).waitFor();
        const { items } = await world.call("overview.attention", { organisation });
        await world.until(async () => (await part(page, "Needs attention").getByRole("listitem").count()) === items.length, "what needs attention is listed");
        await page.getByText(/^as of /).waitFor();
        await read(world, page);
        await world.axe(page, "the demo");
      },
    ],
    [
      "while the core is gone nothing claims to know more",
      async (world) => {
        const page = await world.open({ path: "/overview" });
        await part(page, "Licences").getByRole("img").first().waitFor();
        await world.loseCore();
        await page.getByText("Patchbay's core does not answer.").waitFor();
        await part(page, "Licences").getByRole("img").first().waitFor();
      },
    ],
  ],
};
