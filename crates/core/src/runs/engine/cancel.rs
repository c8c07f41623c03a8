//! Giving a run up: what was not begun is skipped, what may have happened is read until it can be said.

use super::super::ledger::LedgerError;
use super::super::{Ending, Item, ItemState, RunState, store};
use super::doubts::Doubt;
use super::{End, Engine, Found, Instant, READS};
use crate::error::Result;
use futures::{StreamExt as _, TryStreamExt as _};
use std::collections::HashMap;

/// Rows written at a time: the ledger puts them into one commit.
const TOGETHER: usize = 256;

impl Engine {
    /// Ends every open row; `known` are those whose last answer is at hand.
    pub(super) async fn cancel_rest(&self, known: impl Iterator<Item = Doubt>) -> Result<End> {
        let mut known: HashMap<u32, Doubt> = known.map(|doubt| (doubt.item.row, doubt)).collect();
        // The ledger says what is open, whatever became of the tasks.
        let open = store::items(&self.db, &self.run, &[ItemState::Sending, ItemState::Unknown]).await?;
        let doubts: Vec<Doubt> = open
            .into_iter()
            .map(|item| {
                known
                    .remove(&item.row)
                    .unwrap_or_else(|| self.doubt_about(item, None))
            })
            .collect();
        let bound = Instant::now() + self.timing.request * 2;
        let settled = futures::stream::iter(doubts)
            .map(async |doubt| {
                let (state, ending) = self.last_reading(&doubt, bound).await;
                self.end(&doubt.item, state, ending).await
            })
            .buffer_unordered(READS)
            .try_collect::<()>()
            .await;
        let pending = store::items(&self.db, &self.run, &[ItemState::Pending]).await?;
        let skipped = async {
            futures::stream::iter(pending)
                .map(async |item| self.end(&item, ItemState::Skipped, cancelled(&item)).await)
                .buffer_unordered(TOGETHER)
                .try_collect::<()>()
                .await
        };
        Ok(
            match async {
                settled?;
                skipped.await
            }
            .await
            {
                Ok(()) => End {
                    state: RunState::Cancelled,
                    hold: None,
                },
                Err(error) => self.unwritten(&error),
            },
        )
    }

    fn unwritten(&self, error: &LedgerError) -> End {
        End {
            state: RunState::Paused,
            hold: Some(self.disk_hold(error)),
        }
    }

    /// Reads until it is certain how the row ended, or reading back is impossible.
    async fn last_reading(&self, doubt: &Doubt, bound: Instant) -> (ItemState, Ending) {
        loop {
            let found = match tokio::time::timeout_at(bound, self.work.read(&doubt.item)).await {
                Ok(Ok(found)) => found,
                Ok(Err(_)) | Err(_) => return (ItemState::Unknown, not_read_back()),
            };
            match (found, &doubt.refusal) {
                (Found::Applied, _) => return (ItemState::Assigned, Ending::default()),
                (Found::Partly(ending) | Found::Otherwise(ending), _) => return (ItemState::Failed, ending),
                (Found::NotApplied, Some(refusal)) => return (ItemState::Failed, refusal.clone()),
                (Found::NotApplied, None) if Instant::now() >= doubt.resend_at => {
                    return (ItemState::Skipped, cancelled(&doubt.item));
                }
                // The request may still be on its way.
                (Found::NotApplied, None) => tokio::time::sleep_until(doubt.resend_at).await,
            }
        }
    }
}

fn cancelled(item: &Item) -> Ending {
    let message = if item.attempts == 0 {
        "Not sent: the run was cancelled before its turn."
    } else {
        "Sent without effect; the run was cancelled before it could be sent again."
    };
    Ending {
        code: Some("cancelled".to_owned()),
        message: Some(message.to_owned()),
        ..Ending::default()
    }
}

fn not_read_back() -> Ending {
    Ending {
        code: Some("not_read_back".to_owned()),
        message: Some(
            "No answer came and the run was cancelled before the user could be read back.".to_owned(),
        ),
        ..Ending::default()
    }
}
