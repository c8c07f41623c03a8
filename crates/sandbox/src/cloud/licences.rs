//! Licences: pools of units, who holds them, and counters that may lag.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use super::Cloud;

/// What a licence is to the rules of assignment (reference, section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenceKind {
    /// Webex Calling Professional.
    Professional,
    /// Webex Calling Standard.
    Standard,
    /// Webex Calling for workspaces: not for people.
    Workspaces,
    /// Attendant Console: needs Professional.
    AttendantConsole,
    /// Customer Experience Essential: not with Standard.
    CustomerExperience,
    /// Messaging.
    Messaging,
    /// Meetings: needs Messaging.
    Meetings,
    /// Screen share: implied, cannot be removed.
    ScreenShare,
    /// Messenger: cannot be managed here.
    Messenger,
    /// No rule of its own.
    Plain,
}

impl LicenceKind {
    /// Carries location, number and extension.
    #[must_use]
    pub fn is_calling(self) -> bool {
        matches!(self, Self::Professional | Self::Standard)
    }
}

/// A licence (one per subscription).
#[derive(Debug, Clone)]
pub struct Licence {
    /// `<orgUuid>:<TYPECODE>_<uuid>`.
    pub rest: String,
    /// Webex id.
    pub id: String,
    /// Name; several licences may share one.
    pub name: String,
    /// Kind.
    pub kind: LicenceKind,
    /// Units bought.
    pub total: u64,
    /// Units taken by workspaces, or by people outside the simulation.
    pub elsewhere: u64,
    /// Subscription.
    pub subscription: String,
    /// Site, for meeting licences.
    pub site_url: Option<String>,
    /// People who hold it.
    pub holders: BTreeSet<usize>,
    history: VecDeque<(Duration, u64)>,
}

impl Licence {
    /// A licence nobody holds yet.
    #[must_use]
    pub fn new(
        rest: String,
        id: String,
        name: &str,
        kind: LicenceKind,
        total: u64,
        subscription: &str,
    ) -> Self {
        Self {
            rest,
            id,
            name: name.to_owned(),
            kind,
            total,
            elsewhere: 0,
            subscription: subscription.to_owned(),
            site_url: None,
            holders: BTreeSet::new(),
            history: VecDeque::new(),
        }
    }

    /// Units in use now.
    #[must_use]
    pub fn consumed(&self) -> u64 {
        self.holders.len() as u64 + self.elsewhere
    }

    /// Units left.
    #[must_use]
    pub fn free(&self) -> u64 {
        self.total.saturating_sub(self.consumed())
    }

    /// People counted by a counter that is `lag` behind at `now`.
    #[must_use]
    pub fn reported_people(&self, now: Duration, lag: Duration) -> u64 {
        let known = now.saturating_sub(lag);
        let by_then = self
            .history
            .iter()
            .rev()
            .find(|(at, _)| *at <= known)
            .map(|(_, n)| *n);
        let first_known = self.history.front().map(|(_, n)| *n);
        if lag.is_zero() {
            self.holders.len() as u64
        } else {
            by_then.or(first_known).unwrap_or(self.holders.len() as u64)
        }
    }

    fn change_holders(&mut self, now: Duration, change: impl FnOnce(&mut BTreeSet<usize>)) {
        if self.history.is_empty() {
            self.history
                .push_back((Duration::ZERO, self.holders.len() as u64));
        }
        change(&mut self.holders);
        self.history.push_back((now, self.holders.len() as u64));
        if self.history.len() > 4096 {
            self.history.pop_front();
        }
    }
}

impl Cloud {
    /// Gives a licence to a person; the rules have been checked.
    pub fn give(&mut self, person: usize, licence: usize) {
        let now = self.clock.elapsed();
        self.licences[licence].change_holders(now, |holders| {
            holders.insert(person);
        });
        self.people.change(person, |p| {
            if !p.licences.contains(&licence) {
                p.licences.push(licence);
            }
        });
        self.touch(person);
    }

    /// Takes a licence from a person. Taking the last calling licence destroys extension and numbers.
    pub fn take(&mut self, person: usize, licence: usize) {
        let now = self.clock.elapsed();
        self.licences[licence].change_holders(now, |holders| {
            holders.remove(&person);
        });
        self.people
            .change(person, |p| p.licences.retain(|l| *l != licence));
        let still = self
            .people
            .get(person)
            .is_some_and(|p| p.licences.iter().any(|l| self.licences[*l].kind.is_calling()));
        if self.licences[licence].kind.is_calling() && !still {
            self.unplace(person);
        }
        self.touch(person);
    }

    /// Marks a person as changed now.
    pub fn touch(&mut self, person: usize) {
        let now = crate::clock::wire_time(self.clock.now());
        self.people.change(person, |p| p.last_modified = now);
        self.changes += 1;
    }
}
