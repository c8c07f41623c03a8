//! Running a bulk assignment, and what must hold of it afterwards.

use super::desk::{Desk, ORG};
use super::files::{LOCATION, Report, Row, field, licence};
use super::process::Ended;
use super::sandbox::SandboxProcess;
use serde_json::Value;
use std::collections::HashMap;

pub const PROFESSIONAL: &str = "Webex Calling - Professional";

impl Desk {
    /// Arguments of a run of these files for the demo's first location and the Professional licence.
    pub fn run_arguments(&self, sandbox: &SandboxProcess, files: &[&str], more: &[&str]) -> Vec<String> {
        let licence = licence(sandbox, PROFESSIONAL);
        let mut arguments: Vec<String> = vec!["bulk".into(), "run".into()];
        arguments.extend(files.iter().map(|file| (*file).to_owned()));
        for argument in [
            "--org",
            ORG,
            "--location",
            LOCATION,
            "--licence",
            &licence,
            "--yes",
        ]
        .iter()
        .chain(more)
        {
            arguments.push((*argument).to_owned());
        }
        arguments
    }

    pub fn assign(&self, sandbox: &SandboxProcess, file: &str, more: &[&str]) -> Ended {
        self.run(&as_text(&self.run_arguments(sandbox, &[file], more)))
    }

    /// `bulk list`: run, state, rows; newest first.
    pub fn runs(&self) -> Vec<(String, String, u64)> {
        let listed = self.run(&["bulk", "list", "--format", "json"]).expect(0).json();
        let runs = listed["runs"].as_array().expect("runs").clone();
        runs.iter()
            .map(|run| {
                (
                    field(run, "run").to_owned(),
                    field(run, "state").to_owned(),
                    run["rows"].as_u64().expect("rows"),
                )
            })
            .collect()
    }

    pub fn report(&self, run: &str) -> Report {
        Report::read(&self.run(&["bulk", "report", run]).expect(0).out)
    }
}

pub fn as_text(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

/// The counts of a result, in the contract's order: rows, assigned, already, failed, skipped, unknown.
#[track_caller]
pub fn counts(result: &Value) -> [u64; 6] {
    ["rows", "assigned", "already", "failed", "skipped", "unknown"].map(|name| {
        result[name]
            .as_u64()
            .unwrap_or_else(|| panic!("no {name} in {result}"))
    })
}

/// How often each e-mail was assigned, by the journal: requests that changed something.
pub fn applied(journal: &[Value]) -> HashMap<String, usize> {
    let mut times = HashMap::new();
    for entry in journal.iter().filter(|entry| entry["applied"] == true) {
        *times.entry(field(entry, "person").to_owned()).or_insert(0) += 1;
    }
    times
}

/// The report says what the simulated cloud holds, row for row: who it calls assigned has exactly the row's extension
/// and number there, and nobody else got anything.
#[track_caller]
pub fn report_equals_state(sandbox: &SandboxProcess, report: &Report, rows: &[Row]) {
    assert_eq!(report.rows.len(), rows.len(), "no row is lost and none doubled");
    let people: HashMap<String, Value> = sandbox
        .people("")
        .into_iter()
        .map(|person| (field(&person, "email").to_owned(), person))
        .collect();
    for (line, row) in report.rows.iter().zip(rows) {
        assert_eq!(report.cell(line, "Ext Key"), row.ext, "the file's order");
        let person = &people[&row.email];
        match report.cell(line, "Outcome") {
            "assigned" | "already_assigned" => {
                let held = (
                    person["location_name"].as_str(),
                    person["extension"].as_str(),
                    person["number"].as_str(),
                );
                assert_eq!(
                    held,
                    (
                        Some(super::files::LOCATION),
                        Some(row.ext.as_str()),
                        row.number.as_deref()
                    ),
                    "{line:?}"
                );
            }
            "failed" | "skipped" => {
                assert_ne!(person["extension"].as_str(), Some(row.ext.as_str()), "{line:?}")
            }
            other => panic!("{other} in {line:?}"),
        }
    }
}
