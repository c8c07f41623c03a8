//! A backup that waits for the next start.

use serde::Serialize;
use ts_rs::TS;

/// A backup that was checked and waits for the next start, which sets the present data aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RestoreWaiting {
    /// Path of the file it was taken from.
    pub file: String,
    /// When the backup was made, RFC 3339 UTC; the file's own time where it is a plain copy of a database.
    pub made_at: String,
    /// By which Patchbay; None for a plain copy of a database.
    pub version: Option<String>,
    pub organisations: u32,
    /// Whether its secrets can be read with the key that is here. Otherwise its own passphrase is needed, or the
    /// organisations are connected again.
    pub secrets: bool,
    /// When it was chosen, RFC 3339 UTC.
    pub chosen_at: String,
}
