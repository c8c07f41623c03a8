//! The planner, for any snapshot and any file (product B6, B7).

use bulk_file::{Assignment, Identity};
use patchbay_core::bulk_assignments::plan::{Spec, plan};
use patchbay_core::bulk_assignments::{LicenceChoice, LocationChoice, PlannedOutcome};
use patchbay_core::mirror::snapshot::{
    LicenceFact, LocationFact, NumberFact, PersonFact, Snapshot, digits, name_key,
};
use proptest::prelude::*;
use std::collections::HashSet;

const PLACES: [&str; 2] = ["place-a", "place-b"];
const LICENCES: [(&str, &str); 3] = [
    ("calling", "Webex Calling - Professional"),
    ("other", "Webex Calling - Standard"),
    ("add-on", "Attendant"),
];

fn uuid(person: usize) -> String {
    format!("00000000-0000-4000-8000-{person:012}")
}

fn number(line: usize) -> String {
    format!("+4416149600{line:02}")
}

fn extension() -> impl Strategy<Value = String> {
    (100_u32..115).prop_map(|extension| extension.to_string())
}

prop_compose! {
    fn person(key: usize)(
        name in 0_usize..12,
        extension in proptest::option::weighted(0.3, extension()),
        line in proptest::option::weighted(0.2, 0_usize..12),
        place in proptest::option::of(0_usize..2),
        licences in proptest::collection::hash_set(0_usize..3, 0..2),
    ) -> PersonFact {
        let display_name = format!("Person {name}");
        PersonFact {
            id: uuid(key),
            key: uuid(key),
            name_key: name_key(&display_name),
            display_name,
            email: None,
            extension,
            numbers: line.map(number).into_iter().collect(),
            location_key: place.map(|place| PLACES[place].to_owned()),
            licences: licences.into_iter().map(|licence| LICENCES[licence].0.to_owned()).collect(),
        }
    }
}

prop_compose! {
    fn line(at: usize)(
        place in 0_usize..2,
        extension in proptest::option::weighted(0.3, extension()),
        owner in proptest::option::weighted(0.3, 0_usize..14),
        feature in proptest::option::weighted(0.1, Just("HUNT_GROUP".to_owned())),
    ) -> NumberFact {
        NumberFact {
            phone_number: Some(number(at)),
            digits: Some(digits(&number(at))),
            extension,
            location_key: Some(PLACES[place].to_owned()),
            owner_type: owner.map(|_| "PEOPLE".to_owned()).or(feature),
            owner_key: owner.map(uuid),
            owner_name: None,
        }
    }
}

prop_compose! {
    fn snapshot()(
        people in (0_usize..14).prop_flat_map(|count| (0..count).map(person).collect::<Vec<_>>()),
        numbers in (0_usize..12).prop_flat_map(|count| (0..count).map(line).collect::<Vec<_>>()),
        units in proptest::collection::vec(-1_i64..12, 3),
        consumed in proptest::collection::vec(0_i64..4, 3),
    ) -> Snapshot {
        Snapshot {
            people,
            numbers,
            licences: LICENCES.iter().zip(units.iter().zip(consumed)).map(|((key, name), (total, consumed))| LicenceFact {
                id: (*key).to_owned(), key: (*key).to_owned(), name: (*name).to_owned(), total: *total, consumed,
            }).collect(),
            locations: PLACES.iter().map(|place| LocationFact {
                id: (*place).to_owned(), key: (*place).to_owned(), name: (*place).to_owned(), calling_enabled: true,
            }).collect(),
            as_of: "2026-01-01T00:00:00Z".to_owned(),
        }
    }
}

fn identity() -> impl Strategy<Value = Identity> {
    prop_oneof![
        (0_usize..16).prop_map(|person| Identity::Uuid(uuid(person))),
        (0_usize..14).prop_map(|name| Identity::Name(format!("person {name}"))),
    ]
}

fn file() -> impl Strategy<Value = Vec<Assignment>> {
    let row = (
        extension(),
        identity(),
        proptest::option::of(0_usize..14),
        any::<bool>(),
    );
    proptest::collection::vec(row, 0..20).prop_map(|rows| {
        rows.into_iter()
            .enumerate()
            .map(|(at, (ext_key, identity, line, plus))| Assignment {
                file: 0,
                row: at as u32 + 1,
                line: at as u32 + 2,
                ext_key,
                identity,
                number: line
                    .map(number)
                    .map(|number| if plus { number } else { digits(&number) }),
            })
            .collect()
    })
}

