//! The report of a run beside the sandbox's state: they must say the same.

use crate::templates::{LICENCE, PLACE};
use crate::world::World;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::HashMap;
use webex_sandbox::{JournalEntry, PersonView};

/// The report of a run, compared with Webex.
#[derive(Debug)]
pub struct Report {
    pub rows: Vec<Value>,
}

impl Report {
    pub fn count(&self, outcome: &str) -> usize {
        self.rows.iter().filter(|row| row["outcome"] == outcome).count()
    }

    /// The row about `extension`.
    pub fn of(&self, extension: &str) -> &Value {
        self.rows
            .iter()
            .find(|row| row["extKey"] == extension)
            .expect("a row of that extension")
    }
}

impl World {
    /// The report as the page shows it.
    pub async fn report(&self, run: &str) -> Report {
        let mut rows: Vec<Value> = Vec::new();
        loop {
            let window = self
                .call("runs.report", json!({ "run": run, "filter": {"outcome": null, "code": null, "search": null, "sort": null}, "offset": rows.len(), "limit": 500 }))
                .await;
            let found = window["rows"].as_array().unwrap();
            rows.extend(found.iter().cloned());
            if found.is_empty() || rows.len() >= window["total"].as_u64().unwrap() as usize {
                return Report { rows };
            }
        }
    }

    /// The report of an ended run, proved: every row once, each outcome as Webex shows it, no user assigned twice, no
    /// request after one that worked, none before a `Retry-After` had passed.
    pub async fn truth(&self, run: &str) -> Report {
        let report = self.report(run).await;
        let progress = self.progress(run).await;
        let mut positions: Vec<u64> = report
            .rows
            .iter()
            .map(|row| row["row"].as_u64().unwrap())
            .collect();
        positions.sort_unstable();
        assert_eq!(
            positions,
            (1..=progress["rows"].as_u64().unwrap()).collect::<Vec<_>>(),
            "every row stands once in the report"
        );
        for (field, outcome) in [
            ("assigned", "assigned"),
            ("already", "already_assigned"),
            ("failed", "failed"),
            ("skipped", "skipped"),
            ("unknown", "unknown"),
        ] {
            assert_eq!(
                progress[field].as_u64().unwrap() as usize,
                report.count(outcome),
                "{field} of {progress:#}"
            );
        }
        assert_eq!(
            (
                &progress["pending"],
                report.count("pending"),
                report.count("sending")
            ),
            (&json!(0), 0, 0)
        );
        for row in &report.rows {
            self.compare(row);
        }
        self.nobody_twice();
        self.nothing_early();
        report
    }

    /// No request before a `Retry-After` had passed, but for those that were on their way when it came.
    fn nothing_early(&self) {
        const ON_ITS_WAY: SignedDuration = SignedDuration::from_millis(300);
        let at = |entry: &JournalEntry| entry.at.parse::<Timestamp>().unwrap();
        let mut refused = None;
        for entry in self.journal() {
            if entry.early {
                let since = refused.map(|refused| at(&entry).duration_since(refused));
                assert!(
                    since.is_some_and(|since| since < ON_ITS_WAY),
                    "before Retry-After had passed, {since:?} after the refusal: {entry:#?}"
                );
            }
            if matches!(entry.status, Some(429 | 503)) {
                refused = Some(at(&entry));
            }
        }
    }

    fn compare(&self, row: &Value) {
        let identity = row["identity"].as_str().unwrap();
        let person = self.sandbox.person(identity).or_else(|| {
            self.sandbox
                .people()
                .into_iter()
                .find(|person| person.display_name == identity)
        });
        let has = person.as_ref().is_some_and(|person| self.holds(person, row));
        let partly = matches!(
            row["code"].as_str(),
            Some("licences_incomplete" | "number_not_given")
        );
        match row["outcome"].as_str().unwrap() {
            "assigned" | "already_assigned" => {
                assert!(has, "reported assigned, but Webex has {person:#?} for {row:#}")
            }
            "failed" if partly => assert!(
                has,
                "reported as partly given, but Webex has {person:#?} for {row:#}"
            ),
            "failed" | "skipped" => assert!(
                !has,
                "reported as not assigned, but Webex has {person:#?} for {row:#}"
            ),
            other => panic!("the outcome {other} of {row:#}"),
        }
    }

    /// Whether the person has the calling licence, here, with the row's extension and number.
    fn holds(&self, person: &PersonView, row: &Value) -> bool {
        let licence = self.licence(LICENCE)["id"].as_str().unwrap().to_owned();
        person.licences.contains(&licence)
            && person.location_name.as_deref() == Some(PLACE)
            && person.extension.as_deref() == row["extKey"].as_str()
            && person.number.as_deref() == row["number"].as_str()
    }

    /// No assignment changed a person a second time, and none was sent after one that worked.
    fn nobody_twice(&self) {
        let mut done: HashMap<String, u64> = HashMap::new();
        for entry in self.assignments() {
            let body = entry.body.as_ref().expect("an assignment has a body");
            let person = body["personId"]
                .as_str()
                .expect("an assignment names a person")
                .to_owned();
            if let Some(seq) = done.get(&person) {
                panic!("{person} was assigned by request {seq} and asked for again by {entry:#?}");
            }
            if entry.applied {
                done.insert(person, entry.seq);
            }
        }
    }

    /// Nothing is left open: no transaction runs, and the audit chain holds.
    pub async fn settled(&self) {
        let open = self
            .call("transactions.list", json!({ "filter": {"organisation": null, "state": "running", "search": null}, "offset": 0, "limit": 10 }))
            .await;
        assert_eq!(open["total"], 0, "{open:#}");
        let path = self.folder.path().join("bundle.json");
        self.call("app.supportBundle", json!({ "path": path })).await;
        let bundle: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert!(
            bundle["auditEntries"]["Ok"]
                .as_u64()
                .is_some_and(|entries| entries > 0),
            "{}",
            bundle["auditEntries"]
        );
    }
}
