//! An organisation is copied once at a time, however many Patchbays have the data folder open.

use jiff::SignedDuration;
use patchbay_api::commands::dispatch;
use patchbay_core::ErrorCode;
use patchbay_tests::{Setting, World};
use serde_json::{Value, json};
use webex_sandbox::{Effect, Fault, When};

fn delay(millis: u64) -> Effect {
    Effect::Delay {
        millis,
        when: When::Before,
    }
}

fn asked(world: &World, path: &str) -> usize {
    let journal = world.journal();
    journal.iter().filter(|entry| entry.path == path).count()
}

async fn sync(world: &World) -> Value {
    world
        .call("mirror.sync", json!({ "organisation": world.organisation }))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_another_patchbay_is_joined_and_not_doubled() {
    let world = World::new().await;
    let other = world.another().await;
    // What begins while it is at work waits for it; a page needs a moment to come.
    world
        .sandbox
        .add_fault(Fault::on_path("/v1/people", delay(1_500)));
    let request = json!({ "organisation": world.organisation });
    let theirs = dispatch(&other, "mirror.sync", request).await.unwrap();
    assert_eq!(theirs["elsewhere"], false);
    let ours = sync(&world).await;
    assert_eq!(
        ours,
        json!({ "transaction": theirs["transaction"], "elsewhere": true })
    );
    let status = world
        .call("mirror.status", json!({ "organisation": world.organisation }))
        .await;
    assert_eq!(status["syncing"], theirs["transaction"], "{status:#}");
    let over = world
        .transaction_over(theirs["transaction"].as_str().unwrap())
        .await;
    assert_eq!(over["state"], "succeeded", "{over:#}");
    assert_eq!(asked(&world, "/v1/licenses"), 1, "asked once, not twice");
    assert_eq!(sync(&world).await["elsewhere"], false, "the next one is our own");
    other.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_patchbay_copies_is_skipped_by_the_schedule_and_not_deleted() {
    let mut world = World::new().await;
    let other = world.another().await;
    world
        .sandbox
        .add_fault(Fault::on_path("/v1/people", delay(600_000)).times(None));
    let request = json!({ "organisation": world.organisation });
    let theirs = dispatch(&other, "mirror.sync", request.clone()).await.unwrap();

    world.pass(SignedDuration::from_hours(24));
    world.look().await;
    let schedule = world.schedule("mirror_sync").await;
    assert_eq!(
        (&schedule["lastOutcome"], &schedule["failures"]),
        (&json!("skipped"), &json!(0)),
        "{schedule:#}"
    );
    assert!(
        schedule["lastMessage"]
            .as_str()
            .unwrap()
            .contains("Another Patchbay"),
        "{schedule:#}"
    );
    let refused = world
        .refused(
            "organisations.delete",
            json!({ "organisation": world.organisation, "revoke": true }),
            ErrorCode::Conflict,
        )
        .await;
    assert!(refused.message.contains("Another Patchbay"), "{refused:?}");
    assert_eq!(world.shown().await["consent"]["state"], "granted");

    other.close().await;
    let over = world
        .transaction_over(theirs["transaction"].as_str().unwrap())
        .await;
    assert_eq!(over["state"], "interrupted", "{over:#}");
    world.sandbox.clear_faults();
    let again = world
        .call(
            "transactions.retry",
            json!({ "transaction": theirs["transaction"] }),
        )
        .await;
    let over = world
        .transaction_over(again["transaction"].as_str().unwrap())
        .await;
    assert_eq!(over["state"], "succeeded", "{over:#}");
    world
        .call(
            "organisations.delete",
            json!({ "organisation": world.organisation, "revoke": false }),
        )
        .await;
    let left: Vec<_> = walk(world.folder.path())
        .into_iter()
        .filter(|name| name.contains(&world.organisation))
        .collect();
    assert_eq!(
        left,
        Vec::<String>::new(),
        "nothing on disk is named after what was deleted"
    );
    world.restart().await;
}

/// Names of all files below `folder`.
fn walk(folder: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        }
        found.push(path.display().to_string());
    }
    found
}

#[test]
fn a_copy_that_was_cut_off_elsewhere_is_closed_by_who_joined_it() {
    let ours = tokio::runtime::Runtime::new().unwrap();
    let theirs = tokio::runtime::Runtime::new().unwrap();
    ours.block_on(async {
        let world = World::with(Setting::default()).await;
        let other = world.another_in(&theirs).await;
        world
            .sandbox
            .add_fault(Fault::on_path("/v1/people", delay(600_000)).times(None));
        let (begun, request) = (other.clone(), json!({ "organisation": world.organisation }));
        let begun = theirs
            .spawn(async move { dispatch(&begun, "mirror.sync", request).await.unwrap() })
            .await
            .unwrap();
        assert_eq!(sync(&world).await["elsewhere"], true);
        // As if its process were killed.
        drop(other);
        theirs.shutdown_background();
        let over = world
            .transaction_over(begun["transaction"].as_str().unwrap())
            .await;
        assert_eq!(over["state"], "interrupted", "{over:#}");
        world.sandbox.clear_faults();
        assert_eq!(sync(&world).await["elsewhere"], false);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_copied_once_at_a_time_too() {
    let mut world = World::unconnected(Setting::default()).await;
    let mut fields = world.fields("Northgate");
    fields["wholesale"] = json!(true);
    let made = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    world.organisation = made["id"].as_str().unwrap().to_owned();
    world.connect().await;
    let other = world.another().await;
    world.sandbox.clear_journal();
    world
        .sandbox
        .add_fault(Fault::on_path("/v1/wholesale/customers", delay(1_000)));
    let request = json!({ "organisation": world.organisation });
    let theirs = dispatch(&other, "wholesale.sync", request.clone()).await.unwrap();
    let ours = world.call("wholesale.sync", request).await;
    assert_eq!(
        ours,
        json!({ "transaction": theirs["transaction"], "elsewhere": true })
    );
    let over = world
        .transaction_over(theirs["transaction"].as_str().unwrap())
        .await;
    assert_eq!(over["state"], "succeeded", "{over:#}");
    assert_eq!(world.transactions("wholesale_sync").await.len(), 1);
    let pages: Vec<_> = world
        .journal()
        .into_iter()
        .filter(|entry| entry.path == "/v1/wholesale/customers")
        .map(|entry| entry.query)
        .collect();
    let mut once = pages.clone();
    once.sort();
    once.dedup();
    assert_eq!(pages.len(), once.len(), "each page once: {pages:?}");
    other.close().await;
}
