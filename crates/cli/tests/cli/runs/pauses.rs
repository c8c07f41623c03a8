//! Runs that stop in the middle, on purpose or because they must, and go on.

use crate::support::assigning::{PROFESSIONAL, applied, as_text, counts, report_equals_state};
use crate::support::desk::{PASSPHRASE, RunToEnd};
use crate::support::files::{Row, by_name, field, licence, rows};
use crate::support::{Desk, Running, SandboxProcess};
use patchbay_api::commands::{Commands, RunId, VaultUnlock};
use patchbay_api::{KeychainChoice, OpenOptions, Patchbay};
use patchbay_core::clock::SystemClock;
use patchbay_core::runs::engine::Timing;
use serde_json::{Value, json};
use std::sync::Arc;

/// Starts a throttled run and waits until some of its rows are assigned: the run's id.
fn under_way(
    sandbox: &SandboxProcess,
    desk: &Desk,
    rows: &[Row],
    rate: f64,
    some: usize,
) -> (Running, String) {
    let file = desk.file("people.csv", by_name(rows));
    let arguments = desk.run_arguments(sandbox, &[&file], &[]);
    let mut running = desk.start(&as_text(&arguments));
    let run = running.until("run id", |running| {
        running.out_so_far().lines().next().map(str::to_owned)
    });
    sandbox.rate(Some(rate));
    running.until("assigned rows", |_| {
        (applied(&sandbox.assignments()).len() >= some).then_some(())
    });
    (running, run)
}

fn each_once(sandbox: &SandboxProcess, rows: &[Row]) {
    let times = applied(&sandbox.assignments());
    assert_eq!(times.len(), rows.len());
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

fn resume(desk: &Desk, run: &str, code: i32) -> Value {
    let ended = desk
        .run(&["bulk", "resume", run, "--format", "json"])
        .expect(code);
    assert!(!ended.err.contains("Start?"), "resume never asks");
    ended.json()
}

#[test]
fn an_interrupt_pauses_and_resume_ends_it() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, 200);
    let (running, run) = under_way(&sandbox, &desk, &rows, 20.0, 30);
    running.signal("INT");
    let ended = running.wait().expect(1);
    assert!(
        ended.text().starts_with(&run) && ended.text().contains("paused"),
        "{}",
        ended.text()
    );
    assert_eq!(desk.runs(), [(run.clone(), "paused".to_owned(), 200)]);
    let done = applied(&sandbox.assignments()).len();
    assert!((30..200).contains(&done), "{done}");
    let report = desk.report(&run);
    assert_eq!(
        report.rows.len(),
        200,
        "a paused run has a report of all its rows"
    );
    sandbox.rate(None);
    let result = resume(&desk, &run, 0);
    assert_eq!(
        (field(&result, "run"), counts(&result)),
        (run.as_str(), [200, 200, 0, 0, 0, 0])
    );
    each_once(&sandbox, &rows);
    report_equals_state(&sandbox, &desk.report(&run), &rows);

    let before = sandbox.journal("").len();
    let again = resume(&desk, &run, 0);
    assert_eq!(
        counts(&again),
        counts(&result),
        "a completed run has nothing left to do"
    );
    assert_eq!(sandbox.journal("").len(), before, "and asks Webex nothing");
    let as_text = desk.run(&["bulk", "resume", &run]).expect(0);
    assert_eq!(as_text.text().lines().next(), Some(run.as_str()));
}

#[test]
fn a_run_at_work_cannot_be_resumed_by_a_second_process() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, 100);
    let (running, run) = under_way(&sandbox, &desk, &rows, 5.0, 3);
    assert_eq!(desk.runs(), [(run.clone(), "running".to_owned(), 100)]);
    let ended = desk.run(&["bulk", "resume", &run]).expect(1);
    assert!(
        ended.err.contains("already") && ended.err.trim_end().ends_with('.'),
        "{}",
        ended.err
    );
    sandbox.rate(None);
    running.wait().expect(0);
    each_once(&sandbox, &rows);
}

#[test]
fn two_files_at_once_on_one_data_folder_do_not_disturb_each_other() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let all = rows(&sandbox, 0, 200);
    let (first, second) = all.split_at(100);
    let files = [
        desk.file("first.csv", by_name(first)),
        desk.file("second.csv", by_name(second)),
    ];
    let arguments = files
        .each_ref()
        .map(|file| desk.run_arguments(&sandbox, &[file], &["--format", "json"]));
    let running = arguments
        .each_ref()
        .map(|arguments| desk.start(&as_text(arguments)));
    let results = running.map(|running| running.wait().expect(0).json());
    for (result, rows) in results.iter().zip([first, second]) {
        assert_eq!(counts(result), [100, 100, 0, 0, 0, 0]);
        report_equals_state(&sandbox, &desk.report(field(result, "run")), rows);
    }
    each_once(&sandbox, &all);
}

