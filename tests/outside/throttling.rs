//! 429, with every kind of `Retry-After` (product, promise 3).

use jiff::{SignedDuration, Timestamp};
use patchbay_tests::World;
use patchbay_tests::{Setting, quick, some_assignments};
use serde_json::json;
use std::time::Duration;
use webex_sandbox::{Effect, Fault, FaultBody, JournalEntry, When};

fn throttle(retry_after: Option<&str>, date: Option<i64>) -> Effect {
    Effect::Status {
        status: 429,
        when: When::Before,
        retry_after: retry_after.map(str::to_owned),
        retry_after_date: date,
        body: FaultBody::Error,
    }
}

fn at(entry: &JournalEntry) -> Timestamp {
    entry.at.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_retry_after_is_waited_for() {
    let world = World::new().await;
    let rows = world.rows(18);
    let kinds = [
        (throttle(Some("1"), None), 1),
        (throttle(Some("0"), None), 1),
        (throttle(None, Some(3)), 2),
        (throttle(Some("rand(1),add(2)"), None), 2),
        (throttle(None, None), 5),
        (throttle(Some("-7"), None), 1),
    ];
    for (row, (effect, _)) in rows.iter().step_by(3).zip(&kinds) {
        world.strike(std::slice::from_ref(row), effect);
    }
    let run = world.start_rows(&rows).await;
    let progress = world.completed(&run).await;
    assert_eq!(progress["throttled"], json!(kinds.len()), "{progress:#}");
    assert_eq!(world.truth(&run).await.count("assigned"), rows.len());

    let journal = world.journal();
    for (row, (effect, seconds)) in rows.iter().step_by(3).zip(&kinds) {
        let refused = journal
            .iter()
            .find(|entry| entry.status == Some(429) && entry.person.as_deref() == Some(&row.person.email))
            .expect("the 429");
        // What was on its way when the 429 came may still arrive in the first half.
        let (from, until) = (
            at(refused) + SignedDuration::from_millis(seconds * 500),
            at(refused) + SignedDuration::from_millis(seconds * 1000 - 100),
        );
        let within: Vec<_> = journal
            .iter()
            .filter(|entry| (from..until).contains(&at(entry)))
            .collect();
        assert!(within.is_empty(), "{effect:?} was not waited for: {within:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_refusals_costs_time_and_no_row() {
    let world = World::new().await;
    let rows = world.rows(30);
    world
        .sandbox
        .add_fault(some_assignments(0.25, 4, throttle(Some("0"), None)));
    world
        .sandbox
        .add_fault(some_assignments(0.05, 5, throttle(Some("1"), None)));
    let run = world.start_rows(&rows).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 30);
    let refused = world
        .assignments()
        .iter()
        .filter(|entry| entry.status == Some(429))
        .count();
    assert!(refused > 2, "the storm refused {refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absurd_wait_is_shown_and_can_be_left() {
    // A time-out that nobody could wait for: leaving must not depend on it.
    let timing = patchbay_core::runs::engine::Timing {
        request: Duration::from_secs(600),
        ..quick()
    };
    let world = World::with(Setting {
        timing,
        ..Setting::default()
    })
    .await;
    let rows = world.rows(12);
    world
        .sandbox
        .add_fault(Fault::on_assignment(throttle(Some("99999999999999"), None)));
    let run = world.start_rows(&rows).await;
    let progress = world.waits(&run, "throttled").await;
    let until: Timestamp = progress["hold"]["until"].as_str().unwrap().parse().unwrap();
    let since: Timestamp = progress["hold"]["since"].as_str().unwrap().parse().unwrap();
    let ahead = until.duration_since(since);
    assert!(
        ahead <= SignedDuration::from_hours(1) && ahead > SignedDuration::from_mins(55),
        "{progress:#}"
    );

    let pause = world.call("runs.pause", json!({ "run": run }));
    let paused = tokio::time::timeout(Duration::from_secs(20), pause)
        .await
        .expect("the wait is left at once");
    assert_eq!(
        (&paused["state"], &paused["hold"]["reason"]),
        (&json!("paused"), &json!("person")),
        "{paused:#}"
    );
    assert_eq!(paused["failed"], 0);

    let sent = world.assignments().len();
    world.resume(&run).await;
    world.waits(&run, "throttled").await;
    assert_eq!(world.assignments().len(), sent, "the hold stands after resuming");
    let cancel = world.call("runs.cancel", json!({ "run": run }));
    let cancelled = tokio::time::timeout(Duration::from_secs(20), cancel)
        .await
        .expect("the wait is left at once");
    assert_eq!(cancelled["state"], "cancelled", "{cancelled:#}");
    let report = world.truth(&run).await;
    assert_eq!(report.count("assigned") + report.count("skipped"), rows.len());
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_of_a_reading_can_be_left_too() {
    let world = World::new().await;
    let rows = world.rows(3);
    world.strike(&rows[..1], &Effect::Drop { when: When::After });
    world
        .sandbox
        .add_fault(Fault::on_path("/v1/people/", throttle(Some("3000"), None)));
    let run = world.start_rows(&rows).await;
    world.waits(&run, "throttled").await;
    let pause = world.call("runs.pause", json!({ "run": run }));
    let paused = tokio::time::timeout(Duration::from_secs(20), pause)
        .await
        .expect("the wait is left at once");
    assert_eq!(paused["state"], "paused", "{paused:#}");
    let cancel = world.call("runs.cancel", json!({ "run": run }));
    tokio::time::timeout(Duration::from_secs(20), cancel)
        .await
        .expect("cancelling is bounded");
    let report = world.report(&run).await;
    assert_eq!(
        report.of(&rows[0].ext_key)["outcome"],
        "unknown",
        "nobody could read it back: {:#?}",
        report.rows
    );
    assert_eq!(report.count("unknown"), 1);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_outlives_patchbay() {
    let mut world = World::new().await;
    let rows = world.rows(10);
    world
        .sandbox
        .add_fault(Fault::on_assignment(throttle(Some("6"), None)));
    let run = world.start_rows(&rows).await;
    world.waits(&run, "throttled").await;
    let refused_at = world
        .journal()
        .iter()
        .find(|entry| entry.status == Some(429))
        .map(at)
        .unwrap();
    world.restart().await;
    world.resume(&run).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 10);
    let last = world.journal().iter().map(at).max().unwrap();
    assert!(last.duration_since(refused_at) >= SignedDuration::from_millis(5_900));
}
