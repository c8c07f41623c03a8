// docs/screenshots: every page of the shell in both themes, from the running application with the demo organisation.

async function both(world, take) {
  for (const scheme of ["light", "dark"]) {
    const page = await world.open({ scheme });
    await withoutThisMachine(page);
    await take(page, scheme);
  }
}

/** Pictures show no folder of the machine they were made on. */
async function withoutThisMachine(page) {
  await page.route("**/rpc", async (route) => {
    if (route.request().postDataJSON().command !== "app.info") return await route.continue();
    const answer = await route.fetch();
    const { reply } = await answer.json();
    await route.fulfill({ json: { reply: { ...reply, dataDir: "/home/ingrid/.local/share/patchbay", logDir: "/home/ingrid/.local/state/patchbay", who: "ingrid" } } });
  });
  await page.reload();
  await page.locator("h1").first().waitFor();
}

async function shoot(world, page, path, name) {
  await world.go(page, path);
  await world.until(async () => (await page.locator("[aria-busy=true]").count()) === 0, `${name} is read`);
  await world.screenshot(page, name);
}

export const suite = {
  name: "pictures",
  tests: [
    ["first run", (world) => both(world, (page, scheme) => shoot(world, page, "/welcome", `welcome-${scheme}`))],
    [
      "with the demo",
      async (world) => {
        await world.openVault();
        const { organisation, template } = await world.call("demo.open");
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation });
        await world.until(async () => (await world.call("mirror.status", { organisation })).asOf !== null, "the demo is read", 90_000);
        await both(world, async (page, scheme) => {
          for (const [name, path] of [
            ["organisations", "/organisations"],
            ["organisation", `/organisations/${organisation}`],
            ["transactions", "/transactions"],
            ["settings", "/settings"],
            ["bulk-templates", "/bulk"],
            ["bulk-create", "/bulk/new"],
            ["bulk-upload", `/bulk/${template}/upload`],
            ["bulk-check", `/bulk/${template}/check`],
            ["bulk-plan", `/bulk/${template}/plan`],
          ]) {
            await shoot(world, page, path, `${name}-${scheme}`);
          }
          await world.go(page, "/bulk");
          await page.keyboard.press("Control+k");
          await page.getByRole("combobox").waitFor();
          await world.screenshot(page, `palette-${scheme}`);
          await page.keyboard.press("Escape");
        });
      },
    ],
  ],
};
