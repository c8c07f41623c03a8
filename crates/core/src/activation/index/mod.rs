//! All users of one organisation in memory, column by column, so that 100,000 of them are filtered, searched and sorted within
//! a frame. Pure: what is in it comes from the store, and time is an argument.
//!
//! Invariants: what it answers is what a plain filter and a stable sort of the rows in the order of their keys would; a row
//! that changes leaves the others where they are.

mod column;
pub(super) mod fold;
pub(super) mod order;
#[cfg(test)]
mod tests;
mod texts;
mod view;

use super::model::{
    ActivationChoices, ActivationColumn, ActivationError, ActivationSource, ActivationUser, StateCount,
};
use super::row::Row;
use super::states;
use column::Column;
use jiff::Timestamp;
use order::Order;
use std::borrow::Cow;
use std::collections::HashMap;
use texts::Texts;

const COLUMNS: [ActivationColumn; 11] = [
    ActivationColumn::Location,
    ActivationColumn::Licence,
    ActivationColumn::ServiceType,
    ActivationColumn::ServiceId,
    ActivationColumn::Extension,
    ActivationColumn::FirstName,
    ActivationColumn::LastName,
    ActivationColumn::Email,
    ActivationColumn::State,
    ActivationColumn::LastStatusChange,
    ActivationColumn::AsOf,
];

/// What a changed row has become.
#[derive(Debug)]
pub(super) enum Change {
    Put(Box<Row>),
    /// Webex knows it no more.
    Gone(String),
}

/// The users of one organisation.
#[derive(Debug)]
pub(super) struct Index {
    source: ActivationSource,
    /// In the order of their bytes; the place of a row everywhere.
    keys: Texts,
    columns: Vec<Column>,
    enterprises: Column,
    /// Of each row, parted by line feeds.
    numbers: Vec<Box<str>>,
    errors: HashMap<u32, Vec<ActivationError>>,
    self_activated: Vec<Option<bool>>,
    alive: Vec<bool>,
    count: u32,
}

fn as_it_is(value: &str) -> Cow<'_, str> {
    Cow::Borrowed(value)
}

/// A state is found by Webex's word and by the one that people see.
fn state_in_words(state: &str) -> Cow<'_, str> {
    Cow::Owned(format!("{} {state}", states::label(state)))
}

fn cell(row: &Row, column: ActivationColumn) -> Option<&str> {
    let value = match column {
        ActivationColumn::Location => row.location.as_deref(),
        ActivationColumn::Licence => row.licence.as_deref(),
        ActivationColumn::ServiceType => row.service_type.as_deref(),
        ActivationColumn::ServiceId => row.service_id.as_deref(),
        ActivationColumn::Extension => row.extension.as_deref(),
        ActivationColumn::FirstName => row.first_name.as_deref(),
        ActivationColumn::LastName => row.last_name.as_deref(),
        ActivationColumn::Email => row.email.as_deref(),
        ActivationColumn::State => Some(row.state.as_str()),
        ActivationColumn::LastStatusChange => row.last_status_change.as_deref(),
        ActivationColumn::AsOf => Some(row.as_of.as_str()),
    };
    value.filter(|value| !value.is_empty())
}

fn column_of(column: ActivationColumn, rows: &[Row]) -> Column {
    let (order, searched): (_, Option<column::Searched>) = match column {
        ActivationColumn::LastStatusChange | ActivationColumn::AsOf => (Order::Time, None),
        ActivationColumn::State => (Order::Natural, Some(state_in_words)),
        _ => (Order::Natural, Some(as_it_is)),
    };
    Column::build(order, searched, rows.iter().map(|row| cell(row, column)))
}

fn joined(numbers: &[String]) -> Box<str> {
    numbers.join("\n").into()
}

/// The counts where there is nobody.
pub(super) fn no_states() -> Vec<StateCount> {
    states::NAMED
        .map(|state| StateCount {
            state: state.to_owned(),
            count: 0,
        })
        .into()
}

impl Index {
    /// The rows may come in any order; of two with the same key the later one counts.
    pub(super) fn build(source: ActivationSource, mut rows: Vec<Row>) -> Self {
        rows.sort_by(|one, other| one.key.cmp(&other.key));
        rows.reverse();
        rows.dedup_by(|one, other| one.key == other.key);
        rows.reverse();
        let mut keys = Texts::default();
        let mut errors = HashMap::new();
        for (at, row) in (0_u32..).zip(&mut rows) {
            keys.push(&row.key);
            if !row.errors.is_empty() {
                errors.insert(at, std::mem::take(&mut row.errors));
            }
        }
        keys.shrink();
        Self {
            source,
            columns: COLUMNS.map(|column| column_of(column, &rows)).into(),
            enterprises: Column::build(
                Order::Natural,
                None,
                rows.iter().map(|row| row.enterprise.as_deref()),
            ),
            numbers: rows.iter().map(|row| joined(&row.numbers)).collect(),
            self_activated: rows.iter().map(|row| row.self_activated).collect(),
            alive: vec![true; rows.len()],
            count: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            keys,
            errors,
        }
    }

    fn column(&self, column: ActivationColumn) -> &Column {
        // In the order of the enumeration, which is that of `COLUMNS`.
        &self.columns[column as usize]
    }

