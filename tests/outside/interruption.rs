//! A Patchbay that is cut off in the middle (product, promise 2: resume after a kill).

use patchbay_api::commands::dispatch;
use patchbay_core::db::Db;
use patchbay_core::events::Events;
use patchbay_core::runs::engine::Timing;
use patchbay_tests::{Gifts, Setting, World, every_assignment, quick};
use serde_json::json;
use std::time::Duration;
use webex_sandbox::{Effect, When};

/// What is cut off may still be carried out for a while, longer on a busy machine; before that nothing may be sent again.
async fn world() -> World {
    let timing = Timing {
        request: Duration::from_secs(5),
        ..quick()
    };
    World::with(Setting {
        timing,
        ..Setting::default()
    })
    .await
}

/// Starts `rows` rows in a Patchbay of its own runtime and ends that runtime in the middle: what a kill leaves behind.
async fn killed(world: &World, rows: usize, when: When) -> String {
    world
        .sandbox
        .add_fault(every_assignment(Effect::Delay { millis: 200, when }));
    let template = world.template(&world.rows(rows), &Gifts::default()).await;
    let plan = world.plan(&template).await;
    let victim = std::thread::spawn(|| {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap()
    })
    .join()
    .unwrap();
    let patchbay = world.another_in(&victim).await;
    let request = json!({ "template": template, "plan": plan["hash"], "checkedLive": true });
    let mut events = patchbay.events();
    let started = {
        let patchbay = patchbay.clone();
        victim
            .spawn(async move { dispatch(&patchbay, "bulkAssignments.start", request).await })
            .await
            .unwrap()
            .unwrap()
    };
    let run = loop {
        let transaction = world
            .call(
                "transactions.get",
                json!({ "transaction": started["transaction"] }),
            )
            .await;
        if let Some(run) = transaction["run"].as_str() {
            let progress = world.progress(run).await;
            if progress["assigned"].as_u64().unwrap() >= 4 {
                break run.to_owned();
            }
        }
        // Topics of the one at work say when to look again; missed ones count as well.
        let _ = events.recv().await;
    };
    victim.shutdown_background();
    drop((patchbay, events));
    run
}

async fn resumes(world: &World, run: &str, rows: usize) {
    let progress = world
        .until_looking("the lock to go with its process", async || {
            let progress = world.progress(run).await;
            (progress["state"] == "interrupted").then_some(progress)
        })
        .await;
    assert!(
        progress["assigned"].as_u64().unwrap() < rows as u64,
        "{progress:#}"
    );
    let done: Vec<String> = world
        .report(run)
        .await
        .rows
        .iter()
        .filter(|row| row["outcome"] == "assigned")
        .map(|row| row["identity"].as_str().unwrap().to_owned())
        .collect();
    let before = world.assignments().len();
    world.resume(run).await;
    world.completed(run).await;
    assert_eq!(world.truth(run).await.count("assigned"), rows);
    for entry in &world.assignments()[before..] {
        let person = world.sandbox.person(entry.person.as_deref().unwrap()).unwrap();
        assert!(
            !done.contains(&person.uuid),
            "a request for a row that was done: {entry:#?}"
        );
    }
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_cut_off_before_its_requests_were_carried_out_is_finished() {
    let world = world().await;
    let run = killed(&world, 100, When::Before).await;
    resumes(&world, &run, 100).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_cut_off_after_its_requests_were_carried_out_doubles_none() {
    let world = world().await;
    let run = killed(&world, 100, When::After).await;
    resumes(&world, &run, 100).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_cannot_be_written_stops_the_run_and_loses_no_row() {
    for change in [
        "new.state = 'sending' and new.row = 9",
        "new.state = 'assigned' and new.row > 8",
    ] {
        let world = World::new().await;
        let template = world.template(&world.rows(40), &Gifts::default()).await;
        let db = Db::open(world.folder.path(), Events::default()).await.unwrap();
        let alter = async |sql: String| {
            let mut write = db.write().await.unwrap();
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .execute(write.connection())
                .await
                .unwrap();
            write.commit().await.unwrap();
        };
        alter(format!("create trigger full before update on run_items when {change} begin select raise(abort, 'full'); end")).await;
        let run = world.start(&template).await;
        let progress = world.paused(&run, "disk").await;
        assert_eq!(
            (&progress["failed"], &progress["unknown"]),
            (&json!(0), &json!(0)),
            "{progress:#}"
        );
        assert!(progress["pending"].as_u64().unwrap() > 0, "{progress:#}");
        alter("drop trigger full".to_owned()).await;
        world.resume(&run).await;
        world.completed(&run).await;
        assert_eq!(world.truth(&run).await.count("assigned"), 40);
        world.settled().await;
    }
}
