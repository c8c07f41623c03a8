//! What runs by itself (product O6, O12): the rows of `schedules`, and the loop that carries them out.
//!
//! Invariants: every organisation has its schedules from its registration to its end ([`furnish`]); what a turn does is given
//! from outside ([`Work`]); a schedule is carried out by one process at a time and is never further away than one interval
//! (see `reconcile.rs`); a person may ask for a turn at any time, the pause and the interval are the person's own.

mod due;
mod lock;
pub mod model;
mod reconcile;
mod store;
mod work;

pub use due::refresh_due_at;
pub use model::*;
pub use work::{Hindrance, Hindrances, Report, Task, Work};

use crate::clock::Clock;
use crate::db::{Db, Write};
use crate::error::{Error, Result};
use crate::events::Topic;
use crate::ids;
use jiff::Timestamp;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use store::Row;
use tokio::sync::{Semaphore, broadcast::error::RecvError, watch};

/// Turns at once of each sort.
const REFRESHES_AT_ONCE: usize = 4;
const SYNCS_AT_ONCE: usize = 2;
/// So many failures in a row are worth a warning.
const FAILING: u32 = 3;

/// The scheduler of a running Patchbay. Cheap to clone; clones are the same.
#[derive(Debug, Clone)]
pub struct Scheduler {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    folder: PathBuf,
    /// Ids of schedules whose turn is under way, or is waiting for its place, in this process.
    under_way: Mutex<HashSet<String>>,
    refreshes: Semaphore,
    syncs: Semaphore,
    /// How many renewals are under way.
    refreshing: watch::Sender<usize>,
    last_look: Mutex<Option<Timestamp>>,
    closing: watch::Sender<bool>,
}

/// A schedule that keeps failing, for the warnings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    pub schedule: String,
    pub kind: ScheduleKind,
    pub organisation: String,
    pub failures: u32,
    /// RFC 3339 UTC.
    pub since: String,
    pub message: Option<String>,
}

impl Scheduler {
    /// Nothing is begun. `alone`: no other Patchbay has the folder open.
    pub fn new(db: Db, clock: Arc<dyn Clock>, folder: &Path, alone: bool) -> Self {
        if alone {
            lock::sweep(folder);
        }
        let inner = Inner {
            db,
            clock,
            folder: folder.to_owned(),
            under_way: Mutex::default(),
            refreshes: Semaphore::new(REFRESHES_AT_ONCE),
            syncs: Semaphore::new(SYNCS_AT_ONCE),
            refreshing: watch::Sender::new(0),
            last_look: Mutex::default(),
            closing: watch::Sender::new(false),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// A window of schedules: what runs first, then by the time they are due, blocked and paused ones last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(
        &self,
        work: &dyn Work,
        filter: &ScheduleFilter,
        offset: u32,
        limit: u32,
    ) -> Result<ScheduleWindow> {
        let hindrances = work.hindrances().await?;
        let wanted = filter.search.as_deref().unwrap_or_default().trim().to_lowercase();
        let mut found = Vec::new();
        for row in store::all(&self.inner.db).await? {
            let kind = row.kind()?;
            let fits = filter
                .organisation
                .as_ref()
                .is_none_or(|one| *one == row.organisation)
                && filter.kind.is_none_or(|one| one == kind)
                && row.organisation_name.to_lowercase().contains(&wanted);
            if !fits {
                continue;
            }
            let schedule = self.shown(row, &hindrances)?;
            let expected = hindrances
                .get(&schedule.organisation)
                .is_some_and(|hindrance| hindrance.not_begun);
            let blocked = matches!(schedule.state, ScheduleState::Blocked { .. });
            let troubled = schedule.failures > 0 || (blocked && !expected);
            if troubled || !filter.troubled {
                found.push(schedule);
            }
        }
        // Stable, so that those of one moment stay in the order of their names.
        found.sort_by(|one, other| rank(one).cmp(&rank(other)));
        let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let schedules = found
            .into_iter()
            .skip(offset as usize)
            .take(limit.min(1_000) as usize)
            .collect();
        Ok(ScheduleWindow { total, schedules })
    }

    /// One schedule.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, work: &dyn Work, id: &str) -> Result<Schedule> {
        let row = self.row(id).await?;
        self.shown(row, &work.hindrances().await?)
    }

    /// Begins a turn now, also of a paused schedule, unless one is under way.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] with what keeps it from running.
    pub async fn run_now(&self, work: &Arc<dyn Work>, id: &str) -> Result<Schedule> {
        let row = self.row(id).await?;
        if let Some(Hindrance { reason, .. }) = work.hindrances().await?.remove(&row.organisation) {
            return Err(Error::conflict(format!(
                "The {} of {} cannot run now. {reason}",
                row.kind()?.noun(),
                row.organisation_name
            )));
        }
        let mut changed = self.inner.db.events().subscribe();
        if let Some(mut turn) = self.begin(work, row, true) {
            // Until it is seen to run, or is over already.
            while !self.row(id).await?.is_open() {
                tokio::select! {
                    _ = &mut turn => break,
                    told = changed.recv() => if told == Err(RecvError::Closed) { break },
                }
            }
        }
        self.get(work.as_ref(), id).await
    }

