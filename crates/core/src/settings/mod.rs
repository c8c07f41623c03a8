//! What the person has set.
//!
//! One row of JSON. Unknown members are ignored and missing ones take their default, so an older Patchbay can read what a
//! newer one has written; what cannot be read at all is an error, never replaced by defaults.

pub mod model;
mod store;

pub use model::*;

use crate::db::{Db, Write};
use crate::error::{Error, Result};
use crate::events::Topic;

/// What warnings and syncs may be set to.
const LAST_WARNING_DAY: u32 = 90;
const MOST_WARNING_DAYS: usize = 10;
const LONGEST_SYNC_HOURS: u32 = 720;

/// What is set; the defaults where nothing was.
///
/// # Errors
/// When the database cannot be read or the row is damaged.
pub async fn load(db: &Db) -> Result<Preferences> {
    let Some(json) = store::get(db).await? else {
        return Ok(Preferences::default());
    };
    serde_json::from_str(&json).map_err(|error| {
        let what = error.to_string();
        crate::db::Error::Corrupt {
            table: "preferences",
            id: "1".to_owned(),
            what,
        }
        .into()
    })
}

/// Sets everything as part of `write`.
///
/// # Errors
/// [`Error::Invalid`] for a consent port that only the system may listen on, for warning days and an interval of syncs out
/// of bounds; when the database cannot be written.
pub async fn save(write: &mut Write, preferences: &Preferences) -> Result<()> {
    let mut preferences = preferences.clone();
    if preferences.consent_port < 1024 {
        return Err(Error::invalid(
            "consentPort",
            format!(
                "Port {} is kept for the system. Use one from 1024 to 65535 that is a redirect URI of the integration.",
                preferences.consent_port
            ),
        ));
    }
    preferences.warning_days = warning_days(&preferences.warning_days)?;
    if preferences.sync_every_hours > LONGEST_SYNC_HOURS {
        return Err(Error::invalid(
            "syncEveryHours",
            format!(
                "Organisations can be synced every {LONGEST_SYNC_HOURS} hours (thirty days) at the least, not every {} hours. \
                 Choose an interval of 1 to {LONGEST_SYNC_HOURS} hours, or 0 for never.",
                preferences.sync_every_hours
            ),
        ));
    }
    let json = serde_json::to_string(&preferences)
        .map_err(|error| Error::invalid(None, format!("The settings cannot be stored: {error}.")))?;
    store::put(write, &json).await?;
    write.touch(Topic::Preferences);
    write.touch(Topic::Notifications);
    Ok(())
}

/// The days before an end on which is warned, the earliest warning first.
fn warning_days(days: &[u32]) -> Result<Vec<u32>> {
    let refused = |why: String| Err(Error::invalid("warningDays", why));
    if days.len() > MOST_WARNING_DAYS {
        return refused(format!(
            "There can be {MOST_WARNING_DAYS} warning days, not {}. Take some out.",
            days.len()
        ));
    }
    if let Some(day) = days.iter().find(|day| !(1..=LAST_WARNING_DAY).contains(*day)) {
        return refused(format!(
            "A warning {day} days before the end is not possible: a consent lives {LAST_WARNING_DAY} days. Choose days from 1 \
             to {LAST_WARNING_DAY}."
        ));
    }
    let mut sorted = days.to_vec();
    sorted.sort_unstable_by(|one, other| other.cmp(one));
    if let Some(twice) = sorted.windows(2).find(|two| two[0] == two[1]) {
        return refused(format!(
            "The warning day {} is there twice. Take one of them out.",
            twice[0]
        ));
    }
    Ok(sorted)
}
