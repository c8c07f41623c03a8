//! Everything is read once more at the end: a 2xx proves acceptance only (product, promise 1).

use patchbay_tests::{World, answer};
use serde_json::json;
use webex_sandbox::{Effect, FaultBody, When};

/// Webex accepts, shows the licences, and does nothing.
fn accepted_without_work(world: &World, row: &patchbay_tests::FileRow) -> Effect {
    let body = json!({
        "orgId": "unused", "personId": row.person.id, "email": row.person.email,
        "licenses": [world.licence(patchbay_tests::LICENCE)["id"]], "siteUrls": [], "pendingLicenses": [], "pendingSiteUrls": [],
    });
    answer(200, When::Before, FaultBody::Json(body))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acceptance_that_did_nothing_is_found() {
    let world = World::new().await;
    let rows = world.rows(100);
    for row in &rows[90..93] {
        world.strike(std::slice::from_ref(row), &accepted_without_work(&world, row));
    }
    let run = world.start_rows(&rows).await;
    world.completed(&run).await;
    let report = world.truth(&run).await;
    assert_eq!((report.count("assigned"), report.count("failed")), (97, 3));
    for row in &rows[90..93] {
        assert_eq!(report.of(&row.ext_key)["code"], "not_applied");
    }
    let lists = world
        .journal()
        .iter()
        .filter(|entry| entry.path == "/v1/people" && entry.method == "GET")
        .count();
    assert!(lists < 20, "the rows are read together, in {lists} lists");
    let draft = world
        .call("runs.retry", json!({ "run": run, "rows": null }))
        .await;
    assert_eq!(draft["totalUsers"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_that_only_pretends_is_not_believed() {
    let world = World::new().await;
    let rows = world.rows(12);
    for row in &rows {
        world.strike(std::slice::from_ref(row), &accepted_without_work(&world, row));
    }
    let run = world.start_rows(&rows).await;
    world.completed(&run).await;
    assert_eq!(world.truth(&run).await.count("failed"), 12);
    world.settled().await;
}
