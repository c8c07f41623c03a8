// Bulk assignment from the demo's file to its report, with the keyboard alone, and what each page promises on the way.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SCHEMES = ["light", "dark"];
/** Columns of the file grid: the row's head, then these. */
const COLUMNS = ["head", "ext_key", "user_name", "number", "problem"];

const h1 = (page, text) => page.locator("h1", { hasText: text }).waitFor();
const at = (page, step) => page.waitForURL((url) => url.hash.includes(`/${step}`));
const call = (world, command, template) => world.call(`bulkAssignments.${command}`, { template });

/** What has the focus in the file grid. */
function cell(page) {
  return page.evaluate(() => {
    const place = document.activeElement?.closest("[data-column]");
    const row = place?.closest("tr");
    if (!place || !row) return null;
    return { index: Number(row.dataset.index), column: Number(place.dataset.column), row: row.querySelector("th")?.textContent ?? "", text: place.textContent, editing: document.activeElement?.tagName === "INPUT" };
  });
}

/** Presses a key and waits until `what` is no longer what it was. */
async function pressed(world, page, key, what) {
  const before = JSON.stringify(await what());
  await page.keyboard.press(key);
  const { now } = await world.until(async () => {
    const after = await what();
    return JSON.stringify(after) === before ? null : { now: after };
  }, `${key} changes ${before}`);
  return now;
}

async function typed(page, text) {
  await page.keyboard.press("Control+a");
  if (text === "") await page.keyboard.press("Backspace");
  else await page.keyboard.type(text);
}

/** Walks from problem to problem with F8 until no error blocks the plan: the fix where there is one, else a right value. */
async function putRight(world, page, template) {
  const plan = page.getByRole("button", { name: "Plan", exact: false }).first();
  const version = async () => (await call(world, "check", template)).version;
  for (let step = 0; ; step += 1) {
    assert.ok(step < 80, "the errors are put right within 80 steps");
    // The page has drawn what the core says before the next key is pressed.
    const { errors } = await call(world, "check", template);
    if (errors === 0) return await world.until(async () => (await plan.getAttribute("aria-disabled")) !== "true", "the plan can be opened");
    await page.getByRole("main").getByText(new RegExp(`^${errors} errors? to fix before the plan$`)).first().waitFor();
    await pressed(world, page, "F8", () => cell(page));
    const here = await cell(page);
    if (!here.text.includes(", error")) continue;
    const row = (await world.call("bulkAssignments.rows", { template, filter: { problemsOnly: true, code: null, search: null }, offset: here.index, limit: 1 })).rows[0];
    const column = COLUMNS[here.column];
    if (row.issues.some((issue) => issue.column === column && issue.fix !== null)) {
      await pressed(world, page, "Control+.", version);
    } else {
      await pressed(world, page, "Enter", () => cell(page));
      await typed(page, { ext_key: `${97000 + step}`.slice(-5), user_name: `Made Up ${step}`, number: "" }[column]);
      await pressed(world, page, "Enter", version);
    }
    await world.until(async () => !(await cell(page))?.editing, "the editor closes");
  }
}

/** The save dialog of the bridge: types a path and waits for the file. */
async function savedTo(world, page, path) {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").waitFor();
  await page.keyboard.type(path);
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  return await world.until(() => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return null;
    }
  }, `${path} is written`);
}

const lines = (text) => text.split(/\r\n|\n/).filter((line) => line !== "");
const rows = (count, make) => `Ext Key,User's Name,Number\n${Array.from({ length: count }, (_, index) => make(index)).join("\n")}\n`;

async function chooseFile(world, page, name, text) {
  const path = join(world.dataDir, name);
  writeFileSync(path, text);
  const chooser = page.waitForEvent("filechooser");
  // A round trip, so that the browser hands choosers over before the key asks for one.
  await page.evaluate(() => null);
  await page.keyboard.press("o");
  await (await chooser).setFiles(path);
}

let demo = null;

