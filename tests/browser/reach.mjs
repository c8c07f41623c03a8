// Everything can be reached: by Tab with a focus that is seen, in the smallest window, at 200 %, with long names and many
// organisations, and without motion for those who asked for none.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fields } from "./steps.mjs";

const LONG = `The ${"very ".repeat(24)}long name of a customer`;
const MANY = 500;
let organisation;
let template;

async function pages(world) {
  organisation ??= (await world.call("organisations.create", { fields: fields(LONG) })).id;
  if (template === undefined) {
    const made = await world.call("bulkAssignments.create", { fields: { name: `Move of ${LONG}`, organisation, location: null, callingLicence: null, addOns: [] } });
    const file = join(world.dataDir, `${"file-".repeat(30)}.csv`);
    writeFileSync(file, `Ext Key,User's Name,Number\n${Array.from({ length: 40 }, (_, row) => `${row % 7 === 0 ? "1x" : 2000 + row},${row === 3 ? "N".repeat(200) : `Person ${row}`},`).join("\n")}\n`);
    await world.call("bulkAssignments.addFiles", { template: made.id, files: [{ kind: "path", path: file }] });
    template = made.id;
  }
  return ["/welcome", "/overview", "/activation", "/bulk", "/bulk/new", `/bulk/${template}/upload`, `/bulk/${template}/check`, `/bulk/${template}/plan`, `/bulk/${template}/run`, `/bulk/${template}/report`, "/organisations", `/organisations/${organisation}`, "/organisations/new", "/transactions", "/schedules", "/customers", "/settings", "/nowhere"];
}

const read = (world, page, path) => world.until(async () => (await page.locator("[aria-busy=true]").count()) === 0, `${path} is read`);

/** Controls that stand partly outside of the window to the right, other than in what scrolls sideways by itself. */
function cutOff(page) {
  return page.evaluate(() => {
    const scrolls = (element) => element !== null && (["auto", "scroll"].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth ? true : scrolls(element.parentElement));
    return [...document.querySelectorAll("button, a[href], input, select, textarea")]
      .filter((control) => control.closest(".sr") === null && control.getClientRects().length > 0 && control.tabIndex >= 0)
      .filter((control) => control.getBoundingClientRect().right > window.innerWidth + 0.5 && !scrolls(control.parentElement))
      .map((control) => control.textContent.trim().slice(0, 60) || control.getAttribute("aria-label") || control.name);
  });
}

/** What has the focus: its name, whether it is marked, and whether it is in view. */
function focus(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return null;
    const marked = (element) => {
      const style = getComputedStyle(element);
      return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    };
    const box = at.getBoundingClientRect();
    const whole = { left: Math.max(0, box.left), right: Math.min(window.innerWidth, box.right), top: Math.max(0, box.top), bottom: Math.min(window.innerHeight, box.bottom) };
    const over = document.elementFromPoint((whole.left + whole.right) / 2, (whole.top + whole.bottom) / 2);
    return {
      name: `${at.tagName.toLowerCase()} ${(at.getAttribute("aria-label") || at.textContent || at.getAttribute("name") || "").trim().slice(0, 60)}`,
      // Radio buttons and switches draw the ring on what stands for them; fields on their frame.
      marked: marked(at) || marked(at.parentElement) || (at.nextElementSibling !== null && marked(at.nextElementSibling)),
      seen: whole.right > whole.left && whole.bottom > whole.top && over !== null && (at.contains(over) || over.contains(at) || at.parentElement.contains(over)),
    };
  });
}

export const suite = {
  name: "reach",
  tests: [
    [
      "Tab goes through every page and leaves it again; the focus is always marked and in view",
      async (world) => {
        const page = await world.open({ path: "/settings" });
        for (const path of await pages(world)) {
          await world.go(page, path);
          await read(world, page, path);
          await page.getByRole("link", { name: "Skip to the page" }).focus();
          const seen = new Map();
          for (let press = 0; press < 120; press += 1) {
            await page.keyboard.press("Tab");
            const at = await focus(page);
            if (at === null) break;
            if (at.name.startsWith("a Skip to the page")) break;
            seen.set(at.name, at);
            assert.ok(press < 119, `Tab does not come to an end on ${path}: ${[...seen.keys()].join(" | ")}`);
          }
          assert.ok(seen.size >= 8, `few tab stops on ${path}: ${[...seen.keys()].join(" | ")}`);
          for (const at of seen.values()) {
            assert.ok(at.marked, `no mark of the focus on ${path}: ${at.name}`);
            assert.ok(at.seen, `the focus is out of view on ${path}: ${at.name}`);
          }
        }
      },
    ],
    ...[
      ["the smallest window", { width: 1000, height: 700 }],
      ["text at 200 %", { width: 640, height: 400 }],
    ].map(([what, size]) => [
      `with long names nothing is cut off in ${what}`,
      async (world) => {
        const page = await world.open({ path: "/settings", size });
        for (const path of await pages(world)) {
          await world.go(page, path);
          await read(world, page, path);
          await world.settle(page);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.equal(wide, 0, `${path} is ${wide} px too wide`);
          assert.deepEqual(await cutOff(page), [], `controls outside of the window on ${path}`);
          assert.equal(await page.locator("h1").count(), 1, `h1 on ${path}`);
        }
      },
    ]),
    [
      "nothing moves for those who asked for no motion",
      async (world) => {
        const page = await world.open({ path: "/bulk", reducedMotion: "reduce" });
        await page.keyboard.press("Control+k");
        await page.getByRole("combobox").waitFor();
        await page.keyboard.press("Escape");
        const moving = await page.evaluate(() => document.getAnimations().filter((animation) => Number(animation.effect?.getComputedTiming().duration) > 1).map((animation) => animation.animationName ?? animation.transitionProperty));
        assert.deepEqual(moving, []);
      },
    ],
    [
      `${MANY} organisations are listed, searched and switched between`,
      async (world) => {
        for (let made = 0; made < MANY; made += 1) await world.call("organisations.create", { fields: fields(`Customer ${made}`) });
        const page = await world.open({ path: "/organisations" });
        const grid = page.getByRole("grid", { name: /organisations/i });
        await world.until(async () => Number(await grid.getAttribute("aria-rowcount")) >= MANY, "all are listed");
        assert.ok((await grid.locator("tbody tr").count()) < 90, "only the rows near the screen are drawn");
        await page.keyboard.press("/");
        await page.keyboard.type("customer 499");
        await grid.getByText("Customer 499", { exact: true }).waitFor();
        await world.until(async () => (await grid.getAttribute("aria-rowcount")) === "2", "one is found");
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
        await page.keyboard.press("Control+Shift+o");
        const picker = page.getByRole("dialog", { name: "Switch organisation" });
        await picker.getByRole("button", { name: /Customer 42\b/ }).click();
        await page.getByRole("navigation", { name: "Main" }).getByText("Customer 42", { exact: true }).waitFor();
        await page.keyboard.press("Control+k");
        await page.keyboard.type("Customer 77");
        await page.getByRole("option", { name: /Customer 77/ }).first().waitFor();
        await page.keyboard.press("Escape");
      },
    ],
  ],
};
