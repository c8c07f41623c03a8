// The way through the pages by keyboard alone, and what each says while secrets are locked or the core is gone.

import assert from "node:assert/strict";
import { connected } from "./steps.mjs";

const PASSPHRASE = "correct horse battery";
const PAGES = ["Overview", "Activation", "Organisations", "Schedules", "Customers", "Transactions", "Settings"];
let kestrel;

const titled = (page, title) => page.locator("h1").filter({ hasText: title }).waitFor();
const focused = (world, page, check, what) => world.until(() => page.evaluate(check), `the focus on ${what}`);

/** Presses Tab until the focus is where it is wanted; every step must be a place of its own. */
async function tabTo(page, label) {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim() ?? "");
    if (label.test(at)) return;
  }
  throw new Error(`Tab never reaches ${label}`);
}

export const suite = {
  name: "walk",
  tests: [
    [
      "Organisations, Connect, Schedules and Settings without a mouse",
      async (world) => {
        const facts = await world.sandbox("awkward");
        await world.call("vault.create", { keyIn: "passphrase", passphrase: PASSPHRASE });
        kestrel = await connected(world, facts, "Kestrel Logistics", { wholesale: true });
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation: kestrel });
        const page = await world.open({ path: "/settings" });
        await page.keyboard.press("Control+9");
        await titled(page, "Organisations");
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await tabTo(page, /^Kestrel Logistics/);
        await page.keyboard.press("Enter");
        await titled(page, "Kestrel Logistics");
        await tabTo(page, /^Connect to Webex/);
        await page.keyboard.press("Enter");
        const dialog = page.getByRole("dialog", { name: "Connect Kestrel Logistics to Webex" });
        await dialog.getByRole("listitem").first().waitFor();
        assert.ok(await page.evaluate(() => document.querySelector("[role=dialog]")?.contains(document.activeElement)), "the focus is in the dialog");
        await page.keyboard.press("Escape");
        await dialog.waitFor({ state: "detached" });
        await focused(world, page, () => document.activeElement?.textContent?.includes("Connect to Webex") ?? false, "the button that opened it");
        await page.keyboard.press("Control+k");
        await page.keyboard.type("schedules");
        await page.getByRole("option", { name: /Schedules/ }).first().waitFor();
        await page.keyboard.press("Enter");
        await titled(page, "Schedules");
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await tabTo(page, /^Kestrel Logistics/);
        await page.keyboard.press("p");
        await page.getByText("not until it is resumed").waitFor();
        await page.keyboard.press("p");
        await page.getByText("not until it is resumed").waitFor({ state: "detached" });
        await page.keyboard.press("Control+,");
        await titled(page, "Settings");
        await tabTo(page, /^Do not warn 14 days before/);
      },
    ],
    [
      "locked secrets are said on every page, and unlocking is one press away",
      async (world) => {
        await world.restart();
        const page = await world.open({ path: "/organisations" });
        for (const title of PAGES) {
          await world.go(page, `/${title.toLowerCase()}`);
          await titled(page, title);
          await page.getByText("Secrets are locked.", { exact: true }).waitFor();
          assert.equal(await page.getByText("Connected to Webex").count(), 0, `${title} does not say that it is connected`);
        }
        await world.axe(page, "locked secrets");
        await page.getByRole("button", { name: "Unlock secrets…" }).click();
        const unlock = page.getByRole("dialog", { name: "Unlock secrets" });
        await unlock.locator("input[name=passphrase]").fill(PASSPHRASE);
        await page.keyboard.press("Enter");
        await unlock.waitFor({ state: "detached" });
        await page.getByText("Secrets are locked.", { exact: true }).waitFor({ state: "detached" });
        await page.getByText("Connected to Webex").waitFor();
      },
    ],
    [
      "while the core is gone every page says so, and none claims to know more",
      async (world) => {
        const page = await world.open({ path: "/organisations" });
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await world.loseCore();
        for (const title of PAGES) {
          await page.evaluate((to) => {
            window.location.hash = `#/${to}`;
          }, title.toLowerCase());
          await titled(page, title);
          await page.getByText("Patchbay's core does not answer.").waitFor();
          await page.getByText("Not known: the core does not answer").waitFor();
          assert.equal(await page.getByText("never read from Webex").count(), 0, `${title} does not say what it cannot know`);
        }
        await world.axe(page, "the core is gone");
      },
    ],
  ],
};
