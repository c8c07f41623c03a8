//! Everything Patchbay did or tried, with steps and outcome (product O11).
//!
//! Invariants: a transaction is opened before its operation and closed after it; one that nobody closed is swept to
//! `interrupted` at the next start, never guessed to have succeeded.

mod export;
pub mod model;
mod retry;
mod store;
mod under_way;

pub use export::csv;
pub use under_way::{Joined, Place, Stopped, Turn, UnderWay};

pub use model::*;

use crate::clock::Clock;
use crate::db::{Db, Write};
use crate::error::{Error, Failure, Result};
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
/// `Invalid` for a time that is none; when the database cannot be read.
pub async fn list(db: &Db, filter: &TransactionFilter, offset: u32, limit: u32) -> Result<TransactionWindow> {
    let restriction = restriction(filter)?;
    let mut connection = db.read().acquire().await?;
    Ok(TransactionWindow {
        total: store::count(&mut connection, &restriction).await?,
        transactions: store::window(&mut connection, &restriction, offset, limit.min(1_000)).await?,
    })
}

/// One transaction.
///
/// # Errors
/// `NotFound`, or when the database cannot be read.
pub async fn get(db: &Db, id: &str) -> Result<Transaction> {
    let mut connection = db.read().acquire().await?;
    store::get(&mut connection, id).await
}

/// The names of all steps, in order, those that were not begun as well.
///
/// # Errors
/// When the database cannot be read.
pub async fn step_names(db: &Db, id: &str) -> Result<Vec<String>> {
    let mut connection = db.read().acquire().await?;
    let steps = store::steps(&mut connection, id).await?;
    Ok(steps.into_iter().map(|(name, _)| name).collect())
}

fn restriction(filter: &TransactionFilter) -> Result<store::Restriction<'_>> {
    Ok(store::Restriction {
        filter,
        since: filter
            .since
            .as_deref()
            .map(|given| moment("since", given))
            .transpose()?,
        until: filter
            .until
            .as_deref()
            .map(|given| moment("until", given))
            .transpose()?,
    })
}

/// A time as the column has it, to the second and without the final Z.
fn moment(field: &'static str, given: &str) -> Result<String> {
    let time: jiff::Timestamp = given.trim().parse().map_err(|_| {
        Error::invalid(
            field,
            format!("\"{given}\" is no time. Write it like 2026-03-01T08:00:00Z."),
        )
    })?;
    let second = jiff::Timestamp::from_second(time.as_second()).unwrap_or(time);
    Ok(second.to_string().trim_end_matches('Z').to_owned())
}

/// A transaction that was taken up again, and its steps: name, and whether it is done.
#[derive(Debug)]
pub struct Reopened {
    pub open: Open,
    pub steps: Vec<(String, bool)>,
}

/// Takes a transaction up again where it failed; steps that are done stay done. Whether somebody can go on with it is
/// the caller's to know.
///
/// # Errors
/// `Conflict` where it cannot be tried again, with why; `NotFound`.
pub async fn reopen(db: &Db, clock: Arc<dyn Clock>, id: &str) -> Result<Reopened> {
    let found = get(db, id).await?;
    if let Some(why) = retry::refusal(found.kind, found.state) {
        return Err(Error::conflict(format!(
            "\"{}\" cannot be tried again: {why}",
            found.title
        )));
    }
    if !found.retryable {
        return Err(Error::conflict(format!(
            "\"{}\" cannot be tried again: its organisation was deleted here.",
            found.title
        )));
    }
    let mut write = db.write().await?;
    if !store::reopen(write.connection(), id).await? {
        // Somebody was faster.
        return Err(Error::conflict(format!(
            "\"{}\" is being tried again already.",
            found.title
        )));
    }
    let steps = store::steps(write.connection(), id).await?;
    write.touch(Topic::Transactions);
    write.commit().await?;
    Ok(Reopened {
        open: Open::again(db, clock, id.to_owned()),
        steps,
    })
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
