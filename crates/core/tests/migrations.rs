//! A database of an earlier release is copied and brought up to date with all that is in it.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may end them")]

use patchbay_core::db::{Db, FILE_NAME};
use patchbay_core::events::Events;
use patchbay_core::mirror;
use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use std::path::Path;

/// A data folder as the first release left it: one organisation with a copied person.
async fn first_release(folder: &Path) {
    const FIRST: &str = "20261121000000_first.sql";
    let migrations = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("migrations")
        .join(FIRST);
    std::fs::copy(source, migrations.path().join(FIRST)).unwrap();
    let address = format!("sqlite://{}?mode=rwc", folder.join(FILE_NAME).display());
    let mut database = sqlx::SqliteConnection::connect(&address).await.unwrap();
    Migrator::new(migrations.path())
        .await
        .unwrap()
        .run(&mut database)
        .await
        .unwrap();
    for statement in [
        "insert into organisations (id, name, name_key, environment, created_at) values ('o', 'Kestrel', 'kestrel', '\"commercial\"', '2026-11-21T00:00:00Z')",
        "insert into mirror_parts (organisation, kind, generation, reserved, as_of, count) values ('o', 'people', 1, 1, '2026-11-21T00:00:00Z', 2)",
        "insert into mirror_people (organisation, generation, id, key, display_name, name_key, number, licences, invite_pending)
           values ('o', 1, 'a', 'a', 'Ann Lee', 'ann lee', '+6512345678', '[]', 0), ('o', 1, 'b', 'b', 'Bo Lee', 'bo lee', null, '[]', 0)",
    ] {
        sqlx::query(statement).execute(&mut database).await.unwrap();
    }
    database.close().await.unwrap();
}

#[tokio::test]
async fn the_number_of_a_person_becomes_the_first_of_the_numbers() {
    let folder = tempfile::tempdir().unwrap();
    first_release(folder.path()).await;
    let db = Db::open(folder.path(), Events::default()).await.unwrap();
    let people = mirror::people(&db, "o", None, 0, 10).await.unwrap().people;
    let numbers: Vec<&[String]> = people.iter().map(|person| person.numbers.as_slice()).collect();
    assert_eq!(numbers, [&["+6512345678".to_owned()][..], &[]]);
    let found = mirror::people(&db, "o", Some("12345"), 0, 10).await.unwrap();
    assert_eq!(found.total, 1, "the search still knows it");
    db.close().await;
    let copies: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .flatten()
        .filter(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with("patchbay-before-")
        })
        .collect();
    assert_eq!(copies.len(), 1, "copied before it was changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_folder_opened_by_many_at_once_is_made_once() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let opening: Vec<_> = (0..6)
            .map(|_| {
                let folder = folder.path().to_owned();
                tokio::spawn(async move { Db::open(&folder, Events::default()).await })
            })
            .collect();
        for opened in opening {
            opened.await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn another_process_at_the_same_change_delays_the_opening_and_does_not_fail_it() {
    let folder = tempfile::tempdir().unwrap();
    first_release(folder.path()).await;
    let address = format!("sqlite://{}", folder.path().join(FILE_NAME).display());
    let mut other = sqlx::SqliteConnection::connect(&address).await.unwrap();
    let changing = other.begin_with("begin immediate").await.unwrap();
    let path = folder.path().to_owned();
    let mut opening = tokio::spawn(async move { Db::open(&path, Events::default()).await });
    tokio::select! {
        opened = &mut opening => panic!("opened all the same: {opened:?}"),
        () = tokio::time::sleep(std::time::Duration::from_millis(300)) => {}
    }
    changing.rollback().await.unwrap();
    opening.await.unwrap().unwrap();
}
