// Made from crates/api/src/commands.rs by `cargo xtask codegen`. Do not edit.

/**
 * Whether the activation of an organisation can be shown, and if not, why and what to do.
 */
export type ActivationAvailability = { "state": "available", source: ActivationSource, } | { "state": "not_connected", reason: string, } | { "state": "permission_missing", source: ActivationSource, permissions: Array<Permission>, } | { "state": "refused", source: ActivationSource, reason: string, trackingId: string | null, } | { "state": "no_licences", asOf: string, } | { "state": "not_copied" };

/**
 * What the columns with closed sets can be filtered by, in the order of the grid's sort.
 */
export type ActivationChoices = { 
/**
 * An empty text stands for users without one.
 */
locations: Array<string>, licences: Array<string>, serviceTypes: Array<string>, };

/**
 * A column of the grid.
 */
export type ActivationColumn = "location" | "licence" | "service_type" | "service_id" | "extension" | "first_name" | "last_name" | "email" | "state" | "last_status_change" | "as_of";

/**
 * The counts of one day, as they were last known on it.
 */
export type ActivationDay = { 
/**
 * UTC, `2026-11-19`.
 */
day: string, total: number, 
/**
 * Users with an e-mail address who are past `pending_email_input`.
 */
emailEntered: number, 
/**
 * Past `pending_email_validation` and `pending_user_migration` as well.
 */
emailValidated: number, provisioned: number, };

export type ActivationDays = { organisation: string, 
/**
 * From 1 to 400; today is one. 
 */
days: number, };

/**
 * What Webex says went wrong.
 */
export type ActivationError = { code: string | null, description: string, };

export type ActivationExport = { organisation: string, view: ActivationView, 
/**
 * In the order they are to stand. 
 */
columns: Array<ActivationColumn>, path: string, kind: ExportKind, };

export type ActivationHistory = { 
/**
 * Oldest first; days on which nothing was known are left out. 
 */
days: Array<ActivationDay>, };

export type ActivationQuery = { organisation: string, view: ActivationView, offset: number, limit: number, };

export type ActivationRefresh = { organisation: string, selection: ActivationSelection, };

/**
 * Which users something is done with.
 */
export type ActivationSelection = { "kind": "keys", keys: Array<string>, } | { "kind": "view", view: ActivationView, };

/**
 * One level of the order.
 */
export type ActivationSort = { column: ActivationColumn, descending: boolean, };

/**
 * Which list of Webex tells the states.
 */
export type ActivationSource = "broadworks" | "wholesale" | "people";

/**
 * Where the activation of an organisation stands as a whole.
 */
export type ActivationStatus = { organisation: string, availability: ActivationAvailability, 
/**
 * When the last whole copy was begun.
 */
asOf: string | null, total: number, 
/**
 * The four named states always, in the order of the way; then any other that somebody has.
 */
states: Array<StateCount>, 
/**
 * Without an e-mail address, or in `pending_email_input`: they have not begun and have not installed the app.
 */
notBegun: number, 
/**
 * On the way (`pending_email_validation`, `pending_user_migration`, `provisioning`, `updating`), and in one state for longer
 * than [`STUCK_DAYS`].
 */
stuck: number, choices: ActivationChoices, 
/**
 * The transaction of a copy of all that is under way.
 */
syncing: string | null, 
/**
 * The transaction of a refresh of several users that is under way.
 */
refreshing: string | null, };

export type ActivationText = { organisation: string, selection: ActivationSelection, 
/**
 * In the order they are to stand. 
 */
columns: Array<ActivationColumn>, 
/**
 * Gives selected keys their order. 
 */
view: ActivationView, };

/**
 * One licensed user.
 */
export type ActivationUser = { 
/**
 * Of the subscriber, or of the person where people are the source.
 */
key: string, location: string | null, licence: string | null, serviceType: string | null, serviceId: string | null, extension: string | null, firstName: string | null, lastName: string | null, email: string | null, 
/**
 * Webex's word.
 */
state: string, errors: Array<ActivationError>, lastStatusChange: string | null, 
/**
 * Service provider and enterprise of BroadWorks, or the wholesale customer.
 */
enterprise: string | null, numbers: Array<string>, selfActivated: boolean | null, stuck: boolean, nudge: Nudge | null, 
/**
 * When Webex told this.
 */
asOf: string, };

export type ActivationUserId = { organisation: string, key: string, };

/**
 * Which users, in which order. Everything that is set must hold.
 */
export type ActivationView = { state: string | null, 
/**
 * Every word of it in some column but the times, whatever its case and accents.
 */
search: string | null, 
/**
 * The whole value; an empty text for users without one.
 */
location: string | null, licence: string | null, serviceType: string | null, 
/**
 * Part of the value, whatever its case and accents.
 */
serviceId: string | null, extension: string | null, firstName: string | null, lastName: string | null, email: string | null, 
/**
 * Only those who are stuck.
 */
stuck: boolean, 
/**
 * First level first; at most four. Natural order (9 before 10); users without the value last, also where it descends.
 */
sort: Array<ActivationSort>, };

/**
 * A window of users.
 */
export type ActivationWindow = { total: number, users: Array<ActivationUser>, };

/**
 * A postal address as Webex keeps it.
 */
export type Address = { addressLine1: string | null, addressLine2: string | null, city: string | null, stateOrProvince: string | null, zipOrPostalCode: string | null, 
/**
 * Two letters of ISO 3166-1.
 */
country: string | null, };

export type AppInfo = { version: string, dataDir: string, logDir: string, 
/**
 * Whether anything is set up yet: organisations or templates.
 */
firstRun: boolean, who: string, 
/**
 * The backup that the next start puts in the place of the present data.
 */
restoreWaiting: RestoreWaiting | null, };

export type AttemptId = { attempt: string, };

/**
 * Where an attempt stands.
 */
export type AttemptState = { "state": "waiting_for_browser", authorizeUrl: string, } | { "state": "waiting_for_device", userCode: string, verificationUri: string, verificationUriComplete: string | null, expiresAt: string, } | { "state": "exchanging" } | { "state": "granted", missing: Array<Permission>, 
/**
 * E-mail address of the administrator who consented, where Webex told it.
 */
consentedBy: string | null, 
/**
 * It is not the admin account that is registered.
 */
unexpectedAdmin: boolean, } | { "state": "failed", failure: Failure, } | { "state": "cancelled" };

/**
 * Everything that needs attention of one organisation, most urgent first.
 */
export type Attention = { items: Array<AttentionItem>, };

/**
 * What can be done about something that needs attention.
 */
export type AttentionAction = { "kind": "notice", notice: Notice, } | { "kind": "open_activation" } | { "kind": "show_stuck" } | { "kind": "show_state", state: string, } | { "kind": "open_directory_sync", enterprise: string, } | { "kind": "open_run", template: string | null, run: string, } | { "kind": "open_transaction", transaction: string, } | { "kind": "show_licences" };

/**
 * One thing that needs attention.
 */
export type AttentionItem = { id: string, urgency: Urgency, organisation: string, organisationName: string, 
/**
 * One line.
 */
title: string, 
/**
 * Whole sentences.
 */
message: string, action: AttentionAction, };

export type AuditSaved = { path: string, entries: number, 
/**
 * Whether each entry follows from the one before. 
 */
intact: boolean, 
/**
 * Which entry does not, in a sentence. The file holds all entries nevertheless. 
 */
broken: string | null, };

