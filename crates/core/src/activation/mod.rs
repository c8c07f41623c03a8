//! How far each licensed user of an organisation is with Webex (product A1 to A6).
//!
//! Invariants: readers see one complete copy or none, and what one user has become since; a copy that is cut off changes nothing
//! they see; states nobody knows are kept and shown; SQLite is the truth, and what is asked of 100,000 users is answered by an
//! index in memory that follows it.

mod availability;
mod copy;
mod export;
mod index;
mod joining;
mod joins;
mod kept;
mod mails;
pub mod model;
mod progress;
mod refresh;
mod row;
mod states;
mod store;

pub use availability::source_of;
pub use copy::{Lists, STEP as COPY_STEP, copy};
pub use model::*;
pub use refresh::Refreshed;
pub use states::label;

use crate::clock::{Clock, Pauses};
use crate::consent::Clients;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::events::Topic;
use crate::mirror;
use crate::organisations::{self, Organisation};
use crate::secrets::Vault;
use crate::transactions::{Stopped, TransactionKind, UnderWay};
use jiff::Timestamp;
use kept::{Indexes, Looking};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Users in one answer.
const WINDOW: u32 = 1_000;

/// The activation of the organisations of a running Patchbay. Cheap to clone; clones are the same.
#[derive(Clone)]
pub struct Activation {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    vault: Vault,
    clients: Clients,
    who: String,
    pauses: Pauses,
    indexes: Indexes,
    refreshes: UnderWay,
    mails: UnderWay,
    /// Organisations of which users were refreshed since their day was counted.
    uncounted: Mutex<HashSet<String>>,
}

