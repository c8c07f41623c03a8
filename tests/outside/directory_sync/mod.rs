//! Directory synchronisation of enterprises (product A7): what can be seen, asking for one, and the hold after it.

mod holds;
mod reach;
mod troubles;

use patchbay_core::ErrorCode;
use patchbay_tests::{Setting, World, answer};
use serde_json::{Value, json};
use std::time::Duration;
use webex_sandbox::{
    BroadWorksSettings, Effect, EnterpriseChange, Fault, FaultBody, JournalEntry, NobodyProvisioned, SyncBy,
    SyncEnding, When,
};

const HOUR: Duration = Duration::from_secs(3600);
const ACME: &str = "SP1+acme";
const ZETA: &str = "SP1+zeta";

/// A BroadWorks partner that was registered but not connected: acme has activated users, zeta has none.
async fn unconnected() -> World {
    let mut world = World::unconnected(Setting::default()).await;
    let mut fields = world.fields("Partner");
    fields["directorySyncEnabled"] = json!(true);
    let created = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    world.organisation = created["id"].as_str().unwrap().to_owned();
    let mut settings = BroadWorksSettings {
        clear: true,
        entitled: Some(true),
        queue_seconds: Some(0),
        sync_seconds: Some(3600),
        sync_reads: Some(None),
        add_enterprise: Some(ACME.to_owned()),
        add_subscribers: Some(20),
        ..BroadWorksSettings::default()
    };
    assert!(world.sandbox.set_broadworks(&settings));
    settings = BroadWorksSettings {
        add_enterprise: Some(ZETA.to_owned()),
        ..BroadWorksSettings::default()
    };
    assert!(world.sandbox.set_broadworks(&settings));
    world
}

/// The same, connected and looked at.
async fn partner() -> World {
    let world = unconnected().await;
    world.connect().await;
    refresh(&world).await;
    world.sandbox.clear_journal();
    world
}

/// Each command once, in an organisation that does not use it: what can be looked at says so, the rest is refused.
pub(crate) async fn every_command(world: &World) {
    let own = organisation(world);
    let seen = world.call("directorySync.get", own.clone()).await;
    assert_eq!(seen["availability"], json!({ "state": "not_used" }));
    let enterprise = json!({ "organisation": world.organisation, "enterprise": "nobody" });
    let ask = json!({ "organisation": world.organisation, "enterprises": ["nobody"], "confirmed": true });
    for (command, request) in [
        ("directorySync.refresh", own),
        ("directorySync.enable", enterprise),
        ("directorySync.trigger", ask),
    ] {
        world.refused(command, request, ErrorCode::Conflict).await;
    }
}

fn organisation(world: &World) -> Value {
    json!({ "organisation": world.organisation })
}

async fn get(world: &World) -> Value {
    world.call("directorySync.get", organisation(world)).await
}

async fn refresh(world: &World) -> Value {
    world.call("directorySync.refresh", organisation(world)).await
}

fn named(reply: &Value, name: &str) -> Value {
    let all = reply["enterprises"].as_array().unwrap();
    let found = all.iter().find(|one| one["spEnterpriseId"] == name);
    found.unwrap_or_else(|| panic!("{name} in {reply:#}")).clone()
}

async fn shown(world: &World, name: &str) -> Value {
    named(&get(world).await, name)
}

fn gate(enterprise: &Value) -> &str {
    enterprise["gate"]["state"].as_str().unwrap()
}

async fn request(world: &World, names: &[&str], confirmed: bool) -> Value {
    let reply = get(world).await;
    let ids: Vec<Value> = names
        .iter()
        .map(|name| named(&reply, name)["id"].clone())
        .collect();
    json!({ "organisation": world.organisation, "enterprises": ids, "confirmed": confirmed })
}

