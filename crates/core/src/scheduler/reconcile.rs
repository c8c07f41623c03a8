//! Looking what is due, and carrying it out.
//!
//! Invariants: due is decided by the wall clock alone, looked at least once a minute, so that a computer that slept, or whose
//! clock was moved, catches up; one turn of a schedule at a time, in this process and among processes on one data folder,
//! and after the wait for one's turn the row is read again; a turn that was cut off by the end of the process is due at the
//! next start.

use super::due;
use super::lock;
use super::model::{ScheduleKind, ScheduleOutcome};
use super::store::{self, Row};
use super::work::{Report, Task, Work};
use super::{Inner, Scheduler};
use crate::error::{Error, Result};
use crate::events::Topic;
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::task::JoinHandle;

/// The longest time between two looks at the clock. A sleeping computer's own timers stand still.
const LONGEST_LOOK: SignedDuration = SignedDuration::from_mins(1);
/// The shortest, however much is told.
const SHORTEST_LOOK: Duration = Duration::from_secs(1);
/// A clock that is behind by less was corrected, not set back.
const CORRECTION: SignedDuration = SignedDuration::from_secs(5);
/// When what could not be tried is tried again.
const SKIPPED_PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// How long renewals that are under way may take to end. A refresh token may have been replaced by then.
const LAST_REFRESHES: Duration = Duration::from_secs(35);

