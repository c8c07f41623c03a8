// Every page of the shell in both themes: no violation of any axe rule, one h1, no policy violation.

import assert from "node:assert/strict";

const SCHEMES = ["light", "dark"];

async function pages(world) {
  const { organisations } = await world.call("organisations.list");
  const { templates } = await world.call("bulkAssignments.list", { search: null });
  const template = templates[0]?.id;
  return [
    ["welcome", "/welcome"],
    ["overview", "/overview"],
    ["activation", "/activation"],
    ["organisations", "/organisations"],
    ["organisation", `/organisations/${organisations[0].id}`],
    ["new organisation", "/organisations/new"],
    ["transactions", "/transactions"],
    ["transactions, nothing found", "/transactions?search=%22nowhere%22"],
    ["settings", "/settings"],
    ["schedules", "/schedules"],
    ["customers", "/customers"],
    ["templates", "/bulk"],
    ["new template", "/bulk/new"],
    ...(template ? [["upload", `/bulk/${template}/upload`], ["check", `/bulk/${template}/check`], ["plan", `/bulk/${template}/plan`]] : []),
    ["not found", "/nowhere"],
  ];
}

export const suite = {
  name: "axe",
  tests: [
    [
      "the empty application",
      async (world) => {
        for (const scheme of SCHEMES) {
          const page = await world.open({ scheme });
          for (const path of ["/welcome", "/overview", "/activation", "/organisations", "/transactions", "/bulk"]) {
            await world.go(page, path);
            await world.axe(page, `${path}, empty, ${scheme}`);
          }
        }
      },
    ],
    [
      "the demo opens by one key; without a keychain it is asked where secrets may be kept",
      async (world) => {
        const page = await world.open({ path: "/welcome" });
        await page.keyboard.press("d");
        const vault = page.getByRole("dialog", { name: "Where may Patchbay keep secrets?" });
        await vault.waitFor();
        await vault.getByRole("radio", { name: "Only until I quit" }).click();
        await vault.getByRole("button", { name: "Keep secrets here" }).click();
        await page.locator("h1").filter({ hasText: "Bulk assignment" }).waitFor({ timeout: 90_000 });
        await page.getByRole("navigation", { name: "Main" }).getByText("Demo organisation").waitFor();
      },
    ],
    ...SCHEMES.map((scheme) => [
      `every page, ${scheme}`,
      async (world) => {
        const page = await world.open({ scheme });
        for (const [name, path] of await pages(world)) {
          await world.go(page, path);
          await world.until(async () => (await page.locator("[aria-busy=true]").count()) === 0, `${name} is read`);
          await world.axe(page, `${name}, ${scheme}`);
          assert.equal(await page.locator("h1").count(), 1, `h1 on ${name}`);
        }
      },
    ]),
    ...SCHEMES.map((scheme) => [
      `what lies over the page, ${scheme}`,
      async (world) => {
        const page = await world.open({ scheme, path: "/transactions" });
        for (const [keys, role] of [
          ["Control+k", "dialog"],
          ["?", "dialog"],
          ["Control+j", "dialog"],
          ["Control+Shift+o", "dialog"],
        ]) {
          await page.keyboard.press(keys);
          const over = page.getByRole(role);
          await over.waitFor();
          await world.axe(page, `${keys}, ${scheme}`);
          await page.keyboard.press("Escape");
          await over.waitFor({ state: "detached" });
        }
      },
    ]),
  ],
};
