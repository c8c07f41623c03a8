//! Signs of a column that was sorted, or moved up or down, without the others (`rows_shifted`).
//!
//! A row lines up with the row in which the file gives away what its user has at present: with itself, or with another one.
//! Two pictures are told from chance:
//!
//! * **moved**: [`STRETCH`] or more rows on end line up at the same distance, at most [`NEAR`] rows away. A few such rows
//!   among many in their place are people who change desks; a stretch of [`LONG`] is a cell too many or too few.
//! * **sorted alone**: most rows line up with another one, hardly any with itself.

use super::{Item, Scope};
use crate::mirror::snapshot::{Snapshot, digits, id_key, name_key};
use std::collections::{HashMap, HashSet};

/// How far away a neighbour may be.
const NEAR: i64 = 3;
/// Rows on end that make a stretch.
const STRETCH: usize = 3;
/// A stretch that no exchange of desks explains.
const LONG: usize = 10;
/// Rows out of place, at least, before a column counts as sorted alone.
const SCATTERED: usize = 5;
/// Rows out of place for each one in its place, at least, likewise.
const SCATTERED_EACH: usize = 4;

/// A column whose values stand in rows of other users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShiftedColumn {
    ExtKey,
    Number,
}

/// Signs that one column was sorted or moved without the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    pub column: ShiftedColumn,
    /// Positions of the items whose user's present value stands in another row, in order; never empty.
    pub items: Vec<usize>,
    /// How many rows further down it stands; None where that differs.
    pub by: Option<i64>,
}

/// What users have at present: by key, and by name where Webex names an owner it does not list among the people.
#[derive(Default)]
struct Present<'a> {
    by_key: HashMap<&'a str, Vec<String>>,
    by_name: HashMap<String, Vec<String>>,
}

impl<'a> Present<'a> {
    fn numbers(snapshot: &'a Snapshot) -> Self {
        let mut present = Self::default();
        for person in &snapshot.people {
            let numbers = person.numbers.iter().map(|number| digits(number)).collect();
            present.by_key.insert(&person.key, numbers);
        }
        for fact in &snapshot.numbers {
            if let Some(digits) = &fact.digits {
                present.owned(fact.owner_key.as_deref(), fact.owner_name.as_deref(), digits);
            }
        }
        present
    }

    fn extensions(scope: &Scope, snapshot: &'a Snapshot) -> Self {
        let place = scope.location.as_ref().map(|location| id_key(&location.id));
        let here = |at: &Option<String>| place.is_none() || *at == place;
        let mut present = Self::default();
        for person in &snapshot.people {
            let extension = person.extension.iter().filter(|_| here(&person.location_key));
            present.by_key.insert(&person.key, extension.cloned().collect());
        }
        for fact in &snapshot.numbers {
            if let Some(extension) = &fact.extension
                && here(&fact.location_key)
            {
                present.owned(fact.owner_key.as_deref(), fact.owner_name.as_deref(), extension);
            }
        }
        present
    }

    fn owned(&mut self, key: Option<&str>, name: Option<&str>, value: &str) {
        let known = key.and_then(|key| self.by_key.get_mut(key));
        match (known, name) {
            (Some(values), _) => values.push(value.to_owned()),
            (None, Some(name)) => self
                .by_name
                .entry(name_key(name))
                .or_default()
                .push(value.to_owned()),
            (None, None) => {}
        }
    }

    fn of(&self, item: &Item) -> &[String] {
        match &item.person_key {
            Some(key) => self.by_key.get(key.as_str()),
            None => self.by_name.get(&name_key(&item.identity)),
        }
        .map_or(&[], Vec::as_slice)
    }
}

pub(super) fn shifted(scope: &Scope, items: &[Item], snapshot: &Snapshot) -> Option<Shift> {
    let numbers = items
        .iter()
        .map(|item| item.number.as_deref().map(digits))
        .collect();
    let by_number = find(ShiftedColumn::Number, items, numbers, &Present::numbers(snapshot));
    let extensions = items.iter().map(|item| Some(item.ext_key.clone())).collect();
    let by_extension = find(
        ShiftedColumn::ExtKey,
        items,
        extensions,
        &Present::extensions(scope, snapshot),
    );
    match (by_number, by_extension) {
        (Some(number), Some(extension)) if extension.items.len() > number.items.len() => Some(extension),
        (number, extension) => number.or(extension),
    }
}

