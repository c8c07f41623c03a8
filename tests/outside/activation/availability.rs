//! Whether the page can show anything, and if not, why and what to do.

use super::*;
use patchbay_core::ErrorCode;
use patchbay_tests::answer;
use webex_sandbox::{Fault, FaultBody, When};

async fn availability(world: &World) -> Value {
    status(world).await["availability"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_shown_before_a_consent_and_before_a_copy() {
    let mut world = World::unconnected(Setting::default()).await;
    world.organisation = world.register("Northgate").await;
    assert_eq!(availability(&world).await["state"], "not_connected");
    let refused = world
        .refused("activation.sync", of(&world), ErrorCode::ConsentNeeded)
        .await;
    assert!(refused.message.contains("Northgate"), "{refused:?}");
    let empty = window(&world, json!({}), 0, 100).await;
    assert_eq!((&empty["total"], &empty["users"]), (&json!(0), &json!([])));

    world.connect().await;
    let none = status(&world).await;
    assert_eq!(none["availability"], json!({ "state": "not_copied" }));
    assert_eq!(
        none["states"].as_array().unwrap().len(),
        4,
        "the named ones, with nobody in them"
    );

    for command in ["activation.status", "activation.sync"] {
        world
            .refused(command, json!({ "organisation": "nobody" }), ErrorCode::NotFound)
            .await;
    }
    let query = json!({ "organisation": "nobody", "view": {}, "offset": 0, "limit": 1 });
    world
        .refused("activation.users", query, ErrorCode::NotFound)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_without_licences_says_so() {
    let world = connected(0).await;
    let nothing = answer(200, When::Before, FaultBody::Json(json!({ "items": [] })));
    world
        .sandbox
        .add_fault(Fault::on_path("/v1/licenses", nothing).times(None));
    world.sync().await;
    let found = availability(&world).await;
    assert_eq!(found["state"], "no_licences", "{found:#}");
    assert!(found["asOf"].is_string(), "{found:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_without_the_permission_says_which_and_asks_nothing() {
    let world = World::new().await;
    let mut fields = world.fields("Northgate");
    fields["directorySyncEnabled"] = json!(true);
    let request = json!({ "organisation": world.organisation, "fields": fields });
    world.call("organisations.update", request).await;
    let found = availability(&world).await;
    assert_eq!(
        (&found["state"], &found["source"]),
        (&json!("permission_missing"), &json!("broadworks")),
        "{found:#}"
    );
    assert_eq!(
        found["permissions"][0]["scope"], "spark-admin:broadworks_subscribers_read",
        "{found:#}"
    );
    let refused = world
        .refused("activation.sync", of(&world), ErrorCode::ConsentNeeded)
        .await;
    assert!(
        refused.message.contains("Read BroadWorks subscribers"),
        "{refused:?}"
    );

    world.sandbox.clear_journal();
    let synced = world.try_sync().await;
    assert_eq!(synced["state"], "succeeded", "{synced:#}");
    let step = synced["steps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["name"] == "Copy activation")
        .unwrap();
    assert!(
        step["detail"].as_str().unwrap().contains("was not granted"),
        "{step:#}"
    );
    let asked = world.sandbox.journal();
    assert!(!asked.iter().any(|entry| entry.path.contains("subscribers")));
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_the_organisation_takes_its_users_along() {
    let world = partner(20).await;
    let key = users(&world, json!({})).await[0]["key"].clone();
    let request = json!({ "organisation": world.organisation, "revoke": false });
    world.call("organisations.delete", request).await;
    world
        .refused("activation.user", user_of(&world, &key), ErrorCode::NotFound)
        .await;
    world
        .refused("activation.status", of(&world), ErrorCode::NotFound)
        .await;
}
