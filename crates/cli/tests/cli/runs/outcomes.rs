//! Rows that cannot be assigned, answers that mislead, holds: each row ends as what Webex holds.

use crate::support::assigning::{PROFESSIONAL, applied, counts, report_equals_state};
use crate::support::desk::ORG;
use crate::support::files::{BY_NAME, LOCATION, Report, Row, by_name, field, licence, rows};
use crate::support::{Desk, SandboxProcess};
use serde_json::json;

fn codes(report: &Report) -> Vec<(&str, &str)> {
    report
        .column("Outcome")
        .into_iter()
        .zip(report.column("Code"))
        .collect()
}

#[test]
fn conflicts_are_left_out_with_their_code_and_the_rest_is_assigned() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let good = rows(&sandbox, 0, 8);
    let people = sandbox.people("?calling=true");
    let assigned = people
        .iter()
        .find(|person| person["location_name"] == LOCATION && person["number"].is_string())
        .expect("somebody with calling");
    let elsewhere = sandbox
        .numbers()
        .into_iter()
        .find(|number| number["location_name"] == "London Southwark" && number["owner"].is_null())
        .expect("a number");
    let feature = sandbox
        .numbers()
        .into_iter()
        .find(|number| number["location_name"] == LOCATION && number["owner_type"] == "HUNT_GROUP")
        .expect("a hunt group");
    let name = |row: &Row| format!("\"{}\"", row.name);
    let content = [
        BY_NAME.to_owned(),
        format!("{},{},\n", good[0].ext, name(&good[0])),
        "8801,Nobody Of This Name,\n".to_owned(),
        format!("8802,\"{}\",\n", field(assigned, "display_name")),
        format!("{},{},\n", field(assigned, "extension"), name(&good[1])),
        format!("{},{},\n", field(&feature, "extension"), name(&good[2])),
        format!("8803,{},+6512345678\n", name(&good[3])),
        format!("8804,{},{}\n", name(&good[4]), field(assigned, "number")),
        format!("8805,{},{}\n", name(&good[5]), field(&elsewhere, "number")),
        format!("{},{},\n", good[6].ext, name(&good[6])),
    ]
    .concat();
    let file = desk.file("people.csv", content);
    let ended = desk.assign(&sandbox, &file, &["--format", "json"]).expect(1);
    let result = ended.json();
    assert_eq!(counts(&result), [9, 2, 0, 0, 7, 0]);
    for code in [
        "user_not_found",
        "user_already_assigned",
        "extension_taken",
        "number_not_in_inventory",
        "number_taken",
    ] {
        assert!(ended.err.contains(code), "the plan names {code}: {}", ended.err);
    }
    let report = desk.report(field(&result, "run"));
    assert_eq!(
        codes(&report),
        [
            ("assigned", ""),
            ("skipped", "user_not_found"),
            ("skipped", "user_already_assigned"),
            ("skipped", "extension_taken"),
            ("skipped", "extension_taken"),
            ("skipped", "number_not_in_inventory"),
            ("skipped", "number_taken"),
            ("skipped", "number_not_in_inventory"),
            ("assigned", ""),
        ]
    );
    for line in report
        .rows
        .iter()
        .filter(|line| report.cell(line, "Outcome") == "skipped")
    {
        assert!(report.cell(line, "Message").ends_with('.'), "{line:?}");
        assert_eq!(report.cell(line, "Tracking ID"), "", "nothing was sent for it");
    }
    let taken = report.cell(&report.rows[3], "Message");
    assert!(
        taken.contains(field(assigned, "display_name")),
        "it says by whom: {taken}"
    );
    assert_eq!(
        sandbox.assignments().len(),
        2,
        "no request for a row that is left out"
    );

    let sent = desk.file(
        "report.csv",
        desk.run(&["bulk", "report", field(&result, "run")]).expect(0).out,
    );
    desk.run(&["bulk", "validate", &sent]).expect(0);
}

#[test]
fn too_few_licences_and_add_ons_leave_the_last_rows_out() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, 8);
    let file = desk.file("people.csv", by_name(&rows));
    let result = desk
        .assign(
            &sandbox,
            &file,
            &["--addon", "Webex Attendant Console", "--format", "json"],
        )
        .expect(1)
        .json();
    assert_eq!(
        counts(&result),
        [8, 3, 0, 0, 5, 0],
        "three units of the add-on are left in the demo"
    );
    let report = desk.report(field(&result, "run"));
    assert!(
        codes(&report)[3..]
            .iter()
            .all(|code| *code == ("skipped", "addon_insufficient")),
        "{:?}",
        codes(&report)
    );
    report_equals_state(&sandbox, &report, &rows);

    let id = licence(&sandbox, PROFESSIONAL);
    let used = sandbox
        .licences()
        .iter()
        .find(|licence| licence["id"] == id.as_str())
        .and_then(|licence| licence["consumed"].as_u64())
        .expect("units used");
    sandbox.post("/licences", &json!({ "licence": id, "total": used + 2 }));
    let result = desk
        .assign(&sandbox, &file, &["--format", "json"])
        .expect(1)
        .json();
    assert_eq!(counts(&result), [8, 2, 3, 0, 3, 0]);
    let report = desk.report(field(&result, "run"));
    assert!(
        codes(&report)[5..]
            .iter()
            .all(|code| *code == ("skipped", "licences_insufficient")),
        "{:?}",
        codes(&report)
    );
}

