//! What follows a first consent (product O8), and trying a failed step again.

use patchbay_core::ErrorCode;
use patchbay_tests::{Setting, World, answer};
use serde_json::{Value, json};
use webex_sandbox::{Fault, FaultBody, When};

async fn connected(change: impl FnOnce(&mut Value)) -> World {
    let mut world = World::unconnected(Setting::default()).await;
    let mut fields = world.fields("Northgate");
    change(&mut fields);
    let made = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    world.organisation = made["id"].as_str().unwrap().to_owned();
    world.connect().await;
    world.sandbox.clear_journal();
    world
}

async fn follow(world: &World) -> String {
    world
        .patchbay
        .follow_consent(&world.organisation)
        .await
        .unwrap()
        .expect("something follows")
}

fn names(transaction: &Value) -> Vec<(String, String)> {
    transaction["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            (
                step["name"].as_str().unwrap().to_owned(),
                step["state"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_consent_is_followed_by_one_transaction_with_its_steps() {
    let world = connected(|_| {}).await;
    let transaction = follow(&world).await;
    let over = world.transaction_over(&transaction).await;
    assert_eq!(
        (&over["kind"], &over["state"], &over["retryable"]),
        (&json!("onboarding"), &json!("succeeded"), &json!(false)),
        "{over:#}"
    );
    let steps: Vec<String> = names(&over).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        steps,
        [
            "Resolve the organisation's id",
            "Copy roles",
            "Copy licences",
            "Copy locations",
            "Copy people",
            "Copy numbers",
            "Copy activation"
        ]
    );
    let people = &over["steps"][4];
    assert!(
        people["done"].as_u64().unwrap() > 0 && people["done"] == people["total"],
        "{people:#}"
    );
    let organisation = world
        .call("organisations.get", json!({ "organisation": world.organisation }))
        .await;
    assert!(organisation["lastSyncAt"].is_string() && organisation["internalId"].is_string());
    // The next consent is no first one any more.
    let again = world.transaction_over(&follow(&world).await).await;
    assert_eq!(again["kind"], "mirror_sync");
    world
        .refused(
            "transactions.retry",
            json!({ "transaction": transaction }),
            ErrorCode::Conflict,
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_sync_on_create_only_the_id_is_resolved() {
    let world = connected(|fields| fields["syncOnCreate"] = json!(false)).await;
    let over = world.transaction_over(&follow(&world).await).await;
    assert_eq!(
        names(&over),
        [("Resolve the organisation's id".to_owned(), "succeeded".to_owned())]
    );
    let status = world
        .call("mirror.status", json!({ "organisation": world.organisation }))
        .await;
    assert_eq!(status["asOf"], Value::Null);
    assert!(
        world
            .journal()
            .iter()
            .all(|entry| entry.path.starts_with("/v1/organizations"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_step_is_tried_again_and_what_was_done_is_not() {
    let mut world = connected(|_| {}).await;
    let refused = || Fault::on_path("/v1/locations", answer(403, When::Before, FaultBody::Error)).times(None);
    world.sandbox.add_fault(refused());
    let transaction = follow(&world).await;
    let failed = world.transaction_over(&transaction).await;
    assert_eq!(
        (&failed["state"], &failed["retryable"]),
        (&json!("failed"), &json!(true)),
        "{failed:#}"
    );
    let steps = names(&failed);
    assert_eq!(
        steps.last().unwrap(),
        &("Copy locations".to_owned(), "failed".to_owned()),
        "what comes after is untouched: {steps:?}"
    );
    assert!(
        failed["steps"][3]["detail"].as_str().unwrap().contains("403"),
        "the step says why: {failed:#}"
    );
    assert!(
        failed["trackingIds"]
            .as_array()
            .is_some_and(|ids| !ids.is_empty()),
        "{failed:#}"
    );

    // A second failure is the second attempt, also after a restart.
    world.restart().await;
    let retried = world
        .call("transactions.retry", json!({ "transaction": transaction }))
        .await;
    assert_eq!(
        retried["transaction"],
        json!(transaction),
        "it is the same transaction"
    );
    let failed = world.transaction_over(&transaction).await;
    assert_eq!(failed["state"], "failed");
    assert!(
        failed["steps"][3]["detail"]
            .as_str()
            .unwrap()
            .starts_with("Attempt 2: "),
        "{failed:#}"
    );
    assert_eq!(
        failed["trackingIds"].as_array().unwrap().len(),
        2,
        "both tries are on record"
    );

    world.sandbox.clear_faults();
    world.sandbox.clear_journal();
    world
        .call("transactions.retry", json!({ "transaction": transaction }))
        .await;
    let over = world.transaction_over(&transaction).await;
    assert_eq!(
        (&over["state"], &over["failure"], &over["retryable"]),
        (&json!("succeeded"), &json!(null), &json!(false)),
        "{over:#}"
    );
    assert!(
        names(&over).iter().all(|(_, state)| state == "succeeded"),
        "{over:#}"
    );
    assert_eq!(over["steps"][3]["detail"], "Attempt 3");
    assert!(
        world
            .journal()
            .iter()
            .all(|entry| !entry.path.starts_with("/v1/licenses") && !entry.path.starts_with("/v1/roles")),
        "what was done is not done again"
    );
    let status = world
        .call("mirror.status", json!({ "organisation": world.organisation }))
        .await;
    assert!(status["asOf"].is_string(), "{status:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cut_off_can_be_tried_again_after_the_next_start() {
    let mut world = connected(|_| {}).await;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    world.sandbox.add_fault(
        Fault::on_path(
            "/v1/people",
            webex_sandbox::Effect::Delay {
                millis: 600_000,
                when: When::Before,
            },
        )
        .times(None),
    );
    let doomed = world.another_in(&runtime).await;
    let organisation = world.organisation.clone();
    let transaction = runtime
        .spawn({
            let doomed = doomed.clone();
            async move { doomed.follow_consent(&organisation).await.unwrap().unwrap() }
        })
        .await
        .unwrap();
    world
        .until_looking("the people", async || {
            let open = world
                .call("transactions.get", json!({ "transaction": transaction }))
                .await;
            let steps = open["steps"].as_array().unwrap();
            steps
                .iter()
                .any(|step| step["name"] == "Copy people")
                .then_some(())
        })
        .await;
    // As a process does that is killed.
    drop(doomed);
    tokio::task::spawn_blocking(move || drop(runtime)).await.unwrap();
    world.sandbox.clear_faults();
    world.restart().await;
    let found = world
        .call("transactions.get", json!({ "transaction": transaction }))
        .await;
    assert_eq!(
        (&found["state"], &found["retryable"]),
        (&json!("interrupted"), &json!(true)),
        "{found:#}"
    );
    world
        .call("transactions.retry", json!({ "transaction": transaction }))
        .await;
    let over = world.transaction_over(&transaction).await;
    assert_eq!(over["state"], "succeeded", "{over:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_tried_again_says_why() {
    let world = World::new().await;
    let list = world
        .call(
            "transactions.list",
            json!({ "filter": { "organisation": null, "state": null, "search": null }, "offset": 0, "limit": 10 }),
        )
        .await;
    for transaction in list["transactions"].as_array().unwrap() {
        assert_eq!(transaction["retryable"], false, "{transaction:#}");
        let refused = world
            .refused(
                "transactions.retry",
                json!({ "transaction": transaction["id"] }),
                ErrorCode::Conflict,
            )
            .await;
        assert!(refused.message.contains("has succeeded"), "{}", refused.message);
    }
    world
        .refused(
            "transactions.retry",
            json!({ "transaction": "nobody" }),
            ErrorCode::NotFound,
        )
        .await;

    // A sync that failed; then its organisation goes, and with it the way to try again.
    world.network.cut().await;
    let failed = world.try_sync().await;
    assert_eq!(failed["retryable"], true, "{failed:#}");
    world.network.restore().await;
    world
        .call(
            "organisations.delete",
            json!({ "organisation": world.organisation }),
        )
        .await;
    let transaction = world
        .call("transactions.get", json!({ "transaction": failed["id"] }))
        .await;
    assert_eq!(transaction["retryable"], false);
    let refused = world
        .refused(
            "transactions.retry",
            json!({ "transaction": failed["id"] }),
            ErrorCode::Conflict,
        )
        .await;
    assert!(refused.message.contains("deleted"), "{}", refused.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_customers_of_a_wholesale_organisation_come_with_its_first_consent() {
    let world = connected(|fields| fields["wholesale"] = json!(true)).await;
    world.sandbox.add_fault(Fault::on_path(
        "/v1/wholesale/customers",
        answer(403, When::Before, FaultBody::Error),
    ));
    let transaction = follow(&world).await;
    let over = world.transaction_over(&transaction).await;
    assert_eq!(
        (&over["state"], &over["retryable"]),
        (&json!("failed"), &json!(true)),
        "{over:#}"
    );
    let message = over["failure"]["message"].as_str().unwrap();
    assert!(message.contains("Partner Hub"), "the way out: {message}");
    let began: Vec<(String, String)> = names(&over).into_iter().skip(5).collect();
    assert_eq!(
        began,
        [
            ("Copy numbers".to_owned(), "succeeded".to_owned()),
            ("Copy customers".to_owned(), "failed".to_owned()),
        ],
        "{over:#}"
    );

    world.sandbox.clear_journal();
    world
        .call("transactions.retry", json!({ "transaction": transaction }))
        .await;
    let over = world.transaction_over(&transaction).await;
    assert_eq!(over["state"], "succeeded", "{over:#}");
    assert!(
        names(&over).iter().all(|(_, state)| state == "succeeded"),
        "{over:#}"
    );
    assert!(
        world.journal().iter().all(|entry| entry.path != "/v1/people"),
        "what was copied is not copied again"
    );
    let filter = json!({ "search": null, "status": null, "sort": "status", "descending": false });
    let query = json!({ "organisation": world.organisation, "filter": filter, "offset": 0, "limit": 1 });
    assert_eq!(world.call("wholesale.customers", query).await["total"], 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn patchbay_that_ends_leaves_a_copy_that_can_be_tried_again() {
    let mut world = connected(|_| {}).await;
    world.sandbox.add_fault(Fault::on_path(
        "/v1/people",
        webex_sandbox::Effect::Delay {
            millis: 3_600_000,
            when: When::Before,
        },
    ));
    let transaction = follow(&world).await;
    world
        .until("the people to be asked for", async || {
            let now = world
                .call("transactions.get", json!({ "transaction": transaction }))
                .await;
            (now["steps"][4]["state"] == "running").then_some(())
        })
        .await;
    world.patchbay.close().await;
    // Patchbay may have ended before the request left; nothing is to be in the way of the next one.
    world.sandbox.clear_faults();
    world.patchbay = world.another().await;
    let over = world
        .call("transactions.get", json!({ "transaction": transaction }))
        .await;
    assert_eq!(
        (&over["state"], &over["retryable"]),
        (&json!("interrupted"), &json!(true)),
        "{over:#}"
    );
    world
        .call("transactions.retry", json!({ "transaction": transaction }))
        .await;
    let over = world.transaction_over(&transaction).await;
    assert_eq!(over["state"], "succeeded", "{over:#}");
}
