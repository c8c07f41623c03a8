// A core that knows 100,000 users, as the page meets it: answers `activation.*` for one organisation by the types of the
// command table, and leaves every other command to the bridge. For what a simulated Webex would take too long to make.

const LOCATIONS = ["Austin Support", "London HQ", "Manchester Depot", "Nairobi Office", "Rotterdam Port", "Singapore Hub"];
const LICENCES = ["basic", "premium", "softphone", "standard"];
const TYPES = ["Basic Metered Seat", "Basic Seat", "Smart Number Seat with Messenger"];
const FIRST = ["Adaeze", "Amina", "Bram", "Éloïse", "Ingrid", "Kwame", "Lars", "Mateus", "Nguyễn Thu", "Olena", "Shu Fen", "Siobhán", "Søren", "Yusuf"];
const LAST = ["Asante", "Bergqvist", "Bouchard", "Chong", "de Wit", "Demir", "Diallo", "El-Masri", "Ferreira", "Gallagher", "Hà", "Halvorsen", "Khumalo", "Kovalchuk"];
/** In the order of the way, then the one nobody knows yet. */
const STATES = ["provisioned", "pending_email_input", "pending_email_validation", "provisioning", "pending_user_migration", "updating", "error", "hibernating"];

export const AS_OF = "2026-11-19T14:43:00Z";
const MISSING = { first_name: "firstName", last_name: "lastName", service_type: "serviceType", service_id: "serviceId", last_status_change: "lastStatusChange", as_of: "asOf" };
const valueOf = (user, column) => user[MISSING[column] ?? column];
/** One of a list for a user, independent of what the other lists give. */
const pick = (list, number, salt) => list[(Math.imul(number + salt * 7919, 2_654_435_761) >>> 8) % list.length];

/** 85 % are provisioned; the last states are rare. */
function stateOf(number) {
  const place = (number * 7919) % 1000;
  if (place < 850) return STATES[0];
  if (place < 918) return STATES[1];
  if (place < 955) return STATES[2];
  if (place < 990) return STATES[3];
  return STATES[4 + (place % 4)];
}

function makeUser(number) {
  const state = stateOf(number);
  const first = pick(FIRST, number, 1);
  const last = pick(LAST, number, 2);
  return {
    key: `user-${number}`,
    location: number % 97 === 0 ? null : pick(LOCATIONS, number, 3),
    licence: pick(LICENCES, number, 4),
    serviceType: pick(TYPES, number, 5),
    serviceId: String(20_000_000 + number),
    extension: String(number % 5 === 0 ? number % 1000 : 1000 + (number % 40_000)),
    firstName: first,
    lastName: last,
    email: state === "pending_email_input" ? null : `${last.toLowerCase().replaceAll(/[^a-z]/g, "")}${number}@kestrel.example`,
    state,
    errors: state === "error" ? [{ code: "10022", description: "The BroadWorks UserID is already associated with an existing user." }] : [],
    lastStatusChange: number % 50 === 7 ? null : "2026-11-02T09:12:00Z",
    enterprise: "SP1+kestrel",
    numbers: [`+44 161 496 ${String(number % 10_000).padStart(4, "0")}`],
    selfActivated: number % 3 === 0,
    stuck: number % 400 === 6,
    nudge: state === "pending_user_migration" ? "consent_mail" : null,
    asOf: AS_OF,
  };
}

const fold = (text) => (text ?? "").normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function shows(user, view) {
  const whole = (wanted, value) => wanted === null || wanted === (value ?? "");
  const part = (wanted, value) => wanted === null || fold(value).includes(fold(wanted));
  return (
    whole(view.state, user.state) &&
    whole(view.location, user.location) &&
    whole(view.licence, user.licence) &&
    whole(view.serviceType, user.serviceType) &&
    part(view.serviceId, user.serviceId) &&
    part(view.extension, user.extension) &&
    part(view.firstName, user.firstName) &&
    part(view.lastName, user.lastName) &&
    part(view.email, user.email) &&
    (!view.stuck || user.stuck) &&
    (view.search === null || [user.location, user.licence, user.serviceType, user.serviceId, user.extension, user.firstName, user.lastName, user.email, user.state].some((value) => fold(value).includes(fold(view.search))))
  );
}

