//! The table. A line is `"feature.verb" => Variant(Request) -> Reply, reads [topics];`
//!
//! `docs/adding-a-command.md` is the checklist.

use patchbay_core::activation::model as activation;
use patchbay_core::backups::model as backups;
use patchbay_core::bulk_assignments::model as bulk;
use patchbay_core::consent::model as consent;
use patchbay_core::directory_sync::model as directory_sync;
use patchbay_core::events::Topic;
use patchbay_core::mirror::model as mirror;
use patchbay_core::notifications::model as notifications;
use patchbay_core::organisations::model as organisations;
use patchbay_core::overview::model as overview;
use patchbay_core::runs::model as runs;
use patchbay_core::scheduler::model as scheduler;
use patchbay_core::settings::Preferences;
use patchbay_core::transactions::model as transactions;
use patchbay_core::wholesale::model as wholesale;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! request {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize, TS)]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($(#[$fdoc])* pub $field: $type),* }
    };
}

macro_rules! reply {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Serialize, TS)]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($(#[$fdoc])* pub $field: $type),* }
    };
}

/// A request or reply without content.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS)]
pub struct Nothing {}

/// What opens a vault. Not shown when a request is printed.
#[derive(Clone, Deserialize, TS)]
pub struct Passphrase(String);

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// How a service app proves that an administrator has authorised it in Control Hub. Not shown when a request is printed.
#[derive(Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ServiceAppProof {
    /// Its refresh token, copied from Control Hub or the developer portal.
    RefreshToken { refresh_token: String },
    /// A token of an integration that may fetch tokens of service apps (scope `spark:applications_token`).
    Application {
        application_id: String,
        /// Control Hub's id of the customer; the registered account number unless given.
        target_organisation: Option<String>,
        access_token: String,
    },
}

impl std::fmt::Debug for ServiceAppProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServiceAppProof(…)")
    }
}

