//! Runs that are at work in this process, and what is shown of any run.

use super::counted::Counted;
use super::engine::{Control, End, Engine, Timing, Work};
use super::figures::Live;
use super::ledger::Ledger;
use super::{Hold, Item, ItemState, Run, RunProgress, RunState, store};
use crate::audit;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Error, Failure, Result};
use crate::events::Topic;
use crate::process_lock::ProcessLock;
use crate::transactions;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use webex_client::Tally;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Active {
    control: watch::Sender<Control>,
    live: Arc<Live>,
    ended: watch::Receiver<bool>,
}

/// How often, and how far apart, a lock that is taken is tried.
const LOOKS: u32 = 5;
const LOOK: Duration = Duration::from_millis(20);

/// The right to work on a run, gone with it.
#[derive(Debug)]
pub struct Claim {
    run: String,
    lock: ProcessLock,
}

/// The runs of one data folder.
#[derive(Clone)]
pub struct Runs {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    folder: PathBuf,
    timing: Timing,
    active: Mutex<HashMap<String, Active>>,
    /// Why runs stopped whose end could not be kept, for instance because the disk is full.
    unkept: Mutex<HashMap<String, Hold>>,
}

impl Runs {
    /// `folder` is the data folder; locks lie in it.
    pub fn new(db: Db, clock: Arc<dyn Clock>, folder: &Path, timing: Timing) -> Self {
        Self {
            inner: Arc::new(Inner {
                db,
                clock,
                folder: folder.to_owned(),
                timing,
                active: Mutex::default(),
                unkept: Mutex::default(),
            }),
        }
    }

    /// Sets a run to work: a new one, or one that was paused or interrupted.
    ///
    /// # Errors
    /// `Conflict` when it has ended, or another Patchbay works on it.
    pub async fn begin(&self, id: &str, work: Arc<dyn Work>) -> Result<()> {
        let claim = self.claim(id).await?;
        self.set_to_work(claim, work, Control::Go).await
    }

    /// Gives a run up that is not at work here: what is in doubt is read back once more.
    ///
    /// # Errors
    /// As [`Runs::begin`].
    pub async fn begin_cancelled(&self, id: &str, work: Arc<dyn Work>) -> Result<()> {
        let claim = self.claim(id).await?;
        self.set_to_work(claim, work, Control::Cancel).await
    }

