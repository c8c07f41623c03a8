//! An organisation as Patchbay knows it (product O1 to O3).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which Webex an organisation lives in: it selects the base addresses of every call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Environment {
    /// `webexapis.com`.
    Commercial,
    /// `api-usgov.webex.com`.
    Government,
    /// An address of one's own, for instance a sandbox. Ends in `/v1`.
    Custom { base_url: String },
    /// The built-in demo organisation: a sandbox that Patchbay starts itself.
    Demo,
}

/// Region of a contact center customer; selects the base of its configuration API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContactCenterRegion {
    Us,
    Anz,
    Uk,
    EuFrankfurt,
    Japan,
    Canada,
    Singapore,
}

/// Default calling behaviour of the organisation's users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CallingBehaviour {
    WebexApp,
    WebexAppUnifiedCm,
    Jabber,
    ThirdParty,
}

/// A change of a secret that is never sent back to the page.
#[derive(Clone, Default, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SecretEdit {
    /// Leave what is stored.
    #[default]
    Keep,
    /// Forget what is stored.
    Clear,
    /// Store this instead.
    Set { value: String },
}

impl std::fmt::Debug for SecretEdit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Keep => "Keep",
            Self::Clear => "Clear",
            Self::Set { .. } => "Set(…)",
        })
    }
}

/// A change of the extra certificate authority.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CaEdit {
    /// Leave what is stored.
    #[default]
    Keep,
    Clear,
    /// A PEM file on this computer.
    Path {
        path: String,
    },
    /// Content, where the host gives no path (a browser).
    Content {
        name: String,
        base64: String,
    },
}

/// The extra certificate authority of an organisation's network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CaFile {
    /// Name of the file it came from.
    pub name: String,
    pub certificates: u32,
}

/// What a person enters for an organisation. Texts at most 1,024 characters (document 003).
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationFields {
    pub name: String,
    pub wholesale: bool,
    pub contact_center: bool,
    /// Mandatory when `contact_center`.
    pub contact_center_region: Option<ContactCenterRegion>,
    /// Control Hub's organisation id; a pasted base64 id is accepted and converted.
    pub account_number: Option<String>,
    /// For information only.
    pub admin_email: Option<String>,
    pub http_proxy: SecretEdit,
    pub https_proxy: SecretEdit,
    #[serde(default)]
    pub ca_file: CaEdit,
    pub default_calling_behaviour: Option<CallingBehaviour>,
    /// E-mail domain for hybrid calling in workspaces.
    pub email_domain: Option<String>,
    pub directory_sync_enabled: bool,
    pub sync_on_create: bool,
    pub notes: Option<String>,
    pub environment: Environment,
}

/// One thing Patchbay asks an administrator to allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Permission {
    /// The scope on the wire.
    pub scope: String,
    /// The scope as people say it.
    pub label: String,
    /// What is off without it.
    pub feature: String,
    /// The part of Patchbay it switches on, for instance "Bulk assignment": permissions are shown grouped by it.
    pub group: String,
    /// None before any consent.
    pub granted: Option<bool>,
}

/// Whether Patchbay may work in an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ConsentState {
    /// Nobody has consented yet.
    None,
    Granted,
    /// Webex refused the refresh token, or the admin took the grant back.
    Needed {
        reason: String,
        since: String,
    },
}

/// An organisation as lists and forms show it. Times are RFC 3339 UTC.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Organisation {
    pub id: String,
    pub name: String,
    pub wholesale: bool,
    pub contact_center: bool,
    pub contact_center_region: Option<ContactCenterRegion>,
    pub account_number: Option<String>,
    /// The API's base64 id, resolved by Patchbay after consent.
    pub internal_id: Option<String>,
    pub admin_email: Option<String>,
    /// The proxy with user and password masked.
    pub http_proxy: Option<String>,
    pub https_proxy: Option<String>,
    pub ca_file: Option<CaFile>,
    pub default_calling_behaviour: Option<CallingBehaviour>,
    pub email_domain: Option<String>,
    pub directory_sync_enabled: bool,
    pub sync_on_create: bool,
    pub notes: Option<String>,
    pub environment: Environment,
    pub consent: ConsentState,
    /// The integration of the last consent; its secret stays sealed.
    pub client_id: Option<String>,
    pub has_client_secret: bool,
    pub access_token_expires_at: Option<String>,
    pub refresh_token_expires_at: Option<String>,
    pub consented_at: Option<String>,
    /// E-mail address of the administrator who consented, where Webex told it.
    pub consented_by: Option<String>,
    /// Somebody else consented than the admin account that is registered.
    pub unexpected_admin: bool,
    pub refreshed_at: Option<String>,
    /// Since when Webex has given the present refresh token; its life is from here to `refresh_token_expires_at`.
    pub refresh_token_since: Option<String>,
    /// When the access token was renewed since then, oldest first.
    pub refreshes: Vec<String>,
    /// Wanted permissions and whether each was granted; empty before the first consent.
    pub permissions: Vec<Permission>,
    pub last_sync_at: Option<String>,
    pub created_at: String,
}

/// What goes with an organisation when it is deleted (product O9).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Deletion {
    pub name: String,
    /// Copied people, and so on for the other parts of the mirror.
    pub people: u32,
    pub numbers: u32,
    pub templates: u32,
    /// Reports of past runs; they stay.
    pub reports: u32,
    pub schedules: u32,
    pub has_tokens: bool,
    /// Why it cannot be deleted now, in a sentence.
    pub blocked: Option<String>,
}

/// Format of an organisation list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ListFormat {
    Csv,
    Json,
}

/// A list of organisations to be read.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ListSource {
    Path { path: String },
    Content { name: String, base64: String },
}

/// What importing would do with one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportAction {
    Create,
    /// There is one of that name or account number whose fields differ.
    Update,
    /// There is one, and nothing differs.
    Same,
    /// The entry cannot be used; the message says why.
    Refuse,
}

/// One entry of an organisation list that is about to be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportEntry {
    /// Line of a CSV file, position in a JSON file; from 1.
    pub line: u32,
    pub name: String,
    pub action: ImportAction,
    /// Names of the fields that would change, in camelCase.
    pub changes: Vec<String>,
    /// The field it is refused for, in camelCase; None where it is the row as a whole.
    pub field: Option<String>,
    /// Why it is refused.
    pub message: Option<String>,
}

/// What importing a list would do, or has done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportPlan {
    pub entries: Vec<ImportEntry>,
    /// Columns or members Patchbay does not know; they are left out.
    pub unknown: Vec<String>,
}
