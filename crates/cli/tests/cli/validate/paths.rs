//! Paths: missing, unreadable, folders, pipes, standard input.

use super::assert_result;
use crate::support::desk::{RunToEnd, text};
use crate::support::files::BY_NAME;
use crate::support::{Desk, Ended, binary};
use std::process::Command;

fn validating(path: &str) -> Command {
    let mut command = binary();
    command.args(["bulk", "validate", "--format", "json", path]);
    command
}

#[track_caller]
fn cannot_be_opened(path: &str) -> Ended {
    let ended = validating(path).ended().expect(2);
    assert_eq!(ended.text(), "", "nothing on standard output");
    assert!(ended.err.contains(path), "the path is named: {}", ended.err);
    assert!(!ended.err.contains("os error"), "in words: {}", ended.err);
    ended
}

#[test]
fn a_missing_path_is_status_2() {
    let desk = Desk::new();
    cannot_be_opened(&text(&desk.path("nowhere.csv")));
    let right = desk.file("right.csv", format!("{BY_NAME}101,Ann Lee,\n"));
    cannot_be_opened(&format!("{right}/below.csv"));
    let ended = binary()
        .args([
            "bulk",
            "validate",
            "--format",
            "json",
            &right,
            &text(&desk.path("nowhere.csv")),
        ])
        .ended()
        .expect(2);
    assert_eq!(ended.text(), "");
}

#[test]
fn a_folder_is_status_2() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("folder.csv")).expect("a folder");
    cannot_be_opened(&text(&desk.path("folder.csv")));
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_status_2() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    let path = desk.file("closed.csv", BY_NAME);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("permissions are set");
    if std::fs::File::open(&path).is_ok() {
        eprintln!("left out: this account may read everything");
        return;
    }
    cannot_be_opened(&path);
}

#[cfg(unix)]
#[test]
fn standard_input_and_pipes_are_read() {
    use crate::support::process::run_with_input;
    let wrong = format!("{BY_NAME}12,Ann Lee,\n");
    let path = "/dev/stdin";
    let ended = run_with_input(&mut validating(path), wrong.as_bytes()).expect(1);
    let result = ended.json();
    assert_result(&result, &[path.to_owned()]);
    assert_eq!(
        (&result["files"][0]["bytes"], &result["issues"][0]["line"]),
        (&wrong.len().into(), &2.into())
    );

    let mut long = BY_NAME.as_bytes().to_vec();
    long.resize(5_242_881, b'\n');
    let ended = run_with_input(&mut validating(path), &long).expect(1);
    assert_eq!(
        ended.json()["issues"][0]["code"],
        "file_too_large",
        "a pipe has no size beforehand"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_without_end_is_left_after_the_limit() {
    let ended = validating("/dev/zero").ended().expect(1);
    assert_eq!(ended.json()["issues"][0]["code"], "file_too_large");
}

#[test]
fn names_that_look_odd_are_only_names() {
    let desk = Desk::new();
    for name in [
        "two words.csv",
        "-dash.csv",
        "Ünïcode 人.csv",
        "no-extension",
        "it's.CSV",
    ] {
        let path = desk.file(name, format!("{BY_NAME}101,Ann Lee,\n"));
        let result = validating(&path).ended().expect(0).json();
        assert_eq!(result["files"][0]["path"], path);
    }
}
