//! The report: one line a row, as the ledger has it (product B9).

use super::{ItemState, ReportFilter, ReportRow};
use crate::db::Db;
use crate::error::Result;

pub use super::store::report::window;

/// The short name of a reason, for headings.
pub fn title(code: &str) -> String {
    match code {
        "user_not_found" => "Webex does not know the user",
        "user_ambiguous" => "Several users have this name",
        "user_already_assigned" => "User already has an extension",
        "extension_taken" => "Extension is taken",
        "number_not_in_inventory" => "Number is not in the location",
        "number_taken" => "Number is in use",
        "licences_insufficient" => "No calling licence left",
        "addon_insufficient" => "No add-on licence left",
        "identity_duplicate" => "User stands twice",
        "ext_key_duplicate" => "Ext Key stands twice",
        "number_duplicate" => "Number stands twice",
        "extension_refused" => "Webex refused the extension",
        "licence_conflict" => "Licences exclude each other",
        "licences_incomplete" => "Not all licences were given",
        "not_applied" => "Accepted but not applied",
        "not_readable" | "not_read_back" => "Could not be read back",
        "changed_meanwhile" => "Changed by somebody else",
        "cancelled" => "Cancelled before its turn",
        "forbidden" => "Webex does not allow it",
        "refused" => "Webex refused",
        "" => "No reason given",
        other => other,
    }
    .to_owned()
}

/// Whether a failure of this code says something about its row, so that the next row may fare better.
pub(super) fn is_about_the_row(code: &str) -> bool {
    matches!(
        code,
        "user_not_found"
            | "extension_taken"
            | "number_not_in_inventory"
            | "number_taken"
            | "extension_refused"
            | "licence_conflict"
            | "forbidden"
    )
}

/// The whole report, in the order of the filter.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(db: &Db, run: &str, filter: &ReportFilter) -> Result<Vec<ReportRow>> {
    Ok(window(db, run, filter, 0, u32::MAX).await?.rows)
}

/// The outcome as the report file says it.
pub const fn outcome(state: ItemState) -> &'static str {
    match state {
        // A row that is still open when a report is taken is not known.
        ItemState::Pending | ItemState::Sending | ItemState::Unknown => "unknown",
        ItemState::Assigned => "assigned",
        ItemState::AlreadyAssigned => "already_assigned",
        ItemState::Failed => "failed",
        ItemState::Skipped => "skipped",
    }
}
