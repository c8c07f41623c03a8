//! Carries a run out: what is sent, what is read back, what waits.
//!
//! The promises (product, "What a run promises"): a row ends as what Webex's state shows; 429, 5xx, time-outs and dropped
//! replies never fail a row; a request in doubt is read at once, set aside while others go on, read again, and sent again
//! only when its time-out has run out since it left; at the end everything is read once more.

mod cancel;
mod doubts;
mod holds;
mod send;
mod settle;
mod trouble;
mod verify;

use super::figures::Live;
use super::ledger::{Ledger, LedgerError};
use super::{Ending, Hold, HoldReason, Item, ItemState, RunState, store};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::Result;
use doubts::{Doubt, Doubts};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use trouble::Trouble;
use webex_client::{Departure, Error as WebexError, ErrorKind, Sent};

/// A 2xx answer to the request of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Everything asked for is in the answer.
    Applied(Ending),
    /// The answer leaves something out: read the person before believing it.
    Incomplete(Ending),
}

/// What reading Webex shows about an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// All of it is there.
    Applied,
    NotApplied,
    /// Some of it is there.
    Partly(Ending),
    /// Something else is there: the person is gone, or somebody gave it another extension.
    Otherwise(Ending),
}

/// What is done about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Certainly not processed: back into the queue. The reason is waited out.
    PutBack(Wait),
    /// It may have been processed: read.
    Doubt,
    /// Webex said no to this row: read, then fail it.
    Refused,
    /// No row would fare better: stop and say why.
    Pause(HoldReason),
}

/// What is waited for after an item was put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// The gate holds requests by itself.
    Gate,
    /// Something that may pass: the way to Webex, Webex itself, a locked vault.
    Trouble,
}

/// The feature's side of a run. One implementation a kind of run.
#[async_trait::async_trait]
pub trait Work: Send + Sync + 'static {
    /// Sends the one request of `item`; `departure` is awaited each time before it leaves.
    async fn send(&self, item: &Item, departure: Departure) -> Result<Answer, WebexError>;
    /// Reads what Webex holds about `item`.
    async fn read(&self, item: &Item) -> Result<Found, WebexError>;
    /// Reads many items in as few requests as Webex allows. Items it does not mention were not found.
    async fn read_all(&self, items: &[Item]) -> Result<Vec<(u32, Found)>, WebexError>;
    /// Whether a licence `item` needs has no unit left: its name.
    async fn exhausted(&self, item: &Item) -> Result<Option<String>, WebexError>;
    /// A call that only shows whether Webex answers.
    async fn reach(&self) -> Result<(), WebexError>;
    /// The refusal of `item` in words.
    fn refusal(&self, item: &Item, error: &WebexError) -> Ending;
    /// The gate of the organisation.
    fn gate(&self) -> webex_client::GateState;
}

/// Durations of the engine. Defaults are the product's; tests shorten them.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// How long a request may still be on its way after it left (the write time-out).
    pub request: Duration,
    /// First pause after trouble; doubled each time.
    pub first_pause: Duration,
    pub longest_pause: Duration,
    /// Trouble that lasts longer pauses the run.
    pub patience: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(30),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(30),
            patience: Duration::from_secs(15 * 60),
        }
    }
}

/// What the person wants of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Control {
    Go,
    Pause,
    Cancel,
}

/// Requests on their way or waiting at the gate. The gate decides how many of them are let through at a time.
const IN_HAND: usize = 32;
/// Read-backs at a time.
const READS: usize = 8;
/// Rows in a row that Webex does not allow (403) after which it is the grant and not the rows.
const FORBIDDEN: usize = 5;

/// What to do about an error of a request.
pub fn verdict(error: &WebexError, any_success: bool) -> Verdict {
    match error.kind() {
        ErrorKind::Connect => Verdict::PutBack(Wait::Trouble),
        // Without its secrets Patchbay has nothing to send; somebody may unlock them.
        ErrorKind::Config if is_sealed(error) => Verdict::PutBack(Wait::Trouble),
        ErrorKind::Throttled | ErrorKind::Cancelled => Verdict::PutBack(Wait::Gate),
        ErrorKind::Dropped
        | ErrorKind::TimedOut
        | ErrorKind::Server
        | ErrorKind::Locked
        | ErrorKind::UnexpectedAnswer
        | ErrorKind::Incomplete => match error.sent() {
            Sent::No => Verdict::PutBack(Wait::Trouble),
            _ => Verdict::Doubt,
        },
        ErrorKind::Consent(_) | ErrorKind::Unauthorised => Verdict::Pause(HoldReason::Consent),
        // One user may be out of reach; all of them means that the grant does not cover the work.
        ErrorKind::Forbidden if any_success => Verdict::Refused,
        ErrorKind::Forbidden => Verdict::Pause(HoldReason::Consent),
        // What stands between did not let the request through, or gave up on it: that says nothing about the row.
        ErrorKind::Refused if error.status() == Some(407) => Verdict::Pause(HoldReason::Network),
        ErrorKind::Refused if matches!(error.status(), Some(408 | 425)) => Verdict::Doubt,
        ErrorKind::NotFound | ErrorKind::Refused => Verdict::Refused,
        _ => Verdict::Pause(HoldReason::WebexTrouble),
    }
}

