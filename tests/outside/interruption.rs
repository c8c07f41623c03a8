//! A Patchbay that is cut off in the middle (product, promise 2: resume after a kill).

use patchbay_api::commands::dispatch;
use patchbay_tests::World;
use patchbay_tests::world::{Gifts, every_assignment};
use serde_json::json;
use webex_sandbox::{Effect, When};

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
    let world = World::new().await;
    let run = killed(&world, 100, When::Before).await;
    resumes(&world, &run, 100).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_cut_off_after_its_requests_were_carried_out_doubles_none() {
    let world = World::new().await;
    let run = killed(&world, 100, When::After).await;
    resumes(&world, &run, 100).await;
}
