// What a test may use. A page that breaks the content security policy, throws, or logs an error fails its test.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { fromUi } from "./browser.mjs";
import { startBridge, startSandbox } from "./bridge.mjs";
import { smaller } from "./png.mjs";

const AXE = readFileSync(fromUi.resolve("axe-core/axe.min.js"), "utf8");
const PICTURES = process.env["PATCHBAY_PICTURES"] ?? fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const LIMIT_MS = 30_000;

/** A refusal of the command table comes as 422, which the browser logs as a failed load: expected, not an error. */
const EXPECTED = /status of 422/;
/** What the browser logs while the core is gone. */
const UNREACHABLE = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/;

export function makeWorld({ browser, bridge: started, binary, screenshots }) {
  let bridge = started;
  const contexts = [];
  const programs = [];
  const troubles = [];
  let lost = false;

  const world = {
    get url() {
      return bridge.url;
    },
    get token() {
      return bridge.token;
    },
    dataDir: started.dataDir,
    screenshots,
    size: process.env["PATCHBAY_TEST_SIZE"] === "full" ? "full" : "normal",
    bridgeLog: () => bridge.log(),

    /** Opens a page in a context of its own; `prepare` is done before the first of it is loaded. */
    async open({ path = "/", scheme = "light", size = { width: 1280, height: 800 }, reducedMotion = "reduce", prepare } = {}) {
      const context = await browser.newContext({ viewport: size, colorScheme: scheme, reducedMotion, locale: "en-GB", timezoneId: "Europe/London", permissions: ["clipboard-read", "clipboard-write"] });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(LIMIT_MS);
      page.on("pageerror", (error) => troubles.push(`thrown: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error" && !EXPECTED.test(message.text()) && !(lost && UNREACHABLE.test(message.text()))) troubles.push(`logged: ${message.text()}`);
      });
      await page.addInitScript(() => {
        window.policyViolations = [];
        document.addEventListener("securitypolicyviolation", (event) => window.policyViolations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`));
      });
      await prepare?.(page);
      await page.goto(`${bridge.url}/?token=${encodeURIComponent(bridge.token)}#${path}`);
      await page.locator("h1").first().waitFor();
      return page;
    },

    /** Goes to another address of the same page. */
    async go(page, path) {
      await page.evaluate((to) => {
        window.location.hash = `#${to}`;
      }, path);
      await page.locator("h1").first().waitFor();
    },

    /** Asks the core directly; rejects with what it refused. */
    async call(command, request = {}) {
      const answer = await fetch(`${bridge.url}/rpc`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-bridge-token": bridge.token },
        body: JSON.stringify({ command, request }),
      });
      const body = await answer.json();
      if (answer.status !== 200) throw Object.assign(new Error(`${command}: ${body.failure?.code} ${body.failure?.message}`), { failure: body.failure });
      return body.reply;
    },

    /** Keeps secrets until the bridge ends: there is no keychain here. */
    async openVault() {
      const status = await world.call("vault.status");
      if (status.state === "missing") await world.call("vault.create", { keyIn: "session", passphrase: null });
    },

    /** Waits until `check` gives something true, and gives it. */
    async until(check, what, limit = LIMIT_MS) {
      const end = Date.now() + limit;
      for (;;) {
        const found = await check();
        if (found) return found;
        if (Date.now() > end) throw new Error(`not within ${limit / 1000} s: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },

    /** No violation of any axe rule, best practices included. */
    async axe(page, where) {
      await settle(page);
      await page.evaluate(AXE);
      const violations = await page.evaluate(async () => {
        const { violations: found } = await window.axe.run(document, { resultTypes: ["violations"] });
        return found.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.slice(0, 4).map((node) => `    ${node.html.slice(0, 160)}\n      ${[...node.any, ...node.all, ...node.none].map((one) => one.message).join("; ")}`).join("\n")}`);
      });
      assert.equal(violations.length, 0, `axe on ${where}:\n${violations.join("\n")}`);
    },

    /** Waits until nothing moves: two frames, fonts there, animations over. */
    settle,

    /** A picture in docs/screenshots, only when pictures are wanted. */
    async screenshot(page, name) {
      if (!screenshots) return;
      mkdirSync(PICTURES, { recursive: true });
      await settle(page);
      writeFileSync(`${PICTURES}${name}.png`, smaller(await page.screenshot({ animations: "disabled", caret: "hide" })));
    },

    /** Ends the program and leaves its pages open; `restart` brings it back. */
    async loseCore() {
      lost = true;
      await bridge.stop();
    },

    /** Ends the program and starts it again on the same data. Pages of before are of no use then. */
    async restart() {
      await world.closePages({ quietly: true });
      await bridge.stop();
      lost = false;
      bridge = await startBridge(binary, started.dataDir);
    },

    /** A simulated Webex, ended with the suite. */
    async sandbox(seed) {
      const program = await startSandbox(binary, seed);
      programs.push(program);
      return program.facts;
    },

    /** Closes the pages of a test and judges what they logged. */
    async closePages({ quietly = false } = {}) {
      for (const context of contexts.splice(0)) {
        for (const page of context.pages()) {
          const violations = await page.evaluate(() => window.policyViolations ?? []).catch(() => []);
          troubles.push(...violations.map((one) => `content security policy: ${one}`));
        }
        await context.close();
      }
      const found = troubles.splice(0);
      if (!quietly) assert.deepEqual(found, [], "the page logged errors");
    },

    async end() {
      await world.closePages({ quietly: true });
      for (const program of programs.splice(0)) await program.end();
      await bridge.end();
    },
  };
  return world;
}

async function settle(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.allSettled(document.getAnimations().map((animation) => (animation.effect?.getComputedTiming().iterations === Infinity ? null : animation.finished)));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}
