//! Joining the subscribers of a list as they come in. Pure.
//!
//! Who could be joined by an extension alone waits for the end of the list, because the others decide: extensions are told
//! apart within an enterprise only, and a person belongs to one subscriber.

use super::joins::{Joins, Told};
use super::row::{Row, Seen};
use std::collections::{HashMap, HashSet};

pub(super) struct Joining<'a> {
    joins: &'a Joins,
    as_of: &'a str,
    /// Of everybody so far; None stands for those without one.
    enterprises: HashSet<Option<String>>,
    /// Persons that a subscriber is joined with.
    taken: HashSet<String>,
    /// By the key of the subscriber; with the person, and when Webex was asked.
    waiting: HashMap<String, (Told, String, String)>,
}

impl<'a> Joining<'a> {
    pub(super) fn new(joins: &'a Joins, as_of: &'a str) -> Self {
        Self {
            joins,
            as_of,
            enterprises: HashSet::new(),
            taken: HashSet::new(),
            waiting: HashMap::new(),
        }
    }

    /// The row of a subscriber; None where it waits for the end of the list.
    pub(super) fn row(&mut self, told: Told, asked: &str) -> Option<Seen> {
        let enterprise = told.enterprise().map(str::to_owned);
        self.enterprises.insert(enterprise);
        if let Some(person) = self.joins.by_extension(&told) {
            let person = person.key.clone();
            self.waiting.insert(told.key(), (told, person, asked.to_owned()));
            return None;
        }
        let row = self.joins.row(told, self.as_of);
        self.waiting.remove(&row.key);
        if let Some(person) = &row.person_key {
            self.taken.insert(person.clone());
        }
        Some(seen(row, asked))
    }

    /// The rows of those who waited.
    pub(super) fn rest(self) -> Vec<Seen> {
        let (joins, as_of) = (self.joins, self.as_of);
        let mut wanted: HashMap<&str, u32> = HashMap::new();
        for (_, person, _) in self.waiting.values() {
            *wanted.entry(person).or_default() += 1;
        }
        let joined: HashSet<String> = wanted
            .into_iter()
            .filter(|(person, times)| {
                *times == 1 && self.enterprises.len() == 1 && !self.taken.contains(*person)
            })
            .map(|(person, _)| person.to_owned())
            .collect();
        let waiting = self.waiting.into_values();
        waiting
            .map(|(told, person, asked)| {
                let row = if joined.contains(&person) {
                    joins.row_by_extension(told, as_of)
                } else {
                    joins.row(told, as_of)
                };
                seen(row, &asked)
            })
            .collect()
    }
}

fn seen(row: Row, asked: &str) -> Seen {
    Seen {
        row,
        seen_at: asked.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mirror::{Directory, Listed};
    use serde_json::{Value, json};
    use webex_client::BroadworksSubscriber;

    fn joins() -> Joins {
        let person = |key: &str, extension: &str, number: &str| Listed {
            key: key.to_owned(),
            id: key.to_owned(),
            extension: Some(extension.to_owned()),
            numbers: vec![number.to_owned()],
            ..Listed::default()
        };
        Joins::new(Directory {
            people: vec![
                person("ada", "100", "+14085550100"),
                person("ben", "200", "+14085550200"),
            ],
            ..Directory::default()
        })
    }

    /// Whom each subscriber is joined with.
    fn joined(subscribers: Value) -> HashMap<String, Option<String>> {
        let joins = joins();
        let mut joining = Joining::new(&joins, "2026-11-22T00:00:00Z");
        let mut rows = Vec::new();
        for subscriber in subscribers.as_array().unwrap() {
            let told: BroadworksSubscriber = serde_json::from_value(subscriber.clone()).unwrap();
            rows.extend(joining.row(told.into(), "2026-11-22T00:00:01Z"));
        }
        rows.extend(joining.rest());
        rows.into_iter()
            .map(|seen| (seen.row.id, seen.row.person_key))
            .collect()
    }

    fn subscriber(id: &str, enterprise: &str, rest: Value) -> Value {
        let mut subscriber = json!({ "id": id, "spEnterpriseId": enterprise });
        for (name, value) in rest.as_object().unwrap() {
            subscriber[name] = value.clone();
        }
        subscriber
    }

    #[test]
    fn an_extension_joins_where_nothing_speaks_against_it() {
        let found = joined(json!([subscriber("1", "SP+a", json!({ "extension": "100" }))]));
        assert_eq!(found["1"].as_deref(), Some("ada"));
    }

    #[test]
    fn a_number_that_is_nobodys_is_no_extension_of_somebody_else() {
        let stranger = json!({ "extension": "100", "primaryPhoneNumber": "+14085559999" });
        let found = joined(json!([subscriber("1", "SP+a", stranger)]));
        assert_eq!(found["1"], None);
    }

    #[test]
    fn extensions_of_several_enterprises_join_nobody() {
        let found = joined(json!([
            subscriber("1", "SP+a", json!({ "extension": "100" })),
            subscriber("2", "SP+b", json!({ "extension": "300" })),
        ]));
        assert_eq!((&found["1"], &found["2"]), (&None, &None));
    }

    #[test]
    fn a_person_of_another_subscriber_is_joined_with_nobody_else() {
        let found = joined(json!([
            subscriber("1", "SP+a", json!({ "extension": "100" })),
            subscriber("2", "SP+a", json!({ "personId": "ada" })),
            subscriber("3", "SP+a", json!({ "extension": "200" })),
            subscriber("4", "SP+a", json!({ "extension": "200" })),
        ]));
        assert_eq!(found["1"], None);
        assert_eq!(found["2"].as_deref(), Some("ada"));
        assert_eq!(
            (&found["3"], &found["4"]),
            (&None, &None),
            "who of them is ben is open"
        );
    }

    #[test]
    fn who_comes_twice_has_one_row() {
        let twice = subscriber("1", "SP+a", json!({ "extension": "100" }));
        let found = joined(json!([twice.clone(), twice]));
        assert_eq!(found.len(), 1);
        assert_eq!(found["1"].as_deref(), Some("ada"));
    }
}
