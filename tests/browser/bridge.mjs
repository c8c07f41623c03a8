// Programs under test: the bridge and the sandbox, each on a port of its own, each ended by its process id.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const START_LIMIT_MS = 60_000;
const UI = fileURLToPath(new URL("../../ui/dist", import.meta.url));

/** Starts a program whose first line of output is one JSON object, and waits for it. */
async function startProgram(binary, args, home) {
  const child = spawn(binary, args, {
    stdio: ["ignore", "pipe", "pipe"],
    // A home of its own, and no session bus: no keychain, no settings of whoever runs this.
    env: { PATH: process.env["PATH"], HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, XDG_RUNTIME_DIR: home, RUST_LOG: process.env["RUST_LOG"] ?? "warn" },
  });
  let said = "";
  child.stderr.on("data", (part) => {
    said = (said + part).slice(-4000);
  });
  const exited = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
  const lines = createInterface({ input: child.stdout });
  const first = new Promise((resolve) => lines.once("line", resolve));
  const limit = AbortSignal.timeout(START_LIMIT_MS);
  const line = await Promise.race([
    first,
    exited.then((code) => Promise.reject(new Error(`${args.join(" ")} ended with ${code} before it listened:\n${said}`))),
    new Promise((_, reject) => limit.addEventListener("abort", () => reject(new Error(`${args.join(" ")} did not listen within ${START_LIMIT_MS / 1000} s:\n${said}`)))),
  ]).catch((error) => {
    child.kill("SIGKILL");
    throw error;
  });
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const gone = await Promise.race([exited.then(() => true), wait(5000, false, { ref: false })]);
    if (!gone) {
      child.kill("SIGKILL");
      await exited;
    }
  };
  return { facts: JSON.parse(line), end, log: () => said };
}

/** Starts the bridge on an empty data folder, or on one that an earlier bridge has left. */
export async function startBridge(binary, left = null) {
  const dataDir = left ?? mkdtempSync(join(tmpdir(), "patchbay-browser-"));
  const program = await startProgram(binary, ["--data-dir", join(dataDir, "data"), "bridge", "--port", "0", "--ui", UI], dataDir);
  const { url, token } = program.facts;
  return {
    url: new URL(url).origin,
    token,
    dataDir,
    log: program.log,
    /** Ends the program and leaves its data. */
    stop: program.end,
    async end() {
      await program.end();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Starts a simulated Webex that approves by itself. */
export async function startSandbox(binary, seed = "demo") {
  const home = mkdtempSync(join(tmpdir(), "patchbay-sandbox-"));
  const program = await startProgram(binary, ["sandbox", "serve", "--seed", seed, "--port", "0", "--auto-consent"], home);
  return {
    facts: program.facts,
    async end() {
      await program.end();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
