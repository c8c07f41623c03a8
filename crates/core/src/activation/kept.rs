//! The indexes of the organisations that were asked about last, each following its copy.

use super::index::{Change, Index};
use super::model::ActivationView;
use super::store::{self, Copy};
use crate::db::Db;
use crate::error::{Error, Result};
use jiff::Timestamp;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Organisations whose users are kept in memory.
const ORGANISATIONS: usize = 2;
/// From so many changes on an index is built anew, off the threads that answer others.
const FOLLOWED: i64 = 5_000;
/// Views whose rows are kept: a page's, and those of who exports or copies beside it.
const VIEWS: usize = 3;

/// An index and the moment of the copy it shows.
pub(super) struct Kept {
    pub index: Index,
    generation: i64,
    changed: i64,
    views: Vec<(ActivationView, u32, Arc<[u32]>)>,
}

impl Kept {
    /// The rows of a view. The same view again costs nothing until somebody changes.
    pub(super) fn view(&mut self, view: &ActivationView, now: Timestamp) -> Arc<[u32]> {
        let mark = if view.stuck { self.index.stuck_mark(now) } else { 0 };
        let known = self
            .views
            .iter()
            .position(|(known, at, _)| known == view && *at == mark);
        if let Some(known) = known {
            let kept = self.views.remove(known);
            let rows = Arc::clone(&kept.2);
            self.views.push(kept);
            return rows;
        }
        let rows: Arc<[u32]> = self.index.view(view, now).into();
        if self.views.len() >= VIEWS {
            self.views.remove(0);
        }
        self.views.push((view.clone(), mark, Arc::clone(&rows)));
        rows
    }
}

type Slot = Arc<Mutex<Option<Kept>>>;

/// Indexes over one database. Cheap to clone; clones are the same.
#[derive(Clone)]
pub(super) struct Indexes {
    db: Db,
    /// The one asked about last stands last.
    slots: Arc<std::sync::Mutex<Vec<(String, Slot)>>>,
}

/// The users of an organisation while they are looked at.
pub(super) struct Looking(tokio::sync::OwnedMutexGuard<Option<Kept>>);

impl Looking {
    pub(super) fn kept(&mut self) -> Option<&mut Kept> {
        self.0.as_mut()
    }
}

impl Indexes {
    pub(super) fn new(db: Db) -> Self {
        Self {
            db,
            slots: Arc::default(),
        }
    }

    fn slot(&self, organisation: &str) -> Slot {
        let mut slots = self
            .slots
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let slot = slots
            .iter()
            .position(|(known, _)| known == organisation)
            .map_or_else(Slot::default, |at| slots.remove(at).1);
        slots.push((organisation.to_owned(), Arc::clone(&slot)));
        if slots.len() > ORGANISATIONS {
            slots.remove(0);
        }
        slot
    }

    /// Nobody asks about the organisation any more.
    pub(super) fn forget(&self, organisation: &str) {
        let mut slots = self
            .slots
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        slots.retain(|(known, _)| known != organisation);
    }

    /// The users of the copy as it is now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) async fn look(&self, organisation: &str, copy: &Copy) -> Result<Looking> {
        let mut guard = self.slot(organisation).lock_owned().await;
        match guard.as_mut() {
            // Read by somebody who came later and was here first.
            Some(kept) if kept.generation > copy.generation => {}
            Some(kept) if kept.generation == copy.generation => {
                if kept.changed < copy.changed && !self.follow(organisation, kept, copy).await? {
                    *guard = None;
                }
            }
            _ => *guard = None,
        }
        if guard.is_none() {
            *guard = Some(self.build(organisation, copy).await?);
        }
        Ok(Looking(guard))
    }

    /// False where the index must be built anew.
    async fn follow(&self, organisation: &str, kept: &mut Kept, copy: &Copy) -> Result<bool> {
        if copy.changed - kept.changed >= FOLLOWED {
            return Ok(false);
        }
        let changed = store::changed(&self.db, organisation, copy.generation, kept.changed).await?;
        kept.views.clear();
        for stored in changed {
            let change = if stored.gone {
                Change::Gone(stored.row.key)
            } else {
                Change::Put(Box::new(stored.row))
            };
            if !kept.index.apply(change) {
                return Ok(false);
            }
        }
        kept.changed = copy.changed;
        Ok(true)
    }

    async fn build(&self, organisation: &str, copy: &Copy) -> Result<Kept> {
        let mut copy = copy.clone();
        let stored = loop {
            let stored = store::changed(&self.db, organisation, copy.generation, -1).await?;
            // A copy that became the present one meanwhile has taken the rows of this one away.
            match store::copy(&self.db, organisation).await? {
                Some(now) if now.generation != copy.generation => copy = now,
                _ => break stored,
            }
        };
        let source = copy.source;
        let index = tokio::task::spawn_blocking(move || {
            let rows = stored
                .into_iter()
                .filter(|stored| !stored.gone)
                .map(|stored| stored.row);
            Index::build(source, rows.collect())
        })
        .await
        .map_err(|_| Error::Ended {
            what: "Reading the activation",
        })?;
        Ok(Kept {
            index,
            generation: copy.generation,
            changed: copy.changed,
            views: Vec::new(),
        })
    }
}
