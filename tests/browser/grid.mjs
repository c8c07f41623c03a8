// The one grid at 100,000 rows: few elements, few rows kept, every row reached by keys, the right numbers for screen readers.

import assert from "node:assert/strict";

const TOTAL = 100_000;
/** Names and filters stand above the rows and are counted with them. */
const HEADS = 2;

/** Answers the list from here, as long as it is asked for by offset and limit; everything else goes to the core. */
async function longList(page, asked) {
  await page.route("**/rpc", async (route) => {
    const { command, request } = route.request().postDataJSON();
    if (command !== "transactions.list" || request.filter.state === "running") return await route.continue();
    asked.push(request.offset);
    const total = request.filter.search ? 3 : TOTAL;
    const rows = Array.from({ length: Math.max(0, Math.min(request.limit, total - request.offset)) }, (_, place) => {
      const number = request.offset + place + 1;
      return {
        id: `t${number}`,
        kind: "mirror_sync",
        title: `Sync number ${number}`,
        organisation: null,
        organisationName: null,
        who: "ingrid",
        state: "succeeded",
        startedAt: "2026-11-19T14:05:00Z",
        endedAt: "2026-11-19T14:05:09Z",
        steps: [],
        failure: null,
        trackingIds: [],
        run: null,
        retryable: false,
      };
    });
    await route.fulfill({ json: { reply: { total, transactions: rows } } });
  });
}

async function openList(world, asked = []) {
  const page = await world.open({ path: "/settings" });
  await longList(page, asked);
  await world.go(page, "/transactions");
  const grid = page.getByRole("grid", { name: "Transactions" });
  await grid.getByText("Sync number 1", { exact: true }).waitFor();
  return { page, grid };
}

const rowOfFocus = (page) => page.evaluate(() => document.activeElement?.closest("tr")?.getAttribute("aria-rowindex") ?? null);

export const suite = {
  name: "grid",
  tests: [
    [
      "is one tab stop, and its rows have their true numbers",
      async (world) => {
        const { page, grid } = await openList(world);
        assert.equal(await grid.getAttribute("aria-rowcount"), String(TOTAL + HEADS));
        assert.equal(await grid.locator("tbody tr[tabindex='0']").count(), 1);
        await grid.locator("tbody tr[tabindex='0']").focus();
        await page.keyboard.press("ArrowDown");
        await world.until(async () => (await rowOfFocus(page)) === String(HEADS + 2), "the focus on the second row");
        await page.keyboard.press("End");
        await world.until(async () => (await rowOfFocus(page)) === String(TOTAL + HEADS), "the focus on the last row");
        await grid.getByText(`Sync number ${TOTAL}`, { exact: true }).waitFor();
        await page.keyboard.press("PageUp");
        await world.until(async () => Number(await rowOfFocus(page)) < TOTAL - 5, "the focus a screen up");
        await page.keyboard.press("Home");
        await world.until(async () => (await rowOfFocus(page)) === String(HEADS + 1), "the focus on the first row");
        await grid.getByText("Sync number 1", { exact: true }).waitFor();
      },
    ],
    [
      "draws only what is near the screen and asks only for that",
      async (world) => {
        const asked = [];
        const { page, grid } = await openList(world, asked);
        for (const share of [0.2, 0.5, 0.9, 0.1]) {
          await grid.evaluate((table, part) => {
            const scroller = table.parentElement;
            scroller.scrollTop = scroller.scrollHeight * part;
          }, share);
          const number = Math.round(TOTAL * share);
          await world.until(
            () =>
              grid.evaluate((table, near) => {
                const shown = [...table.querySelectorAll("tbody tr[data-index]")].filter((row) => row.textContent.includes("Sync number")).map((row) => Number(row.dataset.index));
                return shown.some((index) => Math.abs(index - near) < 60);
              }, number),
            `rows about ${number}`,
          );
          assert.ok((await grid.locator("tbody tr").count()) < 90, "too many rows in the table");
        }
        assert.ok(new Set(asked).size < 20, `${new Set(asked).size} windows were asked for`);
        assert.ok(asked.every((offset) => offset % 200 === 0));
        await page.evaluate(() => undefined);
      },
    ],
    [
      "keeps the focus when its row is scrolled away",
      async (world) => {
        const { page, grid } = await openList(world);
        await grid.locator("tbody tr[tabindex='0']").focus();
        await page.keyboard.press("ArrowDown");
        await grid.evaluate((table) => {
          table.parentElement.scrollTop = 900_000;
        });
        await grid.getByText(/Sync number 300\d\d/).first().waitFor();
        assert.equal(await rowOfFocus(page), String(HEADS + 2));
        await page.keyboard.press("ArrowDown");
        await world.until(async () => (await rowOfFocus(page)) === String(HEADS + 3), "the focus on the next row");
        await grid.getByText("Sync number 3", { exact: true }).waitFor();
      },
    ],
    [
      "a search that leaves few rows shows them from the first",
      async (world) => {
        const { page, grid } = await openList(world);
        await grid.locator("tbody tr[tabindex='0']").focus();
        await page.keyboard.press("End");
        await grid.getByText(`Sync number ${TOTAL}`, { exact: true }).waitFor();
        await page.keyboard.press("/");
        await page.keyboard.type("sync");
        await page.getByText("3 transactions match").waitFor();
        await grid.getByText("Sync number 2", { exact: true }).waitFor();
        assert.equal(await grid.getAttribute("aria-rowcount"), String(HEADS + 3));
      },
    ],
    [
      "a list that cannot be read says so once and is read again on request",
      async (world) => {
        const page = await world.open({ path: "/settings" });
        let broken = true;
        await page.route("**/rpc", async (route) => {
          const { command, request } = route.request().postDataJSON();
          if (command !== "transactions.list" || request.filter.state === "running" || !broken) return await route.continue();
          await route.fulfill({ status: 422, json: { failure: { code: "storage", message: "The database cannot be read: the disk is full. Make room, then try again.", field: null, retryable: true, trackingId: null } } });
        });
        await world.go(page, "/transactions");
        await page.getByText("The database cannot be read: the disk is full. Make room, then try again.").waitFor();
        assert.equal(await page.getByText("The database cannot be read").count(), 1);
        broken = false;
        await page.getByRole("button", { name: "Try again" }).click();
        await page.getByText("The database cannot be read").waitFor({ state: "detached" });
      },
    ],
    [
      "rows far down that cannot be read say so where it is seen, and are read again on request",
      async (world) => {
        const { page, grid } = await openList(world);
        let broken = true;
        await page.route("**/rpc", async (route) => {
          const { command, request } = route.request().postDataJSON();
          if (command !== "transactions.list" || !(request.offset > 0) || !broken) return await route.fallback();
          await route.fulfill({ status: 422, json: { failure: { code: "storage", message: "The database cannot be read: the disk is full. Make room, then try again.", field: null, retryable: true, trackingId: null } } });
        });
        await grid.locator("tbody tr[tabindex='0']").focus();
        await page.keyboard.press("End");
        const said = page.getByText("The database cannot be read: the disk is full.");
        await said.waitFor();
        await said.click({ trial: true });
        broken = false;
        await page.getByRole("button", { name: "Try again" }).click();
        await grid.getByText(`Sync number ${TOTAL}`, { exact: true }).waitFor();
        await said.waitFor({ state: "detached" });
      },
    ],
  ],
};