impl From<String> for Passphrase {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<Passphrase> for secrecy::SecretString {
    fn from(passphrase: Passphrase) -> Self {
        passphrase.0.into()
    }
}

request!(/// An organisation by id.
    OrganisationId { organisation: String });
request!(OrganisationCreate {
    fields: organisations::OrganisationFields
});
request!(OrganisationUpdate {
    organisation: String,
    fields: organisations::OrganisationFields
});
request!(OrganisationDelete {
    organisation: String,
    /** Takes the tokens back at Webex first; where that fails, nothing is deleted. */
    #[serde(default)]
    revoke: bool,
});
request!(OrganisationsExport {
    path: String,
    format: organisations::ListFormat
});
request!(OrganisationsImport {
    source: organisations::ListSource,
    /** Whether organisations that are there already take the fields of the file. */
    update: bool,
});
request!(OrganisationsImportPreview {
    source: organisations::ListSource
});
request!(ServiceAppConnect {
    organisation: String,
    client_id: String,
    client_secret: organisations::SecretEdit,
    proof: ServiceAppProof,
});
request!(ConsentBegin {
    organisation: String,
    method: consent::ConsentMethod,
    client_id: String,
    /// `keep` uses the sealed one of the last consent.
    client_secret: organisations::SecretEdit,
    /** Port of the redirect URI; the one of the settings unless given. */
    #[serde(default)]
    #[ts(optional)]
    port: Option<u16>,
});
request!(AttemptId { attempt: String });
request!(PeopleQuery { organisation: String, search: Option<String>, offset: u32, limit: u32 });
request!(TemplateId { template: String });
request!(TemplateQuery { search: Option<String> });
request!(TemplateCreate {
    fields: bulk::TemplateFields
});
request!(TemplateUpdate {
    template: String,
    fields: bulk::TemplateFields
});
request!(FilesAdd { template: String, files: Vec<bulk::FileSource> });
request!(FileRemove {
    template: String,
    index: u32
});
request!(RowsQuery {
    template: String,
    filter: bulk::CheckFilter,
    offset: u32,
    limit: u32
});
request!(StripQuery {
    template: String,
    buckets: u32
});
request!(ProblemQuery { template: String, filter: bulk::CheckFilter, after: Option<bulk::CellRef>, backwards: bool });
request!(CellValue {
    template: String,
    cell: bulk::CellRef,
    value: String
});
request!(CellFix {
    template: String,
    cell: bulk::CellRef
});
request!(RuleFix {
    template: String,
    code: String
});
request!(CorrectedSave {
    template: String,
    file: u32,
    path: String
});
request!(SampleSave {
    kind: bulk::SampleKind,
    path: String
});
request!(PlanRowsQuery {
    template: String,
    filter: bulk::PlanFilter,
    offset: u32,
    limit: u32
});
request!(PlanSave {
    template: String,
    path: String
});
request!(Start {
    template: String,
    /** The plan the person has seen. */
    plan: String,
    /** The caller has synced just now: no second live check. */
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    checked_live: bool,
});
request!(RunId { run: String });
request!(ReportQuery {
    run: String,
    filter: runs::ReportFilter,
    offset: u32,
    limit: u32
});
request!(Retry { run: String, /** Rows of the report; None for all that failed. */ rows: Option<Vec<u32>> });
request!(ReportExport {
    run: String,
    path: String,
    kind: runs::ExportKind,
    filter: runs::ReportFilter
});
request!(TransactionsExport {
    path: String,
    filter: transactions::TransactionFilter,
    kind: runs::ExportKind
});
request!(ScheduleId { schedule: String });
request!(ScheduleQuery {
    filter: scheduler::ScheduleFilter,
    offset: u32,
    limit: u32
});
request!(ScheduleEvery {
    schedule: String,
    /** From 15 to 43,200 (thirty days). */
    every_minutes: u32
});
request!(NoticeIds { ids: Vec<String> });
request!(CustomerQuery {
    organisation: String,
    filter: wholesale::CustomerFilter,
    offset: u32,
    limit: u32
});
request!(CustomerId {
    organisation: String,
    customer: String
});
request!(CustomerUpdate {
    organisation: String,
    customer: String,
    change: wholesale::CustomerChange
});
request!(ActivationQuery {
    organisation: String,
    view: activation::ActivationView,
    offset: u32,
    limit: u32
});
request!(ActivationUserId {
    organisation: String,
    key: String
});
request!(ActivationRefresh {
    organisation: String,
    selection: activation::ActivationSelection
});
request!(ActivationExport {
    organisation: String,
    view: activation::ActivationView,
    /** In the order they are to stand. */
    columns: Vec<activation::ActivationColumn>,
    path: String,
    kind: runs::ExportKind,
});
request!(ActivationText {
    organisation: String,
    selection: activation::ActivationSelection,
    /** In the order they are to stand. */
    columns: Vec<activation::ActivationColumn>,
    /** Gives selected keys their order. */
    view: activation::ActivationView,
});
request!(ActivationDays {
    organisation: String,
    /** From 1 to 400; today is one. */
    days: u32
});
request!(EnterpriseId {
    organisation: String,
    enterprise: String
});
request!(DirectorySyncTrigger {
    organisation: String,
    /** Their ids. */
    enterprises: Vec<String>,
    /** The person was asked about the gates that ask. */
    confirmed: bool
});
request!(FileOpen { path: String });
request!(VaultMove { /** The present passphrase, where the key is derived from one. */ passphrase: Option<Passphrase>, to: patchbay_core::secrets::KeyPlace, /** The passphrase to be, where the key is to be derived from one. */ new_passphrase: Option<Passphrase> });
request!(TransactionId { transaction: String });
request!(TransactionQuery {
    filter: transactions::TransactionFilter,
    offset: u32,
    limit: u32
});
request!(VaultCreate { key_in: patchbay_core::secrets::KeyPlace, passphrase: Option<Passphrase> });
request!(VaultUnlock {
    passphrase: Passphrase
});
request!(VaultChangePassphrase {
    old: Passphrase,
    new: Passphrase
});
request!(FileSave { path: String });

reply!(AppInfo {
    version: String,
    data_dir: String,
    log_dir: String,
    /// Whether anything is set up yet: organisations or templates.
    first_run: bool,
    who: String,
    /// The backup that the next start puts in the place of the present data.
    restore_waiting: Option<backups::RestoreWaiting>,
});
reply!(Organisations { organisations: Vec<organisations::Organisation> });
reply!(Deleted {
    /** Whether Webex took the tokens back. */
    revoked: bool
});
reply!(Notices { notices: Vec<notifications::Notice> });
reply!(CopiedText {
    /** Tab-separated with a head, one line a user; no cell begins what a spreadsheet would calculate. */
    text: String,
    rows: u32
});
reply!(ActivationHistory {
    /** Oldest first; days on which nothing was known are left out. */
    days: Vec<activation::ActivationDay>
});
reply!(Imported {
    transaction: String,
    created: u32,
    updated: u32,
    /** Differ, and were left as they are because updating was not asked for. */
    left: u32,
    same: u32,
    refused: u32
});
reply!(Folder { path: String, /** None where it cannot be told. */ bytes: Option<f64>, files: u32 });
reply!(Folders {
    data: Folder,
    logs: Folder
});
reply!(Permissions { permissions: Vec<organisations::Permission> });
reply!(TransactionStarted { transaction: String });
reply!(SyncStarted {
    /// The one that was begun, or the one under way that was joined.
    transaction: String,
    /// Another Patchbay on the data folder carries it out: this one waits for it.
    elsewhere: bool,
});

impl From<patchbay_core::transactions::Joined> for SyncStarted {
    fn from(joined: patchbay_core::transactions::Joined) -> Self {
        Self {
            transaction: joined.transaction,
            elsewhere: joined.elsewhere,
        }
    }
}
reply!(Licences { licences: Vec<mirror::Licence> });
reply!(Locations { locations: Vec<mirror::Location> });
reply!(Templates { templates: Vec<bulk::Template> });
reply!(Strip { /** Worst severity in each stretch of the rows, in order. */ buckets: Vec<Option<bulk::Severity>> });
reply!(Found { found: Option<bulk::FoundCell> });
reply!(Issues { issues: Vec<bulk::Issue> });
reply!(Saved {
    path: String,
    rows: u32
});
reply!(Runs { runs: Vec<runs::RunProgress> });
reply!(Summary { text: String });
reply!(AuditSaved {
    path: String,
    entries: u32,
    /** Whether each entry follows from the one before. */
    intact: bool,
    /** Which entry does not, in a sentence. The file holds all entries nevertheless. */
    broken: Option<String>,
});
reply!(DemoOpened {
    organisation: String,
    /** A template with the sample file of 300 rows. */
    template: String
});

macro_rules! commands {
    ($($(#[$doc:meta])* $name:literal => $variant:ident($request:ty) -> $reply:ty, reads [$($topic:ident),*];)*) => {
        /// A command: its name and what it reads.
        #[derive(Debug, Clone, Copy)]
        pub struct Command {
            pub name: &'static str,
            /// A reply is stale once one of these was published.
            pub reads: &'static [Topic],
        }

        /// Every command there is.
        pub const COMMANDS: &[Command] = &[$(Command { name: $name, reads: &[$(Topic::$topic),*] }),*];

        /// What a dispatcher must be able to do: one method a command.
        pub trait Commands {
            $($(#[$doc])* fn $variant(&self, request: $request) -> impl Future<Output = Result<$reply, patchbay_core::Failure>> + Send;)*
        }

        impl Commands for crate::Patchbay {
            // The methods of the type itself, in `handlers`, go before those of the trait.
            $(async fn $variant(&self, request: $request) -> Result<$reply, patchbay_core::Failure> {
                Self::$variant(self, request).await
            })*
        }

        /// Carries out the command `name` with its request as JSON; the reply is JSON.
        ///
        /// # Errors
        /// `NotFound` for an unknown command, `Invalid` for a request that does not fit, else what the command says.
        pub async fn dispatch(to: &impl Commands, name: &str, request: serde_json::Value) -> Result<serde_json::Value, patchbay_core::Failure> {
            match name {
                $($name => {
                    let request: $request = serde_json::from_value(request).map_err(|error| crate::malformed(name, &error))?;
                    let reply = to.$variant(request).await?;
                    serde_json::to_value(reply).map_err(|error| crate::malformed(name, &error))
                })*
                _ => Err(crate::unknown(name)),
            }
        }

        /// The TypeScript table: request and reply by command name, and the topics each reads.
        pub fn typescript_table(config: &ts_rs::Config) -> String {
            let mut table = String::from("export interface Commands {\n");
            $(table.push_str(&format!("  {:?}: {{ request: {}; reply: {} }};\n", $name, <$request as TS>::name(config), <$reply as TS>::name(config)));)*
            table.push_str("}\n\nexport const reads = {\n");
            for command in COMMANDS {
                let topics = command.reads.iter().map(|topic| serde_json::to_string(topic).unwrap_or_default()).collect::<Vec<_>>().join(", ");
                table.push_str(&format!("  {:?}: [{topics}],\n", command.name));
            }
            table.push_str("} as const satisfies Record<keyof Commands, readonly Topic[]>;\n");
            table
        }

        /// Visits every type of the table, requests and replies.
        pub fn visit_types(visitor: &mut impl ts_rs::TypeVisitor) {
            $(visitor.visit::<$request>(); visitor.visit::<$reply>();)*
        }
    };
}

commands! {
    "app.info" => app_info(Nothing) -> AppInfo, reads [Organisations, BulkAssignments, Backups];
    "app.supportBundle" => app_support_bundle(FileSave) -> Saved, reads [];
    "app.folders" => app_folders(Nothing) -> Folders, reads [];
    /** Copies the database to a file; secrets stay sealed in it. */
    "backups.save" => backups_save(FileSave) -> Saved, reads [];
    /** Checks a backup and takes it for the next start, which sets the present data aside. */
    "backups.restore" => backups_restore(FileOpen) -> backups::RestoreWaiting, reads [];
    "backups.cancelRestore" => backups_cancel_restore(Nothing) -> Nothing, reads [];
    "preferences.get" => preferences_get(Nothing) -> Preferences, reads [Preferences];
    "preferences.set" => preferences_set(Preferences) -> Preferences, reads [];
    "vault.status" => vault_status(Nothing) -> patchbay_core::secrets::VaultStatus, reads [Vault];
    "vault.create" => vault_create(VaultCreate) -> patchbay_core::secrets::VaultStatus, reads [];
    "vault.unlock" => vault_unlock(VaultUnlock) -> patchbay_core::secrets::VaultStatus, reads [];
    "vault.changePassphrase" => vault_change_passphrase(VaultChangePassphrase) -> patchbay_core::secrets::VaultStatus, reads [];
    /** Puts the data key elsewhere: into the keychain, or behind a passphrase. */
    "vault.move" => vault_move(VaultMove) -> patchbay_core::secrets::VaultStatus, reads [];
    /** Forgets every secret whose key is lost; organisations must be connected again. */
    "vault.reset" => vault_reset(Nothing) -> patchbay_core::secrets::VaultStatus, reads [];
    "demo.open" => demo_open(Nothing) -> DemoOpened, reads [];
    "organisations.list" => organisations_list(Nothing) -> Organisations, reads [Organisations];
    "organisations.get" => organisations_get(OrganisationId) -> organisations::Organisation, reads [Organisations];
    "organisations.create" => organisations_create(OrganisationCreate) -> organisations::Organisation, reads [];
    "organisations.update" => organisations_update(OrganisationUpdate) -> organisations::Organisation, reads [];
    /** What deleting would take away. */
    "organisations.deletion" => organisations_deletion(OrganisationId) -> organisations::Deletion, reads [Organisations, Mirror, BulkAssignments, Runs, Schedules];
    "organisations.delete" => organisations_delete(OrganisationDelete) -> Deleted, reads [];
    /** Goes the way to Webex step by step; the steps are those of the transaction. */
    "organisations.checkConnection" => organisations_check_connection(OrganisationId) -> TransactionStarted, reads [];
    "organisations.export" => organisations_export(OrganisationsExport) -> Saved, reads [];
    "organisations.importPreview" => organisations_import_preview(OrganisationsImportPreview) -> organisations::ImportPlan, reads [];
    "organisations.import" => organisations_import(OrganisationsImport) -> Imported, reads [];
    "consent.permissions" => consent_permissions(OrganisationId) -> Permissions, reads [Organisations];
    "consent.begin" => consent_begin(ConsentBegin) -> consent::ConsentAttempt, reads [];
    "consent.attempt" => consent_attempt(AttemptId) -> consent::ConsentAttempt, reads [Consent];
    "consent.cancel" => consent_cancel(AttemptId) -> consent::ConsentAttempt, reads [];
    "consent.connectServiceApp" => consent_connect_service_app(ServiceAppConnect) -> consent::Connected, reads [];
    /** Renews the access token now. */
    "consent.refresh" => consent_refresh(OrganisationId) -> organisations::Organisation, reads [];
    "schedules.list" => schedules_list(ScheduleQuery) -> scheduler::ScheduleWindow, reads [Schedules, Organisations, Vault];
    "schedules.runNow" => schedules_run_now(ScheduleId) -> scheduler::Schedule, reads [];
    "schedules.pause" => schedules_pause(ScheduleId) -> scheduler::Schedule, reads [];
    "schedules.resume" => schedules_resume(ScheduleId) -> scheduler::Schedule, reads [];
    "schedules.setEvery" => schedules_set_every(ScheduleEvery) -> scheduler::Schedule, reads [];
    /** All warnings, most urgent first, dismissed ones last. */
    "notifications.list" => notifications_list(Nothing) -> Notices, reads [Notifications, Organisations, Schedules, Preferences];
    "notifications.dismiss" => notifications_dismiss(NoticeIds) -> Nothing, reads [];
    /** Warnings the desktop has not shown yet; for the host. */
    "notifications.unshown" => notifications_unshown(Nothing) -> Notices, reads [Notifications, Organisations, Schedules, Preferences];
    "notifications.shown" => notifications_shown(NoticeIds) -> Nothing, reads [];
    "wholesale.customers" => wholesale_customers(CustomerQuery) -> wholesale::CustomerWindow, reads [Wholesale];
    "wholesale.customer" => wholesale_customer(CustomerId) -> wholesale::Customer, reads [Wholesale];
    "wholesale.sync" => wholesale_sync(OrganisationId) -> SyncStarted, reads [];
    /** Asks Webex for this customer alone. */
    "wholesale.refresh" => wholesale_refresh(CustomerId) -> wholesale::Customer, reads [];
    /** What a change would do, with Webex's own check. Nothing is changed. */
    "wholesale.preview" => wholesale_preview(CustomerUpdate) -> wholesale::ChangePreview, reads [];
    /** Sends the change; the transaction follows it until Webex has settled it. */
    "wholesale.update" => wholesale_update(CustomerUpdate) -> TransactionStarted, reads [];
    "activation.status" => activation_status(OrganisationId) -> activation::ActivationStatus, reads [Activation, Organisations, Mirror, Vault];
    "activation.users" => activation_users(ActivationQuery) -> activation::ActivationWindow, reads [Activation];
    "activation.user" => activation_user(ActivationUserId) -> activation::ActivationUser, reads [Activation];
    /** Copies the states of all. */
    "activation.sync" => activation_sync(OrganisationId) -> TransactionStarted, reads [];
    /** Asks Webex for this user alone. */
    "activation.refreshUser" => activation_refresh_user(ActivationUserId) -> activation::ActivationUser, reads [];
    /** Asks Webex for each of several users. */
    "activation.refresh" => activation_refresh(ActivationRefresh) -> TransactionStarted, reads [];
    "activation.cancelRefresh" => activation_cancel_refresh(OrganisationId) -> Nothing, reads [];
    "activation.export" => activation_export(ActivationExport) -> Saved, reads [];
    "activation.copyText" => activation_copy_text(ActivationText) -> CopiedText, reads [];
    "activation.history" => activation_history(ActivationDays) -> ActivationHistory, reads [Activation];
    /** Sends the mail that asks for consent to a move; only in the state that waits for it. */
    "activation.sendConsentMail" => activation_send_consent_mail(ActivationUserId) -> Nothing, reads [];
    /** Has Webex send activation mails to everybody of the organisation who has not accepted; followed to its end. */
    "activation.sendActivationMails" => activation_send_activation_mails(OrganisationId) -> TransactionStarted, reads [];
    "directorySync.get" => directory_sync_get(OrganisationId) -> directory_sync::DirectorySync, reads [DirectorySync, Activation, Organisations, Vault];
    /** Asks Webex for the enterprises and where they stand. */
    "directorySync.refresh" => directory_sync_refresh(OrganisationId) -> directory_sync::DirectorySync, reads [];
    /** Asks Webex to synchronise; the transaction follows it to its end. */
    "directorySync.trigger" => directory_sync_trigger(DirectorySyncTrigger) -> TransactionStarted, reads [];
    /** Switches synchronisation on for an enterprise at Webex. */
    "directorySync.enable" => directory_sync_enable(EnterpriseId) -> directory_sync::DirectorySync, reads [];
    "overview.attention" => overview_attention(OrganisationId) -> overview::Attention, reads [Notifications, Organisations, Schedules, Preferences, Activation, DirectorySync, Mirror, Runs, Transactions];
    "mirror.status" => mirror_status(OrganisationId) -> mirror::MirrorStatus, reads [Mirror];
    "mirror.sync" => mirror_sync(OrganisationId) -> SyncStarted, reads [];
    "mirror.licences" => mirror_licences(OrganisationId) -> Licences, reads [Mirror];
    "mirror.locations" => mirror_locations(OrganisationId) -> Locations, reads [Mirror];
    "mirror.people" => mirror_people(PeopleQuery) -> mirror::PeopleWindow, reads [Mirror];
    "bulkAssignments.list" => bulk_assignments_list(TemplateQuery) -> Templates, reads [BulkAssignments, Runs];
    "bulkAssignments.get" => bulk_assignments_get(TemplateId) -> bulk::Template, reads [BulkAssignments, Runs];
    "bulkAssignments.create" => bulk_assignments_create(TemplateCreate) -> bulk::Template, reads [];
    "bulkAssignments.update" => bulk_assignments_update(TemplateUpdate) -> bulk::Template, reads [];
    "bulkAssignments.duplicate" => bulk_assignments_duplicate(TemplateId) -> bulk::Template, reads [];
    "bulkAssignments.delete" => bulk_assignments_delete(TemplateId) -> Nothing, reads [];
    "bulkAssignments.addFiles" => bulk_assignments_add_files(FilesAdd) -> bulk::Check, reads [];
    "bulkAssignments.removeFile" => bulk_assignments_remove_file(FileRemove) -> bulk::Check, reads [];
    "bulkAssignments.check" => bulk_assignments_check(TemplateId) -> bulk::Check, reads [BulkAssignments, Mirror];
    "bulkAssignments.rows" => bulk_assignments_rows(RowsQuery) -> bulk::CheckedRows, reads [BulkAssignments, Mirror];
    "bulkAssignments.strip" => bulk_assignments_strip(StripQuery) -> Strip, reads [BulkAssignments, Mirror];
    "bulkAssignments.nextProblem" => bulk_assignments_next_problem(ProblemQuery) -> Found, reads [];
    "bulkAssignments.tryValue" => bulk_assignments_try_value(CellValue) -> Issues, reads [];
    "bulkAssignments.editCell" => bulk_assignments_edit_cell(CellValue) -> bulk::EditDone, reads [];
    "bulkAssignments.fixCell" => bulk_assignments_fix_cell(CellFix) -> bulk::EditDone, reads [];
    "bulkAssignments.fixAll" => bulk_assignments_fix_all(RuleFix) -> bulk::EditDone, reads [];
    "bulkAssignments.undo" => bulk_assignments_undo(TemplateId) -> bulk::EditDone, reads [];
    "bulkAssignments.redo" => bulk_assignments_redo(TemplateId) -> bulk::EditDone, reads [];
    "bulkAssignments.saveCorrected" => bulk_assignments_save_corrected(CorrectedSave) -> Saved, reads [];
    "bulkAssignments.saveSample" => bulk_assignments_save_sample(SampleSave) -> Saved, reads [];
    "bulkAssignments.plan" => bulk_assignments_plan(TemplateId) -> bulk::Plan, reads [BulkAssignments, Mirror];
    "bulkAssignments.planRows" => bulk_assignments_plan_rows(PlanRowsQuery) -> bulk::PlannedRows, reads [BulkAssignments, Mirror];
    "bulkAssignments.savePlan" => bulk_assignments_save_plan(PlanSave) -> Saved, reads [];
    /** Checks live, then runs: the transaction fails with `plan_drifted` when Webex has changed since the plan was seen. */
    "bulkAssignments.start" => bulk_assignments_start(Start) -> TransactionStarted, reads [];
    "runs.active" => runs_active(Nothing) -> Runs, reads [Runs];
    "runs.get" => runs_get(RunId) -> runs::RunProgress, reads [Runs];
    "runs.report" => runs_report(ReportQuery) -> runs::ReportWindow, reads [Runs];
    "runs.pause" => runs_pause(RunId) -> runs::RunProgress, reads [];
    "runs.resume" => runs_resume(RunId) -> runs::RunProgress, reads [];
    "runs.cancel" => runs_cancel(RunId) -> runs::RunProgress, reads [];
    /** Makes a new draft of the failed rows; planning and starting it is the same way as before. */
    "runs.retry" => runs_retry(Retry) -> bulk::Template, reads [];
    "runs.export" => runs_export(ReportExport) -> Saved, reads [];
    "runs.summary" => runs_summary(RunId) -> Summary, reads [Runs];
    "transactions.list" => transactions_list(TransactionQuery) -> transactions::TransactionWindow, reads [Transactions];
    /** Tries the failed step again, and goes on from there. */
    "transactions.retry" => transactions_retry(TransactionId) -> TransactionStarted, reads [];
    "transactions.export" => transactions_export(TransactionsExport) -> Saved, reads [];
    /** Saves the log of who did what as JSON Lines, oldest first, and verifies its chain on the way. */
    "audit.export" => audit_export(FileSave) -> AuditSaved, reads [];
    "transactions.get" => transactions_get(TransactionId) -> transactions::Transaction, reads [Transactions];
}
