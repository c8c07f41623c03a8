//! Pausing, resuming, cancelling; and two Patchbays on one folder (product B8).

use patchbay_api::commands::dispatch;
use patchbay_core::ErrorCode;
use patchbay_tests::World;
use patchbay_tests::{Setting, every_assignment};
use serde_json::json;
use std::time::Duration;
use webex_sandbox::{Effect, When};

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_run_sends_nothing_and_goes_on_where_it_stood() {
    let mut world = World::new().await;
    let run = world.under_way(120).await;
    let paused = world.call("runs.pause", json!({ "run": run })).await;
    assert_eq!(
        (&paused["state"], &paused["hold"]["reason"]),
        (&json!("paused"), &json!("person")),
        "{paused:#}"
    );
    assert!(paused["pending"].as_u64().unwrap() > 0, "{paused:#}");
    let sent = world.assignments().len();
    // Whatever is asked of it meanwhile, it stays where it stands; also over a restart.
    world.sync().await;
    world.restart().await;
    assert_eq!(world.progress(&run).await["state"], "paused");
    assert_eq!(world.assignments().len(), sent, "a paused run sends nothing");
    world.resume(&run).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 120);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pausing_and_resuming_many_times_loses_nothing() {
    let world = World::new().await;
    world.sandbox.add_fault(every_assignment(Effect::Delay {
        millis: 120,
        when: When::Before,
    }));
    let run = world.start_rows(&world.rows(150)).await;
    for _ in 0..6 {
        if world.try_call("runs.pause", json!({ "run": run })).await.is_err() {
            break;
        }
        if world.over(&run).await["state"] != "paused" {
            break;
        }
        world.resume(&run).await;
    }
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 150);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_run_says_of_every_row_how_it_ended() {
    let world = World::new().await;
    let run = world.under_way(120).await;
    let cancelled = world.call("runs.cancel", json!({ "run": run })).await;
    assert_eq!(cancelled["state"], "cancelled", "{cancelled:#}");
    let report = world.truth(&run).await;
    assert!(report.count("assigned") >= 3 && report.count("skipped") > 0);
    assert_eq!(report.count("assigned") + report.count("skipped"), 120);
    assert!(
        report
            .rows
            .iter()
            .filter(|row| row["outcome"] == "skipped")
            .all(|row| row["code"] == "cancelled")
    );
    world
        .refused("runs.resume", json!({ "run": run }), ErrorCode::Conflict)
        .await;
    let skipped = report.count("skipped");
    let rows: Vec<_> = report
        .rows
        .iter()
        .filter(|row| row["outcome"] == "skipped")
        .map(|row| row["row"].clone())
        .collect();
    let draft = world
        .call("runs.retry", json!({ "run": run, "rows": rows }))
        .await;
    assert_eq!(draft["totalUsers"], skipped);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_run_waits_for_what_may_still_happen() {
    let world = World::new().await;
    let rows = world.rows(4);
    world.strike(&rows[..2], &Effect::Drop { when: When::Before });
    world.strike(&rows[2..3], &Effect::Drop { when: When::After });
    let run = world.start_rows(&rows).await;
    world
        .until("the last row", async || {
            (world.progress(&run).await["assigned"].as_u64().unwrap() >= 1).then_some(())
        })
        .await;
    let cancelled = world.call("runs.cancel", json!({ "run": run })).await;
    assert!(
        matches!(cancelled["state"].as_str(), Some("cancelled" | "completed")),
        "{cancelled:#}"
    );
    let report = world.truth(&run).await;
    assert_eq!(
        report.count("unknown"),
        0,
        "everything could be read back: {:#?}",
        report.rows
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_run_can_be_cancelled() {
    let mut world = World::new().await;
    let run = world.under_way(80).await;
    world.call("runs.pause", json!({ "run": run })).await;
    world.restart().await;
    let cancelled = world.call("runs.cancel", json!({ "run": run })).await;
    assert_eq!(cancelled["state"], "cancelled", "{cancelled:#}");
    world.truth(&run).await;
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_patchbays_on_one_folder_do_not_share_a_run() {
    let world = World::new().await;
    let other = world.another().await;
    let run = world.under_way(100).await;
    let request = json!({ "run": run });
    let seen = dispatch(&other, "runs.get", request.clone()).await.unwrap();
    assert_eq!(seen["state"], "running", "it is at work, if elsewhere: {seen:#}");
    for command in ["runs.resume", "runs.pause", "runs.cancel"] {
        let refused = dispatch(&other, command, request.clone())
            .await
            .expect_err(command);
        assert_eq!(refused.code, ErrorCode::Conflict, "{command}: {refused:?}");
    }
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 100);
    assert_eq!(
        dispatch(&other, "runs.get", request).await.unwrap()["state"],
        "completed"
    );
    tokio::time::timeout(Duration::from_secs(20), other.close())
        .await
        .expect("closing is bounded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_locked_in_the_middle_is_said_and_waited_for() {
    let mut world = World::unconnected(Setting::default()).await;
    let (old, new) = ("one way in", "another way in");
    world
        .call(
            "vault.create",
            json!({ "keyIn": "passphrase", "passphrase": old }),
        )
        .await;
    world.organisation = world.register("Northgate").await;
    world.connect().await;
    world.sync().await;
    world.sandbox.clear_journal();
    let run = world.under_way(120).await;
    // Another Patchbay on the folder changes the passphrase, so this one's key opens nothing any more; and the token ends.
    let other = world.another().await;
    dispatch(
        &other,
        "vault.changePassphrase",
        json!({ "old": old, "new": new }),
    )
    .await
    .unwrap();
    world.sandbox.revoke_tokens(false);
    let progress = world.waits(&run, "vault").await;
    assert_eq!(progress["state"], "running", "{progress:#}");
    let said = progress["hold"]["message"].as_str().unwrap();
    assert!(said.contains("locked") && !said.contains("Webex"), "{said}");
    assert_eq!(
        (&progress["failed"], &progress["unknown"]),
        (&json!(0), &json!(0)),
        "{progress:#}"
    );
    world.call("vault.unlock", json!({ "passphrase": new })).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 120);
    world.settled().await;
    other.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_counts_its_own_requests_only() {
    let world = World::new().await;
    let run = world.under_way(60).await;
    // A copy of everything goes on beside it, through the same gate.
    world.sync().await;
    let progress = world.completed(&run).await;
    world.truth(&run).await;
    let journal = world.journal();
    let own = journal
        .iter()
        .filter(|entry| entry.method == "PATCH" || entry.query.contains("id="))
        .count() as u64;
    assert!((journal.len() as u64) > own, "the copy was seen");
    assert_eq!(progress["requests"], json!(own), "{progress:#}");
}
