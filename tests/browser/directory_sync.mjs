// Directory Sync: every gate and every reason, asking for one, asking first, several enterprises, switching on, and keeping
// up with what somebody else started. What would take a day is made up; the end asks a simulated Webex.

import assert from "node:assert/strict";
import { activationStatus, answering, directorySync, enterprise, hours } from "./answers.mjs";
import { connected, fields } from "./steps.mjs";

let kestrel;

const PERMISSION = { scope: "spark-admin:broadworks_enterprises_write", label: "Synchronise directories of BroadWorks", feature: "Directory Sync", group: "Activation and directory sync", granted: false };
const asked = { at: hours(-1), who: "ingrid", transaction: "01a20297-9f08-70e0-bcfe-501d00817a3b", open: false, ownResult: false };

/** An organisation that is connected, with these enterprises; `more` are other answers. */
function answers(state, more = {}) {
  const granted = { ...kestrel, consent: { state: "granted" } };
  return {
    "organisations.list": { organisations: [granted] },
    "organisations.get": granted,
    "activation.status": activationStatus(kestrel.id),
    "activation.users": { total: 0, users: [] },
    "directorySync.get": typeof state === "function" ? state : Array.isArray(state) ? directorySync(kestrel.id, state) : state,
    ...more,
  };
}

const open = (world, given, more = {}) => world.open({ path: "/activation", ...more, prepare: async (page) => (await more.before?.(page), await answering(page, given)) });
const button = (page) => page.getByRole("button", { name: /^Directory Sync/ });
const dialogOf = (page) => page.getByRole("dialog", { name: "Directory Sync of Kestrel Logistics" });
const start = (page) => dialogOf(page).getByRole("button", { name: /^Start Directory Sync/ });
const reason = (locator) => locator.evaluate((one) => document.getElementById(one.getAttribute("aria-describedby") ?? "")?.textContent ?? null);
const focused = (locator) => locator.evaluate((one) => one === document.activeElement);

/** Makes the page read again: the organisation's topic is one of those that directory synchronisation reads. */
const tell = (world) => world.call("organisations.update", { organisation: kestrel.id, fields: { ...fields("Kestrel Logistics"), directorySyncEnabled: true, notes: String(Math.random()) } });

const HELD = (elapsedSeconds = 2400) => ({ gate: { state: "held", until: hours(24 - elapsedSeconds / 3600), endedAt: hours(-elapsedSeconds / 3600), elapsedSeconds }, sync: { state: "done", endedAt: hours(-elapsedSeconds / 3600) }, request: asked });
const FAILED = { state: "failed", endedAt: hours(-3), errors: [{ code: "6003", description: "Broadworks External Directory User Sync failed while trying to connect to Broadworks cluster." }] };

/** Gate, what the button says while it is off, the banner, what stands in the dialog. */
const GATES = [
  ["open", {}, null, null, "Can be asked for now."],
  ["ask", { gate: { state: "ask", endedAt: hours(-0.1), askedAt: null, until: hours(23.9) } }, null, "A Directory Sync that this desktop did not ask for ended", "Patchbay asks before it starts another one, until tomorrow"],
  ["queued", { gate: { state: "queued", askedAt: hours(-0.01) }, request: { ...asked, open: true } }, /^It was asked for .+; Webex has not finished it\.$/, "Directory Sync is in Webex’s queue.", "It waits in Webex’s queue."],
  ["queued, begun", { gate: { state: "queued", askedAt: hours(-0.01) }, sync: { state: "running", startedAt: hours(-0.005) }, request: { ...asked, open: true } }, /^It was asked for /, "Directory Sync is in progress.", "Webex is working on it."],
  ["running", { gate: { state: "running", startedAt: hours(-0.01), ours: false }, sync: { state: "running", startedAt: hours(-0.01) } }, /^One is in progress, started .+\.$/, "Directory Sync is in progress.", "Somebody else, or Webex itself, started it"],
  ["held", HELD(), /^Held until .+\.$/, "Directory Sync is held until", "24 hours after the last one that was asked for."],
  ["switched off", { gate: { state: "switched_off" }, enabled: false, sync: { state: "never" } }, null, null, "Webex does not synchronise this enterprise."],
  ["unknown", { gate: { state: "unknown" }, sync: { state: "never" } }, null, null, "Refresh to read its state from Webex."],
];

