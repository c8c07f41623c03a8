//! Directory synchronisation of BroadWorks enterprises (product A7).
//!
//! Invariants: a synchronisation is asked for once, and never again by itself; that it is about to be asked for is durable
//! before the request leaves; an enterprise has one request of this desktop at a time, in every process on this data folder;
//! what was asked for is followed until Webex shows its end, over a restart as well; of two observations of an enterprise the
//! one begun later counts; times are Webex's, and so is "now" (this computer's clock plus how far Webex's was ahead when they
//! last met).
//!
//! Synchronisations that somebody else asked for are shown as they were last read; nobody follows them.

mod availability;
mod follow;
mod gate;
pub mod model;
mod read;
mod store;
mod told;
mod trigger;

pub use model::*;
pub use read::{STEP, copy};
pub(crate) use told::sentences;

use crate::clock::{Clock, Pauses};
use crate::consent::Clients;
use crate::db::Db;
use crate::error::{Error, Failure, Result};
use crate::events::Topic;
use crate::organisations::{self, Organisation};
use crate::process_lock::ProcessLock;
use crate::secrets::Vault;
use crate::transactions::{self, Opening, TransactionKind, TransactionState};
use crate::{audit, mirror};
use gate::Asked;
use jiff::{SignedDuration, Timestamp};
use read::Look;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::Kept;
use store::requests::{self, Request};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use webex_client::{ErrorKind, Priority, Webex};

/// Requests so old have no bearing on the gate.
const PAST: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Directory synchronisation of a running Patchbay. Cheap to clone; clones are the same.
#[derive(Clone)]
pub struct DirectorySyncs {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    /// Of the locks that say which transactions are followed by a process that lives.
    folder: PathBuf,
    clock: Arc<dyn Clock>,
    vault: Vault,
    clients: Clients,
    who: String,
    pauses: Pauses,
    /// By transaction.
    followed: Mutex<HashMap<String, Followed>>,
    /// Held while it is looked whether something is under way, never while Webex is asked.
    turn: tokio::sync::Mutex<()>,
}

struct Followed {
    organisation: String,
    /// Ends the present pauses.
    look: Arc<Notify>,
    task: JoinHandle<()>,
}

