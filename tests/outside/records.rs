//! What is kept besides the ledger: topics after commits, transactions, the hash-chained log.

use patchbay_core::db::{Db, FILE_NAME};
use patchbay_core::events::{Events, Topic};
use patchbay_tests::World;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;

#[tokio::test(flavor = "multi_thread")]
async fn topics_come_after_the_commit_and_not_too_often() {
    let world = World::new().await;
    let mut events = world.patchbay.events();
    let run = world.start_rows(&world.rows(60)).await;
    let (mut told, mut seen) = (0_u32, 0);
    let began = std::time::Instant::now();
    loop {
        match events.recv().await {
            Ok(Topic::Runs) => told += 1,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => panic!("more topics than anybody can follow"),
            Err(RecvError::Closed) => panic!("Patchbay ended"),
        }
        let progress = world.progress(&run).await;
        // What a topic announced is there for whoever looks: the figures never fall back.
        let done = progress["assigned"].as_u64().unwrap();
        assert!(done >= seen, "{done} after {seen}");
        seen = done;
        if progress["state"] == "completed" {
            break;
        }
    }
    let allowed = 10.0 * began.elapsed().as_secs_f64() + 8.0;
    assert!(
        f64::from(told) <= allowed,
        "{told} topics in {:?}",
        began.elapsed()
    );
    world.truth(&run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_of_every_row_and_notices_a_change() {
    let world = World::new().await;
    let rows = world.rows(10);
    let run = world.start_rows(&rows).await;
    world.completed(&run).await;
    world.settled().await;
    let (saved, lines) = export(&world).await;
    assert_eq!(
        (&saved["entries"], &saved["intact"], &saved["broken"]),
        (&json!(lines.len()), &json!(true), &json!(null)),
        "{saved:#}"
    );
    let ended = lines.iter().filter(|line| line["event"] == "row_ended").count();
    assert_eq!(ended, rows.len());
    assert!(
        lines
            .windows(2)
            .all(|two| two[0]["seq"].as_i64() < two[1]["seq"].as_i64())
    );
    world.patchbay.close().await;

    let db = Db::open(world.folder.path(), Events::default()).await.unwrap();
    assert!(db.path().ends_with(FILE_NAME));
    let entries = patchbay_core::audit::entries(&db, 0, 1_000).await.unwrap();
    for row in &rows {
        let told = entries
            .iter()
            .filter(|entry| entry.event == "row_ended" && entry.detail.contains(&row.person.uuid))
            .count();
        assert_eq!(told, 1, "the end of one row is told once");
    }
    let started = entries
        .iter()
        .find(|entry| entry.event == "run_started")
        .expect("the start is told");
    let detail: serde_json::Value = serde_json::from_str(&started.detail).unwrap();
    assert_eq!((&detail["run"], &detail["rows"]), (&json!(run), &json!(10)));
    assert!(
        detail["files"][0].as_str().is_some_and(|hash| hash.len() == 64),
        "{detail:#}"
    );
    assert!(entries.iter().any(|entry| entry.event == "run_completed"));
    assert_eq!(
        patchbay_core::audit::verify(&db).await.unwrap() as usize,
        entries.len()
    );

    // The database itself refuses to change or remove an entry; who takes that away as well is found out.
    for change in [
        "update audit_log set who = 'nobody' where seq = 3",
        "delete from audit_log where seq = 3",
    ] {
        let mut write = db.write().await.unwrap();
        let refused = sqlx::query(change).execute(write.connection()).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
    let mut write = db.write().await.unwrap();
    for change in [
        "drop trigger audit_log_no_delete",
        "delete from audit_log where seq = 3",
    ] {
        sqlx::query(change).execute(write.connection()).await.unwrap();
    }
    write.commit().await.unwrap();
    patchbay_core::audit::verify(&db)
        .await
        .expect_err("an entry is missing");
    db.close().await;

    let mut world = world;
    world.restart().await;
    let (saved, left) = export(&world).await;
    assert_eq!(
        (&saved["intact"], left.len()),
        (&json!(false), lines.len() - 1),
        "what is there is handed out all the same: {saved:#}"
    );
    assert!(
        saved["broken"].as_str().unwrap().starts_with("Entry 4 "),
        "{saved:#}"
    );
}

/// The exported log: what was said of it, and its lines.
async fn export(world: &World) -> (serde_json::Value, Vec<serde_json::Value>) {
    let path = world.folder.path().join("audit.jsonl");
    let saved = world.call("audit.export", json!({ "path": path })).await;
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    (saved, lines)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_tried_and_failed_is_a_closed_transaction() {
    let world = World::new().await;
    world.network.cut().await;
    let transaction = world.try_sync().await;
    assert_eq!(
        (&transaction["state"], &transaction["failure"]["code"]),
        (&json!("failed"), &json!("unreachable")),
        "{transaction:#}"
    );
    assert!(transaction["endedAt"].is_string(), "{transaction:#}");
    world.network.restore().await;
    world.sync().await;
    world.settled().await;
}