/**
 * A change of the extra certificate authority.
 */
export type CaEdit = { "kind": "keep" } | { "kind": "clear" } | { "kind": "path", path: string, } | { "kind": "content", name: string, base64: string, };

/**
 * The extra certificate authority of an organisation's network.
 */
export type CaFile = { 
/**
 * Name of the file it came from.
 */
name: string, certificates: number, };

/**
 * Default calling behaviour of the organisation's users.
 */
export type CallingBehaviour = "webex_app" | "webex_app_unified_cm" | "jabber" | "third_party";

/**
 * How many rows ended for one reason.
 */
export type Cause = { code: string, title: string, rows: number, outcome: ItemState, };

/**
 * Columns of a bulk file.
 */
export type CellColumn = "ext_key" | "user_name" | "identity_uuid" | "number";

export type CellFix = { template: string, cell: CellRef, };

/**
 * One cell of a template's files.
 */
export type CellRef = { file: number, 
/**
 * Data row of the file, from 1.
 */
row: number, column: CellColumn, };

export type CellValue = { template: string, cell: CellRef, value: string, };

/**
 * What a change would do, before anything is sent.
 */
export type ChangePreview = { packagesAdded: Array<string>, packagesRemoved: Array<string>, 
/**
 * In whole sentences: what Webex will take away from the customer.
 */
destroys: Array<string>, detailsChanged: boolean, 
/**
 * What Webex's own check found wrong; empty where it found nothing.
 */
problems: Array<Remark>, 
/**
 * What Webex said in favour, and why the check could not be made where it could not.
 */
remarks: Array<Remark>, };

/**
 * The check of a template.
 */
export type Check = { template: string, 
/**
 * Grows with every edit.
 */
version: number, files: Array<FileFacts>, 
/**
 * "name", "uuid" or None where it is not clear.
 */
identity: string | null, rows: number, maxRows: number, maxBytes: number, 
/**
 * Rows with a finding, whatever it was found by.
 */
problemRows: number, 
/**
 * Of the files alone: while there is one, there is no plan.
 */
errors: number, 
/**
 * Of the files alone.
 */
warnings: number, groups: Array<IssueGroup>, 
/**
 * Issues of no row: header, encoding, size.
 */
fileIssues: Array<Issue>, 
/**
 * The last change and what taking it back would do, for instance "Fixed: 12 phone formats".
 */
undo: string | null, redo: string | null, mirror: MirrorCheck, };

/**
 * Which rows of the grid.
 */
export type CheckFilter = { problemsOnly: boolean, code: string | null, search: string | null, };

/**
 * A cell in the grid.
 */
export type CheckedCell = { column: CellColumn, value: string, segments: Array<Segment>, severity: Severity | null, edited: boolean, };

/**
 * A row in the grid.
 */
export type CheckedRow = { file: number, row: number, line: number, cells: Array<CheckedCell>, issues: Array<Issue>, };

/**
 * A window of the grid.
 */
export type CheckedRows = { total: number, 
/**
 * The version of the check these rows belong to.
 */
version: number, columns: Array<CellColumn>, rows: Array<CheckedRow>, };

/**
 * Rows in conflict with Webex for one reason.
 */
export type ConflictGroup = { code: string, title: string, count: number, 
/**
 * The first three.
 */
rows: Array<PlannedRow>, };

/**
 * What consenting brought.
 */
export type Connected = { 
/**
 * Permissions that were wanted and not granted.
 */
missing: Array<Permission>, consentedBy: string | null, unexpectedAdmin: boolean, };

/**
 * A consent attempt.
 */
export type ConsentAttempt = { id: string, organisation: string, method: ConsentMethod, state: AttemptState, };

export type ConsentBegin = { organisation: string, method: ConsentMethod, clientId: string, 
/**
 * `keep` uses the sealed one of the last consent.
 */
clientSecret: SecretEdit, 
/**
 * Port of the redirect URI; the one of the settings unless given. 
 */
port?: number, };

/**
 * How consent is given.
 */
export type ConsentMethod = "browser" | "device";

/**
 * Whether Patchbay may work in an organisation.
 */
export type ConsentState = { "state": "none" } | { "state": "granted" } | { "state": "needed", reason: string, since: string, };

/**
 * Region of a contact center customer; selects the base of its configuration API.
 */
export type ContactCenterRegion = "us" | "anz" | "uk" | "eu_frankfurt" | "japan" | "canada" | "singapore";

export type CopiedText = { 
/**
 * Tab-separated with a head, one line a user; no cell begins what a spreadsheet would calculate. 
 */
text: string, rows: number, };

export type CorrectedSave = { template: string, file: number, path: string, };

/**
 * A customer, as Webex told it last.
 */
export type Customer = { id: string, 
/**
 * None before it is provisioned.
 */
orgId: string | null, 
/**
 * Joined by Patchbay: Webex does not tell it with the customer.
 */
orgName: string | null, externalId: string | null, address: Address | null, 
/**
 * `provisioned`, `provisioned_with_errors`, `provisioning`, `updating`, `deleting`, `error`, `pending_rpl_review`, or a
 * word Patchbay does not know.
 */
status: string, packages: Array<string>, resourceDetails: Array<PackageDetail>, errors: Array<Remark>, asOf: string, 
/**
 * The transaction that follows a change of this customer until it is settled.
 */
followedBy: string | null, };

/**
 * What may be changed of a customer. The list of packages is the whole one: what is not in it is taken away.
 */
export type CustomerChange = { externalId: string, address: Address, packages: Array<string>, };

/**
 * Which customers to list.
 */
export type CustomerFilter = { 
/**
 * Matches id, org id, name, external id, city and packages.
 */
search: string | null, status: string | null, sort: CustomerSort, descending: boolean, };

export type CustomerId = { organisation: string, customer: string, };

export type CustomerQuery = { organisation: string, filter: CustomerFilter, offset: number, limit: number, };

/**
 * By what customers are sorted.
 */
export type CustomerSort = "org_name" | "external_id" | "status";

export type CustomerUpdate = { organisation: string, customer: string, change: CustomerChange, };

/**
 * A window of customers.
 */
export type CustomerWindow = { total: number, customers: Array<Customer>, 
/**
 * When the list was copied as a whole; None before the first copy.
 */
asOf: string | null, 
/**
 * All statuses there are, with how many customers have each.
 */
statuses: Array<StatusCount>, 
/**
 * The transaction of the copy that is under way.
 */
syncing: string | null, };

export type Deleted = { 
/**
 * Whether Webex took the tokens back. 
 */
revoked: boolean, };

/**
 * What goes with an organisation when it is deleted (product O9).
 */
export type Deletion = { name: string, 
/**
 * Copied people, and so on for the other parts of the mirror.
 */
people: number, numbers: number, templates: number, 
/**
 * Reports of past runs; they stay.
 */
reports: number, schedules: number, hasTokens: boolean, 
/**
 * Why it cannot be deleted now, in a sentence.
 */
blocked: string | null, };

export type DemoOpened = { organisation: string, 
/**
 * A template with the sample file of 300 rows. 
 */
template: string, };

/**
 * How much room rows and controls take.
 */
export type Density = "standard" | "compact";

/**
 * Directory synchronisation of an organisation.
 */
