//! What runs by itself, put together: the scheduler's turns are consent's renewals and the syncs of this crate.

use crate::Patchbay;
use crate::commands::{OrganisationId, SyncStarted};
use jiff::{SignedDuration, Timestamp};
use patchbay_core::consent::RenewWhen;
use patchbay_core::events::Topic;
use patchbay_core::organisations::{self, ConsentState, Environment};
use patchbay_core::scheduler::{self, Hindrance, Hindrances, Report, ScheduleKind, Task, Work};
use patchbay_core::secrets::VaultStatus;
use patchbay_core::transactions::{self, Transaction, TransactionState};
use patchbay_core::{ErrorCode, Failure, Result, notifications, settings};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast::error::RecvError;

/// The longest time for which it is believed to be known when the next warning comes. Another Patchbay may have connected an
/// organisation on the same data folder.
const WARNINGS_KNOWN: SignedDuration = SignedDuration::from_hours(1);

/// When there will be something else to warn of.
#[derive(Debug, Default)]
pub(crate) struct Warnings {
    next: Mutex<Option<Timestamp>>,
}

impl Patchbay {
    /// The turns of schedules, as this Patchbay carries them out.
    pub(crate) fn work(&self) -> Arc<dyn Work> {
        Arc::new(Turns {
            patchbay: self.clone(),
        })
    }

    /// One look at the schedules: begins what is due by the clock and waits for its end. In the background this happens by
    /// itself.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn look_at_schedules(&self) -> std::result::Result<(), Failure> {
        let looked = self.inner.scheduler.pass(&self.work()).await;
        looked.map_err(|error| error.failure())
    }

    /// Gives organisations that have none their schedules.
    pub(crate) async fn furnish_schedules(&self) -> Result<()> {
        let inner = &self.inner;
        if scheduler::is_unfurnished(&inner.db).await? {
            let mut write = inner.db.write().await?;
            self.furnish_schedules_in(&mut write).await?;
            write.commit().await?;
        }
        Ok(())
    }

    /// As part of the write that registers or changes an organisation.
    pub(crate) async fn furnish_schedules_in(&self, write: &mut patchbay_core::db::Write) -> Result<()> {
        let every = sync_minutes(settings::load(&self.inner.db).await?.sync_every_hours);
        scheduler::furnish(write, self.inner.clock.as_ref(), every).await
    }

    /// A transaction, once it is over.
    async fn transaction_over(&self, id: &str) -> Result<Transaction> {
        let mut topics = self.events();
        loop {
            let transaction = transactions::get(&self.inner.db, id).await?;
            if transaction.state != TransactionState::Running {
                return Ok(transaction);
            }
            loop {
                match topics.recv().await {
                    Ok(Topic::Transactions) | Err(RecvError::Lagged(_)) => break,
                    Ok(_) => {}
                    Err(RecvError::Closed) => {
                        return Err(patchbay_core::Error::Ended { what: "Patchbay" });
                    }
                }
            }
        }
    }
}

/// The default interval of syncs as schedules have it.
pub(crate) fn sync_minutes(hours: u32) -> u32 {
    hours.saturating_mul(60)
}

struct Turns {
    patchbay: Patchbay,
}

impl Turns {
    async fn refresh(&self, task: &Task) -> Report {
        let inner = &self.patchbay.inner;
        let when = if task.asked {
            RenewWhen::Now
        } else {
            RenewWhen::Due
        };
        match inner.consent.renew(&task.organisation, when, &inner.who).await {
            Ok(renewal) => {
                let report = renewal.fresh.map_or_else(Report::succeeded, Report::skipped);
                Report {
                    next_at: renewal.next_at,
                    ..report.of(renewal.transaction)
                }
            }
            Err(unrenewed) if unrenewed.works => Report::skipped(unrenewed.failure.message),
            Err(unrenewed) => Report::failed(unrenewed.failure.message).of(unrenewed.transaction),
        }
    }

