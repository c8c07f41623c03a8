//! The list of organisations as a file: handed out without secrets, taken in by a plan that is shown before.
//!
//! Invariants: a proxy leaves without user and password, and the file says so; client secrets, tokens and what they are
//! sealed with are never looked at; an import never clears what the file does not mention; it is one write, judged anew
//! inside that write, so two imports at once cannot both make the same organisation.

mod entry;
mod plan;
mod read;
mod write;

use super::model::{ImportAction, ImportEntry, ImportPlan, ListFormat, ListSource};
use super::store;
use crate::clock::Clock;
use crate::db::{Db, Write};
use crate::error::Result;
use crate::secrets::Vault;
use plan::{Deed, Planned};
pub use read::List;

/// Bytes a list may have.
pub const MAX_BYTES: u64 = 5_242_880;
/// Entries a list may have.
pub const MAX_ENTRIES: usize = 10_000;

/// What an import did.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Id and name of each organisation that was made.
    pub created: Vec<(String, String)>,
    /// Id and name of each organisation that took fields of the file.
    pub updated: Vec<(String, String)>,
    /// Entries that differ and were left alone, because updating was not asked for.
    pub left: u32,
    pub same: u32,
    pub refused: Vec<ImportEntry>,
}

/// The whole list as a file, and how many organisations are in it. The demo organisation stays out: it lives in this
/// Patchbay alone.
///
/// # Errors
/// When the database cannot be read.
pub async fn export(db: &Db, format: ListFormat) -> Result<(Vec<u8>, u32)> {
    let rows = store::all(db).await?;
    let entries = rows
        .iter()
        .map(entry::of_row)
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let bytes = match format {
        ListFormat::Csv => write::csv(&entries)?,
        ListFormat::Json => write::json(&entries)?,
    };
    Ok((bytes, count))
}

/// Reads a list; nothing is compared yet.
///
/// # Errors
/// [`crate::Error::Invalid`] for what is no list of organisations, saying what it seems to be.
pub async fn read(source: ListSource) -> Result<List> {
    read::read(source).await
}

/// What importing `list` would do, with updating.
///
/// # Errors
/// When the database cannot be read.
pub async fn preview(db: &Db, clock: &dyn Clock, list: &List) -> Result<ImportPlan> {
    let rows = store::all(db).await?;
    let planned = plan::plan(&rows, &list.entries, true, clock.now())?;
    Ok(ImportPlan {
        entries: planned.into_iter().map(|planned| planned.entry).collect(),
        unknown: list.unknown.clone(),
    })
}

/// Carries the list out inside `write`, judged by what is there now. Entries that are refused are left out.
///
/// # Errors
/// A vault that cannot seal a proxy; when the database cannot be written. Then nothing of the list is taken.
pub async fn import(
    write: &mut Write,
    vault: &Vault,
    clock: &dyn Clock,
    list: &List,
    update: bool,
) -> Result<Outcome> {
    let rows = store::all_in(write.connection()).await?;
    let planned = plan::plan(&rows, &list.entries, update, clock.now())?;
    let mut outcome = Outcome::default();
    for Planned { entry, deed } in planned {
        match (entry.action, deed) {
            (ImportAction::Create, Some(Deed { fields, .. })) => {
                let id = super::create(write, vault, clock, &fields).await?;
                outcome.created.push((id, entry.name));
            }
            (ImportAction::Update, Some(Deed { fields, id: Some(id) })) if update => {
                super::update(write, vault, clock, &id, &fields).await?;
                outcome.updated.push((id, entry.name));
            }
            (ImportAction::Same, _) => outcome.same += 1,
            (ImportAction::Refuse, _) => outcome.refused.push(entry),
            _ => outcome.left += 1,
        }
    }
    Ok(outcome)
}
