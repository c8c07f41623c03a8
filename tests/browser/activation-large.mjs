// The Activation page with 100,000 users: what is asked of the core, what is kept, how it is walked by keys and read aloud.

import assert from "node:assert/strict";
import { AS_OF, makeCore } from "./activation-core.mjs";
import { fields } from "./steps.mjs";

const MIB = 1024 * 1024;
/** Names and filters stand above the rows and are counted with them. */
const HEADS = 2;

let core;
let organisation;

/** The page as somebody finds it who never was there, or with `kept` as it was left. */
async function openPage(world, path = "/activation", { kept = false, at, ...more } = {}) {
  if (!kept) await world.call("preferences.set", { ...(await world.call("preferences.get")), views: {} });
  const page = await world.open({ path, ...more, prepare: async (one) => (at ? await one.clock.setFixedTime(at) : undefined, await core.serve(one)) });
  const grid = page.getByRole("grid", { name: "Activation of users" });
  await grid.locator("tbody th").first().waitFor();
  return { page, grid };
}

const focus = (page) =>
  page.evaluate(() => {
    const active = document.activeElement;
    return { row: Number(active?.closest("tr")?.getAttribute("aria-rowindex") ?? 0), column: Number(active?.closest("[aria-colindex]")?.getAttribute("aria-colindex") ?? 0), text: active?.textContent ?? "" };
  });
const lastAsked = (command) => core.asked.findLast((one) => one.command === command)?.request;
const until = (world, page, row, column, what) => world.until(async () => {
  const at = await focus(page);
  return at.row === row && at.column === column;
}, what);

/** The nodes of the accessibility tree, as a screen reader gets them. */
async function tree(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Accessibility.enable");
  const { nodes } = await devtools.send("Accessibility.getFullAXTree");
  await devtools.detach();
  return nodes.filter((node) => !node.ignored).map((node) => ({ role: node.role?.value, name: node.name?.value ?? "", described: node.description?.value ?? "", properties: Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value])) }));
}

async function heap(devtools) {
  for (let time = 0; time < 3; time += 1) await devtools.send("HeapProfiler.collectGarbage");
  return (await devtools.send("Runtime.getHeapUsage")).usedSize / MIB;
}

