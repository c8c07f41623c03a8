//! People and their indexes.
//!
//! Invariants: list order is the order of creation; a deleted person leaves a gap, so a cursor stays true while pages are read.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;

use uuid::Uuid;

/// What makes a person a calling user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calling {
    /// Position of the location.
    pub location: usize,
    /// Bare extension.
    pub extension: Option<String>,
    /// Primary number, E.164.
    pub number: Option<String>,
    /// Alternate numbers, E.164, with their extension and ring pattern.
    pub alternates: Vec<Alternate>,
}

/// An alternate number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternate {
    /// E.164.
    pub number: String,
    /// Its own extension.
    pub extension: Option<String>,
    /// `NORMAL`, `LONG_LONG`, …
    pub ring_pattern: String,
}

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// UUID inside the id; SCIM's `userId`.
    pub uuid: Uuid,
    /// Webex id.
    pub id: String,
    /// E-mail, as written.
    pub email: String,
    /// Display name.
    pub display_name: String,
    /// Given name; empty for people with one name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Job title.
    pub title: String,
    /// Department.
    pub department: String,
    /// Creation time.
    pub created: String,
    /// Last change.
    pub last_modified: String,
    /// Last activity, absent for people who never signed in.
    pub last_activity: Option<String>,
    /// `active`, `inactive`, `pending`, …; kept as text, an unknown one is possible.
    pub status: String,
    /// Has not accepted the invitation.
    pub invite_pending: bool,
    /// May sign in.
    pub login_enabled: bool,
    /// Positions of roles.
    pub roles: Vec<usize>,
    /// Positions of licences held.
    pub licences: Vec<usize>,
    /// Sites attended.
    pub site_urls: Vec<String>,
    /// Mobile number.
    pub mobile: Option<String>,
    /// Calling data.
    pub calling: Option<Calling>,
}

impl Person {
    /// Everything a fault may know the person by, lower case.
    #[must_use]
    pub fn known_by(&self) -> String {
        format!("{}\n{}\n{}", self.email, self.display_name, self.uuid).to_lowercase()
    }
}

/// All people.
#[derive(Debug, Default)]
pub struct People {
    rows: Vec<Option<Person>>,
    uuids: HashMap<Uuid, usize>,
    emails: HashMap<String, usize>,
    names: BTreeSet<(String, usize)>,
    places: HashMap<usize, BTreeSet<usize>>,
}

impl People {
    /// Adds a person; the caller has checked that the e-mail is free.
    pub fn add(&mut self, person: Person) -> usize {
        let at = self.rows.len();
        self.rows.push(Some(person));
        self.index(at);
        at
    }

    /// The person at a position.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&Person> {
        self.rows.get(at)?.as_ref()
    }

    /// Changes a person and keeps the indexes true. `None` when there is nobody.
    pub fn change<T>(&mut self, at: usize, change: impl FnOnce(&mut Person) -> T) -> Option<T> {
        self.unindex(at);
        let result = self.rows.get_mut(at)?.as_mut().map(change);
        self.index(at);
        result
    }

    /// Removes a person.
    pub fn remove(&mut self, at: usize) -> Option<Person> {
        self.unindex(at);
        self.rows.get_mut(at)?.take()
    }

    /// Position of a UUID.
    #[must_use]
    pub fn by_uuid(&self, uuid: Uuid) -> Option<usize> {
        self.uuids.get(&uuid).copied()
    }

    /// Position of an e-mail, without regard to case.
    #[must_use]
    pub fn by_email(&self, email: &str) -> Option<usize> {
        self.emails.get(&email.to_lowercase()).copied()
    }

    /// Positions from `from` on, in list order.
    pub fn from(&self, from: usize) -> impl Iterator<Item = (usize, &Person)> {
        self.rows
            .iter()
            .enumerate()
            .skip(from)
            .filter_map(|(at, p)| p.as_ref().map(|p| (at, p)))
    }

    /// People whose display name begins like this, without regard to case, in list order.
    #[must_use]
    pub fn named(&self, prefix: &str) -> Vec<usize> {
        let prefix = prefix.to_lowercase();
        let mut found: Vec<usize> = self
            .names
            .range((Bound::Included((prefix.clone(), 0)), Bound::Unbounded))
            .take_while(|(name, _)| name.starts_with(&prefix))
            .map(|(_, at)| *at)
            .collect();
        found.sort_unstable();
        found
    }

    /// Calling users of a location from a position on, in list order.
    pub fn at_location(&self, location: usize, from: usize) -> impl Iterator<Item = usize> {
        self.places
            .get(&location)
            .into_iter()
            .flat_map(move |set| set.range(from..).copied())
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.uuids.len()
    }

    fn index(&mut self, at: usize) {
        let Some(person) = self.rows.get(at).and_then(Option::as_ref) else {
            return;
        };
        self.uuids.insert(person.uuid, at);
        self.emails.insert(person.email.to_lowercase(), at);
        self.names.insert((person.display_name.to_lowercase(), at));
        if let Some(calling) = &person.calling {
            self.places.entry(calling.location).or_default().insert(at);
        }
    }

    fn unindex(&mut self, at: usize) {
        let Some(person) = self.rows.get(at).and_then(Option::as_ref) else {
            return;
        };
        self.uuids.remove(&person.uuid);
        self.emails.remove(&person.email.to_lowercase());
        self.names.remove(&(person.display_name.to_lowercase(), at));
        if let Some(set) = person
            .calling
            .as_ref()
            .and_then(|c| self.places.get_mut(&c.location))
        {
            set.remove(&at);
        }
    }
}
