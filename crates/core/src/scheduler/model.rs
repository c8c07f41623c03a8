//! What runs by itself, as people see it (product O12). Times are RFC 3339 UTC.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a schedule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleKind {
    /// Renews the access token every seven days and before it ends.
    TokenRefresh,
    /// Copies people, licences, roles, locations and numbers.
    MirrorSync,
    /// Copies the customers of a wholesale organisation.
    WholesaleSync,
}

impl ScheduleKind {
    pub(super) const ALL: [Self; 3] = [Self::TokenRefresh, Self::MirrorSync, Self::WholesaleSync];

    /// As the table and the command table write it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::TokenRefresh => "token_refresh",
            Self::MirrorSync => "mirror_sync",
            Self::WholesaleSync => "wholesale_sync",
        }
    }

    /// What it does, to complete a sentence: "the … of Kestrel Logistics".
    pub fn noun(self) -> &'static str {
        match self {
            Self::TokenRefresh => "token refresh",
            Self::MirrorSync => "sync",
            Self::WholesaleSync => "sync of wholesale customers",
        }
    }
}

/// How the last time ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleOutcome {
    Succeeded,
    Failed,
    /// There was nothing to do, or it could not be tried; the message says why.
    Skipped,
}

impl ScheduleOutcome {
    pub(super) const ALL: [Self; 3] = [Self::Succeeded, Self::Failed, Self::Skipped];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// Where a schedule stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ScheduleState {
    /// Due at `at`; a time in the past means that its turn is about to come.
    Waiting {
        at: String,
    },
    Running {
        /// The transaction, where it has one.
        transaction: Option<String>,
    },
    Paused,
    /// It cannot run until somebody does something: connect the organisation, open the vault.
    Blocked {
        reason: String,
    },
}

/// One thing that runs by itself for one organisation.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    pub id: String,
    pub kind: ScheduleKind,
    pub organisation: String,
    pub organisation_name: String,
    pub state: ScheduleState,
    /// Minutes between two times; of a token refresh it is Webex's and Patchbay's rule and cannot be set.
    pub every_minutes: u32,
    pub last_started_at: Option<String>,
    pub last_ended_at: Option<String>,
    pub last_outcome: Option<ScheduleOutcome>,
    pub last_message: Option<String>,
    pub last_transaction: Option<String>,
    /// Failures since the last success.
    pub failures: u32,
}

/// Which schedules to list: by the time they are due, paused and blocked ones last.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleFilter {
    pub organisation: Option<String>,
    pub kind: Option<ScheduleKind>,
    /// Only those whose last time failed or that are blocked, but for organisations nobody has connected yet.
    pub troubled: bool,
    /// Part of the organisation's name.
    pub search: Option<String>,
}

/// A window of schedules.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleWindow {
    pub total: u32,
    pub schedules: Vec<Schedule>,
}