const REASONS = [
  [{ state: "not_used" }, "does not use directory synchronisation here.", "switch “Directory Synchronization Enabled” on", "Open the organisation"],
  [{ state: "not_connected", reason: "nobody has consented" }, "Kestrel Logistics is not connected to Webex.", "Nobody has consented.", "Connect to Webex…"],
  [{ state: "permission_missing", permissions: [PERMISSION] }, "The consent may not read the enterprises.", "Missing: Synchronise directories of BroadWorks.", "Connect to Webex…"],
  [{ state: "refused", reason: "This organisation has no BroadWorks", trackingId: "NA_1234567890abcdef" }, "Webex refused the list of enterprises.", "This organisation has no BroadWorks.", "Read enterprises"],
  [{ state: "no_enterprise" }, "Webex lists no enterprise.", "Nobody has been provisioned yet.", "Read enterprises"],
  [{ state: "not_copied" }, "The enterprises have not been read from Webex yet.", "Read them now", "Read enterprises"],
];

export const suite = {
  name: "directory_sync",
  tests: [
    ...GATES.map(([name, more, off, banner, text], index) => [
      `gate ${name}: the button, the banner and the dialog agree`,
      async (world) => {
        kestrel ??= await world.call("organisations.create", { fields: { ...fields("Kestrel Logistics"), directorySyncEnabled: true } });
        const page = await open(world, answers([enterprise("SP1+kestrel", more)]), { scheme: index % 2 === 0 ? "light" : "dark" });
        await button(page).waitFor();
        const status = page.getByRole("main").getByRole("status").filter({ hasText: "Directory Sync" });
        if (banner === null) assert.equal(await status.count(), 0);
        else await status.getByText(banner).waitFor();
        if (off === null) {
          assert.equal(await button(page).getAttribute("aria-disabled"), null);
          await button(page).press("Enter");
        } else {
          await world.until(async () => (await button(page).getAttribute("aria-disabled")) === "true", "the button is off");
          assert.match(await reason(button(page)), off);
          await button(page).press("Enter");
          assert.equal(await dialogOf(page).count(), 0, "off, it does nothing");
          await page.getByRole("button", { name: "Details of Directory Sync" }).press("Enter");
        }
        await dialogOf(page).getByText(text).waitFor();
        const may = name === "open" || name === "ask";
        assert.equal(await start(page).getAttribute("aria-disabled"), may ? null : "true");
        if (!may) assert.ok((await reason(start(page))).length > 10, "the reason is said");
        await world.axe(page, `gate ${name}`);
        await page.keyboard.press("Escape");
        await dialogOf(page).waitFor({ state: "detached" });
      },
    ]),
    [
      "held: until when, since when, what it did, and how much of the 24 hours is over",
      async (world) => {
        const page = await open(world, answers([enterprise("SP1+kestrel", HELD())]));
        const status = page.getByRole("main").getByRole("status").filter({ hasText: "Directory Sync" });
        await status.getByText(/^Directory Sync is held until tomorrow, \d\d:\d\d\.$/).waitFor();
        await status.getByText(/The last one finished (today|yesterday) at \d\d:\d\d: 212 users added, 38 updated, 4 removed\. The next manual sync can start 24 hours later; the weekly one by Webex is not affected\./).waitFor();
        await status.getByText("40 min of 24 h").waitFor();
        await status.getByRole("img", { name: "40 min of 24 hours have passed" }).waitFor();
        await page.getByRole("button", { name: "Details of Directory Sync" }).click();
        const dialog = dialogOf(page);
        assert.match(await dialog.getByRole("row").nth(1).innerText(), /^Users\s+212\s+38\s+4\s+16,318$/);
        await dialog.getByText(/by ingrid/).waitFor();
        await dialog.getByRole("link", { name: "Open transaction" }).press("Enter");
        await page.waitForURL(new RegExp(`transaction=${asked.transaction}`));
      },
    ],
    [
      "when the hold is over the core is asked, and the button comes back by itself",
      async (world) => {
        let gate = HELD(86_300);
        const page = await open(world, answers(() => directorySync(kestrel.id, [enterprise("SP1+kestrel", gate)])), { before: (one) => one.clock.install() });
        await page.getByText("Directory Sync is held until").waitFor();
        gate = {};
        await page.clock.fastForward(120_000);
        await world.until(async () => (await button(page).getAttribute("aria-disabled")) === null, "the button is on");
        await page.getByText("Directory Sync is held until").waitFor({ state: "detached" });
      },
    ],
    [
      "times are Webex’s, and a clock that is wrong is said",
      async (world) => {
        const page = await open(world, answers(directorySync(kestrel.id, [enterprise("SP1+kestrel")], { clockAheadSeconds: -7200 })));
        await button(page).click();
        await dialogOf(page).getByText("The clock of this computer is 2 h ahead of Webex’s. The times here are Webex’s.").waitFor();
      },
    ],
    ...REASONS.map(([availability, title, text, way]) => [
      `${availability.state}: why, and the way out`,
      async (world) => {
        let refreshed = 0;
        const page = await open(world, answers(directorySync(kestrel.id, [], { availability, asOf: null }), { "directorySync.refresh": () => ((refreshed += 1), directorySync(kestrel.id, [enterprise("SP1+kestrel")])) }));
        await button(page).press("Enter");
        await dialogOf(page).getByText(title).waitFor();
        await dialogOf(page).getByText(text).waitFor();
        await world.axe(page, `directory sync ${availability.state}`);
        await dialogOf(page).getByRole("button", { name: way }).press("Enter");
        if (way === "Read enterprises") {
          await dialogOf(page).getByRole("heading", { name: "SP1+kestrel" }).waitFor();
          assert.equal(refreshed, 1);
        } else {
          await page.waitForURL(new RegExp(`#/organisations/${kestrel.id}`));
        }
      },
    ]),
    [
      "a consent that may only look shows everything and says what is missing to ask",
      async (world) => {
        const page = await open(world, answers(directorySync(kestrel.id, [enterprise("SP1+kestrel")], { availability: { state: "available", trigger: false, missing: [PERMISSION] } })));
        await button(page).click();
        await dialogOf(page).getByText("The consent may look, but not ask.").waitFor();
        await dialogOf(page).getByText("Missing: Synchronise directories of BroadWorks.").waitFor();
        await dialogOf(page).getByRole("row").nth(1).waitFor();
        assert.match(await reason(start(page)), /does not allow it/);
        assert.equal(await dialogOf(page).getByRole("button", { name: /^Switch on/ }).count(), 0);
      },
    ],
    [
      "asking for one by keyboard: sent once, then in the queue with the time and who asked",
      async (world) => {
        const sent = [];
        let gate = {};
        const page = await open(world, answers(() => directorySync(kestrel.id, [enterprise("SP1+kestrel", gate)]), { "directorySync.trigger": (request) => (sent.push(request), { transaction: asked.transaction }) }));
        await button(page).press("Enter");
        await dialogOf(page).getByText("Can be asked for now.").waitFor();
        gate = { gate: { state: "queued", askedAt: hours(0) }, request: { ...asked, at: hours(0), open: true } };
        await start(page).press("Enter");
        await page.getByText("Directory Sync of SP1+kestrel asked for").waitFor();
        assert.deepEqual(sent, [{ organisation: kestrel.id, enterprises: ["id-of-SP1+kestrel"], confirmed: false }]);
        await tell(world);
        await dialogOf(page).getByText(/^ingrid asked for it today at \d\d:\d\d\. It waits in Webex’s queue\.$/).waitFor();
        await dialogOf(page).getByText("In the queue").waitFor();
        assert.equal(await start(page).getAttribute("aria-disabled"), "true");
      },
    ],
    [
      "a refusal of Webex stands where it was asked for",
      async (world) => {
        const page = await open(world, answers([enterprise("SP1+kestrel")], { "directorySync.trigger": { failure: { code: "refused", message: "SP1+kestrel cannot be synchronised: one is in progress. Try again when it has ended.", trackingId: "NA_abcdef1234567890" } } }));
        await button(page).press("Enter");
        await start(page).press("Enter");
        await dialogOf(page).getByRole("alert").getByText("one is in progress").waitFor();
        await dialogOf(page).getByRole("alert").getByRole("button", { name: "Copy tracking id" }).waitFor();
        await world.axe(page, "a refusal");
      },
    ],
    [
      "after one of somebody else it asks first; the safe answer has the focus and sends nothing",
      async (world) => {
        const sent = [];
        const page = await open(world, answers([enterprise("SP1+kestrel", GATES[1][1])], { "directorySync.trigger": (request) => (sent.push(request), { transaction: asked.transaction }) }));
        await button(page).press("Enter");
        const question = page.getByRole("alertdialog", { name: "Start another Directory Sync of SP1+kestrel?" });
        for (const answer of ["Do not start", "Start Directory Sync"]) {
          await start(page).press("Enter");
          await question.getByText(/This desktop did not ask for it: another administrator, or Webex itself, did\./).waitFor();
          assert.ok(await focused(question.getByRole("button", { name: "Do not start" })), "the safe answer has the focus");
          await world.axe(page, "asking first");
          await question.getByRole("button", { name: answer, exact: true }).press("Enter");
          await question.waitFor({ state: "detached" });
          if (answer === "Do not start") assert.deepEqual(sent, []);
        }
        await world.until(() => sent.length === 1, "it is sent");
        assert.equal(sent[0].confirmed, true);
      },
    ],
    [
      "a failed one says its code in words, Webex’s own sentence and that nobody has activated",
      async (world) => {
        const page = await open(world, answers([enterprise("SP1+kestrel", { sync: FAILED, activated: 0 })]));
        const alert = page.getByRole("main").getByRole("alert").filter({ hasText: "Directory Sync failed" });
        await alert.getByText(/^Directory Sync failed (today|yesterday) at \d\d:\d\d\.$/).waitFor();
        await alert.getByText(/6003: Webex could not reach the BroadWorks cluster of this enterprise\./).waitFor();
        await button(page).click();
        const wrong = dialogOf(page).getByRole("list", { name: "What went wrong with SP1+kestrel" });
        await wrong.getByText("6003", { exact: true }).waitFor();
        await wrong.getByText(/Webex says: Broadworks External Directory User Sync failed/).waitFor();
        await dialogOf(page).getByText("Nobody has activated yet.").waitFor();
        await world.axe(page, "a failed one");
      },
    ],
    [
      "that one activated user is needed is said beforehand, also where nothing is known",
      async (world) => {
        const page = await open(world, answers([enterprise("SP1+kestrel", { activated: null })]));
        await button(page).click();
        await dialogOf(page).getByText(/It works only when at least one licensed user has activated/).waitFor();
        assert.equal(await start(page).getAttribute("aria-disabled"), null, "it can be asked for all the same");
      },
    ],
    [
      "several enterprises: those that can be asked for are chosen together, the others say why not",
      async (world) => {
        const sent = [];
        const many = [
          enterprise("SP1+ardmore"),
          enterprise("SP1+kestrel", HELD()),
          enterprise("SP1+orchid", GATES[1][1]),
          enterprise("SP2+tern", { gate: { state: "switched_off" }, enabled: false }),
          ...Array.from({ length: 6 }, (_, index) => enterprise(`SP3+branch-${index}`)),
          enterprise("SP4+failed", { sync: FAILED }),
        ];
        const page = await open(world, answers(many, { "directorySync.trigger": (request) => (sent.push(request), { transaction: asked.transaction }) }));
        const alert = page.getByRole("main").getByRole("alert").filter({ hasText: "Directory Sync of 11 enterprises" });
        await alert.getByText(/1 failed; 1 held, the first opens tomorrow, \d\d:\d\d; 1 synchronised by somebody else or Webex itself\./).waitFor();
        await alert.getByText(/SP4\+failed: 6003: Webex could not reach the BroadWorks cluster of this enterprise\./).waitFor();
        await button(page).press("Enter");
        const dialog = dialogOf(page);
        await dialog.getByText("None chosen").waitFor();
        assert.match(await reason(start(page)), /Choose the enterprises first/);
        assert.equal(await dialog.getByRole("checkbox", { name: "Choose SP1+kestrel" }).count(), 0);
        await dialog.getByRole("checkbox", { name: "Choose all that can be asked for (9 of 11)" }).press("Space");
        await dialog.getByText("9 enterprises chosen").waitFor();
        await dialog.getByRole("checkbox", { name: "Choose SP4+failed" }).press("Space");
        const search = dialog.getByLabel("Search enterprises");
        await search.fill("branch");
        await dialog.getByRole("listitem").nth(5).waitFor();
        await world.until(async () => (await dialog.getByRole("listitem").count()) === 6, "six are found");
        await dialog.getByRole("checkbox", { name: "Choose SP3+branch-0" }).press("Space");
        await search.fill("");
        await dialog.getByText("7 enterprises chosen").waitFor();
        await dialog.getByRole("button", { name: "Show details of SP1+kestrel" }).press("Enter");
        await dialog.getByRole("row").nth(1).waitFor();
        await world.axe(page, "several enterprises");
        await dialog.getByRole("button", { name: "Start Directory Sync of 7…" }).press("Enter");
        const question = page.getByRole("alertdialog", { name: "Start another Directory Sync of SP1+orchid?" });
        await question.getByText("6 more enterprises that can be asked for without a question are started with it.").waitFor();
        await question.getByRole("button", { name: "Start Directory Sync", exact: true }).press("Enter");
        await page.getByText("Directory Sync of 7 enterprises asked for").waitFor();
        assert.deepEqual(sent, [{ organisation: kestrel.id, enterprises: ["SP1+ardmore", "SP1+orchid", ...[1, 2, 3, 4, 5].map((index) => `SP3+branch-${index}`)].map((name) => `id-of-${name}`), confirmed: true }]);
      },
    ],
    [
      "one that is switched off is switched on after a question",
      async (world) => {
        const sent = [];
        const off = enterprise("SP2+tern", { gate: { state: "switched_off" }, enabled: false, sync: { state: "never" } });
        const page = await open(world, answers([off], { "directorySync.enable": (request) => (sent.push(request), directorySync(kestrel.id, [enterprise("SP2+tern", { sync: { state: "never" } })])) }));
        await button(page).press("Enter");
        await dialogOf(page).getByRole("button", { name: "Switch on SP2+tern" }).press("Enter");
        const question = page.getByRole("alertdialog", { name: "Switch directory synchronisation of SP2+tern on?" });
        assert.ok(await focused(question.getByRole("button", { name: "Leave it off" })), "the safe answer has the focus");
        await world.axe(page, "switching on");
        await question.getByRole("button", { name: "Switch it on" }).press("Enter");
        await page.getByText("Directory synchronisation of SP2+tern is on").waitFor();
        await dialogOf(page).getByText("Can be asked for now.").waitFor();
        assert.deepEqual(sent, [{ organisation: kestrel.id, enterprise: "id-of-SP2+tern" }]);
      },
    ],
    [
      "one that somebody else started is asked about with growing pauses until it ends; an own one is not",
      async (world) => {
        let refreshed = 0;
        let state = GATES[4][1];
        const now = () => directorySync(kestrel.id, [enterprise("SP1+kestrel", state)]);
        const given = answers(now, { "directorySync.refresh": () => ((refreshed += 1), now()) });
        const page = await open(world, given, { before: (one) => one.clock.install() });
        await page.getByText("Directory Sync is in progress.").waitFor();
        await page.clock.runFor(9000);
        assert.equal(refreshed, 0);
        for (const [pause, what] of [
          [1500, 1],
          [15_500, 2],
          [22_500, 3],
        ]) {
          await page.clock.runFor(pause);
          await world.until(() => refreshed === what, `asked ${what} times`);
        }
        state = {};
        await page.clock.runFor(34_000);
        await page.getByText("Directory Sync is in progress.").waitFor({ state: "detached" });
        const asks = refreshed;
        await page.clock.runFor(300_000);
        assert.equal(refreshed, asks, "nobody asks about what has ended");
        state = GATES[2][1];
        await tell(world);
        await page.clock.runFor(1000);
        await page.getByText("Directory Sync is in Webex’s queue.").waitFor();
        await page.clock.runFor(300_000);
        assert.equal(refreshed, asks, "the core follows its own");
      },
    ],
    [
      "the palette leads to it",
      async (world) => {
        const page = await open(world, answers([enterprise("SP1+kestrel")]), { path: "/overview" });
        await page.getByRole("navigation", { name: "Main" }).getByText("Kestrel Logistics").waitFor();
        await page.keyboard.press("Control+k");
        await page.keyboard.type("directory sync");
        await page.getByRole("option", { name: /Directory Sync of Kestrel Logistics/ }).waitFor();
        await page.keyboard.press("Enter");
        await dialogOf(page).getByText("Can be asked for now.").waitFor();
      },
    ],
    [
      "the dialog can be linked to, and reads again on demand",
      async (world) => {
        let refreshed = 0;
        const two = [enterprise("SP1+ardmore"), enterprise("SP1+kestrel")];
        const page = await open(world, answers(two, { "directorySync.refresh": () => ((refreshed += 1), directorySync(kestrel.id, two)) }), { path: `/activation?directorySync=${encodeURIComponent("id-of-SP1+kestrel")}` });
        await dialogOf(page).getByRole("button", { name: "Hide details of SP1+kestrel" }).waitFor();
        assert.ok(await dialogOf(page).getByRole("checkbox", { name: "Choose SP1+kestrel" }).isChecked());
        await dialogOf(page).getByRole("button", { name: "Read the state from Webex" }).press("Enter");
        await world.until(() => refreshed === 1, "it is read");
        await page.keyboard.press("Escape");
        await dialogOf(page).waitFor({ state: "detached" });
        assert.doesNotMatch(page.url(), /directorySync/);
      },
    ],
    ...[
      [1280, 800],
      [1024, 700],
      [640, 400],
    ].map(([width, height]) => [
      `nothing is cut off at ${width} x ${height}`,
      async (world) => {
        const many = GATES.map(([, more], index) => enterprise(`SP${index}+an-enterprise-with-a-long-name-of-its-own`, more));
        const page = await open(world, answers(many), { size: { width, height } });
        await button(page).click();
        await dialogOf(page).getByRole("listitem").first().waitFor();
        const out = await dialogOf(page).evaluate((box) => [...box.querySelectorAll("*")].filter((one) => one.closest(".sr") === null && one.getClientRects().length > 0 && one.getBoundingClientRect().right > box.getBoundingClientRect().right + 0.5).map((one) => one.textContent));
        assert.deepEqual(out, []);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
        await start(page).scrollIntoViewIfNeeded();
      },
    ]),
    [
      "an organisation that does not use it leads to the field that switches it on",
      async (world) => {
        const { id } = await world.call("organisations.create", { fields: fields("Miravalle Clinics") });
        const page = await world.open({ path: `/organisations/${id}` });
        const field = page.getByLabel("Directory Synchronization Enabled");
        await page.getByText("users come from BroadWorks: their activation, Directory Sync").waitFor();
        await field.focus();
        await page.keyboard.press("Space");
        assert.ok(await field.isChecked());
        const { permissions: before } = await world.call("consent.permissions", { organisation: id });
        await page.keyboard.press("Control+s");
        await page.getByText("Miravalle Clinics saved").waitFor();
        const { permissions: after } = await world.call("consent.permissions", { organisation: id });
        const more = after.filter((one) => !before.some((old) => old.scope === one.scope));
        assert.ok(more.length > 0 && more.every((one) => one.scope.includes("broadworks")), more.map((one) => one.scope).join());
      },
    ],
    [
      "a simulated Webex: asked for, followed to its end, then held",
      async (world) => {
        const facts = await world.sandbox("awkward");
        await world.openVault();
        const id = await connected(world, facts, "Northgate Partners", { directorySyncEnabled: true });
        await world.call("preferences.set", { ...(await world.call("preferences.get")), organisation: id });
        const { enterprises } = await world.call("directorySync.refresh", { organisation: id });
        const ready = enterprises.find((one) => one.gate.state === "open" && (one.activated === null || one.activated > 0));
        assert.ok(ready, `one can be asked for: ${enterprises.map((one) => `${one.spEnterpriseId} ${one.gate.state}`).join()}`);
        const page = await world.open({ path: `/activation?directorySync=${encodeURIComponent(ready.id)}` });
        const dialog = page.getByRole("dialog", { name: "Directory Sync of Northgate Partners" });
        const own = dialog.getByRole("list", { name: "Enterprises" }).locator(":scope > li").filter({ has: page.getByRole("heading", { name: ready.spEnterpriseId, exact: true }) });
        await own.getByText("Can be asked for now.").waitFor();
        await dialog.getByRole("button", { name: /^Start Directory Sync/ }).press("Enter");
        await world.until(async () => ["queued", "held"].includes(await own.getAttribute("data-gate")), "it is asked for");
        await world.until(async () => (await own.getAttribute("data-gate")) === "held", "it has ended", 120_000);
        await own.getByText(/^Opens tomorrow, /).waitFor();
        await own.getByRole("link", { name: "Open transaction" }).waitFor();
        await own.getByRole("row").nth(1).waitFor();
        await world.axe(page, "held, of the simulated Webex");
      },
    ],
  ],
};