    /// Lets it not run by itself any more.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the database cannot be written.
    pub async fn pause(&self, work: &dyn Work, id: &str) -> Result<Schedule> {
        self.set_paused(id, true).await?;
        self.get(work, id).await
    }

    /// Lets it run by itself again; a turn that was missed comes at once.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the database cannot be written.
    pub async fn resume(&self, work: &dyn Work, id: &str) -> Result<Schedule> {
        self.set_paused(id, false).await?;
        self.get(work, id).await
    }

    /// Sets the interval; the next turn is one interval after the last.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] out of bounds, or for a token refresh, whose rule is fixed.
    pub async fn set_every(&self, work: &dyn Work, id: &str, every_minutes: u32) -> Result<Schedule> {
        let row = self.row(id).await?;
        let kind = row.kind()?;
        if kind == ScheduleKind::TokenRefresh {
            return Err(Error::invalid(
                "everyMinutes",
                format!(
                    "The tokens of {} are renewed every seven days and before they end; that cannot be set. Pause the \
                     schedule to keep Patchbay from it.",
                    row.organisation_name
                ),
            ));
        }
        if !(due::SHORTEST_MINUTES..=due::LONGEST_MINUTES).contains(&every_minutes) {
            return Err(Error::invalid(
                "everyMinutes",
                format!(
                    "The {} of {} can run every {} minutes at the most often and every {} days at the least, not every \
                     {every_minutes} minutes. Choose an interval between.",
                    kind.noun(),
                    row.organisation_name,
                    due::SHORTEST_MINUTES,
                    due::LONGEST_MINUTES / (24 * 60),
                ),
            ));
        }
        let next_at = self.after_last(&row, kind, every_minutes);
        let mut write = self.inner.db.write().await?;
        store::set_every(write.connection(), id, every_minutes, next_at).await?;
        write.touch(Topic::Schedules);
        write.commit().await?;
        self.get(work, id).await
    }

    /// The default interval was changed: what had the old one takes the new one. 0 is for never.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn change_default(&self, write: &mut Write, old: u32, new: u32) -> Result<()> {
        for row in store::all_in(write.connection()).await? {
            let kind = row.kind()?;
            if kind != ScheduleKind::TokenRefresh && row.every_minutes == old {
                let next_at = self.after_last(&row, kind, new);
                store::set_every(write.connection(), &row.id, new, next_at).await?;
            }
        }
        write.touch(Topic::Schedules);
        Ok(())
    }

    fn after_last(&self, row: &Row, kind: ScheduleKind, every_minutes: u32) -> Option<Timestamp> {
        let now = self.inner.clock.now();
        let last = row.last_ended_at.as_ref().and_then(|text| text.parse().ok());
        due::after(
            last.unwrap_or(now).min(now),
            every_minutes,
            &row.organisation,
            kind,
        )
    }

    async fn set_paused(&self, id: &str, paused: bool) -> Result<()> {
        self.row(id).await?;
        let mut write = self.inner.db.write().await?;
        store::pause(write.connection(), id, paused).await?;
        write.touch(Topic::Schedules);
        write.commit().await?;
        Ok(())
    }

    async fn row(&self, id: &str) -> Result<Row> {
        store::one(&self.inner.db, id)
            .await?
            .ok_or_else(|| Error::NotFound {
                what: "schedule",
                id: id.to_owned(),
            })
    }

    fn shown(&self, row: Row, hindrances: &Hindrances) -> Result<Schedule> {
        let kind = row.kind()?;
        let runs =
            row.is_open() && (self.is_under_way(&row.id) || lock::is_taken(&self.inner.folder, &row.id));
        let state = if runs {
            ScheduleState::Running {
                transaction: row.last_transaction.clone(),
            }
        } else if row.paused {
            ScheduleState::Paused
        } else if let Some(hindrance) = hindrances.get(&row.organisation) {
            ScheduleState::Blocked {
                reason: hindrance.reason.clone(),
            }
        } else {
            match &row.next_at {
                Some(at) => ScheduleState::Waiting { at: at.clone() },
                None => ScheduleState::Blocked {
                    reason: without_turn(kind).to_owned(),
                },
            }
        };
        Ok(Schedule {
            kind,
            state,
            last_outcome: row.outcome()?,
            id: row.id,
            organisation: row.organisation,
            organisation_name: row.organisation_name,
            every_minutes: row.every_minutes,
            last_started_at: row.last_started_at,
            last_ended_at: row.last_ended_at,
            last_message: row.last_message,
            last_transaction: row.last_transaction,
            failures: row.failures,
        })
    }
}

