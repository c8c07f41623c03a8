//! What the mirror adds to what Webex tells of a subscriber: the person, its location and its licences. Pure.

use super::model::ActivationError;
use super::row::Row;
use super::states;
use crate::mirror::snapshot::{digits, id_key, is_calling_name};
use crate::mirror::{Directory, Listed};
use jiff::Timestamp;
use std::collections::HashMap;
use webex_client::{BroadworksSubscriber, SubscriberError, SubscriberStatus, WebexId, WholesaleSubscriber};

/// A subscriber of either kind as Webex told it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    id: String,
    person_key: Option<String>,
    licence: Option<String>,
    service_id: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    extension: Option<String>,
    numbers: Vec<String>,
    /// Whether one of the numbers is its line's; a mobile phone's tells no line.
    has_line_number: bool,
    state: String,
    errors: Vec<ActivationError>,
    enterprise: Option<String>,
    self_activated: Option<bool>,
    last_status_change: Option<String>,
}

fn state(status: Option<SubscriberStatus>) -> String {
    status.map_or_else(|| states::UNKNOWN.to_owned(), |status| status.to_string())
}

fn errors(errors: Vec<SubscriberError>) -> Vec<ActivationError> {
    errors
        .into_iter()
        .map(|error| ActivationError {
            code: error.error_code,
            description: error.description.unwrap_or_default(),
        })
        .collect()
}

/// UTC; what is no time stays as it came.
fn moment(time: Option<String>) -> Option<String> {
    time.map(|time| {
        time.parse::<Timestamp>()
            .map_or(time, |parsed| parsed.to_string())
    })
}

fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// What a row is told apart by. A wholesale subscriber may carry the id of its person, and be another row than the
/// subscriber with that UUID.
pub(super) fn key(id: &str) -> String {
    match WebexId::decode(id) {
        Ok(decoded) => match decoded.kind {
            Some(kind) if !kind.eq_ignore_ascii_case("SUBSCRIBER") => {
                format!("{}/{}", kind.to_ascii_lowercase(), id_key(id))
            }
            _ => id_key(id),
        },
        Err(_) => id_key(id),
    }
}

impl From<BroadworksSubscriber> for Told {
    fn from(subscriber: BroadworksSubscriber) -> Self {
        Self {
            person_key: subscriber.person_id.as_deref().map(id_key),
            licence: given(subscriber.package),
            service_id: given(subscriber.user_id),
            first_name: given(subscriber.first_name),
            last_name: given(subscriber.last_name),
            email: given(subscriber.email),
            extension: given(subscriber.extension),
            has_line_number: given(subscriber.primary_phone_number.clone()).is_some(),
            numbers: [subscriber.primary_phone_number, subscriber.mobile_phone_number]
                .into_iter()
                .filter_map(given)
                .collect(),
            state: state(subscriber.status),
            errors: errors(subscriber.errors),
            enterprise: given(subscriber.sp_enterprise_id),
            self_activated: subscriber.self_activated,
            last_status_change: moment(subscriber.last_status_change),
            id: subscriber.id,
        }
    }
}

impl Told {
    /// A subscriber of a wholesale customer; `customers` are names by key.
    pub(super) fn wholesale(subscriber: WholesaleSubscriber, customers: &HashMap<String, String>) -> Self {
        let mut packages = subscriber.packages;
        if packages.is_empty() {
            packages.extend(given(subscriber.package));
        }
        let name = subscriber
            .customer_id
            .as_deref()
            .and_then(|customer| customers.get(&id_key(customer)).cloned());
        let service_id = given(subscriber.external_customer_id);
        Self {
            person_key: subscriber.person_id.as_deref().map(id_key),
            licence: Some(packages.join(", ")).filter(|packages| !packages.is_empty()),
            enterprise: name.or_else(|| service_id.clone()),
            service_id,
            email: given(subscriber.email),
            state: state(subscriber.status),
            errors: errors(subscriber.errors),
            last_status_change: moment(subscriber.last_status_change),
            id: subscriber.id,
            ..Self::default()
        }
    }

    pub(super) fn key(&self) -> String {
        key(&self.id)
    }

    pub(super) fn enterprise(&self) -> Option<&str> {
        self.enterprise.as_deref()
    }

    /// Whether this is the same person as that of the row as it was, so that what was joined still holds.
    fn is_still(&self, row: &Row) -> bool {
        self.person_key.is_none() || self.person_key == row.person_key
    }
}

/// The mirror, ready to be joined with.
pub(super) struct Joins {
    directory: Directory,
    by_key: HashMap<String, usize>,
    /// None where several have it.
    by_digits: HashMap<String, Option<usize>>,
    by_extension: HashMap<String, Option<usize>>,
}

fn note(map: &mut HashMap<String, Option<usize>>, key: String, at: usize) {
    if !key.is_empty() {
        map.entry(key)
            .and_modify(|known| *known = known.filter(|known| *known == at))
            .or_insert(Some(at));
    }
}

impl Joins {
    pub(super) fn new(directory: Directory) -> Self {
        let (mut by_key, mut by_digits, mut by_extension) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (at, person) in directory.people.iter().enumerate() {
            by_key.insert(person.key.clone(), at);
            for number in &person.numbers {
                note(&mut by_digits, digits(number), at);
            }
            if let Some(extension) = &person.extension {
                note(&mut by_extension, extension.clone(), at);
            }
        }
        Self {
            directory,
            by_key,
            by_digits,
            by_extension,
        }
    }

