//! The subscribers of a BroadWorks partner. Their enterprises are in [`super::directory_sync`].
//!
//! Invariants: list order is the order of creation; a deleted subscriber leaves a gap, so a cursor stays true while pages
//! are read. Time moves a subscriber on only through [`BroadWorks::settle`], which whoever looks at one calls first; what is
//! due is found in order of time, so that 100,000 of them cost nothing while nothing is due. Reference: section 6.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::directory_sync::Enterprises;
use super::wholesale::Remark;
use crate::clock::Clock;
use crate::ids;

/// Packages, as the contract lists them.
pub const PACKAGES: [&str; 4] = ["softphone", "basic", "standard", "premium"];

/// States, as the contract lists them.
pub const STATES: [&str; 7] = [
    "pending_email_input",
    "pending_email_validation",
    "pending_user_migration",
    "provisioning",
    "provisioned",
    "updating",
    "error",
];

/// How long a step takes of what was asked for by a request, when nobody says otherwise.
const STEP: Duration = Duration::from_secs(3);

/// Who a subscriber is on Webex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebexUser {
    /// A person of this organisation, by position.
    Person(usize),
    /// Somebody of another organisation.
    Elsewhere(Uuid),
}

/// How provisioning will end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fate {
    /// `provisioned`.
    #[default]
    Provisioned,
    /// `error`, with 10022.
    Error,
    /// Never.
    Never,
}

/// New values of a subscriber, told after `updating` has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// User id on BroadWorks.
    pub user_id: Arc<str>,
    /// First name.
    pub first_name: Arc<str>,
    /// Last name.
    pub last_name: Arc<str>,
    /// Primary number, as written.
    pub number: Option<Arc<str>>,
    /// Mobile number, as written.
    pub mobile: Option<Arc<str>>,
    /// Extension.
    pub extension: Option<Arc<str>>,
    /// Package.
    pub package: Arc<str>,
}

/// A subscriber.
#[derive(Debug, Clone)]
pub struct Subscriber {
    /// UUID inside the id.
    pub uuid: Uuid,
    /// What it is called and reached by.
    pub details: Details,
    /// E-mail; missing until it was entered.
    pub email: Option<Arc<str>>,
    /// Service provider and enterprise; may be missing.
    pub enterprise: Option<Arc<str>>,
    /// Who it is on Webex; told only when provisioned.
    pub webex_user: WebexUser,
    /// One of [`STATES`], or whatever a test has set.
    pub status: Arc<str>,
    /// Errors.
    pub errors: Vec<Remark>,
    /// Created.
    pub created: Timestamp,
    /// When the state changed last.
    pub changed: Timestamp,
    /// Template it was provisioned by.
    pub provisioning_id: Arc<str>,
    /// Activated itself.
    pub self_activated: bool,
    /// How provisioning will end.
    pub fate: Fate,
    /// What `updating` ends with.
    pub update: Option<Box<Details>>,
    /// When the next step is, on the sandbox's clock.
    due: Option<Duration>,
}

impl Subscriber {
    /// A subscriber that is in `status` since `changed`.
    #[must_use]
    pub fn new(
        uuid: Uuid,
        details: Details,
        webex_user: WebexUser,
        status: &str,
        changed: Timestamp,
    ) -> Self {
        Self {
            uuid,
            details,
            email: None,
            enterprise: None,
            webex_user,
            status: status.into(),
            errors: Vec::new(),
            created: changed,
            changed,
            provisioning_id: Arc::from(""),
            self_activated: false,
            fate: Fate::default(),
            update: None,
            due: None,
        }
    }

    /// Webex id.
    #[must_use]
    pub fn id(&self) -> String {
        ids::encode("us", "SUBSCRIBER", &self.uuid.to_string())
    }

    /// Whether time alone moves it on.
    fn under_way(&self) -> bool {
        matches!(
            &*self.status,
            "pending_email_validation" | "provisioning" | "updating"
        )
    }

    fn step(&mut self, at: Timestamp) {
        let next = match (&*self.status, self.fate) {
            ("pending_email_validation", _) => "provisioning",
            ("provisioning", Fate::Error) => {
                self.errors = vec![Remark::user_id_taken()];
                "error"
            }
            (_, Fate::Never) => return,
            _ => {
                if let Some(update) = self.update.take() {
                    self.details = *update;
                }
                self.errors.clear();
                "provisioned"
            }
        };
        self.status = next.into();
        self.changed = at;
    }
}

/// Everything of the partner.
#[derive(Debug)]
pub struct BroadWorks {
    /// Whether the organisation is a BroadWorks partner at all.
    pub entitled: bool,
    /// `selfActivated` is written as text, as the examples have it, and not as the schema says.
    pub text_booleans: bool,
    /// Its enterprises.
    pub enterprises: Enterprises,
    rows: Vec<Option<Subscriber>>,
    uuids: HashMap<Uuid, usize>,
    due: BTreeSet<(Duration, usize)>,
    /// How long each step of every subscriber takes; `None` moves only what was asked for by a request.
    step: Option<Duration>,
}