export type DirectorySync = { organisation: string, availability: SyncAvailability, 
/**
 * By name.
 */
enterprises: Array<Enterprise>, asOf: string | null, 
/**
 * Seconds that Webex's clock is ahead of this computer's (behind where negative), when they last met.
 */
clockAheadSeconds: number, };

export type DirectorySyncTrigger = { organisation: string, 
/**
 * Their ids. 
 */
enterprises: Array<string>, 
/**
 * The person was asked about the gates that ask. 
 */
confirmed: boolean, };

/**
 * What a change did.
 */
export type EditDone = { 
/**
 * How many cells changed.
 */
cells: number, check: Check, };

/**
 * One enterprise.
 */
export type Enterprise = { id: string, orgId: string | null, 
/**
 * Service provider and enterprise, `SP1+acme`.
 */
spEnterpriseId: string, enabled: boolean, sync: SyncState, lastStartedAt: string | null, lastEndedAt: string | null, lastSucceededAt: string | null, trackingId: string | null, counts: SyncCounts, request: SyncRequest | null, gate: SyncGate, 
/**
 * Users of it who are provisioned, as copied last; None where that is not known. Without one no synchronisation works.
 */
activated: number | null, 
/**
 * When Webex told this.
 */
asOf: string, };

export type EnterpriseId = { organisation: string, enterprise: string, };

/**
 * Which Webex an organisation lives in: it selects the base addresses of every call.
 */
export type Environment = { "kind": "commercial" } | { "kind": "government" } | { "kind": "custom", base_url: string, } | { "kind": "demo" };

/**
 * Codes the UI and the CLI branch on.
 */
export type ErrorCode = "invalid" | "not_found" | "conflict" | "consent_needed" | "vault_locked" | "vault_missing" | "unreachable" | "refused" | "file" | "storage" | "database_newer" | "port_busy" | "plan_drifted" | "internal";

/**
 * Which of the two kinds of export (product: "Exports exist in two kinds").
 */
export type ExportKind = "reimport" | "spreadsheet";

/**
 * An error as it crosses the command table.
 */
export type Failure = { code: ErrorCode, 
/**
 * Whole sentences: which object, what happened, what to do next.
 */
message: string, 
/**
 * The input field it belongs to, in camelCase.
 */
field: string | null, retryable: boolean, trackingId: string | null, };

/**
 * Facts about one file as it was read.
 */
export type FileFacts = { name: string, bytes: number, encoding: string, delimiter: string, columns: Array<string>, rows: number, };

export type FileOpen = { path: string, };

export type FileRemove = { template: string, index: number, };

export type FileSave = { path: string, };

/**
 * Where a file to be added comes from.
 */
export type FileSource = { "kind": "path", path: string, } | { "kind": "content", name: string, base64: string, };

export type FilesAdd = { template: string, files: Array<FileSource>, };

export type Folder = { path: string, 
/**
 * None where it cannot be told. 
 */
bytes: number | null, files: number, };

export type Folders = { data: Folder, logs: Folder, };

export type Found = { found: FoundCell | null, };

/**
 * A cell and where it stands in the filtered grid.
 */
export type FoundCell = { cell: CellRef, 
/**
 * Position under the filter, from 0.
 */
position: number, };

/**
 * A wait and how it ends.
 */
export type Hold = { reason: HoldReason, 
/**
 * A whole sentence.
 */
message: string, since: string, 
/**
 * When it ends by itself; None if somebody has to act.
 */
until: string | null, trackingId: string | null, };

/**
 * Why a run waits.
 */
export type HoldReason = "person" | "throttled" | "network" | "webex_trouble" | "consent" | "licences_exhausted" | "vault" | "disk";

/**
 * What importing would do with one entry.
 */
export type ImportAction = "create" | "update" | "same" | "refuse";

/**
 * One entry of an organisation list that is about to be imported.
 */
export type ImportEntry = { 
/**
 * Line of a CSV file, position in a JSON file; from 1.
 */
line: number, name: string, action: ImportAction, 
/**
 * Names of the fields that would change, in camelCase.
 */
changes: Array<string>, 
/**
 * The field it is refused for, in camelCase; None where it is the row as a whole.
 */
field: string | null, 
/**
 * Why it is refused.
 */
message: string | null, };

/**
 * What importing a list would do, or has done.
 */
export type ImportPlan = { entries: Array<ImportEntry>, 
/**
 * Columns or members Patchbay does not know; they are left out.
 */
unknown: Array<string>, };

export type Imported = { transaction: string, created: number, updated: number, 
/**
 * Differ, and were left as they are because updating was not asked for. 
 */
left: number, same: number, refused: number, };

/**
 * A finding of the check.
 */
export type Issue = { file: number | null, row: number | null, 
/**
 * Physical line of the file, from 1.
 */
line: number | null, column: CellColumn | null, 
/**
 * The spreadsheet cell, for instance "B1042".
 */
cell: string | null, 
/**
 * The value with invisible characters made visible.
 */
value: string | null, 
/**
 * Rule code of product.md, for instance "ext_key_duplicate".
 */
code: string, severity: Severity, source: IssueSource, 
/**
 * A whole sentence.
 */
message: string, relatedRows: Array<number>, 
/**
 * What a click would write, where it is certain.
 */
fix: string | null, 
/**
 * The verb on the button: "Restore +", "Trim".
 */
fixLabel: string | null, };

/**
 * All findings of one rule.
 */
export type IssueGroup = { code: string, severity: Severity, source: IssueSource, 
/**
 * Cells, or files for file-level rules.
 */
count: number, title: string, sentence: string, 
/**
 * A real value of the file and what it would become.
 */
exampleBefore: string | null, exampleAfter: string | null, 
/**
 * How many of the cells have a certain fix.
 */
fixable: number, fixLabel: string | null, };

/**
 * What a problem was found by.
 */
export type IssueSource = "file" | "mirror";

export type Issues = { issues: Array<Issue>, };

/**
 * How a row ended; `Pending` and `Sending` are still open.
 */
export type ItemState = "pending" | "sending" | "assigned" | "already_assigned" | "failed" | "skipped" | "unknown";

/**
 * Where the data key lives.
 */
export type KeyPlace = "keychain" | "passphrase" | "session";

/**
 * A licence of the organisation.
 */
export type Licence = { id: string, name: string, 
/**
 * None where Webex sets, or tells, no limit.
 */
total: number | null, consumed: number, 
/**
 * Total less consumed, never below zero; None where there is no limit.
 */
available: number | null, 
/**
 * The subscription tells licences of one name apart.
 */
subscription: string | null, 
/**
 * Named "… Calling …" and not "… Workspaces": offered first as calling licence.
 */
calling: boolean, };

/**
 * A licence chosen for a template. The name is kept so that it can be shown without the mirror.
 */
export type LicenceChoice = { id: string, name: string, };

/**
 * How many units of a licence a plan takes.
 */
export type LicenceNeed = { licence: LicenceChoice, needed: number, 
/**
 * None where Webex sets, or tells, no limit.
 */
available: number | null, sufficient: boolean, };

export type Licences = { licences: Array<Licence>, };

/**
 * Format of an organisation list.
 */
export type ListFormat = "csv" | "json";

/**
 * A list of organisations to be read.
 */
export type ListSource = { "kind": "path", path: string, } | { "kind": "content", name: string, base64: string, };

/**
 * A location of the organisation.
 */
