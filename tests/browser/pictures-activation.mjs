// docs/screenshots: Activation with its panel, filters and columns, and a grant that may not read the states.

import { open, shoot, shootAt } from "./shoot.mjs";
import { connected, fields, onboarded } from "./steps.mjs";

let facts;
let organisation;

const choose = async (world, id) => world.call("preferences.set", { ...(await world.call("preferences.get")), organisation: id });
const first = (page) => page.getByRole("grid").locator("tbody th").first();

export const suite = {
  name: "pictures, activation",
  tests: [
    [
      "activation",
      async (world) => {
        facts = await world.sandbox("demo");
        await world.openVault();
        organisation = await connected(world, facts, "Kestrel Logistics", { directorySyncEnabled: true });
        await choose(world, organisation);
        await onboarded(world, organisation);
        await world.call("mirror.sync", { organisation });
        await world.until(async () => {
          const { asOf, syncing } = await world.call("activation.status", { organisation });
          return asOf !== null && syncing === null;
        }, "the states are copied", 90_000);
        await world.until(async () => (await world.call("mirror.status", { organisation })).syncing === null, "the sync has ended", 90_000);
        const page = await open(world, "/activation");
        await first(page).waitFor();
        await shoot(world, page, "activation");
        await page.setViewportSize({ width: 1024, height: 700 });
        await shoot(world, page, "activation-1024");
        await page.setViewportSize({ width: 1280, height: 800 });
        await shootAt(world, page, "/activation?state=pending_email_input&sort=location,-extension", "activation-not-begun");
        await world.go(page, "/activation?state=error");
        await page.getByText(/ users: Error/).waitFor();
        await first(page).click();
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { name: "What Webex says is wrong" }).waitFor();
        await shoot(world, page, "activation-user");
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Columns" }).click();
        await page.getByRole("dialog", { name: "Columns" }).waitFor();
        await shoot(world, page, "activation-columns");
      },
    ],
    [
      "a grant that may not read the states",
      async (world) => {
        const narrow = await connected(world, facts, "Miravalle Clinics");
        await world.call("organisations.update", { organisation: narrow, fields: { ...fields("Miravalle Clinics", facts.base_url), directorySyncEnabled: true } });
        await choose(world, narrow);
        const page = await open(world, "/activation");
        await page.getByText("A permission is missing").first().waitFor();
        await shoot(world, page, "activation-permission");
      },
    ],
  ],
};
