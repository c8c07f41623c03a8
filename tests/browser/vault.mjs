// Secrets behind a passphrase: after a restart they are locked, the passphrase is asked for, and the work is then done.

import assert from "node:assert/strict";

const PASSPHRASE = "correct horse battery";
const SECOND = "staple, battery, horse";
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
        await page.getByText(/^Secrets are locked\. /).waitFor();
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
    [
      "the passphrase is changed in Settings; the old one then opens nothing",
      async (world) => {
        const page = await world.open({ path: "/settings" });
        await page.getByRole("button", { name: "Change passphrase…" }).click();
        const dialog = page.getByRole("dialog", { name: "Change passphrase" });
        await dialog.locator("input[name=old]").fill("not this one");
        await dialog.locator("input[name=passphrase]").fill("short");
        await dialog.locator("input[name=again]").fill("other");
        await page.keyboard.press("Enter");
        await dialog.getByText("5 characters are too few. Use 8 or more.").waitFor();
        await dialog.locator("input[name=passphrase]").fill(SECOND);
        await dialog.locator("input[name=again]").fill(SECOND);
        await page.keyboard.press("Enter");
        await dialog.getByText("The passphrase is wrong.").waitFor();
        assert.equal(await dialog.locator("input[name=old]").getAttribute("aria-invalid"), "true");
        await world.axe(page, "the dialog of another passphrase");
        await dialog.locator("input[name=old]").fill(PASSPHRASE);
        await page.keyboard.press("Enter");
        await dialog.waitFor({ state: "detached" });
        await page.getByText("Passphrase changed").waitFor();
        await world.restart();
        await assert.rejects(world.call("vault.unlock", { passphrase: PASSPHRASE }), "the old passphrase");
        assert.equal((await world.call("vault.unlock", { passphrase: SECOND })).state, "open");
        assert.match((await world.call("organisations.list")).organisations[0].httpsProxy, /proxy2\.kestrel\.example/);
      },
    ],
    [
      "a forgotten passphrase: what is lost is spelled out, the safe answer has the focus, the organisation stays",
      async (world) => {
        await world.restart();
        const page = await world.open({ path: "/settings" });
        await page.getByRole("button", { name: "Unlock…" }).click();
        await page.getByRole("dialog", { name: "Unlock secrets" }).getByText("Forgotten?").waitFor();
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Give up secrets…" }).click();
        const question = page.getByRole("alertdialog", { name: "Give up all secrets?" });
        await question.getByText(/^Proxies are forgotten: those of Kestrel Logistics\./).waitFor();
        assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Keep secrets");
        await world.axe(page, "the question before secrets are given up");
        await page.keyboard.press("Enter");
        await question.waitFor({ state: "detached" });
        assert.equal((await world.call("vault.status")).state, "locked");
        await page.getByRole("button", { name: "Give up secrets…" }).click();
        await question.getByRole("button", { name: "Give up secrets" }).click();
        await question.waitFor({ state: "detached" });
        await page.getByText("No secret has been stored yet.").waitFor();
        assert.equal((await world.call("vault.status")).state, "missing");
        assert.deepEqual((await world.call("organisations.list")).organisations.map(({ name }) => name), ["Kestrel Logistics"]);
      },
    ],
  ],
};
