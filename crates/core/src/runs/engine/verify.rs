//! Everything once more at the end, in as few requests as Webex allows: the report equals Webex's state.

use super::super::{Ending, Hold, HoldReason, Item, ItemState, RunState, store};
use super::holds::trouble_reason;
use super::{Control, End, Engine, Found, Instant, Trouble, Verdict, Work, verdict};
use crate::error::{Result, webex_sentence};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use webex_client::Error as WebexError;

/// Items in one reading.
const TOGETHER: usize = 85;
/// Readings of one item that does not (yet) show what Webex accepted.
const READS: u32 = 4;

enum Stop {
    Control(Control),
    Hold(Hold),
}

impl Engine {
    /// Reads every item that was sent; corrects the ledger where Webex shows something else.
    pub(super) async fn verify(mut self) -> Result<End> {
        self.live.set_verifying(true);
        let items: Vec<Item> = store::items(&self.db, &self.run, &[ItemState::Assigned, ItemState::Failed])
            .await?
            .into_iter()
            .filter(|item| item.attempts > 0 && item.person_id.is_some())
            .collect();
        let end = match self.read_everything(items).await {
            Ok(()) => End {
                state: RunState::Completed,
                hold: None,
            },
            Err(Stop::Control(Control::Cancel)) => End {
                state: RunState::Cancelled,
                hold: None,
            },
            Err(Stop::Control(_)) => {
                let hold = self.hold_for(
                    HoldReason::Person,
                    "You paused it while everything was read once more.",
                    None,
                );
                End {
                    state: RunState::Paused,
                    hold: Some(hold),
                }
            }
            Err(Stop::Hold(hold)) => End {
                state: RunState::Paused,
                hold: Some(hold),
            },
        };
        self.live.set_verifying(end.state == RunState::Paused);
        Ok(end)
    }

    /// What Webex accepted may show a little later, so what does not show is read several times, together; the last time
    /// one by one, because a list may leave out what its object shows.
    async fn read_everything(&mut self, items: Vec<Item>) -> Result<(), Stop> {
        let mut missing = Vec::new();
        for chunk in items.chunks(TOGETHER) {
            missing.extend(self.read_once_more(chunk).await?);
        }
        for read in 0..READS {
            if missing.is_empty() {
                return Ok(());
            }
            self.wait(Trouble::new(self.timing).pause(read)).await?;
            let again: Vec<Item> = missing.into_iter().map(|(item, _)| item).collect();
            missing = Vec::new();
            for chunk in again.chunks(if read + 1 == READS { 1 } else { TOGETHER }) {
                missing.extend(self.read_once_more(chunk).await?);
            }
        }
        for (item, seen) in missing {
            let ending = match seen {
                Found::Partly(ending) | Found::Otherwise(ending) => ending,
                Found::NotApplied | Found::Applied => Ending {
                    code: Some("not_applied".to_owned()),
                    message: Some("Webex accepted the request, but the user does not have the extension. Retry the row.".to_owned()),
                    ..Ending::default()
                },
            };
            self.correct(&item, ItemState::Failed, ending).await?;
        }
        Ok(())
    }

    /// Reads `chunk`, settles what is certain, and gives back what was accepted and does not show.
    async fn read_once_more(&mut self, chunk: &[Item]) -> Result<Vec<(Item, Found)>, Stop> {
        let Some(found) = self.patiently(chunk).await? else {
            self.nobody_may_read(chunk).await?;
            return Ok(Vec::new());
        };
        let found: HashMap<u32, Found> = found.into_iter().collect();
        let mut missing = Vec::new();
        for item in chunk {
            match (item.state, found.get(&item.row)) {
                (ItemState::Assigned, Some(Found::Applied)) => {}
                (ItemState::Assigned, seen) => {
                    missing.push((item.clone(), seen.cloned().unwrap_or(Found::NotApplied)))
                }
                (_, Some(Found::Applied)) => {
                    self.correct(item, ItemState::Assigned, Ending::default()).await?
                }
                _ => {}
            }
        }
        self.live.tick(&self.ledger, self.work.gate()).await;
        Ok(missing)
    }

    async fn correct(&self, item: &Item, state: ItemState, ending: Ending) -> Result<(), Stop> {
        self.end(item, state, ending)
            .await
            .map_err(|error| Stop::Hold(self.disk_hold(&error)))
    }

    /// Waits, unless the person wants something else.
    async fn wait(&mut self, pause: Duration) -> Result<(), Stop> {
        let until = Instant::now() + pause;
        loop {
            let control = *self.control.borrow_and_update();
            if control != Control::Go {
                return Err(Stop::Control(control));
            }
            tokio::select! {
                () = tokio::time::sleep_until(until) => return Ok(()),
                _ = self.control.changed() => {}
            }
        }
    }

    /// Reading is refused: what rests on answers alone is unknown.
    async fn nobody_may_read(&mut self, items: &[Item]) -> Result<(), Stop> {
        for item in items.iter().filter(|item| item.state == ItemState::Assigned) {
            let ending = Ending {
                code: Some("not_readable".to_owned()),
                message: Some(
                    "Webex accepted the request, but did not let Patchbay read the user back.".to_owned(),
                ),
                ..Ending::default()
            };
            self.correct(item, ItemState::Unknown, ending).await?;
        }
        Ok(())
    }

    /// Repeats a reading through trouble, until it succeeds, is refused (None), or the run has to stop.
    async fn patiently(&mut self, items: &[Item]) -> Result<Option<Vec<(u32, Found)>>, Stop> {
        let work = Arc::clone(&self.work);
        let mut trouble = Trouble::new(self.timing);
        loop {
            let control = *self.control.borrow_and_update();
            if control != Control::Go {
                return Err(Stop::Control(control));
            }
            let outcome = tokio::select! {
                outcome = read(work.as_ref(), items) => outcome,
                _ = self.control.changed() => continue,
            };
            let error = match outcome {
                Ok(found) => return Ok(Some(found)),
                Err(error) => error,
            };
            match verdict(&error, true) {
                Verdict::Refused => return Ok(None),
                Verdict::Pause(reason) => return Err(Stop::Hold(self.hold_of(reason, &error))),
                Verdict::PutBack(_) | Verdict::Doubt => {}
            }
            let reason = trouble_reason(&error);
            if trouble.worse(
                reason,
                webex_sentence(&error),
                error.tracking_id(),
                self.clock.now(),
            ) {
                return Err(Stop::Hold(self.hold_of(reason, &error)));
            }
            self.live.show_hold(trouble.hold());
            let pause = trouble
                .probe_at()
                .unwrap_or_else(Instant::now)
                .saturating_duration_since(Instant::now());
            self.wait(pause).await?;
            self.live.show_hold(None);
        }
    }
}

async fn read(work: &dyn Work, items: &[Item]) -> Result<Vec<(u32, Found)>, WebexError> {
    match items {
        [item] => Ok(vec![(item.row, work.read(item).await?)]),
        items => work.read_all(items).await,
    }
}
