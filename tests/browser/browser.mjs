// The system's Chromium, driven by the playwright-core of ui/.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";

export const fromUi = createRequire(new URL("../../ui/package.json", import.meta.url));
const { chromium } = fromUi("playwright-core");

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** Starts the browser; PATCHBAY_CHROMIUM names another one. */
export async function launchBrowser() {
  const executablePath = process.env["PATCHBAY_CHROMIUM"] ?? CANDIDATES.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error("No Chromium found. Install the package chromium, or set PATCHBAY_CHROMIUM.");
  return await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=en-GB"],
  });
}
