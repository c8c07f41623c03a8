//! Answers that say one thing while Webex did another (product, promises 1 and 2).

use patchbay_tests::World;
use patchbay_tests::{Setting, answer, every_assignment, quick, some_assignments};
use serde_json::json;
use std::time::Duration;
use webex_sandbox::{Effect, Fault, FaultBody, Matcher, When};

#[tokio::test(flavor = "multi_thread")]
async fn trouble_before_and_after_the_work_fails_no_row() {
    let world = World::new().await;
    let mut effects = Vec::new();
    for when in [When::Before, When::After] {
        for status in [500, 502, 503, 504, 423, 408] {
            effects.push(answer(status, when, FaultBody::Error));
        }
        effects.push(answer(502, when, FaultBody::Html));
        effects.push(answer(504, when, FaultBody::Empty));
        // A sign-in page of something that stands between.
        effects.push(answer(200, when, FaultBody::Html));
        effects.push(answer(200, when, FaultBody::Text("{\"personId\":".to_owned())));
        effects.push(answer(302, when, FaultBody::Empty));
        effects.push(Effect::Drop { when });
    }
    let rows = world.rows(effects.len() * 2);
    for (row, effect) in rows.iter().step_by(2).zip(&effects) {
        world.strike(std::slice::from_ref(row), effect);
    }
    let run = world.start_rows(&rows).await;
    world.completed(&run).await;
    let report = world.truth(&run).await;
    assert_eq!(report.count("assigned"), rows.len(), "{:#?}", report.rows);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_believed_only_when_nothing_happened() {
    let world = World::new().await;
    let rows = world.rows(12);
    for (row, status) in rows[..4].iter().zip([400, 404, 409, 400]) {
        world.strike(
            std::slice::from_ref(row),
            &answer(status, When::After, FaultBody::Error),
        );
    }
    for (row, status) in rows[4..8].iter().zip([400, 404, 409, 422]) {
        world.strike(
            std::slice::from_ref(row),
            &answer(status, When::Before, FaultBody::Error),
        );
    }
    let run = world.start_rows(&rows).await;
    world.completed(&run).await;
    let report = world.truth(&run).await;
    assert_eq!(
        (report.count("assigned"), report.count("failed")),
        (8, 4),
        "{:#?}",
        report.rows
    );
    for row in &rows[4..8] {
        let failed = report.of(&row.ext_key);
        assert_eq!(failed["outcome"], "failed");
        assert!(
            failed["code"].is_string() && failed["message"].is_string() && failed["trackingId"].is_string(),
            "{failed:#}"
        );
        assert!(
            failed["answer"]
                .as_str()
                .is_some_and(|answer| answer.starts_with('4')),
            "{failed:#}"
        );
    }
    let sent = world.assignments().len();
    assert_eq!(sent, rows.len(), "a refusal is not sent again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_that_fails_all_the_time_is_worn_down() {
    let world = World::new().await;
    let rows = world.rows(60);
    world.sandbox.add_fault(some_assignments(
        0.12,
        1,
        answer(503, When::Before, FaultBody::Error),
    ));
    world.sandbox.add_fault(some_assignments(
        0.12,
        2,
        answer(502, When::After, FaultBody::Html),
    ));
    world
        .sandbox
        .add_fault(some_assignments(0.10, 3, Effect::Drop { when: When::After }));
    world
        .sandbox
        .add_fault(some_assignments(0.10, 4, Effect::Drop { when: When::Before }));
    world.sandbox.add_fault(some_assignments(
        0.10,
        5,
        Effect::Delay {
            millis: 150,
            when: When::After,
        },
    ));
    let reads = Matcher {
        method: Some("GET".to_owned()),
        path: Some("/v1/people".to_owned()),
        probability: Some(0.1),
        seed: 6,
        ..Matcher::default()
    };
    world.sandbox.add_fault(Fault {
        matcher: reads,
        count: None,
        effect: answer(500, When::Before, FaultBody::Error),
    });
    let run = world.start_rows(&rows).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 60);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lasting_trouble_pauses_the_run_and_says_why() {
    let timing = patchbay_core::runs::engine::Timing {
        patience: Duration::from_millis(1500),
        ..quick()
    };
    let world = World::with(Setting {
        timing,
        ..Setting::default()
    })
    .await;
    let rows = world.rows(20);
    let down = answer(503, When::Before, FaultBody::Error);
    world
        .sandbox
        .add_fault(every_assignment(down.clone()).from_nth(6));
    let run = world.start_rows(&rows).await;
    let progress = world.paused(&run, "webex_trouble").await;
    assert_eq!(
        (&progress["failed"], &progress["unknown"]),
        (&json!(0), &json!(0)),
        "{progress:#}"
    );
    assert!(
        progress["hold"]["message"]
            .as_str()
            .is_some_and(|message| message.contains("503")),
        "{progress:#}"
    );
    world.sandbox.clear_faults();
    world.resume(&run).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 20);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_wants_a_password_fails_no_row() {
    let world = World::new().await;
    let rows = world.rows(8);
    world
        .sandbox
        .add_fault(every_assignment(answer(407, When::Before, FaultBody::Html)).from_nth(3));
    let run = world.start_rows(&rows).await;
    let progress = world.paused(&run, "network").await;
    assert_eq!(progress["failed"], 0, "{progress:#}");
    world.sandbox.clear_faults();
    world.resume(&run).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 8);
}
