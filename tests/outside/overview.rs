//! What needs attention, gathered from everything else.

use patchbay_tests::{Setting, World, answer};
use serde_json::{Value, json};
use std::time::Duration;
use webex_sandbox::{
    BroadWorksSettings, EnterpriseChange, Fault, FaultBody, SubscriberChange, SyncEnding, When,
};

const ACME: &str = "SP1+acme";

async fn attention(world: &World) -> Vec<Value> {
    let request = json!({ "organisation": world.organisation });
    let reply = world.call("overview.attention", request).await;
    reply["items"].as_array().unwrap().clone()
}

fn of<'a>(items: &'a [Value], kind: &str) -> Option<&'a Value> {
    items.iter().find(|item| item["action"]["kind"] == kind)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_attention_is_gathered_and_goes_when_it_is_done() {
    let mut world = World::unconnected(Setting::default()).await;
    let mut fields = world.fields("Partner");
    fields["directorySyncEnabled"] = json!(true);
    let created = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    world.organisation = created["id"].as_str().unwrap().to_owned();
    assert!(world.sandbox.set_broadworks(&BroadWorksSettings {
        clear: true,
        step_seconds: Some(None),
        queue_seconds: Some(0),
        sync_seconds: Some(3600),
        add_enterprise: Some(ACME.to_owned()),
        add_subscribers: Some(30),
        ..BroadWorksSettings::default()
    }));
    // A known ground: everybody is done but these.
    let provisioned = SubscriberChange {
        status: Some("provisioned".to_owned()),
        errors: Some(Vec::new()),
        ..SubscriberChange::default()
    };
    let all = world.sandbox.subscribers();
    for subscriber in &all {
        assert!(world.sandbox.change_subscriber(&subscriber.id, &provisioned));
    }
    let stuck = SubscriberChange {
        status: Some("pending_email_validation".to_owned()),
        first_name: Some("Olena".to_owned()),
        last_name: Some("Kovalchuk".to_owned()),
        unchanged_for_seconds: Some(9 * 86_400),
        ..SubscriberChange::default()
    };
    assert!(world.sandbox.change_subscriber(&all[0].id, &stuck));
    let in_error = SubscriberChange {
        status: Some("error".to_owned()),
        ..SubscriberChange::default()
    };
    assert!(world.sandbox.change_subscriber(&all[1].id, &in_error));
    world.connect().await;
    world.sync().await;

    let items = attention(&world).await;
    let item = of(&items, "show_stuck").unwrap_or_else(|| panic!("{items:#?}"));
    assert_eq!(item["title"], "1 user is stuck");
    assert!(
        item["message"]
            .as_str()
            .unwrap()
            .starts_with("Olena Kovalchuk has waited"),
        "{item:#}"
    );
    let item = of(&items, "show_state").unwrap();
    assert_eq!(
        (&item["title"], &item["action"]["state"]),
        (&json!("1 user in error"), &json!("error"))
    );
    assert_eq!(of(&items, "open_directory_sync"), None, "{items:#?}");
    assert_eq!(of(&items, "open_transaction"), None, "{items:#?}");

    // A synchronisation that fails stands there once, not as a transaction too.
    world.sandbox.change_enterprise(
        ACME,
        &EnterpriseChange {
            next_ending: Some(SyncEnding::ClusterUnreachable),
            ..EnterpriseChange::default()
        },
    );
    let seen = world
        .call("directorySync.get", json!({ "organisation": world.organisation }))
        .await;
    let id = seen["enterprises"][0]["id"].clone();
    let request = json!({ "organisation": world.organisation, "enterprises": [id], "confirmed": true });
    let started = world.call("directorySync.trigger", request).await;
    world
        .until("Webex at work", async || {
            let seen = world
                .call("directorySync.get", json!({ "organisation": world.organisation }))
                .await;
            (seen["enterprises"][0]["sync"]["state"] == "running").then_some(())
        })
        .await;
    world.sandbox.advance(Duration::from_secs(7200));
    let over = world
        .transaction_over(started["transaction"].as_str().unwrap())
        .await;
    assert_eq!(over["state"], "failed");
    let items = attention(&world).await;
    let item = of(&items, "open_directory_sync").unwrap_or_else(|| panic!("{items:#?}"));
    assert_eq!(item["action"]["enterprise"], id);
    assert!(
        item["message"].as_str().unwrap().contains("error 6003"),
        "{item:#}"
    );
    assert_eq!(of(&items, "open_transaction"), None, "{items:#?}");

    // Where nobody synchronises any more it does not stand for ever.
    let off = |enabled| EnterpriseChange {
        enabled: Some(enabled),
        ..EnterpriseChange::default()
    };
    for (enabled, stands) in [(false, false), (true, true)] {
        world.sandbox.change_enterprise(ACME, &off(enabled));
        world
            .call(
                "directorySync.refresh",
                json!({ "organisation": world.organisation }),
            )
            .await;
        let items = attention(&world).await;
        assert_eq!(of(&items, "open_directory_sync").is_some(), stands, "{items:#?}");
    }

    // A copy that failed, until one succeeds.
    world
        .sandbox
        .add_fault(Fault::on_path("/v1/licenses", answer(400, When::Before, FaultBody::Error)).times(None));
    assert_eq!(world.try_sync().await["state"], "failed");
    let items = attention(&world).await;
    let item = of(&items, "open_transaction").unwrap_or_else(|| panic!("{items:#?}"));
    assert_eq!(item["title"], "Failed: Sync of Partner");
    world.sandbox.clear_faults();
    assert!(world.sandbox.change_subscriber(&all[0].id, &provisioned));
    assert!(world.sandbox.change_subscriber(&all[1].id, &provisioned));
    world.sync().await;
    let items = attention(&world).await;
    for gone in ["open_transaction", "show_stuck", "show_state"] {
        assert_eq!(of(&items, gone), None, "{items:#?}");
    }
    for item in &items {
        assert_eq!(item["organisation"], json!(world.organisation));
        assert_eq!(item["organisationName"], "Partner");
        assert!(item["message"].as_str().unwrap().ends_with('.'), "{item:#}");
    }
}
