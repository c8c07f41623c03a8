//! Warnings of what will become a problem (product O7).
//!
//! Invariants: warnings are worked out from what is stored ([`warn`]), only what was put away or shown on the desktop is
//! kept; the id of a warning is the same as long as it is the same warning, and another one for each warning day.

pub mod model;
mod store;
mod warn;

pub use model::*;

use crate::clock::Clock;
use crate::db::Db;
use crate::error::Result;
use crate::events::Topic;
use crate::secrets::Vault;
use crate::{organisations, scheduler, settings};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// How long it is remembered that a warning was put away.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 400);

/// All warnings: most urgent first, dismissed ones last.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(db: &Db, vault: &Vault, now: Timestamp) -> Result<Vec<Notice>> {
    let mut notices = standing(db, vault, now).await?;
    let marks = store::marks(db).await?;
    for notice in &mut notices {
        notice.dismissed = marks.dismissed.contains(&notice.id);
    }
    notices.sort_by_key(|notice| notice.dismissed);
    Ok(notices)
}

/// What the desktop has not shown yet and nobody has put away; nothing where the person wants none on the desktop.
///
/// # Errors
/// When the database cannot be read.
pub async fn unshown(db: &Db, vault: &Vault, now: Timestamp) -> Result<Vec<Notice>> {
    if !settings::load(db).await?.desktop_notifications {
        return Ok(Vec::new());
    }
    let marks = store::marks(db).await?;
    let mut notices = standing(db, vault, now).await?;
    notices.retain(|notice| !marks.dismissed.contains(&notice.id) && !marks.shown.contains(&notice.id));
    Ok(notices)
}

/// Puts warnings away; an id that is no warning any more is passed over.
///
/// # Errors
/// When the database cannot be written.
pub async fn dismiss(db: &Db, vault: &Vault, clock: &dyn Clock, ids: &[String]) -> Result<()> {
    mark(db, vault, clock, ids, Mark::Dismissed).await
}

/// Notes that the desktop has shown warnings.
///
/// # Errors
/// When the database cannot be written.
pub async fn shown(db: &Db, vault: &Vault, clock: &dyn Clock, ids: &[String]) -> Result<()> {
    mark(db, vault, clock, ids, Mark::Shown).await
}

/// The next moment at which there is something else to warn of though nothing has happened but time.
///
/// # Errors
/// When the database cannot be read.
pub async fn next_change(db: &Db, vault: &Vault, now: Timestamp) -> Result<Option<Timestamp>> {
    let days = settings::load(db).await?.warning_days;
    let organisations = organisations::list(db, vault).await?;
    Ok(warn::next_change(&organisations, &days, now))
}

async fn standing(db: &Db, vault: &Vault, now: Timestamp) -> Result<Vec<Notice>> {
    let days = settings::load(db).await?.warning_days;
    let organisations = organisations::list(db, vault).await?;
    let failing = scheduler::failing(db).await?;
    Ok(warn::notices(&organisations, &failing, &days, now))
}

enum Mark {
    Dismissed,
    Shown,
}

async fn mark(db: &Db, vault: &Vault, clock: &dyn Clock, ids: &[String], mark: Mark) -> Result<()> {
    let now = clock.now();
    let standing = standing(db, vault, now).await?;
    let owners: HashMap<&str, &str> = standing
        .iter()
        .map(|notice| (notice.id.as_str(), notice.organisation.as_str()))
        .collect();
    let mut write = db.write().await?;
    let at = now.to_string();
    for id in ids {
        let Some(organisation) = owners.get(id.as_str()) else {
            continue;
        };
        let (dismissed_at, shown_at) = match mark {
            Mark::Dismissed => (Some(at.as_str()), None),
            Mark::Shown => (None, Some(at.as_str())),
        };
        store::mark(&mut write, id, organisation, dismissed_at, shown_at).await?;
    }
    let long_ago = now.saturating_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
    store::forget(&mut write, &long_ago.to_string()).await?;
    write.touch(Topic::Notifications);
    write.commit().await?;
    Ok(())
}
