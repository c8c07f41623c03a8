//! Three hundred rows from file to report, and the same file once more.

use crate::support::assigning::{applied, as_text, counts, report_equals_state};
use crate::support::desk::{PASSPHRASE, PASSPHRASE_VARIABLE, RunToEnd};
use crate::support::files::{Row, by_name, by_uuid, rows};
#[cfg(unix)]
use crate::support::process::run_with_input;
use crate::support::{Desk, SandboxProcess, binary};
use serde_json::Value;

const ROWS: usize = 300;

#[track_caller]
fn each_once(sandbox: &SandboxProcess, rows: &[Row]) {
    let times = applied(&sandbox.assignments());
    assert_eq!(times.len(), rows.len());
    assert!(
        rows.iter().all(|row| times.get(&row.email) == Some(&1)),
        "each user exactly once: {times:?}"
    );
}

#[test]
fn by_name_as_json_and_again_without_a_write() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, ROWS);
    let file = desk.file("people.csv", by_name(&rows));
    let result = desk
        .assign(&sandbox, &file, &["--format", "json"])
        .expect(0)
        .json();
    assert_eq!(counts(&result), [300, 300, 0, 0, 0, 0]);
    assert!(
        result["requests"]
            .as_u64()
            .is_some_and(|requests| requests >= 300),
        "{result}"
    );
    let run = result["run"].as_str().expect("its id").to_owned();
    assert_eq!(desk.runs(), [(run.clone(), "completed".to_owned(), 300)]);
    each_once(&sandbox, &rows);
    report_equals_state(&sandbox, &desk.report(&run), &rows);

    let before = sandbox.assignments().len();
    let again = desk
        .assign(&sandbox, &file, &["--format", "json"])
        .expect(0)
        .json();
    assert_eq!(counts(&again), [300, 0, 300, 0, 0, 0]);
    assert_eq!(sandbox.assignments().len(), before, "nothing is written again");
    let second = again["run"].as_str().expect("its id");
    let report = desk.report(second);
    assert!(
        report
            .column("Outcome")
            .iter()
            .all(|outcome| *outcome == "already_assigned")
    );
    report_equals_state(&sandbox, &report, &rows);
    let names: Vec<String> = desk.runs().into_iter().map(|(run, ..)| run).collect();
    assert_eq!(names, [second, &run], "newest first");

    let fed = desk.file("report.csv", desk.run(&["bulk", "report", &run]).expect(0).out);
    let third = desk
        .assign(&sandbox, &fed, &["--format", "json"])
        .expect(0)
        .json();
    assert_eq!(
        counts(&third),
        [300, 0, 300, 0, 0, 0],
        "a report can be fed in again"
    );
    assert_eq!(sandbox.assignments().len(), before);
}

#[test]
fn by_uuid_as_text_begins_with_the_run() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, ROWS);
    let (half, rest) = rows.split_at(ROWS / 2);
    let files = [
        desk.file("first.csv", by_uuid(half)),
        desk.file(
            "second.csv",
            by_uuid(rest).to_uppercase().replacen("EXT KEY", "Ext Key", 1),
        ),
    ];
    let ended = desk
        .run(&as_text(&desk.run_arguments(
            &sandbox,
            &[&files[0], &files[1]],
            &[],
        )))
        .expect(0);
    let mut lines = ended.text().lines();
    let run = lines.next().expect("a first line").to_owned();
    assert_eq!(
        desk.runs(),
        [(run.clone(), "completed".to_owned(), 300)],
        "the first line is the run's id and nothing else"
    );
    assert!(
        lines.next().is_some_and(|line| line.contains("300 assigned")),
        "{}",
        ended.text()
    );
    each_once(&sandbox, &rows);
    report_equals_state(&sandbox, &desk.report(&run), &rows);

    let saved = desk.path("report.csv");
    desk.run(&["bulk", "report", &run, "--out", saved.to_str().expect("text")])
        .expect(0);
    let checked = binary()
        .args(["bulk", "validate", "--format", "json"])
        .arg(&saved)
        .ended()
        .expect(0)
        .json();
    assert_eq!(
        (
            &checked["identity"],
            &checked["files"][0]["rows"],
            &checked["issues"]
        ),
        (&"uuid".into(), &300.into(), &Value::Array(Vec::new()))
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_once() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, 5);
    let arguments = desk.run_arguments(&sandbox, &["/dev/stdin"], &["--format", "json"]);
    let ended = run_with_input(&mut desk.command(&as_text(&arguments)), by_name(&rows).as_bytes());
    assert_eq!(counts(&ended.expect(0).json()), [5, 5, 0, 0, 0, 0]);
}

#[test]
fn relative_paths_are_those_of_the_folder_it_is_started_in() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, 3);
    let file = desk.file("Ünïcode and spaces.csv", by_name(&rows));
    let folder = std::path::Path::new(&file).parent().expect("its folder");
    let arguments = desk.run_arguments(&sandbox, &["Ünïcode and spaces.csv"], &[]);
    let ended = binary()
        .current_dir(folder)
        .env(PASSPHRASE_VARIABLE, PASSPHRASE)
        .args([
            "--data-dir",
            "data",
            "--vault-passphrase-env",
            PASSPHRASE_VARIABLE,
        ])
        .args(&arguments)
        .ended()
        .expect(0);
    let run = ended.text().lines().next().expect("its id");
    assert_eq!(desk.report(run).rows.len(), 3);
    let listed = desk.run(&["bulk", "list"]).expect(0);
    assert!(
        listed.text().contains("Ünïcode and spaces.csv"),
        "{}",
        listed.text()
    );
}
