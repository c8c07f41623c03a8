//! Consent as people see it: permissions in words, and a running attempt (product O4, O5).

use crate::error::Failure;
use crate::organisations::model::Permission;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How consent is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsentMethod {
    /// In the browser of this desktop.
    Browser,
    /// With a code typed on any device.
    Device,
}

/// Where an attempt stands.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum AttemptState {
    /// The address is to be opened in a browser.
    WaitingForBrowser {
        authorize_url: String,
    },
    WaitingForDevice {
        user_code: String,
        verification_uri: String,
        verification_uri_complete: Option<String>,
        expires_at: String,
    },
    /// The code came back; tokens are being fetched.
    Exchanging,
    /// `missing` are permissions that were wanted and not granted.
    Granted {
        missing: Vec<Permission>,
        /// E-mail address of the administrator who consented, where Webex told it.
        consented_by: Option<String>,
        /// It is not the admin account that is registered.
        unexpected_admin: bool,
    },
    Failed {
        failure: Failure,
    },
    Cancelled,
}

/// A consent attempt.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConsentAttempt {
    pub id: String,
    pub organisation: String,
    pub method: ConsentMethod,
    pub state: AttemptState,
}

/// What consenting brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Connected {
    /// Permissions that were wanted and not granted.
    pub missing: Vec<Permission>,
    pub consented_by: Option<String>,
    pub unexpected_admin: bool,
}
