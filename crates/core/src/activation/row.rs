//! A user as Patchbay keeps it.

use super::model::ActivationError;
use serde::{Deserialize, Serialize};

/// A row of the copy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    pub key: String,
    /// As Webex spells it.
    pub id: String,
    /// The person it was joined with.
    pub person_key: Option<String>,
    pub location: Option<String>,
    pub licence: Option<String>,
    pub service_type: Option<String>,
    pub service_id: Option<String>,
    pub extension: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    /// Webex's word.
    pub state: String,
    pub errors: Vec<ActivationError>,
    pub numbers: Vec<String>,
    pub enterprise: Option<String>,
    pub self_activated: Option<bool>,
    pub last_status_change: Option<String>,
    pub as_of: String,
}

/// A row and when Webex was asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Seen {
    #[serde(flatten)]
    pub row: Row,
    pub seen_at: String,
}
