//! Asking for synchronisations, and taking up those that an ended Patchbay left.
//!
//! Whether it may be asked for is judged by what Webex tells at that moment, never by what was read before: a hold that is over
//! by Webex's clock keeps nobody waiting because this computer's is wrong.

use super::follow::{Member, Task};
use super::gate::{Asked, LONGEST, Told};
use super::read::{self, Look};
use super::store::requests::{self, Outcome, Request};
use super::store::{self, Kept};
use super::told::at;
use super::{DirectorySyncs, Followed, SyncGate, availability, lock as listed, lock_name, shown};
use crate::error::{Error, Result};
use crate::events::Topic;
use crate::ids;
use crate::mirror::snapshot::id_key;
use crate::organisations::Organisation;
use crate::process_lock::ProcessLock;
use crate::transactions::{self, Open, Opening, TransactionKind, TransactionState};
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::Notify;
use webex_client::Webex;

/// Enterprises looked at at once.
const AT_ONCE: usize = 4;

/// Requests with the enterprises they are about and their steps of the transaction.
type Members = Vec<(usize, Request, Kept)>;

impl DirectorySyncs {
    /// Asks Webex to synchronise enterprises, by their ids; the transaction, which follows them until all are over. `confirmed`:
    /// the person was asked where somebody else's synchronisation, or Webex's own, ended less than 24 hours ago.
    ///
    /// # Errors
    /// [`Error::Conflict`] that names each enterprise that cannot be asked for now and why; what keeps Webex from being asked.
    /// Nothing was sent then, for none of them.
    pub async fn begin(&self, organisation: &str, enterprises: &[String], confirmed: bool) -> Result<String> {
        let inner = &self.inner;
        let stored = self.able(organisation, availability::WRITE).await?;
        let chosen = self.chosen(organisation, enterprises).await?;
        let webex = self.webex(&stored.id).await?;
        // What is asked for already need not be looked at.
        self.refuse(organisation, &chosen, true, Only::Queued).await?;
        let chosen = self.look_at(&stored, &webex, chosen).await?;
        let _turn = inner.turn.lock().await;
        // It may be gone by now, or switched off.
        let stored = self.able(organisation, availability::WRITE).await?;
        self.refuse(organisation, &chosen, confirmed, Only::All).await?;

        let now = self.now(organisation).await?;
        let open = self
            .open(
                &stored,
                title(&stored, &chosen, ""),
                chosen
                    .iter()
                    .map(|kept| format!("Synchronise {}", kept.sp_enterprise_id))
                    .collect(),
            )
            .await?;
        let requests: Vec<Request> = chosen
            .iter()
            .map(|kept| self.request(organisation, kept, &open, now))
            .collect();
        let lock = match self.note_all(&open, &requests, &chosen, now).await {
            Ok(lock) => lock,
            Err(refusal) => {
                // That another process was quicker is no failure.
                let state = match &refusal {
                    Error::Conflict { .. } => TransactionState::Cancelled,
                    _ => TransactionState::Failed,
                };
                close_unbegun(&open, state, &refusal).await;
                return Err(refusal);
            }
        };
        let transaction = open.id.clone();
        let members = requests
            .into_iter()
            .zip(chosen)
            .enumerate()
            .map(|(step, (request, kept))| (step, request, kept))
            .collect();
        self.spawn(&stored, &webex, open, lock, members, Task::Ask);
        Ok(transaction)
    }

    /// Notes requests that are about to be made, all or none, and that this process follows them.
    async fn note_all(
        &self,
        open: &Open,
        requests: &[Request],
        chosen: &[Kept],
        now: Timestamp,
    ) -> Result<ProcessLock> {
        let lock = self.lock(&open.id)?;
        let mut write = self.inner.db.write().await?;
        let expired = now.saturating_sub(LONGEST).unwrap_or(Timestamp::MIN);
        for (request, kept) in requests.iter().zip(chosen) {
            if !requests::begin(write.connection(), request, expired).await? {
                return Err(Error::conflict(format!(
                    "A synchronisation of {} has been asked for just now by another Patchbay on this data folder. Its transaction \
                     says how far it is. Nothing was sent.",
                    kept.sp_enterprise_id
                )));
            }
        }
        write.touch(Topic::DirectorySync);
        write.commit().await?;
        Ok(lock)
    }

