//! The check of a template: its documents in memory, its edits in the database.
//!
//! A document is opened from the stored bytes and brought up to date by the stored edits, so a restart loses nothing;
//! it is kept in memory while its version is the database's. What the mirror says of it is judged beside it ([`judging`]).

mod judging;

use super::store::Stored;
use super::view;
use super::{
    CellRef, Check, CheckFilter, CheckedRows, EditDone, FoundCell, Issue, IssueSource, MAX_BYTES, MAX_ROWS,
    Severity, store, templates,
};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::events::Topic;
use crate::mirror::Snapshots;
use bulk_file::{Code, Document, FileInput, Limits};
use judging::Judged;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard};

/// Documents kept at a time; the least recently used goes first.
const KEPT: usize = 4;

struct Open {
    document: Document,
    /// The database's version that the document stands for.
    version: u32,
    used: u64,
    judged: Judged,
}

/// The documents of templates that are being looked at.
#[derive(Clone)]
pub struct Checks {
    db: Db,
    clock: Arc<dyn Clock>,
    snapshots: Snapshots,
    open: Arc<Mutex<HashMap<String, Open>>>,
}

/// A document held while it is asked or edited.
struct Held<'a> {
    open: MutexGuard<'a, HashMap<String, Open>>,
    stored: Stored,
}

impl Held<'_> {
    fn get(&mut self) -> Result<&mut Open> {
        self.open.get_mut(&self.stored.id).ok_or(Error::Ended {
            what: "The check of the template",
        })
    }
}

/// The limits of a template.
pub(super) fn limits() -> Limits {
    Limits {
        max_bytes: MAX_BYTES,
        max_rows: MAX_ROWS,
    }
}

