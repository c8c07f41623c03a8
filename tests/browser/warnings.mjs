// Warnings: one banner, a list, marks and the title; each with its way out, and put away.

import assert from "node:assert/strict";
import { connected, control } from "./steps.mjs";

const DAY = 86_400;
let facts;
let organisation;

const open = (world) => world.call("notifications.list").then(({ notices }) => notices.filter((one) => !one.dismissed));

export const suite = {
  name: "warnings",
  tests: [
    [
      "a consent that ends soon is warned of in the banner, the sidebar and the title, and connecting is one press away",
      async (world) => {
        facts = await world.sandbox("demo");
        await world.openVault();
        await control(facts, "tokens", { refresh_token_seconds: 6 * DAY, access_token_seconds: 2 * DAY });
        organisation = await connected(world, facts, "Kestrel Logistics");
        const page = await world.open({ path: "/transactions" });
        await world.until(async () => (await open(world)).some((one) => one.kind === "consent_ends"), "the warning");
        const [notice] = await open(world);
        await page.getByRole("main").getByText(notice.title).waitFor();
        await world.until(async () => (await page.title()).startsWith("(1) Transactions"), "the count in the title");
        await page.getByRole("navigation", { name: "Main" }).getByRole("button", { name: /Needs attention/ }).getByText("1").waitFor();
        await world.axe(page, "a warning over the page");
        await page.getByRole("button", { name: "Connect to Webex: Kestrel Logistics" }).click();
        await page.getByRole("dialog", { name: "Connect Kestrel Logistics to Webex" }).waitFor();
        assert.equal(await page.getByRole("main").getByText(notice.title).count(), 0, "its own page says it itself");
      },
    ],
    [
      "on the overview of its organisation it stands in the list, and not a second time over the page",
      async (world) => {
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation });
        const [notice] = await open(world);
        const page = await world.open({ path: "/overview" });
        await page.getByRole("region", { name: "Needs attention" }).getByRole("heading", { name: notice.title }).waitFor();
        assert.equal(await page.getByRole("main").getByText(notice.title).count(), 1);
        await page.getByRole("button", { name: "Connect to Webex: Kestrel Logistics" }).waitFor();
      },
    ],
    [
      "the list has them all; one that is put away leaves the banner and the counts",
      async (world) => {
        const page = await world.open({ path: "/bulk" });
        await page.getByRole("button", { name: /Needs attention/ }).click();
        const dialog = page.getByRole("dialog", { name: "Needs attention" });
        const [notice] = await open(world);
        await dialog.getByText(notice.message).waitFor();
        await world.axe(page, "the list of warnings");
        await dialog.getByRole("button", { name: `Dismiss: ${notice.title}` }).click();
        await dialog.getByText("Put away").waitFor();
        await dialog.getByText("Nothing needs attention now.").waitFor();
        await page.keyboard.press("Escape");
        await world.until(async () => (await page.title()) === "Bulk assignment · Patchbay", "no count in the title");
        assert.equal(await page.getByRole("main").getByText(notice.title).count(), 0);
      },
    ],
    [
      "a refused token turns it into a consent that is gone, with the way out",
      async (world) => {
        await control(facts, "tokens/revoke", { refresh: true });
        await world.call("consent.refresh", { organisation }).catch(() => undefined);
        await world.until(async () => (await open(world)).some((one) => one.kind === "consent_needed"), "the warning");
        const page = await world.open({ path: "/transactions" });
        await page.getByRole("main").getByRole("alert").filter({ hasText: "Kestrel Logistics" }).waitFor();
        await page.getByRole("navigation", { name: "Main" }).getByText("Consent needed").waitFor();
        await world.axe(page, "a consent that is gone");
      },
    ],
    [
      "a permission that was not granted is named with what is off, and offered again",
      async (world) => {
        const id = await connected(world, facts, "Ardmore Council");
        const page = await world.open({ path: "/bulk" });
        // The simulated Webex grants all that is asked for: the answer of the core is changed on its way.
        await page.route("**/rpc", async (route) => {
          if (route.request().postDataJSON().command !== "organisations.get") return await route.continue();
          const { reply } = await (await route.fetch()).json();
          reply.permissions[0] = { ...reply.permissions[0], granted: false };
          await route.fulfill({ json: { reply } });
        });
        await world.go(page, `/organisations/${id}`);
        const { permissions } = await world.call("organisations.get", { organisation: id });
        await page.getByText(`Missing: ${permissions[0].feature}.`).waitFor();
        await page.getByRole("heading", { name: new RegExp(`Granted permissions\\s*${permissions.length - 1} of ${permissions.length}`) }).waitFor();
        await world.axe(page, "a permission that is missing");
        await page.getByRole("button", { name: "Connect again…" }).click();
        await page.getByRole("dialog", { name: "Connect Ardmore Council to Webex" }).waitFor();
      },
    ],
  ],
};
