//! Data folders that cannot be used: newer, damaged, read-only, full. Nothing is half-written, and what to do is said.

use crate::support::assigning::{applied, as_text, counts, report_equals_state};
use crate::support::desk::{ORG, RunToEnd, text};
use crate::support::files::{by_name, rows};
use crate::support::{Desk, SandboxProcess};
use sqlx::{Connection as _, Executor as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs one statement on a desk's database.
fn sql(path: &Path, statement: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display()))
            .await
            .expect("the database opens");
        connection.execute(statement).await.expect("the statement works");
        connection.close().await.expect("the database closes");
    });
}

/// What lies in a folder, by name, with its bytes; what SQLite keeps beside an open database left out.
fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && !text(path).ends_with("-shm") && !text(path).ends_with("-wal"))
        .map(|path| (path.clone(), std::fs::read(&path).expect("the file")))
        .collect();
    all.sort();
    all
}

#[test]
fn a_newer_database_is_refused_untouched() {
    let desk = Desk::new();
    desk.run(&["org", "add", ORG]).expect(0);
    let database = desk.data.join("patchbay.db");
    sql(
        &database,
        "insert into _sqlx_migrations (version, description, installed_on, success, checksum, execution_time)
         values (99990101000000, 'from a later release', '2039-01-01', 1, x'00', 1)",
    );
    let before = content(&desk.data);
    for arguments in [
        &["org", "list"][..],
        &["org", "add", "Other"],
        &["bulk", "list"],
        &["bulk", "resume", "x"],
    ] {
        let ended = desk.run(arguments).expect(1);
        assert_eq!(ended.text(), "");
        assert!(ended.err.contains("newer"), "{}", ended.err);
    }
    assert!(content(&desk.data) == before, "not a byte is changed");
}

#[test]
fn a_file_that_is_no_database_is_refused_untouched() {
    let desk = Desk::new();
    std::fs::create_dir(&desk.data).expect("a folder");
    std::fs::write(
        desk.data.join("patchbay.db"),
        b"Ext Key,User's Name,Number\n101,Ann Lee,\n".repeat(60),
    )
    .expect("a file");
    let before = content(&desk.data);
    let ended = desk.run(&["org", "list"]).expect(1);
    assert!(
        ended.err.contains("patchbay.db") && ended.err.trim_end().ends_with('.'),
        "{}",
        ended.err
    );
    assert!(content(&desk.data) == before, "not a byte is changed");
}

#[test]
fn a_data_folder_that_is_a_file_is_said() {
    let mut desk = Desk::new();
    desk.data = desk.file("occupied", "not a folder").into();
    let ended = desk.run(&["org", "list"]).expect(1);
    assert!(
        ended.err.contains("occupied") && !ended.err.contains("os error"),
        "{}",
        ended.err
    );
    assert_eq!(std::fs::read(&desk.data).expect("the file"), b"not a folder");
}

#[test]
fn several_processes_may_open_a_new_data_folder_at_once() {
    let desk = Desk::new();
    let names = ["One", "Two", "Three", "Four"];
    let running = names.map(|name| desk.start(&["org", "add", name]));
    for running in running {
        running.wait().expect(0);
    }
    let listed = desk.run(&["org", "list"]).expect(0);
    assert!(
        names.iter().all(|name| listed.text().contains(name)),
        "{}",
        listed.text()
    );
}

/// A small file system of its own at a desk's data folder; gone with the value.
struct Small {
    at: PathBuf,
}

impl Small {
    /// None where this account may not mount; that is said.
    fn mount(at: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(at).expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(at)
            .output();
        if !mounted.is_ok_and(|mounted| mounted.status.success()) {
            eprintln!("left out: this account may not mount a file system");
            return None;
        }
        Some(Self { at: at.to_owned() })
    }

    fn remount(&self, options: &str) {
        let done = Command::new("mount")
            .args(["-o", &format!("remount,{options}")])
            .arg(&self.at)
            .status()
            .expect("mount runs");
        assert!(done.success(), "remount,{options}");
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}

#[test]
fn a_read_only_data_folder_is_said_and_works_again_afterwards() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::new();
    let Some(small) = Small::mount(&desk.data, "64m") else {
        return;
    };
    desk.connect(&sandbox, &["--no-sync"]);
    let file = desk.file("people.csv", by_name(&rows(&sandbox, 0, 5)));
    let before = content(&desk.data);
    small.remount("ro");
    let requests = sandbox.assignments().len();
    for arguments in [
        as_text(&desk.run_arguments(&sandbox, &[&file], &[])),
        vec!["org", "add", "Other"],
    ] {
        let ended = desk.run(&arguments).expect(1);
        let said = ended.err.to_lowercase();
        assert!(
            said.contains("read-only") || said.contains("written") || said.contains("write"),
            "{}",
            ended.err
        );
        assert!(
            !said.contains("os error") && !said.contains("sqlite"),
            "in words: {}",
            ended.err
        );
    }
    assert_eq!(
        sandbox.assignments().len(),
        requests,
        "nothing is sent that cannot be written down"
    );
    assert!(content(&desk.data) == before);
    small.remount("rw");
    desk.assign(&sandbox, &file, &[]).expect(0);
}