    /// Says that this process follows what a transaction is about.
    fn lock(&self, transaction: &str) -> Result<ProcessLock> {
        let file = |source| Error::File {
            doing: "lock",
            path: self.inner.folder.clone(),
            source,
        };
        ProcessLock::take(&self.inner.folder, &lock_name(transaction))
            .map_err(file)?
            .ok_or_else(|| Error::conflict("Another Patchbay follows this synchronisation."))
    }

    fn request(&self, organisation: &str, kept: &Kept, open: &Open, now: Timestamp) -> Request {
        Request {
            id: ids::new_id(),
            organisation: organisation.to_owned(),
            enterprise: kept.key.clone(),
            who: self.inner.who.clone(),
            transaction: open.id.clone(),
            followed_by: Some(open.id.clone()),
            outcome: Outcome::Waiting,
            asked: Asked {
                at: now,
                open: true,
                refused: false,
                lost: false,
                sent_tracking_id: None,
                before: kept.told.clone().unwrap_or_else(|| Told::nothing(now)),
                started: None,
                tracking_id: None,
                ended: None,
            },
        }
    }

    /// The enterprises of these ids, each once.
    async fn chosen(&self, organisation: &str, enterprises: &[String]) -> Result<Vec<Kept>> {
        let mut keys: Vec<String> = Vec::new();
        for id in enterprises {
            let key = id_key(id);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        if keys.is_empty() {
            return Err(Error::invalid(
                "enterprises",
                "No enterprise was chosen. Choose at least one.",
            ));
        }
        let (mut all, _, _) = store::all(&self.inner.db, organisation).await?;
        all.retain(|kept| keys.contains(&kept.key));
        if all.len() < keys.len() {
            let missing = enterprises
                .iter()
                .find(|id| !all.iter().any(|kept| kept.key == id_key(id)));
            return Err(Error::NotFound {
                what: "enterprise",
                id: missing.cloned().unwrap_or_default(),
            });
        }
        Ok(all)
    }

    /// Where they stand at this moment.
    async fn look_at(&self, stored: &Organisation, webex: &Webex, chosen: Vec<Kept>) -> Result<Vec<Kept>> {
        let looks = futures::stream::iter(chosen).map(async |kept| {
            let name = &kept.sp_enterprise_id;
            let (db, clock) = (&self.inner.db, self.inner.clock.as_ref());
            match read::one(db, clock, webex, &stored.id, &kept).await? {
                Look::There(kept) => Ok(*kept),
                Look::Gone => Err(Error::NotFound {
                    what: "enterprise",
                    id: format!("{name} at Webex any more"),
                }),
                Look::Trouble(error) => Err(Error::webex(format!(
                    "read how the directory sync of {name} stands, so nothing was sent"
                ))(error)),
            }
        });
        looks.buffered(AT_ONCE).try_collect().await
    }

    /// Refuses where the gate of one is not open, with all of them and why.
    async fn refuse(&self, organisation: &str, chosen: &[Kept], confirmed: bool, only: Only) -> Result<()> {
        let now = self.now(organisation).await?;
        let requests = requests::of(&self.inner.db, organisation, super::past(now)).await?;
        let reasons: Vec<String> = chosen
            .iter()
            .filter_map(|kept| {
                let gate = shown(kept.clone(), &requests, None, now).gate;
                let counts = only == Only::All || matches!(gate, SyncGate::Queued { .. });
                counts
                    .then(|| refusal(&kept.sp_enterprise_id, &gate, confirmed))
                    .flatten()
            })
            .collect();
        if reasons.is_empty() {
            return Ok(());
        }
        Err(Error::conflict(format!(
            "{} Nothing was sent.",
            reasons.join(" ")
        )))
    }

    async fn open(&self, stored: &Organisation, title: String, steps: Vec<String>) -> Result<Open> {
        let opening = Opening {
            kind: TransactionKind::DirectorySync,
            title,
            organisation: Some(stored.id.clone()),
            organisation_name: Some(stored.name.clone()),
            who: self.inner.who.clone(),
            steps,
        };
        transactions::open(&self.inner.db, Arc::clone(&self.inner.clock), opening).await
    }

    /// Follows the requests that an ended Patchbay left, of one organisation or of all. Those whose organisation cannot be
    /// asked now are left for the next time.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn take_up(&self, organisation: Option<&str>) -> Result<()> {
        // What is followed by a process that has ended is followed by nobody.
        for transaction in requests::following(&self.inner.db, organisation).await? {
            if !ProcessLock::is_taken(&self.inner.folder, &lock_name(&transaction)) {
                self.leave(&transaction, TransactionState::Interrupted).await?;
            }
        }
        if requests::left(&self.inner.db, organisation).await?.is_empty() {
            return Ok(());
        }
        let _turn = self.inner.turn.lock().await;
        let mut left = requests::left(&self.inner.db, organisation).await?;
        while let Some(first) = left.first() {
            let organisation = first.organisation.clone();
            let (of_it, others): (Vec<_>, Vec<_>) = left
                .into_iter()
                .partition(|request| request.organisation == organisation);
            left = others;
            self.take_up_of(&organisation, of_it).await?;
        }
        Ok(())
    }

