//! The main job, when nothing goes wrong.

use patchbay_core::ErrorCode;
use patchbay_tests::World;
use patchbay_tests::{Gifts, PLACE, Setting};
use serde_json::{Value, json};
use webex_sandbox::{FaultBody, When};

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
    world
        .refused("runs.pause", json!({ "run": run }), ErrorCode::Conflict)
        .await;

    // Another template of the same file, against the mirror from before: the live check sees that all is done.
    let again = world.template(&rows, &Gifts::default()).await;
    world.sync().await;
    let plan = world.plan(&again).await;
    assert_eq!(
        (&plan["toAssign"], &plan["already"], &plan["leftOut"]),
        (&json!(0), &json!(40), &json!(0)),
        "{plan:#}"
    );
    let run = world.start(&again).await;
    world.completed(&run).await;
    assert_eq!(world.report(&run).await.count("already_assigned"), 40);
    assert_eq!(
        world.assignments().len(),
        40,
        "a finished file run again sends nothing"
    );
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_by_device_code_then_names_and_a_live_check() {
    let mut world = World::unconnected(Setting::default()).await;
    world.organisation = world.register("Northgate").await;
    world.connect_by_device().await;
    world.sync().await;
    let rows = world.rows(6);
    let mut file = String::from("Ext Key;User\u{2019}s Name;Number\n");
    for row in &rows {
        let number = row
            .number
            .as_deref()
            .map(|number| number.trim_start_matches('+'))
            .unwrap_or_default();
        file.push_str(&format!("{};{};{number}\n", row.ext_key, row.person.display_name));
    }
    let template = world.template_of(&file, &Gifts::default()).await;
    let plan = world.plan(&template).await;
    let several: Vec<&str> = plan["conflicts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|conflict| conflict["code"].as_str().unwrap())
        .collect();
    assert!(several.iter().all(|code| *code == "user_ambiguous"), "{plan:#}");
    let started = world
        .call(
            "bulkAssignments.start",
            json!({ "template": template, "plan": plan["hash"] }),
        )
        .await;
    let run = world.run_of(started["transaction"].as_str().unwrap()).await;
    world.completed(&run).await;
    let report = world.report(&run).await;
    assert_eq!(Value::from(report.count("assigned")), plan["toAssign"]);
    for row in report.rows.iter().filter(|row| row["outcome"] == "assigned") {
        let patch = rows
            .iter()
            .find(|patch| patch.ext_key == row["extKey"].as_str().unwrap())
            .unwrap();
        let person = world.sandbox.person(&patch.person.uuid).unwrap();
        assert_eq!(person.extension.as_deref(), Some(patch.ext_key.as_str()));
        assert_eq!(
            person.number, patch.number,
            "a number without + is the inventory's number"
        );
        assert_eq!(person.location_name.as_deref(), Some(PLACE));
    }
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_rows_are_retried_in_a_draft_of_their_own() {
    let world = World::new().await;
    let rows = world.rows(8);
    let effect = patchbay_tests::answer(400, When::Before, FaultBody::Error);
    world.strike(&rows[2..4], &effect);
    let run = world.start_rows(&rows).await;
    world.completed(&run).await;
    let report = world.truth(&run).await;
    assert_eq!((report.count("assigned"), report.count("failed")), (6, 2));

    world
        .refused(
            "runs.retry",
            json!({ "run": run, "rows": [1] }),
            ErrorCode::Conflict,
        )
        .await;
    let draft = world
        .call("runs.retry", json!({ "run": run, "rows": null }))
        .await;
    assert_eq!(
        (&draft["status"], &draft["totalUsers"]),
        (&json!("draft"), &json!(2)),
        "{draft:#}"
    );
    world.sync().await;
    let again = world.start(draft["id"].as_str().unwrap()).await;
    world.completed(&again).await;
    assert_eq!(world.truth(&again).await.count("assigned"), 2);
}
