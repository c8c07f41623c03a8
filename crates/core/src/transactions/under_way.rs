//! One transaction of a sort for an organisation at a time, in this process and among processes on one data folder.
//!
//! Invariants: whoever carries one out holds a lock of the operating system until its end is durable; one that another process
//! carries out is joined, and looked at once a second until it is over, because what that process tells is not heard here; a
//! process that ended half-way leaves its transaction to be closed as interrupted by whoever has joined it.

use super::{Open, TransactionFilter, TransactionKind, TransactionState};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Error, ErrorCode, Failure, Result};
use crate::events::Topic;
use crate::process_lock::ProcessLock;
use futures::FutureExt as _;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// How often what another process carries out is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// Between taking its place and opening its transaction another process needs a moment.
const MOMENT: Duration = Duration::from_millis(50);
const MOMENTS: u32 = 100;

/// What is under way, by organisation. Cheap to clone; clones are the same.
#[derive(Debug, Clone)]
pub struct UnderWay {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    folder: PathBuf,
    sort: &'static str,
    kinds: &'static [TransactionKind],
    topics: &'static [Topic],
    entries: Mutex<HashMap<String, Entry>>,
    /// Held while it is looked whether one is under way.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Clone)]
struct Entry {
    transaction: String,
    /// Another process carries it out.
    elsewhere: bool,
    /// It is being closed: nobody joins it any more.
    ending: bool,
    over: watch::Receiver<bool>,
    /// The state its transaction is to end with, once it is to stop.
    stop: watch::Sender<Option<TransactionState>>,
}

/// One that is under way already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    pub transaction: String,
    /// Another process on this data folder carries it out.
    pub elsewhere: bool,
}

impl Joined {
    /// One that was begun here and now.
    pub fn begun(transaction: String) -> Self {
        Self {
            transaction,
            elsewhere: false,
        }
    }
}

/// Whether one can be begun.
#[derive(Debug)]
pub enum Turn<'a> {
    Free(Place<'a>),
    Taken(Joined),
}

/// The place of the one that is to begin. Nobody else begins while it lives; dropping it gives it back.
#[derive(Debug)]
pub struct Place<'a> {
    under_way: &'a UnderWay,
    organisation: String,
    lock: ProcessLock,
    _turn: tokio::sync::MutexGuard<'a, ()>,
}

/// That nothing is under way for an organisation and nothing begins, as long as it lives.
#[derive(Debug)]
pub struct Stopped<'a> {
    under_way: &'a UnderWay,
    organisation: String,
    _lock: ProcessLock,
    _turn: tokio::sync::MutexGuard<'a, ()>,
}

