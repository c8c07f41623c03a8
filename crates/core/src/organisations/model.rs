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
    pub refreshed_at: Option<String>,
    /// Wanted permissions and whether each was granted; empty before the first consent.
    pub permissions: Vec<Permission>,
    pub last_sync_at: Option<String>,
    pub created_at: String,
}
