//! One request of a run: durable before it leaves, and left only where that is known to be harmless.

use super::super::Item;
use super::super::ledger::{Change, Ledger, LedgerError};
use super::{Control, Done, Work};
use futures::future::BoxFuture;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use webex_client::{Departure, Error as WebexError, ErrorKind, Leaving};

/// An answer is waited for so much longer than its time-out.
const GRACE: Duration = Duration::from_secs(5);
/// Where the request of an item is.
struct Way {
    /// When it left last, or may have: set before the ledger is told, so that what it may say is never taken back unasked.
    departed: Mutex<Option<Instant>>,
    /// Whether an attempt is under way that Webex may process.
    under_way: watch::Sender<bool>,
    /// Why the ledger could not be written.
    unwritten: Mutex<Option<LedgerError>>,
}

impl Way {
    fn new() -> Self {
        Self {
            departed: Mutex::default(),
            under_way: watch::Sender::new(false),
            unwritten: Mutex::default(),
        }
    }

    fn departs(&self) {
        *lock(&self.departed) = Some(Instant::now());
    }

    fn departed(&self) -> Option<Instant> {
        *lock(&self.departed)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Comes true when the run is to stop.
pub(super) async fn stopped(signal: &mut watch::Receiver<Control>) {
    // An error means that the engine is gone, and with it the run.
    drop(signal.wait_for(|signal| *signal != Control::Go).await);
}

/// Sends `item`. It can be left while it waits at the gate, before or between attempts; while an attempt is on its way its
/// answer is waited for, within bounds.
pub(super) async fn send(
    work: Arc<dyn Work>,
    ledger: Ledger,
    mut signal: watch::Receiver<Control>,
    mut item: Item,
    request: Duration,
) -> Done {
    let way = Arc::new(Way::new());
    let departure: Departure = Arc::new(Leave {
        ledger,
        signal: signal.clone(),
        row: item.row,
        way: Arc::clone(&way),
    });
    let result = {
        let mut sending = std::pin::pin!(work.send(&item, departure));
        tokio::select! {
            biased;
            result = &mut sending => result,
            () = stopped(&mut signal) => {
                let mut under_way = way.under_way.subscribe();
                tokio::select! {
                    biased;
                    result = &mut sending => result,
                    // None has left, or Webex answered that it did not process it (429, 401) and the next one waits.
                    _ = under_way.wait_for(|under_way| !under_way) => {
                        Err(WebexError::new(ErrorKind::Cancelled, "the run was paused"))
                    }
                    // Dropped here it stays `sending` in the ledger.
                    () = tokio::time::sleep(request + GRACE) => {
                        Err(WebexError::new(ErrorKind::Dropped, "its answer was not waited for"))
                    }
                }
            }
        }
    };
    let departed = way.departed();
    if departed.is_some() {
        item.attempts += 1;
        item.sent_at = None;
    }
    let unwritten = lock(&way.unwritten).take();
    Done::Sent {
        item,
        result,
        departed,
        unwritten,
    }
}

/// Shortly before the turn of the request the ledger says `sending`; then it leaves. If that was too early, because a hold
/// came between, the ledger is told anew: from what it says counts the time-out of the request.
struct Leave {
    ledger: Ledger,
    signal: watch::Receiver<Control>,
    row: u32,
    way: Arc<Way>,
}

impl Leaving for Leave {
    fn prepare(&self) -> BoxFuture<'static, Result<(), WebexError>> {
        let (ledger, signal, row, way) = (
            self.ledger.clone(),
            self.signal.clone(),
            self.row,
            Arc::clone(&self.way),
        );
        Box::pin(async move {
            let paused = || {
                let go = *signal.borrow() == Control::Go;
                (!go).then(|| WebexError::new(ErrorKind::Cancelled, "the run was paused"))
            };
            if let Some(paused) = paused() {
                return Err(paused);
            }
            way.departs();
            if let Err(error) = ledger.record(Change::Sending { row }).await {
                *lock(&way.unwritten) = Some(error);
                return Err(WebexError::new(
                    ErrorKind::Cancelled,
                    "the ledger could not be written",
                ));
            }
            paused().map_or(Ok(()), Err)
        })
    }

    fn leaves(&self) {
        self.way.departs();
        self.way.under_way.send_replace(true);
    }

    fn returned(&self) {
        self.way.under_way.send_replace(false);
    }
}
