//! Tokens that die while a run is at work (product, promise 4; architecture invariant 4).

use patchbay_core::ErrorCode;
use patchbay_tests::{World, answer, every_assignment};
use serde_json::json;
use webex_sandbox::{Effect, Fault, FaultBody, When};

fn forbidden() -> Effect {
    answer(403, When::Before, FaultBody::Error)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_revoked_mid_run_costs_one_refresh_and_no_row() {
    let world = World::new().await;
    let rows = world.rows(25);
    world
        .sandbox
        .add_fault(Fault::on_assignment(Effect::RevokeToken { refresh: false }).from_nth(6));
    let run = world.start_rows(&rows).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 25);
    let refreshes = world
        .sandbox
        .journal()
        .iter()
        .filter(|entry| entry.path == "/v1/access_token")
        .count();
    assert_eq!(refreshes, 1);
    assert!(world.assignments().iter().any(|entry| entry.status == Some(401)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_refresh_pauses_the_run_until_somebody_connects() {
    let world = World::new().await;
    let rows = world.rows(25);
    world
        .sandbox
        .add_fault(Fault::on_assignment(Effect::RevokeToken { refresh: true }).from_nth(6));
    let run = world.start_rows(&rows).await;
    world.paused_unharmed(&run, "consent").await;
    let organisation = world
        .call("organisations.get", json!({ "organisation": world.organisation }))
        .await;
    assert_eq!(organisation["consent"]["state"], "needed", "{organisation:#}");
    world
        .refused("runs.resume", json!({ "run": run }), ErrorCode::ConsentNeeded)
        .await;
    assert_eq!(world.progress(&run).await["state"], "paused");

    world.connect().await;
    world.resume(&run).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 25);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_up_needs_no_consent() {
    let world = World::new().await;
    let rows = world.rows(25);
    world
        .sandbox
        .add_fault(Fault::on_assignment(Effect::RevokeToken { refresh: true }).from_nth(6));
    let run = world.start_rows(&rows).await;
    world.paused(&run, "consent").await;
    let cancelled = world.call("runs.cancel", json!({ "run": run })).await;
    assert_eq!(cancelled["state"], "cancelled", "{cancelled:#}");
    let report = world.truth(&run).await;
    assert_eq!(report.count("assigned") + report.count("skipped"), 25);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_no_longer_covers_the_work_burns_no_row() {
    let world = World::new().await;
    let rows = world.rows(30);
    world.sandbox.add_fault(every_assignment(forbidden()).from_nth(6));
    let run = world.start_rows(&rows).await;
    world.paused_unharmed(&run, "consent").await;
    world.sandbox.clear_faults();
    world.resume(&run).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("assigned"), 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_out_of_reach_fail_by_themselves() {
    let world = World::new().await;
    let rows = world.rows(20);
    for row in &rows[16..19] {
        world
            .sandbox
            .add_fault(every_assignment(forbidden()).for_person(&row.person.uuid));
    }
    let run = world.start_rows(&rows).await;
    world.completed(&run).await;
    let report = world.truth(&run).await;
    assert_eq!(
        (report.count("assigned"), report.count("failed")),
        (17, 3),
        "{:#?}",
        report.rows
    );
    assert!(
        report
            .rows
            .iter()
            .filter(|row| row["outcome"] == "failed")
            .all(|row| row["code"] == "forbidden")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_nothing_but_forbidden_rows_comes_to_an_end_when_told_to_go_on() {
    let world = World::new().await;
    let rows = world.rows(2);
    world.sandbox.add_fault(every_assignment(forbidden()));
    let run = world.start_rows(&rows).await;
    world.paused(&run, "consent").await;
    world.resume(&run).await;
    world.completed(&run).await;
    let report = world.truth(&run).await;
    assert_eq!(report.count("failed"), 2, "{:#?}", report.rows);
}
