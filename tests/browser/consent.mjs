// Connecting an organisation to a simulated Webex, in the browser and by device code, and reading its data.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { consentByDevice, fields, fillInIntegration } from "./steps.mjs";


let facts;
let organisation;

export const suite = {
  name: "consent",
  tests: [
    [
      "what is missing is asked for at its field",
      async (world) => {
        facts = await world.sandbox("demo");
        await world.openVault();
        const port = new URL(facts.redirect_uri).port;
        await world.call("preferences.set", { ...(await world.call("preferences.get")), consentPort: Number(port) });
        organisation = await world.call("organisations.create", { fields: fields("Kestrel Logistics", facts.base_url) });
        const page = await world.open({ path: `/organisations/${organisation.id}` });
        await page.getByRole("button", { name: "Connect to Webex…" }).click();
        const dialog = page.getByRole("dialog", { name: /^Connect / });
        await dialog.getByRole("button", { name: "Open the browser" }).click();
        await dialog.getByText("Type the client id of your integration.").waitFor();
        await dialog.getByText("Type the client secret of your integration.").waitFor();
        await world.axe(page, "the connect dialog");
      },
    ],
    [
      "a port that is taken is said, and leads to Settings",
      async (world) => {
        const port = Number(new URL(facts.redirect_uri).port);
        const taken = createServer();
        await new Promise((resolve) => taken.listen(port, "127.0.0.1", resolve));
        try {
          const page = await world.open({ path: `/organisations/${organisation.id}` });
          const dialog = await fillInIntegration(page, facts);
          await dialog.getByRole("button", { name: "Open the browser" }).click();
          await dialog.getByText("The consent port is taken").waitFor();
          await dialog.getByRole("button", { name: "Open Settings" }).click();
          await page.locator("h1").filter({ hasText: "Settings" }).waitFor();
        } finally {
          await new Promise((resolve) => taken.close(resolve));
        }
      },
    ],
    [
      "waiting can be given up",
      async (world) => {
        const page = await world.open({ path: `/organisations/${organisation.id}` });
        // The tab that opens is not followed, so Webex never answers.
        await page.context().route("**/authorize**", (route) => route.abort());
        const dialog = await fillInIntegration(page, facts);
        await dialog.getByRole("button", { name: "Open the browser" }).click();
        await dialog.getByText("Consent is open in your browser.").waitFor();
        await dialog.getByRole("button", { name: "Copy the sign-in link" }).click();
        const link = await page.evaluate(() => navigator.clipboard.readText());
        assert.match(link, /code_challenge_method=S256/);
        assert.ok(!link.includes(facts.client_secret));
        await dialog.getByRole("button", { name: "Cancel consent" }).click();
        await dialog.waitFor({ state: "detached" });
        assert.equal((await world.call("organisations.get", { organisation: organisation.id })).consent.state, "none");
      },
    ],
    [
      "consent in the browser: granted, both expiries and permissions shown",
      async (world) => {
        const page = await world.open({ path: `/organisations/${organisation.id}` });
        const dialog = await fillInIntegration(page, facts);
        await dialog.getByRole("button", { name: "Open the browser" }).click();
        const done = page.getByRole("dialog", { name: "Kestrel Logistics is connected" });
        await done.waitFor();
        await world.axe(page, "the result of consent");
        await done.getByRole("button", { name: "Later" }).click();
        await page.getByText("Access Token Expires At").waitFor();
        await page.getByText("Refresh Token Expires At").waitFor();
        await page.getByText(/Granted permissions/).waitFor();
        const body = await page.content();
        assert.ok(!body.includes(facts.client_secret) && !body.includes(facts.access_token), "a secret is on the page");
      },
    ],
    [
      "a sync is watched to its end",
      async (world) => {
        const page = await world.open({ path: `/organisations/${organisation.id}` });
        await page.getByRole("button", { name: "Sync with Webex" }).waitFor();
        await page.keyboard.press("F5");
        await world.until(async () => (await world.call("mirror.status", { organisation: organisation.id })).asOf !== null, "the mirror is complete", 90_000);
        await page.getByText(/^as of /).waitFor();
        const mirror = await world.call("mirror.status", { organisation: organisation.id });
        assert.ok(mirror.parts.every((part) => part.asOf !== null));
      },
    ],
    [
      "consent by device code",
      async (world) => {
        const page = await world.open({ path: `/organisations/${organisation.id}` });
        await consentByDevice(page, facts);
      },
    ],
  ],
};
