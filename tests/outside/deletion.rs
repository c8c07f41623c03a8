//! Deleting an organisation: what goes, what stays, and taking the tokens back at Webex (product O9).

use patchbay_core::ErrorCode;
use patchbay_tests::{World, answer};
use serde_json::{Value, json};
use webex_sandbox::{Effect, Fault, FaultBody, When};

const REVOKE: &str = "/idb/oauth2/v1/revoke";

async fn deletion(world: &World) -> Value {
    world
        .call(
            "organisations.deletion",
            json!({ "organisation": world.organisation }),
        )
        .await
}

fn delete(world: &World, revoke: bool) -> Value {
    json!({ "organisation": world.organisation, "revoke": revoke })
}

async fn removals(world: &World) -> Vec<Value> {
    let filter =
        json!({ "kinds": ["organisation_removed"], "organisation": null, "state": null, "search": null });
    let list = world
        .call(
            "transactions.list",
            json!({ "filter": filter, "offset": 0, "limit": 10 }),
        )
        .await;
    list["transactions"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_is_counted_before_and_reports_stay() {
    let world = World::new().await;
    let run = world.start_rows(&world.rows(5)).await;
    world.completed(&run).await;
    let counted = deletion(&world).await;
    assert_eq!(
        (
            &counted["name"],
            &counted["reports"],
            &counted["templates"],
            &counted["hasTokens"],
            &counted["blocked"]
        ),
        (
            &json!("Northgate"),
            &json!(1),
            &json!(1),
            &json!(true),
            &Value::Null
        ),
        "{counted:#}"
    );
    assert!(
        counted["people"].as_u64().unwrap() > 100 && counted["numbers"].as_u64().unwrap() > 0,
        "{counted:#}"
    );
    let deleted = world.call("organisations.delete", delete(&world, false)).await;
    assert_eq!(deleted["revoked"], false);
    assert_eq!(
        world.call("organisations.list", json!({})).await["organisations"],
        json!([])
    );
    let templates = world
        .call("bulkAssignments.list", json!({ "search": null }))
        .await;
    assert_eq!(templates["templates"], json!([]));
    let report = world
        .call(
            "runs.report",
            json!({ "run": run, "filter": { "outcomes": [], "codes": [], "search": null }, "offset": 0, "limit": 10 }),
        )
        .await;
    assert_eq!(report["total"], 5, "the report stays");
    assert!(
        world.journal().iter().all(|entry| entry.path != REVOKE),
        "nothing was changed at Webex"
    );
    world
        .refused(
            "organisations.deletion",
            delete(&world, false),
            ErrorCode::NotFound,
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn webex_takes_the_tokens_back_before_anything_is_deleted() {
    let world = World::new().await;
    // As long as Webex does not, nothing is deleted.
    world
        .sandbox
        .add_fault(Fault::on_path(REVOKE, answer(403, When::Before, FaultBody::Error)).times(None));
    let refused = world
        .try_call("organisations.delete", delete(&world, true))
        .await
        .unwrap_err();
    assert!(
        refused.message.contains("Nothing was deleted")
            && refused.message.contains("without taking the tokens back"),
        "{}",
        refused.message
    );
    let organisation = world
        .call("organisations.get", json!({ "organisation": world.organisation }))
        .await;
    assert_eq!(organisation["consent"]["state"], "granted", "{organisation:#}");
    world.sync().await;
    let failed = &removals(&world).await[0];
    assert_eq!(
        (
            &failed["state"],
            &failed["steps"][0]["name"],
            &failed["steps"][0]["state"]
        ),
        (
            &json!("failed"),
            &json!("Take the tokens back at Webex"),
            &json!("failed")
        ),
        "{failed:#}"
    );

    world.sandbox.clear_faults();
    let deleted = world.call("organisations.delete", delete(&world, true)).await;
    assert_eq!(deleted["revoked"], true);
    assert!(
        world
            .journal()
            .iter()
            .any(|entry| entry.path == REVOKE && entry.status == Some(200))
    );
    let done = &removals(&world).await[0];
    assert_eq!(done["state"], "succeeded", "{done:#}");
    let path = world.folder.path().join("audit.jsonl");
    world.call("audit.export", json!({ "path": path })).await;
    let log = std::fs::read_to_string(path).unwrap();
    let entry = log
        .lines()
        .rfind(|line| line.contains("organisation_removed"))
        .unwrap();
    assert!(
        entry.contains(r#"\"revoked\":true"#) || entry.contains(r#""revoked":true"#),
        "{entry}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_keeps_its_organisation() {
    let world = World::new().await;
    let run = world.under_way(60).await;
    let blocked = deletion(&world).await;
    assert!(
        blocked["blocked"].as_str().unwrap().contains("has not ended"),
        "{blocked:#}"
    );
    for revoke in [false, true] {
        let refused = world
            .refused(
                "organisations.delete",
                delete(&world, revoke),
                ErrorCode::Conflict,
            )
            .await;
        assert_eq!(json!(refused.message), blocked["blocked"]);
    }
    assert!(world.journal().iter().all(|entry| entry.path != REVOKE));
    // Paused, it has not ended either.
    world.call("runs.pause", json!({ "run": run })).await;
    world
        .refused("organisations.delete", delete(&world, false), ErrorCode::Conflict)
        .await;
    world.call("runs.cancel", json!({ "run": run })).await;
    world.call("organisations.delete", delete(&world, false)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_at_work_is_stopped_and_leaves_nothing() {
    let world = World::new().await;
    let slow = Effect::Delay {
        millis: 600_000,
        when: When::Before,
    };
    world
        .sandbox
        .add_fault(Fault::on_path("/v1/people", slow).times(None));
    let sync = world
        .call("mirror.sync", json!({ "organisation": world.organisation }))
        .await;
    world
        .until("the people", async || {
            let open = world
                .call("transactions.get", json!({ "transaction": sync["transaction"] }))
                .await;
            let steps = open["steps"].as_array().unwrap();
            steps
                .iter()
                .any(|step| step["name"] == "Copy people")
                .then_some(())
        })
        .await;
    world.call("organisations.delete", delete(&world, false)).await;
    let stopped = world
        .transaction_over(sync["transaction"].as_str().unwrap())
        .await;
    assert_eq!(
        (&stopped["state"], &stopped["retryable"]),
        (&json!("cancelled"), &json!(false)),
        "{stopped:#}"
    );
    assert_eq!(
        world.call("organisations.list", json!({})).await["organisations"],
        json!([])
    );
    world
        .refused(
            "mirror.sync",
            json!({ "organisation": world.organisation }),
            ErrorCode::NotFound,
        )
        .await;
    world.settled().await;
}
