//! Carries a run out: what is sent, what is read back, what waits.
//!
//! The promises (product, "What a run promises"): a row ends as what Webex's state shows; 429, 5xx, time-outs and dropped
//! replies never fail a row; a request in doubt is read at once, set aside while others go on, read again, and sent again
//! only when its time-out has run out since it left; at the end everything is read once more.

mod doubts;
mod trouble;
mod verify;

use super::figures::Live;
use super::ledger::{Change, Ledger, LedgerError};
use super::{Ending, Hold, HoldReason, Item, ItemState, RunState, store};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Result, webex_sentence};
use doubts::{Doubt, Doubts};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use trouble::Trouble;
use webex_client::{Departure, Error as WebexError, ErrorKind};

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
    Network,
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

/// What to do about an error of a request.
pub fn verdict(error: &WebexError, any_success: bool) -> Verdict {
    match error.kind() {
        ErrorKind::Connect => Verdict::PutBack(Wait::Network),
        ErrorKind::Throttled | ErrorKind::Cancelled => Verdict::PutBack(Wait::Gate),
        ErrorKind::Dropped | ErrorKind::TimedOut | ErrorKind::Server | ErrorKind::Locked => {
            match error.sent() {
                webex_client::Sent::No => Verdict::PutBack(Wait::Network),
                _ => Verdict::Doubt,
            }
        }
        ErrorKind::UnexpectedAnswer | ErrorKind::Incomplete => Verdict::Doubt,
        ErrorKind::Consent(_) | ErrorKind::Unauthorised => Verdict::Pause(HoldReason::Consent),
        // One user may be out of reach; all of them means that the grant does not cover the work.
        ErrorKind::Forbidden if any_success => Verdict::Refused,
        ErrorKind::Forbidden => Verdict::Pause(HoldReason::Consent),
        ErrorKind::NotFound | ErrorKind::Refused => Verdict::Refused,
        _ => Verdict::Pause(HoldReason::WebexTrouble),
    }
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
        departed: bool,
        unwritten: Option<LedgerError>,
    },
    Read {
        doubt: Doubt,
        result: Result<Found, WebexError>,
    },
    Pool {
        item: Item,
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
    stop: Option<Hold>,
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
            stop: None,
        };
        for item in cut_off {
            let resend_at = self.resend_time(&item);
            state.doubts.add(
                Doubt {
                    item,
                    refusal: None,
                    resend_at,
                    reads: 0,
                },
                Instant::now(),
            );
        }
        loop {
            let control = *self.control.borrow_and_update();
            self.signal.send_replace(if state.stop.is_some() {
                Control::Pause
            } else {
                control
            });
            if control == Control::Go && state.stop.is_none() {
                self.hand_out(&mut state);
            }
            let waiting = !state.queue.is_empty() || !state.doubts.is_empty();
            if state.tasks.is_empty() {
                match control {
                    Control::Go if state.stop.is_some() => break,
                    Control::Go if waiting => {}
                    _ => break,
                }
            }
            self.live.show_hold(self.hold(&state));
            let wake = self.wake_at(&state);
            let outcome = tokio::select! {
                done = state.tasks.join_next(), if !state.tasks.is_empty() => match done {
                    Some(Ok(done)) => self.settle(&mut state, done).await,
                    // A task that ended without an answer left its row in `sending`: the ledger knows.
                    Some(Err(error)) => { tracing::error!(run = self.run, %error, "a task of the run ended"); Ok(()) }
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
                self.cancel_rest(state.doubts).await?;
                Ok(End {
                    state: RunState::Cancelled,
                    hold: None,
                })
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
                let work = Arc::clone(&self.work);
                state.tasks.spawn(async move {
                    Done::Probe {
                        result: work.reach().await,
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
            let work = Arc::clone(&self.work);
            state.tasks.spawn(async move {
                let result = work.read(&doubt.item).await;
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
                .spawn(send(work, ledger, signal, item, self.timing.request));
        }
    }

    async fn settle(&mut self, state: &mut Sending, done: Done) -> Result<(), LedgerError> {
        match done {
            Done::Sent {
                item,
                unwritten: Some(error),
                ..
            } => {
                state.sends -= 1;
                state.queue.push_front(item);
                Err(error)
            }
            Done::Sent {
                item,
                result,
                departed,
                unwritten: None,
            } => {
                state.sends -= 1;
                self.settle_sent(state, item, result, departed).await
            }
            Done::Read { doubt, result } => {
                state.reads -= 1;
                self.settle_read(state, doubt, result).await
            }
            Done::Pool {
                item,
                ending,
                applied_partly,
                result,
            } => {
                state.reads -= 1;
                self.settle_pool(state, item, ending, applied_partly, result)
                    .await
            }
            Done::Probe { result } => {
                state.probing = false;
                match result {
                    Ok(()) => state.trouble.reached(),
                    Err(error) => self.note_trouble(state, &error),
                }
                Ok(())
            }
        }
    }

    async fn settle_sent(
        &self,
        state: &mut Sending,
        item: Item,
        result: Result<Answer, WebexError>,
        departed: bool,
    ) -> Result<(), LedgerError> {
        let error = match result {
            Ok(Answer::Applied(ending)) => {
                state.any_success = true;
                state.trouble.over();
                return self.end(&item, ItemState::Assigned, ending).await;
            }
            Ok(Answer::Incomplete(ending)) => {
                state.any_success = true;
                state.trouble.over();
                self.ledger
                    .record(Change::Answered {
                        row: item.row,
                        ending,
                    })
                    .await?;
                let resend_at = self.resend_time(&item);
                state.doubts.add(
                    Doubt {
                        item,
                        refusal: None,
                        resend_at,
                        reads: 0,
                    },
                    Instant::now(),
                );
                return Ok(());
            }
            Err(error) => error,
        };
        tracing::info!(run = self.run, row = item.row, %error, tracking_id = error.tracking_id(), "no success");
        match verdict(&error, state.any_success) {
            Verdict::PutBack(wait) => {
                if departed {
                    self.ledger.record(Change::Pending { row: item.row }).await?;
                }
                state.queue.push_front(item);
                if wait == Wait::Network {
                    self.note_trouble(state, &error);
                }
            }
            Verdict::Doubt => {
                self.ledger
                    .record(Change::Answered {
                        row: item.row,
                        ending: answer_of(&error),
                    })
                    .await?;
                let resend_at = self.resend_time(&item);
                state.doubts.add(
                    Doubt {
                        item,
                        refusal: None,
                        resend_at,
                        reads: 0,
                    },
                    Instant::now(),
                );
                if state.trouble.fault() {
                    self.note_trouble(state, &error);
                }
            }
            Verdict::Refused => {
                let refusal = Ending {
                    ..self.work.refusal(&item, &error)
                };
                self.ledger
                    .record(Change::Answered {
                        row: item.row,
                        ending: answer_of(&error),
                    })
                    .await?;
                let resend_at = self.resend_time(&item);
                state.doubts.add(
                    Doubt {
                        item,
                        refusal: Some(refusal),
                        resend_at,
                        reads: 0,
                    },
                    Instant::now(),
                );
            }
            Verdict::Pause(reason) => {
                if departed {
                    self.ledger.record(Change::Pending { row: item.row }).await?;
                }
                state.queue.push_front(item);
                self.stop(state, reason, &error);
            }
        }
        Ok(())
    }

    async fn settle_read(
        &self,
        state: &mut Sending,
        mut doubt: Doubt,
        result: Result<Found, WebexError>,
    ) -> Result<(), LedgerError> {
        let found = match result {
            Ok(found) => found,
            Err(error) => {
                doubt.reads += 1;
                match verdict(&error, true) {
                    Verdict::Refused => {
                        // Webex answers and does not let us see the person: nobody can say how the row ended.
                        let ending = Ending {
                            code: Some("not_readable".to_owned()),
                            message: Some(format!(
                                "Webex did not let Patchbay read the user back. {}",
                                webex_sentence(&error)
                            )),
                            ..answer_of(&error)
                        };
                        return self.end(&doubt.item, ItemState::Unknown, ending).await;
                    }
                    Verdict::Pause(reason) => self.stop(state, reason, &error),
                    Verdict::PutBack(_) | Verdict::Doubt => self.note_trouble(state, &error),
                }
                let due = Instant::now() + state.trouble.pause(doubt.reads);
                state.doubts.add(doubt, due);
                return Ok(());
            }
        };
        match (found, doubt.refusal.take()) {
            (Found::Applied, _) => {
                state.any_success = true;
                self.end(&doubt.item, ItemState::Assigned, Ending::default())
                    .await
            }
            (Found::Otherwise(ending), _) => self.end(&doubt.item, ItemState::Failed, ending).await,
            (Found::Partly(ending), _) => {
                self.ask_pool(state, doubt.item, ending, true);
                Ok(())
            }
            (Found::NotApplied, Some(refusal))
                if refusal
                    .code
                    .as_deref()
                    .is_some_and(super::report::is_about_the_row) =>
            {
                self.end(&doubt.item, ItemState::Failed, refusal).await
            }
            (Found::NotApplied, Some(refusal)) => {
                self.ask_pool(state, doubt.item, refusal, false);
                Ok(())
            }
            (Found::NotApplied, None) if Instant::now() >= doubt.resend_at => {
                self.ledger
                    .record(Change::Pending { row: doubt.item.row })
                    .await?;
                doubt.item.attempts += 1;
                state.queue.push_back(doubt.item);
                Ok(())
            }
            (Found::NotApplied, None) => {
                let due = doubt.resend_at;
                doubt.reads += 1;
                state.doubts.add(doubt, due);
                Ok(())
            }
        }
    }

    fn ask_pool(&self, state: &mut Sending, item: Item, ending: Ending, applied_partly: bool) {
        state.reads += 1;
        let work = Arc::clone(&self.work);
        state.tasks.spawn(async move {
            let result = work.exhausted(&item).await;
            Done::Pool {
                item,
                ending,
                applied_partly,
                result,
            }
        });
    }

    async fn settle_pool(
        &self,
        state: &mut Sending,
        item: Item,
        ending: Ending,
        applied_partly: bool,
        result: Result<Option<String>, WebexError>,
    ) -> Result<(), LedgerError> {
        let Ok(Some(licence)) = result else {
            // The counters cannot be read or show units: it is the row's own failure.
            return self.end(&item, ItemState::Failed, ending).await;
        };
        if applied_partly {
            self.end(&item, ItemState::Failed, ending).await?;
        } else {
            self.ledger.record(Change::Pending { row: item.row }).await?;
            state.queue.push_front(item);
        }
        let message = format!(
            "{licence} has no unit left: somebody else has used them since the plan. Buy or free units, then resume; or cancel the run."
        );
        if state.stop.is_none() {
            state.stop = Some(self.hold_for(HoldReason::LicencesExhausted, &message, None));
        }
        Ok(())
    }

    async fn end(&self, item: &Item, state: ItemState, ending: Ending) -> Result<(), LedgerError> {
        if state == ItemState::Assigned {
            self.live.count_done();
        }
        self.ledger
            .record(Change::Ended {
                row: item.row,
                state,
                ending,
                person: item.person_key.clone(),
                ext_key: item.ext_key.clone(),
            })
            .await
    }

    /// The person gave the run up: what was not begun is skipped, what is in doubt is read once more.
    async fn cancel_rest(&self, doubts: Doubts) -> Result<()> {
        let cancelled = || Ending {
            code: Some("cancelled".to_owned()),
            message: Some("Not sent: the run was cancelled before its turn.".to_owned()),
            ..Ending::default()
        };
        for mut doubt in doubts.into_all() {
            let (state, ending) = match (self.work.read(&doubt.item).await, doubt.refusal.take()) {
                (Ok(Found::Applied), _) => (ItemState::Assigned, Ending::default()),
                (Ok(Found::NotApplied), Some(refusal)) => (ItemState::Failed, refusal),
                (Ok(Found::NotApplied), None) if Instant::now() >= doubt.resend_at => {
                    (ItemState::Skipped, cancelled())
                }
                (Ok(Found::Partly(ending) | Found::Otherwise(ending)), _) => (ItemState::Failed, ending),
                (Ok(Found::NotApplied) | Err(_), _) => (
                    ItemState::Unknown,
                    Ending {
                        code: Some("not_read_back".to_owned()),
                        message: Some(
                            "No answer came and the run was cancelled before the user could be read back."
                                .to_owned(),
                        ),
                        ..Ending::default()
                    },
                ),
            };
            if self.end(&doubt.item, state, ending).await.is_err() {
                break;
            }
        }
        for item in store::items(&self.db, &self.run, &[ItemState::Pending]).await? {
            if self.end(&item, ItemState::Skipped, cancelled()).await.is_err() {
                break;
            }
        }
        Ok(())
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

    fn note_trouble(&self, state: &mut Sending, error: &WebexError) {
        let network = matches!(
            error.kind(),
            ErrorKind::Connect | ErrorKind::Dropped | ErrorKind::TimedOut
        );
        let reason = if network {
            HoldReason::Network
        } else {
            HoldReason::WebexTrouble
        };
        if state.trouble.worse(
            reason,
            webex_sentence(error),
            error.tracking_id(),
            self.clock.now(),
        ) {
            self.stop(state, reason, error);
        }
    }

    fn stop(&self, state: &mut Sending, reason: HoldReason, error: &WebexError) {
        if state.stop.is_none() {
            let next = match reason {
                HoldReason::Consent => "Connect the organisation, then resume. No row was lost.",
                _ => "Resume when it works again. No row was lost.",
            };
            state.stop = Some(self.hold_for(
                reason,
                &format!("{} {next}", webex_sentence(error)),
                error.tracking_id(),
            ));
        }
    }

    fn disk_hold(&self, error: &LedgerError) -> Hold {
        let why = match error.0.as_deref() {
            Some(error) if error.is_storage() => "the disk is full or the data folder is read-only",
            _ => "the database refused",
        };
        self.hold_for(
            HoldReason::Disk,
            &format!("The ledger cannot be written: {why}. Nothing more is sent. Make room, then resume: what was on its way is read back."),
            None,
        )
    }

    fn hold_for(&self, reason: HoldReason, message: &str, tracking_id: Option<&str>) -> Hold {
        Hold {
            reason,
            message: message.to_owned(),
            since: self.clock.now().to_string(),
            until: None,
            tracking_id: tracking_id.map(str::to_owned),
        }
    }

    /// What is shown while the run waits without being paused.
    fn hold(&self, state: &Sending) -> Option<Hold> {
        if let Some(hold) = &state.stop {
            return Some(hold.clone());
        }
        if let Some(hold) = state.trouble.hold() {
            return Some(hold);
        }
        let gate = self.work.gate();
        let until = gate.held_until.filter(|until| *until > self.clock.now())?;
        let last = gate.last_hold.as_ref();
        Some(Hold {
            reason: HoldReason::Throttled,
            message: "Webex asked us to slow down (429). Waiting requests are repeated; none is lost."
                .to_owned(),
            since: last
                .map_or_else(|| self.clock.now(), |hold| hold.since)
                .to_string(),
            until: Some(until.to_string()),
            tracking_id: last.and_then(|hold| hold.tracking_id.clone()),
        })
    }

    fn wake_at(&self, state: &Sending) -> Instant {
        // Figures are shown about once a second even when nothing ends.
        let tick = Instant::now() + Duration::from_secs(1);
        let next = match state.trouble.probe_at() {
            Some(at) => Some(at),
            None => state.doubts.next_due(),
        };
        next.map_or(tick, |next| next.min(tick))
    }
}

/// One request. It can be left while it waits at the gate; once it has left, its answer is waited for, within bounds.
async fn send(
    work: Arc<dyn Work>,
    ledger: Ledger,
    mut signal: watch::Receiver<Control>,
    mut item: Item,
    request: Duration,
) -> Done {
    let departed = Arc::new(AtomicBool::new(false));
    let unwritten: Arc<Mutex<Option<LedgerError>>> = Arc::default();
    let departure: Departure = {
        let (departed, unwritten, row) = (Arc::clone(&departed), Arc::clone(&unwritten), item.row);
        let signal = signal.clone();
        Arc::new(move || {
            let (departed, unwritten) = (Arc::clone(&departed), Arc::clone(&unwritten));
            let (ledger, signal) = (ledger.clone(), signal.clone());
            Box::pin(async move {
                if *signal.borrow() != Control::Go {
                    return Err(WebexError::new(ErrorKind::Cancelled, "the run was paused"));
                }
                if let Err(error) = ledger.record(Change::Sending { row }).await {
                    *unwritten.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    return Err(WebexError::new(
                        ErrorKind::Cancelled,
                        "the ledger could not be written",
                    ));
                }
                departed.store(true, Ordering::Release);
                Ok(())
            })
        })
    };
    let left = WebexError::new(ErrorKind::Cancelled, "the run was paused");
    let result = {
        let mut sending = std::pin::pin!(work.send(&item, departure));
        tokio::select! {
            result = &mut sending => result,
            () = async { drop(signal.wait_for(|signal| *signal != Control::Go).await) } => {
                if departed.load(Ordering::Acquire) {
                    // It may be on its way, or wait out a 429. Dropped here it stays `sending` in the ledger.
                    let bound = request + Duration::from_secs(5);
                    tokio::time::timeout(bound, &mut sending).await
                        .unwrap_or_else(|_| Err(WebexError::new(ErrorKind::Dropped, "its answer was not waited for")))
                } else {
                    Err(left)
                }
            }
        }
    };
    let departed = departed.load(Ordering::Acquire);
    if departed {
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
