//! How long 15,000 rows take against a copy of 50,000 people: `cargo run --release -p patchbay-core --example judge`.

#![expect(clippy::print_stdout, reason = "an example prints its result")]

use bulk_file::{Assignment, Identity};
use patchbay_core::bulk_assignments::plan::{Scope, judge};
use patchbay_core::bulk_assignments::{LicenceChoice, LocationChoice};
use patchbay_core::mirror::snapshot::{
    LicenceFact, LocationFact, NumberFact, PersonFact, Snapshot, digits, name_key,
};
use std::time::Instant;

const PEOPLE: u32 = 50_000;
const ROWS: u32 = 15_000;

fn uuid(person: u32) -> String {
    format!("00000000-0000-4000-8000-{person:012}")
}

fn number(line: u32) -> String {
    format!("+4420{line:08}")
}

fn person(at: u32) -> PersonFact {
    let display_name = format!("Person {at}");
    let has_calling = at >= 20_000;
    PersonFact {
        id: uuid(at),
        key: uuid(at),
        name_key: name_key(&display_name),
        display_name,
        email: Some(format!("person{at}@example.com")),
        extension: has_calling.then(|| (10_000 + at).to_string()),
        numbers: has_calling.then(|| number(at)).into_iter().collect(),
        location_key: has_calling.then(|| format!("place-{}", at % 40)),
        licences: if has_calling {
            vec!["calling".to_owned()]
        } else {
            Vec::new()
        },
    }
}

fn line(at: u32) -> NumberFact {
    let owned = at >= 20_000;
    NumberFact {
        phone_number: Some(number(at)),
        digits: Some(digits(&number(at))),
        extension: owned.then(|| (10_000 + at).to_string()),
        location_key: Some(if owned {
            format!("place-{}", at % 40)
        } else {
            "place-0".to_owned()
        }),
        owner_key: owned.then(|| uuid(at)),
        owner_type: owned.then(|| "PEOPLE".to_owned()),
        owner_name: owned.then(|| format!("Person {at}")),
    }
}

/// Every `wrong`th row is about somebody Webex does not know.
fn rows(wrong: u32) -> Vec<Assignment> {
    (0..ROWS)
        .map(|at| Assignment {
            file: 0,
            row: at + 1,
            line: at + 2,
            ext_key: (30_000 + at).to_string(),
            identity: Identity::Name(if at % wrong == 0 {
                format!("Nobody {at}")
            } else {
                format!("Person {at}")
            }),
            number: Some(number(at)),
        })
        .collect()
}

fn main() {
    let snapshot = Snapshot {
        people: (0..PEOPLE).map(person).collect(),
        numbers: (0..PEOPLE).map(line).collect(),
        licences: vec![LicenceFact {
            id: "calling".to_owned(),
            key: "calling".to_owned(),
            name: "Webex Calling - Professional".to_owned(),
            total: 100_000,
            consumed: 30_000,
        }],
        locations: vec![LocationFact {
            id: "place-0".to_owned(),
            key: "place-0".to_owned(),
            name: "Head office".to_owned(),
            calling_enabled: true,
        }],
        as_of: "2026-01-01T00:00:00Z".to_owned(),
    };
    let scope = Scope {
        location: Some(LocationChoice {
            id: "place-0".to_owned(),
            name: "Head office".to_owned(),
        }),
        calling_licence: Some(LicenceChoice {
            id: "calling".to_owned(),
            name: "Webex Calling - Professional".to_owned(),
        }),
        add_ons: Vec::new(),
    };
    for (what, rows) in [("clean", rows(ROWS)), ("every row wrong", rows(1))] {
        let began = Instant::now();
        let judged = judge(&scope, &rows, &snapshot);
        let wrong = judged.items.iter().filter(|item| item.code.is_some()).count();
        println!(
            "{what}: {ROWS} rows against {PEOPLE} people in {:?}, {wrong} at odds",
            began.elapsed()
        );
    }
}
