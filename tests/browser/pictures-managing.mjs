// docs/screenshots, second half: organisations, customers, schedules, warnings, transactions and settings of a partner at work.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { open, shoot, shootAt } from "./shoot.mjs";
import { answerPath, chooseFile, connected, control, fields } from "./steps.mjs";

const DAY = 86_400;
const PASSPHRASE = "correct horse battery";
const CUSTOMERS = ["Orchid Bay Hotels", "Ardmore Council", "Miravalle Clinics", "Harrow & Finch", "Northgate Schools", "Quillon Freight", "Penrose Dental", "Tamar Water", "Vale of Usk", "Ostrava Glass"];

let facts;
let partner;
let ending;

export const suite = {
  name: "pictures, managing",
  tests: [
    [
      "organisations",
      async (world) => {
        facts = await world.sandbox("awkward");
        await world.call("vault.create", { keyIn: "passphrase", passphrase: PASSPHRASE });
        partner = await connected(world, facts, "Kestrel Logistics", { wholesale: true, contactCenter: true, contactCenterRegion: "eu_frankfurt", adminEmail: "halvorsen@kestrel.example", emailDomain: "ws.kestrel.example", notes: "Freeze from 18 Dec to 4 Jan.", defaultCallingBehaviour: "webex_app" });
        for (const [place, name] of CUSTOMERS.entries()) await world.call("organisations.create", { fields: { ...fields(name, facts.base_url), wholesale: place % 3 === 0, contactCenter: place % 2 === 0, contactCenterRegion: place % 2 === 0 ? "uk" : null } });
        await control(facts, "tokens", { refresh_token_seconds: 6 * DAY, access_token_seconds: 2 * DAY });
        ending = await connected(world, facts, "Sable & Tern Legal");
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation: partner });
        const page = await open(world, `/organisations/${partner}`);
        await page.getByText("Another administrator consented.").waitFor();
        await shoot(world, page, "organisation-other-admin");
        await shootAt(world, page, `/organisations/${ending}`, "organisation-ends-soon");
        await shootAt(world, page, "/organisations", "organisations-many");
        await world.go(page, `/organisations/${partner}`);
        await page.getByRole("button", { name: "Check connection" }).click();
        await page.getByText("Kestrel Logistics can be reached.").waitFor();
        await shoot(world, page, "organisation-check");
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Connect to Webex…" }).click();
        await page.getByRole("radio", { name: "With a service app" }).click();
        await shoot(world, page, "consent-service-app");
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "More", exact: true }).click();
        await page.getByRole("menuitem", { name: /Delete organisation/ }).click();
        await page.getByRole("checkbox", { name: "Take the tokens back at Webex" }).click();
        await shoot(world, page, "organisation-delete");
        await page.keyboard.press("Escape");
        const lost = await world.call("organisations.create", { fields: fields("Two Rivers", "http://127.0.0.1:9/v1") });
        await world.go(page, `/organisations/${lost.id}`);
        await page.getByRole("button", { name: "Check connection" }).click();
        await page.getByText(/^“.+” failed\.$/).waitFor();
        await shoot(world, page, "organisation-check-failed");
        await page.keyboard.press("Escape");
      },
    ],
    [
      "a list that is imported",
      async (world) => {
        const page = await open(world, "/organisations");
        const path = join(world.dataDir, "organisations.csv");
        await world.call("organisations.export", { path, format: "csv" });
        const [head, ...lines] = readFileSync(path, "utf8").trimEnd().split(/\r?\n/);
        const file = [head, ...lines.slice(0, 2), lines[2].replace("halvorsen@", "osei@"), lines[3].replace(/Customer|Clinics|Freight|Schools/, "Group"), lines[4].replace(/^[^,]*/, "")].join("\n");
        await chooseFile(page, async () => {
          await page.getByRole("button", { name: "Lists" }).click();
          await page.getByRole("menuitem", { name: /Import a list/ }).click();
        }, { name: "organisations.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
        await page.getByRole("dialog", { name: "Import organisations" }).waitFor();
        await shoot(world, page, "organisations-import");
      },
    ],
    [
      "customers",
      async (world) => {
        const filter = { search: null, status: null, sort: "org_name", descending: false };
        if ((await world.call("wholesale.customers", { organisation: partner, filter, offset: 0, limit: 1 })).asOf === null) await world.call("wholesale.sync", { organisation: partner });
        await world.until(async () => (await world.call("wholesale.customers", { organisation: partner, filter, offset: 0, limit: 1 })).asOf !== null, "customers are copied", 60_000);
        const { customers } = await world.call("wholesale.customers", { organisation: partner, filter, offset: 0, limit: 200 });
        const page = await open(world, "/customers");
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await shoot(world, page, "customers");
        const troubled = customers.find((one) => one.resourceDetails.some((detail) => detail.warnings.length > 0)) ?? customers.find((one) => one.errors.length > 0);
        await shootAt(world, page, `/customers?customer=${encodeURIComponent(troubled.id)}`, "customer");
        const plain = customers.find((one) => one.status === "provisioned" && one.packages.length > 1 && one.externalId !== null && !one.externalId.includes("sentinel"));
        await world.go(page, `/customers?customer=${encodeURIComponent(plain.id)}`);
        const panel = page.getByRole("complementary");
        await panel.getByRole("button", { name: "Edit…" }).click();
        await panel.locator("label").filter({ has: page.locator(`[title="${plain.packages[0]}"]`) }).click();
        await shoot(world, page, "customer-edit");
        await page.keyboard.press("Control+s");
        const preview = page.getByRole("alertdialog");
        await preview.getByText(/Nothing has been sent yet/).waitFor();
        await shoot(world, page, "customer-preview");
        await control(facts, "wholesale", { settle_reads: 50 });
        await preview.getByRole("button", { name: /pdate/ }).click();
        await panel.getByText("Change under way").waitFor();
        await shoot(world, page, "customer-changing");
        await control(facts, "wholesale", { settle_reads: 1 });
      },
    ],
    [
      "directory synchronisation",
      async (world) => {
        const rivers = await connected(world, facts, "Two Rivers Voice", { directorySyncEnabled: true });
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation: rivers });
        await world.call("mirror.sync", { organisation: rivers });
        await world.until(async () => (await world.call("mirror.status", { organisation: rivers })).syncing === null && (await world.call("activation.status", { organisation: rivers })).asOf !== null, "it is read", 90_000);
        const { enterprises } = await world.call("directorySync.refresh", { organisation: rivers });
        const page = await open(world, "/activation?directorySync=all");
        await page.getByRole("dialog").getByRole("listitem").first().waitFor();
        await shoot(world, page, "directory-sync");
        const ready = enterprises.find((one) => one.gate.state === "open" && one.activated !== 0);
        await world.call("directorySync.trigger", { organisation: rivers, enterprises: [ready.id], confirmed: false });
        await world.until(async () => (await world.call("directorySync.get", { organisation: rivers })).enterprises.some((one) => one.gate.state === "held"), "one is held", 120_000);
        await page.getByRole("button", { name: `Show details of ${ready.spEnterpriseId}` }).click();
        await shoot(world, page, "directory-sync-held");
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation: partner });
      },
    ],
    [
      "schedules, warnings and transactions",
      async (world) => {
        const page = await open(world, "/schedules");
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await shoot(world, page, "schedules");
        await page.getByRole("button", { name: "Change how often: Sync of Kestrel Logistics" }).click();
        await page.getByRole("dialog").waitFor();
        await shoot(world, page, "schedule-interval");
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: /Needs attention/ }).click();
        await page.getByRole("dialog", { name: "Needs attention" }).waitFor();
        await shoot(world, page, "attention");
        await page.keyboard.press("Escape");
        await world.go(page, "/transactions");
        await page.getByLabel("Filter by what was done").selectOption("organisation_added");
        await page.getByText(/transactions match/).waitFor();
        await shoot(world, page, "transactions-filtered");
        await page.getByLabel("Filter by time").selectOption("days");
        await page.getByLabel("From").fill("2020-01-01");
        await page.getByLabel("to", { exact: true }).fill("2020-01-02");
        await page.getByText("No transaction matches").waitFor();
        await shoot(world, page, "transactions-hidden");
      },
    ],
    [
      "settings",
      async (world) => {
        const page = await open(world, "/settings");
        const path = join(world.dataDir, "patchbay-backup.db");
        await page.getByRole("button", { name: "Back up…" }).click();
        await answerPath(page, "Back up Patchbay", path);
        await page.getByText("Backup saved").waitFor();
        await page.getByRole("heading", { name: "Secrets" }).scrollIntoViewIfNeeded();
        await page.getByText("Telemetry").scrollIntoViewIfNeeded();
        await page.getByRole("button", { name: /^Dismiss: Backup/ }).click();
        await shoot(world, page, "settings-data");
        await page.getByRole("button", { name: "Move to keychain…" }).click();
        await page.getByRole("dialog").waitFor();
        await shoot(world, page, "vault-move");
        await page.keyboard.press("Escape");
        await page.getByRole("radio", { name: "Compact rows" }).click();
        await world.go(page, "/organisations");
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await shoot(world, page, "organisations-compact");
      },
    ],
  ],
};