export type Location = { id: string, name: string, 
/**
 * Only these can take calling users.
 */
callingEnabled: boolean, routingPrefix: string | null, city: string | null, country: string | null, 
/**
 * Numbers in its inventory that nobody has.
 */
freeNumbers: number, };

/**
 * A location chosen for a template.
 */
export type LocationChoice = { id: string, name: string, };

export type Locations = { locations: Array<Location>, };

/**
 * What the copy of Webex says of a template's rows.
 */
export type MirrorCheck = { "state": "no_organisation" } | { "state": "no_copy" } | { "state": "judging", asOf: string, } | { "state": "judged", asOf: string, errors: number, warnings: number, } | { "state": "failed", message: string, };

/**
 * What is mirrored.
 */
export type MirrorKind = "roles" | "licences" | "locations" | "people" | "numbers";

/**
 * How old one part of the mirror is.
 */
export type MirrorPart = { kind: MirrorKind, count: number, 
/**
 * When the last complete copy was begun; None if there never was one.
 */
asOf: string | null, };

/**
 * The mirror of one organisation.
 */
export type MirrorStatus = { organisation: string, parts: Array<MirrorPart>, 
/**
 * The oldest of the parts; None if one was never copied.
 */
asOf: string | null, 
/**
 * The transaction of a running sync.
 */
syncing: string | null, };

/**
 * A request or reply without content.
 */
export type Nothing = Record<symbol, never>;

/**
 * One warning.
 */
export type Notice = { 
/**
 * The same as long as it is the same warning: kind, organisation and, of an expiry, its date and warning day.
 */
id: string, kind: NoticeKind, urgency: Urgency, organisation: string, organisationName: string, 
/**
 * One line: "Consent of Kestrel Logistics ends in 6 days".
 */
title: string, 
/**
 * Whole sentences with the next step.
 */
message: string, 
/**
 * When what is warned of happens, or happened.
 */
at: string | null, 
/**
 * Put away by the person; it comes back with the next warning day.
 */
dismissed: boolean, };

export type NoticeIds = { ids: Array<string>, };

/**
 * What is warned of.
 */
export type NoticeKind = "consent_ends" | "consent_needed" | "permissions_missing" | "schedule_fails";

export type Notices = { notices: Array<Notice>, };

/**
 * What can be sent to somebody to get them on.
 */
export type Nudge = "consent_mail" | "activation_mail";

/**
 * An organisation as lists and forms show it. Times are RFC 3339 UTC.
 */
export type Organisation = { id: string, name: string, wholesale: boolean, contactCenter: boolean, contactCenterRegion: ContactCenterRegion | null, accountNumber: string | null, 
/**
 * The API's base64 id, resolved by Patchbay after consent.
 */
internalId: string | null, adminEmail: string | null, 
/**
 * The proxy with user and password masked.
 */
httpProxy: string | null, httpsProxy: string | null, caFile: CaFile | null, defaultCallingBehaviour: CallingBehaviour | null, emailDomain: string | null, directorySyncEnabled: boolean, syncOnCreate: boolean, notes: string | null, environment: Environment, consent: ConsentState, 
/**
 * The integration of the last consent; its secret stays sealed.
 */
clientId: string | null, hasClientSecret: boolean, accessTokenExpiresAt: string | null, refreshTokenExpiresAt: string | null, consentedAt: string | null, 
/**
 * E-mail address of the administrator who consented, where Webex told it.
 */
consentedBy: string | null, 
/**
 * Somebody else consented than the admin account that is registered.
 */
unexpectedAdmin: boolean, refreshedAt: string | null, 
/**
 * Since when Webex has given the present refresh token; its life is from here to `refresh_token_expires_at`.
 */
refreshTokenSince: string | null, 
/**
 * When the access token was renewed since then, oldest first.
 */
refreshes: Array<string>, 
/**
 * Wanted permissions and whether each was granted; empty before the first consent.
 */
permissions: Array<Permission>, lastSyncAt: string | null, createdAt: string, };

export type OrganisationCreate = { fields: OrganisationFields, };

export type OrganisationDelete = { organisation: string, 
/**
 * Takes the tokens back at Webex first; where that fails, nothing is deleted. 
 */
revoke: boolean, };

/**
 * What a person enters for an organisation. Texts at most 1,024 characters (document 003).
 */
export type OrganisationFields = { name: string, wholesale: boolean, contactCenter: boolean, 
/**
 * Mandatory when `contact_center`.
 */
contactCenterRegion: ContactCenterRegion | null, 
/**
 * Control Hub's organisation id; a pasted base64 id is accepted and converted.
 */
accountNumber: string | null, 
/**
 * For information only.
 */
adminEmail: string | null, httpProxy: SecretEdit, httpsProxy: SecretEdit, caFile: CaEdit, defaultCallingBehaviour: CallingBehaviour | null, 
/**
 * E-mail domain for hybrid calling in workspaces.
 */
emailDomain: string | null, directorySyncEnabled: boolean, syncOnCreate: boolean, notes: string | null, environment: Environment, };

/**
 * An organisation by id.
 */
export type OrganisationId = { organisation: string, };

export type OrganisationUpdate = { organisation: string, fields: OrganisationFields, };

export type Organisations = { organisations: Array<Organisation>, };

export type OrganisationsExport = { path: string, format: ListFormat, };

export type OrganisationsImport = { source: ListSource, 
/**
 * Whether organisations that are there already take the fields of the file. 
 */
update: boolean, };

export type OrganisationsImportPreview = { source: ListSource, };

/**
 * How one package of a customer stands.
 */
export type PackageDetail = { name: string, 
/**
 * `provisioned`, `provisioning`, `deleting`, `error`, or a word Patchbay does not know.
 */
status: string, warnings: Array<Remark>, errors: Array<Remark>, };

/**
 * What opens a vault. Not shown when a request is printed.
 */
export type Passphrase = string;

export type PeopleQuery = { organisation: string, search: string | null, offset: number, limit: number, };

/**
 * A window of a filtered and sorted list.
 */
export type PeopleWindow = { total: number, people: Array<Person>, };

/**
 * One thing Patchbay asks an administrator to allow.
 */
export type Permission = { 
/**
 * The scope on the wire.
 */
scope: string, 
/**
 * The scope as people say it.
 */
label: string, 
/**
 * What is off without it.
 */
feature: string, 
/**
 * The part of Patchbay it switches on, for instance "Bulk assignment": permissions are shown grouped by it.
 */
group: string, 
/**
 * None before any consent.
 */
granted: boolean | null, };

export type Permissions = { permissions: Array<Permission>, };

/**
 * A person as grids show them.
 */
export type Person = { id: string, uuid: string, displayName: string, email: string | null, extension: string | null, 
/**
 * All work numbers, the primary one first.
 */
numbers: Array<string>, location: string | null, };

/**
 * The plan of a template against the mirror. Nothing has been changed.
 */
export type Plan = { template: string, 
/**
 * Identifies exactly this plan; starting asks for it.
 */
hash: string, 
/**
 * Age of the mirror it was made from.
 */
asOf: string, rows: number, toAssign: number, already: number, leftOut: number, licences: Array<LicenceNeed>, conflicts: Array<ConflictGroup>, 
/**
 * Things that look wrong though every row is right: `rows_shifted`.
 */
warnings: Array<Issue>, perSecond: number, seconds: number, 
/**
 * Why it cannot be started; None if it can.
 */
obstacle: string | null, 
/**
 * Other runs of the organisation that are at work.
 */
running: number, };

