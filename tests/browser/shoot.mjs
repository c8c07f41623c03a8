// Taking pictures: pages that show nothing of the machine they were taken on, in both themes.

const FOLDERS = { data: "/home/ingrid/.local/share/patchbay", logs: "/home/ingrid/.local/state/patchbay" };
const WHO = "ingrid";
/** Whoever is signed in on this machine; what Patchbay does by itself keeps its name. */
const person = (one) => (one === null || one.who === "Patchbay" ? one : { ...one, who: WHO });
const OF_THIS_MACHINE = {
  "transactions.list": (reply) => ({ ...reply, transactions: reply.transactions.map(person) }),
  "transactions.get": person,
  "directorySync.get": (reply) => ({ ...reply, enterprises: reply.enterprises.map((one) => ({ ...one, request: person(one.request) })) }),
  "app.info": (reply) => ({ ...reply, dataDir: FOLDERS.data, logDir: FOLDERS.logs, who: WHO }),
  "app.folders": (reply) => ({ data: { ...reply.data, path: FOLDERS.data }, logs: { ...reply.logs, path: FOLDERS.logs } }),
};

/** Opens a page whose pictures show no folder of the machine they were made on. */
export async function open(world, path) {
  const page = await world.open({ path: "/nowhere" });
  await page.route("**/rpc", async (route) => {
    const hidden = OF_THIS_MACHINE[route.request().postDataJSON().command];
    if (hidden === undefined) return await route.fallback();
    const answer = await route.fetch();
    const body = await answer.json();
    await route.fulfill(answer.status() === 200 ? { json: { reply: hidden(body.reply) } } : { status: answer.status(), json: body });
  });
  await world.go(page, path);
  return page;
}

/** A picture of the page as it is, once nothing is being read, in both themes. */
export async function shoot(world, page, name) {
  await world.until(async () => (await page.locator("[aria-busy=true]:not(button)").count()) === 0, `${name} is read`);
  await page.mouse.move(0, 0);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await world.screenshot(page, `${name}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

export async function shootAt(world, page, path, name) {
  await world.go(page, path);
  await shoot(world, page, name);
}

/** Refuses one command as the core would. */
export async function refuse(page, refused, failure) {
  await page.route("**/rpc", async (route) => {
    if (route.request().postDataJSON().command !== refused) return await route.fallback();
    await route.fulfill({ status: 422, json: { failure: { field: null, retryable: false, trackingId: null, ...failure } } });
  });
}
