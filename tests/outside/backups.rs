//! A copy of the database, and putting one back at the next start.

use patchbay_api::commands::dispatch;
use patchbay_core::ErrorCode;
use patchbay_tests::{Setting, World};
use serde_json::{Value, json};
use std::path::PathBuf;

fn names(organisations: &Value) -> Vec<String> {
    organisations["organisations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|organisation| organisation["name"].as_str().unwrap().to_owned())
        .collect()
}

async fn save(world: &World) -> PathBuf {
    let path = world.folder.path().join("away").join("backup.db");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    world.call("backups.save", json!({ "path": path })).await;
    path
}

fn set_aside(world: &World) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(world.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("patchbay-before-restore-")
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "db"))
        .collect();
    files.sort();
    files
}

async fn log(world: &World) -> String {
    let path = world.folder.path().join("audit.jsonl");
    let saved = world.call("audit.export", json!({ "path": path })).await;
    assert_eq!(saved["intact"], true, "{saved:#}");
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_comes_back_at_the_next_start_with_its_secrets() {
    let mut world = World::new().await;
    let path = save(&world).await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "for this account only");
    }
    let left: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing half-written is left: {left:?}");
    world.register("Registered later").await;
    assert_eq!(
        world.call("app.info", json!({})).await["restoreWaiting"],
        Value::Null
    );

    let waiting = world.call("backups.restore", json!({ "path": path })).await;
    assert_eq!(
        (
            &waiting["organisations"],
            &waiting["secrets"],
            &waiting["version"]
        ),
        (&json!(1), &json!(true), &json!(env!("CARGO_PKG_VERSION"))),
        "{waiting:#}"
    );
    assert_eq!(world.call("app.info", json!({})).await["restoreWaiting"], waiting);
    // Until then nothing changes.
    assert_eq!(names(&world.call("organisations.list", json!({})).await).len(), 2);
    world.restart().await;
    assert_eq!(
        names(&world.call("organisations.list", json!({})).await),
        ["Northgate"]
    );
    assert_eq!(
        world.call("app.info", json!({})).await["restoreWaiting"],
        Value::Null
    );
    world.sync().await;
    let log = log(&world).await;
    assert!(log.contains("backup_restored"), "{log}");
    // The data that was there before is set aside, whole.
    let aside = set_aside(&world);
    assert_eq!(aside.len(), 1, "{aside:?}");
    world.call("backups.restore", json!({ "path": aside[0] })).await;
    world.restart().await;
    assert_eq!(
        names(&world.call("organisations.list", json!({})).await),
        ["Northgate", "Registered later"]
    );
    assert_eq!(set_aside(&world).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_can_be_given_up() {
    let mut world = World::unconnected(Setting::default()).await;
    world.register("First").await;
    let path = save(&world).await;
    world.register("Second").await;
    world.call("backups.restore", json!({ "path": path })).await;
    world.call("backups.cancelRestore", json!({})).await;
    assert_eq!(
        world.call("app.info", json!({})).await["restoreWaiting"],
        Value::Null
    );
    world.call("backups.cancelRestore", json!({})).await;
    world.restart().await;
    assert_eq!(
        names(&world.call("organisations.list", json!({})).await),
        ["First", "Second"]
    );
    assert_eq!(set_aside(&world), Vec::<PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_while_restoring_loses_nothing() {
    // Where it was cut off: what stands under which name then.
    for cut in 0..4 {
        let mut world = World::unconnected(Setting::default()).await;
        world.register("First").await;
        let path = save(&world).await;
        world.register("Second").await;
        let waiting = world.call("backups.restore", json!({ "path": path })).await;
        world.patchbay.close().await;
        let folder = world.folder.path();
        let stamp: String = waiting["chosenAt"]
            .as_str()
            .unwrap()
            .chars()
            .take_while(|c| *c != '.')
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let aside = folder.join(format!("patchbay-before-restore-{stamp}.db"));
        let database = folder.join("patchbay.db");
        let wal = |path: &PathBuf| PathBuf::from(format!("{}-wal", path.display()));
        // A database that was in use when the computer went off has its latest changes beside it.
        std::fs::write(wal(&database), b"").unwrap();
        if cut >= 1 {
            std::fs::rename(wal(&database), wal(&aside)).unwrap();
        }
        if cut >= 2 {
            std::fs::rename(&database, &aside).unwrap();
        }
        if cut >= 3 {
            std::fs::rename(folder.join("restore-waiting.db"), &database).unwrap();
        }
        world.patchbay = world.another().await;
        assert_eq!(
            names(&world.call("organisations.list", json!({})).await),
            ["First"],
            "{cut}"
        );
        assert_eq!(set_aside(&world), std::slice::from_ref(&aside), "{cut}");
        let log = log(&world).await;
        assert_eq!(log.matches("backup_restored").count(), 1, "{cut}: {log}");
        // And the other one can be had back.
        world.call("backups.restore", json!({ "path": aside })).await;
        world.restart().await;
        assert_eq!(
            names(&world.call("organisations.list", json!({})).await),
            ["First", "Second"],
            "{cut}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_sound_backup_is_refused_and_changes_nothing() {
    let world = World::unconnected(Setting::default()).await;
    world.register("First").await;
    let good = save(&world).await;
    let bytes = std::fs::read(&good).unwrap();
    let folder = good.parent().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let mut damaged = bytes.clone();
    let middle = damaged.len() / 2;
    damaged[4_096..middle].fill(0x5a);
    let foreign = folder.join("foreign.db");
    let newer = folder.join("newer.db");
    std::fs::write(&newer, &bytes).unwrap();
    for (path, statement) in [
        (&foreign, "create table notes (id integer)"),
        (
            &newer,
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
             values (29990101000000, 'later', 1, x'00', 1)",
        ),
    ] {
        use sqlx::Connection as _;
        let address = format!("sqlite://{}?mode=rwc", path.display());
        let mut database = sqlx::SqliteConnection::connect(&address).await.unwrap();
        sqlx::query(statement).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
    }
    let cases = [
        (file("empty.db", b""), ErrorCode::Invalid, "it is empty"),
        (
            file("list.xlsx", b"PK\x03\x04"),
            ErrorCode::Invalid,
            "another kind",
        ),
        (
            file("cut.db", &bytes[..bytes.len() / 2]),
            ErrorCode::Invalid,
            "damaged",
        ),
        (file("damaged.db", &damaged), ErrorCode::Invalid, "damaged"),
        (foreign, ErrorCode::Invalid, "another program"),
        (newer, ErrorCode::DatabaseNewer, "newer Patchbay"),
        (folder.join("gone.db"), ErrorCode::File, "not there"),
        (folder.to_owned(), ErrorCode::File, "folder"),
        (
            world.folder.path().join("patchbay.db"),
            ErrorCode::Invalid,
            "works on now",
        ),
    ];
    for (path, code, says) in cases {
        let refused = world
            .refused("backups.restore", json!({ "path": path }), code)
            .await;
        assert!(refused.message.contains(says), "{says} in {}", refused.message);
    }
    assert_eq!(
        world.call("app.info", json!({})).await["restoreWaiting"],
        Value::Null
    );
    let left: Vec<String> = std::fs::read_dir(world.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("restore-"))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "no half of a backup is left");

    // Nor is one written where it must not be.
    for (path, says) in [
        (world.folder.path().join("patchbay.db"), "works on"),
        (world.folder.path().join("away/../patchbay.db-wal"), "works on"),
        (PathBuf::from("backup.db"), "full path"),
    ] {
        let refused = world
            .refused("backups.save", json!({ "path": path }), ErrorCode::Invalid)
            .await;
        assert!(refused.message.contains(says), "{says} in {}", refused.message);
    }
    let nowhere = world.folder.path().join("no such folder").join("backup.db");
    world
        .refused("backups.save", json!({ "path": nowhere }), ErrorCode::File)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_at_work_keeps_its_database() {
    let world = World::new().await;
    let path = save(&world).await;
    let run = world.under_way(60).await;
    let refused = world
        .refused("backups.restore", json!({ "path": path }), ErrorCode::Conflict)
        .await;
    assert!(refused.message.contains("at work"), "{}", refused.message);
    // A backup can be made meanwhile.
    save(&world).await;
    world.completed(&run).await;
    world.truth(&run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_another_vault_says_so_and_asks_for_its_passphrase() {
    let other = World::unconnected(Setting::default()).await;
    let passphrase = |text: &str| json!({ "keyIn": "passphrase", "passphrase": text });
    other
        .call("vault.create", passphrase("the way of the other"))
        .await;
    let mut fields = other.fields("Behind a proxy");
    fields["httpProxy"] = json!({ "kind": "set", "value": "http://user:word@proxy.example:3128" });
    other
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    let path = save(&other).await;

    let mut world = World::unconnected(Setting::default()).await;
    world.call("vault.create", passphrase("the way here")).await;
    let waiting = world.call("backups.restore", json!({ "path": path })).await;
    assert_eq!(waiting["secrets"], false, "{waiting:#}");
    world.restart().await;
    assert_eq!(world.call("vault.status", json!({})).await["state"], "locked");
    world
        .call("vault.unlock", json!({ "passphrase": "the way of the other" }))
        .await;
    assert_eq!(
        names(&world.call("organisations.list", json!({})).await),
        ["Behind a proxy"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn with_another_patchbay_open_the_backup_waits() {
    let mut world = World::unconnected(Setting::default()).await;
    world.register("First").await;
    let path = save(&world).await;
    world.register("Second").await;
    let other = world.another().await;
    world.call("backups.restore", json!({ "path": path })).await;
    world.restart().await;
    assert!(world.call("app.info", json!({})).await["restoreWaiting"].is_object());
    assert_eq!(
        names(&world.call("organisations.list", json!({})).await),
        ["First", "Second"]
    );
    let listed = dispatch(&other, "organisations.list", json!({})).await.unwrap();
    assert_eq!(names(&listed), ["First", "Second"]);
    other.close().await;
    drop(other);
    world.restart().await;
    assert_eq!(
        names(&world.call("organisations.list", json!({})).await),
        ["First"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_say_how_much_room_they_take() {
    let world = World::unconnected(Setting::default()).await;
    let logs = world.folder.path().join("logs");
    let folders = world.call("app.folders", json!({})).await;
    assert_eq!(
        (&folders["logs"]["path"], &folders["logs"]["bytes"]),
        (&json!(logs), &Value::Null),
        "there is none yet: {folders:#}"
    );
    std::fs::create_dir_all(logs.join("old")).unwrap();
    std::fs::write(logs.join("patchbay.log"), [0; 1_000]).unwrap();
    std::fs::write(logs.join("old").join("patchbay.log"), [0; 24]).unwrap();
    let folders = world.call("app.folders", json!({})).await;
    assert_eq!(
        (&folders["logs"]["bytes"], &folders["logs"]["files"]),
        (&json!(1_024.0), &json!(2))
    );
    assert!(folders["data"]["bytes"].as_f64().unwrap() > 1_024.0);
}
