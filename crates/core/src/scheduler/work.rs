//! What the scheduler is given from outside: it stands below consent and mirror, so it does not know them.

use super::model::{ScheduleKind, ScheduleOutcome};
use super::store;
use crate::db::Db;
use crate::error::Result;
use crate::events::Topic;
use jiff::Timestamp;
use std::collections::HashMap;

/// What keeps an organisation's schedules from running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hindrance {
    /// A sentence with the next step.
    pub reason: String,
    /// Nobody has connected the organisation yet, so nothing is amiss.
    pub not_begun: bool,
}

/// Why organisations' schedules cannot run now, by id.
pub type Hindrances = HashMap<String, Hindrance>;

/// Carries out what is due.
#[async_trait::async_trait]
pub trait Work: Send + Sync {
    /// Brings the schedules up to date with the organisations before it is looked what is due.
    async fn prepare(&self) -> Result<()>;

    /// What keeps organisations from anything. Organisations that nobody has consented for must be among them.
    async fn hindrances(&self) -> Result<Hindrances>;

    /// One turn. A turn that has begun is never cut off, except by the end of the process.
    async fn carry_out(&self, task: &Task) -> Report;

    /// The clock was found behind where it was: what a clock that ran ahead has noted may be wrong.
    async fn set_back(&self, now: Timestamp) -> Result<()>;

    /// After each look; `told` where something was changed since the last one. The moment by which the next look must come.
    async fn looked(&self, now: Timestamp, told: bool) -> Result<Option<Timestamp>>;
}

/// One turn of a schedule.
#[derive(Debug)]
pub struct Task {
    pub kind: ScheduleKind,
    pub organisation: String,
    /// A person asked for it: it is done even if it is not due.
    pub asked: bool,
    pub(super) schedule: String,
    pub(super) db: Db,
}

impl Task {
    /// Shows the transaction while it runs.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_transaction(&self, transaction: &str) -> Result<()> {
        let mut write = self.db.write().await?;
        store::note_transaction(write.connection(), &self.schedule, transaction).await?;
        write.touch(Topic::Schedules);
        write.commit().await?;
        Ok(())
    }
}

/// How a turn went.
#[derive(Debug)]
pub struct Report {
    pub outcome: ScheduleOutcome,
    /// Whole sentences; None where it simply worked.
    pub message: Option<String>,
    pub transaction: Option<String>,
    /// The next turn where the work knows it better than the interval.
    pub next_at: Option<Timestamp>,
}

impl Report {
    /// It failed, and why.
    pub fn failed(message: impl Into<String>) -> Self {
        Self {
            outcome: ScheduleOutcome::Failed,
            message: Some(message.into()),
            transaction: None,
            next_at: None,
        }
    }

    /// There was nothing to do, or it could not be tried.
    pub fn skipped(message: impl Into<String>) -> Self {
        Self {
            outcome: ScheduleOutcome::Skipped,
            ..Self::failed(message)
        }
    }

    /// It is done.
    pub fn succeeded() -> Self {
        Self {
            outcome: ScheduleOutcome::Succeeded,
            message: None,
            transaction: None,
            next_at: None,
        }
    }

    /// The same with its transaction.
    #[must_use]
    pub fn of(self, transaction: Option<String>) -> Self {
        Self { transaction, ..self }
    }
}