#[test]
fn consent_lost_in_the_middle_pauses_and_costs_no_row() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, 100);
    let (running, run) = under_way(&sandbox, &desk, &rows, 20.0, 15);
    sandbox.post("/tokens/revoke", &json!({ "refresh": true }));
    let ended = running.wait().expect(1);
    assert!(
        ended.err.to_lowercase().contains("connect"),
        "what to do next: {}",
        ended.err
    );
    assert_eq!(desk.runs(), [(run.clone(), "paused".to_owned(), 100)]);
    sandbox.rate(None);
    let refused = desk.run(&["bulk", "resume", &run]).expect(1);
    assert!(
        refused.err.to_lowercase().contains("consent") || refused.err.to_lowercase().contains("connect"),
        "{}",
        refused.err
    );
    desk.connect_command(&sandbox)
        .args(["--method", "device"])
        .ended()
        .expect(0);
    assert_eq!(counts(&resume(&desk, &run, 0)), [100, 100, 0, 0, 0, 0]);
    each_once(&sandbox, &rows);
}

#[test]
fn a_token_that_dies_in_the_middle_costs_nothing() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, 60);
    let (running, run) = under_way(&sandbox, &desk, &rows, 20.0, 15);
    sandbox.post("/tokens/revoke", &json!({ "refresh": false }));
    sandbox.rate(None);
    running.wait().expect(0);
    let refreshes = sandbox.journal("?method=POST&path=/v1/access_token").len();
    assert_eq!(refreshes, 1, "one refresh for all requests that were refused");
    each_once(&sandbox, &rows);
    report_equals_state(&sandbox, &desk.report(&run), &rows);
}

#[test]
fn a_pool_emptied_by_somebody_else_pauses_with_the_reason() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, 80);
    let id = licence(&sandbox, PROFESSIONAL);
    sandbox.fault(&json!({
        "match": { "method": "PATCH", "path": "/v1/licenses/users", "nth": 20 },
        "effect": { "kind": "empty_pool", "licence": id },
    }));
    let file = desk.file("people.csv", by_name(&rows));
    let ended = desk.assign(&sandbox, &file, &["--format", "json"]).expect(1);
    let result = ended.json();
    assert_eq!(
        (field(&result, "state"), result["failed"].as_u64()),
        ("paused", Some(0))
    );
    assert!(
        ended.err.contains(PROFESSIONAL),
        "the licence is named: {}",
        ended.err
    );
    sandbox.post("/licences", &json!({ "licence": id, "total": 5_000 }));
    let run = field(&result, "run");
    assert_eq!(counts(&resume(&desk, run, 0)), [80, 80, 0, 0, 0, 0]);
    each_once(&sandbox, &rows);
    report_equals_state(&sandbox, &desk.report(run), &rows);
}

#[test]
fn a_cancelled_run_is_not_taken_up_again() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let rows = rows(&sandbox, 0, 100);
    let (running, run) = under_way(&sandbox, &desk, &rows, 20.0, 15);
    running.signal("TERM");
    running.wait().expect(1);
    sandbox.rate(None);
    cancel(&desk, &run);
    assert_eq!(desk.runs(), [(run.clone(), "cancelled".to_owned(), 100)]);
    let before = sandbox.journal("").len();
    let ended = desk.run(&["bulk", "resume", &run, "--format", "json"]).expect(1);
    let result = ended.json();
    let [all, assigned, _, failed, skipped, unknown] = counts(&result);
    assert_eq!((all, assigned + skipped, failed, unknown), (100, 100, 0, 0));
    assert_eq!(
        sandbox.journal("").len(),
        before,
        "nothing is sent for a cancelled run"
    );
    report_equals_state(&sandbox, &desk.report(&run), &rows);
}

/// The window can cancel; the command line cannot. So the command table does it here.
fn cancel(desk: &Desk, run: &str) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let options = OpenOptions {
            data_dir: desk.data.clone(),
            log_dir: desk.data.join("logs"),
            keychain: KeychainChoice::None,
            clock: Arc::new(SystemClock),
            timing: Timing::default(),
            background: false,
        };
        let patchbay = Patchbay::open(options).await.expect("the data folder opens");
        patchbay
            .vault_unlock(VaultUnlock {
                passphrase: PASSPHRASE.to_owned().into(),
            })
            .await
            .expect("the vault opens");
        patchbay
            .runs_cancel(RunId { run: run.to_owned() })
            .await
            .expect("the run is cancelled");
        patchbay.close().await;
    });
}
