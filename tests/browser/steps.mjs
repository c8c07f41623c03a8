// Steps that more than one suite takes.

/** Fields of an organisation; with an address, one on a simulated Webex. */
export const fields = (name, base_url = null) => ({
  name,
  wholesale: false,
  contactCenter: false,
  contactCenterRegion: null,
  accountNumber: null,
  adminEmail: null,
  httpProxy: { kind: "keep" },
  httpsProxy: { kind: "keep" },
  caFile: { kind: "keep" },
  defaultCallingBehaviour: null,
  emailDomain: null,
  directorySyncEnabled: false,
  syncOnCreate: false,
  notes: null,
  environment: base_url === null ? { kind: "commercial" } : { kind: "custom", base_url },
});

/** Opens the dialog of consent on an organisation's page and fills in the integration. */
export async function fillInIntegration(page, facts) {
  await page.getByRole("button", { name: /^(Connect to Webex|Connect again|Reconnect)/ }).first().click();
  const dialog = page.getByRole("dialog", { name: /^Connect / });
  await dialog.getByText("Webex will ask the administrator to allow").waitFor();
  await dialog.getByRole("listitem").first().waitFor();
  await dialog.getByLabel("Client ID").fill(facts.client_id);
  // Once there is one, it is kept and not shown.
  const secret = dialog.locator("input[name=clientSecret]");
  if ((await secret.count()) > 0) await secret.fill(facts.client_secret);
  return dialog;
}

/** Connects by device code; waits until it is granted unless told not to. */
export async function consentByDevice(page, facts, granted = true) {
  const dialog = await fillInIntegration(page, facts);
  await dialog.getByText("With a code on any device").click();
  await dialog.getByRole("button", { name: "Get a device code" }).click();
  if (granted) await page.getByRole("dialog", { name: /is connected$/ }).waitFor();
}

/** An organisation on the simulated Webex, connected by the command table; `more` are other fields of it. */
export async function connected(world, facts, name, more = {}) {
  const { id } = await world.call("organisations.create", { fields: { ...fields(name, facts.base_url), ...more } });
  const attempt = await world.call("consent.begin", { organisation: id, method: "device", clientId: facts.client_id, clientSecret: { kind: "set", value: facts.client_secret } });
  await world.until(async () => (await world.call("consent.attempt", { attempt: attempt.id })).state.state === "granted", `${name} is connected`, 60_000);
  return id;
}

/** Waits until what follows a first consent has ended: a copy that is asked for before joins it and copies nothing. */
export const onboarded = (world, organisation) =>
  world.until(async () => (await world.call("transactions.list", { filter: { organisation, kinds: ["onboarding"], state: "succeeded", since: null, until: null, search: null }, offset: 0, limit: 1 })).total > 0, "the organisation is set up", 60_000);

/** Talks to the simulated Webex behind the application's back. */
export async function control(facts, path, body) {
  const answer = await fetch(new URL(`/_sandbox/${path}`, facts.base_url), body === null ? { method: "DELETE" } : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

/** Answers the dialog of the bridge that asks for a path on this machine. */
export async function answerPath(page, title, path, button = "Save file") {
  const dialog = page.getByRole("dialog", { name: title });
  await dialog.getByLabel("Path on this machine").fill(path);
  await dialog.getByRole("button", { name: button }).click();
  await dialog.waitFor({ state: "detached" });
}

/** Chooses one file in the browser's dialog, which `open` makes it show. */
export async function chooseFile(page, open, file) {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), open()]);
  await chooser.setFiles(file);
}

/** Puts every error of a template's files right by the command table: the fix where there is one, else a right value. */
export async function putRight(world, template) {
  const { rows } = await world.call("bulkAssignments.rows", { template, filter: { problemsOnly: true, code: null, search: null }, offset: 0, limit: 200 });
  let next = 97_000;
  for (const row of rows) {
    for (const issue of row.issues.filter((one) => one.severity === "error" && one.source === "file" && one.column !== null)) {
      const cell = { file: row.file, row: row.row, column: issue.column };
      next += 1;
      await world.call("bulkAssignments.editCell", { template, cell, value: issue.fix ?? { ext_key: String(next), user_name: "Ines Duarte", number: "" }[issue.column] });
    }
  }
}

/** The run of a template, once the live check has made it. */
export const shownRun = (world, template) => world.until(async () => (await world.call("bulkAssignments.get", { template })).run, "the run begins", 60_000);
