//! Everything once more at the end, in as few requests as Webex allows: the report equals Webex's state.

use super::super::ledger::{Change, LedgerError};
use super::super::{Ending, Hold, HoldReason, Item, ItemState, RunState, store};
use super::{Control, End, Engine, Found, Instant, Trouble, Verdict, Work, verdict};
use crate::error::{Result, webex_sentence};
use std::sync::Arc;
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
        for chunk in items.chunks(TOGETHER) {
            match self.verify_together(chunk).await {
                Ok(()) => {}
                Err(Stop::Control(Control::Cancel)) => {
                    return Ok(End {
                        state: RunState::Cancelled,
                        hold: None,
                    });
                }
                Err(Stop::Control(_)) => {
                    let hold = self.hold_for(
                        HoldReason::Person,
                        "You paused it while everything was read once more.",
                        None,
                    );
                    return Ok(End {
                        state: RunState::Paused,
                        hold: Some(hold),
                    });
                }
                Err(Stop::Hold(hold)) => {
                    return Ok(End {
                        state: RunState::Paused,
                        hold: Some(hold),
                    });
                }
            }
            self.live.tick(&self.ledger, self.work.gate()).await;
        }
        self.live.set_verifying(false);
        Ok(End {
            state: RunState::Completed,
            hold: None,
        })
    }

    async fn verify_together(&mut self, chunk: &[Item]) -> Result<(), Stop> {
        let Some(found) = self.patiently(chunk).await? else {
            return self.nobody_may_read(chunk).await;
        };
        for item in chunk {
            let seen = found
                .iter()
                .find(|(row, _)| *row == item.row)
                .map_or(Found::NotApplied, |(_, found)| found.clone());
            self.correct(item, seen).await?;
        }
        Ok(())
    }

    async fn correct(&mut self, item: &Item, seen: Found) -> Result<(), Stop> {
        let (state, ending) = match (item.state, seen) {
            (ItemState::Assigned, Found::Applied) | (ItemState::Failed, Found::NotApplied | Found::Partly(_) | Found::Otherwise(_)) => {
                return Ok(());
            }
            (ItemState::Failed, Found::Applied) => (ItemState::Assigned, Ending::default()),
            (_, first) => match self.look_again(item, first).await? {
                Some(Found::Applied) => return Ok(()),
                Some(Found::Partly(ending) | Found::Otherwise(ending)) => (ItemState::Failed, ending),
                Some(Found::NotApplied) => (
                    ItemState::Failed,
                    Ending {
                        code: Some("not_applied".to_owned()),
                        message: Some("Webex accepted the request, but the user does not have the extension. Retry the row.".to_owned()),
                        ..Ending::default()
                    },
                ),
                None => return self.nobody_may_read(std::slice::from_ref(item)).await,
            },
        };
        self.end(item, state, ending)
            .await
            .map_err(|error| Stop::Hold(self.disk_hold(&error)))
    }

    /// What Webex accepted may show a little later.
    async fn look_again(&mut self, item: &Item, mut seen: Found) -> Result<Option<Found>, Stop> {
        for read in 0..READS {
            if seen == Found::Applied {
                break;
            }
            tokio::time::sleep(Trouble::new(self.timing).pause(read)).await;
            let Some(found) = self.patiently(std::slice::from_ref(item)).await? else {
                return Ok(None);
            };
            seen = found
                .into_iter()
                .next()
                .map_or(Found::NotApplied, |(_, found)| found);
        }
        Ok(Some(seen))
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
            let change = Change::Ended {
                row: item.row,
                state: ItemState::Unknown,
                ending,
                person: item.person_key.clone(),
                ext_key: item.ext_key.clone(),
            };
            self.ledger
                .record(change)
                .await
                .map_err(|error: LedgerError| Stop::Hold(self.disk_hold(&error)))?;
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
                Verdict::Pause(reason) => {
                    let message = format!(
                        "{} Connect the organisation, then resume. No row was lost.",
                        webex_sentence(&error)
                    );
                    return Err(Stop::Hold(self.hold_for(reason, &message, error.tracking_id())));
                }
                Verdict::PutBack(_) | Verdict::Doubt => {}
            }
            let gave_up = trouble.worse(
                HoldReason::Network,
                webex_sentence(&error),
                error.tracking_id(),
                self.clock.now(),
            );
            self.live.show_hold(trouble.hold());
            if gave_up {
                let message = format!(
                    "{} Resume when it works again. No row was lost.",
                    webex_sentence(&error)
                );
                return Err(Stop::Hold(self.hold_for(
                    HoldReason::Network,
                    &message,
                    error.tracking_id(),
                )));
            }
            tokio::select! {
                () = tokio::time::sleep_until(trouble.probe_at().unwrap_or_else(Instant::now)) => {}
                _ = self.control.changed() => {}
            }
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
