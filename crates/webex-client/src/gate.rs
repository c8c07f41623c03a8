//! The rate gate: one per organisation, every request goes through it.
//!
//! Invariants: no request leaves before a hold has passed; a 429 holds everything; people at the screen overtake bulk
//! work without starving it; dropping a waiting future frees its place at once; nobody keeps a place while a hold is waited
//! out. What has to be made durable before a request leaves is made so shortly before its turn, or requests that wait for
//! one commit would leave together and meet the limit together. The judgement (when may the next one
//! go, how fast) is the pure [`pace::Pace`]; this file gives it time and waiters.
//!
//! `governor` was considered: it has neither holds imposed from outside, nor priorities, nor a rate that is learnt.

mod model;
pub(crate) mod pace;
mod queue;
mod stand;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::error::Error;
use crate::retry_after::{MAXIMUM, RetryAfter};
use pace::{Pace, Step, Verdict};
use queue::{Queue, Waiter};
pub use stand::Place;
pub(crate) use stand::Stand;
use stand::{FRESH, Turn};

/// Who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Priority {
    /// Somebody at the screen.
    Person,
    /// A run, a sync, a schedule.
    #[default]
    Bulk,
}

/// How a gate is set up.
#[derive(Clone)]
pub struct GateConfig {
    /// Wall clock, for the deadline that is shown and kept.
    pub clock: Arc<dyn Clock>,
    /// Requests in flight at most, however fast Webex answers.
    pub max_in_flight: u32,
}

impl GateConfig {
    /// The usual set-up: at most 32 in flight.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            max_in_flight: 32,
        }
    }
}

/// A wait Webex asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub since: Timestamp,
    pub until: Timestamp,
    /// The header as it came.
    pub retry_after_text: Option<String>,
    pub tracking_id: Option<String>,
}

/// What can be seen of a gate.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GateState {
    /// Nothing leaves before this.
    pub held_until: Option<Timestamp>,
    /// Requests a second that Webex was found to accept; none while no limit was met or it is known only vaguely.
    pub learned_rate: Option<f64>,
    pub in_flight: u32,
    /// Requests that wait for their turn.
    pub waiting: u32,
    /// 429 answers so far.
    pub throttled_total: u64,
    /// Requests let through so far.
    pub requests_total: u64,
    pub last_hold: Option<Hold>,
}

/// One organisation's gate.
pub struct Gate {
    clock: Arc<dyn Clock>,
    epoch: Instant,
    queue: Mutex<Queue>,
    state: watch::Sender<GateState>,
}

impl Gate {
    pub fn new(config: GateConfig) -> Arc<Self> {
        Arc::new(Self {
            clock: config.clock,
            epoch: Instant::now(),
            queue: Mutex::new(Queue::new(Pace::new(config.max_in_flight.max(1)))),
            state: watch::Sender::new(GateState::default()),
        })
    }

    /// When the present hold ends; none when nothing is held.
    pub fn held_until(&self) -> Option<Timestamp> {
        self.snapshot().held_until
    }

    /// Takes up what was kept over a restart. A deadline further away than an hour is cut to an hour.
    pub fn restore(&self, held_until: Timestamp, learned_rate: Option<f64>) {
        let now = self.clock.now();
        let left = Duration::try_from(held_until.duration_since(now))
            .unwrap_or(Duration::ZERO)
            .min(MAXIMUM);
        let mut queue = self.lock();
        queue.pace.restore(self.elapsed(), left, learned_rate);
        if !left.is_zero() {
            let until = later(now, left);
            self.state.send_modify(|state| {
                state.held_until = Some(until);
                state.last_hold = Some(Hold {
                    since: now,
                    until,
                    retry_after_text: None,
                    tracking_id: None,
                });
            });
        }
        self.state
            .send_modify(|state| state.learned_rate = queue.pace.learned_rate());
        queue.wake_next();
    }

    /// The state at this moment; a hold that has passed is not shown.
    pub fn snapshot(&self) -> GateState {
        let held = self.lock().pace.held_until(self.elapsed()).is_some();
        let mut state = self.state.borrow().clone();
        if !held {
            state.held_until = None;
        }
        state
    }

    /// Follows the state. Compare `held_until` with the clock: no event is sent when a hold merely ends unobserved.
    pub fn subscribe(&self) -> watch::Receiver<GateState> {
        self.state.subscribe()
    }

    /// Ends the wait of everything that waits now with [`ErrorKind::Cancelled`]. The hold itself stands.
    pub fn leave(&self) {
        let queue = self.lock();
        for waiter in queue.in_order() {
            waiter.left.store(true, Ordering::Release);
        }
        queue.wake_all();
    }

