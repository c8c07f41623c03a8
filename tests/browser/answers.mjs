// Answers of the command table made up for a page, so that every state of it can be shown: what a simulated Webex would
// have to be brought to over a day stands here in a line. What is not made up goes to the core.

/** Answers these commands of the page: a reply, a function of the request, or `{ failure }` for a refusal. Later ones win. */
export async function answering(page, answers) {
  await page.route("**/rpc", async (route) => {
    const { command, request } = route.request().postDataJSON();
    if (!(command in answers)) return await route.fallback();
    const answer = answers[command];
    const reply = typeof answer === "function" ? await answer(request) : answer;
    if (reply?.failure === undefined) await route.fulfill({ json: { reply } });
    else await route.fulfill({ status: 422, json: { failure: { field: null, retryable: false, trackingId: null, ...reply.failure } } });
  });
}

const HOUR = 3_600_000;
/** A time this many hours from now; the page's clock is the browser's. */
export const hours = (from) => new Date(Date.now() + from * HOUR).toISOString();
/** The UTC day this many days from today. */
export const dayOf = (from) => hours(from * 24).slice(0, 10);

const STATES = { provisioned: 13_940, pending_email_input: 1114, pending_email_validation: 593, provisioning: 671 };

export function activationStatus(organisation, more = {}) {
  const states = more.states ?? STATES;
  return {
    organisation,
    availability: { state: "available", source: "broadworks" },
    asOf: hours(-0.04),
    total: Object.values(states).reduce((sum, one) => sum + one, 0),
    notBegun: states.pending_email_input ?? 0,
    stuck: 3,
    choices: { locations: ["London HQ"], licences: ["standard"], serviceTypes: ["Basic Seat"] },
    syncing: null,
    refreshing: null,
    ...more,
    states: Object.entries(states).map(([state, count]) => ({ state, count })),
  };
}

/** Counts of the last days up to these of today, growing in steps: days gone by cannot be had in a test. */
export function activationHistory(days, today = { total: 16_318, emailEntered: 15_204, emailValidated: 14_611, provisioned: 13_940 }) {
  const share = (of, part) => Math.round((of * part) / 1000);
  return {
    days: Array.from({ length: days }, (_, index) => {
      const far = days - 1 - index;
      const moved = Math.floor(far / 3) * 4 + Math.floor(far / 7) * 2;
      return {
        day: dayOf(-far),
        total: today.total - share(today.total, Math.floor(far / 9) * 7),
        emailEntered: Math.max(0, today.emailEntered - share(today.total, moved)),
        emailValidated: Math.max(0, today.emailValidated - share(today.total, moved + far / 2)),
        provisioned: Math.max(0, today.provisioned - share(today.total, moved + far)),
      };
    }),
  };
}

const licence = (name, total, consumed, calling = true) => ({ id: `id of ${name}`, name, total, consumed, available: total === null ? null : Math.max(0, total - consumed), subscription: "Sub-Kes-1", calling });
export const LICENCES = {
  licences: [
    licence("Webex Calling - Professional", 18_000, 14_806),
    licence("Webex Calling - Standard", 1600, 1512),
    licence("Customer Experience - Essential", 150, 148, false),
    licence("Webex Calling - Workspaces", 400, 231, false),
    licence("Meetings - Webex Enterprise", null, 9120, false),
    licence("Messaging", 18_000, 18_000, false),
  ],
};

/** An enterprise whose last synchronisation ended well, an age ago. */
export function enterprise(spEnterpriseId, more = {}) {
  return {
    id: `id-of-${spEnterpriseId}`,
    orgId: "org",
    spEnterpriseId,
    enabled: true,
    sync: { state: "done", endedAt: hours(-80) },
    lastStartedAt: hours(-80.2),
    lastEndedAt: hours(-80),
    lastSucceededAt: hours(-80),
    trackingId: "NA_77c0a4e2-99d1-4c1a-8a57-5f0c1be2",
    request: null,
    gate: { state: "open" },
    activated: 212,
    asOf: hours(-0.02),
    ...more,
    counts: { ...Object.fromEntries(["users", "machines", "userContacts", "orgContacts"].flatMap((of) => ["Added", "Updated", "Deleted"].map((what) => [`${of}${what}`, null]))), usersAdded: 212, usersUpdated: 38, usersDeleted: 4, totalUsers: 16_318, totalMachines: null, totalUserContacts: null, totalOrgContacts: null, ...more.counts },
  };
}

export function directorySync(organisation, enterprises, more = {}) {
  return { organisation, availability: { state: "available", trigger: true, missing: [] }, enterprises, asOf: hours(-0.02), clockAheadSeconds: 0, ...more };
}