impl Checks {
    /// Checks over one database.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self {
            snapshots: Snapshots::new(db.clone()),
            db,
            clock,
            open: Arc::default(),
        }
    }

    async fn hold(&self, template: &str) -> Result<Held<'_>> {
        let mut open = self.open.lock().await;
        // Read under the lock: a change that is being kept has its version in both places or in none.
        let stored = store::get(&self.db, template).await?;
        let version = stored.version;
        let used = open.values().map(|open| open.used).max().unwrap_or(0) + 1;
        match open.get_mut(template) {
            Some(entry) if entry.version == version => entry.used = used,
            _ => {
                let files = store::contents(&self.db, template).await?;
                let inputs = files
                    .into_iter()
                    .map(|(name, bytes)| FileInput::new(name, bytes))
                    .collect();
                let mut document = Document::open(inputs, limits());
                let change = document.replay(&store::edits(&self.db, template).await?);
                if change.refused > 0 {
                    tracing::error!(
                        template,
                        refused = change.refused,
                        "stored edits name cells that are not there"
                    );
                }
                open.insert(
                    template.to_owned(),
                    Open {
                        document,
                        version,
                        used,
                        judged: Judged::default(),
                    },
                );
                while open.len() > KEPT {
                    let Some(oldest) = open
                        .iter()
                        .min_by_key(|(_, open)| open.used)
                        .map(|(id, _)| id.clone())
                    else {
                        break;
                    };
                    open.remove(&oldest);
                }
            }
        }
        Ok(Held { open, stored })
    }

    /// Counts the users of a template anew after its files changed.
    pub(super) async fn recount(&self, template: &str) -> Result<()> {
        let rows = self.hold(template).await?.get()?.document.row_count();
        let mut write = self.db.write().await?;
        store::set_content(write.connection(), template, rows, &self.clock.now().to_string()).await?;
        write.touch(Topic::BulkAssignments);
        write.commit().await?;
        Ok(())
    }

    /// The whole check.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub async fn check(&self, template: &str) -> Result<Check> {
        let mut held = self.hold(template).await?;
        let mirror = self.mirror(&mut held).await?;
        let open = held.get()?;
        Ok(view::check(template, open.version, &open.document, mirror))
    }

    /// A window of rows.
    ///
    /// # Errors
    /// As [`Checks::check`].
    pub async fn rows(
        &self,
        template: &str,
        filter: &CheckFilter,
        offset: u32,
        limit: u32,
    ) -> Result<CheckedRows> {
        let filter = view::filter(filter)?;
        let mut held = self.hold(template).await?;
        self.mirror(&mut held).await?;
        let open = held.get()?;
        Ok(view::rows(
            open.version,
            &open.document,
            &filter,
            offset,
            limit.min(1_000),
        ))
    }

    /// Where problems lie: the gravest of each of `buckets` stretches.
    ///
    /// # Errors
    /// As [`Checks::check`].
    pub async fn strip(&self, template: &str, buckets: u32) -> Result<Vec<Option<Severity>>> {
        let mut held = self.hold(template).await?;
        self.mirror(&mut held).await?;
        Ok(held
            .get()?
            .document
            .strip(buckets.clamp(1, 2_000))
            .into_iter()
            .map(|severity| severity.map(view::severity))
            .collect())
    }

    /// The next cell with a problem.
    ///
    /// # Errors
    /// As [`Checks::check`].
    pub async fn next_problem(
        &self,
        template: &str,
        filter: &CheckFilter,
        after: Option<CellRef>,
        backwards: bool,
    ) -> Result<Option<FoundCell>> {
        let filter = view::filter(filter)?;
        let mut held = self.hold(template).await?;
        let document = &held.get()?.document;
        let mut at = after.map(view::cell_in);
        while let Some(cell) = document.next_problem(at, backwards) {
            if let (Some(position), Some(shown)) = (
                document.position_of(cell.file, cell.row, &filter),
                view::cell_out(cell),
            ) {
                return Ok(Some(FoundCell {
                    cell: shown,
                    position,
                }));
            }
            at = Some(cell);
        }
        Ok(None)
    }

    /// What the rules would say of a value.
    ///
    /// # Errors
    /// As [`Checks::check`].
    pub async fn try_value(&self, template: &str, cell: CellRef, value: &str) -> Result<Vec<Issue>> {
        let mut held = self.hold(template).await?;
        let document = &held.get()?.document;
        Ok(document
            .try_value(view::cell_in(cell), value)
            .into_iter()
            .map(|issue| view::issue(document, issue, IssueSource::File))
            .collect())
    }

    /// Writes a value into a cell.
    ///
    /// # Errors
    /// `Conflict` when the template has been started; else as [`Checks::check`].
    pub async fn edit(&self, template: &str, cell: CellRef, value: &str) -> Result<EditDone> {
        self.change(template, |document| {
            Ok(document.edit(view::cell_in(cell), value).cells)
        })
        .await
    }

    /// Applies the certain fixes of one cell.
    ///
    /// # Errors
    /// `Conflict` when there is none.
    pub async fn fix(&self, template: &str, cell: CellRef) -> Result<EditDone> {
        self.change(template, |document| {
            let change = document.fix(view::cell_in(cell));
            change
                .map(|change| change.cells)
                .ok_or_else(|| Error::conflict("No fix of this cell is certain. Type the right value."))
        })
        .await
    }

    /// Applies the fix of a rule wherever it is certain.
    ///
    /// # Errors
    /// `Invalid` for an unknown rule.
    pub async fn fix_all(&self, template: &str, code: &str) -> Result<EditDone> {
        let code = view::code(code)?;
        self.change(template, |document| Ok(document.fix_all(code).cells))
            .await
    }

    /// Takes the last change back.
    ///
    /// # Errors
    /// `Conflict` when there is none.
    pub async fn undo(&self, template: &str) -> Result<EditDone> {
        self.change(template, |document| {
            document
                .undo()
                .map(|change| change.cells)
                .ok_or_else(|| Error::conflict("There is nothing to undo."))
        })
        .await
    }

    /// Makes the change that was taken back last again.
    ///
    /// # Errors
    /// `Conflict` when there is none.
    pub async fn redo(&self, template: &str) -> Result<EditDone> {
        self.change(template, |document| {
            document
                .redo()
                .map(|change| change.cells)
                .ok_or_else(|| Error::conflict("There is nothing to redo."))
        })
        .await
    }

    /// Changes the document and keeps its edits; the document is dropped when they cannot be kept, so that memory never
    /// says more than the database.
    async fn change(
        &self,
        template: &str,
        change: impl FnOnce(&mut Document) -> Result<u32>,
    ) -> Result<EditDone> {
        templates::draft(&self.db, template).await?;
        let mut held = self.hold(template).await?;
        let open = held.get()?;
        let before = open.document.edits().to_vec();
        let cells = change(&mut open.document)?;
        match self.keep(template, &before, &open.document).await {
            Ok(version) => {
                open.version = version;
                held.stored.version = version;
                let mirror = self.mirror(&mut held).await?;
                let check = view::check(template, version, &held.get()?.document, mirror);
                Ok(EditDone { cells, check })
            }
            Err(error) => {
                held.open.remove(template);
                Err(error)
            }
        }
    }

    async fn keep(
        &self,
        template: &str,
        before: &[bulk_file::EditGroup],
        document: &Document,
    ) -> Result<u32> {
        let edits = document.edits();
        let unchanged = before
            .iter()
            .zip(edits)
            .take_while(|(before, now)| before == now)
            .count();
        let mut write = self.db.write().await?;
        store::keep_edits(write.connection(), template, edits, unchanged).await?;
        let version = store::set_content(
            write.connection(),
            template,
            document.row_count(),
            &self.clock.now().to_string(),
        )
        .await?;
        write.touch(Topic::BulkAssignments);
        write.commit().await?;
        Ok(version)
    }

    /// The corrected bytes of a file, and its name.
    ///
    /// # Errors
    /// `NotFound` for an unknown file.
    pub(super) async fn corrected(&self, template: &str, file: u32) -> Result<(Vec<u8>, u32)> {
        let mut held = self.hold(template).await?;
        let document = &held.get()?.document;
        if file as usize >= document.file_count() {
            return Err(Error::NotFound {
                what: "file",
                id: (file + 1).to_string(),
            });
        }
        let rows = document
            .report()
            .files
            .get(file as usize)
            .map_or(0, |file| file.rows);
        Ok((document.corrected(file as usize), rows))
    }

    /// Snapshots of mirrors, shared with the plans.
    pub(super) const fn snapshots(&self) -> &Snapshots {
        &self.snapshots
    }

    /// The rows for the planner, the version they are of, and how many errors of the files stand in the way.
    pub(super) async fn assignments(&self, template: &str) -> Result<(u32, u32, Vec<bulk_file::Assignment>)> {
        let mut held = self.hold(template).await?;
        let open = held.get()?;
        Ok((
            open.version,
            open.document.own_errors(),
            open.document.assignments(),
        ))
    }
}

/// Reads a rule's code.
pub(super) fn parse_code(text: &str) -> Option<Code> {
    Code::ALL.iter().copied().find(|code| code.as_str() == text)
}
