// The grid at 100,000 rows, served by the real core on the bridge: does the page's heap stay flat, does any task hold the
// page's thread for 50 ms, how long until a window of rows is drawn. Prints a table and asserts nothing.
//
//   node tests/browser/bench.mjs <patchbay-cli with feature bridge> [rows]
//
// Two lists: the rows of a file on the Check page (documents in the core's memory) and transactions (SQLite). Each is
// walked from top to end, each stop a window that was not read before. Tasks are those of the page's main thread, from the browser's own
// trace: wall time, and the processor time of the same task, which a busy machine does not stretch.

import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { launchBrowser } from "./browser.mjs";
import { startBridge } from "./bridge.mjs";
import { makeWorld } from "./world.mjs";

/** How many places of the list are gone to, evenly spread: each reads another window. */
const STOPS = 120;
/** Height of a row on the screen. */
const ROW_HEIGHT = 30;
const MIB = 1024 * 1024;
const LONG_MS = 50;

const binary = process.argv[2];
const ROWS = Number(process.argv[3] ?? 100_000);
if (binary === undefined || !existsSync(binary)) {
  console.error("usage: node tests/browser/bench.mjs <patchbay-cli with feature bridge> [rows]");
  process.exit(2);
}

/** Transactions are only made by doing things, and 100,000 of them take long: they are written beside the sleeping core. */
const FILL = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
columns = [row[1] for row in db.execute("pragma table_info(transactions)")]
made = {"id": None, "kind": "mirror_sync", "title": None, "who": "ingrid", "state": "succeeded", "started_at": None, "ended_at": "2026-11-19T14:05:09Z"}
names = [name for name in columns if name in made]
def row(n):
    values = dict(made, id="00000000-0000-7000-8000-%012d" % n, title="Sync number %d of Kestrel Logistics" % n, started_at="2026-11-%02dT%02d:%02d:%02dZ" % (1 + n // 86400 % 19, n // 3600 % 24, n // 60 % 60, n % 60))
    return [values[name] for name in names]
db.executemany("insert into transactions (%s) values (%s)" % (", ".join(names), ", ".join("?" * len(names))), (row(n) for n in range(int(sys.argv[2]))))
db.commit()
`;

const middle = (values, share = 0.5) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** The heap of the page after everything that can go has gone. */
async function heap(devtools) {
  for (let time = 0; time < 3; time += 1) await devtools.send("HeapProfiler.collectGarbage");
  return (await devtools.send("Runtime.getHeapUsage")).usedSize / MIB;
}

/** Runs `work` under the browser's trace; the tasks of the page's main thread as [wall ms, processor ms]. */
async function traced(devtools, work) {
  const events = [];
  const collect = ({ value }) => events.push(...value);
  devtools.on("Tracing.dataCollected", collect);
  await devtools.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["disabled-by-default-devtools.timeline", "blink.user_timing", "__metadata"], excludedCategories: ["*"] } });
  await work();
  const complete = new Promise((done) => devtools.once("Tracing.tracingComplete", done));
  await devtools.send("Tracing.end");
  await complete;
  devtools.off("Tracing.dataCollected", collect);
  const main = new Set(events.filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain").map((event) => `${event.pid}:${event.tid}`));
  return events.filter((event) => event.name === "RunTask" && main.has(`${event.pid}:${event.tid}`)).map((event) => [(event.dur ?? 0) / 1000, (event.tdur ?? 0) / 1000]);
}

/** Scrolls to a row and waits until it is drawn with its values; how long that took on the page's own clock. */
function showRow(grid, index, text) {
  return grid.evaluate(
    (table, [row, height, wanted]) =>
      new Promise((done) => {
        const began = performance.now();
        table.parentElement.scrollTop = row * height;
        const look = () => {
          if (table.querySelector(`tr[data-index="${row}"]`)?.textContent.includes(wanted)) done(performance.now() - began);
          else requestAnimationFrame(look);
        };
        look();
      }),
    [index, ROW_HEIGHT, text],
  );
}

async function measure(world, page, name, grid, textOf) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.enable");
  await showRow(grid, 0, textOf(0));
  const before = await heap(devtools);
  const times = [];
  const tasks = await traced(devtools, async () => {
    for (let stop = 1; stop <= STOPS; stop += 1) {
      const row = Math.round(((ROWS - 1) * stop) / STOPS);
      times.push(await showRow(grid, row, textOf(row)));
    }
  });
  const after = await heap(devtools);
  const elements = await page.evaluate(() => document.querySelectorAll("*").length);
  const longest = tasks.toSorted((a, b) => b[0] - a[0])[0] ?? [0, 0];
  return {
    list: name,
    rows: ROWS,
    "heap before (MiB)": before.toFixed(1),
    "after (MiB)": after.toFixed(1),
    elements,
    windows: times.length,
    "ms per window": middle(times).toFixed(0),
    "95 %": middle(times, 0.95).toFixed(0),
    "longest task (ms)": longest[0].toFixed(0),
    "its processor ms": longest[1].toFixed(0),
    [`tasks over ${LONG_MS} ms`]: tasks.filter(([wall]) => wall > LONG_MS).length,
    "of these by processor": tasks.filter(([, processor]) => processor > LONG_MS).length,
  };
}

async function fileRows(world) {
  const file = join(world.dataDir, "many.csv");
  writeFileSync(file, `Ext Key,User's Name,Number\n${Array.from({ length: ROWS }, (_, row) => `${10_000 + (row % 90_000)},Person ${row + 1},`).join("\n")}\n`);
  const { id } = await world.call("bulkAssignments.create", { fields: { name: "Many", organisation: null, location: null, callingLicence: null, addOns: [] } });
  await world.call("bulkAssignments.addFiles", { template: id, files: [{ kind: "path", path: file }] });
  const page = await world.open({ path: `/bulk/${id}/check?rows=all` });
  const grid = page.getByRole("grid", { name: "All rows" });
  await grid.locator("tbody th").first().waitFor();
  return await measure(world, page, "rows of a file (Check)", grid, (row) => `Person ${row + 1}`);
}

async function transactions(world) {
  const filled = spawnSync("python3", ["-c", FILL, join(world.dataDir, "data", "patchbay.db"), String(ROWS)], { encoding: "utf8" });
  if (filled.status !== 0) {
    console.log(`transactions are left out: ${filled.error?.message ?? filled.stderr}`);
    return null;
  }
  await world.restart();
  const page = await world.open({ path: "/transactions" });
  const grid = page.getByRole("grid", { name: "Transactions" });
  await grid.locator("tbody th").first().waitFor();
  const { transactions: first } = await world.call("transactions.list", { filter: { organisation: null, state: null, search: null }, offset: 0, limit: 1 });
  return await measure(world, page, "transactions (SQLite)", grid, (row) => (row === 0 ? first[0].title : "Kestrel Logistics"));
}

const browser = await launchBrowser();
const bridge = await startBridge(resolve(binary));
const world = makeWorld({ browser, bridge, binary: resolve(binary), screenshots: false });
try {
  const measured = [];
  for (const bench of [fileRows, transactions]) {
    const began = Date.now();
    const row = await bench(world);
    console.error(`${bench.name}: ${((Date.now() - began) / 1000).toFixed(0)} s`);
    if (row !== null) measured.push(row);
    await world.closePages({ quietly: true });
  }
  const names = Object.keys(measured[0] ?? {});
  for (const name of names) console.log(`${name.padEnd(24)} ${measured.map((row) => String(row[name]).padStart(24)).join(" ")}`);
} finally {
  await world.end();
  await browser.close();
}
