//! The writer of one run's ledger: changes of many rows in one durable commit.
//!
//! A change counts only when [`Ledger::record`] has returned; until then the request it belongs to must not leave.

use super::{Ending, ItemState, store};
use crate::audit;
use crate::clock::Clock;
use crate::db::{self, Db, Write};
use crate::events::Topic;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// Changes in one commit at most.
const BATCH: usize = 256;
/// Listeners are told at most this often.
const QUIET: Duration = Duration::from_millis(100);

/// One change of the ledger.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// The request is about to leave.
    Sending { row: u32 },
    /// Nothing happened, or nothing was found: it may be sent.
    Pending { row: u32 },
    /// What Webex answered last, while the row is still open.
    Answered { row: u32, ending: Ending },
    Ended {
        row: u32,
        state: ItemState,
        ending: Ending,
        person: Option<String>,
        ext_key: String,
    },
    Figures {
        requests: u32,
        throttled: u32,
        samples: String,
        verifying: bool,
    },
}

/// The ledger could not be written. Shared by all changes of the commit.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the ledger could not be written")]
pub(super) struct LedgerError(#[source] pub Option<Arc<db::Error>>);

type Entry = (Change, oneshot::Sender<Result<(), LedgerError>>);

/// Hands changes to the writer.
#[derive(Debug, Clone)]
pub(super) struct Ledger {
    sender: mpsc::Sender<Entry>,
}

impl Ledger {
    /// Starts the writer; it ends when the last handle is gone and everything is written.
    pub(super) fn start(db: Db, clock: Arc<dyn Clock>, run: String, context: audit::Context) -> Self {
        let (sender, receiver) = mpsc::channel(BATCH);
        tokio::spawn(
            Writer {
                db,
                clock,
                run,
                context,
            }
            .write(receiver),
        );
        Self { sender }
    }

    /// Makes a change durable.
    pub(super) async fn record(&self, change: Change) -> Result<(), LedgerError> {
        let (done, written) = oneshot::channel();
        self.sender
            .send((change, done))
            .await
            .map_err(|_| LedgerError(None))?;
        written.await.map_err(|_| LedgerError(None))?
    }
}

struct Writer {
    db: Db,
    clock: Arc<dyn Clock>,
    run: String,
    context: audit::Context,
}

/// What the log keeps of a row's end.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowEnded<'a> {
    run: &'a str,
    row: u32,
    person: Option<&'a str>,
    ext_key: &'a str,
    outcome: &'static str,
    code: Option<&'a str>,
    tracking_id: Option<&'a str>,
}

impl Writer {
    async fn write(self, mut receiver: mpsc::Receiver<Entry>) {
        let mut batch: Vec<Entry> = Vec::with_capacity(BATCH);
        let mut told = Instant::now();
        let mut untold = false;
        loop {
            tokio::select! {
                biased;
                received = receiver.recv_many(&mut batch, BATCH) => if received == 0 { break },
                () = tokio::time::sleep_until(told + QUIET), if untold => {
                    self.db.events().publish([Topic::Runs]);
                    (told, untold) = (Instant::now(), false);
                    continue;
                }
            }
            let outcome = self.commit(&batch, told.elapsed() >= QUIET).await;
            untold = true;
            if let Ok(true) = outcome {
                (told, untold) = (Instant::now(), false);
            }
            let outcome = outcome
                .map(|_| ())
                .map_err(|error| LedgerError(Some(Arc::new(error))));
            if let Err(error) = &outcome {
                tracing::error!(run = self.run, error = ?error, "the ledger could not be written");
            }
            for (_, done) in batch.drain(..) {
                // Whoever recorded it may be gone; it is written all the same.
                let _ = done.send(outcome.clone());
            }
        }
        if untold {
            self.db.events().publish([Topic::Runs]);
        }
    }

    async fn commit(&self, batch: &[Entry], tell: bool) -> Result<bool, db::Error> {
        let now = self.clock.now().to_string();
        let mut write = self.db.write().await?;
        let mut ended = Vec::new();
        for (change, _) in batch {
            self.apply(&mut write, change, &now).await?;
            if let Change::Ended {
                row,
                state,
                ending,
                person,
                ext_key,
            } = change
            {
                let entry = RowEnded {
                    run: &self.run,
                    row: *row,
                    person: person.as_deref(),
                    ext_key,
                    outcome: store::state_name(*state),
                    code: ending.code.as_deref(),
                    tracking_id: ending.tracking_id.as_deref(),
                };
                ended.push(serde_json::to_string(&entry).unwrap_or_default());
            }
        }
        if !ended.is_empty() {
            audit::append_all(
                &mut write,
                self.clock.as_ref(),
                &self.context,
                "row_ended",
                &ended,
            )
            .await?;
        }
        if tell {
            write.touch(Topic::Runs);
        }
        write.commit().await?;
        Ok(tell)
    }

    async fn apply(&self, write: &mut Write, change: &Change, now: &str) -> Result<(), db::Error> {
        let connection = write.connection();
        match change {
            Change::Sending { row } => store::mark_sending(connection, &self.run, *row, now).await,
            Change::Pending { row } => store::mark_pending(connection, &self.run, *row).await,
            Change::Answered { row, ending } => store::note_answer(connection, &self.run, *row, ending).await,
            Change::Ended {
                row, state, ending, ..
            } => store::mark_ended(connection, &self.run, *row, *state, ending, now).await,
            Change::Figures {
                requests,
                throttled,
                samples,
                verifying,
            } => store::set_figures(connection, &self.run, *requests, *throttled, samples, *verifying).await,
        }
    }
}