impl Default for BroadWorks {
    fn default() -> Self {
        Self {
            entitled: false,
            text_booleans: true,
            enterprises: Enterprises::default(),
            rows: Vec::new(),
            uuids: HashMap::new(),
            due: BTreeSet::new(),
            step: None,
        }
    }
}

impl BroadWorks {
    /// Adds a subscriber; without `moves` it stands still unless time moves all of them.
    pub fn add(&mut self, subscriber: Subscriber, now: Duration, moves: bool) -> usize {
        let at = self.rows.len();
        self.uuids.insert(subscriber.uuid, at);
        self.rows.push(Some(subscriber));
        self.schedule(at, now, moves);
        at
    }

    /// The subscriber at a position.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&Subscriber> {
        self.rows.get(at)?.as_ref()
    }

    /// Changes a subscriber. Its next step counts from now.
    pub fn change(&mut self, at: usize, now: Duration, moves: bool, change: impl FnOnce(&mut Subscriber)) {
        if let Some(subscriber) = self.rows.get_mut(at).and_then(Option::as_mut) {
            change(subscriber);
            self.schedule(at, now, moves);
        }
    }

    /// Removes a subscriber.
    pub fn remove(&mut self, at: usize) {
        if let Some(subscriber) = self.rows.get_mut(at).and_then(Option::take) {
            self.uuids.remove(&subscriber.uuid);
            if let Some(due) = subscriber.due {
                self.due.remove(&(due, at));
            }
        }
    }

    /// Removes everybody and every enterprise.
    pub fn clear(&mut self) {
        self.rows.iter_mut().for_each(|row| *row = None);
        self.uuids.clear();
        self.due.clear();
        self.enterprises.list.clear();
    }

    /// Position of a Webex id of kind SUBSCRIBER.
    pub fn position(&self, text: &str) -> Result<Option<usize>, ids::IdProblem> {
        let uuid = ids::expect_uuid(text, "SUBSCRIBER")?;
        Ok(self.uuids.get(&uuid).copied())
    }

    /// Subscribers from a position on, in list order.
    pub fn from(&self, from: usize) -> impl Iterator<Item = (usize, &Subscriber)> {
        let rows = self.rows.get(from..).unwrap_or_default();
        rows.iter()
            .enumerate()
            .filter_map(move |(n, s)| s.as_ref().map(|s| (from + n, s)))
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.uuids.len()
    }

    /// People of the organisation who are subscribers.
    #[must_use]
    pub fn people(&self) -> HashSet<usize> {
        self.from(0)
            .filter_map(|(_, s)| match s.webex_user {
                WebexUser::Person(at) => Some(at),
                WebexUser::Elsewhere(_) => None,
            })
            .collect()
    }

    /// How many of an enterprise are provisioned.
    #[must_use]
    pub fn provisioned(&self, enterprise: &str) -> u64 {
        self.from(0)
            .filter(|(_, s)| s.enterprise.as_deref() == Some(enterprise))
            .filter(|(_, s)| matches!(&*s.status, "provisioned" | "updating"))
            .count() as u64
    }

    /// How long each step takes.
    #[must_use]
    pub fn pace(&self) -> Option<Duration> {
        self.step
    }

    /// Sets how long each step of every subscriber takes from now on; `None` stops them, but for requests.
    pub fn set_pace(&mut self, step: Option<Duration>, now: Duration) {
        self.step = step;
        self.due.clear();
        for at in 0..self.rows.len() {
            if let Some(subscriber) = self.rows[at].as_mut() {
                subscriber.due = None;
            }
            self.schedule(at, now, false);
        }
    }

    /// Carries out every step that is due; whether any was.
    pub fn settle(&mut self, clock: &Clock) -> bool {
        let now = clock.elapsed();
        let mut any = false;
        while let Some((due, at)) = self.due.first().copied().filter(|(due, _)| *due <= now) {
            self.due.remove(&(due, at));
            let Some(subscriber) = self.rows.get_mut(at).and_then(Option::as_mut) else {
                continue;
            };
            any = true;
            subscriber.due = None;
            subscriber.step(clock.at(due));
            if subscriber.fate != Fate::Never {
                self.schedule(at, due, true);
            }
        }
        any
    }

    /// Begins and ends the synchronisations that are due; whether any was.
    pub fn settle_enterprises(&mut self, clock: &Clock) -> bool {
        let mut enterprises = std::mem::take(&mut self.enterprises);
        let any = enterprises.settle(clock, |name| {
            let users = self
                .from(0)
                .filter(|(_, s)| s.enterprise.as_deref() == Some(name));
            users.count() as u64
        });
        self.enterprises = enterprises;
        any
    }

    fn schedule(&mut self, at: usize, now: Duration, moves: bool) {
        let Some(subscriber) = self.rows.get_mut(at).and_then(Option::as_mut) else {
            return;
        };
        if let Some(due) = subscriber.due.take() {
            self.due.remove(&(due, at));
        }
        let step = self.step.or_else(|| moves.then_some(STEP));
        if let Some(step) = step.filter(|_| subscriber.under_way()) {
            let due = now.saturating_add(step);
            subscriber.due = Some(due);
            self.due.insert((due, at));
        }
    }
}