/// Whether the secrets cannot be read, for instance because the vault is locked.
pub(super) fn is_sealed(error: &WebexError) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<crate::secrets::Error>()
            || matches!(error.downcast_ref(), Some(crate::error::Error::Secrets(_)))
        {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The last answer of Webex, as the report keeps it.
pub(super) fn answer_of(error: &WebexError) -> Ending {
    Ending {
        code: None,
        message: None,
        status: error.status(),
        webex_code: error.webex_code().map(str::to_owned),
        tracking_id: error.tracking_id().map(str::to_owned),
    }
}

/// Everything one run needs while it is at work.
pub(super) struct Engine {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub run: String,
    pub work: Arc<dyn Work>,
    pub ledger: Ledger,
    pub control: watch::Receiver<Control>,
    /// What requests that wait at the gate follow: the person's wish, or that the run has to stop.
    pub signal: watch::Sender<Control>,
    pub live: Arc<Live>,
    pub timing: Timing,
}

/// How the engine ended.
#[derive(Debug, Clone)]
pub(super) struct End {
    pub state: RunState,
    pub hold: Option<Hold>,
}

enum Done {
    Sent {
        item: Item,
        result: Result<Answer, WebexError>,
        /// When it left last; None if it certainly never did.
        departed: Option<Instant>,
        unwritten: Option<LedgerError>,
    },
    Read {
        doubt: Doubt,
        result: Result<Found, WebexError>,
    },
    Pool {
        doubt: Doubt,
        ending: Ending,
        applied_partly: bool,
        result: Result<Option<String>, WebexError>,
    },
    Probe {
        result: Result<(), WebexError>,
    },
}

struct Sending {
    queue: VecDeque<Item>,
    doubts: Doubts,
    tasks: JoinSet<Done>,
    sends: usize,
    reads: usize,
    trouble: Trouble,
    probing: bool,
    any_success: bool,
    /// Rows answered 403, and when: their own refusal, or the grant's? A success of a request that left later tells.
    forbidden: Vec<(Instant, Doubt)>,
    stop: Option<Hold>,
}

impl Sending {
    /// A request that left at `departed` succeeded: the grant covered the work then, so what was not allowed before is
    /// the rows' own.
    fn succeeded(&mut self, departed: Option<Instant>) {
        self.any_success = true;
        self.trouble.over();
        if let Some(departed) = departed {
            self.release_forbidden(|answered| answered < departed);
        }
    }

    fn release_forbidden(&mut self, settled: impl Fn(Instant) -> bool) {
        let now = Instant::now();
        for (_, doubt) in self.forbidden.extract_if(.., |(answered, _)| settled(*answered)) {
            self.doubts.add(doubt, now);
        }
    }

    fn is_waiting(&self) -> bool {
        !self.queue.is_empty() || !self.doubts.is_empty() || !self.forbidden.is_empty()
    }
}

impl Engine {
    /// Works until the run is done, paused or cancelled.
    pub(super) async fn drive(mut self) -> Result<End> {
        let open = store::items(&self.db, &self.run, &[ItemState::Pending]).await?;
        let cut_off = store::items(&self.db, &self.run, &[ItemState::Sending, ItemState::Unknown]).await?;
        let mut state = Sending {
            queue: open.into(),
            doubts: Doubts::default(),
            tasks: JoinSet::new(),
            sends: 0,
            reads: 0,
            trouble: Trouble::new(self.timing),
            probing: false,
            any_success: false,
            forbidden: Vec::new(),
            stop: None,
        };
        for item in cut_off {
            state.doubts.add(self.doubt_about(item, None), Instant::now());
        }
        loop {
            let control = *self.control.borrow_and_update();
            self.signal.send_replace(if state.stop.is_some() {
                Control::Pause
            } else {
                control
            });
            let at_work = control == Control::Go && state.stop.is_none();
            if state.queue.is_empty() && state.sends == 0 && state.any_success {
                state.release_forbidden(|_| true);
            }
            if at_work {
                self.hand_out(&mut state);
            }
            if state.tasks.is_empty() && !(at_work && state.is_waiting()) {
                break;
            }
            self.live.show_hold(self.hold(&state));
            let wake = wake_at(&state, at_work);
            let outcome = tokio::select! {
                done = state.tasks.join_next(), if !state.tasks.is_empty() => match done {
                    Some(Ok(done)) => self.settle(&mut state, done).await,
                    Some(Err(error)) => {
                        tracing::error!(run = self.run, %error, "a task of the run ended without an answer");
                        state.stop.get_or_insert(self.own_fault());
                        Ok(())
                    }
                    None => Ok(()),
                },
                () = tokio::time::sleep_until(wake) => Ok(()),
                changed = self.control.changed() => { if changed.is_err() { break } Ok(()) }
            };
            if let Err(error) = outcome {
                state.stop = Some(self.disk_hold(&error));
            }
            self.live.tick(&self.ledger, self.work.gate()).await;
        }
        let control = *self.control.borrow();
        if let Some(hold) = state.stop {
            return Ok(End {
                state: RunState::Paused,
                hold: Some(hold),
            });
        }
        match control {
            Control::Pause => Ok(End {
                state: RunState::Paused,
                hold: Some(self.hold_for(HoldReason::Person, "You paused it.", None)),
            }),
            Control::Cancel => {
                self.cancel_rest(
                    state
                        .doubts
                        .into_all()
                        .chain(state.forbidden.into_iter().map(|(_, doubt)| doubt)),
                )
                .await
            }
            Control::Go => self.verify().await,
        }
    }

    /// Gives out as much work as may be under way now.
    fn hand_out(&self, state: &mut Sending) {
        let now = Instant::now();
        if let Some(due) = state.trouble.probe_at() {
            if due <= now && !state.probing {
                state.probing = true;
                let (work, signal) = (Arc::clone(&self.work), self.signal.subscribe());
                state.tasks.spawn(async move {
                    Done::Probe {
                        result: unless_stopped(signal, work.reach()).await,
                    }
                });
            }
            return;
        }
        while state.reads < READS {
            let Some(doubt) = state.doubts.take_due(now) else {
                break;
            };
            state.reads += 1;
            let (work, signal) = (Arc::clone(&self.work), self.signal.subscribe());
            state.tasks.spawn(async move {
                let result = unless_stopped(signal, work.read(&doubt.item)).await;
                Done::Read { doubt, result }
            });
        }
        while state.sends < IN_HAND {
            let Some(item) = state.queue.pop_front() else {
                break;
            };
            state.sends += 1;
            let (work, ledger, signal) = (
                Arc::clone(&self.work),
                self.ledger.clone(),
                self.signal.subscribe(),
            );
            state
                .tasks
                .spawn(send::send(work, ledger, signal, item, self.timing.request));
        }
    }

    /// `item` in doubt, as its request stands now.
    fn doubt_about(&self, item: Item, refusal: Option<Ending>) -> Doubt {
        let resend_at = self.resend_time(&item);
        Doubt {
            item,
            refusal,
            resend_at,
            reads: 0,
        }
    }

    /// When a request of `item` that nobody answered has certainly died.
    fn resend_time(&self, item: &Item) -> Instant {
        let left = item
            .sent_at
            .as_deref()
            .and_then(|at| at.parse::<jiff::Timestamp>().ok())
            .map_or(self.timing.request, |sent| {
                let since =
                    Duration::try_from(self.clock.now().duration_since(sent)).unwrap_or(Duration::ZERO);
                self.timing.request.saturating_sub(since)
            });
        let again = self
            .timing
            .first_pause
            .saturating_mul(1 << item.attempts.saturating_sub(1).min(6))
            .min(self.timing.longest_pause);
        Instant::now() + if item.attempts > 1 { left.max(again) } else { left }
    }
}

/// When the engine has to look again though nothing ended. A moment that has passed counts only for what can be handed
/// out, or the loop would spin.
fn wake_at(state: &Sending, at_work: bool) -> Instant {
    // Figures are shown about once a second even when nothing ends.
    let tick = Instant::now() + Duration::from_secs(1);
    let next = match state.trouble.probe_at() {
        _ if !at_work => None,
        Some(_) if state.probing => None,
        Some(at) => Some(at),
        None if state.reads >= READS => None,
        None => state.doubts.next_due(),
    };
    next.map_or(tick, |next| next.min(tick))
}

/// Reads until the run is to stop: a reading may wait at the gate for an hour, and leaving it changes nothing at Webex.
async fn unless_stopped<T>(
    mut signal: watch::Receiver<Control>,
    reading: impl Future<Output = Result<T, WebexError>>,
) -> Result<T, WebexError> {
    tokio::select! {
        result = reading => result,
        () = send::stopped(&mut signal) => Err(WebexError::new(ErrorKind::Cancelled, "the run was paused")),
    }
}