/// Why something that is neither paused nor hindered has no turn.
fn without_turn(kind: ScheduleKind) -> &'static str {
    match kind {
        ScheduleKind::TokenRefresh => {
            "Webex gave no refresh token with the consent, so the access token cannot be renewed. Connect the organisation \
             again before it ends."
        }
        ScheduleKind::MirrorSync | ScheduleKind::WholesaleSync => {
            "Syncs by themselves are switched off in Settings. Set an interval here, or run it now."
        }
    }
}

fn rank(schedule: &Schedule) -> (u8, &str) {
    match &schedule.state {
        ScheduleState::Running { .. } => (0, ""),
        ScheduleState::Waiting { at } => (1, at),
        ScheduleState::Blocked { .. } => (2, ""),
        ScheduleState::Paused => (3, ""),
    }
}

/// Gives each organisation the schedules it should have: those of a new one, and those of wholesale where that was switched
/// on or off. `default_minutes` is the interval of syncs, 0 for never.
///
/// # Errors
/// When the database cannot be written.
pub async fn furnish(write: &mut Write, clock: &dyn Clock, default_minutes: u32) -> Result<()> {
    let now = clock.now();
    let lacking = store::unfurnished(write.connection()).await?;
    if lacking.is_empty() {
        return Ok(());
    }
    for organisation in lacking {
        let time = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<Timestamp>().ok());
        let connection = write.connection();
        let refresh = time(&organisation.refreshed_at)
            .filter(|_| organisation.refresh_token_since.is_some())
            .map(|received| {
                refresh_due_at(
                    &organisation.id,
                    received,
                    time(&organisation.access_token_expires_at),
                )
            });
        let sync_from = time(&organisation.last_sync_at).unwrap_or(now).min(now);
        let of_sync = |kind, from| due::after(from, default_minutes, &organisation.id, kind);
        let mut wanted = vec![
            (ScheduleKind::TokenRefresh, due::REFRESH_MINUTES, refresh),
            (
                ScheduleKind::MirrorSync,
                default_minutes,
                of_sync(ScheduleKind::MirrorSync, sync_from),
            ),
        ];
        if organisation.wholesale {
            let next_at = of_sync(ScheduleKind::WholesaleSync, now);
            wanted.push((ScheduleKind::WholesaleSync, default_minutes, next_at));
        } else {
            store::remove(connection, &organisation.id, ScheduleKind::WholesaleSync).await?;
        }
        for (kind, every_minutes, next_at) in wanted {
            let id = ids::new_id();
            store::insert(connection, &id, &organisation.id, kind, every_minutes, next_at).await?;
        }
    }
    write.touch(Topic::Schedules);
    Ok(())
}

/// Whether [`furnish`] has something to do.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_unfurnished(db: &Db) -> Result<bool> {
    let mut connection = db.read().acquire().await?;
    Ok(!store::unfurnished(&mut connection).await?.is_empty())
}

/// The tokens of an organisation were renewed: its next token refresh is at `next_at`; None where there is no refresh token.
///
/// # Errors
/// When the database cannot be written.
pub async fn refreshed(write: &mut Write, organisation: &str, next_at: Option<Timestamp>) -> Result<()> {
    for row in store::of(write.connection(), organisation).await? {
        if row.kind()? == ScheduleKind::TokenRefresh {
            store::set_next(write.connection(), &row.id, next_at).await?;
        }
    }
    write.touch(Topic::Schedules);
    Ok(())
}

/// Somebody has consented: as [`refreshed`]; failures of before are forgotten, and what came due while nothing could be done
/// begins anew, since a consent is followed by a sync.
///
/// # Errors
/// When the database cannot be written.
pub async fn consented(
    write: &mut Write,
    organisation: &str,
    now: Timestamp,
    next_at: Option<Timestamp>,
) -> Result<()> {
    store::forgive(write.connection(), organisation).await?;
    for row in store::of(write.connection(), organisation).await? {
        let kind = row.kind()?;
        if kind != ScheduleKind::TokenRefresh && row.next_at()?.is_some_and(|at| at <= now) {
            let next_at = due::after(now, row.every_minutes, organisation, kind);
            store::set_next(write.connection(), &row.id, next_at).await?;
        }
    }
    refreshed(write, organisation, next_at).await
}

/// What keeps failing.
///
/// # Errors
/// When the database cannot be read.
pub async fn failing(db: &Db) -> Result<Vec<Failing>> {
    let rows = store::failing(db, FAILING).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Failing {
                kind: row.kind()?,
                schedule: row.id,
                organisation: row.organisation,
                failures: row.failures,
                since: row.failing_since.unwrap_or_default(),
                message: row.last_message,
            })
        })
        .collect()
}