    /// What a command has begun, until its transaction is over.
    async fn follow(&self, task: &Task, begun: std::result::Result<SyncStarted, Failure>) -> Report {
        let transaction = match begun {
            Ok(SyncStarted { elsewhere: true, .. }) if !task.asked => {
                return Report::skipped("Another Patchbay on this data folder is copying the organisation.");
            }
            Ok(begun) => begun.transaction,
            // Something else is at the organisation; the next turn comes soon.
            Err(failure) if failure.code == ErrorCode::Conflict => return Report::skipped(failure.message),
            Err(failure) => return Report::failed(failure.message),
        };
        if let Err(error) = task.note_transaction(&transaction).await {
            tracing::warn!(%error, "the transaction of a turn was not noted");
        }
        let report = match self.patchbay.transaction_over(&transaction).await {
            Ok(over) if over.state == TransactionState::Succeeded => Report::succeeded(),
            Ok(over) => Report::failed(over.failure.map_or_else(
                || "It was ended before it was done.".to_owned(),
                |failure| failure.message,
            )),
            Err(error) => Report::failed(error.failure().message),
        };
        report.of(Some(transaction))
    }
}

#[async_trait::async_trait]
impl Work for Turns {
    async fn prepare(&self) -> Result<()> {
        self.patchbay.furnish_schedules().await
    }

    async fn hindrances(&self) -> Result<Hindrances> {
        let inner = &self.patchbay.inner;
        let locked = matches!(inner.vault.status().await?, VaultStatus::Locked { .. });
        let demo_runs = inner.clients.demo_runs();
        let all = organisations::list(&inner.db, &inner.vault).await?;
        let hindered = all.into_iter().filter_map(|organisation| {
            let not_begun = organisation.consent == ConsentState::None;
            let reason = match organisation.consent {
                ConsentState::None => "Nobody has consented yet. Connect the organisation.".to_owned(),
                ConsentState::Needed { reason, .. } => format!(
                    "Consent is needed: {}. Connect the organisation again.",
                    reason.trim().trim_end_matches('.')
                ),
                ConsentState::Granted if locked => "The secrets are locked. Open the vault.".to_owned(),
                ConsentState::Granted if organisation.environment == Environment::Demo && !demo_runs => {
                    "The demo organisation is not running. Open it.".to_owned()
                }
                ConsentState::Granted => return None,
            };
            Some((organisation.id, Hindrance { reason, not_begun }))
        });
        Ok(hindered.collect())
    }

    async fn carry_out(&self, task: &Task) -> Report {
        let request = OrganisationId {
            organisation: task.organisation.clone(),
        };
        match task.kind {
            ScheduleKind::TokenRefresh => self.refresh(task).await,
            ScheduleKind::MirrorSync => {
                let begun = self.patchbay.mirror_sync(request).await;
                self.follow(task, begun).await
            }
            ScheduleKind::WholesaleSync => {
                let begun = self.patchbay.wholesale_sync(request).await;
                self.follow(task, begun).await
            }
        }
    }

    async fn set_back(&self, now: Timestamp) -> Result<()> {
        self.patchbay.inner.consent.reconsider(now).await
    }

    async fn looked(&self, now: Timestamp, told: bool) -> Result<Option<Timestamp>> {
        let inner = &self.patchbay.inner;
        let known = *inner.warnings.next.lock().unwrap_or_else(PoisonError::into_inner);
        let reached = known.is_some_and(|next| next <= now);
        // A clock that was set back leaves it too far away.
        let soon = known.filter(|next| !reached && next.duration_since(now) <= WARNINGS_KNOWN);
        if let (Some(next), false) = (soon, told) {
            return Ok(Some(next));
        }
        let longest = now.saturating_add(WARNINGS_KNOWN).unwrap_or(now);
        let next = notifications::next_change(&inner.db, &inner.vault, now).await?;
        let next = next.unwrap_or(longest).min(longest);
        *inner.warnings.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(next);
        if reached {
            inner.db.events().publish([Topic::Notifications]);
        }
        Ok(Some(next))
    }
}