    /// Sets a run to work that was claimed before it was made.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn begin_claimed(&self, claim: Claim, work: Arc<dyn Work>) -> Result<()> {
        self.set_to_work(claim, work, Control::Go).await
    }

    /// Claims a run that is about to be made, so that nobody finds it without somebody at work on it.
    ///
    /// # Errors
    /// `File` when the lock cannot be made.
    pub fn claim_new(&self, id: &str) -> Result<Claim> {
        self.lock(id)?
            .ok_or_else(|| Error::conflict("Another Patchbay on this computer works on this run."))
    }

    fn lock(&self, id: &str) -> Result<Option<Claim>> {
        let taken = ProcessLock::take(&self.inner.folder.join("runs"), id).map_err(|source| Error::File {
            doing: "lock",
            path: self.inner.folder.join("runs"),
            source,
        })?;
        Ok(taken.map(|lock| Claim {
            run: id.to_owned(),
            lock,
        }))
    }

    async fn claim(&self, id: &str) -> Result<Claim> {
        let run = store::get(&self.inner.db, id).await?;
        if matches!(run.state, RunState::Completed | RunState::Cancelled) {
            return Err(Error::conflict(format!(
                "\"{}\" has ended. Its report shows every row; failed rows can be retried.",
                run.name
            )));
        }
        for _ in 0..LOOKS {
            if let Some(claim) = self.lock(id)? {
                return Ok(claim);
            }
            // Somebody may only be looking whether the lock is taken.
            tokio::time::sleep(LOOK).await;
        }
        Err(Error::conflict(format!(
            "\"{}\" is being worked on already, here or by another Patchbay on this computer.",
            run.name
        )))
    }

    async fn set_to_work(&self, claim: Claim, work: Arc<dyn Work>, control: Control) -> Result<()> {
        let Claim {
            run: id,
            lock: run_lock,
        } = claim;
        let id = id.as_str();
        lock(&self.inner.unkept).remove(id);
        // Read under the lock: who held it before may have ended the run.
        let run = store::get(&self.inner.db, id).await?;
        if matches!(run.state, RunState::Completed | RunState::Cancelled) {
            return Ok(());
        }
        let mut write = self.inner.db.write().await?;
        let now = self.inner.clock.now().to_string();
        store::set_state(&mut write, id, RunState::Running, None, &now).await?;
        write.touch(Topic::BulkAssignments);
        write.commit().await?;
        let context = audit::Context {
            who: run.who.clone(),
            organisation: Some(run.organisation.clone()),
        };
        let ledger = Ledger::start(
            self.inner.db.clone(),
            Arc::clone(&self.inner.clock),
            id.to_owned(),
            context.clone(),
        );
        let tally = Arc::new(Tally::default());
        let work: Arc<dyn Work> = Arc::new(Counted::new(work, Arc::clone(&tally)));
        let live = Arc::new(Live::new(
            Arc::clone(&self.inner.clock),
            &run,
            tally,
            work.gate().learned_rate,
        ));
        let (control, wish) = watch::channel(control);
        let (ending, ended) = watch::channel(false);
        lock(&self.inner.active).insert(
            id.to_owned(),
            Active {
                control,
                live: Arc::clone(&live),
                ended,
            },
        );
        let engine = Engine {
            db: self.inner.db.clone(),
            clock: Arc::clone(&self.inner.clock),
            run: id.to_owned(),
            work,
            ledger: ledger.clone(),
            control: wish,
            signal: watch::Sender::new(Control::Go),
            live: Arc::clone(&live),
            timing: self.inner.timing,
        };
        let runs = self.clone();
        tokio::spawn(async move {
            let end = engine.drive().await;
            // Figures are worth no failure of their own.
            let _ = ledger.record(live.last_change()).await;
            drop(ledger);
            let hold = end.as_ref().ok().and_then(|end| end.hold.clone());
            if let Err(error) = runs.finish(&run, end, &context).await {
                if let Some(hold) = hold {
                    lock(&runs.inner.unkept).insert(run.id.clone(), hold);
                }
                tracing::error!(
                    run = run.id,
                    ?error,
                    "the end of the run could not be kept; it will show as interrupted"
                );
            }
            drop(run_lock);
            lock(&runs.inner.active).remove(&run.id);
            ending.send_replace(true);
            runs.inner
                .db
                .events()
                .publish([Topic::Runs, Topic::BulkAssignments]);
        });
        Ok(())
    }

    /// Keeps how a run ended or why it waits, together with its transaction and its entry in the audit log.
    async fn finish(&self, run: &Run, end: Result<End>, context: &audit::Context) -> Result<()> {
        let end = match end {
            Ok(end) => end,
            Err(error) => {
                tracing::error!(run = run.id, ?error, "the run stopped");
                let hold = Hold {
                    reason: super::HoldReason::Disk,
                    message: error.failure().message,
                    since: self.inner.clock.now().to_string(),
                    until: None,
                    tracking_id: None,
                };
                End {
                    state: RunState::Paused,
                    hold: Some(hold),
                }
            }
        };
        let counts = store::counts(&self.inner.db, &run.id).await?;
        let now = self.inner.clock.now().to_string();
        let mut write = self.inner.db.write().await?;
        store::set_state(&mut write, &run.id, end.state, end.hold.as_ref(), &now).await?;
        let outcome = match end.state {
            RunState::Completed => Some(transactions::TransactionState::Succeeded),
            RunState::Cancelled => Some(transactions::TransactionState::Cancelled),
            _ => None,
        };
        if let (Some(outcome), Some(transaction)) = (outcome, &run.transaction) {
            transactions::close_in(&mut write, &now, transaction, outcome, None::<&Failure>).await?;
        }
        let summary: std::collections::BTreeMap<&str, u32> = counts
            .iter()
            .map(|(state, rows)| (store::state_name(*state), *rows))
            .collect();
        let event = match end.state {
            RunState::Completed => "run_completed",
            RunState::Cancelled => "run_cancelled",
            _ => "run_paused",
        };
        let detail = serde_json::json!({ "run": run.id, "rows": summary, "why": end.hold.as_ref().map(|hold| &hold.message) });
        audit::append(&mut write, self.inner.clock.as_ref(), context, event, &detail).await?;
        write.commit().await?;
        Ok(())
    }

    /// Asks a run at work to stop where it stands.
    ///
    /// # Errors
    /// `Conflict` when it is not at work here.
    pub async fn pause(&self, id: &str) -> Result<()> {
        self.ask(id, Control::Pause).await
    }

    /// Gives a run at work up; false if it is not at work here.
    ///
    /// # Errors
    /// When the run is unknown.
    pub async fn cancel(&self, id: &str) -> Result<bool> {
        match self.ask(id, Control::Cancel).await {
            Ok(()) => Ok(true),
            Err(Error::Conflict { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn ask(&self, id: &str, control: Control) -> Result<()> {
        let run = store::get(&self.inner.db, id).await?;
        let ended = {
            let active = lock(&self.inner.active);
            let Some(entry) = active.get(id) else {
                return Err(Error::conflict(format!(
                    "\"{}\" is not at work in this window.",
                    run.name
                )));
            };
            entry.control.send_replace(control);
            entry.ended.clone()
        };
        self.wait_for(ended).await;
        Ok(())
    }

    /// Waits until a run is no longer at work here.
    pub async fn wait(&self, id: &str) {
        let ended = lock(&self.inner.active).get(id).map(|entry| entry.ended.clone());
        if let Some(ended) = ended {
            self.wait_for(ended).await;
        }
    }

    async fn wait_for(&self, mut ended: watch::Receiver<bool>) {
        // An error means that the sender is gone, and with it the run.
        let _ = ended.wait_for(|ended| *ended).await;
    }

    /// Pauses everything at work here, for instance before Patchbay ends.
    pub async fn pause_all(&self) {
        let ids: Vec<String> = lock(&self.inner.active).keys().cloned().collect();
        for id in ids {
            if let Err(error) = self.pause(&id).await {
                tracing::warn!(run = id, ?error, "could not pause");
            }
        }
    }

    /// Whether a run of the organisation is at work, in any process.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn at_work(&self, organisation: &str) -> Result<u32> {
        let mut count = 0;
        for id in store::open_ids(&self.inner.db).await? {
            let run = self.get(&id).await?;
            if run.organisation == organisation && run.state == RunState::Running {
                count += 1;
            }
        }
        Ok(count)
    }

    /// A run with the state people see: one that nobody works on any more was interrupted.
    async fn get(&self, id: &str) -> Result<Run> {
        let run = store::get(&self.inner.db, id).await?;
        if run.state != RunState::Running || ProcessLock::is_taken(&self.inner.folder.join("runs"), id) {
            return Ok(run);
        }
        // It may have ended between the two looks; its end is kept before its lock is let go.
        let mut run = store::get(&self.inner.db, id).await?;
        if run.state == RunState::Running {
            run.state = RunState::Interrupted;
        }
        Ok(run)
    }

    /// A run as the strip and the run page show it.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub async fn progress(&self, id: &str) -> Result<RunProgress> {
        let run = self.get(id).await?;
        let counts: HashMap<ItemState, u32> = store::counts(&self.inner.db, id).await?.into_iter().collect();
        let rows = |state: ItemState| counts.get(&state).copied().unwrap_or(0);
        let pending = rows(ItemState::Pending) + rows(ItemState::Sending);
        let mut progress = RunProgress {
            hold: run.hold.clone(),
            verifying: run.verifying,
            rows: run.rows,
            pending,
            assigned: rows(ItemState::Assigned),
            already: rows(ItemState::AlreadyAssigned),
            failed: rows(ItemState::Failed),
            skipped: rows(ItemState::Skipped),
            unknown: rows(ItemState::Unknown),
            requests: run.requests,
            throttled: run.throttled,
            per_second: None,
            seconds_left: None,
            causes: store::causes(&self.inner.db, id).await?,
            samples: run.samples,
            id: run.id,
            template: run.template,
            name: run.name,
            organisation: run.organisation,
            organisation_name: run.organisation_name,
            state: run.state,
            started_at: run.started_at,
            ended_at: run.ended_at,
            who: run.who,
        };
        if let Some(active) = lock(&self.inner.active).get(id) {
            active.live.show_in(&mut progress);
        } else if progress.state == RunState::Interrupted {
            progress.hold = lock(&self.inner.unkept).get(id).cloned();
        }
        Ok(progress)
    }

    /// Runs that have not ended, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open(&self) -> Result<Vec<RunProgress>> {
        self.all(store::open_ids(&self.inner.db).await?).await
    }

    /// All runs, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(&self) -> Result<Vec<RunProgress>> {
        self.all(store::ids(&self.inner.db).await?).await
    }

    /// The specification of a run and its items that stand in one of `states`, by row.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub async fn over(&self, run: &str, states: &[ItemState]) -> Result<(String, Vec<Item>)> {
        let spec = store::get(&self.inner.db, run).await?.spec;
        Ok((spec, store::items(&self.inner.db, run, states).await?))
    }

    async fn all(&self, ids: Vec<String>) -> Result<Vec<RunProgress>> {
        let mut runs = Vec::with_capacity(ids.len());
        for id in ids {
            runs.push(self.progress(&id).await?);
        }
        Ok(runs)
    }
}
