//! The network goes and comes back (product B8, promise 2).

use patchbay_tests::World;
use patchbay_tests::{Setting, quick};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_run_outlasts_the_network() {
    let world = World::new().await;
    let run = world.under_way(120).await;
    world.network.cut().await;
    let progress = world.waits(&run, "network").await;
    assert_eq!(progress["state"], "running", "{progress:#}");
    world.network.restore().await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 120);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_stays_away_pauses_the_run() {
    let timing = patchbay_core::runs::engine::Timing {
        patience: Duration::from_millis(1200),
        ..quick()
    };
    let world = World::with(Setting {
        timing,
        ..Setting::default()
    })
    .await;
    let run = world.under_way(120).await;
    world.network.cut().await;
    let progress = world.paused(&run, "network").await;
    assert_eq!(
        (&progress["failed"], &progress["unknown"]),
        (&json!(0), &json!(0)),
        "{progress:#}"
    );
    world.network.restore().await;
    world.resume(&run).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 120);
}

#[tokio::test(flavor = "multi_thread")]
async fn pausing_does_not_wait_for_the_network() {
    let world = World::new().await;
    let run = world.under_way(120).await;
    world.network.cut().await;
    world.waits(&run, "network").await;
    let pause = world.call("runs.pause", json!({ "run": run }));
    let paused = tokio::time::timeout(Duration::from_secs(20), pause)
        .await
        .expect("pausing needs no network");
    assert_eq!(paused["state"], "paused", "{paused:#}");
    world.network.restore().await;
    world.resume(&run).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 120);
}
