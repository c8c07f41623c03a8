//! What stops a run before anything was sent, and what is said then.

use crate::support::assigning::{PROFESSIONAL, as_text};
use crate::support::desk::{ORG, RunToEnd};
use crate::support::files::{BY_NAME, LOCATION, by_name, licence, rows};
use crate::support::process::run_with_input;
use crate::support::{Desk, SandboxProcess};
use serde_json::json;

#[test]
fn errors_of_the_file_stop_it_before_any_request() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let mut content = by_name(&rows(&sandbox, 0, 5));
    content.push_str("12,Somebody Else,\n");
    let file = desk.file("wrong.csv", content);
    let before = sandbox.journal("").len();
    let ended = desk.assign(&sandbox, &file, &["--format", "json"]).expect(1);
    let object = ended.json();
    assert_eq!(
        (&object["valid"], &object["issues"][0]["code"]),
        (&false.into(), &"ext_key_length".into())
    );
    let ended = desk.assign(&sandbox, &file, &[]).expect(1);
    assert!(
        format!("{}{}", ended.text(), ended.err).contains("Ext Key must have 3 to 5 digits; \"12\" has 2.")
    );
    assert_eq!(sandbox.journal("").len(), before, "no request at all");
    assert_eq!(desk.runs(), [], "and no run");
}

#[test]
fn a_licence_without_limit_is_said_to_be_unlimited() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let id = licence(&sandbox, PROFESSIONAL);
    let list = json!({ "items": [{ "id": id, "name": PROFESSIONAL, "totalUnits": -1, "consumedUnits": 3 }] });
    sandbox.fault(&json!({
        "match": { "method": "GET", "path": "/v1/licenses" }, "count": null,
        "effect": { "kind": "status", "status": 200, "when": "before", "body": { "json": list } },
    }));
    let file = desk.file("people.csv", by_name(&rows(&sandbox, 0, 2)));
    let ended = desk.assign(&sandbox, &file, &[]).expect(0);
    assert!(ended.err.contains("needs 2, free unlimited"), "{}", ended.err);
}

#[test]
fn without_yes_and_without_a_terminal_it_is_status_2() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let file = desk.file("people.csv", by_name(&rows(&sandbox, 0, 3)));
    let mut arguments = desk.run_arguments(&sandbox, &[&file], &[]);
    arguments.retain(|argument| argument != "--yes");
    let arguments = as_text(&arguments);
    let before = sandbox.journal("").len();
    let ended = desk.run(&arguments).expect(2);
    assert!(ended.err.contains("--yes"), "{}", ended.err);
    let ended = run_with_input(&mut desk.command(&arguments), b"yes\n").expect(2);
    assert_eq!(ended.text(), "", "a pipe is no person");
    assert_eq!(sandbox.journal("").len(), before);
}

#[test]
fn names_that_do_not_lead_to_one_object_are_refused_with_what_there_is() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let file = desk.file("people.csv", by_name(&rows(&sandbox, 0, 3)));
    let id = licence(&sandbox, PROFESSIONAL);
    let cases: &[(&[&str], &[&str])] = &[
        (
            &["--org", "Nowhere Ltd", "--location", LOCATION, "--licence", &id],
            &["Nowhere Ltd", ORG],
        ),
        (
            &["--org", ORG, "--location", "Atlantis", "--licence", &id],
            &["Atlantis", LOCATION],
        ),
        (
            &["--org", ORG, "--location", "Ghent Warehouse", "--licence", &id],
            &["Ghent Warehouse", "Calling"],
        ),
        (
            &[
                "--org",
                ORG,
                "--location",
                LOCATION,
                "--licence",
                "Webex Telepathy",
            ],
            &["Webex Telepathy", PROFESSIONAL],
        ),
        (
            &["--org", ORG, "--location", LOCATION, "--licence", PROFESSIONAL],
            &["id", &id],
        ),
        (
            &[
                "--org",
                ORG,
                "--location",
                LOCATION,
                "--licence",
                &id,
                "--addon",
                "Mind Reading",
            ],
            &["Mind Reading"],
        ),
    ];
    for (options, parts) in cases {
        let arguments = [&["bulk", "run", &file, "--yes"], *options].concat();
        let ended = desk.run(&arguments).expect(1);
        assert_eq!(ended.text(), "", "{options:?}");
        for part in *parts {
            assert!(ended.err.contains(part), "{part} in {}", ended.err);
        }
    }
    assert_eq!(sandbox.assignments().len(), 0);
    assert_eq!(desk.runs(), []);
}

#[test]
fn an_organisation_that_is_not_connected_is_refused() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::new();
    desk.run(&["org", "add", ORG, "--base-url", &sandbox.base_url()])
        .expect(0);
    let file = desk.file("people.csv", format!("{BY_NAME}101,Ann Lee,\n"));
    let ended = desk.assign(&sandbox, &file, &[]).expect(1);
    assert!(ended.err.to_lowercase().contains("connect"), "{}", ended.err);
    assert_eq!(sandbox.journal("").len(), 0);
}

#[test]
fn a_path_that_cannot_be_opened_is_status_2() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let nowhere = desk.path("nowhere.csv");
    desk.assign(&sandbox, nowhere.to_str().expect("text"), &[])
        .expect(2);
    assert_eq!(desk.runs(), []);
}

#[test]
fn an_unknown_run_is_status_1_with_its_name() {
    let desk = Desk::new();
    for arguments in [
        ["bulk", "resume", "no-such-run"],
        ["bulk", "report", "no-such-run"],
    ] {
        let ended = desk.run(&arguments).expect(1);
        assert_eq!(ended.text(), "");
        assert!(ended.err.contains("run"), "{}", ended.err);
    }
    let ended = desk.run(&["bulk", "list"]).expect(0);
    assert!(!ended.text().trim().is_empty(), "an empty list says so");
    assert_eq!(
        desk.run(&["bulk", "list", "--format", "json"]).expect(0).text(),
        "{\"runs\":[]}\n"
    );
}

#[test]
fn a_locked_vault_is_said_before_anything_is_sent() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let file = desk.file("people.csv", by_name(&rows(&sandbox, 0, 3)));
    let arguments = desk.run_arguments(&sandbox, &[&file], &[]);
    let before = sandbox.journal("").len();
    let mut command = crate::support::binary();
    // No keychain can answer here either.
    command
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("DISPLAY")
        .env("XDG_RUNTIME_DIR", desk.path("none"));
    let ended = command
        .arg("--data-dir")
        .arg(&desk.data)
        .args(as_text(&arguments))
        .ended()
        .expect(1);
    assert!(ended.err.contains("--vault-passphrase-env"), "{}", ended.err);
    assert_eq!(sandbox.journal("").len(), before);
}
