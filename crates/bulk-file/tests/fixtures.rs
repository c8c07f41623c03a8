//! The fixture files, whole: every finding with its place, value, fix and sentence.

#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;

use bulk_file::{Code, Document, FileInput, IdentityKind, Limits, Severity, sample};
use common::codes;

fn fixture(name: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures/bulk")
        .join(name);
    Document::open(
        vec![FileInput::new(name, std::fs::read(path).unwrap())],
        Limits::default(),
    )
}

fn told(document: &Document) -> String {
    let place = |i: &bulk_file::Issue| match (i.row, i.line) {
        (Some(row), Some(line)) => format!("row {row} line {line}"),
        _ => "file".to_owned(),
    };
    document
        .issues()
        .map(|i| {
            let severity = if i.severity == Severity::Error {
                "error"
            } else {
                "warning"
            };
            let cell = i.cell.clone().unwrap_or_default();
            let fix = i
                .fix
                .as_ref()
                .map(|f| format!("\n    fix: {}", f.value))
                .unwrap_or_default();
            let cause = i
                .cause
                .as_ref()
                .map(|c| format!("\n    cause: {c}"))
                .unwrap_or_default();
            let related = if i.related_rows.is_empty() {
                String::new()
            } else {
                format!(" {:?}", i.related_rows)
            };
            format!(
                "{} {cell} {severity} {}{related}\n    {}{cause}{fix}\n",
                place(&i),
                i.code,
                i.message
            )
        })
        .collect()
}

#[test]
fn clean_fixtures_are_right() {
    let clean: [&str; 0] = [];
    for (name, rows) in [
        ("by-name.csv", 2),
        ("by-uuid.csv", 2),
        ("utf-16.csv", 2),
        ("report-with-failures.csv", 1),
    ] {
        let document = fixture(name);
        assert_eq!(codes(&document), clean, "{name}");
        assert_eq!(document.assignments().len(), rows, "{name}");
    }
    assert_eq!(fixture("by-name.csv").corrected(0), sample(IdentityKind::Name));
    assert_eq!(fixture("by-uuid.csv").corrected(0), sample(IdentityKind::Uuid));
}

#[test]
fn other_fixtures() {
    assert_eq!(codes(&fixture("windows-1252.csv")), ["-:encoding_guessed"]);
    assert_eq!(codes(&fixture("no-header.csv")), ["-:missing_column"]);
}

#[test]
fn every_problem() {
    insta::assert_snapshot!("every_problem", told(&fixture("every-problem.csv")));
    insta::assert_snapshot!("every_uuid_problem", told(&fixture("every-uuid-problem.csv")));
}

#[test]
fn the_fixtures_hold_every_rule_of_a_row() {
    let (names, uuids) = (fixture("every-problem.csv"), fixture("every-uuid-problem.csv"));
    let found: Vec<Code> = names.issues().chain(uuids.issues()).map(|i| i.code).collect();
    let of_a_row = Code::ALL
        .iter()
        .skip_while(|c| **c != Code::UnknownColumn)
        .take_while(|c| **c != Code::RowsShifted);
    for code in of_a_row {
        assert!(found.contains(code), "{code}");
    }
}

/// The contract of `bulk validate`, field by field.
#[test]
fn report_is_the_contract() {
    let document = Document::open(
        vec![FileInput::new(
            "users.csv",
            &b"Ext Key,User's Name,Number\r\n101,A,\r\n102,B,\r\n12,C,\r\n"[..],
        )],
        Limits::default(),
    );
    let report = serde_json::to_value(document.report()).unwrap();
    let file = &report["files"][0];
    assert_eq!((&file["path"], &file["bytes"]), (&"users.csv".into(), &51.into()));
    assert_eq!(
        (&file["encoding"], &file["delimiter"], &file["rows"]),
        (&"UTF-8".into(), &",".into(), &3.into())
    );
    assert_eq!(report["identity"], "name");
    assert_eq!(
        (&report["valid"], &report["errors"], &report["warnings"]),
        (&false.into(), &1.into(), &0.into())
    );
    let issue = report["issues"][0].as_object().unwrap();
    let fields: Vec<&str> = issue.keys().map(String::as_str).collect();
    for field in [
        "file",
        "row",
        "line",
        "column",
        "value",
        "code",
        "severity",
        "message",
        "related_rows",
        "fix",
    ] {
        assert!(fields.contains(&field), "{field}");
    }
    assert_eq!(
        (&issue["row"], &issue["line"], &issue["column"]),
        (&3.into(), &4.into(), &"Ext Key".into())
    );
    assert_eq!(issue["message"], "Ext Key must have 3 to 5 digits; \"12\" has 2.");
    assert!(issue["fix"].is_null());
}
