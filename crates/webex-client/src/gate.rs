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

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::error::{Error, ErrorKind};
use crate::retry_after::{MAXIMUM, RetryAfter};
use pace::{Pace, Step, Verdict};

/// So long before its turn a request may make itself ready …
const LEAD: Duration = Duration::from_millis(200);
/// … and so long it counts as ready; after that it has to do so again.
const FRESH: Duration = Duration::from_secs(1);
/// So many of those whose turn is not yet near look again when somebody goes.
const LOOK_AGAIN: usize = 8;

/// After this many people in a row one waiting bulk request goes first.
const PEOPLE_IN_A_ROW: u32 = 8;

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

struct Queue {
    pace: Pace,
    next_ticket: u64,
    people: BTreeMap<u64, Arc<Waiter>>,
    bulk: BTreeMap<u64, Arc<Waiter>>,
    people_in_a_row: u32,
}

#[derive(Default)]
struct Waiter {
    wake: Notify,
    left: AtomicBool,
    /// May take its turn; before that it makes itself ready.
    ready: AtomicBool,
}

impl Waiter {
    fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }
}

fn first_ready(class: &BTreeMap<u64, Arc<Waiter>>) -> Option<(u64, &Arc<Waiter>)> {
    class
        .iter()
        .find(|(_, waiter)| waiter.is_ready())
        .map(|(ticket, waiter)| (*ticket, waiter))
}

impl Queue {
    /// Whose turn it is.
    fn head(&self) -> Option<(Priority, u64, &Arc<Waiter>)> {
        let person = first_ready(&self.people).map(|(ticket, waiter)| (Priority::Person, ticket, waiter));
        let bulk = first_ready(&self.bulk).map(|(ticket, waiter)| (Priority::Bulk, ticket, waiter));
        if self.people_in_a_row >= PEOPLE_IN_A_ROW {
            bulk.or(person)
        } else {
            person.or(bulk)
        }
    }

    /// Tells whose turn it is, and those behind that it may be near.
    fn wake_next(&self) {
        if let Some((_, _, waiter)) = self.head() {
            waiter.wake.notify_one();
        }
        let preparing = self.in_order().filter(|waiter| !waiter.is_ready());
        for waiter in preparing.take(LOOK_AGAIN) {
            waiter.wake.notify_one();
        }
    }

    fn wake_all(&self) {
        for waiter in self.in_order() {
            waiter.wake.notify_one();
        }
    }

    fn in_order(&self) -> impl Iterator<Item = &Arc<Waiter>> {
        self.people.values().chain(self.bulk.values())
    }

    /// How many stand before this one.
    fn ahead(&self, priority: Priority, ticket: u64) -> usize {
        match priority {
            Priority::Person => self.people.range(..ticket).count(),
            Priority::Bulk => self.people.len() + self.bulk.range(..ticket).count(),
        }
    }

    fn class(&mut self, priority: Priority) -> &mut BTreeMap<u64, Arc<Waiter>> {
        match priority {
            Priority::Person => &mut self.people,
            Priority::Bulk => &mut self.bulk,
        }
    }

    fn waiting(&self) -> u32 {
        u32::try_from(self.people.len() + self.bulk.len()).unwrap_or(u32::MAX)
    }
}

impl Gate {
    pub fn new(config: GateConfig) -> Arc<Self> {
        Arc::new(Self {
            clock: config.clock,
            epoch: Instant::now(),
            queue: Mutex::new(Queue {
                pace: Pace::new(config.max_in_flight.max(1)),
                next_ticket: 0,
                people: BTreeMap::new(),
                bulk: BTreeMap::new(),
                people_in_a_row: 0,
            }),
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
        let number = queue.next_ticket;
        queue.next_ticket += 1;
        queue.class(priority).insert(number, Arc::clone(&waiter));
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
                queue.class(priority).remove(&head);
                queue.people_in_a_row = match priority {
                    Priority::Person if !queue.bulk.is_empty() => queue.people_in_a_row + 1,
                    _ => 0,
                };
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

enum Turn {
    Go(u64),
    At(Duration),
    Later,
    /// What was prepared has perished.
    Anew,
}

/// A stand in the queue; leaves it when dropped. Its order is kept while it makes itself ready; those that are ready may
/// pass it.
pub(crate) struct Stand {
    gate: Arc<Gate>,
    priority: Priority,
    number: u64,
    waiter: Arc<Waiter>,
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

#[cfg(test)]
mod tests;
