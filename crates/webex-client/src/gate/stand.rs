//! A stand in the gate's queue, and the place it ends in.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use super::pace::Verdict;
use super::queue::Waiter;
use super::{Gate, Priority};
use crate::error::{Error, ErrorKind};
use crate::retry_after::RetryAfter;

/// So long before its turn a request may make itself ready …
const LEAD: Duration = Duration::from_millis(200);
/// … and so long it counts as ready; after that it has to do so again.
pub(super) const FRESH: Duration = Duration::from_secs(1);

pub(super) enum Turn {
    Go(u64),
    At(Duration),
    Later,
    /// What was prepared has perished.
    Anew,
}

/// A stand in the queue; leaves it when dropped. Its order is kept while it makes itself ready; those that are ready may
/// pass it.
pub(crate) struct Stand {
    pub(super) gate: Arc<Gate>,
    pub(super) priority: Priority,
    pub(super) number: u64,
    pub(super) waiter: Arc<Waiter>,
}

impl Stand {
    /// Waits until the turn is near and nothing is held: the time to make ready.
    pub(crate) async fn approach(&self) -> Result<(), Error> {
        loop {
            self.stayed()?;
            let near_at = {
                let queue = self.gate.lock();
                let now = self.gate.elapsed();
                let wait = queue
                    .pace
                    .wait_after(now, queue.ahead(self.priority, self.number));
                let near_at = now.saturating_add(wait).saturating_sub(LEAD);
                match queue.pace.held_until(now) {
                    Some(until) => near_at.max(until),
                    None if near_at <= now => return Ok(()),
                    None => near_at,
                }
            };
            tokio::select! {
                () = self.waiter.wake.notified() => {}
                () = tokio::time::sleep_until(self.gate.epoch + near_at) => {}
            }
        }
    }

    /// Waits for the turn. None when what was prepared at `prepared` has perished: a hold came, or it is too long ago.
    pub(crate) async fn enter(&self, prepared: Option<Instant>) -> Result<Option<Place>, Error> {
        {
            let queue = self.gate.lock();
            self.waiter.ready.store(true, Ordering::Release);
            drop(queue);
        }
        let perishes = prepared.map(|prepared| prepared + FRESH);
        loop {
            self.stayed()?;
            let at = match self.gate.step(self, prepared) {
                Turn::Go(serial) => {
                    return Ok(Some(Place {
                        gate: Arc::clone(&self.gate),
                        serial,
                        settled: false,
                    }));
                }
                Turn::Anew => return Ok(None),
                Turn::At(at) => Some(self.gate.epoch + at),
                Turn::Later => None,
            };
            let look_again = [at, perishes].into_iter().flatten().min();
            tokio::select! {
                () = self.waiter.wake.notified() => {}
                () = sleep_until(look_again) => {}
            }
        }
    }

    fn stayed(&self) -> Result<(), Error> {
        if self.waiter.left.load(Ordering::Acquire) {
            return Err(Error::new(
                ErrorKind::Cancelled,
                "the wait was left; nothing was sent",
            ));
        }
        Ok(())
    }
}

/// For ever where there is no moment.
async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        let mut queue = self.gate.lock();
        if queue.class(self.priority).remove(&self.number).is_some() {
            let waiting = queue.waiting();
            self.gate.state.send_modify(|state| state.waiting = waiting);
            queue.wake_next();
        }
    }
}

/// The right to send one request. Dropped unsettled it counts as a request of unknown fate.
#[must_use = "a place is taken until it is settled or dropped"]
pub struct Place {
    gate: Arc<Gate>,
    serial: u64,
    settled: bool,
}

impl Place {
    /// Webex took the request in, whatever it answered.
    pub fn accepted(mut self) {
        self.settled = true;
        self.gate.settle(self.serial, Verdict::Accepted, None);
    }

    /// It was not sent after all.
    pub(crate) fn unsent(self) {
        self.gate
            .state
            .send_modify(|state| state.requests_total = state.requests_total.saturating_sub(1));
    }

    /// Webex answered 429.
    pub fn throttled(mut self, retry_after: &RetryAfter, tracking_id: Option<&str>) {
        self.settled = true;
        let verdict = Verdict::Throttled {
            pause: retry_after.pause,
        };
        self.gate
            .settle(self.serial, verdict, Some((retry_after, tracking_id)));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.settled {
            self.gate.settle(self.serial, Verdict::Unknown, None);
        }
    }
}
