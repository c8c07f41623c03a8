//! Warnings as people see them (product O7). Times are RFC 3339 UTC.

use serde::Serialize;
use ts_rs::TS;

/// What is warned of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// The refresh token ends within one of the warning days.
    ConsentEnds,
    /// Webex took the consent back, or it has ended.
    ConsentNeeded,
    /// A permission that is wanted was not granted.
    PermissionsMissing,
    /// Something that runs by itself keeps failing.
    ScheduleFails,
}

/// How soon somebody has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    Info,
    Warning,
    Urgent,
}

/// One warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// The same as long as it is the same warning: kind, organisation and, of an expiry, its date and warning day.
    pub id: String,
    pub kind: NoticeKind,
    pub urgency: Urgency,
    pub organisation: String,
    pub organisation_name: String,
    /// One line: "Consent of Kestrel Logistics ends in 6 days".
    pub title: String,
    /// Whole sentences with the next step.
    pub message: String,
    /// When what is warned of happens, or happened.
    pub at: Option<String>,
    /// Put away by the person; it comes back with the next warning day.
    pub dismissed: bool,
}
