//! Everything Patchbay did or tried, with steps and outcome (product O11).
//!
//! Invariants: a transaction is opened before its operation and closed after it; one that nobody closed is swept to
//! `interrupted` at the next start, never guessed to have succeeded.

pub mod model;
mod store;

pub use model::*;

use crate::clock::Clock;
use crate::db::{Db, Write};
use crate::error::{Failure, Result};
use crate::events::Topic;
use crate::ids;
use std::sync::Arc;

/// What is known when a transaction is opened.
#[derive(Debug, Clone)]
pub struct Opening {
    pub kind: TransactionKind,
    /// What is done, with the object: "Sync of Kestrel Logistics".
    pub title: String,
    pub organisation: Option<String>,
    pub organisation_name: Option<String>,
    pub who: String,
    /// Names of the steps, in order.
    pub steps: Vec<String>,
}

/// An open transaction. Dropping it without [`Open::close`] leaves it to the sweep.
#[derive(Debug, Clone)]
pub struct Open {
    pub id: String,
    db: Db,
    clock: Arc<dyn Clock>,
}

/// Opens a transaction; durable when this returns.
///
/// # Errors
/// When the database cannot be written.
pub async fn open(db: &Db, clock: Arc<dyn Clock>, opening: Opening) -> Result<Open> {
    let id = ids::new_id();
    let mut write = db.write().await?;
    store::insert(write.connection(), &id, &opening, &clock.now().to_string()).await?;
    write.touch(Topic::Transactions);
    write.commit().await?;
    Ok(Open {
        id,
        db: db.clone(),
        clock,
    })
}

impl Open {
    /// Takes up a transaction again, for instance that of a resumed run.
    pub fn again(db: &Db, clock: Arc<dyn Clock>, id: String) -> Self {
        Self {
            id,
            db: db.clone(),
            clock,
        }
    }

    /// Sets how far step `position` is.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn step(
        &self,
        position: usize,
        state: TransactionState,
        done: u32,
        total: Option<u32>,
        detail: Option<&str>,
    ) -> Result<()> {
        let mut write = self.db.write().await?;
        store::update_step(
            write.connection(),
            &self.id,
            position as i64,
            state,
            done,
            total,
            detail,
        )
        .await?;
        write.touch(Topic::Transactions);
        write.commit().await?;
        Ok(())
    }

    /// Closes the transaction; steps that still run take its state.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn close(
        &self,
        outcome: std::result::Result<(), &Failure>,
        tracking_ids: &[String],
    ) -> Result<()> {
        let state = if outcome.is_ok() {
            TransactionState::Succeeded
        } else {
            TransactionState::Failed
        };
        self.close_as(state, outcome.err(), tracking_ids).await
    }

    /// Closes with a state of its own, for instance cancelled.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn close_as(
        &self,
        state: TransactionState,
        failure: Option<&Failure>,
        tracking_ids: &[String],
    ) -> Result<()> {
        let mut write = self.db.write().await?;
        let now = self.clock.now().to_string();
        store::close(write.connection(), &self.id, state, &now, failure, tracking_ids).await?;
        write.touch(Topic::Transactions);
        write.commit().await?;
        Ok(())
    }
}

/// Records an operation that is over in one write, together with what it changed.
///
/// # Errors
/// When the database cannot be written.
pub async fn record(write: &mut Write, clock: &dyn Clock, opening: &Opening) -> Result<String> {
    let id = ids::new_id();
    let now = clock.now().to_string();
    store::insert(write.connection(), &id, opening, &now).await?;
    store::close(
        write.connection(),
        &id,
        TransactionState::Succeeded,
        &now,
        None,
        &[],
    )
    .await?;
    write.touch(Topic::Transactions);
    Ok(id)
}

/// Closes what an ended Patchbay left open, except transactions of runs, which their run closes.
///
/// # Errors
/// When the database cannot be written.
pub async fn sweep(db: &Db, clock: &dyn Clock) -> Result<()> {
    let mut write = db.write().await?;
    if store::sweep(write.connection(), &clock.now().to_string()).await? > 0 {
        write.touch(Topic::Transactions);
    }
    write.commit().await?;
    Ok(())
}

/// A window of transactions, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(db: &Db, filter: &TransactionFilter, offset: u32, limit: u32) -> Result<TransactionWindow> {
    store::list(db, filter, offset, limit.min(1_000)).await
}

/// One transaction.
///
/// # Errors
/// `NotFound`, or when the database cannot be read.
pub async fn get(db: &Db, id: &str) -> Result<Transaction> {
    store::get(db, id).await
}

/// Notes which run a transaction started, inside the write that makes the run.
///
/// # Errors
/// When the database cannot be written.
pub async fn note_run_in(write: &mut Write, id: &str, run: &str) -> Result<()> {
    store::note_run(write.connection(), id, run).await?;
    write.touch(Topic::Transactions);
    Ok(())
}

/// Closes a transaction inside another write.
///
/// # Errors
/// When the database cannot be written.
pub async fn close_in(
    write: &mut Write,
    now: &str,
    id: &str,
    state: TransactionState,
    failure: Option<&Failure>,
) -> Result<()> {
    store::close(write.connection(), id, state, now, failure, &[]).await?;
    write.touch(Topic::Transactions);
    Ok(())
}