/**
 * Which rows of a plan.
 */
export type PlanFilter = { outcome: PlannedOutcome | null, code: string | null, search: string | null, };

export type PlanRowsQuery = { template: string, filter: PlanFilter, offset: number, limit: number, };

export type PlanSave = { template: string, path: string, };

/**
 * What will happen to one row.
 */
export type PlannedOutcome = "assign" | "already_assigned" | "skip";

/**
 * One row of the plan.
 */
export type PlannedRow = { 
/**
 * Position in the plan, from 1.
 */
row: number, file: number, 
/**
 * Data row in its file.
 */
fileRow: number, extKey: string, 
/**
 * As in the file.
 */
identity: string, user: string | null, 
/**
 * As in the file.
 */
number: string | null, 
/**
 * The inventory number it became.
 */
inventoryNumber: string | null, outcome: PlannedOutcome, code: string | null, message: string | null, 
/**
 * Names of the licences it will get.
 */
licences: Array<string>, };

/**
 * A window of the plan.
 */
export type PlannedRows = { total: number, rows: Array<PlannedRow>, };

/**
 * Everything that is remembered for the person.
 */
export type Preferences = { theme: Theme, density: Density, 
/**
 * The organisation the window works in.
 */
organisation: string | null, 
/**
 * Port of the one-shot listener for browser consent. Must be in the integration's redirect URI.
 */
consentPort: number, singleLetterKeys: boolean, 
/**
 * Days before a consent ends on which Patchbay warns; each from 1 to 90, at most ten.
 */
warningDays: Array<number>, 
/**
 * Whether warnings and ended runs are told on the desktop.
 */
desktopNotifications: boolean, 
/**
 * Whether closing the window leaves Patchbay at work in the tray.
 */
keepInTray: boolean, 
/**
 * Hours between two copies of an organisation that nobody asked for; 0 for never.
 */
syncEveryHours: number, 
/**
 * Remembered view settings of pages, opaque to the core: page name to JSON text.
 */
views: { [key in string]: string }, };

export type ProblemQuery = { template: string, filter: CheckFilter, after: CellRef | null, backwards: boolean, };

/**
 * Rows done in one stretch of time, for the chart.
 */
export type RateSample = { at: string, perSecond: number, throttled: boolean, };

/**
 * A warning or error of Webex. The code is text: numbers and words have been seen.
 */
export type Remark = { code: string | null, description: string, };

/**
 * Columns that can be sorted by.
 */
export type ReportColumn = "row" | "ext_key" | "user" | "number" | "outcome" | "finished";

export type ReportExport = { run: string, path: string, kind: ExportKind, filter: ReportFilter, };

/**
 * Which rows of a report, and in what order.
 */
export type ReportFilter = { outcome: ItemState | null, code: string | null, search: string | null, sort: ReportSort | null, };

export type ReportQuery = { run: string, filter: ReportFilter, offset: number, limit: number, };

/**
 * One line of the report.
 */
export type ReportRow = { 
/**
 * Position in the run, from 1; rows of several files are counted through.
 */
row: number, extKey: string, 
/**
 * As it stands in the file: a name or a UUID.
 */
identity: string, 
/**
 * Display name in Webex where known.
 */
user: string | null, number: string | null, outcome: ItemState, code: string | null, message: string | null, 
/**
 * HTTP status and Webex code of the last answer, for instance "400 · 4202"; None if nothing was sent.
 */
answer: string | null, trackingId: string | null, startedAt: string | null, finishedAt: string | null, };

/**
 * Sort of the report; natural order for extensions.
 */
export type ReportSort = { column: ReportColumn, descending: boolean, };

/**
 * A window of report rows.
 */
export type ReportWindow = { total: number, rows: Array<ReportRow>, };

/**
 * A backup that was checked and waits for the next start, which sets the present data aside.
 */
export type RestoreWaiting = { 
/**
 * Path of the file it was taken from.
 */
file: string, 
/**
 * When the backup was made, RFC 3339 UTC; the file's own time where it is a plain copy of a database.
 */
madeAt: string, 
/**
 * By which Patchbay; None for a plain copy of a database.
 */
version: string | null, organisations: number, 
/**
 * Whether its secrets can be read with the key that is here. Otherwise its own passphrase is needed, or the
 * organisations are connected again.
 */
secrets: boolean, 
/**
 * When it was chosen, RFC 3339 UTC.
 */
chosenAt: string, };

export type Retry = { run: string, 
/**
 * Rows of the report; None for all that failed. 
 */
rows: Array<number> | null, };

export type RowsQuery = { template: string, filter: CheckFilter, offset: number, limit: number, };

export type RuleFix = { template: string, code: string, };

export type RunId = { run: string, };

/**
 * A run as the strip and the run page show it.
 */
export type RunProgress = { id: string, template: string | null, name: string, organisation: string, organisationName: string, state: RunState, hold: Hold | null, 
/**
 * What it is doing: sending, or reading everything once more at the end.
 */
verifying: boolean, rows: number, pending: number, assigned: number, already: number, failed: number, skipped: number, unknown: number, 
/**
 * Requests sent to Webex so far.
 */
requests: number, 
/**
 * Answers 429 so far.
 */
throttled: number, perSecond: number | null, secondsLeft: number | null, startedAt: string, endedAt: string | null, who: string, samples: Array<RateSample>, 
/**
 * Failed and skipped rows by code, biggest first.
 */
causes: Array<Cause>, };

/**
 * State of a run.
 */
export type RunState = "running" | "paused" | "interrupted" | "cancelled" | "completed";

export type Runs = { runs: Array<RunProgress>, };

/**
 * What one kind of sample file is keyed by.
 */
export type SampleKind = "name" | "uuid";

export type SampleSave = { kind: SampleKind, path: string, };

export type Saved = { path: string, rows: number, };

/**
 * One thing that runs by itself for one organisation.
 */
export type Schedule = { id: string, kind: ScheduleKind, organisation: string, organisationName: string, state: ScheduleState, 
/**
 * Minutes between two times; of a token refresh it is Webex's and Patchbay's rule and cannot be set.
 */
everyMinutes: number, lastStartedAt: string | null, lastEndedAt: string | null, lastOutcome: ScheduleOutcome | null, lastMessage: string | null, lastTransaction: string | null, 
/**
 * Failures since the last success.
 */
failures: number, };

export type ScheduleEvery = { schedule: string, 
/**
 * From 15 to 43,200 (thirty days). 
 */
everyMinutes: number, };

/**
 * Which schedules to list: by the time they are due, paused and blocked ones last.
 */
export type ScheduleFilter = { organisation: string | null, kind: ScheduleKind | null, 
/**
 * Only those whose last time failed or that are blocked, but for organisations nobody has connected yet.
 */
troubled: boolean, 
/**
 * Part of the organisation's name.
 */
search: string | null, };

export type ScheduleId = { schedule: string, };

/**
 * What a schedule does.
 */
export type ScheduleKind = "token_refresh" | "mirror_sync" | "wholesale_sync";

/**
 * How the last time ended.
 */
export type ScheduleOutcome = "succeeded" | "failed" | "skipped";

export type ScheduleQuery = { filter: ScheduleFilter, offset: number, limit: number, };

/**
 * Where a schedule stands.
 */
