//! Syncs of the mirror and what follows a first consent: at most one an organisation at a time on a data folder, each a
//! transaction.
//!
//! Invariants: a step that is done is not done again by a retry; what fails leaves the steps after it untouched; only a
//! deletion or Patchbay's end stops one half-way.

use jiff::Timestamp;
use patchbay_core::activation::ActivationSource;
use patchbay_core::clock::Clock;
use patchbay_core::consent::Clients;
use patchbay_core::db::Db;
use patchbay_core::events::Topic;
use patchbay_core::mirror::{self, MirrorKind};
use patchbay_core::organisations::Organisation;
use patchbay_core::secrets::Vault;
use patchbay_core::transactions::{
    self, Joined, Opening, Place, Stopped, Transaction, TransactionKind, TransactionState, Turn, UnderWay,
};
use patchbay_core::{Error, Failure, Result, activation, directory_sync, organisations, wholesale};
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Clone)]
pub(crate) struct Syncs {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    vault: Vault,
    clients: Clients,
    who: String,
    under_way: UnderWay,
}

impl Syncs {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, vault: Vault, clients: Clients, who: String) -> Self {
        let under_way = UnderWay::new(
            db.clone(),
            Arc::clone(&clock),
            "sync",
            &[
                TransactionKind::MirrorSync,
                TransactionKind::Onboarding,
                TransactionKind::ActivationSync,
            ],
            &[Topic::Mirror, Topic::Activation, Topic::DirectorySync],
        );
        let inner = Inner {
            db,
            clock,
            vault,
            clients,
            who,
            under_way,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// The transaction of the sync that is under way.
    pub(crate) fn current(&self, organisation: &str) -> Option<String> {
        self.inner.under_way.current(organisation)
    }

    /// Whether another Patchbay on the data folder is at it.
    pub(crate) fn is_elsewhere(&self, organisation: &str) -> bool {
        self.inner.under_way.is_elsewhere(organisation)
    }

    /// Begins a sync, or joins one under way that copies as much; its transaction.
    pub(crate) async fn begin(&self, organisation: &str) -> Result<Joined> {
        self.begin_as(organisation, TransactionKind::MirrorSync).await
    }

    /// Begins what follows a first consent (product O8), or joins what is under way; its transaction. Without "sync on
    /// create" only the id is resolved.
    pub(crate) async fn onboard(&self, organisation: &str) -> Result<Joined> {
        self.begin_as(organisation, TransactionKind::Onboarding).await
    }

    /// Begins a copy of how far licensed users are, or joins the sync under way; its transaction.
    pub(crate) async fn begin_activation(&self, organisation: &str) -> Result<Joined> {
        self.begin_as(organisation, TransactionKind::ActivationSync).await
    }

    async fn begin_as(&self, organisation: &str, kind: TransactionKind) -> Result<Joined> {
        let stored = organisations::get(&self.inner.db, &self.inner.vault, organisation).await?;
        let (title, parts) = match kind {
            TransactionKind::Onboarding if !stored.sync_on_create => ("Onboarding", vec![Part::Identity]),
            TransactionKind::Onboarding => (
                "Onboarding",
                std::iter::once(Part::Identity)
                    .chain(FIRST_COPY.map(Part::Copy))
                    .chain(CUSTOMERS.into_iter().filter(|_| stored.wholesale))
                    .chain(activation_parts(&stored))
                    .collect(),
            ),
            TransactionKind::ActivationSync => {
                activation::may_read(&stored)?;
                let people = self.people_parts(&stored).await?;
                let parts = people.into_iter().map(Part::Copy);
                (
                    "Copy of the activation",
                    parts.chain(activation_parts(&stored)).collect(),
                )
            }
            _ => (
                "Sync",
                MirrorKind::ALL
                    .map(Part::Copy)
                    .into_iter()
                    .chain(activation_parts(&stored))
                    .collect(),
            ),
        };
        let place = loop {
            let joined = match self.inner.under_way.turn(organisation, &stored.name).await? {
                Turn::Free(place) => break place,
                Turn::Taken(joined) => joined,
            };
            let steps = transactions::step_names(&self.inner.db, &joined.transaction).await?;
            if kind == TransactionKind::Onboarding || parts.iter().all(|part| steps.contains(&part.title())) {
                return Ok(joined);
            }
            let other = transactions::get(&self.inner.db, &joined.transaction).await?;
            // To resolve the id alone takes a moment, to copy all users may take long.
            if other.kind != TransactionKind::Onboarding {
                return Err(Error::conflict(format!(
                    "{} cannot be synced as a whole now: \"{}\" is under way and copies only a part of it. Sync it again when that \
                     is done.",
                    stored.name, other.title
                )));
            }
            self.wait(organisation).await;
        };
        // What keeps it from starting is said at once, not by a failed transaction.
        self.inner.clients.webex_for(organisation).await?;
        let began = self.inner.clock.now();
        let open = transactions::open(
            &self.inner.db,
            Arc::clone(&self.inner.clock),
            Opening {
                kind,
                title: format!("{title} of {}", stored.name),
                organisation: Some(stored.id.clone()),
                organisation_name: Some(stored.name.clone()),
                who: self.inner.who.clone(),
                steps: parts.iter().map(|part| part.title()).collect(),
            },
        )
        .await?;
        let steps = parts.into_iter().map(|part| (part, false)).collect();
        Ok(Joined::begun(self.launch(place, stored, open, steps, began)))
    }

    /// What is copied before the activation where people tell the states: they are read again, and the names that their columns
    /// show are read where they never were.
    async fn people_parts(&self, stored: &Organisation) -> Result<Vec<MirrorKind>> {
        if activation::source_of(stored) != ActivationSource::People {
            return Ok(Vec::new());
        }
        let known = mirror::status(&self.inner.db, &stored.id, None).await?.parts;
        let copied = |kind| known.iter().any(|part| part.kind == kind && part.as_of.is_some());
        Ok([MirrorKind::Licences, MirrorKind::Locations]
            .into_iter()
            .filter(|kind| !copied(*kind))
            .chain([MirrorKind::People])
            .collect())
    }

    /// Tries the failed step of a transaction again and goes on from there, in the same transaction.
    pub(crate) async fn retry(&self, transaction: &str) -> Result<String> {
        let found = transactions::get(&self.inner.db, transaction).await?;
        let mut place = None;
        if let (Some(organisation), true) = (&found.organisation, found.retryable) {
            let called = found.organisation_name.as_deref().unwrap_or(organisation);
            match self.inner.under_way.turn(organisation, called).await? {
                Turn::Free(free) => place = Some(free),
                Turn::Taken(joined) if joined.transaction != transaction => {
                    return Err(Error::conflict(format!(
                        "\"{}\" cannot be tried again now: the organisation is being copied already. Wait until that is done.",
                        found.title
                    )));
                }
                // Refused below, since it runs.
                Turn::Taken(_) => {}
            }
            self.inner.clients.webex_for(organisation).await?;
        }
        let reopened =
            transactions::reopen(&self.inner.db, Arc::clone(&self.inner.clock), transaction).await?;
        let prepared = match place {
            Some(place) => self
                .prepare_retry(&found, &reopened.steps)
                .await
                .map(|prepared| (place, prepared)),
            // It ended between two looks.
            None => Err(Error::conflict(format!(
                "\"{}\" has just ended. Try it again.",
                found.title
            ))),
        };
        match prepared {
            Ok((place, (stored, steps, began))) => {
                Ok(self.launch(place, stored, reopened.open, steps, began))
            }
            Err(error) => {
                reopened.open.close(Err(&error.failure()), &[]).await?;
                Err(error)
            }
        }
    }

    async fn prepare_retry(
        &self,
        found: &Transaction,
        steps: &[(String, bool)],
    ) -> Result<(Organisation, Vec<(Part, bool)>, Timestamp)> {
        let organisation = found.organisation.as_deref().unwrap_or_default();
        let stored = organisations::get(&self.inner.db, &self.inner.vault, organisation).await?;
        let steps = steps
            .iter()
            .map(|(name, done)| {
                Part::named(name).map(|part| (part, *done)).ok_or_else(|| {
                    Error::conflict(format!(
                        "\"{}\" cannot be tried again: this Patchbay does not know its step \"{name}\". Sync the organisation \
                         instead.",
                        found.title
                    ))
                })
            })
            .collect::<Result<Vec<_>>>()?;
        // What was copied before the failure is as old as the transaction.
        let began = found
            .started_at
            .parse()
            .unwrap_or_else(|_| self.inner.clock.now());
        Ok((stored, steps, began))
    }

    /// Carries the steps out that are not done, in a task of its own. Dropped half-way it has changed nothing that anybody
    /// sees.
    fn launch(
        &self,
        place: Place<'_>,
        stored: Organisation,
        open: transactions::Open,
        steps: Vec<(Part, bool)>,
        began: Timestamp,
    ) -> String {
        let syncs = self.clone();
        let watched = open.clone();
        place.carry_out(open, async move {
            syncs.carry_out(&stored, &watched, &steps, began).await
        })
    }

    async fn carry_out(
        &self,
        stored: &Organisation,
        open: &transactions::Open,
        steps: &[(Part, bool)],
        began: Timestamp,
    ) -> std::result::Result<(), Failure> {
        // The copy of some parts alone is no sync of the organisation.
        let is_sync = MirrorKind::ALL
            .iter()
            .all(|kind| steps.iter().any(|(part, _)| *part == Part::Copy(*kind)));
        let last_copy = steps
            .iter()
            .rposition(|(part, _)| matches!(part, Part::Copy(_)))
            .filter(|_| is_sync);
        for (position, (part, done)) in steps.iter().enumerate() {
            if !*done {
                let carried_out = self.part(stored, open, *part, position).await;
                carried_out.map_err(|error| {
                    tracing::warn!(organisation = stored.name, ?part, ?error, "the sync failed");
                    match part {
                        Part::Customers | Part::CustomerNames => wholesale::failure(&error),
                        Part::DirectorySync => directory_sync::failure(&error),
                        Part::Identity | Part::Copy(_) | Part::Activation => error.failure(),
                    }
                })?;
            }
            // What follows may fail, and the mirror is whole all the same.
            if last_copy == Some(position) {
                self.note_sync(stored, began)
                    .await
                    .map_err(|error| error.failure())?;
            }
        }
        Ok(())
    }

    async fn note_sync(&self, stored: &Organisation, began: Timestamp) -> Result<()> {
        let mut write = self.inner.db.write().await?;
        organisations::synced(&mut write, &stored.id, began, self.inner.clock.now()).await?;
        write.commit().await?;
        Ok(())
    }

    async fn part(
        &self,
        stored: &Organisation,
        open: &transactions::Open,
        part: Part,
        position: usize,
    ) -> Result<()> {
        let webex = self.inner.clients.webex_for(&stored.id).await?;
        let (db, clock) = (&self.inner.db, self.inner.clock.as_ref());
        let internal_id = stored.internal_id.as_deref();
        match part {
            Part::Identity => mirror::confirm(&webex, &stored.name, internal_id, open, position).await,
            Part::Copy(kind) => {
                mirror::sync_watched(
                    db,
                    clock,
                    &webex,
                    &stored.id,
                    internal_id,
                    &[kind],
                    open,
                    position,
                )
                .await
            }
            Part::Activation => {
                let lists = activation::Lists::of(&webex, stored, self.customers(stored).await?);
                activation::copy(db, clock, lists, stored, open, position).await
            }
            Part::DirectorySync => directory_sync::copy(db, clock, &webex, stored, open, position).await,
            Part::Customers => {
                wholesale::sync(db, clock, &webex, &stored.id, &stored.name, open, position).await
            }
            // Done with the step before it; left alone only where that was done and Patchbay ended in between.
            Part::CustomerNames if self.customers_are_named(open, position).await? => Ok(()),
            Part::CustomerNames => {
                wholesale::sync(db, clock, &webex, &stored.id, &stored.name, open, position - 1).await
            }
        }
    }

    /// Names of wholesale customers by key.
    async fn customers(&self, stored: &Organisation) -> Result<HashMap<String, String>> {
        if !stored.wholesale {
            return Ok(HashMap::new());
        }
        wholesale::names(&self.inner.db, &stored.id).await
    }

    async fn customers_are_named(&self, open: &transactions::Open, position: usize) -> Result<bool> {
        let now = transactions::get(&self.inner.db, &open.id).await?;
        Ok(now
            .steps
            .get(position)
            .is_some_and(|step| step.state == TransactionState::Succeeded))
    }

    /// Ends what is under way, as Patchbay is ending: each transaction is interrupted and can be tried again.
    pub(crate) async fn close(&self) {
        self.inner.under_way.close().await;
    }

    /// Stops what is under way for an organisation that is about to be deleted. Nothing begins while the answer lives.
    pub(crate) async fn stop(&self, organisation: &str, called: &str) -> Result<Stopped<'_>> {
        self.inner.under_way.stop(organisation, called).await
    }

