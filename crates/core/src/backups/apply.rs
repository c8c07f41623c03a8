//! Putting the backup that waits into place, before the database is opened.
//!
//! Each step is one renaming, and each can be the last one before a crash: the next start finds the backup still waiting
//! and goes on, under the same names.

use super::store::{self, Facts};
use super::{WAITING, beside};
use crate::audit;
use crate::clock::Clock;
use crate::db::{Db, FILE_NAME};
use crate::error::{Error, Result};
use sqlx::Connection;
use std::path::{Path, PathBuf};

/// A backup that was put into place.
#[derive(Debug)]
pub struct Applied {
    /// Where the database that was there before lies now; None if there was none.
    pub set_aside: Option<PathBuf>,
}

/// Puts the backup that waits into the place of the database, which is set aside. Only for a caller that is alone on the
/// data folder. One that cannot be read any more is set aside itself, and the database stays.
///
/// # Errors
/// `File` where a file cannot be renamed; then nothing is lost, and the next start tries again.
pub async fn apply(folder: &Path) -> Result<Option<Applied>> {
    let waiting = folder.join(WAITING);
    if !waiting.exists() {
        return Ok(None);
    }
    let Some(facts) = read(&waiting).await else {
        let unusable = folder.join("restore-unusable.db");
        tracing::error!(
            ?unusable,
            "the backup that waited cannot be read any more and was set aside"
        );
        rename(&waiting, &unusable)?;
        return Ok(None);
    };
    let database = folder.join(FILE_NAME);
    let aside = aside(folder, &facts, database.exists());
    for (from, into) in beside(&database).iter().zip(beside(&aside)) {
        if from.exists() {
            rename(from, &into)?;
        }
    }
    let there = database.exists();
    if there {
        rename(&database, &aside)?;
    }
    rename(&waiting, &database)?;
    durable(folder);
    tracing::info!(?aside, "a backup was restored");
    Ok(Some(Applied {
        set_aside: (there || aside.exists()).then_some(aside),
    }))
}

async fn read(waiting: &Path) -> Option<Facts> {
    let mut connection = store::connect(waiting, true).await.ok()?;
    let facts = store::facts(&mut connection).await.ok()?;
    // A page in the middle of a file that was cut off is found by reading them.
    store::organisations(&mut connection).await.ok()?;
    connection.close().await.ok()?;
    facts
}

/// The name the present database is set aside under: of the moment the backup was chosen, so that it is the same after a
/// crash in between.
fn aside(folder: &Path, facts: &Facts, database_there: bool) -> PathBuf {
    let stamp: String = facts
        .chosen_at
        .as_deref()
        .unwrap_or(&facts.made_at)
        .chars()
        .take_while(|c| *c != '.')
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let named = |more: &str| folder.join(format!("patchbay-before-restore-{stamp}{more}.db"));
    // With the database still there, a file of that name is that of another restore.
    let mut names = (2..).map(|number| format!("-{number}"));
    let mut name = named("");
    while database_there && name.exists() {
        name = named(&names.next().unwrap_or_default());
    }
    name
}

fn rename(from: &Path, into: &Path) -> Result<()> {
    std::fs::rename(from, into).map_err(|source| Error::File {
        doing: "set aside or restore",
        path: from.to_owned(),
        source,
    })
}

/// Has the renamings survive a power cut, where the system can be told so.
fn durable(folder: &Path) {
    if let Ok(folder) = std::fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Notes in the log of the database in place that it was restored; once.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn note(db: &Db, clock: &dyn Clock, applied: Option<&Applied>) -> Result<()> {
    let mut connection = db.read().acquire().await?;
    let Some(facts) = store::facts(&mut connection).await? else {
        return Ok(());
    };
    drop(connection);
    let mut write = db.write().await?;
    let context = audit::Context {
        who: facts.who.clone().unwrap_or_else(|| "unknown".to_owned()),
        organisation: None,
    };
    let set_aside = applied
        .and_then(|applied| applied.set_aside.as_ref())
        .map(|path| path.display().to_string());
    let detail = serde_json::json!({
        "file": facts.file, "madeAt": facts.made_at, "version": facts.version, "chosenAt": facts.chosen_at,
        "setAside": set_aside,
    });
    audit::append(&mut write, clock, &context, "backup_restored", &detail).await?;
    store::forget_facts(&mut write).await?;
    write.commit().await?;
    Ok(())
}