impl UnderWay {
    /// Nothing is under way. `sort` is the name of the locks; `kinds` are the transactions that are looked for where another
    /// process is at it; `topics` are told whenever one begins or ends, here or elsewhere: they name all that it writes.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        sort: &'static str,
        kinds: &'static [TransactionKind],
        topics: &'static [Topic],
    ) -> Self {
        let inner = Inner {
            folder: locks(db.path().parent().unwrap_or_else(|| Path::new(""))),
            db,
            clock,
            sort,
            kinds,
            topics,
            entries: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Removes the locks of organisations that are gone. Only for a Patchbay that is alone on the folder.
    pub fn sweep(folder: &Path) {
        // A file that stays costs nothing.
        let _ = std::fs::remove_dir_all(locks(folder));
    }

    /// The transaction that is under way, in this process or, once it was joined, in another.
    pub fn current(&self, organisation: &str) -> Option<String> {
        self.entry(organisation)
            .filter(|entry| !entry.ending)
            .map(|entry| entry.transaction)
    }

    /// Whether another process is at it now.
    pub fn is_elsewhere(&self, organisation: &str) -> bool {
        self.entry(organisation).map_or_else(
            || ProcessLock::is_taken(&self.inner.folder, &self.name(organisation)),
            |entry| entry.elsewhere,
        )
    }

    /// Waits until none is under way.
    pub async fn wait(&self, organisation: &str) {
        if let Some(mut entry) = self.entry(organisation) {
            // An error means that its task is gone already.
            let _ = entry.over.wait_for(|over| *over).await;
        }
    }

    /// The place to begin one, or the one that is under way. `called` is the organisation.
    ///
    /// # Errors
    /// [`Error::Conflict`] where another process has the place and does not say what it does; when the lock or the database
    /// cannot be used.
    pub async fn turn(&self, organisation: &str, called: &str) -> Result<Turn<'_>> {
        let turn = self.inner.turn.lock().await;
        if let Some(mut entry) = self.entry(organisation) {
            // The end of what another process carries out is seen at the next look only.
            let ended = entry.ending || (entry.elsewhere && !self.runs(&entry.transaction).await?);
            if !ended {
                return Ok(Turn::Taken(Joined {
                    transaction: entry.transaction,
                    elsewhere: entry.elsewhere,
                }));
            }
            entry.stop.send_replace(Some(TransactionState::Interrupted));
            // An error means that its task is gone already.
            let _ = entry.over.wait_for(|over| *over).await;
        }
        for _ in 0..MOMENTS {
            if let Some(lock) = self.lock(organisation)? {
                return Ok(Turn::Free(Place {
                    under_way: self,
                    organisation: organisation.to_owned(),
                    lock,
                    _turn: turn,
                }));
            }
            if let Some(transaction) = self.running(organisation).await? {
                self.look_after(organisation, transaction.clone());
                return Ok(Turn::Taken(Joined {
                    transaction,
                    elsewhere: true,
                }));
            }
            tokio::time::sleep(MOMENT).await;
        }
        Err(at_work(called))
    }

    /// Stops what is under way for an organisation that is about to be deleted; its transaction is cancelled.
    ///
    /// # Errors
    /// [`Error::Conflict`] where another process is at it, which cannot be stopped from here.
    pub async fn stop(&self, organisation: &str, called: &str) -> Result<Stopped<'_>> {
        let turn = self.inner.turn.lock().await;
        if let Some(mut entry) = self.entry(organisation) {
            if entry.elsewhere && !entry.ending {
                return Err(at_work(called));
            }
            entry.stop.send_replace(Some(TransactionState::Cancelled));
            // An error means that its task is gone already.
            let _ = entry.over.wait_for(|over| *over).await;
        }
        Ok(Stopped {
            _lock: self.lock(organisation)?.ok_or_else(|| at_work(called))?,
            under_way: self,
            organisation: organisation.to_owned(),
            _turn: turn,
        })
    }

    /// Ends what is under way here, as Patchbay is ending: each transaction is interrupted.
    pub async fn close(&self) {
        let _turn = self.inner.turn.lock().await;
        let entries: Vec<Entry> = self.entries().values().cloned().collect();
        for mut entry in entries {
            entry.stop.send_replace(Some(TransactionState::Interrupted));
            // An error means that its task is gone already.
            let _ = entry.over.wait_for(|over| *over).await;
        }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.inner.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn entry(&self, organisation: &str) -> Option<Entry> {
        self.entries().get(organisation).cloned()
    }

    fn name(&self, organisation: &str) -> String {
        format!("{}-{organisation}", self.inner.sort)
    }

    fn lock(&self, organisation: &str) -> Result<Option<ProcessLock>> {
        ProcessLock::take(&self.inner.folder, &self.name(organisation)).map_err(|source| Error::File {
            doing: "lock",
            path: self.inner.folder.clone(),
            source,
        })
    }

    async fn runs(&self, transaction: &str) -> Result<bool> {
        Ok(super::get(&self.inner.db, transaction).await?.state == TransactionState::Running)
    }

    /// The youngest transaction of these kinds that runs.
    async fn running(&self, organisation: &str) -> Result<Option<String>> {
        let filter = TransactionFilter {
            organisation: Some(organisation.to_owned()),
            kinds: self.inner.kinds.to_vec(),
            state: Some(TransactionState::Running),
            ..TransactionFilter::default()
        };
        let window = super::list(&self.inner.db, &filter, 0, 1).await?;
        Ok(window.transactions.into_iter().next().map(|found| found.id))
    }

    fn list(&self, organisation: &str, transaction: &str, elsewhere: bool) -> Listed {
        let (ending, over) = watch::channel(false);
        let (stop, stopped) = watch::channel(None);
        let entry = Entry {
            transaction: transaction.to_owned(),
            elsewhere,
            ending: false,
            over,
            stop,
        };
        self.entries().insert(organisation.to_owned(), entry);
        self.inner.db.events().publish(self.inner.topics.iter().copied());
        Listed {
            under_way: self.clone(),
            organisation: organisation.to_owned(),
            over: ending,
            stopped,
        }
    }

    /// Follows what another process carries out.
    fn look_after(&self, organisation: &str, transaction: String) {
        let mut listed = self.list(organisation, &transaction, true);
        let under_way = self.clone();
        tokio::spawn(async move {
            let inner = &under_way.inner;
            loop {
                tokio::select! {
                    () = tokio::time::sleep(LOOK) => {}
                    Ok(_) = listed.stopped.wait_for(Option::is_some) => break,
                }
                match under_way.lock(&listed.organisation) {
                    Ok(None) => inner.db.events().publish([Topic::Transactions]),
                    Ok(Some(lock)) => {
                        under_way.close_left(&transaction).await;
                        drop(lock);
                        break;
                    }
                    Err(error) => {
                        tracing::warn!(%error, "what another Patchbay does could not be looked at");
                        break;
                    }
                }
            }
            drop(listed);
            inner
                .db
                .events()
                .publish([Topic::Transactions, Topic::Organisations]);
        });
    }

    /// A process that has given its place back has closed its transaction, unless it was cut off.
    async fn close_left(&self, transaction: &str) {
        let inner = &self.inner;
        let closed = async {
            if self.runs(transaction).await? {
                Open::again(&inner.db, Arc::clone(&inner.clock), transaction.to_owned())
                    .close_as(TransactionState::Interrupted, None, &[])
                    .await?;
            }
            Ok::<_, Error>(())
        };
        if let Err(error) = closed.await {
            tracing::warn!(%error, "a transaction that was left could not be closed");
        }
    }
}