export const suite = {
  name: "bulk",
  tests: [
    [
      "with no organisation and no file nothing is asked of Webex, and what is off says why",
      async (world) => {
        const page = await world.open({ path: "/bulk/new" });
        await h1(page, "New template");
        const next = page.getByRole("button", { name: "Next" });
        assert.equal(await next.getAttribute("aria-disabled"), "true");
        await page.getByText("Add a file to go on").first().waitFor();
        await page.getByRole("textbox", { name: "Name" }).fill("Prepared offline");
        await page.locator("h1").focus();
        await chooseFile(world, page, "offline.csv", rows(3, (index) => `${100 + index},Person ${index},+4416149601${10 + index}`));
        await at(page, "upload");
        await page.getByText("offline.csv").first().waitFor();
        await page.keyboard.press("Control+Enter");
        await at(page, "check");
        await page.getByText("No problem found in 3 rows.").waitFor();
        await page.keyboard.press("Control+Enter");
        await at(page, "plan");
        await page.getByRole("alert").first().waitFor();
      },
    ],
    [
      "the demo comes with a file that has problems",
      async (world) => {
        await world.openVault();
        demo = await world.call("demo.open");
        const page = await world.open({ path: `/bulk/${demo.template}/check` });
        const check = await call(world, "check", demo.template);
        assert.ok(check.errors > 0 && check.rows === 300, "300 rows with errors");
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await page.getByText(/errors? to fix before the plan/).first().waitFor();
        for (const group of check.groups) await page.getByRole("complementary").getByText(group.title, { exact: true }).first().waitFor();
      },
    ],
    [
      "the copy of Webex is compared with, its age is said, and what Webex would refuse is left out without stopping anything",
      async (world) => {
        const page = await world.open({ path: `/bulk/${demo.template}/check` });
        const judged = await world.until(async () => {
          const check = await call(world, "check", demo.template);
          return check.mirror.state === "judged" ? check : null;
        }, "the rows are compared with the copy");
        const refused = judged.groups.filter((group) => group.source === "mirror" && group.severity === "error");
        assert.ok(refused.length > 0 && judged.mirror.errors > 0, "the sample has rows that Webex would refuse");
        assert.equal(judged.errors, judged.groups.filter((group) => group.source === "file" && group.severity === "error").reduce((sum, group) => sum + group.count, 0), "only the file's errors stop the plan");
        const list = page.getByRole("complementary", { name: "Problems by rule" });
        await list.getByText(/^Compared with the copy of Webex as of .+, (just now|.+ ago)\./).waitFor();
        const against = list.getByRole("region", { name: "Against Webex" });
        for (const group of refused) await against.getByText(group.title, { exact: true }).waitFor();
        await against.getByText(/^\d+ findings?, left out$/).waitFor();
        await page.getByRole("grid").getByText(", left out").first().waitFor({ state: "attached" });
        const { asOf } = judged.mirror;
        await list.getByRole("button", { name: "Sync now" }).press("Enter");
        await world.until(async () => {
          const { mirror } = await call(world, "check", demo.template);
          return mirror.state === "judged" && mirror.asOf > asOf;
        }, "the rows are compared with a newer copy", 90_000);
      },
    ],
    [
      "what users get is chosen and kept field by field",
      async (world) => {
        const page = await world.open({ path: `/bulk/${demo.template}/upload` });
        const licence = page.getByRole("combobox", { name: /Calling licence/ });
        await licence.waitFor();
        const { licences } = await world.call("mirror.licences", { organisation: demo.organisation });
        const wanted = licences.filter((one) => one.name === "Webex Calling - Professional").toSorted((a, b) => b.available - a.available)[0];
        await licence.selectOption(wanted.id);
        await world.until(async () => (await world.call("bulkAssignments.get", { template: demo.template })).callingLicence?.id === wanted.id, "the licence is kept");
        await page.reload();
        await licence.waitFor();
        await world.until(async () => (await licence.inputValue()) === wanted.id, "the licence is shown again");
      },
    ],
    [
      "the file grid is walked, edited and left as it was",
      async (world) => {
        const page = await world.open({ path: `/bulk/${demo.template}/check?rows=all` });
        const grid = page.getByRole("grid");
        await grid.locator("tbody th").first().waitFor();
        assert.equal(await grid.getAttribute("aria-rowcount"), "301");
        await grid.locator('tbody [tabindex="0"]').first().focus();
        const where = () => cell(page);
        // A row that comes into view is drawn before its values are there: what counts is where the focus ends.
        const reached = async (key, fits) => {
          await page.keyboard.press(key);
          return world.until(async () => {
            const now = await cell(page);
            return now && fits(now) ? now : null;
          }, `${key} gets there`);
        };
        await reached("ArrowRight", (at) => at.column === 1);
        await reached("ArrowDown", (at) => at.index === 1);
        await reached("End", (at) => at.column === 4);
        await reached("Home", (at) => at.column === 0);
        await reached("PageDown", (at) => at.index > 5);
        await reached("Control+End", (at) => at.index === 299);
        await reached("Control+Home", (at) => at.index === 0);
        const before = await reached("ArrowRight", (at) => at.column === 1 && at.text !== "");
        const { version } = await call(world, "check", demo.template);
        assert.ok((await pressed(world, page, "Enter", where)).editing);
        await typed(page, "12x");
        await page.getByRole("alert").filter({ hasText: "12x" }).waitFor();
        assert.equal(await page.locator("input:focus").getAttribute("aria-invalid"), "true");
        await pressed(world, page, "Escape", where);
        await world.until(async () => (await cell(page))?.text === before.text, "the cell is as it was");
        assert.equal((await call(world, "check", demo.template)).version, version, "nothing was changed");
      },
    ],
    [
      "from check to report with the keyboard alone",
      async (world) => {
        const page = await world.open({ path: `/bulk/${demo.template}/check` });
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await putRight(world, page, demo.template);

        const redo = async () => (await call(world, "check", demo.template)).redo;
        await pressed(world, page, "Control+z", redo);
        await page.getByRole("button", { name: "Redo" }).waitFor();
        await pressed(world, page, "Control+Shift+Z", redo);
        await page.getByRole("button", { name: "Redo" }).waitFor({ state: "detached" });

        await page.keyboard.press("Control+Enter");
        await at(page, "plan");
        const plan = await call(world, "plan", demo.template);
        assert.equal(plan.obstacle, null);
        assert.equal(plan.toAssign + plan.already + plan.leftOut, 300);
        assert.ok(plan.toAssign > 250, `most of the sample can be assigned, not ${plan.toAssign}`);
        await page.getByText("Nothing has been sent yet.").waitFor();
        await page.waitForFunction(() => document.activeElement?.tagName === "H1", null, {});

        await page.keyboard.press("Control+Enter");
        await at(page, "run");
        const { run } = await world.call("bulkAssignments.get", { template: demo.template });
        // The page's own button: the strip at the foot offers the same a moment earlier.
        await page.getByRole("main").getByRole("button", { name: /^(Pause|Open report)/ }).first().waitFor();
        const state = async () => (await world.call("runs.get", { run })).state;
        if ((await state()) === "running") {
          await page.keyboard.press("p");
          if ((await world.until(async () => ((await state()) === "running" ? null : await state()), "the run pauses")) === "paused") {
            await page.getByText("Paused.").first().waitFor();
            await pressed(world, page, "p", state);
          }
        }
        await world.until(async () => (await state()) === "completed", "the run ends", 180_000);
        await page.getByText("The run has ended.").waitFor();

        await page.keyboard.press("Control+Enter");
        await at(page, "report");
        const ended = await world.call("runs.get", { run });
        assert.equal(ended.assigned + ended.already + ended.failed + ended.skipped + ended.unknown, 300, "no row is lost");
        assert.equal(ended.assigned, plan.toAssign - ended.failed - ended.unknown);
        await page.getByRole("grid").locator("tbody th").first().waitFor();

        await page.keyboard.press("e");
        const text = await savedTo(world, page, join(world.dataDir, "report.csv"));
        assert.equal(lines(text).length, 301, "a line for each row and a head");
        assert.match(lines(text)[0], /^\ufeff?Row,Ext Key,User's Name,Number,Outcome,Code,Message,Tracking ID,Started,Finished$/);
      },
    ],
    [
      "the report filters, sorts and finds, and keeps its view in the address",
      async (world) => {
        const page = await world.open({ path: `/bulk/${demo.template}/report` });
        const grid = page.getByRole("grid");
        await grid.locator("tbody th").first().waitFor();
        const { run } = await world.call("bulkAssignments.get", { template: demo.template });
        const { assigned } = await world.call("runs.get", { run });
        await page.getByRole("button", { name: /^Assigned/ }).press("Enter");
        await world.until(async () => (await grid.getAttribute("aria-rowcount")) === `${assigned + 1}`, "only the assigned rows");
        await grid.getByRole("button", { name: "Ext Key" }).press("Enter");
        await grid.locator('th[aria-sort="ascending"]').waitFor();
        await page.reload();
        await grid.locator('th[aria-sort="ascending"]').waitFor();
        await world.until(async () => (await grid.getAttribute("aria-rowcount")) === `${assigned + 1}`, "the same rows after the reload");
        await page.keyboard.press("/");
        await page.keyboard.type("no such row at all");
        await page.getByText("No row fits the filter").waitFor();
      },
    ],
    [
      "a run that waits for locked secrets says so and offers to unlock them",
      async (world) => {
        const page = await world.open({ path: "/bulk" });
        const hold = { reason: "vault", message: "The secrets are locked. Enter the passphrase. No row was lost.", since: new Date().toISOString(), until: null, trackingId: null };
        await page.route("**/rpc", async (route) => {
          const { command } = route.request().postDataJSON();
          if (command === "vault.status") return await route.fulfill({ json: { reply: { state: "locked", keyIn: "passphrase", reason: "the passphrase was not entered since Patchbay started" } } });
          if (command !== "runs.get") return await route.continue();
          const { reply } = await (await route.fetch()).json();
          await route.fulfill({ json: { reply: { ...reply, state: "paused", endedAt: null, hold } } });
        });
        await world.go(page, `/bulk/${demo.template}/run`);
        await page.getByText("The secrets are locked.", { exact: true }).waitFor();
        await world.axe(page, "a run that waits for secrets");
        await page.getByRole("button", { name: "Unlock and resume" }).press("Enter");
        const unlock = page.getByRole("dialog", { name: "Unlock secrets" });
        await unlock.waitFor();
        await page.keyboard.press("Escape");
        await unlock.waitFor({ state: "detached" });
        await page.getByRole("button", { name: "Unlock and resume" }).waitFor();
      },
    ],
    [
      "templates are found, duplicated and deleted with a question whose safe answer has the focus",
      async (world) => {
        const page = await world.open({ path: "/bulk" });
        const grid = page.getByRole("grid");
        const list = async () => (await world.call("bulkAssignments.list", { search: null })).templates;
        await grid.locator("tbody th").first().waitFor();
        await page.keyboard.press("/");
        await page.keyboard.type("Prepared offline");
        await world.until(async () => (await grid.getAttribute("aria-rowcount")) === "2", "one template is found");
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
        const before = await list();
        await grid.getByRole("row").filter({ hasText: "Prepared offline" }).focus();
        await page.keyboard.press("d");
        const copy = await world.until(async () => (await list()).find((one) => !before.some((old) => old.id === one.id)), "a copy is made");
        await grid.getByRole("row").filter({ hasText: copy.id }).focus();
        await page.keyboard.press("Delete");
        const dialog = page.getByRole("alertdialog");
        await dialog.waitFor();
        assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Keep template");
        await page.keyboard.press("Enter");
        await dialog.waitFor({ state: "detached" });
        assert.equal((await list()).length, before.length + 1);
        await grid.getByRole("row").filter({ hasText: copy.id }).focus();
        await page.keyboard.press("Delete");
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        await world.until(async () => (await list()).length === before.length, "the copy is deleted");
      },
    ],
    [
      "15,000 rows stay quick to reach and light to hold",
      async (world) => {
        const page = await world.open({ path: "/bulk" });
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await chooseFile(world, page, "many.csv", rows(15_000, (index) => `${10_000 + index},Person ${index},${index % 500 === 7 ? "4.41615E+11" : ""}`));
        await page.waitForURL((url) => /\/check/.test(url.hash), { timeout: 60_000 });
        const grid = page.getByRole("grid");
        await grid.locator("tbody th").first().waitFor();
        await page.getByRole("button", { name: /^All rows/ }).press("Enter");
        await world.until(async () => (await grid.getAttribute("aria-rowcount")) === "15001", "all rows");
        await grid.locator('tbody [tabindex="0"]').first().focus();
        await page.keyboard.press("Control+End");
        await world.until(async () => (await cell(page))?.row === "15,000", "the last row has the focus");
        assert.ok((await grid.locator("tbody tr").count()) < 120, "only the rows in view are drawn");
        await pressed(world, page, "Shift+F8", () => cell(page));
        await world.until(async () => /4\.41615E\+11/.test((await cell(page))?.text ?? ""), "the last problem has the focus");
      },
    ],
    ...SCHEMES.map((scheme) => [
      `no violation on any page, ${scheme}`,
      async (world) => {
        const { templates } = await world.call("bulkAssignments.list", { search: null });
        const draft = templates.find((template) => template.status === "draft" && template.totalUsers > 100);
        const page = await world.open({ scheme });
        for (const path of ["/bulk", "/bulk/new", `/bulk/${draft.id}/upload`, `/bulk/${draft.id}/check`, `/bulk/${draft.id}/plan`, `/bulk/${demo.template}/upload`, `/bulk/${demo.template}/check`, `/bulk/${demo.template}/run`, `/bulk/${demo.template}/report`]) {
          await world.go(page, path);
          await world.until(async () => (await page.locator("[aria-busy=true]").count()) === 0, `${path} is read`);
          await world.axe(page, `${path}, ${scheme}`);
          assert.equal(await page.locator("h1").count(), 1, `h1 on ${path}`);
        }
        await world.go(page, `/bulk/${draft.id}/check`);
        await page.getByRole("grid").locator("tbody th").first().waitFor();
        await pressed(world, page, "F8", () => cell(page));
        await pressed(world, page, "Enter", () => cell(page));
        await world.axe(page, `the cell editor, ${scheme}`);
      },
    ]),
  ],
};