export type ScheduleState = { "state": "waiting", at: string, } | { "state": "running", 
/**
 * The transaction, where it has one.
 */
transaction: string | null, } | { "state": "paused" } | { "state": "blocked", reason: string, };

/**
 * A window of schedules.
 */
export type ScheduleWindow = { total: number, schedules: Array<Schedule>, };

/**
 * A change of a secret that is never sent back to the page.
 */
export type SecretEdit = { "kind": "keep" } | { "kind": "clear" } | { "kind": "set", value: string, };

/**
 * A stretch of a cell's text.
 */
export type Segment = { text: string, 
/**
 * Spaces at the ends and invisible characters: drawn marked. `text` is then a visible stand-in.
 */
marked: boolean, 
/**
 * What the marked characters are, for the screen reader: "2 spaces", "no-break space".
 */
label: string | null, };

export type ServiceAppConnect = { organisation: string, clientId: string, clientSecret: SecretEdit, proof: ServiceAppProof, };

/**
 * How a service app proves that an administrator has authorised it in Control Hub. Not shown when a request is printed.
 */
export type ServiceAppProof = { "kind": "refresh_token", refreshToken: string, } | { "kind": "application", applicationId: string, 
/**
 * Control Hub's id of the customer; the registered account number unless given.
 */
targetOrganisation: string | null, accessToken: string, };

/**
 * How bad a problem is. Errors block the plan.
 */
export type Severity = "error" | "warning";

export type Start = { template: string, 
/**
 * The plan the person has seen. 
 */
plan: string, 
/**
 * The caller has synced just now: no second live check. 
 */
checkedLive?: boolean, };

/**
 * How many users are in a state.
 */
export type StateCount = { 
/**
 * Webex's word: `provisioned`, `pending_email_input`, `pending_email_validation`, `pending_user_migration`,
 * `provisioning`, `updating`, `error`, or one nobody knows yet.
 */
state: string, count: number, };

export type StatusCount = { status: string, customers: number, };

/**
 * One step of a transaction.
 */
export type Step = { name: string, state: TransactionState, done: number, 
/**
 * None while the end is not known.
 */
total: number | null, detail: string | null, };

export type Strip = { 
/**
 * Worst severity in each stretch of the rows, in order. 
 */
buckets: Array<Severity | null>, };

export type StripQuery = { template: string, buckets: number, };

export type Summary = { text: string, };

/**
 * Whether directory synchronisation can be shown and asked for, and if not, why.
 */
export type SyncAvailability = { "state": "available", trigger: boolean, missing: Array<Permission>, } | { "state": "not_used" } | { "state": "not_connected", reason: string, } | { "state": "permission_missing", permissions: Array<Permission>, } | { "state": "refused", reason: string, trackingId: string | null, } | { "state": "no_enterprise" } | { "state": "not_copied" };

/**
 * What a synchronisation did; None where Webex did not say.
 */
export type SyncCounts = { usersAdded: number | null, usersUpdated: number | null, usersDeleted: number | null, machinesAdded: number | null, machinesUpdated: number | null, machinesDeleted: number | null, userContactsAdded: number | null, userContactsUpdated: number | null, userContactsDeleted: number | null, orgContactsAdded: number | null, orgContactsUpdated: number | null, orgContactsDeleted: number | null, totalUsers: number | null, totalMachines: number | null, totalUserContacts: number | null, totalOrgContacts: number | null, };

export type SyncError = { code: string | null, description: string, };

/**
 * Whether a synchronisation can be asked for now.
 */
export type SyncGate = { "state": "open" } | { "state": "ask", 
/**
 * When somebody else's, or Webex's own, ended: less than 24 hours ago.
 */
endedAt: string | null, 
/**
 * When this desktop asked for one of which it is not known whether Webex still carries it out.
 */
askedAt: string | null, 
/**
 * From then on nobody is asked any more.
 */
until: string, } | { "state": "queued", askedAt: string, } | { "state": "running", startedAt: string | null, 
/**
 * This desktop asked for it, and looked for its end no longer.
 */
ours: boolean, } | { "state": "held", until: string, endedAt: string, 
/**
 * Of the 24 hours, how many seconds are over by Webex's clock.
 */
elapsedSeconds: number, } | { "state": "switched_off" } | { "state": "unknown" };

/**
 * The last synchronisation that this desktop asked for.
 */
export type SyncRequest = { at: string, who: string, transaction: string | null, 
/**
 * Webex has not begun yet, or has not ended.
 */
open: boolean, 
/**
 * What Webex tells of the last synchronisation is what came of this request.
 */
ownResult: boolean, };

export type SyncStarted = { 
/**
 * The one that was begun, or the one under way that was joined.
 */
transaction: string, 
/**
 * Another Patchbay on the data folder carries it out: this one waits for it.
 */
elsewhere: boolean, };

/**
 * What Webex says of the last synchronisation.
 */
export type SyncState = { "state": "never" } | { "state": "running", startedAt: string | null, } | { "state": "done", endedAt: string | null, } | { "state": "failed", endedAt: string | null, errors: Array<SyncError>, } | { "state": "unknown", status: string, };

/**
 * A template in the list.
 */
export type Template = { id: string, name: string, organisation: string | null, organisationName: string | null, location: LocationChoice | null, callingLicence: LicenceChoice | null, addOns: Array<LicenceChoice>, totalUsers: number, status: TemplateStatus, 
/**
 * The latest run.
 */
run: string | null, 
/**
 * Done and all rows of the latest run, for the bar.
 */
runDone: number, runRows: number, files: Array<TemplateFile>, createdAt: string, changedAt: string, };

export type TemplateCreate = { fields: TemplateFields, };

/**
 * What a person enters for a template. Organisation, location and licence may come later.
 */
export type TemplateFields = { name: string, organisation: string | null, location: LocationChoice | null, callingLicence: LicenceChoice | null, addOns: Array<LicenceChoice>, };

/**
 * A file of a template. Its bytes are kept in the database; the file on disk is never written.
 */
export type TemplateFile = { 
/**
 * Position among the template's files, from 0.
 */
index: number, name: string, 
/**
 * Where it was read from; None when it was dropped as content.
 */
path: string | null, bytes: number, sha256: string, 
/**
 * The file on disk now differs from what was read, or is gone.
 */
changedOnDisk: boolean, };

export type TemplateId = { template: string, };

export type TemplateQuery = { search: string | null, };

/**
 * Status of a template.
 */
export type TemplateStatus = "draft" | "in_progress" | "completed";

export type TemplateUpdate = { template: string, fields: TemplateFields, };

export type Templates = { templates: Array<Template>, };

/**
 * Colours of the window.
 */
export type Theme = "system" | "light" | "dark";

/**
 * A set of things that can change. Every command declares the topics it reads.
 */
export type Topic = "organisations" | "consent" | "mirror" | "bulk_assignments" | "runs" | "transactions" | "preferences" | "vault" | "schedules" | "notifications" | "wholesale" | "activation" | "directory_sync" | "backups";

/**
 * A transaction. Times are RFC 3339 UTC.
 */
export type Transaction = { id: string, kind: TransactionKind, 
/**
 * What was done, with the object: "Sync of Kestrel Logistics".
 */
title: string, organisation: string | null, organisationName: string | null, who: string, state: TransactionState, startedAt: string, endedAt: string | null, steps: Array<Step>, failure: Failure | null, trackingIds: Array<string>, 
/**
 * The run it carried out, if any.
 */
run: string | null, 
/**
 * Its failed step can be tried again.
 */
retryable: boolean, };