fn spec() -> impl Strategy<Value = Spec> {
    any::<bool>().prop_map(|add_on| {
        let choice = |at: usize| LicenceChoice {
            id: LICENCES[at].0.to_owned(),
            name: LICENCES[at].1.to_owned(),
        };
        Spec {
            location: LocationChoice {
                id: PLACES[0].to_owned(),
                name: "Place A".to_owned(),
            },
            calling_licence: choice(0),
            add_ons: if add_on { vec![choice(2)] } else { Vec::new() },
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_row_once_and_nothing_twice(spec in spec(), file in file(), snapshot in snapshot()) {
        let planned = plan(&spec, &file, &snapshot);
        prop_assert_eq!(planned.items.len(), file.len());
        let (mut people, mut extensions, mut numbers) = (HashSet::new(), HashSet::new(), HashSet::new());
        for (at, (item, row)) in planned.items.iter().zip(&file).enumerate() {
            prop_assert_eq!((item.row as usize, item.file_row, &item.ext_key), (at + 1, row.row, &row.ext_key));
            if item.outcome == PlannedOutcome::Skip {
                prop_assert!(item.code.is_some() && item.message.is_some() && item.licences.is_empty());
                continue;
            }
            prop_assert!(people.insert(item.person_key.clone().unwrap()), "a person twice: {:?}", item);
            prop_assert!(extensions.insert(item.ext_key.clone()), "an extension twice: {:?}", item);
            if let Some(number) = &item.inventory_number {
                prop_assert!(numbers.insert(digits(number)), "a number twice: {:?}", item);
            }
            prop_assert_eq!(item.number.is_some(), item.inventory_number.is_some());
            prop_assert_eq!(item.outcome == PlannedOutcome::AlreadyAssigned, item.licences.is_empty());
        }
    }

    #[test]
    fn no_more_units_than_there_are(spec in spec(), file in file(), snapshot in snapshot()) {
        let planned = plan(&spec, &file, &snapshot);
        for need in &planned.needs {
            let given = planned.items.iter().filter(|item| item.licences.iter().any(|licence| licence.id == need.licence.id)).count();
            prop_assert!(need.available.is_none_or(|available| given as u64 <= u64::from(available)), "{} of {:?}", given, need.available);
        }
    }

    #[test]
    fn nobody_loses_what_somebody_holds(spec in spec(), file in file(), snapshot in snapshot()) {
        let planned = plan(&spec, &file, &snapshot);
        for item in planned.items.iter().filter(|item| item.outcome == PlannedOutcome::Assign && item.licences[0].id == "calling") {
            let person = item.person_key.as_deref();
            let held = snapshot.people.iter().any(|other| {
                Some(other.key.as_str()) != person
                    && other.location_key.as_deref() == Some(PLACES[0])
                    && other.extension.as_deref() == Some(item.ext_key.as_str())
            });
            prop_assert!(!held, "an extension that somebody has: {:?}", item);
            let wanted = item.inventory_number.as_deref().map(digits);
            let taken = snapshot.numbers.iter().any(|line| {
                line.digits == wanted && wanted.is_some() && line.owner_key.is_some() && line.owner_key.as_deref() != person
            });
            prop_assert!(!taken, "a number that somebody has: {:?}", item);
        }
    }

    #[test]
    fn the_order_of_the_snapshot_means_nothing(
        spec in spec(),
        file in file(),
        (snapshot, other) in snapshot().prop_flat_map(|snapshot| {
            let people = Just(snapshot.people.clone()).prop_shuffle();
            let numbers = Just(snapshot.numbers.clone()).prop_shuffle();
            let licences = Just(snapshot.licences.clone()).prop_shuffle();
            let shuffled = (Just(snapshot.clone()), people, numbers, licences)
                .prop_map(|(snapshot, people, numbers, licences)| Snapshot { people, numbers, licences, ..snapshot });
            (Just(snapshot), shuffled)
        }),
    ) {
        let (one, two) = (plan(&spec, &file, &snapshot), plan(&spec, &file, &other));
        prop_assert_eq!(&one.hash, &two.hash);
        let essence = |planned: &patchbay_core::bulk_assignments::plan::Planned| {
            planned.items.iter().map(|item| (item.outcome, item.code, item.person_key.clone(), item.inventory_number.clone())).collect::<Vec<_>>()
        };
        prop_assert_eq!(essence(&one), essence(&two));
    }
}
