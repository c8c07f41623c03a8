//! Each command, carried out: words of the table to verbs of the core, and errors to failures. No rules here. A file a
//! feature; the table in [`crate::commands`] calls the methods by their names.

mod activation;
mod app;
mod backups;
mod bulk_assignments;
mod connection;
mod consent;
mod directory_sync;
mod mirror;
mod notifications;
mod organisations;
mod overview;
mod runs;
mod schedules;
mod transactions;
mod wholesale;

use crate::Patchbay;
use patchbay_core::transactions::{Opening, TransactionKind};
use patchbay_core::{Failure, Result};

type Reply<T> = std::result::Result<T, Failure>;

/// An error on its way to the person: its chain goes to the log, its sentence to the caller.
fn told<T>(result: Result<T>) -> Reply<T> {
    result.map_err(|error| {
        let failure = error.failure();
        tracing::warn!(code = ?failure.code, tracking_id = failure.tracking_id, error = ?error, "refused");
        failure
    })
}

impl Patchbay {
    /// Records that a file was saved. `of` is the id and name of the organisation it is about.
    async fn record_export(&self, title: String, of: Option<(String, String)>) -> Result<()> {
        let inner = &self.inner;
        let (organisation, organisation_name) = of.unzip();
        let opening = Opening {
            kind: TransactionKind::Export,
            title,
            organisation,
            organisation_name,
            who: inner.who.clone(),
            steps: Vec::new(),
        };
        let mut write = inner.db.write().await?;
        patchbay_core::transactions::record(&mut write, inner.clock.as_ref(), &opening).await?;
        write.commit().await?;
        Ok(())
    }
}