impl Scheduler {
    /// Looks once, begins what is due, waits for its end, and looks after the warnings.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pass(&self, work: &Arc<dyn Work>) -> Result<()> {
        for turn in self.begin_due(work).await? {
            // A turn that fell over has been recorded as failed.
            let _ = turn.await;
        }
        work.looked(self.inner.clock.now(), true).await?;
        Ok(())
    }

    /// Looks again and again until [`Scheduler::close`].
    pub async fn run(self, work: Arc<dyn Work>) {
        let mut topics = self.inner.db.events().subscribe();
        let mut closing = self.inner.closing.subscribe();
        let mut told = true;
        loop {
            if *closing.borrow() {
                return;
            }
            if let Err(error) = self.begin_due(&work).await {
                tracing::warn!(%error, "it could not be seen what is due");
            }
            let now = self.inner.clock.now();
            let warned = work.looked(now, told).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the warnings could not be worked out");
                None
            });
            let pause = self.until_next(now, warned).await;
            told = tokio::select! {
                () = tokio::time::sleep(pause) => false,
                () = something_changes(&mut topics) => {
                    // What is told comes in crowds.
                    tokio::time::sleep(SHORTEST_LOOK).await;
                    topics = topics.resubscribe();
                    true
                }
                _ = closing.changed() => return,
            };
        }
    }

    async fn until_next(&self, now: Timestamp, warned: Option<Timestamp>) -> Duration {
        let next = store::next(&self.inner.db, &due::whole(now).to_string()).await;
        let next = next
            .ok()
            .flatten()
            .and_then(|text| text.parse::<Timestamp>().ok());
        let wait = [next, warned]
            .into_iter()
            .flatten()
            .map(|at| at.duration_since(now))
            .fold(LONGEST_LOOK, SignedDuration::min);
        Duration::try_from(wait).unwrap_or_default().max(SHORTEST_LOOK)
    }

    /// Begins what is due and not under way.
    async fn begin_due(&self, work: &Arc<dyn Work>) -> Result<Vec<JoinHandle<()>>> {
        work.prepare().await?;
        let now = self.inner.clock.now();
        if self.is_set_back(now) {
            work.set_back(now).await?;
            self.pull_in(now).await?;
        }
        let mut due = store::due(&self.inner.db, &due::whole(now).to_string()).await?;
        due.retain(|row| !self.is_under_way(&row.id));
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let hindrances = work.hindrances().await?;
        due.retain(|row| !hindrances.contains_key(&row.organisation));
        Ok(due
            .into_iter()
            .filter_map(|row| self.begin(work, row, false))
            .collect())
    }

    /// Whether the clock is behind the last look; also at the first one, when nothing is known.
    fn is_set_back(&self, now: Timestamp) -> bool {
        let mut last = self
            .inner
            .last_look
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let back = last.is_none_or(|last| last.duration_since(now) > CORRECTION);
        *last = Some(now);
        back
    }

    async fn pull_in(&self, now: Timestamp) -> Result<()> {
        let mut far = Vec::new();
        for row in store::all(&self.inner.db).await? {
            let Some(next_at) = row.next_at()? else { continue };
            let kind = row.kind()?;
            if let Some(instead) = due::pulled_in(next_at, now, row.every_minutes, &row.organisation, kind) {
                far.push((row.id, instead));
            }
        }
        if far.is_empty() {
            return Ok(());
        }
        tracing::info!(schedules = far.len(), "the clock was set back");
        let mut write = self.inner.db.write().await?;
        for (id, instead) in far {
            store::set_next(write.connection(), &id, Some(instead)).await?;
        }
        write.touch(Topic::Schedules);
        write.commit().await?;
        Ok(())
    }

    /// Begins a turn, unless it is under way here.
    pub(super) fn begin(&self, work: &Arc<dyn Work>, row: Row, asked: bool) -> Option<JoinHandle<()>> {
        let flight = UnderWay::take_off(&self.inner, &row)?;
        let (scheduler, work) = (self.clone(), Arc::clone(work));
        Some(tokio::spawn(async move {
            let taken = scheduler
                .in_turn(&work, &row, asked)
                .await
                .unwrap_or_else(|error| {
                    tracing::warn!(schedule = %row.id, %error, "a turn could not be recorded");
                    false
                });
            drop(flight);
            // What is due and could not be begun is looked at in a while, not at once again.
            if taken || asked {
                scheduler.inner.db.events().publish([Topic::Schedules]);
            }
        }))
    }

    /// False where nothing was begun.
    async fn in_turn(&self, work: &Arc<dyn Work>, row: &Row, asked: bool) -> Result<bool> {
        let inner = &self.inner;
        let kind = row.kind()?;
        let crowd = match kind {
            ScheduleKind::TokenRefresh => &inner.refreshes,
            ScheduleKind::MirrorSync | ScheduleKind::WholesaleSync => &inner.syncs,
        };
        // Whoever asks does not wait behind five hundred others.
        let _place = if asked { None } else { crowd.acquire().await.ok() };
        if *inner.closing.borrow() {
            return Ok(false);
        }
        let lock = lock::take(&inner.folder, &row.id).map_err(|source| Error::File {
            doing: "lock",
            path: inner.folder.join("schedules"),
            source,
        })?;
        let Some(_lock) = lock else {
            tracing::debug!(schedule = %row.id, "another Patchbay is at it");
            return Ok(false);
        };
        let Some(row) = store::one(&inner.db, &row.id).await? else {
            return Ok(false);
        };
        let now = inner.clock.now();
        if !asked && (row.paused || row.next_at()?.is_none_or(|at| at > now)) {
            // Another Patchbay was here first.
            return Ok(false);
        }
        let mut write = inner.db.write().await?;
        store::started(write.connection(), &row.id, &now.to_string()).await?;
        write.touch(Topic::Schedules);
        write.commit().await?;
        let task = Task {
            kind,
            organisation: row.organisation.clone(),
            asked,
            schedule: row.id.clone(),
            db: inner.db.clone(),
        };
        let work = Arc::clone(work);
        let report = tokio::spawn(async move { work.carry_out(&task).await }).await;
        let report = report.unwrap_or_else(|error| {
            tracing::error!(schedule = %row.id, %error, "a turn fell over");
            Report::failed("It ended unexpectedly. The log in Patchbay's log folder says more.")
        });
        self.record(&row.id, kind, &report).await?;
        Ok(true)
    }

    /// Notes how a turn ended and when the next one is.
    async fn record(&self, id: &str, kind: ScheduleKind, report: &Report) -> Result<()> {
        let inner = &self.inner;
        let mut write = inner.db.write().await?;
        // What the work has planned itself, or a person has set meanwhile, stands there now.
        let Some(row) = store::one_in(write.connection(), id).await? else {
            return Ok(());
        };
        let now = inner.clock.now();
        let at = now.to_string();
        let failures = match report.outcome {
            ScheduleOutcome::Failed => row.failures.saturating_add(1),
            ScheduleOutcome::Succeeded => 0,
            ScheduleOutcome::Skipped => row.failures,
        };
        let failing_since = (failures > 0).then(|| row.failing_since.clone().unwrap_or_else(|| at.clone()));
        let by_interval = |from| due::after(from, row.every_minutes, &row.organisation, kind);
        let next_at = match report.outcome {
            // Nothing that does not run by itself is tried again by itself.
            _ if row.every_minutes == 0 => None,
            ScheduleOutcome::Failed => Some(due::after_failure(
                now,
                failures,
                row.every_minutes,
                &row.organisation,
                kind,
            )),
            ScheduleOutcome::Succeeded => report.next_at.or_else(|| by_interval(now)),
            ScheduleOutcome::Skipped => report
                .next_at
                .or_else(|| Some(now.saturating_add(SKIPPED_PAUSE).unwrap_or(now)).min(by_interval(now))),
        };
        let ended = store::Ended {
            at: &at,
            outcome: report.outcome,
            message: report.message.as_deref(),
            transaction: report.transaction.as_deref(),
            failures,
            failing_since: failing_since.as_deref(),
            next_at,
        };
        store::ended(write.connection(), id, &ended).await?;
        write.touch(Topic::Schedules);
        if failures != row.failures {
            write.touch(Topic::Notifications);
        }
        write.commit().await?;
        Ok(())
    }

    /// Begins nothing more, and waits for the renewals that are under way, which may have replaced a refresh token. Copies
    /// are left where they are: what they have written is whole.
    pub async fn close(&self) {
        self.inner.closing.send_replace(true);
        let mut flying = self.inner.refreshing.subscribe();
        let landed = flying.wait_for(|refreshing| *refreshing == 0);
        if tokio::time::timeout(LAST_REFRESHES, landed).await.is_err() {
            tracing::warn!("renewals were left under way");
        }
    }

    pub(super) fn is_under_way(&self, id: &str) -> bool {
        let under_way = self.inner.under_way.lock();
        under_way.unwrap_or_else(PoisonError::into_inner).contains(id)
    }
}