#[test]
fn a_name_of_several_people_is_left_out_with_the_candidates() {
    let sandbox = SandboxProcess::serve(&["--seed", "awkward", "--auto-consent"]);
    let desk = Desk::copied(&sandbox);
    let people = sandbox.people("?calling=false");
    let folded = |person: &serde_json::Value| field(person, "display_name").trim().to_lowercase();
    let twin = people
        .iter()
        .find(|person| {
            people
                .iter()
                .filter(|other| folded(other) == folded(person))
                .count()
                > 1
        })
        .expect("the seed has people of one name");
    let file = desk.file(
        "people.csv",
        format!("{BY_NAME}8800,\"{}\",\n", field(twin, "display_name").trim()),
    );
    let checked = desk
        .run(&["bulk", "validate", &file, "--org", ORG, "--format", "json"])
        .expect(1)
        .json();
    assert_eq!(checked["issues"][0]["code"], "user_ambiguous");
    assert!(
        field(&checked["issues"][0], "message").contains('@'),
        "the candidates are listed: {}",
        checked["issues"][0]
    );
}

#[test]
fn the_copy_is_asked_too_when_an_organisation_is_named() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::copied(&sandbox);
    let good = rows(&sandbox, 0, 3);
    let assigned = sandbox
        .people("?calling=true")
        .into_iter()
        .find(|person| person["number"].is_string())
        .expect("somebody with calling");
    let content = format!(
        "{BY_NAME}{},{},\n8801,Nobody Of This Name,\n8802,\"{}\",\n8803,{},+6512345678\n8804,{},{}\n",
        good[0].ext,
        good[0].name,
        field(&assigned, "display_name"),
        good[1].name,
        good[2].name,
        field(&assigned, "number")
    );
    let file = desk.file("people.csv", content);
    let before = sandbox.journal("").len();
    let ended = desk
        .run(&["bulk", "validate", &file, "--org", ORG, "--format", "json"])
        .expect(1);
    let result = ended.json();
    let issues = result["issues"].as_array().expect("issues");
    let found: Vec<_> = issues
        .iter()
        .map(|issue| {
            (
                issue["row"].as_u64().unwrap_or(0),
                field(issue, "code"),
                field(issue, "column"),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (2, "user_not_found", "User's Name"),
            (3, "user_already_assigned", "User's Name"),
            (4, "number_not_in_inventory", "Number"),
            (5, "number_taken", "Number"),
        ]
    );
    assert!(issues.iter().all(|issue| issue["severity"] == "error"
        && issue["line"].as_u64() == issue["row"].as_u64().map(|row| row + 1)));
    assert!(
        ended.err.contains("as of"),
        "the age of the copy is said: {}",
        ended.err
    );
    assert_eq!(sandbox.journal("").len(), before, "the check is offline");
}

#[test]
fn a_column_sorted_alone_is_noticed() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::copied(&sandbox);
    let people: Vec<_> = sandbox
        .people("?calling=true")
        .into_iter()
        .filter(|person| person["location_name"] == LOCATION && person["number"].is_string())
        .take(40)
        .collect();
    let mut content = BY_NAME.to_owned();
    for (person, next) in people.iter().zip(people.iter().cycle().skip(1)) {
        content.push_str(&format!(
            "{},\"{}\",{}\n",
            field(person, "extension"),
            field(person, "display_name"),
            field(next, "number")
        ));
    }
    let file = desk.file("shifted.csv", content);
    let result = desk
        .run(&["bulk", "validate", &file, "--org", ORG, "--format", "json"])
        .expect(1)
        .json();
    let shifted = result["issues"]
        .as_array()
        .expect("issues")
        .iter()
        .find(|issue| issue["code"] == "rows_shifted")
        .expect("the warning");
    assert_eq!(shifted["severity"], "warning");
    let straight: String = people
        .iter()
        .map(|person| {
            format!(
                "{},\"{}\",{}\n",
                field(person, "extension"),
                field(person, "display_name"),
                field(person, "number")
            )
        })
        .collect();
    let file = desk.file("straight.csv", format!("{BY_NAME}{straight}"));
    let result = desk
        .run(&["bulk", "validate", &file, "--org", ORG, "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(result["errors"], 0, "who has exactly this already is no issue");
}

#[test]
fn misleading_answers_fail_no_row_and_double_none() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, 40);
    let status = |status: u16, when: &str, body: &str| json!({ "kind": "status", "status": status, "when": when, "body": body });
    let throttled =
        |after: &str| json!({ "kind": "status", "status": 429, "when": "before", "retry_after": after });
    let effects = [
        status(502, "after", "html"),
        status(502, "before", "html"),
        status(504, "after", "empty"),
        status(500, "after", "error"),
        status(400, "after", "error"),
        status(503, "before", "empty"),
        json!({ "kind": "drop", "when": "before" }),
        json!({ "kind": "drop", "when": "after" }),
        json!({ "kind": "delay", "millis": 2_000, "when": "after" }),
        throttled("1"),
        throttled("rand(30),add(30)"),
        throttled("soon"),
    ];
    for (row, effect) in rows.iter().skip(5).zip(effects) {
        sandbox.fault(&json!({ "match": { "method": "PATCH", "person": row.email }, "effect": effect }));
    }
    let file = desk.file("people.csv", by_name(&rows));
    let result = desk
        .assign(&sandbox, &file, &["--format", "json"])
        .expect(0)
        .json();
    let all = rows.len() as u64;
    assert_eq!(counts(&result), [all, all, 0, 0, 0, 0]);
    let journal = sandbox.assignments();
    let times = applied(&journal);
    assert!(
        rows.iter().all(|row| times.get(&row.email) == Some(&1)),
        "{times:?}"
    );
    assert!(
        journal.iter().all(|entry| entry["early"] != true),
        "no request before its Retry-After has passed"
    );
    report_equals_state(&sandbox, &desk.report(field(&result, "run")), &rows);
}