    /// The person of a subscriber: the one that is named, else the only one with one of its numbers.
    fn person(&self, told: &Told) -> Option<&Listed> {
        // A person who is named is that one and nobody else, known or not.
        if let Some(key) = &told.person_key {
            return self.by_key.get(key).and_then(|at| self.directory.people.get(*at));
        }
        let mut numbers = told.numbers.iter();
        let at = numbers.find_map(|number| self.by_digits.get(&digits(number)).copied().flatten())?;
        self.directory.people.get(at)
    }

    /// Whom the extension alone would join, for a subscriber that has nothing better: neither is a person named, nor has it a
    /// number, which would be the person's as well. Extensions are told apart within an enterprise only, so who joins by one
    /// asks for the other subscribers first.
    pub(super) fn by_extension(&self, told: &Told) -> Option<&Listed> {
        if told.person_key.is_some() || told.has_line_number {
            return None;
        }
        let at = self
            .by_extension
            .get(told.extension.as_ref()?)
            .copied()
            .flatten()?;
        self.directory.people.get(at)
    }

    fn location(&self, person: &Listed) -> Option<String> {
        let key = person.location_key.as_ref()?;
        self.directory.locations.get(key).cloned()
    }

    /// Names of a person's calling licences, or of the others.
    fn licences(&self, person: &Listed, calling: bool) -> Option<String> {
        let names: Vec<&str> = person
            .licences
            .iter()
            .filter_map(|licence| self.directory.licences.get(licence))
            .map(String::as_str)
            .filter(|name| is_calling_name(name) == calling)
            .collect();
        Some(names.join(", ")).filter(|names| !names.is_empty())
    }

    /// A subscriber with what the mirror knows of its person, who is named or has one of its numbers.
    pub(super) fn row(&self, told: Told, as_of: &str) -> Row {
        let person = self.person(&told);
        self.joined(told, person, as_of)
    }

    /// A subscriber with what the mirror knows of who has its extension.
    pub(super) fn row_by_extension(&self, told: Told, as_of: &str) -> Row {
        let person = self.by_extension(&told);
        self.joined(told, person, as_of)
    }

    fn joined(&self, told: Told, person: Option<&Listed>, as_of: &str) -> Row {
        let key = told.key();
        let Some(person) = person else {
            let location = told.enterprise.clone();
            return bare(told, key, location, as_of);
        };
        let (location, service_type) = (
            self.location(person).or_else(|| told.enterprise.clone()),
            self.licences(person, true),
        );
        let numbers = if told.numbers.is_empty() {
            person.numbers.clone()
        } else {
            told.numbers.clone()
        };
        let row = bare(told, key, location, as_of);
        Row {
            person_key: Some(person.key.clone()),
            service_type,
            extension: row.extension.or_else(|| person.extension.clone()),
            first_name: row.first_name.or_else(|| person.first_name.clone()),
            last_name: row.last_name.or_else(|| person.last_name.clone()),
            numbers,
            ..row
        }
    }

    /// Everybody who holds a licence, where people are the source.
    pub(super) fn people(&self, as_of: &str) -> Vec<Row> {
        self.directory
            .people
            .iter()
            .filter(|person| !person.licences.is_empty())
            .map(|person| self.person_row(person, as_of))
            .collect()
    }

    /// A person, where people are the source.
    pub(super) fn person_row(&self, person: &Listed, as_of: &str) -> Row {
        let waits = person.invite_pending
            || person
                .status
                .as_deref()
                .is_some_and(|status| status.eq_ignore_ascii_case("pending"));
        let email = given(person.email.clone());
        let state = match (&email, waits) {
            (None, _) => states::PENDING_EMAIL_INPUT,
            (Some(_), true) => states::PENDING_EMAIL_VALIDATION,
            (Some(_), false) => states::PROVISIONED,
        };
        Row {
            key: person.key.clone(),
            id: person.id.clone(),
            person_key: Some(person.key.clone()),
            location: self.location(person),
            licence: self.licences(person, false),
            service_type: self.licences(person, true),
            service_id: person.numbers.first().cloned(),
            extension: person.extension.clone(),
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            email,
            state: state.to_owned(),
            numbers: person.numbers.clone(),
            as_of: as_of.to_owned(),
            ..Row::default()
        }
    }

    /// When the copy of the people was begun.
    pub(super) fn as_of(&self) -> Option<&str> {
        self.directory.as_of.as_deref()
    }
}

/// A subscriber alone.
fn bare(told: Told, key: String, location: Option<String>, as_of: &str) -> Row {
    Row {
        key,
        id: told.id,
        person_key: told.person_key,
        location,
        licence: told.licence,
        service_type: None,
        service_id: told.service_id,
        extension: told.extension,
        first_name: told.first_name,
        last_name: told.last_name,
        email: told.email,
        state: told.state,
        errors: told.errors,
        numbers: told.numbers,
        enterprise: told.enterprise,
        self_activated: told.self_activated,
        last_status_change: told.last_status_change,
        as_of: as_of.to_owned(),
    }
}

/// A subscriber that was joined before, with what was joined then. None where it has become somebody else and must be joined
/// anew.
pub(super) fn renewed(told: Told, before: &Row, as_of: &str) -> Option<Row> {
    if !told.is_still(before) || (told.numbers.iter().ne(before.numbers.iter()) && !told.numbers.is_empty()) {
        return None;
    }
    if told.extension.is_some() && told.extension != before.extension {
        return None;
    }
    if told.enterprise != before.enterprise {
        return None;
    }
    let row = bare(told, before.key.clone(), before.location.clone(), as_of);
    Some(Row {
        person_key: before.person_key.clone(),
        service_type: before.service_type.clone(),
        extension: row.extension.or_else(|| before.extension.clone()),
        first_name: row.first_name.or_else(|| before.first_name.clone()),
        last_name: row.last_name.or_else(|| before.last_name.clone()),
        numbers: before.numbers.clone(),
        ..row
    })
}
