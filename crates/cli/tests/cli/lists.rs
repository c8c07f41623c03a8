//! Lists of organisations, transactions and backups on the command line.

use crate::support::desk::{ORG, PASSPHRASE_VARIABLE, RunToEnd};
use crate::support::{Desk, SandboxProcess};

const PASSWORD: &str = "proxy-pa55word";

fn names(desk: &Desk) -> Vec<String> {
    let listed = desk.run(&["org", "list", "--format", "json"]).expect(0).json();
    let organisations = listed["organisations"].as_array().expect("organisations");
    organisations
        .iter()
        .map(|one| one["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn a_list_goes_from_one_desk_to_another_without_secrets() {
    let desk = Desk::new();
    let proxy = format!("http://user:{PASSWORD}@proxy.example:3128");
    desk.run(&[
        "org",
        "add",
        "Kestrel",
        "--http-proxy",
        &proxy,
        "--notes",
        "Ring first",
        "--wholesale",
    ])
    .expect(0);
    desk.run(&["org", "add", "Ærø", "--contact-center", "anz"])
        .expect(0);
    let shown = desk.run(&["org", "list"]).expect(0);
    assert!(
        shown.text().contains("never copied, wholesale") && shown.text().contains("contact center"),
        "{}",
        shown.text()
    );
    for format in ["csv", "json"] {
        let file = desk.path(&format!("list.{format}"));
        let file = file.to_str().expect("text");
        let ended = desk
            .run(&["export", "organisations", "--format", format, "--out", file])
            .expect(0);
        assert_eq!(ended.text(), "");
        assert!(ended.err.contains("without user and password"), "{}", ended.err);
        let text = std::fs::read_to_string(file).expect("the list");
        assert!(!text.contains(PASSWORD), "{text}");
        assert_eq!(
            desk.run(&["export", "organisations", "--format", format])
                .expect(0)
                .text(),
            text,
            "standard output unless a file is given"
        );

        let other = Desk::new();
        let plan = other.run(&["org", "import", file, "--dry-run"]).expect(0);
        assert_eq!(
            plan.text().lines().filter(|line| line.ends_with("  add")).count(),
            2,
            "{}",
            plan.text()
        );
        assert_eq!(names(&other), Vec::<String>::new(), "nothing was imported");
        let ended = other
            .run(&["org", "import", file, "--format", "json"])
            .expect(0)
            .json();
        assert_eq!(ended["created"], 2, "{ended}");
        assert_eq!(names(&other), ["Kestrel", "Ærø"]);
        let again = other.run(&["org", "import", file]).expect(0);
        assert!(
            again.text().contains("0 added, 0 changed, 2 the same"),
            "{}",
            again.text()
        );
    }
}

#[test]
fn what_cannot_be_imported_is_said_by_line_and_the_status() {
    let desk = Desk::new();
    let file = desk.file(
        "list.csv",
        "Name,Organisation account number,Colour\nGood,,\nBad,12,\n",
    );
    let ended = desk.run(&["org", "import", &file]).expect(1);
    assert!(
        ended.err.contains("Line 3: ") && ended.err.contains("Colour"),
        "{}",
        ended.err
    );
    assert_eq!(names(&desk), ["Good"]);
    let changed = desk.file("changed.csv", "Name,Notes\ngood,Ring first\n");
    let left = desk.run(&["org", "import", &changed]).expect(0);
    assert!(left.text().contains("--update"), "{}", left.text());
    let plan = desk.run(&["org", "import", &changed, "--dry-run"]).expect(0);
    assert!(plan.text().contains("change name, notes"), "{}", plan.text());
    desk.run(&["org", "import", &changed, "--update"]).expect(0);
    assert_eq!(names(&desk), ["good"]);
    let workbook = desk.file("list.xlsx", b"PK\x03\x04");
    let ended = desk.run(&["org", "import", &workbook]).expect(1);
    assert!(ended.err.contains("workbook"), "{}", ended.err);
}

#[test]
fn transactions_are_exported_by_state_and_time() {
    let desk = Desk::new();
    desk.run(&["org", "add", "Kestrel"]).expect(0);
    desk.run(&["org", "add", "Ærø"]).expect(0);
    desk.run(&["org", "remove", "Ærø"]).expect(0);
    let rows = |arguments: &[&str]| {
        let ended = desk
            .run(&[&["export", "transactions"], arguments].concat())
            .expect(0);
        ended
            .text()
            .lines()
            .skip(1)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(rows(&[]).len(), 3);
    assert!(
        rows(&[])[0].contains("Deletion of Ærø"),
        "newest first: {:?}",
        rows(&[])
    );
    assert_eq!(rows(&["--search", "ÆRØ"]).len(), 2);
    assert_eq!(rows(&["--org", "kestrel"]).len(), 1);
    assert_eq!(rows(&["--state", "failed"]).len(), 0);
    assert_eq!(rows(&["--until", "2020-01-01T00:00:00Z"]).len(), 0);
    let ended = desk
        .run(&["export", "transactions", "--since", "yesterday"])
        .expect(1);
    assert!(ended.err.contains("is no time"), "{}", ended.err);
}

#[test]
fn tokens_are_taken_back_before_an_organisation_is_removed() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let ended = desk.run(&["org", "remove", ORG, "--revoke"]).expect(0);
    assert!(
        ended.err.contains("Webex has taken the tokens back"),
        "{}",
        ended.err
    );
    assert!(!sandbox.journal("?path=/idb/oauth2/v1/revoke").is_empty());
}

#[test]
fn a_backup_is_restored_at_once_and_the_present_set_aside() {
    let desk = Desk::new();
    desk.run(&["org", "add", "First"]).expect(0);
    let file = desk.path("backup.db");
    let file = file.to_str().expect("text");
    desk.run(&["backup", "save", file]).expect(0);
    desk.run(&["org", "add", "Second"]).expect(0);
    let ended = desk.run(&["backup", "restore", file]).expect(0);
    assert!(
        ended.text().contains("set aside") && ended.err.contains("1 organisation."),
        "{}{}",
        ended.text(),
        ended.err
    );
    assert_eq!(names(&desk), ["First"]);
    let refused = desk
        .run(&["backup", "restore", &desk.file("notes.txt", "notes")])
        .expect(1);
    assert!(refused.err.contains("no backup of Patchbay's"), "{}", refused.err);
    // The passphrase is not needed for any of it.
    let mut command = desk.command(&["backup", "save", file]);
    command.env_remove(PASSPHRASE_VARIABLE);
    command.ended().expect(2);
}

#[test]
fn a_database_that_cannot_be_opened_is_replaced_by_a_backup() {
    let desk = Desk::new();
    desk.run(&["org", "add", "First"]).expect(0);
    let file = desk.path("backup.db");
    let file = file.to_str().expect("text");
    desk.run(&["backup", "save", file]).expect(0);
    let database = desk.data.join("patchbay.db");
    std::fs::write(&database, vec![0x5a; 40_960]).expect("damaged");
    desk.run(&["org", "list"]).expect(1);
    let ended = desk.run(&["backup", "restore", file]).expect(0);
    assert!(ended.text().contains("Restored"), "{}", ended.text());
    assert_eq!(names(&desk), ["First"]);
    let kept = std::fs::read_dir(&desk.data)
        .expect("the folder")
        .flatten()
        .filter(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with("patchbay-before-restore-")
        })
        .any(|entry| {
            std::fs::read(entry.path())
                .expect("the file")
                .starts_with(&[0x5a; 16])
        });
    assert!(kept, "the damaged one is set aside, not deleted");
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    use std::process::Stdio;
    let desk = Desk::new();
    desk.run(&["org", "add", ORG]).expect(0);
    for arguments in [
        &["org", "list"][..],
        &["org", "list", "--format", "json"],
        &["bulk", "sample", "--by", "name"],
        &["export", "organisations"],
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let ended = desk
            .command(arguments)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .expect("it runs");
        // As a shell tells it of a tool that SIGPIPE has ended.
        assert_eq!(ended.status.code(), Some(141), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{arguments:?}");
    }
}
