//! One thing Patchbay did or tried (product O11).

use crate::error::Failure;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a transaction or one of its steps stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TransactionState {
    Running,
    Succeeded,
    Failed,
    Cancelled,
    /// Patchbay ended while it ran; what it did is known only as far as its steps say.
    Interrupted,
}

/// What kind of operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TransactionKind {
    OrganisationAdded,
    OrganisationChanged,
    OrganisationRemoved,
    Consent,
    TokenRefresh,
    /// Everything that follows a first consent: the id, roles, licences, locations, numbers.
    Onboarding,
    MirrorSync,
    ConnectionCheck,
    WholesaleSync,
    /// A change of a wholesale customer, followed until it is settled.
    WholesaleChange,
    /// A copy of how far all licensed users are.
    ActivationSync,
    /// The same for some of them.
    ActivationRefresh,
    /// Activation mails sent once more, by a job of Webex.
    ActivationMails,
    /// A directory synchronisation, followed until it is over, or switched on.
    DirectorySync,
    OrganisationsImported,
    LiveCheck,
    BulkAssignment,
    Export,
}

/// One step of a transaction.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub name: String,
    pub state: TransactionState,
    pub done: u32,
    /// None while the end is not known.
    pub total: Option<u32>,
    pub detail: Option<String>,
}

/// A transaction. Times are RFC 3339 UTC.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    pub id: String,
    pub kind: TransactionKind,
    /// What was done, with the object: "Sync of Kestrel Logistics".
    pub title: String,
    pub organisation: Option<String>,
    pub organisation_name: Option<String>,
    pub who: String,
    pub state: TransactionState,
    pub started_at: String,
    pub ended_at: Option<String>,
    pub steps: Vec<Step>,
    pub failure: Option<Failure>,
    pub tracking_ids: Vec<String>,
    /// The run it carried out, if any.
    pub run: Option<String>,
    /// Its failed step can be tried again.
    pub retryable: bool,
}

/// Which transactions to list, newest first.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TransactionFilter {
    pub organisation: Option<String>,
    /// None or empty for all.
    #[serde(default)]
    pub kinds: Vec<TransactionKind>,
    pub state: Option<TransactionState>,
    /// Started at or after, RFC 3339 UTC.
    pub since: Option<String>,
    /// Started before, RFC 3339 UTC.
    pub until: Option<String>,
    /// Matches title, organisation, who and tracking ids.
    pub search: Option<String>,
}

/// A window of transactions.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TransactionWindow {
    pub total: u32,
    pub transactions: Vec<Transaction>,
}