impl Inner {
    fn uncounted(&self) -> MutexGuard<'_, HashSet<String>> {
        self.uncounted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes away what copies have left that were cut off: for a Patchbay that is alone on its data folder.
///
/// # Errors
/// When the database cannot be written.
pub async fn sweep(db: &Db) -> Result<()> {
    let mut write = db.write().await?;
    store::sweep(write.connection()).await?;
    write.commit().await?;
    Ok(())
}

/// Whether the grant may read what tells the states.
///
/// # Errors
/// [`Error::ConsentNeeded`] where it certainly may not.
pub fn may_read(organisation: &Organisation) -> Result<()> {
    allowed(organisation, availability::read_scope(source_of(organisation)))
}

fn allowed(organisation: &Organisation, scope: &str) -> Result<()> {
    match availability::refused_permission(organisation, scope) {
        None => Ok(()),
        Some(permission) => Err(Error::ConsentNeeded {
            organisation: organisation.name.clone(),
            reason: format!("The permission \"{}\" was not granted.", permission.label),
        }),
    }
}

impl Activation {
    /// Nothing is under way.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        vault: Vault,
        clients: Clients,
        who: String,
        pauses: Pauses,
    ) -> Self {
        let under_way =
            |sort, kinds| UnderWay::new(db.clone(), Arc::clone(&clock), sort, kinds, &[Topic::Activation]);
        let inner = Inner {
            refreshes: under_way("activation-refresh", &[TransactionKind::ActivationRefresh]),
            mails: under_way("activation-mails", &[TransactionKind::ActivationMails]),
            indexes: Indexes::new(db.clone()),
            uncounted: Mutex::default(),
            pauses,
            db,
            clock,
            vault,
            clients,
            who,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    async fn organisation(&self, id: &str) -> Result<Organisation> {
        organisations::get(&self.inner.db, &self.inner.vault, id).await
    }

    /// Where the activation of an organisation stands. `syncing` is known by whoever runs the syncs.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the database cannot be read.
    pub async fn status(&self, organisation: &str, syncing: Option<String>) -> Result<ActivationStatus> {
        let inner = &self.inner;
        let stored = self.organisation(organisation).await?;
        let copy = store::copy(&inner.db, organisation).await?;
        let parts = mirror::status(&inner.db, organisation, None).await?.parts;
        let now = inner.clock.now();
        let mut status = ActivationStatus {
            organisation: organisation.to_owned(),
            availability: ActivationAvailability::NotCopied,
            as_of: copy.as_ref().and_then(|copy| copy.as_of.clone()),
            total: 0,
            states: Vec::new(),
            not_begun: 0,
            stuck: 0,
            choices: ActivationChoices::default(),
            syncing,
            refreshing: inner.refreshes.current(organisation),
        };
        match &copy {
            Some(known) => {
                let mut looking = inner.indexes.look(organisation, known).await?;
                if let Some(kept) = looking.kept() {
                    let index = &kept.index;
                    status.total = index.count();
                    status.states = index.states();
                    status.not_begun = index.not_begun();
                    status.stuck = index.stuck(now);
                    status.choices = index.choices();
                }
            }
            None => status.states = index::no_states(),
        }
        status.availability = availability::availability(&stored, &parts, copy.as_ref(), status.total);
        Ok(status)
    }

    /// A window of the users that a view shows, at most 1,000.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the database cannot be read.
    pub async fn users(
        &self,
        organisation: &str,
        view: &ActivationView,
        offset: u32,
        limit: u32,
    ) -> Result<ActivationWindow> {
        let nobody = ActivationWindow {
            total: 0,
            users: Vec::new(),
        };
        let Some((mut looking, now)) = self.looking(organisation).await? else {
            return Ok(nobody);
        };
        let Some(kept) = looking.kept() else {
            return Ok(nobody);
        };
        let rows = kept.view(view, now);
        let users = rows
            .iter()
            .skip(offset as usize)
            .take(limit.min(WINDOW) as usize)
            .map(|row| kept.index.user(*row, now))
            .collect();
        Ok(ActivationWindow {
            total: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            users,
        })
    }

    /// The users as they are now, and now; None where nothing was copied. An organisation that is not there is an error.
    async fn looking(&self, organisation: &str) -> Result<Option<(Looking, Timestamp)>> {
        let inner = &self.inner;
        let Some(copy) = store::copy(&inner.db, organisation).await? else {
            self.organisation(organisation).await?;
            return Ok(None);
        };
        let looking = inner.indexes.look(organisation, &copy).await?;
        Ok(Some((looking, inner.clock.now())))
    }

    /// One user, as copied last.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the database cannot be read.
    pub async fn user(&self, organisation: &str, key: &str) -> Result<ActivationUser> {
        let unknown = || Error::NotFound {
            what: "licensed user",
            id: key.to_owned(),
        };
        let (mut looking, now) = self.looking(organisation).await?.ok_or_else(unknown)?;
        let kept = looking.kept().ok_or_else(unknown)?;
        let row = kept.index.find(key).ok_or_else(unknown)?;
        Ok(kept.index.user(row, now))
    }

    /// How many users of each enterprise are provisioned, by service provider and enterprise; those without one are left out.
    /// None where no subscribers of BroadWorks were copied: nobody else has an enterprise.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the database cannot be read.
    pub async fn provisioned(&self, organisation: &str) -> Result<Option<HashMap<String, u32>>> {
        let copy = store::copy(&self.inner.db, organisation).await?;
        if copy.is_some_and(|copy| copy.source != ActivationSource::Broadworks) {
            return Ok(None);
        }
        let looking = self.looking(organisation).await?;
        Ok(looking.and_then(|(mut looking, _)| looking.kept().map(|kept| kept.index.provisioned())))
    }

    /// Bytes that the users of an organisation take in memory, about.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the database cannot be read.
    pub async fn memory(&self, organisation: &str) -> Result<usize> {
        let looking = self.looking(organisation).await?;
        Ok(looking
            .and_then(|(mut looking, _)| looking.kept().map(|kept| kept.index.memory()))
            .unwrap_or_default())
    }

    /// Whether another Patchbay on the data folder refreshes users of the organisation or has mails sent to them.
    pub fn is_elsewhere(&self, organisation: &str) -> bool {
        self.inner.refreshes.is_elsewhere(organisation) || self.inner.mails.is_elsewhere(organisation)
    }

    /// Stops what is under way for an organisation that is about to be deleted. Nothing begins while the answer lives.
    ///
    /// # Errors
    /// [`Error::Conflict`] where another Patchbay is at it.
    pub async fn stop(&self, organisation: &str, called: &str) -> Result<Vec<Stopped<'_>>> {
        let stopped = vec![
            self.inner.refreshes.stop(organisation, called).await?,
            self.inner.mails.stop(organisation, called).await?,
        ];
        self.inner.indexes.forget(organisation);
        self.inner.uncounted().remove(organisation);
        Ok(stopped)
    }

    /// Ends what is under way here, as Patchbay is ending: each transaction is interrupted.
    pub async fn close(&self) {
        self.inner.refreshes.close().await;
        self.inner.mails.close().await;
        let uncounted: Vec<String> = self.inner.uncounted().iter().cloned().collect();
        for organisation in uncounted {
            if let Err(error) = self.inner.count_day(&organisation).await {
                tracing::warn!(%error, organisation, "the day could not be counted");
            }
        }
    }

    /// The counts of the last days, today being one; from 1 to 400.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for another number of days.
    pub async fn history(&self, organisation: &str, days: u32) -> Result<Vec<ActivationDay>> {
        if !(1..=400).contains(&days) {
            return Err(Error::invalid(
                "days",
                format!("{days} is no number of days. Ask for 1 to 400."),
            ));
        }
        self.organisation(organisation).await?;
        let back = jiff::SignedDuration::from_hours(24 * (i64::from(days) - 1));
        let first = self.inner.clock.now().saturating_sub(back);
        let first = first.unwrap_or(jiff::Timestamp::MIN);
        store::days(&self.inner.db, organisation, &copy::day(first)).await
    }
}