    /// Waits for a turn. Dropping the future gives the turn to the next.
    pub async fn acquire(self: &Arc<Self>, priority: Priority) -> Result<Place, Error> {
        let stand = self.stand(priority);
        loop {
            if let Some(place) = stand.enter(None).await? {
                return Ok(place);
            }
        }
    }

    /// Queues up, not yet ready. See [`Stand`].
    pub(crate) fn stand(self: &Arc<Self>, priority: Priority) -> Stand {
        let waiter = Arc::new(Waiter::default());
        let mut queue = self.lock();
        let number = queue.join(priority, &waiter);
        let waiting = queue.waiting();
        self.state.send_modify(|state| state.waiting = waiting);
        Stand {
            gate: Arc::clone(self),
            priority,
            number,
            waiter,
        }
    }

    /// Whether nothing may leave now.
    pub(crate) fn is_held(&self) -> bool {
        self.lock().pace.held_until(self.elapsed()).is_some()
    }

    /// Waits for the end of a hold only, taking no turn: for token calls, which a request in flight may wait for.
    pub async fn pass_hold(&self) {
        loop {
            let until = self.lock().pace.held_until(self.elapsed());
            match until {
                Some(until) => tokio::time::sleep_until(self.epoch + until).await,
                None => return,
            }
        }
    }

    /// Takes note of a 429 that came for something outside the turns (a token call).
    pub fn throttled(&self, retry_after: &RetryAfter, tracking_id: Option<&str>) {
        let mut queue = self.lock();
        let now = self.elapsed();
        queue.pace.hold(now, retry_after.pause);
        self.note_hold(&queue, now, retry_after, tracking_id);
        queue.wake_all();
    }

    fn step(&self, stand: &Stand, prepared: Option<Instant>) -> Turn {
        let mut queue = self.lock();
        let now = self.elapsed();
        let perished = match prepared {
            Some(prepared) => prepared.elapsed() >= FRESH || queue.pace.held_until(now).is_some(),
            None => false,
        };
        if perished {
            stand.waiter.ready.store(false, Ordering::Release);
            queue.wake_next();
            return Turn::Anew;
        }
        let Some((priority, head, _)) = queue.head() else {
            return Turn::Later;
        };
        if head != stand.number || priority != stand.priority {
            return Turn::Later;
        }
        match queue.pace.next(now) {
            Step::Go(serial) => {
                queue.depart(priority, head);
                queue.wake_next();
                let (in_flight, waiting) = (queue.pace.in_flight(), queue.waiting());
                self.state.send_modify(|state| {
                    state.requests_total += 1;
                    state.in_flight = in_flight;
                    state.waiting = waiting;
                    // One that goes proves that no hold stands.
                    state.held_until = None;
                });
                Turn::Go(serial)
            }
            Step::At(at) => Turn::At(at),
            Step::Full => Turn::Later,
        }
    }

    fn settle(&self, serial: u64, verdict: Verdict, throttle: Option<(&RetryAfter, Option<&str>)>) {
        let mut queue = self.lock();
        let now = self.elapsed();
        queue.pace.settle(now, serial, verdict);
        let (in_flight, learned_rate) = (queue.pace.in_flight(), queue.pace.learned_rate());
        self.state.send_modify(|state| {
            state.in_flight = in_flight;
            state.learned_rate = learned_rate;
        });
        if let Some((retry_after, tracking_id)) = throttle {
            self.note_hold(&queue, now, retry_after, tracking_id);
            queue.wake_all();
        } else {
            queue.wake_next();
        }
    }

    fn note_hold(&self, queue: &Queue, now: Duration, asked: &RetryAfter, tracking_id: Option<&str>) {
        let wall = self.clock.now();
        let left = queue
            .pace
            .held_until(now)
            .map_or(Duration::ZERO, |until| until.saturating_sub(now));
        let until = later(wall, left);
        self.state.send_modify(|state| {
            state.throttled_total += 1;
            let since = match (&state.last_hold, state.held_until) {
                (Some(hold), Some(_)) => hold.since,
                _ => wall,
            };
            state.held_until = Some(until);
            state.last_hold = Some(Hold {
                since,
                until,
                retry_after_text: asked.text.clone(),
                tracking_id: tracking_id.map(str::to_owned),
            });
        });
    }

    fn elapsed(&self) -> Duration {
        self.epoch.elapsed()
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Nothing in a locked section can leave the queue half changed.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn later(from: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by)
        .ok()
        .and_then(|by| from.checked_add(by).ok())
        .unwrap_or(from)
}

#[cfg(test)]
mod tests;