/// The lock of a transaction that is followed, among the data folder's.
fn lock_name(transaction: &str) -> String {
    format!("directory-sync-{transaction}")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Webex's clock now: it never goes back behind what it has told.
fn webex_now(here: Timestamp, met: Option<Timestamp>, ahead_seconds: i64) -> Timestamp {
    let reckoned = here
        .saturating_add(SignedDuration::from_secs(ahead_seconds))
        .unwrap_or(here);
    met.map_or(reckoned, |met| met.max(reckoned))
}

/// Forgets who followed requests: for a Patchbay that is alone on its data folder, before anything else.
///
/// # Errors
/// When the database cannot be written.
pub async fn sweep(db: &Db) -> Result<()> {
    let mut write = db.write().await?;
    requests::leave(write.connection(), None).await?;
    write.commit().await?;
    Ok(())
}

/// The face of an error for people: where Webex does not allow it, with the way out.
pub fn failure(error: &Error) -> Failure {
    let mut failure = error.failure();
    if let Error::Webex { source, .. } = error
        && *source.kind() == ErrorKind::Forbidden
    {
        failure.message.push_str(read::WAY_OUT);
    }
    failure
}

/// Enterprises of an organisation with what Webex told last, by name; for who gathers what needs attention. `activated` is as
/// for [`DirectorySyncs::get`].
///
/// # Errors
/// When the database cannot be read.
pub async fn enterprises(
    db: &Db,
    clock: &dyn Clock,
    organisation: &str,
    activated: Option<&HashMap<String, u32>>,
) -> Result<Vec<Enterprise>> {
    let (met, ahead) = store::last_met(db, organisation).await?;
    let now = webex_now(clock.now(), met, ahead);
    let (kept, _, _) = store::all(db, organisation).await?;
    let requests = requests::of(db, organisation, past(now)).await?;
    Ok(kept
        .into_iter()
        .map(|kept| shown(kept, &requests, activated, now))
        .collect())
}

fn past(now: Timestamp) -> Timestamp {
    now.saturating_sub(PAST).unwrap_or(Timestamp::MIN)
}

/// An enterprise as people see it.
fn shown(
    kept: Kept,
    requests: &[Request],
    activated: Option<&HashMap<String, u32>>,
    now: Timestamp,
) -> Enterprise {
    let own: Vec<&Request> = requests
        .iter()
        .filter(|request| request.enterprise == kept.key)
        .collect();
    let asked: Vec<Asked> = own.iter().map(|request| request.asked.clone()).collect();
    let gate = gate::gate(kept.enabled, kept.told.as_ref(), &asked, now);
    let request = own.last().map(|request| SyncRequest {
        at: request.asked.at.to_string(),
        who: request.who.clone(),
        transaction: Some(request.transaction.clone()),
        open: matches!(gate, SyncGate::Queued { .. }) && request.asked.open,
        own_result: kept.told.as_ref().is_some_and(|told| request.asked.is_its(told)),
    });
    let text = |time: Option<Timestamp>| time.map(|time| time.to_string());
    let told = kept.told.as_ref();
    Enterprise {
        activated: activated
            .map(|activated| activated.get(&kept.sp_enterprise_id).copied().unwrap_or_default()),
        sync: told.map_or(SyncState::Never, |told| told.state.clone()),
        last_started_at: text(told.and_then(|told| told.started)),
        last_ended_at: text(told.and_then(|told| told.ended)),
        last_succeeded_at: text(told.and_then(|told| told.succeeded)),
        tracking_id: told.and_then(|told| told.tracking_id.clone()),
        counts: told.map(|told| told.counts.clone()).unwrap_or_default(),
        id: kept.id,
        org_id: kept.org_id,
        sp_enterprise_id: kept.sp_enterprise_id,
        enabled: kept.enabled,
        request,
        gate,
        as_of: kept.as_of,
    }
}

impl DirectorySyncs {
    /// Nothing is under way.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        vault: Vault,
        clients: Clients,
        who: String,
        pauses: Pauses,
    ) -> Self {
        let inner = Inner {
            folder: db
                .path()
                .parent()
                .unwrap_or_else(|| Path::new(""))
                .join("under-way"),
            db,
            clock,
            vault,
            clients,
            who,
            pauses,
            followed: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// What is known of an organisation's enterprises. `activated` counts provisioned users by enterprise (`SP1+acme`), None
    /// where that was never copied.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the database cannot be read.
    pub async fn get(
        &self,
        organisation: &str,
        activated: Option<&HashMap<String, u32>>,
    ) -> Result<DirectorySync> {
        let inner = &self.inner;
        let stored = organisations::get(&inner.db, &inner.vault, organisation).await?;
        let (met, ahead) = store::last_met(&inner.db, organisation).await?;
        let now = webex_now(inner.clock.now(), met, ahead);
        let (kept, copied, as_of) = store::all(&inner.db, organisation).await?;
        let requests = requests::of(&inner.db, organisation, past(now)).await?;
        Ok(DirectorySync {
            availability: availability::availability(&stored, &copied),
            organisation: stored.id,
            enterprises: kept
                .into_iter()
                .map(|kept| shown(kept, &requests, activated, now))
                .collect(),
            as_of,
            clock_ahead_seconds: i32::try_from(ahead).unwrap_or(if ahead < 0 { i32::MIN } else { i32::MAX }),
        })
    }

    /// Asks Webex for the enterprises and where they stand. That Webex refuses is kept and shown.
    ///
    /// # Errors
    /// What keeps Webex from being asked, or its answer from being read; what was known stays.
    pub async fn refresh(&self, organisation: &str) -> Result<()> {
        let inner = &self.inner;
        let stored = self.able(organisation, availability::READ).await?;
        let webex = self.webex(&stored.id).await?;
        read::all(&inner.db, inner.clock.as_ref(), &webex, &stored.id, &stored.name).await?;
        // Whoever follows one of them need not wait to see the same.
        for followed in lock(&inner.followed).values() {
            if followed.organisation == organisation {
                followed.look.notify_waiters();
            }
        }
        Ok(())
    }

    /// Switches synchronisation on for an enterprise at Webex.
    ///
    /// # Errors
    /// [`Error::NotFound`]; what keeps Webex from being asked; its refusal.
    pub async fn enable(&self, organisation: &str, enterprise: &str) -> Result<()> {
        let inner = &self.inner;
        let stored = self.able(organisation, availability::WRITE).await?;
        let kept = self.known(organisation, enterprise).await?;
        let webex = self.webex(&stored.id).await?;
        let open = transactions::open(
            &inner.db,
            Arc::clone(&inner.clock),
            Opening {
                kind: TransactionKind::DirectorySync,
                title: format!("Directory sync of {} switched on", kept.sp_enterprise_id),
                organisation: Some(stored.id.clone()),
                organisation_name: Some(stored.name.clone()),
                who: inner.who.clone(),
                steps: Vec::new(),
            },
        )
        .await?;
        let done = self.switch_on(&stored, &kept, &webex).await;
        let (outcome, tracking) = match done {
            Ok(tracking) => (Ok(()), tracking),
            Err(error) => {
                let failure = failure(&error);
                let tracking = failure.tracking_id.clone();
                open.close(Err(&failure), &Vec::from_iter(tracking)).await?;
                return Err(error);
            }
        };
        open.close(outcome, &Vec::from_iter(tracking)).await
    }

    async fn switch_on(&self, stored: &Organisation, kept: &Kept, webex: &Webex) -> Result<Option<String>> {
        let inner = &self.inner;
        let mut write = inner.db.write().await?;
        let observed = store::observe(write.connection(), &stored.id).await?;
        let detail = serde_json::json!({ "enterprise": kept.sp_enterprise_id, "id": kept.id });
        audit::append(
            &mut write,
            inner.clock.as_ref(),
            &self.context(&stored.id),
            "directory_sync_enabled",
            &detail,
        )
        .await?;
        write.commit().await?;
        let answer = webex
            .enable_directory_sync(&kept.id, true)
            .await
            .map_err(Error::webex(format!(
                "switch directory sync on for {}",
                kept.sp_enterprise_id
            )))?;
        let switched = Kept {
            enabled: answer.sync.enable_dir_sync.unwrap_or(true),
            ..kept.clone()
        };
        let mut write = inner.db.write().await?;
        store::put(write.connection(), &stored.id, observed, &switched).await?;
        write.touch(Topic::DirectorySync);
        write.commit().await?;
        // The answer tells no more than the word of the state.
        if let Look::Trouble(error) =
            read::one(&inner.db, inner.clock.as_ref(), webex, &stored.id, &switched).await?
        {
            tracing::info!(%error, "an enterprise could not be read after it was switched on");
        }
        Ok(answer.tracking_id)
    }

    fn context(&self, organisation: &str) -> audit::Context {
        audit::Context {
            who: self.inner.who.clone(),
            organisation: Some(organisation.to_owned()),
        }
    }

    /// The organisation, where it uses directory synchronisation and may do what `scope` stands for.
    async fn able(&self, organisation: &str, scope: &str) -> Result<Organisation> {
        let stored = organisations::get(&self.inner.db, &self.inner.vault, organisation).await?;
        if !stored.directory_sync_enabled {
            return Err(Error::conflict(format!(
                "{} is not registered with directory synchronisation. Switch on \"Directory synchronisation enabled\" among its \
                 fields under Organisations, then connect it again.",
                stored.name
            )));
        }
        let refused = stored
            .permissions
            .iter()
            .find(|permission| permission.scope == scope && permission.granted == Some(false));
        if let Some(permission) = refused {
            return Err(Error::ConsentNeeded {
                reason: format!("The permission \"{}\" was not granted.", permission.label),
                organisation: stored.name,
            });
        }
        Ok(stored)
    }

    /// An enterprise as it was read last, by its id.
    async fn known(&self, organisation: &str, enterprise: &str) -> Result<Kept> {
        let key = mirror::snapshot::id_key(enterprise);
        let (kept, _, _) = store::all(&self.inner.db, organisation).await?;
        kept.into_iter()
            .find(|kept| kept.key == key)
            .ok_or_else(|| Error::NotFound {
                what: "enterprise",
                id: enterprise.to_owned(),
            })
    }

    /// The client, for somebody at the screen.
    async fn webex(&self, organisation: &str) -> Result<Webex> {
        let webex = self.inner.clients.webex_for(organisation).await?;
        Ok(webex.with_priority(Priority::Person))
    }

    /// Webex's clock now.
    async fn now(&self, organisation: &str) -> Result<Timestamp> {
        let (met, ahead) = store::last_met(&self.inner.db, organisation).await?;
        Ok(webex_now(self.inner.clock.now(), met, ahead))
    }

    /// Stops what is under way for an organisation that is about to be deleted. Nothing begins while the answer lives.
    pub async fn stop(&self, organisation: &str) -> tokio::sync::MutexGuard<'_, ()> {
        let turn = self.inner.turn.lock().await;
        self.end_all(Some(organisation), TransactionState::Cancelled)
            .await;
        turn
    }

    /// Whether another Patchbay on this data folder follows synchronisations of the organisation.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_elsewhere(&self, organisation: &str) -> Result<bool> {
        let inner = &self.inner;
        let following = requests::following(&inner.db, Some(organisation)).await?;
        Ok(following.iter().any(|transaction| {
            !lock(&inner.followed).contains_key(transaction)
                && ProcessLock::is_taken(&inner.folder, &lock_name(transaction))
        }))
    }

    /// Leaves everything that is followed; the next Patchbay takes it up. The transactions are interrupted.
    pub async fn close(&self) {
        let _turn = self.inner.turn.lock().await;
        self.end_all(None, TransactionState::Interrupted).await;
    }

    async fn end_all(&self, organisation: Option<&str>, state: TransactionState) {
        let ended: Vec<(String, Followed)> = lock(&self.inner.followed)
            .extract_if(|_, followed| organisation.is_none_or(|only| followed.organisation == only))
            .collect();
        for (transaction, followed) in ended {
            followed.task.abort();
            // Ends with the abort, unless it has ended already.
            if followed.task.await.is_err()
                && let Err(error) = self.leave(&transaction, state).await
            {
                tracing::warn!(transaction, ?error, "what is under way could not be left");
            }
        }
    }

    /// Nobody follows the requests of this transaction any more.
    async fn leave_requests(&self, transaction: &str) -> Result<()> {
        let mut write = self.inner.db.write().await?;
        requests::leave(write.connection(), Some(transaction)).await?;
        write.touch(Topic::DirectorySync);
        write.commit().await?;
        Ok(())
    }

    async fn leave(&self, transaction: &str, state: TransactionState) -> Result<()> {
        let inner = &self.inner;
        self.leave_requests(transaction).await?;
        ProcessLock::remove(&inner.folder, &lock_name(transaction));
        // Whoever followed may have closed it a moment ago.
        let found = transactions::get(&inner.db, transaction).await?;
        if found.state != TransactionState::Running {
            return Ok(());
        }
        transactions::Open::again(&inner.db, Arc::clone(&inner.clock), transaction.to_owned())
            .close_as(state, None, &[])
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_of_webex_is_reckoned_and_never_goes_back() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let here = at("2026-10-25T00:30:00Z");
        assert_eq!(webex_now(here, None, 0), here);
        assert_eq!(webex_now(here, None, 3 * 3600), at("2026-10-25T03:30:00Z"));
        assert_eq!(
            webex_now(here, Some(at("2026-10-24T00:00:00Z")), -3600),
            at("2026-10-24T23:30:00Z")
        );
        // This computer's clock was set back by days since they met.
        let met = at("2026-10-28T00:00:00Z");
        assert_eq!(webex_now(here, Some(met), 0), met);
        assert_eq!(webex_now(Timestamp::MAX, None, i64::MAX), Timestamp::MAX);
    }
}
