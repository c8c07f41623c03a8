// Secrets behind a passphrase: after a restart they are locked, the passphrase is asked for, and the work is then done.

import assert from "node:assert/strict";

const PASSPHRASE = "correct horse battery";
let id;

export const suite = {
  name: "vault",
  tests: [
    [
      "a passphrase is chosen when the first secret comes",
      async (world) => {
        const page = await world.open({ path: "/organisations/new" });
        await page.getByLabel("Customer Name").fill("Kestrel Logistics");
        await page.getByLabel("HTTPS Proxy", { exact: true }).fill("http://pb:s3cret-word@proxy.kestrel.example:8080");
        await page.keyboard.press("Control+s");
        const vault = page.getByRole("dialog", { name: "Where may Patchbay keep secrets?" });
        await vault.getByText("In the system keychain").waitFor();
        await vault.getByText("Behind a passphrase").click();
        await world.axe(page, "the vault dialog");
        await vault.locator("input[name=passphrase]").fill(PASSPHRASE);
        await vault.locator("input[name=again]").fill("something else");
        await vault.getByRole("button", { name: "Keep secrets here" }).click();
        await vault.getByText("This differs from the passphrase above.").waitFor();
        await vault.locator("input[name=again]").fill(PASSPHRASE);
        await page.keyboard.press("Enter");
        await page.locator("h1").filter({ hasText: "Kestrel Logistics" }).waitFor();
        id = (await world.call("organisations.list")).organisations[0].id;
        assert.equal((await world.call("vault.status")).keyIn, "passphrase");
      },
    ],
    [
      "after a restart it is locked and says so in Settings",
      async (world) => {
        await world.restart();
        assert.equal((await world.call("vault.status")).state, "locked");
        const page = await world.open({ path: "/settings" });
        await page.getByText(/^Locked: /).waitFor();
      },
    ],
    [
      "giving up says why nothing was saved, once",
      async (world) => {
        const page = await world.open({ path: `/organisations/${id}` });
        await page.getByRole("button", { name: "Replace HTTPS Proxy" }).click();
        await page.getByLabel("HTTPS Proxy", { exact: true }).fill("http://proxy2.kestrel.example:8080");
        await page.keyboard.press("Control+s");
        const unlock = page.getByRole("dialog", { name: "Unlock secrets" });
        await unlock.waitFor();
        await unlock.getByRole("button", { name: "Not now" }).click();
        await page.getByText("Secrets are locked.").waitFor();
        assert.equal(await page.getByText("Secrets are locked.").count(), 1);
        assert.equal(await page.getByLabel("HTTPS Proxy", { exact: true }).inputValue(), "http://proxy2.kestrel.example:8080");
      },
    ],
    [
      "a wrong passphrase is refused at its field; the right one lets the work be done",
      async (world) => {
        const page = await world.open({ path: `/organisations/${id}` });
        await page.getByRole("button", { name: "Replace HTTPS Proxy" }).click();
        await page.getByLabel("HTTPS Proxy", { exact: true }).fill("http://proxy2.kestrel.example:8080");
        await page.keyboard.press("Control+s");
        const unlock = page.getByRole("dialog", { name: "Unlock secrets" });
        const field = unlock.locator("input[name=passphrase]");
        await field.fill("wrong");
        await page.keyboard.press("Enter");
        await unlock.getByRole("alert").waitFor();
        assert.equal(await field.getAttribute("aria-invalid"), "true");
        await field.fill(PASSPHRASE);
        await page.keyboard.press("Enter");
        await unlock.waitFor({ state: "detached" });
        await page.getByText("Kestrel Logistics saved").waitFor();
        const { organisations } = await world.call("organisations.list");
        assert.match(organisations[0].httpsProxy, /proxy2\.kestrel\.example/);
      },
    ],
  ],
};
