//! What 500 organisations cost: `cargo run --release -p patchbay-tests --example organisations_500 [COUNT]`.
//!
//! All are registered against one simulated Webex, in this process, each with a consent of its own. Printed are the lists, one
//! look at which every organisation's token refresh is due, what an organisation adds to memory, and the processor time of a
//! Patchbay that has nothing to do for a bit more than a minute, so that the clock was looked at.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "it is a measurement"
)]

use patchbay_api::{KeychainChoice, OpenOptions, Patchbay};
use patchbay_tests::{Setting, World, quick};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Longer than the longest time between two looks at the clock.
const IDLE: Duration = Duration::from_secs(70);

#[tokio::main]
async fn main() {
    let count: usize = std::env::args()
        .nth(1)
        .map_or(500, |text| text.parse().expect("a number"));
    let mut world = World::unconnected(Setting::default()).await;
    // Syncs would copy the same organisation again and again.
    let mut preferences = world.call("preferences.get", json!({})).await;
    preferences["syncEveryHours"] = json!(0);
    world.call("preferences.set", preferences).await;

    let (memory, began) = (resident(), Instant::now());
    for n in 0..count {
        world.organisation = world.register(&format!("Organisation {n}")).await;
        world.connect().await;
    }
    println!(
        "{count} organisations registered and connected in {:.1} s",
        began.elapsed().as_secs_f64()
    );

    for command in ["organisations.list", "notifications.list"] {
        report(command, timed(&world, command, json!({})).await);
    }
    let filter = json!({ "organisation": null, "kind": null, "troubled": false, "search": null });
    let window = json!({ "filter": filter, "offset": 0, "limit": 100 });
    report(
        "schedules.list, 100 of them",
        timed(&world, "schedules.list", window).await,
    );

    world.pass_days(8);
    world.sandbox.clear_journal();
    let began = Instant::now();
    world.look().await;
    println!(
        "a look with {} token refreshes due: {:.1} s",
        world.token_calls(),
        began.elapsed().as_secs_f64()
    );
    let began = Instant::now();
    world.look().await;
    println!(
        "a look with nothing due: {:.1} ms",
        began.elapsed().as_secs_f64() * 1e3
    );
    if let (Some(before), Some(after)) = (memory, resident()) {
        println!(
            "memory: {after} KiB resident, {:.1} KiB more an organisation (its part of the simulated Webex included)",
            (after.saturating_sub(before)) as f64 / count as f64
        );
    }

    world.patchbay.close().await;
    let idle = Patchbay::open(OpenOptions {
        data_dir: world.folder.path().to_owned(),
        log_dir: world.folder.path().join("logs"),
        keychain: KeychainChoice::Other(Arc::new(world.keychain.clone())),
        clock: world.clock.clone(),
        timing: quick(),
        background: true,
    })
    .await
    .unwrap();
    // The first look, at the start, is no part of it.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = processor();
    tokio::time::sleep(IDLE).await;
    if let (Some(before), Some(after)) = (before, processor()) {
        println!(
            "idle: {} ms of processor time in {} s",
            after - before,
            IDLE.as_secs()
        );
    }
    idle.close().await;
}

/// Median of some calls, in milliseconds.
async fn timed(world: &World, command: &str, request: serde_json::Value) -> f64 {
    let mut times = Vec::new();
    for _ in 0..15 {
        let began = Instant::now();
        world.call(command, request.clone()).await;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn report(what: &str, millis: f64) {
    println!("{what}: {millis:.1} ms");
}

/// Resident memory in KiB, where the system tells it the way Linux does.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Processor time of this process in milliseconds; a tick is a hundredth of a second.
fn processor() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(ticks * 10)
}
