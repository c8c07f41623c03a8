// docs/screenshots: every page and its states in both themes, from the running application on a simulated Webex.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { activationHistory, answering } from "./answers.mjs";
import { open, refuse, shoot, shootAt } from "./shoot.mjs";
import { consentByDevice, fields, putRight, shownRun } from "./steps.mjs";

const PASSPHRASE = "correct horse battery";
const JOB = "London move, wave 1";

let facts;
let organisation;
let template;

/** Talks to the simulated Webex behind the application's back. */
const control = (path, body) => fetch(new URL(`/_sandbox/${path}`, facts.base_url), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

const held = (world, run, reason) => world.until(async () => (await world.call("runs.get", { run })).hold?.reason === reason, `the run waits: ${reason}`, 120_000);

export const suite = {
  name: "pictures",
  tests: [
    [
      "first run and what is empty",
      async (world) => {
        const page = await open(world, "/welcome");
        await shoot(world, page, "first-run");
        for (const [path, name] of [
          ["/overview", "overview-empty"],
          ["/bulk", "bulk-templates-empty"],
          ["/organisations", "organisations-empty"],
          ["/transactions", "transactions-empty"],
          ["/nowhere", "not-found"],
        ]) {
          await shootAt(world, page, path, name);
        }
        await world.go(page, "/welcome");
        await page.keyboard.press("d");
        const vault = page.getByRole("dialog", { name: "Where may Patchbay keep secrets?" });
        await vault.waitFor();
        await shoot(world, page, "vault-choose");
        await vault.getByRole("button", { name: "Not now" }).click();
      },
    ],
    [
      "organisations and consent",
      async (world) => {
        facts = await world.sandbox("demo");
        await world.call("vault.create", { keyIn: "passphrase", passphrase: PASSPHRASE });
        for (const name of ["Kestrel Logistics", "Orchid Bay Hotels", "Sable & Tern Legal"]) {
          const made = await world.call("organisations.create", { fields: fields(name, facts.base_url) });
          organisation ??= made.id;
        }
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation, consentPort: Number(new URL(facts.redirect_uri).port) });
        const page = await open(world, `/organisations/${organisation}`);
        await shoot(world, page, "organisation-not-connected");
        await page.getByRole("button", { name: "Connect to Webex…" }).click();
        const dialog = page.getByRole("dialog", { name: /^Connect / });
        await dialog.getByRole("listitem").first().waitFor();
        await dialog.getByLabel("Client ID").fill(facts.client_id);
        await dialog.locator("input[name=clientSecret]").fill(facts.client_secret);
        await shoot(world, page, "consent");
        await page.context().route("**/authorize**", (route) => route.abort());
        await dialog.getByRole("button", { name: "Open the browser" }).click();
        await dialog.getByText("Consent is open in your browser.").waitFor();
        await shoot(world, page, "consent-waiting");
        await dialog.getByRole("button", { name: "Cancel consent" }).click();
        await dialog.waitFor({ state: "detached" });
        await control("tokens", { auto_consent: false });
        await consentByDevice(page, facts, false);
        await page.getByText("Enter this code").or(page.getByText(facts.base_url.replace("/v1", ""))).first().waitFor();
        await shoot(world, page, "consent-device");
        await page.getByRole("button", { name: "Cancel consent" }).click();
        await control("tokens", { auto_consent: true });
        await consentByDevice(page, facts);
        await shoot(world, page, "consent-granted");
        await page.getByRole("dialog").getByRole("button", { name: "Sync with Webex" }).click();
        await world.until(async () => (await world.call("mirror.status", { organisation })).asOf !== null, "Webex is read", 90_000);
        await world.until(async () => (await world.call("mirror.status", { organisation })).syncing === null, "the sync is over", 90_000);
        await shoot(world, page, "organisation");
        await shootAt(world, page, "/organisations", "organisations");
        await world.go(page, "/organisations/new");
        await page.getByLabel("Organization Account Number", { exact: true }).fill("not-an-id");
        await page.getByLabel("HTTP Proxy", { exact: true }).fill("proxy.kestrel.example");
        await page.keyboard.press("Control+s");
        await page.getByText("Type the name of the customer.").waitFor();
        await shoot(world, page, "organisation-new");
      },
    ],
    [
      "overview",
      async (world) => {
        const status = await world.until(async () => {
          const now = await world.call("activation.status", { organisation });
          return now.asOf === null || now.syncing !== null ? null : now;
        }, "the states are read", 90_000);
        const { days } = await world.call("activation.history", { organisation, days: 1 });
        const page = await open(world, "/nowhere");
        // One day is known of an organisation that has just been read: those before it are made up.
        await answering(page, { "activation.history": (request) => activationHistory(request.days, days.at(-1)) });
        await shootAt(world, page, "/overview", "overview");
        await page.getByRole("button", { name: "Show Provisioned as table" }).click();
        await page.getByRole("dialog").waitFor();
        await shoot(world, page, "overview-table");
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Show all licences" }).click();
        await page.getByRole("dialog").waitFor();
        await shoot(world, page, "overview-licences");
        await page.keyboard.press("Escape");
        assert.equal(status.organisation, organisation);
      },
    ],
    [
      "templates, upload and check",
      async (world) => {
        const page = await open(world, "/bulk/new");
        await shoot(world, page, "bulk-create");
        const sample = await (await fetch(new URL("/_sandbox/sample.csv", facts.base_url))).text();
        writeFileSync(join(world.dataDir, "london-move.csv"), sample);
        const { locations } = await world.call("mirror.locations", { organisation });
        const { licences } = await world.call("mirror.licences", { organisation });
        const location = locations.find((one) => one.name === "Manchester Deansgate");
        const callingLicence = licences.filter((one) => one.name === "Webex Calling - Professional").toSorted((a, b) => (b.available ?? 0) - (a.available ?? 0))[0];
        const choice = ({ id, name }) => ({ id, name });
        const made = await world.call("bulkAssignments.create", { fields: { name: JOB, organisation, location: choice(location), callingLicence: choice(callingLicence), addOns: [] } });
        template = made.id;
        await world.call("bulkAssignments.addFiles", { template, files: [{ kind: "path", path: join(world.dataDir, "london-move.csv") }] });
        await world.call("bulkAssignments.create", { fields: { name: "Leeds, spring intake", organisation, location: null, callingLicence: null, addOns: [] } });
        await shootAt(world, page, `/bulk/${template}/upload`, "bulk-upload");
        await world.go(page, `/bulk/${template}/check`);
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await page.getByText(/^Compared with the copy of Webex/).waitFor();
        await shoot(world, page, "bulk-check");
        await page.keyboard.press("F8");
        await page.waitForFunction(() => document.activeElement?.closest("[data-column]") !== null);
        await page.keyboard.press("Enter");
        await page.locator("td input:focus").waitFor();
        await shoot(world, page, "bulk-check-editing");
        await page.keyboard.press("Escape");
        await page.keyboard.press("/");
        await page.keyboard.type("nobody of this name");
        await page.getByText("No row fits the filter").waitFor();
        await shoot(world, page, "bulk-check-nothing-found");
        await putRight(world, template);
        await world.go(page, `/bulk/${template}/check`);
        await world.until(async () => (await world.call("bulkAssignments.check", { template })).mirror.state === "judged", "the rows are compared with the copy");
        await page.getByText(/^Compared with the copy of Webex/).waitFor();
        await page.locator("h1").first().focus();
        await shoot(world, page, "bulk-check-left-out");
        await shootAt(world, page, `/bulk/${template}/check?rows=all`, "bulk-check-right");
      },
    ],
    [
      "plan",
      async (world) => {
        const page = await open(world, `/bulk/${template}/plan`);
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await shoot(world, page, "bulk-plan");
        await shootAt(world, page, `/bulk/${template}/plan?outcome=skip`, "bulk-plan-left-out");
        const { templates } = await world.call("bulkAssignments.list", { search: null });
        await shootAt(world, page, `/bulk/${templates.find((one) => one.totalUsers === 0).id}/plan`, "bulk-plan-not-possible");
      },
    ],
    [
      "run",
      async (world) => {
        const plan = await world.call("bulkAssignments.plan", { template });
        const planned = (await world.call("bulkAssignments.planRows", { template, filter: { outcome: "assign", code: null, search: null }, offset: 0, limit: 200 })).rows;
        await control("faults", { match: { method: "PATCH", path: "/v1/licenses/users" }, count: null, effect: { kind: "delay", millis: 700, when: "before" } });
        for (const place of [9, 31, 57]) {
          await control("faults", { match: { method: "PATCH", path: "/v1/licenses/users", body: planned[place].extKey }, count: null, effect: { kind: "status", status: 400, when: "before" } });
        }
        await control("faults", { match: { method: "PATCH", path: "/v1/licenses/users", nth: 60 }, effect: { kind: "status", status: 429, when: "before", retry_after: "20" } });
        const page = await open(world, `/bulk/${template}/plan`);
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        assert.equal(plan.obstacle, null);
        await page.keyboard.press("Control+Enter");
        await page.getByRole("dialog", { name: /^Checking / }).waitFor();
        await world.until(async () => (await page.getByRole("dialog").getByRole("listitem").count()) > 1, "steps of the live check");
        await shoot(world, page, "bulk-plan-starting");
        const run = await shownRun(world, template);
        await page.locator("h1").filter({ hasText: JOB }).waitFor();
        await world.until(async () => (await world.call("runs.get", { run })).assigned > 30, "the run is on its way", 60_000);
        await shoot(world, page, "bulk-run");
        await page.keyboard.press("Control+j");
        await page.getByRole("dialog").waitFor();
        await shoot(world, page, "jobs");
        await page.keyboard.press("Escape");
        await held(world, run, "throttled");
        await page.getByText("Webex asked us to slow down (429).").first().waitFor();
        await shoot(world, page, "bulk-run-slowed");
        await world.until(async () => (await world.call("runs.get", { run })).hold === null, "the slow-down ends", 60_000);
        await page.getByRole("main").getByRole("button", { name: "Cancel…" }).click();
        await page.getByRole("alertdialog").waitFor();
        await shoot(world, page, "bulk-run-cancel");
        await page.keyboard.press("Escape");
        await page.getByRole("main").getByRole("button", { name: /^Pause/ }).click();
        await held(world, run, "person");
        await page.getByText("Paused.").first().waitFor();
        await shoot(world, page, "bulk-run-paused");
        await shootAt(world, page, "/bulk", "bulk-templates");
        await world.call("runs.resume", { run });
        await control("tokens/revoke", { refresh: true });
        await held(world, run, "consent");
        await shootAt(world, page, `/bulk/${template}/run`, "bulk-run-needs-consent");
        await world.restart();
      },
    ],
    [
      "after a restart",
      async (world) => {
        const page = await open(world, `/bulk/${template}/run`);
        await shoot(world, page, "bulk-run-after-restart");
        await shootAt(world, page, "/settings", "settings-locked");
        await page.getByRole("button", { name: "Unlock…" }).click();
        await page.getByRole("dialog", { name: "Unlock secrets" }).waitFor();
        await page.locator("input[name=passphrase]").fill("wrong");
        await page.keyboard.press("Enter");
        await page.getByRole("dialog").getByRole("alert").waitFor();
        await shoot(world, page, "vault-unlock");
        await page.locator("input[name=passphrase]").fill(PASSPHRASE);
        await page.keyboard.press("Enter");
        await page.getByRole("dialog").waitFor({ state: "detached" });
        await world.go(page, `/organisations/${organisation}`);
        await shoot(world, page, "organisation-needs-consent");
        await consentByDevice(page, facts);
        await page.getByRole("button", { name: "Open Kestrel Logistics" }).click();
        const run = await shownRun(world, template);
        await world.go(page, `/bulk/${template}/run`);
        await shoot(world, page, "bulk-run-connected-again");
        if ((await world.call("runs.get", { run })).state !== "running") await world.call("runs.resume", { run });
        await fetch(new URL("/_sandbox/faults", facts.base_url), { method: "DELETE" });
        await world.until(async () => (await world.call("runs.get", { run })).state === "completed", "the run ends", 120_000);
        await world.go(page, `/bulk/${template}/run`);
        await page.getByText("The run has ended.").waitFor();
        await world.until(async () => (await world.call("mirror.status", { organisation })).syncing === null, "the sync is over", 90_000);
        await shoot(world, page, "bulk-run-ended");
        await page.keyboard.press("Control+Enter");
        await page.waitForURL((url) => url.hash.includes("/report"));
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await shoot(world, page, "bulk-report");
        await shootAt(world, page, `/bulk/${template}/report?outcome=failed`, "bulk-report-failed");
        await page.getByRole("button", { name: /^Export report/ }).click();
        await page.getByRole("menu").waitFor();
        await shoot(world, page, "bulk-report-export");
        await page.keyboard.press("Escape");
        await shootAt(world, page, "/transactions", "transactions");
        await page.getByRole("grid").locator("tbody th").first().click();
        await page.getByRole("complementary").filter({ hasText: "Tracking ids of Webex" }).waitFor();
        await shoot(world, page, "transactions-panel");
        await shootAt(world, page, "/settings", "settings");
        await page.getByRole("button", { name: "Change passphrase…" }).click();
        await page.getByRole("dialog", { name: "Change passphrase" }).waitFor();
        await shoot(world, page, "vault-change-passphrase");
        await page.getByRole("button", { name: "Keep the old one" }).click();
        await page.getByRole("button", { name: "Give up secrets…" }).click();
        await page.getByRole("alertdialog").waitFor();
        await shoot(world, page, "vault-give-up");
        await page.getByRole("button", { name: "Keep secrets" }).click();
      },
    ],
    [
      "over the page, and trouble",
      async (world) => {
        const page = await open(world, "/bulk");
        for (const [keys, name] of [
          ["Control+k", "palette"],
          ["?", "keys"],
          ["Control+Shift+o", "organisation-switch"],
        ]) {
          await page.keyboard.press(keys);
          await page.getByRole("dialog").waitFor();
          await shoot(world, page, name);
          await page.keyboard.press("Escape");
          await page.getByRole("dialog").waitFor({ state: "detached" });
        }
        await refuse(page, "transactions.list", { code: "storage", message: "The list of transactions cannot be read: the disk is full. Make room, then try again.", retryable: true });
        await page.reload();
        await shootAt(world, page, "/transactions", "transactions-unreadable");
        await refuse(page, "organisations.list", { code: "storage", message: "Organisations cannot be read: the database is in use by another program. Close it, then try again.", retryable: true });
        await page.reload();
        await shootAt(world, page, "/organisations", "organisations-unreadable");
        await page.unrouteAll();
        await page.reload();
        await world.go(page, "/bulk");
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await world.loseCore();
        await page.getByText("does not answer").first().waitFor();
        await shoot(world, page, "core-unreachable");
        await world.restart();
      },
    ],
  ],
};