    async fn take_up_of(&self, organisation: &str, left: Vec<Request>) -> Result<()> {
        let inner = &self.inner;
        let able = async {
            let stored = self.able(organisation, availability::READ).await?;
            let webex = self.webex(&stored.id).await?;
            Ok::<_, Error>((stored, webex))
        };
        let (stored, webex) = match able.await {
            Ok(able) => able,
            Err(error) => {
                tracing::info!(organisation, %error, "a synchronisation cannot be followed now");
                return Ok(());
            }
        };
        let (kept, _, _) = store::all(&inner.db, organisation).await?;
        let (mut members, mut gone) = (Vec::new(), Vec::new());
        for request in left {
            match kept.iter().find(|kept| kept.key == request.enterprise) {
                Some(kept) => members.push((members.len(), request, kept.clone())),
                None => gone.push(request),
            }
        }
        let mut write = inner.db.write().await?;
        for mut request in gone {
            // Webex has the enterprise no more: nothing is left to ask by.
            request.stands(Outcome::Lost);
            requests::put(write.connection(), &request).await?;
        }
        write.commit().await?;
        if members.is_empty() {
            return Ok(());
        }
        let chosen: Vec<Kept> = members.iter().map(|(_, _, kept)| kept.clone()).collect();
        let open = self
            .open(
                &stored,
                title(&stored, &chosen, ", followed after a restart"),
                chosen
                    .iter()
                    .map(|kept| format!("Follow {}", kept.sp_enterprise_id))
                    .collect(),
            )
            .await?;
        match self.take(&open, members).await {
            Ok(Some((lock, taken))) => self.spawn(&stored, &webex, open, lock, taken, Task::GoOn),
            Ok(None) => {
                let taken = Error::conflict("Another Patchbay follows these synchronisations.");
                close_unbegun(&open, TransactionState::Cancelled, &taken).await;
            }
            Err(error) => {
                close_unbegun(&open, TransactionState::Failed, &error).await;
                return Err(error);
            }
        }
        Ok(())
    }

    /// Takes up what another process has not taken up meanwhile; None where nothing is left.
    async fn take(&self, open: &Open, members: Members) -> Result<Option<(ProcessLock, Members)>> {
        let lock = self.lock(&open.id)?;
        let mut write = self.inner.db.write().await?;
        let mut taken = Vec::new();
        for (step, mut request, kept) in members {
            if requests::take(write.connection(), &request.id, &open.id).await? {
                request.transaction.clone_from(&open.id);
                request.followed_by = Some(open.id.clone());
                taken.push((step, request, kept));
            }
        }
        if taken.is_empty() {
            return Ok(None);
        }
        write.touch(Topic::DirectorySync);
        write.commit().await?;
        Ok(Some((lock, taken)))
    }

