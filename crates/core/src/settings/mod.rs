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
/// [`Error::Invalid`] for a consent port that only the system may listen on; when the database cannot be written.
pub async fn save(write: &mut Write, preferences: &Preferences) -> Result<()> {
    if preferences.consent_port < 1024 {
        return Err(Error::invalid(
            "consentPort",
            format!(
                "Port {} is kept for the system. Use one from 1024 to 65535 that is a redirect URI of the integration.",
                preferences.consent_port
            ),
        ));
    }
    let json = serde_json::to_string(preferences)
        .map_err(|error| Error::invalid(None, format!("The settings cannot be stored: {error}.")))?;
    store::put(write, &json).await?;
    write.touch(Topic::Preferences);
    Ok(())
}