/// That a turn is under way in this process, until dropped.
struct UnderWay {
    inner: Arc<Inner>,
    id: String,
    refresh: bool,
}

impl UnderWay {
    fn take_off(inner: &Arc<Inner>, row: &Row) -> Option<Self> {
        let mut under_way = inner.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if !under_way.insert(row.id.clone()) {
            return None;
        }
        drop(under_way);
        let refresh = row.kind == ScheduleKind::TokenRefresh.word();
        if refresh {
            inner.refreshing.send_modify(|refreshing| *refreshing += 1);
        }
        Some(Self {
            inner: Arc::clone(inner),
            id: row.id.clone(),
            refresh,
        })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let under_way = self.inner.under_way.lock();
        under_way.unwrap_or_else(PoisonError::into_inner).remove(&self.id);
        if self.refresh {
            self.inner
                .refreshing
                .send_modify(|refreshing| *refreshing = refreshing.saturating_sub(1));
        }
    }
}

/// Waits until something is told that may make a difference to what is due.
async fn something_changes(topics: &mut broadcast::Receiver<Topic>) {
    loop {
        match topics.recv().await {
            Ok(Topic::Organisations | Topic::Schedules | Topic::Preferences | Topic::Vault)
            | Err(RecvError::Lagged(_)) => return,
            Ok(_) => {}
            // Nobody is left to tell anything.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