    /// Waits until no sync of the organisation is under way.
    pub(crate) async fn wait(&self, organisation: &str) {
        self.inner.under_way.wait(organisation).await;
    }
}

/// Parts of a first copy, in the order they are of use.
const FIRST_COPY: [MirrorKind; 5] = [
    MirrorKind::Roles,
    MirrorKind::Licences,
    MirrorKind::Locations,
    MirrorKind::People,
    MirrorKind::Numbers,
];

/// One step of what is carried out. Its title is how a later Patchbay finds out what the step was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Identity,
    Copy(MirrorKind),
    Customers,
    CustomerNames,
    /// How far licensed users are: after the parts it is joined with.
    Activation,
    /// Enterprises and how their directory synchronisation stands.
    DirectorySync,
}

/// What tells how far licensed users are.
fn activation_parts(stored: &Organisation) -> impl Iterator<Item = Part> {
    let enterprises = stored.directory_sync_enabled.then_some(Part::DirectorySync);
    std::iter::once(Part::Activation).chain(enterprises)
}

/// What follows for a wholesale organisation.
const CUSTOMERS: [Part; 2] = [Part::Customers, Part::CustomerNames];

const IDENTITY: &str = "Resolve the organisation's id";

impl Part {
    fn title(self) -> String {
        match self {
            Self::Identity => IDENTITY.to_owned(),
            Self::Copy(kind) => format!("Copy {}", kind.name()),
            Self::Customers => wholesale::COPY_STEPS[0].to_owned(),
            Self::CustomerNames => wholesale::COPY_STEPS[1].to_owned(),
            Self::Activation => activation::COPY_STEP.to_owned(),
            Self::DirectorySync => directory_sync::STEP.to_owned(),
        }
    }

    fn named(title: &str) -> Option<Self> {
        if title == IDENTITY {
            return Some(Self::Identity);
        }
        MirrorKind::ALL
            .map(Self::Copy)
            .into_iter()
            .chain(CUSTOMERS)
            .chain([Self::Activation, Self::DirectorySync])
            .find(|part| part.title() == title)
    }
}