    fn place_of(&self, key: &str) -> Option<u32> {
        let (mut low, mut high) = (0, self.keys.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.keys.get(middle).cmp(key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return u32::try_from(middle).ok(),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Where a user is, unless it is gone.
    pub(super) fn find(&self, key: &str) -> Option<u32> {
        self.place_of(key).filter(|row| self.alive[*row as usize])
    }

    /// Follows a change. False where it cannot and must be built anew: a user nobody had before.
    pub(super) fn apply(&mut self, change: Change) -> bool {
        match change {
            Change::Gone(key) => {
                if let Some(row) = self.find(&key) {
                    self.take_out(row);
                }
                true
            }
            Change::Put(changed) => {
                let Some(row) = self.place_of(&changed.key) else {
                    return false;
                };
                self.put(row, *changed);
                true
            }
        }
    }

    fn take_out(&mut self, row: u32) {
        for column in &mut self.columns {
            column.release(row);
        }
        self.enterprises.release(row);
        self.errors.remove(&row);
        self.alive[row as usize] = false;
        self.count -= 1;
    }

    fn put(&mut self, row: u32, changed: Row) {
        for (column, name) in self.columns.iter_mut().zip(COLUMNS) {
            column.set(row, cell(&changed, name));
        }
        self.enterprises.set(row, changed.enterprise.as_deref());
        let at = row as usize;
        self.numbers[at] = joined(&changed.numbers);
        self.self_activated[at] = changed.self_activated;
        if changed.errors.is_empty() {
            self.errors.remove(&row);
        } else {
            self.errors.insert(row, changed.errors);
        }
        if !std::mem::replace(&mut self.alive[at], true) {
            self.count += 1;
        }
    }

    /// How many users there are.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    pub(super) fn key(&self, row: u32) -> &str {
        self.keys.get(row as usize)
    }

    /// The value of a cell.
    pub(super) fn cell(&self, row: u32, column: ActivationColumn) -> Option<&str> {
        self.column(column).get(row)
    }

    /// One user, as `now` judges it.
    pub(super) fn user(&self, row: u32, now: Timestamp) -> ActivationUser {
        let text = |column| self.cell(row, column).map(str::to_owned);
        let state = text(ActivationColumn::State).unwrap_or_else(|| states::UNKNOWN.to_owned());
        let last_status_change = text(ActivationColumn::LastStatusChange);
        let numbers = &self.numbers[row as usize];
        ActivationUser {
            key: self.key(row).to_owned(),
            location: text(ActivationColumn::Location),
            licence: text(ActivationColumn::Licence),
            service_type: text(ActivationColumn::ServiceType),
            service_id: text(ActivationColumn::ServiceId),
            extension: text(ActivationColumn::Extension),
            first_name: text(ActivationColumn::FirstName),
            last_name: text(ActivationColumn::LastName),
            email: text(ActivationColumn::Email),
            errors: self.errors.get(&row).cloned().unwrap_or_default(),
            enterprise: self.enterprises.get(row).map(str::to_owned),
            numbers: numbers.lines().map(str::to_owned).collect(),
            self_activated: self.self_activated[row as usize],
            stuck: states::is_stuck(&state, last_status_change.as_deref(), now),
            nudge: states::nudge(&state, self.source),
            as_of: text(ActivationColumn::AsOf).unwrap_or_default(),
            state,
            last_status_change,
        }
    }

    /// The named states always, then every other that somebody has.
    pub(super) fn states(&self) -> Vec<StateCount> {
        let mut counts = no_states();
        for (state, count) in self.column(ActivationColumn::State).used() {
            match counts.iter_mut().find(|known| known.state == state) {
                Some(known) => known.count = count,
                None => counts.push(StateCount {
                    state: state.to_owned(),
                    count,
                }),
            }
        }
        counts
    }

    /// What the closed columns can be filtered by.
    pub(super) fn choices(&self) -> ActivationChoices {
        let choices = |column| {
            let column = self.column(column);
            let mut used = 0;
            let mut texts: Vec<String> = Vec::new();
            for (value, count) in column.used() {
                texts.push(value.to_owned());
                used += count;
            }
            if used < self.count {
                texts.push(String::new());
            }
            texts
        };
        ActivationChoices {
            locations: choices(ActivationColumn::Location),
            licences: choices(ActivationColumn::Licence),
            service_types: choices(ActivationColumn::ServiceType),
        }
    }

    /// Users who have not begun.
    pub(super) fn not_begun(&self) -> u32 {
        let (state, email) = (
            self.column(ActivationColumn::State),
            self.column(ActivationColumn::Email),
        );
        let waits = state.matching(|state| states::has_not_begun(state, Some("given")));
        let nothing = email.matching(|email| states::has_not_begun(states::PROVISIONED, Some(email)));
        let rows = self.rows().filter(|row| {
            let address = email.place(*row);
            waits.lets(state.place(*row)) || address == column::NONE || nothing.lets(address)
        });
        u32::try_from(rows.count()).unwrap_or(u32::MAX)
    }

    /// How many users of each enterprise are provisioned; enterprises without one are left out.
    pub(super) fn provisioned(&self) -> HashMap<String, u32> {
        let state = self.column(ActivationColumn::State);
        let done = state.exactly(states::PROVISIONED);
        let mut counts = HashMap::new();
        for row in self.rows().filter(|row| done.lets(state.place(*row))) {
            *counts.entry(self.enterprises.place(row)).or_default() += 1;
        }
        counts
            .into_iter()
            .filter_map(|(place, count)| Some((self.enterprises.value(place)?.to_owned(), count)))
            .collect()
    }

    fn rows(&self) -> impl Iterator<Item = u32> {
        (0_u32..)
            .zip(&self.alive)
            .filter(|(_, alive)| **alive)
            .map(|(row, _)| row)
    }

    /// Bytes held, about.
    pub(super) fn memory(&self) -> usize {
        let numbers: usize = self
            .numbers
            .iter()
            .map(|number| number.len() + size_of::<Box<str>>())
            .sum();
        self.columns.iter().map(Column::memory).sum::<usize>()
            + self.enterprises.memory()
            + self.keys.memory()
            + numbers
            + self.self_activated.capacity()
            + self.alive.capacity()
    }
}
