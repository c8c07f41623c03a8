//! The main job, when nothing goes wrong.

use patchbay_core::ErrorCode;
use patchbay_tests::World;
use patchbay_tests::world::{Gifts, Setting};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_file_becomes_phones_and_a_report() {
    let world = World::new().await;
    let rows = world.rows(40);
    let template = world.template(&rows, &Gifts::default()).await;
    let plan = world.plan(&template).await;
    assert_eq!(
        (&plan["rows"], &plan["toAssign"], &plan["leftOut"]),
        (&json!(40), &json!(40), &json!(0)),
        "{plan:#}"
    );
    assert!(world.assignments().is_empty(), "planning changes nothing");

    let run = world.start(&template).await;
    world.completed(&run).await;
    let report = world.truth(&run).await;
    assert_eq!(report.count("assigned"), 40);
    assert_eq!(world.assignments().len(), 40, "one request a row");
    assert!(report.rows.iter().all(|row| row["trackingId"].is_string()
        && row["startedAt"].is_string()
        && row["finishedAt"].is_string()));
    world.settled().await;
    world
        .refused("runs.resume", json!({ "run": run }), ErrorCode::Conflict)
        .await;
}