/**
 * Which transactions to list, newest first.
 */
export type TransactionFilter = { organisation: string | null, 
/**
 * None or empty for all.
 */
kinds: Array<TransactionKind>, state: TransactionState | null, 
/**
 * Started at or after, RFC 3339 UTC.
 */
since: string | null, 
/**
 * Started before, RFC 3339 UTC.
 */
until: string | null, 
/**
 * Matches title, organisation, who and tracking ids.
 */
search: string | null, };

export type TransactionId = { transaction: string, };

/**
 * What kind of operation.
 */
export type TransactionKind = "organisation_added" | "organisation_changed" | "organisation_removed" | "consent" | "token_refresh" | "onboarding" | "mirror_sync" | "connection_check" | "wholesale_sync" | "wholesale_change" | "activation_sync" | "activation_refresh" | "activation_mails" | "directory_sync" | "organisations_imported" | "live_check" | "bulk_assignment" | "export";

export type TransactionQuery = { filter: TransactionFilter, offset: number, limit: number, };

export type TransactionStarted = { transaction: string, };

/**
 * How a transaction or one of its steps stands.
 */
export type TransactionState = "running" | "succeeded" | "failed" | "cancelled" | "interrupted";

/**
 * A window of transactions.
 */
export type TransactionWindow = { total: number, transactions: Array<Transaction>, };

export type TransactionsExport = { path: string, filter: TransactionFilter, kind: ExportKind, };

/**
 * How soon somebody has to act.
 */
export type Urgency = "info" | "warning" | "urgent";

export type VaultChangePassphrase = { old: Passphrase, new: Passphrase, };

export type VaultCreate = { keyIn: KeyPlace, passphrase: Passphrase | null, };

export type VaultMove = { 
/**
 * The present passphrase, where the key is derived from one. 
 */
passphrase: Passphrase | null, to: KeyPlace, 
/**
 * The passphrase to be, where the key is to be derived from one. 
 */
newPassphrase: Passphrase | null, };

/**
 * Whether secrets can be read and written.
 */
export type VaultStatus = { "state": "missing", keychainProblem: string | null, } | { "state": "open", keyIn: KeyPlace, } | { "state": "locked", keyIn: KeyPlace, reason: string, };

export type VaultUnlock = { passphrase: Passphrase, };

export interface Commands {
  "app.info": { request: Nothing; reply: AppInfo };
  "app.supportBundle": { request: FileSave; reply: Saved };
  "app.folders": { request: Nothing; reply: Folders };
  "backups.save": { request: FileSave; reply: Saved };
  "backups.restore": { request: FileOpen; reply: RestoreWaiting };
  "backups.cancelRestore": { request: Nothing; reply: Nothing };
  "preferences.get": { request: Nothing; reply: Preferences };
  "preferences.set": { request: Preferences; reply: Preferences };
  "vault.status": { request: Nothing; reply: VaultStatus };
  "vault.create": { request: VaultCreate; reply: VaultStatus };
  "vault.unlock": { request: VaultUnlock; reply: VaultStatus };
  "vault.changePassphrase": { request: VaultChangePassphrase; reply: VaultStatus };
  "vault.move": { request: VaultMove; reply: VaultStatus };
  "vault.reset": { request: Nothing; reply: VaultStatus };
  "demo.open": { request: Nothing; reply: DemoOpened };
  "organisations.list": { request: Nothing; reply: Organisations };
  "organisations.get": { request: OrganisationId; reply: Organisation };
  "organisations.create": { request: OrganisationCreate; reply: Organisation };
  "organisations.update": { request: OrganisationUpdate; reply: Organisation };
  "organisations.deletion": { request: OrganisationId; reply: Deletion };
  "organisations.delete": { request: OrganisationDelete; reply: Deleted };
  "organisations.checkConnection": { request: OrganisationId; reply: TransactionStarted };
  "organisations.export": { request: OrganisationsExport; reply: Saved };
  "organisations.importPreview": { request: OrganisationsImportPreview; reply: ImportPlan };
  "organisations.import": { request: OrganisationsImport; reply: Imported };
  "consent.permissions": { request: OrganisationId; reply: Permissions };
  "consent.begin": { request: ConsentBegin; reply: ConsentAttempt };
  "consent.attempt": { request: AttemptId; reply: ConsentAttempt };
  "consent.cancel": { request: AttemptId; reply: ConsentAttempt };
  "consent.connectServiceApp": { request: ServiceAppConnect; reply: Connected };
  "consent.refresh": { request: OrganisationId; reply: Organisation };
  "schedules.list": { request: ScheduleQuery; reply: ScheduleWindow };
  "schedules.runNow": { request: ScheduleId; reply: Schedule };
  "schedules.pause": { request: ScheduleId; reply: Schedule };
  "schedules.resume": { request: ScheduleId; reply: Schedule };
  "schedules.setEvery": { request: ScheduleEvery; reply: Schedule };
  "notifications.list": { request: Nothing; reply: Notices };
  "notifications.dismiss": { request: NoticeIds; reply: Nothing };
  "notifications.unshown": { request: Nothing; reply: Notices };
  "notifications.shown": { request: NoticeIds; reply: Nothing };
  "wholesale.customers": { request: CustomerQuery; reply: CustomerWindow };
  "wholesale.customer": { request: CustomerId; reply: Customer };
  "wholesale.sync": { request: OrganisationId; reply: SyncStarted };
  "wholesale.refresh": { request: CustomerId; reply: Customer };
  "wholesale.preview": { request: CustomerUpdate; reply: ChangePreview };
  "wholesale.update": { request: CustomerUpdate; reply: TransactionStarted };
  "activation.status": { request: OrganisationId; reply: ActivationStatus };
  "activation.users": { request: ActivationQuery; reply: ActivationWindow };
  "activation.user": { request: ActivationUserId; reply: ActivationUser };
  "activation.sync": { request: OrganisationId; reply: TransactionStarted };
  "activation.refreshUser": { request: ActivationUserId; reply: ActivationUser };
  "activation.refresh": { request: ActivationRefresh; reply: TransactionStarted };
  "activation.cancelRefresh": { request: OrganisationId; reply: Nothing };
  "activation.export": { request: ActivationExport; reply: Saved };
  "activation.copyText": { request: ActivationText; reply: CopiedText };
  "activation.history": { request: ActivationDays; reply: ActivationHistory };
  "activation.sendConsentMail": { request: ActivationUserId; reply: Nothing };
  "activation.sendActivationMails": { request: OrganisationId; reply: TransactionStarted };
  "directorySync.get": { request: OrganisationId; reply: DirectorySync };
  "directorySync.refresh": { request: OrganisationId; reply: DirectorySync };
  "directorySync.trigger": { request: DirectorySyncTrigger; reply: TransactionStarted };
  "directorySync.enable": { request: EnterpriseId; reply: DirectorySync };
  "overview.attention": { request: OrganisationId; reply: Attention };
  "mirror.status": { request: OrganisationId; reply: MirrorStatus };
  "mirror.sync": { request: OrganisationId; reply: SyncStarted };
  "mirror.licences": { request: OrganisationId; reply: Licences };
  "mirror.locations": { request: OrganisationId; reply: Locations };
  "mirror.people": { request: PeopleQuery; reply: PeopleWindow };
  "bulkAssignments.list": { request: TemplateQuery; reply: Templates };
  "bulkAssignments.get": { request: TemplateId; reply: Template };
  "bulkAssignments.create": { request: TemplateCreate; reply: Template };
  "bulkAssignments.update": { request: TemplateUpdate; reply: Template };
  "bulkAssignments.duplicate": { request: TemplateId; reply: Template };
  "bulkAssignments.delete": { request: TemplateId; reply: Nothing };
  "bulkAssignments.addFiles": { request: FilesAdd; reply: Check };
  "bulkAssignments.removeFile": { request: FileRemove; reply: Check };
  "bulkAssignments.check": { request: TemplateId; reply: Check };
  "bulkAssignments.rows": { request: RowsQuery; reply: CheckedRows };
  "bulkAssignments.strip": { request: StripQuery; reply: Strip };
  "bulkAssignments.nextProblem": { request: ProblemQuery; reply: Found };
  "bulkAssignments.tryValue": { request: CellValue; reply: Issues };
  "bulkAssignments.editCell": { request: CellValue; reply: EditDone };
  "bulkAssignments.fixCell": { request: CellFix; reply: EditDone };
  "bulkAssignments.fixAll": { request: RuleFix; reply: EditDone };
  "bulkAssignments.undo": { request: TemplateId; reply: EditDone };
  "bulkAssignments.redo": { request: TemplateId; reply: EditDone };
  "bulkAssignments.saveCorrected": { request: CorrectedSave; reply: Saved };
  "bulkAssignments.saveSample": { request: SampleSave; reply: Saved };
  "bulkAssignments.plan": { request: TemplateId; reply: Plan };
  "bulkAssignments.planRows": { request: PlanRowsQuery; reply: PlannedRows };
  "bulkAssignments.savePlan": { request: PlanSave; reply: Saved };
  "bulkAssignments.start": { request: Start; reply: TransactionStarted };
  "runs.active": { request: Nothing; reply: Runs };
  "runs.get": { request: RunId; reply: RunProgress };
  "runs.report": { request: ReportQuery; reply: ReportWindow };
  "runs.pause": { request: RunId; reply: RunProgress };
  "runs.resume": { request: RunId; reply: RunProgress };
  "runs.cancel": { request: RunId; reply: RunProgress };
  "runs.retry": { request: Retry; reply: Template };
  "runs.export": { request: ReportExport; reply: Saved };
  "runs.summary": { request: RunId; reply: Summary };
  "transactions.list": { request: TransactionQuery; reply: TransactionWindow };
  "transactions.retry": { request: TransactionId; reply: TransactionStarted };
  "transactions.export": { request: TransactionsExport; reply: Saved };
  "audit.export": { request: FileSave; reply: AuditSaved };
  "transactions.get": { request: TransactionId; reply: Transaction };
}

