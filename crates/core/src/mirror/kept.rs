//! The snapshot that was asked for last, kept while the mirror is the one it was taken from: 50,000 people are read once a
//! sync and not once a keystroke.

use super::snapshot::Snapshot;
use super::{status, store};
use crate::db::Db;
use crate::error::Result;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Tells one complete copy from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    generations: Vec<(String, i64)>,
    /// The oldest of the parts, RFC 3339.
    pub as_of: String,
}

/// The copy as it is now; None if some part was never copied.
///
/// # Errors
/// When the database cannot be read.
pub async fn mark(db: &Db, organisation: &str) -> Result<Option<Mark>> {
    // Generations first: should a sync end in between, the mark is of neither copy and the next question makes a new one.
    let generations = store::generations(db, organisation).await?;
    let as_of = status(db, organisation, None).await?.as_of;
    Ok(as_of.map(|as_of| Mark { generations, as_of }))
}

struct Kept {
    organisation: String,
    mark: Mark,
    snapshot: Arc<Snapshot>,
}

/// Snapshots over one database. Cheap to clone.
#[derive(Clone)]
pub struct Snapshots {
    db: Db,
    kept: Arc<Mutex<Option<Kept>>>,
}

impl Snapshots {
    /// Nothing is read yet.
    pub fn new(db: Db) -> Self {
        Self {
            db,
            kept: Arc::default(),
        }
    }

    /// The snapshot of the copy with this mark, or of a newer one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn get(&self, organisation: &str, mark: &Mark) -> Result<Arc<Snapshot>> {
        let mut kept = self.kept.lock().await;
        if let Some(kept) = kept.as_ref()
            && kept.organisation == organisation
            && kept.mark == *mark
        {
            return Ok(Arc::clone(&kept.snapshot));
        }
        // Freed before the next one is read.
        *kept = None;
        let snapshot = Arc::new(store::snapshot(&self.db, organisation, mark.as_of.clone()).await?);
        *kept = Some(Kept {
            organisation: organisation.to_owned(),
            mark: mark.clone(),
            snapshot: Arc::clone(&snapshot),
        });
        Ok(snapshot)
    }
}