export const suite = {
  name: "activation, 100,000 users",
  tests: [
    [
      "is walked by keys, cell by cell, to every end",
      async (world) => {
        core = makeCore();
        ({ id: organisation } = await world.call("organisations.create", { fields: fields("Kestrel Logistics") }));
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation });
        const { page, grid } = await openPage(world);
        assert.equal(await grid.getAttribute("aria-rowcount"), String(core.total + HEADS));
        assert.equal(await grid.locator("tbody [tabindex='0'][data-column]").count(), 1, "one cell is the tab stop");
        await grid.locator("tbody [data-column][tabindex='0']").focus();
        const columns = Number(await grid.getAttribute("aria-colcount"));
        for (const [keys, row, column] of [
          ["ArrowRight", 1, 2],
          ["ArrowDown", 2, 2],
          ["End", 2, columns],
          ["Home", 2, 1],
          ["Control+End", core.total, columns],
          ["Control+Home", 1, 1],
          ["ArrowLeft", 1, 1],
        ]) {
          await page.keyboard.press(keys);
          await until(world, page, row + HEADS, column, `${keys} leads to row ${row}, column ${column}`);
        }
        await page.keyboard.press("PageDown");
        await world.until(async () => (await focus(page)).row > HEADS + 10, "a screen down");
        await page.keyboard.press("PageUp");
        await until(world, page, 1 + HEADS, 1, "a screen up");
        await page.keyboard.press("End");
        const name = (await grid.locator("tbody tr[data-index='0'] th").allTextContents()).join(" ");
        await world.until(async () => (await focus(page)).column === columns, "the last cell");
        await page.keyboard.press("Tab");
        assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), `Refresh Status of ${name}`);
      },
    ],
    [
      "scrolls to the end with a flat heap and few elements",
      async (world) => {
        const { page, grid } = await openPage(world);
        const devtools = await page.context().newCDPSession(page);
        await devtools.send("HeapProfiler.enable");
        const goTo = (index) =>
          grid.evaluate(
            (table, row) =>
              new Promise((done) => {
                table.parentElement.scrollTop = row * 30;
                const look = () => (table.querySelector(`tr[data-index="${row}"] th`)?.textContent ? done(null) : requestAnimationFrame(look));
                look();
              }),
            index,
          );
        for (let stop = 0; stop < 8; stop += 1) await goTo(stop * 400);
        const before = await heap(devtools);
        for (let stop = 1; stop <= 100; stop += 1) await goTo(Math.round(((core.total - 1) * stop) / 100));
        const after = await heap(devtools);
        assert.ok(after - before < 3, `the heap grew from ${before.toFixed(1)} to ${after.toFixed(1)} MiB`);
        assert.ok((await grid.locator("tbody tr").count()) < 90, "too many rows in the table");
        const windows = core.asked.filter((one) => one.command === "activation.users");
        assert.ok(windows.every(({ request }) => request.limit <= 200), "windows are small");
      },
    ],
    [
      "a head sorts by one, with Shift by several; the order is seen, said and kept",
      async (world) => {
        const { page, grid } = await openPage(world);
        const head = (name) => grid.getByRole("columnheader", { name, exact: true });
        assert.equal(await head("Last Name").getAttribute("aria-sort"), "ascending");
        await head("Location").getByRole("button").click();
        await world.until(() => lastAsked("activation.users").view.sort.map((level) => level.column).join() === "location", "sorted by location");
        await head("Ext").getByRole("button").click({ modifiers: ["Shift"] });
        await head("First Name").getByRole("button").focus();
        await page.keyboard.press("Shift+Enter");
        await page.keyboard.press("Shift+Enter");
        await world.until(() => JSON.stringify(lastAsked("activation.users").view.sort) === JSON.stringify([{ column: "location", descending: false }, { column: "extension", descending: false }, { column: "first_name", descending: true }]), "three levels");
        assert.equal(await head("Location").getAttribute("aria-sort"), "ascending");
        assert.equal(await head("Ext").getAttribute("aria-sort"), null, "only the first level");
        assert.match(await head("Ext").textContent(), /2/);
        await page.locator("[data-announcer]").filter({ hasText: "Sorted by Location, then Ext, then First Name descending" }).waitFor({ state: "attached" });
        const nodes = await tree(page);
        assert.match(nodes.find((node) => node.role === "button" && node.name === "First Name").described, /level 3 of 3, descending/);
        const extensions = (await grid.locator("tbody tr[data-index] > [data-column='4']").allTextContents()).slice(0, 20);
        assert.deepEqual(extensions, extensions.toSorted((a, b) => Number(a) - Number(b)), "9 stands before 10");
        await page.reload();
        await grid.locator("tbody th").first().waitFor();
        assert.match(await head("First Name").textContent(), /3/);
        await head("Last Name").getByRole("button").click();
        await world.until(() => lastAsked("activation.users").view.sort.length === 1, "one level again");
      },
    ],
    [
      "columns are shown, hidden, ordered and sized, by keys too, and kept",
      async (world) => {
        const { page, grid } = await openPage(world);
        const names = async () => (await grid.locator("thead tr:first-child th").allTextContents()).map((text) => text.replace(/(not sorted|ascending|descending)$/, ""));
        const width = (name) => grid.getByRole("columnheader", { name, exact: true }).evaluate((head) => Math.round(head.getBoundingClientRect().width));
        // It grows: how wide it is hangs on what stands beside it.
        const standard = await width("Service Type");
        await page.getByRole("button", { name: "Columns" }).click();
        const chooser = page.getByRole("dialog", { name: "Columns" });
        for (const name of ["Last Status Change", "Webex License"]) {
          const box = chooser.getByRole("checkbox", { name });
          const before = await box.isChecked();
          await box.click();
          await world.until(async () => (await box.isChecked()) !== before, `${name} is ${before ? "hidden" : "shown"}`);
        }
        await chooser.getByRole("checkbox", { name: "Ext" }).focus();
        await page.keyboard.press("Alt+ArrowUp");
        await world.until(() => page.evaluate(() => document.activeElement?.closest("li")?.textContent?.startsWith("Ext") ?? false), "the focus stays with what moved");
        await page.keyboard.press("Alt+ArrowDown");
        await page.keyboard.press("Alt+ArrowUp");
        await world.axe(page, "the column chooser");
        await page.keyboard.press("Escape");
        const arranged = ["Location", "Service Type", "Ext", "Service ID", "First Name", "Last Name", "Email", "Last Status Change", "Webex Email Validation", "Refresh Status"];
        await world.until(async () => (await names()).join() === arranged.join(), `columns as chosen, not ${(await names()).join()}`);
        const before = await width("Service Type");
        await grid.getByRole("columnheader", { name: "Service Type", exact: true }).getByRole("button").focus();
        await page.keyboard.press("Alt+ArrowRight");
        await page.keyboard.press("Alt+ArrowRight");
        await world.until(async () => (await width("Service Type")) === before + 32, "wider by two steps");
        const edge = await grid.locator("[data-edge=location]").boundingBox();
        const from = await width("Location");
        await page.mouse.move(edge.x + edge.width / 2, edge.y + 10);
        await page.mouse.down();
        await page.mouse.move(edge.x + edge.width / 2 + 40, edge.y + 10, { steps: 4 });
        await page.mouse.up();
        await world.until(async () => Math.abs((await width("Location")) - from - 40) <= 1, "wider by the drag");
        await world.until(async () => JSON.parse((await world.call("preferences.get")).views["activation.columns"]).widths.location === from + 40, "the width is remembered");
        await page.reload();
        await grid.locator("tbody th").first().waitFor();
        assert.deepEqual(await names(), arranged);
        assert.equal(await width("Service Type"), before + 32);
        await page.getByRole("button", { name: "Columns" }).click();
        await chooser.getByRole("button", { name: "Reset columns" }).click();
        await page.keyboard.press("Escape");
        await world.until(async () => (await width("Service Type")) === standard, "as they came");
      },
    ],
    [
      "everybody of the view is selected without being read; a range is read as far as it goes",
      async (world) => {
        const { page, grid } = await openPage(world);
        await grid.locator("tbody [data-column][tabindex='0']").focus();
        const read = core.asked.length;
        await page.keyboard.press("Control+a");
        await page.getByText("100,000 of 100,000 users selected").waitFor();
        assert.equal(core.asked.length, read, "nothing is read for it");
        assert.equal(await grid.locator("tbody tr[data-index][aria-selected='false']").count(), 0);
        await page.keyboard.press("Control+End");
        await world.until(async () => (await focus(page)).row === core.total + HEADS, "the last row");
        assert.equal(await grid.locator(`tbody tr[data-index='${core.total - 1}']`).getAttribute("aria-selected"), "true");
        await page.keyboard.press("Space");
        await page.getByText("One of 100,000 cannot be taken out").waitFor();
        await page.getByText("100,000 of 100,000 users selected").waitFor();
        await page.keyboard.press("Escape");
        await page.getByText("100,000 users", { exact: true }).waitFor();
        await page.keyboard.press("Control+Home");
        await world.until(async () => (await focus(page)).row === 1 + HEADS, "the first row");
        await page.keyboard.press("Space");
        await page.getByText("1 user selected", { exact: true }).waitFor();
        await page.keyboard.press("Shift+ArrowDown");
        await page.keyboard.press("Shift+ArrowDown");
        await page.getByText("3 users selected", { exact: true }).waitFor();
        const anchor = 500;
        await grid.evaluate((table, row) => {
          table.parentElement.scrollTop = row * 30;
        }, anchor);
        await grid.locator(`tbody tr[data-index='${anchor + 5}'] th`).first().click({ modifiers: ["Shift"] });
        await page.getByText(`${anchor + 6} users selected`, { exact: true }).waitFor();
        await page.keyboard.press("Control+Shift+End");
        await page.getByText("A range holds 2,000 rows at most").waitFor();
      },
    ],
    [
      "a range begins where the focus was without Shift, and in a view that is narrowed at its first row",
      async (world) => {
        const { page, grid } = await openPage(world);
        const selected = () => grid.locator("tbody tr[aria-selected='true']").evaluateAll((rows) => rows.map((row) => Number(row.dataset.index)));
        const row = (index) => grid.locator(`tbody tr[data-index='${index}']`);
        await row(12).getByRole("button").click();
        await page.getByText("Webex has just told it.").waitFor();
        await page.keyboard.press("Shift+ArrowDown");
        await page.getByText("2 users selected", { exact: true }).waitFor();
        assert.deepEqual(await selected(), [12, 13]);
        await page.keyboard.press("Escape");
        await page.getByText("100,000 users", { exact: true }).waitFor();
        await grid.evaluate((table) => {
          table.parentElement.scrollTop = 5000 * 30;
        });
        await row(5005).locator("th").first().click();
        await page.keyboard.press("/");
        await page.keyboard.type("2000123");
        await page.getByText(/^\d+ of 100,000 users: the search “2000123”$/).waitFor();
        await row(3).locator("th").first().click({ modifiers: ["Shift"] });
        await page.getByText(/^4 of \d+ users selected/).waitFor();
        assert.deepEqual(await selected(), [0, 1, 2, 3]);
        for (const user of core.users) user.asOf = AS_OF;
        core.forget();
      },
    ],
    [
      "another filter shows its list from the first row, another order stays where it was",
      async (world) => {
        const { page, grid } = await openPage(world);
        const scrolled = () => grid.evaluate((table) => table.parentElement.scrollTop);
        const scrollTo = (row) =>
          grid.evaluate((table, to) => {
            table.parentElement.scrollTop = to * 30;
          }, row);
        await scrollTo(6000);
        await grid.locator("tbody tr[data-index='6005'] th").first().click();
        await grid.getByRole("columnheader", { name: "Ext", exact: true }).getByRole("button").click();
        await world.until(() => lastAsked("activation.users").view.sort[0].column === "extension", "another order");
        await grid.locator("tbody tr[data-index='6005'] th").first().waitFor();
        assert.ok((await scrolled()) > 5000 * 30, "another order stays");
        await page.keyboard.press("/");
        await page.keyboard.type("asante");
        await page.getByText(/users: the search “asante”$/).waitFor();
        await grid.locator("tbody tr[data-index='0'] th").first().waitFor();
        assert.equal(await scrolled(), 0);
        assert.equal(await grid.locator("tbody [data-column][tabindex='0']").evaluate((cell) => cell.closest("tr").dataset.index), "0");
        // With the focus in the rows it goes to the first one too.
        await page.keyboard.press("Escape");
        await page.keyboard.press("Control+End");
        await world.until(async () => (await focus(page)).row > 1000, "the last row");
        await page.getByRole("combobox", { name: "State", exact: true }).evaluate((select) => {
          select.value = "provisioned";
          select.dispatchEvent(new Event("change", { bubbles: true }));
        });
        await world.until(async () => (await focus(page)).row === 1 + HEADS, "the first row");
        assert.equal(await scrolled(), 0);
      },
    ],
    [
      "the focus stays in the grid when its row is scrolled far away, and the counts when rows are on their way",
      async (world) => {
        const { page, grid } = await openPage(world);
        await grid.locator("tbody [data-column][tabindex='0']").focus();
        await page.keyboard.press("End");
        await page.keyboard.press("Tab");
        assert.match(await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? ""), /^Refresh Status of /);
        await grid.evaluate((table) => {
          table.parentElement.scrollTop = 50_000 * 30;
        });
        await grid.locator("tbody tr[data-index='50005'] th").first().waitFor();
        await world.until(async () => (await focus(page)).row === 1 + HEADS, "the focus in its row");
        assert.ok((await grid.evaluate((table) => table.parentElement.scrollTop)) > 40_000 * 30, "nothing is scrolled back");
        let release;
        const held = new Promise((done) => {
          release = done;
        });
        core.hold = (command, request) => (command === "activation.users" && request.offset > 99_000 ? held : undefined);
        await page.keyboard.press("Control+End");
        await world.until(async () => (await focus(page)).row === core.total + HEADS, "the last row");
        assert.equal(await grid.getAttribute("aria-rowcount"), String(core.total + HEADS));
        await page.getByText("100,000 users", { exact: true }).waitFor();
        core.hold = () => undefined;
        release();
        await grid.locator(`tbody tr[data-index='${core.total - 1}'] th`).first().waitFor();
      },
    ],
    [
      "a range that comes late is of the view it was chosen in; one that cannot be read says so",
      async (world) => {
        const { page, grid } = await openPage(world);
        const range = async () => {
          await grid.locator("tbody tr[data-index='0'] th").first().click();
          await grid.evaluate((table) => {
            table.parentElement.scrollTop = 900 * 30;
          });
          await grid.locator("tbody tr[data-index='905'] th").first().click({ modifiers: ["Shift"] });
        };
        let release;
        const held = new Promise((done) => {
          release = done;
        });
        core.hold = (command, request) => (command === "activation.users" && request.offset === 400 && request.view.location === null ? held : undefined);
        await range();
        await world.until(() => core.asked.some(({ command, request }) => command === "activation.users" && request.offset === 400 && request.view.location === null), "the rows between are asked for");
        await grid.getByLabel("Filter Location").selectOption("London HQ");
        await page.getByText(/users: Location “London HQ”$/).waitFor();
        await grid.locator("tbody tr[data-index='2'] th").first().click();
        await page.keyboard.press("Space");
        await page.getByText("1 user selected: Location “London HQ”", { exact: true }).waitFor();
        core.hold = () => undefined;
        release();
        await world.settle(page);
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Space");
        await page.getByText("2 users selected: Location “London HQ”", { exact: true }).waitFor();
        await page.keyboard.press("Escape");
        await grid.getByLabel("Filter Location").selectOption("Nairobi Office");
        await page.getByText(/users: Location “Nairobi Office”$/).waitFor();
        const own = core.answer;
        core.answer = (command, request) => (command === "activation.users" && request.offset === 400 ? { failure: { code: "storage", message: "The database cannot be read: the disk is full.", field: null, retryable: false, trackingId: null } } : own(command, request));
        await range();
        await page.getByRole("region", { name: "Messages" }).getByText("The database cannot be read: the disk is full.").waitFor();
        core.answer = own;
      },
    ],
    [
      "a screen reader gets a grid with named rows, columns and cells",
      async (world) => {
        const { page, grid } = await openPage(world);
        const nodes = await tree(page);
        const found = (role) => nodes.filter((node) => node.role === role);
        assert.equal(found("grid").length, 1);
        assert.equal(found("grid")[0].name, "Activation of users");
        assert.equal(found("grid")[0].properties.multiselectable, true);
        const heads = found("columnheader").map((node) => node.name);
        assert.deepEqual(heads, ["Location", "Webex License", "Service Type", "Service ID", "Ext", "First Name", "Last Name", "Email", "Webex Email Validation", "Refresh Status"]);
        const [user] = core.rows(lastAsked("activation.users").view);
        const rowHeads = found("rowheader").map((node) => node.name);
        assert.deepEqual(rowHeads.slice(0, 2), [user.firstName, user.lastName]);
        const cells = found("gridcell").map((node) => node.name);
        for (const value of [user.location, user.licence, user.serviceId, user.extension]) assert.ok(cells.includes(value), `${value} is no cell: ${cells.slice(0, 40).join("|")}`);
        assert.ok(cells.every((name) => name !== undefined));
        assert.ok(nodes.some((node) => node.role === "button" && node.name === `Refresh Status of ${user.firstName} ${user.lastName}`));
        // The filters are named by what they filter.
        const filters = [...found("combobox"), ...found("textbox")].map((node) => node.name);
        for (const head of heads.slice(0, -1)) assert.ok(filters.includes(`Filter ${head}`), `no filter of ${head}: ${filters.join("|")}`);
        assert.equal(await grid.locator("tbody tr[data-index='0']").getAttribute("aria-rowindex"), "3");
      },
    ],
    [
      "a search, a filter and a state together narrow the view, say what hides the rest, and are kept",
      async (world) => {
        const { page, grid } = await openPage(world);
        const total = () => core.rows(lastAsked("activation.users").view).length;
        const count = (number) => new Intl.NumberFormat("en-GB").format(number);
        await page.getByRole("group", { name: "State" }).or(page.getByRole("combobox", { name: "State", exact: true })).waitFor();
        await grid.getByLabel("Filter Webex Email Validation").selectOption("pending_email_validation");
        await grid.getByLabel("Filter Location").selectOption("London HQ");
        await grid.getByLabel("Filter Last Name").fill("ha");
        const inRows = () => page.evaluate(() => document.activeElement?.closest("tbody") !== null);
        await page.keyboard.press("Escape");
        await world.until(inRows, "Esc leaves a filter for the rows");
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Escape");
        assert.equal(await grid.getByLabel("Filter Last Name").inputValue(), "ha", "and clears nothing, nor does a later one");
        await grid.getByLabel("Filter Last Name").focus();
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
        await world.until(async () => (await grid.getByLabel("Filter Last Name").inputValue()) === "", "a second Esc clears it");
        assert.ok(await inRows(), "the focus stays in the rows");
        const licence = grid.getByLabel("Filter Webex License");
        await licence.selectOption("basic");
        await licence.focus();
        await page.keyboard.press("Escape");
        await world.until(inRows, "Esc leaves a choice for the rows");
        assert.equal(await licence.inputValue(), "basic");
        await page.keyboard.press("Escape");
        await world.until(async () => (await licence.inputValue()) !== "basic", "a second Esc takes it back");
        await grid.getByLabel("Filter First Name").fill("ren");
        await page.locator("h1").focus();
        await page.keyboard.press("/");
        await page.keyboard.type("kestrel");
        await world.until(() => lastAsked("activation.users").view.search === "kestrel", "the search is asked for");
        const view = lastAsked("activation.users").view;
        assert.deepEqual([view.state, view.location, view.firstName, view.lastName], ["pending_email_validation", "London HQ", "ren", null]);
        await page.getByText(`${count(total())} of 100,000 users: Pending Email Validation, Location “London HQ”, First Name “ren”, the search “kestrel”`).waitFor();
        await world.until(async () => JSON.parse((await world.call("preferences.get")).views[`activation/${organisation}`] ?? "{}").search === "kestrel", "all are remembered");
        await page.close();
        const { page: later, grid: again } = await openPage(world, "/activation", { kept: true });
        assert.equal(await again.getByLabel("Filter Location").inputValue(), "London HQ");
        assert.equal(await again.getByLabel("Filter First Name").inputValue(), "ren");
        assert.equal(await later.getByLabel("Search all columns").inputValue(), "kestrel");
        await again.getByLabel("Filter Email").fill("nobody@nowhere");
        await later.getByText("No user matches").waitFor();
        await later.getByText(/100,000 users are hidden by 5 filters together: Pending Email Validation, /).waitFor();
        await world.axe(later, "nobody matches");
        await later.getByRole("button", { name: "Clear all filters" }).click();
        await later.getByText("100,000 users", { exact: true }).waitFor();
      },
    ],
    [
      "states that the product does not name join the filter and are shown as they came",
      async (world) => {
        const { page, grid } = await openPage(world, "/activation?state=hibernating");
        await grid.locator("tbody").getByText("hibernating", { exact: true }).first().waitFor();
        const state = page.getByRole("combobox", { name: "State", exact: true });
        const options = (await state.locator("option").allTextContents()).map((text) => text.replace(/ \([\d,]+\)$/, ""));
        assert.deepEqual(options.slice(0, 5), ["All states", "Provisioned", "Pending Email Input", "Pending Email Validation", "Provisioning"]);
        assert.deepEqual(options.slice(5).toSorted(), ["Error", "Pending User Consent", "Updating", "hibernating"]);
        await state.selectOption("pending_email_input");
        await page.getByText("These users have not begun activation and have not installed the Webex app").waitFor();
        await page.getByRole("button", { name: "Clear all filters" }).click();
      },
    ],
    [
      "the panel says what the state means, what went wrong and what can be done, and follows the focus",
      async (world) => {
        const { page, grid } = await openPage(world, "/activation?state=error");
        await grid.locator("tbody th").first().click();
        await page.keyboard.press("Enter");
        const panel = page.getByRole("complementary").filter({ hasText: "Where the user stands" });
        await panel.getByText("Error 10022.").waitFor();
        await panel.getByText("The BroadWorks UserID is already associated").waitFor();
        await panel.getByText("Webex could not set the user up.").waitFor();
        await world.axe(page, "a user in error");
        const [first, second] = core.rows(lastAsked("activation.users").view);
        await panel.getByRole("heading", { name: `${first.firstName} ${first.lastName}` }).waitFor();
        await page.keyboard.press("ArrowDown");
        await panel.getByRole("heading", { name: `${second.firstName} ${second.lastName}` }).waitFor();
        await page.keyboard.press("Escape");
        await panel.waitFor({ state: "detached" });
        assert.equal((await focus(page)).row, 2 + HEADS);
        await page.keyboard.press("Enter");
        await panel.getByRole("heading", { name: `${second.firstName} ${second.lastName}` }).waitFor();
        await page.keyboard.press("f");
        assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Filter Ext", "the filters that are left");
        core.failures["activation.user"] = { code: "not_found", message: "Webex no longer lists this user. Read all from Webex.", retryable: false };
        await core.publish(page, ["activation"]);
        const gone = page.getByRole("complementary").filter({ hasText: "Webex no longer lists this user." });
        await gone.waitFor();
        assert.equal(await panel.count(), 0, "nothing of the user is shown any more");
        delete core.failures["activation.user"];
        await page.getByRole("button", { name: "Close" }).click();
        await gone.waitFor({ state: "detached" });
        await grid.getByLabel("Filter Webex Email Validation").selectOption("pending_user_migration");
        await grid.locator("tbody").getByText("Pending User Consent").first().waitFor();
        await grid.locator("tbody th").first().dblclick();
        await panel.getByRole("button", { name: "Send consent mail again" }).waitFor();
        await page.getByRole("button", { name: "Close" }).click();
        await panel.waitFor({ state: "detached" });
      },
    ],
    [
      "one user is asked for by R, and then has a time of its own",
      async (world) => {
        const { page, grid } = await openPage(world, "/activation", { at: "2026-11-19T15:00:00Z" });
        await grid.locator("tbody tr[data-index='2'] th").first().click();
        await page.keyboard.press("r");
        await world.until(() => lastAsked("activation.refreshUser") !== undefined, "one is asked for");
        const { key } = lastAsked("activation.refreshUser");
        assert.equal(core.rows(lastAsked("activation.users").view)[2].key, key);
        core.forget();
        await core.publish(page, ["activation"]);
        await grid.locator("tbody tr[data-index='2']").getByText("14:52").waitFor();
        assert.equal(await grid.getByText("14:52").count(), 1, "only where it differs");
        const { grid: later } = await openPage(world, "/activation", { at: "2026-11-20T15:00:00Z" });
        await later.locator("tbody tr[data-index='2']").getByText("Thu 19 Nov").waitFor();
        core.users.find((user) => user.key === key).asOf = AS_OF;
        core.forget();
      },
    ],
    [
      "one user is asked for once, however often and long R is pressed, and the panel shows what was told last",
      async (world) => {
        const { page, grid } = await openPage(world, "/activation?state=error");
        const own = core.answer;
        core.answer = (command, request) => {
          const answer = own(command, request);
          return command === "activation.user" ? { reply: { ...answer.reply, state: "provisioned", errors: [] } } : answer;
        };
        await grid.locator("tbody tr[data-index='1'] th").first().dblclick();
        const panel = page.getByRole("complementary").filter({ hasText: "Where the user stands" });
        await panel.getByText("Provisioned", { exact: true }).waitFor();
        const asks = () => core.asked.filter(({ command }) => command === "activation.refreshUser").length;
        const before = asks();
        let release;
        const held = new Promise((done) => {
          release = done;
        });
        core.hold = (command) => (command === "activation.refreshUser" ? held : undefined);
        await page.locator("h1").focus();
        await page.keyboard.down("r");
        await page.keyboard.down("r");
        await page.keyboard.up("r");
        await page.keyboard.press("r");
        await world.until(() => asks() > before, "it is asked for");
        await world.settle(page);
        assert.equal(asks(), before + 1);
        core.hold = () => undefined;
        release();
        await page.getByText("Webex has just told it.").waitFor();
        assert.equal(asks(), before + 1);
        core.answer = own;
        for (const user of core.users) user.asOf = AS_OF;
        core.forget();
      },
    ],
    [
      "R asks about whoever stands under the focus, also when the rows changed or are on their way",
      async (world) => {
        const { page, grid } = await openPage(world);
        await grid.locator("tbody tr[data-index='2'] th").first().click();
        await grid.getByRole("columnheader", { name: "Ext", exact: true }).getByRole("button").click();
        await world.until(() => lastAsked("activation.users").view.sort[0].column === "extension", "another order");
        const { view } = lastAsked("activation.users");
        await grid.locator("tbody tr[data-index='2']").getByRole("rowheader", { name: core.rows(view)[2].lastName, exact: true }).first().waitFor();
        const askedFor = async (user, what) => {
          await page.keyboard.press("r");
          await world.until(() => lastAsked("activation.refreshUser")?.key === user.key, what);
          user.asOf = AS_OF;
        };
        await askedFor(core.rows(view)[2], "the one who is third now");
        await grid.locator("tbody [data-column][tabindex='0']").focus();
        await page.keyboard.press("Control+End");
        await world.until(async () => (await focus(page)).row === core.total + HEADS, "the last row");
        await askedFor(core.rows(view).at(-1), "the last one");
        core.forget();
      },
    ],
    [
      "what is typed stays as it is typed, spaces and late letters too",
      async (world) => {
        const { page, grid } = await openPage(world);
        await page.keyboard.press("/");
        await page.keyboard.type("asante ");
        await world.until(() => lastAsked("activation.users").view.search === "asante", "it is searched");
        await page.getByText(/the search “asante”$/).waitFor();
        assert.equal(await page.getByLabel("Search all columns").inputValue(), "asante ");
        const filter = grid.getByLabel("Filter First Name");
        await filter.focus();
        // About as long as the pause: letters come in while the last ones are being told.
        await page.keyboard.type("kwame", { delay: 170 });
        await world.until(() => lastAsked("activation.users").view.firstName === "kwame", "all letters are told");
        assert.equal(await filter.inputValue(), "kwame");
        await page.getByRole("button", { name: "Clear all filters" }).click();
        await page.getByText("100,000 users", { exact: true }).waitFor();
        assert.deepEqual([await filter.inputValue(), await page.getByLabel("Search all columns").inputValue()], ["", ""]);
        assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Filter Location", "the focus stays in the filters");
      },
    ],
    [
      "a selection ends with its filter, and whoever left the view is said to have left",
      async (world) => {
        const { page, grid } = await openPage(world, "/activation?state=error");
        const state = grid.getByLabel("Filter Webex Email Validation");
        await grid.locator("tbody tr[data-index='0'] th").first().click();
        await page.keyboard.press("Space");
        await page.getByText("1 user selected: Error", { exact: true }).waitFor();
        await state.selectOption("updating");
        await grid.locator("tbody").getByText("Updating", { exact: true }).first().waitFor();
        await state.selectOption("error");
        await page.getByText(/^[\d,]+ of 100,000 users: Error$/).waitFor();
        await grid.getByLabel("Filter Ext").fill("10");
        const [user] = await world.until(() => {
          const { view } = lastAsked("activation.users");
          return view.extension === "10" && core.rows(view);
        }, "few are left");
        await page.getByText(/Ext “10”$/).waitFor();
        await grid.locator("tbody tr[data-index='0'] th").first().click();
        await page.keyboard.press("Space");
        user.state = "provisioned";
        core.forget();
        await core.publish(page, ["activation"]);
        await page.getByText(/^1 user selected, 1 no longer in the view/).waitFor();
        await page.getByRole("button", { name: "Clear selection" }).click();
        await world.until(() => page.evaluate(() => document.activeElement?.closest("tbody") !== null), "the focus back in the rows");
        user.state = "error";
        core.forget();
      },
    ],
    [
      "the focus stays in the grid when the row under it leaves the view",
      async (world) => {
        const { page, grid } = await openPage(world, "/activation?state=updating");
        const rows = core.rows(lastAsked("activation.users").view);
        const last = rows.at(-1);
        await grid.locator("tbody [data-column][tabindex='0']").focus();
        await page.keyboard.press("Control+End");
        await world.until(async () => (await focus(page)).row === rows.length + HEADS, "the last row");
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        await world.until(() => lastAsked("activation.refreshUser")?.key === last.key, "it is asked for");
        await page.getByRole("status").getByText("Webex has just told it.").waitFor();
        assert.match(await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? ""), /^Refresh Status of /, "the button stays");
        last.state = "provisioned";
        core.forget();
        await core.publish(page, ["activation"]);
        await world.until(async () => (await focus(page)).row === rows.length - 1 + HEADS, "the row that is last now");
        Object.assign(last, { state: "updating", asOf: AS_OF });
        core.forget();
      },
    ],
    [
      "who is stuck is a filter that is seen and taken away",
      async (world) => {
        const { page } = await openPage(world);
        await page.getByRole("button", { name: /stuck for more than 7 days$/ }).click();
        const words = page.getByText(/^[\d,]+ of 100,000 users: stuck for more than 7 days$/);
        await words.waitFor();
        await world.axe(page, "who is stuck");
        await page.getByRole("button", { name: "Stuck for more than 7 days: take this filter away" }).click();
        await page.getByText("100,000 users", { exact: true }).waitFor();
        assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Search all columns");
        await page.getByRole("button", { name: /stuck for more than 7 days$/ }).click();
        await words.waitFor();
        await page.getByRole("combobox", { name: "State", exact: true }).selectOption({ index: 1 });
        await page.getByText("100,000 users", { exact: true }).waitFor();
      },
    ],
    [
      "another organisation begins with a view of its own",
      async (world) => {
        const { id: other } = await world.call("organisations.create", { fields: fields("Orchid Bay Hotels") });
        const [user] = core.users;
        const { page } = await openPage(world, `/activation?state=provisioned&search=kestrel&user=${user.key}`);
        await page.getByRole("complementary").filter({ hasText: "Where the user stands" }).waitFor();
        await page.keyboard.press("Control+Shift+O");
        await page.getByRole("dialog", { name: "Switch organisation" }).getByRole("button", { name: /Orchid Bay Hotels/ }).click();
        await page.getByRole("navigation", { name: "Main" }).getByText("Orchid Bay Hotels", { exact: true }).waitFor();
        await page.getByText("100,000 users", { exact: true }).waitFor();
        assert.doesNotMatch(page.url(), /state=|search=|user=/);
        assert.equal(await page.getByRole("complementary").filter({ hasText: "Where the user stands" }).count(), 0);
        assert.ok(core.asked.every(({ command, request }) => command !== "activation.users" || request.organisation !== other || (request.view.state === null && request.view.search === null)), "nothing of the old view is asked of the new one");
        assert.equal((await world.call("preferences.get")).views[`activation/${other}`], undefined);
        // An address that is gone back to is of the organisation that was chosen then.
        await world.go(page, "/activation?state=error");
        await page.getByText(/users: Error$/).waitFor();
        await page.waitForURL(/organisation=/);
        await world.go(page, "/settings");
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation });
        await page.getByRole("navigation", { name: "Main" }).getByText("Kestrel Logistics", { exact: true }).waitFor();
        const from = core.asked.length;
        await page.goBack();
        await page.getByText("100,000 users", { exact: true }).waitFor();
        assert.doesNotMatch(page.url(), /state=/);
        assert.ok(core.asked.slice(from).every(({ command, request }) => command !== "activation.users" || request.view.state === null), "nothing of the other's view is asked for");
        assert.equal((await world.call("preferences.get")).views[`activation/${organisation}`], undefined);
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation });
      },
    ],
    [
      "a refresh of a selection that failed is tried again as such, and forgotten when it succeeds",
      async (world) => {
        const { page, grid } = await openPage(world);
        const own = core.answer;
        const begun = [];
        const ended = (id, more) => ({ id, kind: "activation_refresh", title: "Status of 1 user", organisation, organisationName: "Kestrel Logistics", who: "ingrid", state: "succeeded", startedAt: AS_OF, endedAt: AS_OF, steps: [{ name: "Users", state: "succeeded", done: 1, total: 1, detail: null }], failure: null, trackingIds: [], run: null, retryable: false, ...more });
        core.answer = (command, request) => {
          if (command !== "activation.refresh") return own(command, request);
          begun.push(request.selection);
          core.refreshing = `f${begun.length}`;
          core.transactions[core.refreshing] = ended(core.refreshing, { state: "running", endedAt: null });
          return { reply: { transaction: core.refreshing } };
        };
        const end = async (more) => {
          await core.publish(page, ["activation"]);
          await page.getByRole("group", { name: "Status of 1 user" }).waitFor();
          const id = core.refreshing;
          core.refreshing = null;
          core.transactions[id] = ended(id, more);
          await core.publish(page, ["activation", "transactions"]);
        };
        await grid.locator("tbody tr[data-index='0'] th").first().click();
        await page.keyboard.press("Space");
        await page.keyboard.press("Shift+R");
        await world.until(() => begun.length === 1, "it is begun");
        await end({ state: "failed", failure: { code: "unreachable", message: "Webex did not answer.", field: null, retryable: true, trackingId: null } });
        const banner = page.getByRole("main").getByRole("alert").filter({ hasText: "Webex did not answer." });
        await banner.getByRole("button", { name: "Try again" }).click();
        await world.until(() => begun.length === 2, "the selection again");
        assert.deepEqual(begun[1], begun[0]);
        await end({ steps: [{ name: "Users", state: "succeeded", done: 1, total: 1, detail: "1 could not be read." }] });
        await page.getByText("Status of 1 user: done, but not for all").waitFor();
        await banner.waitFor({ state: "detached" });
        await page.getByRole("region", { name: "Messages" }).getByRole("button", { name: "Open transaction" }).click();
        await page.waitForURL(/#\/transactions\?.*transaction=f2/);
        // Over before the status has told of it even once.
        core.answer = (command, request) => {
          if (command !== "activation.refresh") return own(command, request);
          begun.push(request.selection);
          const id = `f${begun.length}`;
          core.transactions[id] = begun.length === 4 ? ended(id, { state: "interrupted" }) : ended(id, { state: "failed", failure: { code: "unreachable", message: "Webex did not answer.", field: null, retryable: true, trackingId: null } });
          return { reply: { transaction: id } };
        };
        await page.goBack();
        await grid.locator("tbody tr[data-index='0'] th").first().click();
        await page.keyboard.press("Space");
        await page.keyboard.press("Shift+R");
        await banner.getByRole("button", { name: "Try again" }).click();
        await world.until(() => begun.length === 4, "the selection once more");
        await page.getByText("Status of 1 user: interrupted").waitFor();
        await banner.waitFor({ state: "detached" });
        core.answer = own;
      },
    ],
    [
      "a selection is refreshed with progress and can be cancelled; many are asked about first",
      async (world) => {
        const { page, grid } = await openPage(world);
        const begin = (request) => {
          core.begun = request;
          core.refreshing = "t1";
          core.transactions.t1 = { id: "t1", kind: "activation_refresh", title: "Status of 2 users", organisation, organisationName: "Kestrel Logistics", who: "ingrid", state: "running", startedAt: AS_OF, endedAt: null, steps: [{ name: "Users", state: "running", done: 1, total: 2, detail: null }], failure: null, trackingIds: [], run: null, retryable: false };
          return { reply: { transaction: "t1" } };
        };
        const own = core.answer;
        core.answer = (command, request) => {
          if (command === "activation.refresh") return begin(request);
          if (command === "activation.cancelRefresh") {
            core.refreshing = null;
            core.transactions.t1 = { ...core.transactions.t1, state: "cancelled", endedAt: AS_OF };
            return { reply: {} };
          }
          return own(command, request);
        };
        await grid.locator("tbody tr[data-index='0'] th").first().click();
        await page.keyboard.press("Space");
        await page.keyboard.press("Shift+ArrowDown");
        await page.getByText("2 users selected", { exact: true }).waitFor();
        await page.keyboard.press("Shift+R");
        await world.until(() => core.begun?.selection.kind === "keys" && core.begun.selection.keys.length === 2, "two are asked for");
        await core.publish(page, ["activation"]);
        const progress = page.getByRole("group", { name: "Status of 2 users" });
        await progress.getByText("1 of 2").waitFor();
        await world.axe(page, "a refresh under way");
        await progress.getByRole("button", { name: "Cancel" }).click();
        await core.publish(page, ["activation", "transactions"]);
        await progress.waitFor({ state: "detached" });
        await page.getByText("Status of 2 users: cancelled").waitFor();
        await grid.locator("tbody [data-column][tabindex='0']").focus();
        await page.keyboard.press("Control+a");
        await page.getByText("100,000 of 100,000 users selected").waitFor();
        core.begun = null;
        await page.getByRole("button", { name: "Refresh Status", exact: true }).click();
        const question = page.getByRole("alertdialog", { name: "Refresh 100,000 users one by one?" });
        await question.waitFor();
        assert.equal(core.begun, null, "nothing before the answer");
        await question.getByRole("button", { name: "Refresh 100,000" }).click();
        await world.until(() => core.begun?.selection.kind === "view", "the whole view is asked for");
        core.answer = own;
        core.refreshing = null;
      },
    ],
    [
      "each reason why there is nothing new is said, with its way out, over the copy or in its place",
      async (world) => {
        const permission = { scope: "spark-admin:broadworks_subscribers_read", label: "Read BroadWorks subscribers", feature: "Activation", group: "Activation", granted: false };
        const states = [
          [{ state: "not_connected", reason: "Nobody has consented yet." }, "Kestrel Logistics is not connected to Webex", "link", "Connect to Webex…", true],
          [{ state: "permission_missing", source: "broadworks", permissions: [permission] }, "A permission is missing", "link", "Connect again…", true],
          [{ state: "refused", source: "broadworks", reason: "Webex refused the list of subscribers: this is no partner administrator.", trackingId: "NA_1" }, "Webex refused the list", "button", "Try again", true],
          [{ state: "no_licences", asOf: AS_OF }, "Kestrel Logistics has no Webex licence", "button", "Read from Webex again", false],
          [{ state: "not_copied" }, "The states have not been read yet", "button", "Read from Webex", false],
        ];
        for (const [availability, title, role, way, overCopy] of states) {
          for (const copied of overCopy ? [true, false] : [false]) {
            core.availability = availability;
            core.asOf = copied || availability.state === "no_licences" ? AS_OF : null;
            const page = await world.open({ path: "/activation", prepare: core.serve });
            const main = page.getByRole("main");
            await main.getByText(title).first().waitFor();
            await main.getByRole(role, { name: way, exact: true }).waitFor();
            assert.equal(await page.getByRole("grid").count(), copied ? 1 : 0, `${availability.state}: ${copied ? "the copy is shown" : "nothing to show"}`);
            if (availability.state === "permission_missing") await main.getByText("Read BroadWorks subscribers").waitFor();
            await world.axe(page, `${availability.state}, ${copied ? "old copy" : "no copy"}`);
          }
        }
        core.availability = { state: "available", source: "broadworks" };
        core.asOf = AS_OF;
        core.failures["activation.status"] = { code: "storage", message: "The database cannot be read: the disk is full. Make room, then try again.", field: null, retryable: true, trackingId: null };
        const page = await world.open({ path: "/activation", prepare: core.serve });
        await page.getByText("The database cannot be read: the disk is full.").waitFor();
        core.failures = {};
        await page.getByRole("button", { name: "Try again" }).click();
        await page.getByRole("grid").waitFor();
        for (const path of ["/activation", "/customers"]) {
          core.failures["organisations.list"] = { code: "storage", message: "The database cannot be read: the disk is full. Make room, then try again.", field: null, retryable: true, trackingId: null };
          const unread = await world.open({ path, prepare: core.serve });
          const said = unread.getByRole("main").getByText("The database cannot be read: the disk is full.");
          await said.waitFor();
          core.failures = {};
          await unread.getByRole("main").getByRole("button", { name: "Try again" }).click();
          await said.waitFor({ state: "detached" });
        }
      },
    ],
    ...["light", "dark"].map((scheme) => [
      `axe, ${scheme}`,
      async (world) => {
        const { page, grid } = await openPage(world, "/activation", { scheme });
        await world.axe(page, `Activation, ${scheme}`);
        await grid.locator("tbody th").first().click();
        await page.keyboard.press("Space");
        await page.keyboard.press("Enter");
        await page.getByText("Where the user stands").waitFor();
        await world.axe(page, `a user, ${scheme}`);
      },
    ]),
  ],
};
