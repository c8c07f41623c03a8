//! One request of a run: durable before it leaves, and left only where that is known to be harmless.

use super::super::Item;
use super::super::ledger::{Change, Ledger, LedgerError};
use super::{Control, Done, Work};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use webex_client::{Departure, Error as WebexError, ErrorKind};

/// An answer is waited for so much longer than its time-out.
const GRACE: Duration = Duration::from_secs(5);
/// How often a stopping run looks whether its requests wait at the gate.
const LOOK: Duration = Duration::from_millis(50);

/// When the request left last, if it may have left at all.
#[derive(Clone, Default)]
struct Departed(Arc<Mutex<Option<Instant>>>);

impl Departed {
    fn set(&self, at: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }

    fn at(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
    // Set before the ledger is told, so that what it may say is never taken back unasked.
    let departed = Departed::default();
    let unwritten: Arc<Mutex<Option<LedgerError>>> = Arc::default();
    let departure = departure(
        Arc::clone(&work),
        ledger,
        signal.clone(),
        item.row,
        departed.clone(),
        Arc::clone(&unwritten),
    );
    let result = {
        let mut sending = std::pin::pin!(work.send(&item, departure));
        tokio::select! {
            biased;
            result = &mut sending => result,
            () = stopped(&mut signal) => {
                let bound = Instant::now() + request + GRACE;
                loop {
                    // Without a place at the gate no attempt is on its way: none has left, or Webex answered that it did
                    // not process it (429, 401) and the next one waits.
                    if departed.at().is_none() || work.gate().in_flight == 0 {
                        break Err(WebexError::new(ErrorKind::Cancelled, "the run was paused"));
                    }
                    if Instant::now() >= bound {
                        // Dropped here it stays `sending` in the ledger.
                        break Err(WebexError::new(ErrorKind::Dropped, "its answer was not waited for"));
                    }
                    tokio::select! {
                        biased;
                        result = &mut sending => break result,
                        () = tokio::time::sleep(LOOK) => {}
                    }
                }
            }
        }
    };
    let departed = departed.at();
    if departed.is_some() {
        item.attempts += 1;
        item.sent_at = None;
    }
    let unwritten = unwritten.lock().unwrap_or_else(PoisonError::into_inner).take();
    Done::Sent {
        item,
        result,
        departed,
        unwritten,
    }
}

/// What happens each time the request has its place at the gate: the ledger says `sending`, then it leaves. A hold that
/// came meanwhile is waited out here, where the wait can be left, and the ledger is told anew: from what it says counts the
/// time-out of the request.
fn departure(
    work: Arc<dyn Work>,
    ledger: Ledger,
    signal: watch::Receiver<Control>,
    row: u32,
    departed: Departed,
    unwritten: Arc<Mutex<Option<LedgerError>>>,
) -> Departure {
    Arc::new(move || {
        let (departed, unwritten) = (departed.clone(), Arc::clone(&unwritten));
        let (work, ledger, mut signal) = (Arc::clone(&work), ledger.clone(), signal.clone());
        Box::pin(async move {
            loop {
                while work.gate().held_until.is_some() && *signal.borrow() == Control::Go {
                    tokio::select! {
                        () = tokio::time::sleep(LOOK) => {}
                        () = stopped(&mut signal) => {}
                    }
                }
                if *signal.borrow() != Control::Go {
                    return Err(WebexError::new(ErrorKind::Cancelled, "the run was paused"));
                }
                departed.set(Instant::now());
                if let Err(error) = ledger.record(Change::Sending { row }).await {
                    *unwritten.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    return Err(WebexError::new(
                        ErrorKind::Cancelled,
                        "the ledger could not be written",
                    ));
                }
                if *signal.borrow() == Control::Go && work.gate().held_until.is_none() {
                    departed.set(Instant::now());
                    return Ok(());
                }
            }
        })
    })
}
