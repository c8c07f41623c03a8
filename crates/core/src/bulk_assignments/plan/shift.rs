//! Signs of a column that was sorted without the others (`rows_shifted`).

use super::{Item, Shift};
use crate::mirror::snapshot::{Snapshot, digits};
use std::collections::HashMap;

/// Looks for a column that was sorted alone: many users whose present number stands a few rows away.
pub(super) fn shifted(items: &[Item], snapshot: &Snapshot) -> Option<Shift> {
    const FURTHEST: i32 = 3;
    const FEWEST: u32 = 3;
    let mut present: HashMap<&str, String> = HashMap::new();
    for fact in &snapshot.numbers {
        if let (Some(owner), Some(digits)) = (&fact.owner_key, &fact.digits) {
            present.entry(owner).or_insert_with(|| digits.clone());
        }
    }
    for person in &snapshot.people {
        if let Some(number) = &person.number {
            present.insert(&person.key, digits(number));
        }
    }
    let in_file: Vec<Option<String>> = items
        .iter()
        .map(|item| item.number.as_deref().map(digits))
        .collect();
    let mut counts: HashMap<i32, (u32, u32)> = HashMap::new();
    for (position, item) in items.iter().enumerate() {
        let Some(number) = item.person_key.as_deref().and_then(|key| present.get(key)) else {
            continue;
        };
        for by in -FURTHEST..=FURTHEST {
            let Some(other) = i32::try_from(position)
                .ok()
                .and_then(|position| usize::try_from(position + by).ok())
            else {
                continue;
            };
            if in_file.get(other).and_then(Option::as_ref) == Some(number) {
                counts.entry(by).or_insert((0, item.row)).0 += 1;
            }
        }
    }
    let in_place = counts.get(&0).map_or(0, |(rows, _)| *rows);
    let (by, (rows, first)) = counts
        .into_iter()
        .filter(|(by, _)| *by != 0)
        .max_by_key(|(by, (rows, _))| (*rows, -by.abs(), *by))?;
    (rows >= FEWEST && rows > in_place).then_some(Shift { rows, by, first })
}