    fn spawn(
        &self,
        stored: &Organisation,
        webex: &Webex,
        open: Open,
        lock: ProcessLock,
        members: Members,
        task: Task,
    ) {
        let transaction = open.id.clone();
        let look = Arc::new(Notify::new());
        let many = members.len();
        let members: Vec<Member> = members
            .into_iter()
            .map(|(step, request, kept)| Member {
                syncs: self.clone(),
                webex: webex.clone(),
                open: open.clone(),
                organisation: stored.id.clone(),
                step,
                many,
                request,
                kept,
                look: Arc::clone(&look),
                tracking: Vec::new(),
            })
            .collect();
        let syncs = self.clone();
        let id = transaction.clone();
        // Held until the task is listed, so that it cannot end before.
        let mut followed = listed(&self.inner.followed);
        let handle = tokio::spawn(async move {
            let work = super::follow::all(&open, members, task);
            if AssertUnwindSafe(work).catch_unwind().await.is_err() {
                let fell_over = Error::Ended {
                    what: "following the directory sync",
                };
                close_unbegun(&open, TransactionState::Failed, &fell_over).await;
            }
            // Whatever happened: what is open still is taken up when somebody looks.
            if let Err(error) = syncs.leave_requests(&id).await {
                tracing::warn!(transaction = id, ?error, "what is under way could not be left");
            }
            listed(&syncs.inner.followed).remove(&id);
            drop(lock);
            ProcessLock::remove(&syncs.inner.folder, &lock_name(&id));
            syncs
                .inner
                .db
                .events()
                .publish([Topic::DirectorySync, Topic::Transactions]);
        });
        followed.insert(
            transaction,
            Followed {
                organisation: stored.id.clone(),
                look,
                task: handle,
            },
        );
    }
}

/// Which gates refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Only {
    Queued,
    All,
}

/// Closes a transaction that came to nothing.
async fn close_unbegun(open: &Open, state: TransactionState, why: &Error) {
    if let Err(error) = open.close_as(state, Some(&why.failure()), &[]).await {
        tracing::error!(?error, "the transaction of a directory sync could not be closed");
    }
}

fn title(stored: &Organisation, chosen: &[Kept], addition: &str) -> String {
    match chosen {
        [one] => format!("Directory sync of {}{addition}", one.sp_enterprise_id),
        several => format!(
            "Directory sync of {} enterprises of {}{addition}",
            several.len(),
            stored.name
        ),
    }
}

/// Why it cannot be asked for now, in whole sentences; None where it can.
fn refusal(name: &str, gate: &SyncGate, confirmed: bool) -> Option<String> {
    let words = |time: &str| time.parse::<Timestamp>().map_or_else(|_| time.to_owned(), at);
    match gate {
        SyncGate::Open => None,
        SyncGate::Ask { .. } if confirmed => None,
        SyncGate::Ask {
            asked_at: Some(asked_at),
            ..
        } => Some(format!(
            "A synchronisation of {name} was asked for at {}, and whether Webex still carries it out is not known. Confirm that it \
             is to be asked for again all the same.",
            words(asked_at)
        )),
        SyncGate::Ask { ended_at, .. } => Some(format!(
            "A synchronisation of {name} that this desktop did not ask for ended{}: another administrator's, or Webex's own. \
             Confirm that it is to be synchronised again all the same.",
            ended_at
                .as_deref()
                .map_or_else(String::new, |time| format!(" at {}", words(time)))
        )),
        SyncGate::Queued { asked_at } => Some(format!(
            "A synchronisation of {name} was asked for at {} and is not over. Wait until it is; its transaction says how far it is.",
            words(asked_at)
        )),
        SyncGate::Running { ours: true, .. } => Some(format!(
            "Webex is synchronising {name} at this moment: this desktop asked for it, and no longer looks for its end by itself. Wait \
             until it is over."
        )),
        SyncGate::Running { .. } => Some(format!(
            "Webex is synchronising {name} at this moment; this desktop did not ask for it. Wait until it is over."
        )),
        SyncGate::Held { until, ended_at, .. } => Some(format!(
            "{name} was synchronised on request until {}, and can be synchronised again from {} on, by Webex's clock.",
            words(ended_at),
            words(until)
        )),
        SyncGate::SwitchedOff => Some(format!(
            "Directory sync is switched off for {name} at Webex. Switch it on first."
        )),
        SyncGate::Unknown => Some(format!(
            "Webex does not say how {name} stands. Refresh it, then try again."
        )),
    }
}