function compare(a, b, sort) {
  for (const { column, descending } of sort) {
    const [one, two] = [valueOf(a, column), valueOf(b, column)];
    if ((one === null) !== (two === null)) return one === null ? 1 : -1;
    const order = collator.compare(one ?? "", two ?? "");
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

/** `core.asked` is what the page asked for, in order; change `core.availability`, `core.asOf` and the like between steps. */
export function makeCore(total = 100_000) {
  const users = Array.from({ length: total }, (_, number) => makeUser(number + 1));
  let last = { key: null, rows: [] };
  const core = {
    total,
    users,
    asked: [],
    availability: { state: "available", source: "broadworks" },
    asOf: AS_OF,
    syncing: null,
    refreshing: null,
    /** Transactions that the page follows, by id. */
    transactions: {},
    /** What a command is refused with, by its name. */
    failures: {},
    /** What a reply waits for: a promise, or nothing. */
    hold: () => undefined,
    rows(view) {
      const key = JSON.stringify(view);
      if (last.key !== key) last = { key, rows: users.filter((user) => shows(user, view)).toSorted((a, b) => compare(a, b, view.sort)) };
      return last.rows;
    },
    forget() {
      last = { key: null, rows: [] };
    },
    status(organisation) {
      const counts = new Map(STATES.slice(0, 4).map((state) => [state, 0]));
      for (const { state } of users) counts.set(state, (counts.get(state) ?? 0) + 1);
      return {
        organisation,
        availability: core.availability,
        asOf: core.asOf,
        total: users.length,
        states: [...counts].map(([state, count]) => ({ state, count })),
        notBegun: users.filter((user) => user.email === null).length,
        stuck: users.filter((user) => user.stuck).length,
        choices: { locations: [...LOCATIONS, ""], licences: LICENCES, serviceTypes: TYPES },
        syncing: core.syncing,
        refreshing: core.refreshing,
      };
    },
    /** Carries out a command; undefined for one that is not its own. */
    answer(command, request) {
      if (command in core.failures) return { failure: core.failures[command] };
      switch (command) {
        case "activation.status":
          return { reply: core.status(request.organisation) };
        case "activation.users": {
          const rows = core.rows(request.view);
          return { reply: { total: rows.length, users: rows.slice(request.offset, request.offset + Math.min(request.limit, 1000)) } };
        }
        case "activation.user":
          return { reply: users.find((user) => user.key === request.key) };
        case "activation.refreshUser": {
          const user = users.find((one) => one.key === request.key);
          user.asOf = "2026-11-19T14:52:00Z";
          return { reply: user };
        }
        case "transactions.get":
          return core.transactions[request.transaction] ? { reply: core.transactions[request.transaction] } : undefined;
        default:
          return undefined;
      }
    },
    /** Stands between a page and the bridge. */
    async serve(page) {
      await page.addInitScript(() => {
        const Events = window.EventSource;
        window.EventSource = class extends Events {
          constructor(...of) {
            super(...of);
            window.coreEvents = this;
          }
        };
      });
      await page.route("**/rpc", async (route) => {
        const { command, request } = route.request().postDataJSON();
        const answer = core.answer(command, request);
        if (answer === undefined) return await route.continue();
        core.asked.push({ command, request });
        await core.hold(command, request);
        await route.fulfill(answer.failure ? { status: 422, json: { failure: answer.failure } } : { json: answer });
      });
    },
    /** Tells the page that something has changed. */
    publish: (page, topics) => page.evaluate((told) => window.coreEvents.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(told) })), topics),
  };
  return core;
}