#[test]
fn a_disk_that_fills_up_in_the_middle_costs_no_row() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::new();
    let Some(small) = Small::mount(&desk.data, "64m") else {
        return;
    };
    desk.connect(&sandbox, &["--no-sync"]);
    let rows = rows(&sandbox, 0, 250);
    let file = desk.file("people.csv", by_name(&rows));
    let arguments = desk.run_arguments(&sandbox, &[&file], &[]);
    let mut running = desk.start(&as_text(&arguments));
    let run = running.until("run id", |running| {
        running.out_so_far().lines().next().map(str::to_owned)
    });
    sandbox.rate(Some(20.0));
    running.until("assigned rows", |_| {
        (applied(&sandbox.assignments()).len() >= 10).then_some(())
    });
    running.signal("INT");
    running.wait().expect(1);
    sandbox.rate(None);

    // Room for the journal to begin, not for it to end.
    let ballast = small.at.join("ballast");
    for room in [0_u64, 300_000] {
        let taken = fill(&ballast);
        let file = std::fs::OpenOptions::new()
            .write(true)
            .open(&ballast)
            .expect("the ballast");
        file.set_len(taken - room).expect("some room is made");
        let ended = desk.run(&["bulk", "resume", &run]).expect(1);
        assert!(ended.err.contains("disk is full"), "{}", ended.err);
        assert!(!ended.err.contains("os error"), "{}", ended.err);
    }
    assert!(applied(&sandbox.assignments()).len() < rows.len(), "it stopped");

    std::fs::remove_file(&ballast).expect("room is made");
    let result = desk
        .run(&["bulk", "resume", &run, "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(counts(&result), [250, 250, 0, 0, 0, 0]);
    let times = applied(&sandbox.assignments());
    assert!(
        rows.iter().all(|row| times.get(&row.email) == Some(&1)),
        "{times:?}"
    );
    report_equals_state(&sandbox, &desk.report(&run), &rows);
}

#[test]
fn a_disk_that_is_full_from_the_start_is_said() {
    let desk = Desk::new();
    let Some(small) = Small::mount(&desk.data, "256k") else {
        return;
    };
    fill(&small.at.join("ballast"));
    let ended = desk.run(&["org", "add", ORG]).expect(1);
    let said = ended.err.to_lowercase();
    assert!(
        said.contains("full") || said.contains("room") || said.contains("space"),
        "{}",
        ended.err
    );
    std::fs::remove_file(small.at.join("ballast")).expect("room is made");
    small.remount("size=64m");
    desk.run(&["org", "add", ORG]).expect(0);
}

#[test]
fn a_backup_that_finds_no_room_is_said_and_leaves_nothing() {
    let desk = Desk::new();
    desk.run(&["org", "add", ORG]).expect(0);
    let Some(small) = Small::mount(&desk.path("stick"), "64k") else {
        return;
    };
    let file = small.at.join("backup.db");
    let ended = desk
        .run(&["backup", "save", file.to_str().expect("text")])
        .expect(1);
    assert!(
        ended.err.contains("backup.db") && ended.err.contains("disk is full"),
        "{}",
        ended.err
    );
    let left: Vec<_> = std::fs::read_dir(&small.at).expect("the stick").collect();
    assert!(left.is_empty(), "{left:?}");
    small.remount("size=16m");
    desk.run(&["backup", "save", file.to_str().expect("text")])
        .expect(0);
}

/// Takes all the room there is: how much that was.
fn fill(path: &Path) -> u64 {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path).expect("a file");
    let block = [0_u8; 4096];
    while file.write_all(&block).is_ok() {}
    file.metadata().expect("its size").len()
}

#[test]
fn a_report_that_does_not_fit_leaves_no_half_of_itself() {
    let sandbox = SandboxProcess::demo();
    let desk = Desk::connected(&sandbox);
    let file = desk.file("people.csv", by_name(&rows(&sandbox, 0, 100)));
    let ended = desk.assign(&sandbox, &file, &[]).expect(0);
    let run = ended.text().lines().next().expect("its id").to_owned();
    let folder = desk.path("small");
    let Some(small) = Small::mount(&folder, "64k") else {
        return;
    };
    let target = small.at.join("report.csv");
    std::fs::write(&target, "the report of yesterday").expect("a file");
    fill(&small.at.join("ballast"));
    let failed = desk
        .command(&["bulk", "report", &run, "--out"])
        .arg(&target)
        .ended();
    assert_eq!(failed.code(), 2, "{}", failed.err);
    assert!(failed.err.contains("report.csv"), "{}", failed.err);
    let left = std::fs::read_to_string(&target).expect("the file is still there");
    assert_eq!(left, "the report of yesterday", "what was there is not destroyed");
}