export const reads = {
  "app.info": ["organisations", "bulk_assignments", "backups"],
  "app.supportBundle": [],
  "app.folders": [],
  "backups.save": [],
  "backups.restore": [],
  "backups.cancelRestore": [],
  "preferences.get": ["preferences"],
  "preferences.set": [],
  "vault.status": ["vault"],
  "vault.create": [],
  "vault.unlock": [],
  "vault.changePassphrase": [],
  "vault.move": [],
  "vault.reset": [],
  "demo.open": [],
  "organisations.list": ["organisations"],
  "organisations.get": ["organisations"],
  "organisations.create": [],
  "organisations.update": [],
  "organisations.deletion": ["organisations", "mirror", "bulk_assignments", "runs", "schedules"],
  "organisations.delete": [],
  "organisations.checkConnection": [],
  "organisations.export": [],
  "organisations.importPreview": [],
  "organisations.import": [],
  "consent.permissions": ["organisations"],
  "consent.begin": [],
  "consent.attempt": ["consent"],
  "consent.cancel": [],
  "consent.connectServiceApp": [],
  "consent.refresh": [],
  "schedules.list": ["schedules", "organisations", "vault"],
  "schedules.runNow": [],
  "schedules.pause": [],
  "schedules.resume": [],
  "schedules.setEvery": [],
  "notifications.list": ["notifications", "organisations", "schedules", "preferences"],
  "notifications.dismiss": [],
  "notifications.unshown": ["notifications", "organisations", "schedules", "preferences"],
  "notifications.shown": [],
  "wholesale.customers": ["wholesale"],
  "wholesale.customer": ["wholesale"],
  "wholesale.sync": [],
  "wholesale.refresh": [],
  "wholesale.preview": [],
  "wholesale.update": [],
  "activation.status": ["activation", "organisations", "mirror", "vault"],
  "activation.users": ["activation"],
  "activation.user": ["activation"],
  "activation.sync": [],
  "activation.refreshUser": [],
  "activation.refresh": [],
  "activation.cancelRefresh": [],
  "activation.export": [],
  "activation.copyText": [],
  "activation.history": ["activation"],
  "activation.sendConsentMail": [],
  "activation.sendActivationMails": [],
  "directorySync.get": ["directory_sync", "activation", "organisations", "vault"],
  "directorySync.refresh": [],
  "directorySync.trigger": [],
  "directorySync.enable": [],
  "overview.attention": ["notifications", "organisations", "schedules", "preferences", "activation", "directory_sync", "mirror", "runs", "transactions"],
  "mirror.status": ["mirror"],
  "mirror.sync": [],
  "mirror.licences": ["mirror"],
  "mirror.locations": ["mirror"],
  "mirror.people": ["mirror"],
  "bulkAssignments.list": ["bulk_assignments", "runs"],
  "bulkAssignments.get": ["bulk_assignments", "runs"],
  "bulkAssignments.create": [],
  "bulkAssignments.update": [],
  "bulkAssignments.duplicate": [],
  "bulkAssignments.delete": [],
  "bulkAssignments.addFiles": [],
  "bulkAssignments.removeFile": [],
  "bulkAssignments.check": ["bulk_assignments", "mirror"],
  "bulkAssignments.rows": ["bulk_assignments", "mirror"],
  "bulkAssignments.strip": ["bulk_assignments", "mirror"],
  "bulkAssignments.nextProblem": [],
  "bulkAssignments.tryValue": [],
  "bulkAssignments.editCell": [],
  "bulkAssignments.fixCell": [],
  "bulkAssignments.fixAll": [],
  "bulkAssignments.undo": [],
  "bulkAssignments.redo": [],
  "bulkAssignments.saveCorrected": [],
  "bulkAssignments.saveSample": [],
  "bulkAssignments.plan": ["bulk_assignments", "mirror"],
  "bulkAssignments.planRows": ["bulk_assignments", "mirror"],
  "bulkAssignments.savePlan": [],
  "bulkAssignments.start": [],
  "runs.active": ["runs"],
  "runs.get": ["runs"],
  "runs.report": ["runs"],
  "runs.pause": [],
  "runs.resume": [],
  "runs.cancel": [],
  "runs.retry": [],
  "runs.export": [],
  "runs.summary": ["runs"],
  "transactions.list": ["transactions"],
  "transactions.retry": [],
  "transactions.export": [],
  "audit.export": [],
  "transactions.get": ["transactions"],
} as const satisfies Record<keyof Commands, readonly Topic[]>;