async fn trigger(world: &World, names: &[&str]) -> String {
    let request = request(world, names, false).await;
    world.call("directorySync.trigger", request).await["transaction"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn refused(world: &World, name: &str) -> String {
    let request = request(world, &[name], false).await;
    world
        .refused("directorySync.trigger", request, ErrorCode::Conflict)
        .await
        .message
}

/// Until the enterprise is shown in this state of the last synchronisation.
async fn until_state(world: &World, name: &str, state: &str) -> Value {
    world
        .until(state, async || {
            let enterprise = shown(world, name).await;
            (enterprise["sync"]["state"] == state).then_some(enterprise)
        })
        .await
}

async fn transaction(world: &World, id: &str) -> Value {
    world.call("transactions.get", json!({ "transaction": id })).await
}

/// The detail of a step.
fn detail(transaction: &Value, step: usize) -> &str {
    transaction["steps"][step]["detail"].as_str().unwrap_or_default()
}

fn message(transaction: &Value) -> &str {
    transaction["failure"]["message"].as_str().unwrap_or_default()
}

fn sent(world: &World, method: &str) -> Vec<JournalEntry> {
    world
        .journal()
        .into_iter()
        .filter(|entry| entry.method == method && entry.path.ends_with("/broadworksDirectorySync"))
        .collect()
}

fn on(method: &str, effect: Effect) -> Fault {
    let mut fault = Fault::on_path("/v1/broadworks/enterprises", effect);
    fault.matcher.method = Some(method.to_owned());
    fault
}

fn change(world: &World, name: &str, change: EnterpriseChange) {
    assert!(world.sandbox.change_enterprise(name, &change));
}

fn ending(world: &World, name: &str, ending: SyncEnding) {
    let next = EnterpriseChange {
        next_ending: Some(ending),
        ..EnterpriseChange::default()
    };
    change(world, name, next);
}

/// A synchronisation of acme that this desktop asked for and that is over.
async fn synchronised(world: &World) -> Value {
    let transaction = trigger(world, &[ACME]).await;
    until_state(world, ACME, "running").await;
    world.sandbox.advance(2 * HOUR);
    let over = world.transaction_over(&transaction).await;
    assert_eq!(over["state"], "succeeded", "{over:#}");
    shown(world, ACME).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_synchronisation_is_asked_for_once_and_followed_through_the_queue_to_its_end() {
    let world = partner().await;
    world.sandbox.set_broadworks(&BroadWorksSettings {
        queue_seconds: Some(600),
        ..BroadWorksSettings::default()
    });
    let before = shown(&world, ACME).await;
    assert_eq!(
        (gate(&before), &before["sync"]["state"]),
        ("open", &json!("never"))
    );
    assert_eq!(before["request"], Value::Null);
    let id = trigger(&world, &[ACME]).await;
    let queued = world
        .until("the queue", async || {
            let seen = transaction(&world, &id).await;
            detail(&seen, 0).contains("In Webex's queue").then_some(seen)
        })
        .await;
    assert_eq!(
        (&queued["kind"], &queued["state"]),
        (&json!("directory_sync"), &json!("running"))
    );
    let enterprise = shown(&world, ACME).await;
    assert_eq!(
        (gate(&enterprise), &enterprise["sync"]["state"]),
        ("queued", &json!("never"))
    );
    assert_eq!(enterprise["request"]["at"], enterprise["gate"]["askedAt"]);
    assert_eq!(
        (
            &enterprise["request"]["open"],
            &enterprise["request"]["transaction"]
        ),
        (&json!(true), &json!(id))
    );
    assert!(refused(&world, ACME).await.contains("was asked for at"));

    world.sandbox.advance(Duration::from_secs(700));
    let running = until_state(&world, ACME, "running").await;
    assert_eq!(gate(&running), "queued", "asked for by this desktop");
    world
        .until("the words for it", async || {
            let seen = transaction(&world, &id).await;
            detail(&seen, 0)
                .contains("In progress at Webex since")
                .then_some(())
        })
        .await;
    world.sandbox.advance(2 * HOUR);
    let over = world.transaction_over(&id).await;
    assert_eq!(over["state"], "succeeded", "{over:#}");
    assert!(detail(&over, 0).contains("Users: "), "{over:#}");
    assert_eq!(over["trackingIds"].as_array().unwrap().len(), 1);
    let done = shown(&world, ACME).await;
    assert_eq!((gate(&done), &done["sync"]["state"]), ("held", &json!("done")));
    assert_eq!(done["request"]["open"], false);
    assert!(done["counts"]["totalUsers"].as_u64().unwrap() > 0, "{done:#}");
    let post = sent(&world, "POST");
    assert_eq!(post.len(), 1);
    assert_eq!(post[0].body, Some(json!({ "syncStatus": "SYNC_NOW" })));
    let saved = world.folder.path().join("audit.jsonl");
    world.call("audit.export", json!({ "path": saved })).await;
    let log = std::fs::read_to_string(saved).unwrap();
    assert_eq!(log.matches("directory_sync_requested").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_enterprises_are_one_transaction_with_a_step_each() {
    let world = partner().await;
    ending(&world, ZETA, SyncEnding::ClusterUnreachable);
    let id = trigger(&world, &[ACME, ZETA, ACME]).await;
    until_state(&world, ACME, "running").await;
    until_state(&world, ZETA, "running").await;
    world.sandbox.advance(2 * HOUR);
    let over = world.transaction_over(&id).await;
    assert_eq!(over["state"], "failed", "{over:#}");
    let states: Vec<&Value> = over["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| &step["state"])
        .collect();
    assert_eq!(states, ["succeeded", "failed"], "{over:#}");
    assert!(detail(&over, 0).starts_with("Completed at"), "{over:#}");
    assert!(
        message(&over).contains("1 of 2 enterprises") && message(&over).contains("6003"),
        "{over:#}"
    );
    assert_eq!(sent(&world, "POST").len(), 2);
    // One that is held keeps both from being sent, and is named.
    let request = request(&world, &[ACME, ZETA], true).await;
    let refused = world
        .refused("directorySync.trigger", request, ErrorCode::Conflict)
        .await;
    assert!(
        refused.message.contains(ACME) && refused.message.contains("Nothing was sent."),
        "{refused:?}"
    );
    assert_eq!(sent(&world, "POST").len(), 2);
    for (enterprises, code) in [
        (json!([]), ErrorCode::Invalid),
        (json!(["nobody"]), ErrorCode::NotFound),
    ] {
        let request =
            json!({ "organisation": world.organisation, "enterprises": enterprises, "confirmed": true });
        world.refused("directorySync.trigger", request, code).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn switched_off_it_is_switched_on_first() {
    let world = partner().await;
    let off = EnterpriseChange {
        enabled: Some(false),
        ..EnterpriseChange::default()
    };
    change(&world, ACME, off);
    let enterprise = named(&refresh(&world).await, ACME);
    assert_eq!(
        (gate(&enterprise), &enterprise["enabled"]),
        ("switched_off", &json!(false))
    );
    assert!(refused(&world, ACME).await.contains("switched off"));
    let id = json!({ "organisation": world.organisation, "enterprise": enterprise["id"] });
    world
        .sandbox
        .add_fault(on("PUT", answer(403, When::Before, FaultBody::Error)));
    let refused = world
        .refused("directorySync.enable", id.clone(), ErrorCode::Refused)
        .await;
    assert!(refused.message.contains("Partner Hub"), "{refused:?}");
    let on = named(&world.call("directorySync.enable", id).await, ACME);
    assert_eq!((gate(&on), &on["enabled"]), ("open", &json!(true)));
    let request = json!({ "filter": { "kinds": ["directory_sync"], "organisation": null, "state": null, "since": null,
        "until": null, "search": null }, "offset": 0, "limit": 10 });
    let transactions = world.call("transactions.list", request).await;
    let states: Vec<&Value> = transactions["transactions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|transaction| &transaction["state"])
        .collect();
    assert_eq!(states, ["succeeded", "failed"]);
}
