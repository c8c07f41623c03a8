//! Reports and samples as files.

use crate::support::desk::{RunToEnd, text};
use crate::support::files::{BY_NAME, LOCATION, Report, by_uuid, field, rows};
use crate::support::{Desk, SandboxProcess, binary};
use serde_json::{Value, json};

#[test]
fn both_samples_are_right_and_say_their_columns() {
    let desk = Desk::new();
    for (by, header) in [
        ("name", "Ext Key,User's Name,Number"),
        ("uuid", "Ext Key,Identity UUID,Number"),
    ] {
        let printed = binary().args(["bulk", "sample", "--by", by]).ended().expect(0);
        let first = printed.text().trim_start_matches('\u{feff}').lines().next();
        assert_eq!(first, Some(header));
        let path = desk.path(&format!("{by}.csv"));
        let saved = binary()
            .args(["bulk", "sample", "--by", by, "--out"])
            .arg(&path)
            .ended()
            .expect(0);
        assert_eq!(saved.text(), "", "the file is the output");
        assert_eq!(std::fs::read(&path).expect("the file"), printed.out);
        let result = binary()
            .args(["bulk", "validate", "--format", "json"])
            .arg(&path)
            .ended()
            .expect(0)
            .json();
        assert_eq!((&result["identity"], &result["issues"]), (&by.into(), &json!([])));
        assert!(result["files"][0]["rows"].as_u64().is_some_and(|rows| rows > 0));
    }
    assert!(!desk.data.exists(), "a sample needs no data folder");
    binary()
        .args(["bulk", "sample", "--by", "name", "--out"])
        .arg(desk.path("no/such/folder.csv"))
        .ended()
        .expect(2);
}

#[test]
fn the_audit_log_is_handed_out_with_a_word_on_its_chain() {
    let sandbox = SandboxProcess::serve(&["--seed", "awkward", "--auto-consent"]);
    let desk = Desk::connected(&sandbox);
    let printed = desk.run(&["export", "audit"]).expect(0);
    let lines: Vec<Value> = printed
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON Lines"))
        .collect();
    assert!(
        lines.iter().any(|line| line["event"] == "organisation_added"),
        "{lines:#?}"
    );
    assert!(printed.err.contains("the chain is intact"), "{}", printed.err);
    let path = desk.path("audit.jsonl");
    let saved = desk.run(&["export", "audit", "--out", &text(&path)]).expect(0);
    assert_eq!(saved.text(), "", "the file is the output");
    assert_eq!(std::fs::read(&path).expect("the file"), printed.out);
}

const HEADER: [&str; 10] = [
    "Row",
    "Ext Key",
    "User's Name",
    "Number",
    "Outcome",
    "Code",
    "Message",
    "Tracking ID",
    "Started",
    "Finished",
];

#[test]
fn both_kinds_of_report_hold_the_contracts_columns() {
    let sandbox = SandboxProcess::serve(&["--seed", "awkward", "--auto-consent"]);
    let desk = Desk::connected(&sandbox);
    let locations = sandbox.numbers();
    let (place, number) = locations
        .iter()
        .filter(|number| number["active"] == true && number["owner_type"].is_null())
        .find_map(|number| Some((number["location_name"].as_str()?, number["number"].as_str()?)))
        .expect("a free number");
    let people = sandbox.people("?calling=false");
    let formula = people
        .iter()
        .map(|person| field(person, "display_name"))
        .find(|name| name.starts_with(['=', '+', '-', '@']))
        .expect("a name like a formula");
    let file = desk.file(
        "people.csv",
        format!(
            "{BY_NAME}8870,\"{}\",{number}\n0881,\"Nobody, \"\"Here\"\"\",\n",
            formula.replace('"', "\"\"")
        ),
    );
    let licence = sandbox
        .licences()
        .iter()
        .find(|licence| field(licence, "name").contains("Professional"))
        .map(|licence| field(licence, "id").to_owned())
        .expect("a licence");
    let arguments = [
        "bulk",
        "run",
        &file,
        "--org",
        crate::support::desk::ORG,
        "--location",
        place,
        "--licence",
        &licence,
        "--yes",
        "--format",
        "json",
    ];
    let result = desk.run(&arguments).expect(1).json();
    let run = field(&result, "run");

    let plain = desk.report(run);
    assert_eq!(plain.header, HEADER);
    let line = |report: &Report, row: usize| report.rows[row][..6].to_vec();
    assert_eq!(
        line(&plain, 0),
        ["1", "8870", formula, number, "assigned", ""],
        "loss-free"
    );
    assert_eq!(
        line(&plain, 1),
        ["2", "0881", "Nobody, \"Here\"", "", "skipped", "user_not_found"]
    );
    let (tracking, started, finished) = (
        plain.cell(&plain.rows[0], "Tracking ID"),
        plain.cell(&plain.rows[0], "Started"),
        plain.cell(&plain.rows[0], "Finished"),
    );
    let sent = sandbox.assignments();
    assert!(
        sent.iter().any(|entry| entry["tracking_id"] == tracking),
        "{tracking} is the answer's"
    );
    assert!(
        started.ends_with('Z') && finished.ends_with('Z') && started.contains('T'),
        "{started} {finished}"
    );
    assert!(started <= finished);

    let path = desk.path("sheet.csv");
    desk.run(&[
        "bulk",
        "report",
        run,
        "--kind",
        "spreadsheet",
        "--out",
        &text(&path),
    ])
    .expect(0);
    let sheet = Report::read(&std::fs::read(&path).expect("the file"));
    assert_eq!(sheet.header, HEADER);
    assert_eq!(sheet.rows.len(), plain.rows.len());
    for cell in sheet.rows.iter().flatten() {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "a spreadsheet would compute {cell:?}"
        );
    }
    let reimport = desk.run(&["bulk", "report", run, "--kind", "reimport"]).expect(0);
    assert_eq!(Report::read(&reimport.out).rows, plain.rows, "the default kind");

    let fed = desk.file("report.csv", &reimport.out);
    let checked = binary()
        .args(["bulk", "validate", "--format", "json", &fed])
        .ended()
        .expect(0)
        .json();
    let codes: Vec<&Value> = checked["issues"]
        .as_array()
        .expect("issues")
        .iter()
        .map(|issue| &issue["code"])
        .collect();
    assert_eq!(codes, ["name_is_formula"], "its result columns are known");
}

#[test]
fn a_report_by_uuid_has_the_uuid_column() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, 2);
    let file = desk.file("people.csv", by_uuid(&rows));
    let result = desk
        .assign(&sandbox, &file, &["--format", "json"])
        .expect(0)
        .json();
    let report = desk.report(field(&result, "run"));
    let mut header = HEADER;
    header[2] = "Identity UUID";
    assert_eq!(report.header, header);
    assert_eq!(
        report.column("Identity UUID"),
        rows.iter().map(|row| row.uuid.as_str()).collect::<Vec<_>>()
    );
    assert_eq!(
        sandbox.people(&format!("?uuid={}", rows[0].uuid))[0]["location_name"],
        LOCATION
    );
}
