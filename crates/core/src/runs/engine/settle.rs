//! What an answer means for its row: ended, put back, in doubt, or a reason for the whole run to stop.

use super::super::ledger::{Change, LedgerError};
use super::super::{Ending, HoldReason, Item, ItemState, report};
use super::doubts::Doubt;
use super::{
    Answer, Done, Engine, FORBIDDEN, Found, Instant, Sending, Verdict, Wait, WebexError, answer_of,
    unless_stopped, verdict,
};
use crate::error::webex_sentence;
use std::sync::Arc;
use webex_client::{ErrorKind, Sent};

impl Engine {
    pub(super) async fn settle(&mut self, state: &mut Sending, done: Done) -> Result<(), LedgerError> {
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
                doubt,
                ending,
                applied_partly,
                result,
            } => {
                state.reads -= 1;
                self.settle_pool(state, doubt, ending, applied_partly, result)
                    .await
            }
            Done::Probe { result } => {
                state.probing = false;
                match result {
                    Ok(()) => state.trouble.reached(),
                    Err(error) => match verdict(&error, true) {
                        _ if *error.kind() == ErrorKind::Cancelled => {}
                        Verdict::Pause(reason) => self.stop(state, reason, &error),
                        // Webex answers, if only to say no: that is all that was asked.
                        Verdict::Refused => state.trouble.reached(),
                        Verdict::PutBack(_) | Verdict::Doubt => self.note_trouble(state, &error),
                    },
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
        departed: Option<Instant>,
    ) -> Result<(), LedgerError> {
        let error = match result {
            Ok(Answer::Applied(ending)) => {
                state.succeeded(departed);
                return self.end(&item, ItemState::Assigned, ending).await;
            }
            Ok(Answer::Incomplete(ending)) => {
                state.succeeded(departed);
                self.ledger
                    .record(Change::Answered {
                        row: item.row,
                        ending,
                    })
                    .await?;
                state.doubts.add(self.doubt_about(item, None), Instant::now());
                return Ok(());
            }
            Err(error) => error,
        };
        tracing::info!(run = self.run, row = item.row, %error, tracking_id = error.tracking_id(), "no success");
        match self.judge(state, &item, &error) {
            Verdict::PutBack(wait) => {
                if departed.is_some() {
                    self.ledger.record(Change::Pending { row: item.row }).await?;
                }
                state.queue.push_front(item);
                if wait == Wait::Trouble {
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
                state.doubts.add(self.doubt_about(item, None), Instant::now());
                if state.trouble.fault() {
                    self.note_trouble(state, &error);
                }
            }
            Verdict::Refused => {
                let refusal = self.work.refusal(&item, &error);
                self.ledger
                    .record(Change::Answered {
                        row: item.row,
                        ending: answer_of(&error),
                    })
                    .await?;
                let doubt = self.doubt_about(item, Some(refusal));
                if *error.kind() == ErrorKind::Forbidden && doubt.item.attempts < 2 {
                    state.forbidden.push((Instant::now(), doubt));
                    if state.forbidden.len() >= FORBIDDEN {
                        self.stop(state, HoldReason::Consent, &error);
                    }
                } else {
                    state.doubts.add(doubt, Instant::now());
                }
            }
            Verdict::Pause(reason) => {
                if departed.is_some() && error.sent() == Sent::No {
                    self.ledger.record(Change::Pending { row: item.row }).await?;
                } else if departed.is_some() {
                    // An error answer does not prove that nothing happened: it stays `sending` and is read on resuming.
                    self.ledger
                        .record(Change::Answered {
                            row: item.row,
                            ending: answer_of(&error),
                        })
                        .await?;
                }
                if departed.is_some() && error.sent() != Sent::No {
                    state.doubts.add(self.doubt_about(item, None), Instant::now());
                } else {
                    state.queue.push_front(item);
                }
                self.stop(state, reason, &error);
            }
        }
        Ok(())
    }

    /// A row that Webex did not allow a second time, after somebody resumed, is not allowed for its own sake.
    fn judge(&self, state: &Sending, item: &Item, error: &WebexError) -> Verdict {
        verdict(error, state.any_success || item.attempts > 1)
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
                    // Left, not answered: it is read when the run goes on.
                    _ if *error.kind() == ErrorKind::Cancelled => {}
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
                self.ask_pool(state, doubt, ending, true);
                Ok(())
            }
            (Found::NotApplied, Some(refusal))
                if refusal.code.as_deref().is_some_and(report::is_about_the_row) =>
            {
                self.end(&doubt.item, ItemState::Failed, refusal).await
            }
            (Found::NotApplied, Some(refusal)) => {
                self.ask_pool(state, doubt, refusal, false);
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

    fn ask_pool(&self, state: &mut Sending, doubt: Doubt, ending: Ending, applied_partly: bool) {
        state.reads += 1;
        let (work, signal) = (Arc::clone(&self.work), self.signal.subscribe());
        state.tasks.spawn(async move {
            let result = unless_stopped(signal, work.exhausted(&doubt.item)).await;
            Done::Pool {
                doubt,
                ending,
                applied_partly,
                result,
            }
        });
    }

    async fn settle_pool(
        &self,
        state: &mut Sending,
        mut doubt: Doubt,
        ending: Ending,
        applied_partly: bool,
        result: Result<Option<String>, WebexError>,
    ) -> Result<(), LedgerError> {
        let licence = match result {
            Ok(Some(licence)) => licence,
            // The counters lag behind; Webex's own words do not.
            Ok(None) if ending.code.as_deref() == Some("licences_insufficient") => {
                "A licence of the plan".to_owned()
            }
            // The counters show units: it is the row's own failure.
            Ok(None) => return self.end(&doubt.item, ItemState::Failed, ending).await,
            Err(error) => {
                match verdict(&error, true) {
                    _ if *error.kind() == ErrorKind::Cancelled => {}
                    Verdict::Refused => return self.end(&doubt.item, ItemState::Failed, ending).await,
                    Verdict::Pause(reason) => self.stop(state, reason, &error),
                    Verdict::PutBack(_) | Verdict::Doubt => self.note_trouble(state, &error),
                }
                // Whose failure it is cannot be said yet.
                doubt.reads += 1;
                doubt.refusal = (!applied_partly).then_some(ending);
                let due = Instant::now() + state.trouble.pause(doubt.reads);
                state.doubts.add(doubt, due);
                return Ok(());
            }
        };
        if applied_partly {
            self.end(&doubt.item, ItemState::Failed, ending).await?;
        } else {
            self.ledger
                .record(Change::Pending { row: doubt.item.row })
                .await?;
            state.queue.push_front(doubt.item);
        }
        let message = format!(
            "{licence} has no unit left: somebody else has used them since the plan. Buy or free units, then resume; or cancel the run."
        );
        if state.stop.is_none() {
            state.stop = Some(self.hold_for(HoldReason::LicencesExhausted, &message, None));
        }
        Ok(())
    }

    pub(super) async fn end(&self, item: &Item, state: ItemState, ending: Ending) -> Result<(), LedgerError> {
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
}
