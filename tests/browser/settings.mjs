// Settings: each is taken at once, checked where it can be wrong, and kept over a restart.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { answerPath } from "./steps.mjs";

const PASSPHRASE = "correct horse battery";
const preferences = (world) => world.call("preferences.get");

export const suite = {
  name: "settings",
  tests: [
    [
      "rows become compact at once, in every grid",
      async (world) => {
        const page = await world.open({ path: "/settings" });
        await page.getByRole("radio", { name: "Compact rows" }).click();
        await page.locator("html[data-density=compact]").waitFor();
        await world.until(async () => (await preferences(world)).density === "compact", "it is kept");
        await page.reload();
        await page.locator("html[data-density=compact]").waitFor();
        await page.getByRole("radio", { name: "Standard rows" }).click();
        await page.locator("html:not([data-density])").waitFor();
      },
    ],
    [
      "warning days are added in order and removed; what cannot be one is refused where it is typed",
      async (world) => {
        const page = await world.open({ path: "/settings" });
        const field = page.getByLabel("Another warning");
        await field.fill("91");
        await page.getByRole("alert").getByText("“91” cannot be used. Use 1 to 90 days.").waitFor();
        await field.fill("7");
        await page.getByRole("alert").getByText("Patchbay warns 7 days before already.").waitFor();
        await field.fill("30");
        await page.keyboard.press("Enter");
        await world.until(async () => JSON.stringify((await preferences(world)).warningDays) === "[30,14,7,3,1]", "30 days are kept");
        await page.getByRole("button", { name: "Do not warn 14 days before" }).click();
        await world.until(async () => JSON.stringify((await preferences(world)).warningDays) === "[30,7,3,1]", "14 days are gone");
      },
    ],
    [
      "the tray, notifications and the interval of copies are kept; starting at login belongs to the window",
      async (world) => {
        const page = await world.open({ path: "/settings" });
        const before = await preferences(world);
        await page.getByRole("switch", { name: "Keep at work in the tray" }).click();
        await page.getByRole("switch", { name: "Desktop notifications" }).click();
        await page.getByLabel("Renew local copies").selectOption("6");
        await world.until(async () => {
          const now = await preferences(world);
          return now.keepInTray !== before.keepInTray && now.desktopNotifications !== before.desktopNotifications && now.syncEveryHours === 6;
        }, "all three are kept");
        await page.getByText(/Starting at login is set in Patchbay’s own window/).waitFor();
        assert.equal(await page.getByRole("switch", { name: "Start at login" }).count(), 0);
      },
    ],
    [
      "folders with their sizes, and what Patchbay is",
      async (world) => {
        const page = await world.open({ path: "/settings" });
        const folders = await world.call("app.folders");
        await page.getByText(folders.data.path, { exact: true }).waitFor();
        await page.getByText(/(bytes|KB|MB), \d+ files?$/).first().waitFor();
        await page.getByText("MIT or Apache-2.0, as you choose").waitFor();
        await world.axe(page, "settings");
      },
    ],
    [
      "a backup is saved, says what it holds before it is restored, and can be let go again",
      async (world) => {
        await world.call("vault.create", { keyIn: "passphrase", passphrase: PASSPHRASE });
        const page = await world.open({ path: "/settings" });
        const path = `${world.dataDir}/patchbay-backup.db`;
        await page.getByRole("button", { name: "Back up…" }).click();
        await answerPath(page, "Back up Patchbay", path);
        await page.getByText("Backup saved").waitFor();
        assert.ok(existsSync(path));
        await page.getByRole("button", { name: "Restore…" }).click();
        await answerPath(page, "Choose a backup", `${world.dataDir}/nothing-here.db`, "Choose file");
        await page.getByRole("main").getByRole("alert").waitFor();
        await page.getByRole("button", { name: "Restore…" }).click();
        await answerPath(page, "Choose a backup", path, "Choose file");
        await page.getByText("A backup waits for the next start.").waitFor();
        await page.getByText(/with 0 organisations/).waitFor();
        await world.axe(page, "a backup that waits");
        await page.getByRole("button", { name: "Cancel restore" }).click();
        await page.getByText("A backup waits for the next start.").waitFor({ state: "detached" });
      },
    ],
    [
      "without a keychain moving the key there says why, and nothing is lost",
      async (world) => {
        const page = await world.open({ path: "/settings" });
        await page.getByRole("button", { name: "Move to keychain…" }).click();
        const dialog = page.getByRole("dialog", { name: "Move the key to the keychain" });
        await dialog.getByRole("button", { name: "Move key" }).click();
        await dialog.getByText("Type the present passphrase.").waitFor();
        await dialog.locator("input[name=old]").fill("not this one");
        await page.keyboard.press("Enter");
        await dialog.getByRole("alert").waitFor();
        await world.axe(page, "moving the key");
        await dialog.locator("input[name=old]").fill(PASSPHRASE);
        await page.keyboard.press("Enter");
        await dialog.getByRole("alert").waitFor();
        await dialog.getByRole("button", { name: "Leave it where it is" }).click();
        const { state, keyIn } = await world.call("vault.status");
        assert.deepEqual([state, keyIn], ["open", "passphrase"]);
      },
    ],
  ],
};