fn find(
    column: ShiftedColumn,
    items: &[Item],
    values: Vec<Option<String>>,
    present: &Present,
) -> Option<Shift> {
    let mut stands: HashMap<&str, i64> = HashMap::with_capacity(values.len());
    for (at, value) in (0..).zip(&values) {
        if let Some(value) = value {
            stands.entry(value).or_insert(at);
        }
    }
    let offsets: Vec<(usize, i64)> = items
        .iter()
        .enumerate()
        .zip(0..)
        .filter_map(|((at, item), position): (_, i64)| {
            let others = present
                .of(item)
                .iter()
                .filter_map(|value| stands.get(value.as_str()));
            let nearest = others.map(|other| other - position).min_by_key(|by| by.abs())?;
            Some((at, nearest))
        })
        .collect();
    let (items, by) = moved(&offsets).or_else(|| sorted(&offsets, items.len()))?;
    Some(Shift { column, items, by })
}

fn in_place(offsets: &[(usize, i64)]) -> usize {
    offsets.iter().filter(|(_, by)| *by == 0).count()
}

type Found = (Vec<usize>, Option<i64>);

fn moved(offsets: &[(usize, i64)]) -> Option<Found> {
    let stretches: Vec<&[(usize, i64)]> = offsets
        .chunk_by(|one, next| one.1 == next.1)
        .filter(|stretch| stretch.len() >= STRETCH && stretch[0].1 != 0 && stretch[0].1.abs() <= NEAR)
        .collect();
    let longest = stretches.iter().map(|stretch| stretch.len()).max()?;
    let items: Vec<usize> = stretches.iter().copied().flatten().map(|(at, _)| *at).collect();
    if longest < LONG && items.len() <= in_place(offsets) {
        return None;
    }
    let distances: HashSet<i64> = stretches.iter().map(|stretch| stretch[0].1).collect();
    let by = (distances.len() == 1).then(|| stretches[0][0].1);
    Some((items, by))
}

fn sorted(offsets: &[(usize, i64)], rows: usize) -> Option<Found> {
    let items: Vec<usize> = offsets
        .iter()
        .filter(|(_, by)| *by != 0)
        .map(|(at, _)| *at)
        .collect();
    let most = items.len() * 2 >= rows && items.len() >= SCATTERED_EACH * in_place(offsets);
    (items.len() >= SCATTERED && most).then_some((items, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(offsets: &[i64]) -> Vec<(usize, i64)> {
        offsets.iter().copied().enumerate().collect()
    }

    #[test]
    fn a_cell_too_many_is_seen_in_a_small_file() {
        assert_eq!(moved(&rows(&[1, 1, 1, 1])), Some((vec![0, 1, 2, 3], Some(1))));
        assert_eq!(moved(&rows(&[-1, -1, -1])), Some((vec![0, 1, 2], Some(-1))));
    }

    #[test]
    fn a_cell_too_many_is_seen_in_the_last_part_of_a_large_file() {
        let mut offsets = vec![0; 200];
        offsets.extend([-1; LONG]);
        let (items, by) = moved(&rows(&offsets)).unwrap();
        assert_eq!((items.first(), items.len(), by), (Some(&200), LONG, Some(-1)));
    }

    #[test]
    fn people_who_change_desks_are_no_alarm() {
        // Two who swap, three who go round, one who takes over from far away.
        assert_eq!(moved(&rows(&[1, -1])), None);
        assert_eq!(moved(&rows(&[1, 1, -2])), None);
        assert_eq!(moved(&rows(&[0, 0, 0, 0, 1, 1, 1, -3, 0, 0])), None);
        assert_eq!(moved(&rows(&[40, 40, 40])), None);
        assert_eq!(sorted(&rows(&[1, -1, 0, 0, 0, 0]), 6), None);
        // Six of a thousand who get each other's numbers while all others have none yet.
        assert_eq!(sorted(&rows(&[5, 3, 1, -1, -3, -5]), 1_000), None);
    }

    #[test]
    fn a_column_sorted_alone_is_seen_whatever_the_distances() {
        let offsets = [7, 5, 3, 1, -1, -3, -5, -7];
        assert_eq!(moved(&rows(&offsets)), None);
        assert_eq!(
            sorted(&rows(&offsets), offsets.len()),
            Some(((0..8).collect(), None))
        );
    }
}
