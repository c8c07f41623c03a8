//! Webex changes between the plan and the run (product, promise 5).

use patchbay_core::ErrorCode;
use patchbay_tests::Gifts;
use patchbay_tests::World;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn what_drifted_since_the_plan_asks_again_and_sends_nothing() {
    let world = World::new().await;
    let rows = world.rows(6);
    let template = world.template(&rows, &Gifts::default()).await;
    let seen = world.plan(&template).await;
    let stranger = world.free_people().pop().unwrap();
    world.somebody_assigns(&stranger, &rows[2].ext_key).await;

    let request = json!({ "template": template, "plan": seen["hash"] });
    let started = world.call("bulkAssignments.start", request).await;
    let transaction = world
        .transaction_over(started["transaction"].as_str().unwrap())
        .await;
    assert_eq!(
        (&transaction["state"], &transaction["failure"]["code"]),
        (&json!("failed"), &json!("plan_drifted")),
        "{transaction:#}"
    );
    assert!(world.assignments().is_empty(), "nothing was sent");
    assert_eq!(world.call("runs.active", json!({})).await["runs"], json!([]));

    let now = world.plan(&template).await;
    assert_ne!(now["hash"], seen["hash"]);
    assert_eq!(
        (&now["toAssign"], &now["conflicts"][0]["code"]),
        (&json!(5), &json!("extension_taken")),
        "{now:#}"
    );
    let run = world.start(&template).await;
    world.completed(&run).await;
    let report = world.truth(&run).await;
    assert_eq!((report.count("assigned"), report.count("skipped")), (5, 1));
    assert_eq!(report.of(&rows[2].ext_key)["code"], "extension_taken");
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_after_the_live_check_is_each_rows_own_truth() {
    let world = World::new().await;
    let rows = world.rows(8);
    let template = world.template(&rows, &Gifts::default()).await;
    let people = world.free_people();
    let (stranger, other) = (&people[people.len() - 1], &people[people.len() - 2]);
    // Deleted; extension given to a stranger; number given to another; the person given another extension.
    world
        .somebody_else("DELETE", &format!("/v1/people/{}", rows[0].person.id), None)
        .await;
    world.somebody_assigns(stranger, &rows[2].ext_key).await;
    let licence = json!({
        "id": world.licence(patchbay_tests::LICENCE)["id"], "operation": "add",
        "properties": { "locationId": world.place()["id"], "extension": "9991", "phoneNumber": rows[3].number },
    });
    world
        .somebody_else(
            "PATCH",
            "/v1/licenses/users",
            Some(&json!({ "personId": other.id, "licenses": [licence] })),
        )
        .await;
    world.somebody_assigns(&rows[5].person, "9992").await;

    let run = world.start(&template).await;
    world.completed(&run).await;
    let report = world.truth(&run).await;
    assert_eq!(
        (report.count("assigned"), report.count("failed")),
        (4, 4),
        "{:#?}",
        report.rows
    );
    for (row, code) in [
        (0, "user_not_found"),
        (2, "extension_taken"),
        (3, "number_taken"),
        (5, "changed_meanwhile"),
    ] {
        assert_eq!(
            report.of(&rows[row].ext_key)["code"],
            code,
            "{:#}",
            report.of(&rows[row].ext_key)
        );
    }
    let person = world.sandbox.person(&rows[5].person.uuid).unwrap();
    assert_eq!(
        person.extension.as_deref(),
        Some("9992"),
        "somebody else's extension was left alone"
    );
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_twice_runs_once() {
    let world = World::new().await;
    let rows = world.rows(10);
    let template = world.template(&rows, &Gifts::default()).await;
    let plan = world.plan(&template).await;
    let request = json!({ "template": template, "plan": plan["hash"], "checkedLive": true });
    let starts = std::iter::repeat_with(|| world.try_call("bulkAssignments.start", request.clone())).take(6);
    let mut runs = Vec::new();
    for started in futures::future::join_all(starts).await {
        match started {
            Ok(started) => {
                let transaction = started["transaction"].as_str().unwrap();
                let transaction = world
                    .until("the start", async || {
                        let transaction = world
                            .call("transactions.get", json!({ "transaction": transaction }))
                            .await;
                        (transaction["state"] != "running" || transaction["run"].is_string())
                            .then_some(transaction)
                    })
                    .await;
                runs.extend(transaction["run"].as_str().map(str::to_owned));
            }
            Err(failure) => assert_eq!(failure.code, ErrorCode::Conflict, "{failure:?}"),
        }
    }
    assert_eq!(runs.len(), 1, "one run for one template: {runs:?}");
    world.completed(&runs[0]).await;
    world.truth(&runs[0]).await;
    assert_eq!(world.assignments().len(), 10);
}