/// An entry, until dropped.
struct Listed {
    under_way: UnderWay,
    organisation: String,
    over: watch::Sender<bool>,
    stopped: watch::Receiver<Option<TransactionState>>,
}

impl Listed {
    /// From now on nobody joins.
    fn end(&self) {
        if let Some(entry) = self.under_way.entries().get_mut(&self.organisation) {
            entry.ending = true;
        }
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.under_way.entries().remove(&self.organisation);
        let inner = &self.under_way.inner;
        inner.db.events().publish(inner.topics.iter().copied());
        self.over.send_replace(true);
    }
}

impl Place<'_> {
    /// Carries `work` out in a task of its own and closes `open` with its outcome; the transaction. When it is stopped, `work`
    /// is dropped wherever it waits, so it must be whole there.
    pub fn carry_out(
        self,
        open: Open,
        work: impl Future<Output = std::result::Result<(), Failure>> + Send + 'static,
    ) -> String {
        let transaction = open.id.clone();
        let mut listed = self.under_way.list(&self.organisation, &transaction, false);
        let lock = self.lock;
        tokio::spawn(async move {
            let (state, failure) = tokio::select! {
                outcome = AssertUnwindSafe(work).catch_unwind() => match outcome.unwrap_or_else(|_| Err(fell_over())) {
                    Ok(()) => (TransactionState::Succeeded, None),
                    Err(failure) => (TransactionState::Failed, Some(failure)),
                },
                Ok(state) = listed.stopped.wait_for(Option::is_some) => (state.unwrap_or(TransactionState::Cancelled), None),
            };
            // Before its end is said: who begins another one after that must not join this one.
            listed.end();
            let tracking: Vec<String> = failure
                .iter()
                .filter_map(|failure| failure.tracking_id.clone())
                .collect();
            if let Err(error) = open.close_as(state, failure.as_ref(), &tracking).await {
                tracing::error!(?error, "a transaction could not be closed");
            }
            // Before the entry: without one, a lock that is taken is another process's.
            drop(lock);
            drop(listed);
        });
        transaction
    }
}

impl Stopped<'_> {
    /// The organisation was deleted: nothing of it stays.
    pub fn forget(self) {
        ProcessLock::remove(
            &self.under_way.inner.folder,
            &self.under_way.name(&self.organisation),
        );
    }
}

fn locks(folder: &Path) -> PathBuf {
    folder.join("under-way")
}

fn at_work(called: &str) -> Error {
    Error::conflict(format!(
        "Another Patchbay on this data folder is at work on {called}. Wait until that is done, then do this again."
    ))
}

fn fell_over() -> Failure {
    Failure {
        code: ErrorCode::Internal,
        message: "It ended unexpectedly. The log in Patchbay's log folder says more.".to_owned(),
        field: None,
        retryable: true,
        tracking_id: None,
    }
}
