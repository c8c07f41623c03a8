//! What is to be done, known independently of Patchbay: people, their extensions, and the mistakes in the file.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use webex_sandbox::{JournalEntry, Sandbox};

/// Mistakes in the file. Each is one error.
pub const PLANTED: usize = 40;
/// Those of them that one press fixes.
pub const FIXED_AT_ONCE: usize = 16;

/// A mistake that only the person can put right.
pub struct ByHand {
    /// Counted from 1, without the header.
    pub row: usize,
    pub column: &'static str,
    pub right: String,
}

pub struct Order {
    pub csv: String,
    pub location: String,
    pub licence: String,
    pub by_hand: Vec<ByHand>,
    licence_id: String,
    /// E-mail and extension of everybody in the file.
    people: BTreeMap<String, String>,
}

impl Order {
    /// `rows` people of the sandbox without calling.
    pub fn of(sandbox: &Sandbox, rows: usize) -> Self {
        let licence = sandbox
            .licences()
            .into_iter()
            .find(|licence| {
                licence.name.ends_with("Calling - Professional")
                    && licence.total >= licence.consumed + rows as u64
            })
            .expect("a calling licence with enough free units");
        let location = sandbox
            .people()
            .into_iter()
            .find_map(|person| person.location_name)
            .expect("a location with calling");
        let mut csv = String::from("Ext Key,Identity UUID,Number\n");
        let mut people = BTreeMap::new();
        let mut by_hand = Vec::new();
        let without_calling = sandbox
            .people()
            .into_iter()
            .filter(|person| person.location.is_none());
        for (index, person) in without_calling.take(rows).enumerate() {
            let row = index + 1;
            let extension = (FIRST_EXTENSION + row).to_string();
            let mut cells = [extension.clone(), person.uuid.clone(), String::new()];
            // Spread over the file; the first row stays right, so that each row has one above it.
            let apart = rows / PLANTED;
            if row % apart == 0 && row / apart <= PLANTED {
                let (column, title) = plant(&mut cells, row / apart - 1);
                if row / apart > FIXED_AT_ONCE {
                    let right = [&extension, &person.uuid, ""][column].to_owned();
                    by_hand.push(ByHand {
                        row,
                        column: title,
                        right,
                    });
                }
            }
            writeln!(csv, "{}", cells.join(",")).expect("a string can be written to");
            people.insert(person.email, extension);
        }
        assert_eq!(people.len(), rows, "people without calling");
        assert_eq!(by_hand.len(), PLANTED - FIXED_AT_ONCE);
        let label = format!("{} ({})", licence.name, licence.subscription);
        Self {
            csv,
            location,
            licence: label,
            by_hand,
            licence_id: licence.id,
            people,
        }
    }

    /// Everybody in the file, and nobody else, was assigned exactly once.
    pub fn is_carried_out(&self, sandbox: &Sandbox) {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for write in writes(sandbox) {
            *times.entry(write.person.unwrap_or_default()).or_default() += 1;
        }
        for (person, extension) in &self.people {
            assert_eq!(times.remove(person), Some(1), "writes for {person}");
            let now = sandbox.person(person).expect("the person is still there");
            assert_eq!(now.extension.as_ref(), Some(extension), "{person}");
            assert_eq!(now.location_name.as_ref(), Some(&self.location), "{person}");
            assert!(now.licences.contains(&self.licence_id), "{person}");
        }
        assert_eq!(
            times,
            BTreeMap::new(),
            "writes for people who are not in the file"
        );
    }
}

const FIRST_EXTENSION: usize = 40_000;

/// Makes the `number`th mistake in a row's cells: which cell it is in, and its title.
fn plant(cells: &mut [String; 3], number: usize) -> (usize, &'static str) {
    let extension = cells[0].clone();
    match number {
        // What a spreadsheet does to a number it should have taken for text.
        0..FIXED_AT_ONCE => cells[0] = format!("\"=\"\"{extension}\"\"\""),
        16..20 => cells[0].clear(),
        20..24 => cells[0].replace_range(1..2, "O"),
        24..28 => cells[0].push('0'),
        // The extension of the row above.
        28..32 => cells[0] = (extension.parse::<usize>().expect("digits") - 1).to_string(),
        32..36 => {
            cells[1].pop();
            return (1, "Identity UUID");
        }
        _ => {
            cells[2] = "none".into();
            return (2, "Number");
        }
    }
    (0, "Ext Key")
}

/// Assignments that were really carried out.
pub fn writes(sandbox: &Sandbox) -> Vec<JournalEntry> {
    let is_assignment = |entry: &JournalEntry| {
        entry.method == "PATCH" && entry.applied && entry.body.as_ref().and_then(Value::as_object).is_some()
    };
    sandbox.journal().into_iter().filter(is_assignment).collect()
}
