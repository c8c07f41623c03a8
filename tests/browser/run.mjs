// The browser suites, against the real bridge.
//
//   node tests/browser/run.mjs <patchbay-cli> [--screenshots] [--only <suite>]
//
// Each suite gets a bridge of its own with an empty data folder; what is started is ended by its process id. The last
// line says how many passed and failed, and the exit status is 1 if any failed. With --screenshots the suites that
// make pictures also write docs/screenshots/.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { launchBrowser } from "./browser.mjs";
import { startBridge } from "./bridge.mjs";
import { makeWorld } from "./world.mjs";

const ORDER = ["shell", "grid", "vault", "consent", "organisations", "transactions", "schedules", "wholesale", "activation", "activation-large", "overview", "directory_sync", "warnings", "settings", "walk", "axe", "bulk", "reach", "pictures", "pictures-managing", "pictures-activation"];

const binary = process.argv[2];
const flags = process.argv.slice(3);
if (binary === undefined || !existsSync(binary)) {
  console.error("usage: node tests/browser/run.mjs <patchbay-cli with feature bridge> [--screenshots] [--only <suite>]");
  process.exit(2);
}
const screenshots = flags.includes("--screenshots");
const only = flags.includes("--only") ? flags[flags.indexOf("--only") + 1] : null;

/** The suites that exist; those of pictures only when pictures are wanted, and then alone. */
async function suites() {
  const wanted = only ? [only] : screenshots ? ORDER.filter((name) => name.startsWith("pictures")) : ORDER.filter((name) => !name.startsWith("pictures"));
  const found = [];
  for (const name of wanted) {
    const file = new URL(`./${name}.mjs`, import.meta.url);
    if (existsSync(file)) found.push((await import(file.href)).suite);
  }
  return found;
}

/** Runs a suite on a bridge of its own; how many of its tests passed and failed. */
async function run(suite, browser) {
  let bridge;
  try {
    bridge = await startBridge(resolve(binary));
  } catch (error) {
    console.log(`  FAIL the bridge does not start\n       ${error.message}`);
    return { passed: 0, failed: suite.tests.length };
  }
  const world = makeWorld({ browser, bridge, binary: resolve(binary), screenshots });
  const counts = { passed: 0, failed: 0 };
  for (const [title, test] of suite.tests) {
    const began = Date.now();
    try {
      await test(world);
      await world.closePages();
      counts.passed += 1;
      console.log(`  ok   ${title} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
      counts.failed += 1;
      console.log(`  FAIL ${title}\n       ${String(error?.stack ?? error).split("\n").slice(0, 14).join("\n       ")}`);
      await world.closePages({ quietly: true });
    }
  }
  await world.end();
  return counts;
}

let passed = 0;
let failed = 0;
const browser = await launchBrowser();
try {
  for (const suite of await suites()) {
    console.log(`\n${suite.name}`);
    const counts = await run(suite, browser);
    passed += counts.passed;
    failed += counts.failed;
  }
} finally {
  await browser.close();
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
