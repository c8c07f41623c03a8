//! How far licensed users are (product A1 to A6): the copy from each source, views of it, refreshes, files and mails.

mod availability;
mod copies;
mod mails;
mod people;
mod refresh;
mod saving;
mod views;
mod wholesale;

use patchbay_tests::{Setting, World};
use serde_json::{Value, json};
use webex_sandbox::{
    BroadWorksSettings, Config, Effect, Fault, Seed, SubscriberChange, SubscriberView, When,
};

fn awkward() -> Setting {
    Setting {
        config: Config {
            seed: Seed::Awkward,
            auto_consent: true,
            ..Config::default()
        },
        ..Setting::default()
    }
}

/// A connected partner of BroadWorks with so many subscribers, nothing copied.
async fn connected(subscribers: u64) -> World {
    let mut world = World::unconnected(awkward()).await;
    assert!(world.sandbox.set_broadworks(&BroadWorksSettings {
        clear: true,
        entitled: Some(true),
        // Nobody gets on by himself.
        step_seconds: Some(None),
        add_enterprise: Some("SP1+acme".to_owned()),
        add_subscribers: Some(subscribers),
        ..BroadWorksSettings::default()
    }));
    let mut fields = world.fields("Partner");
    fields["directorySyncEnabled"] = json!(true);
    let created = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    world.organisation = created["id"].as_str().unwrap().to_owned();
    world.connect().await;
    world
}

/// The same, copied.
async fn partner(subscribers: u64) -> World {
    let world = connected(subscribers).await;
    world.sync().await;
    world.sandbox.clear_journal();
    world
}

fn of(world: &World) -> Value {
    json!({ "organisation": world.organisation })
}

fn user_of(world: &World, key: &Value) -> Value {
    json!({ "organisation": world.organisation, "key": key })
}

async fn status(world: &World) -> Value {
    world.call("activation.status", of(world)).await
}

async fn over(world: &World, started: &Value) -> Value {
    world
        .transaction_over(started["transaction"].as_str().unwrap())
        .await
}

async fn try_copy(world: &World) -> Value {
    let started = world.call("activation.sync", of(world)).await;
    over(world, &started).await
}

async fn copy(world: &World) {
    let transaction = try_copy(world).await;
    assert_eq!(transaction["state"], "succeeded", "{transaction:#}");
}

async fn window(world: &World, view: Value, offset: u32, limit: u32) -> Value {
    let query = json!({ "organisation": world.organisation, "view": view, "offset": offset, "limit": limit });
    world.call("activation.users", query).await
}

/// Everybody a view shows.
async fn users(world: &World, view: Value) -> Vec<Value> {
    let window = window(world, view, 0, 1_000).await;
    let users = window["users"].as_array().unwrap().clone();
    assert_eq!(window["total"], users.len());
    users
}

/// The user with this Service ID.
async fn user(world: &World, service_id: &str) -> Value {
    let found = users(world, json!({ "serviceId": service_id })).await;
    assert_eq!(found.len(), 1, "{service_id}: {found:#?}");
    found[0].clone()
}

/// The n-th subscriber at Webex, and as it is shown.
async fn subscriber(world: &World, nth: usize) -> (SubscriberView, Value) {
    let at_webex = world.sandbox.subscribers()[nth].clone();
    let shown = user(world, &at_webex.user_id).await;
    (at_webex, shown)
}

fn to(status: &str) -> SubscriberChange {
    SubscriberChange {
        status: Some(status.to_owned()),
        ..SubscriberChange::default()
    }
}

fn change(world: &World, subscriber: &SubscriberView, change: &SubscriberChange) {
    assert!(
        world.sandbox.change_subscriber(&subscriber.id, change),
        "{subscriber:?}"
    );
}

fn count(status: &Value, state: &str) -> u64 {
    let states = status["states"].as_array().unwrap();
    let found = states.iter().find(|count| count["state"] == state);
    found.map_or(0, |count| count["count"].as_u64().unwrap())
}

/// Each command once, in an organisation whose people tell the states.
pub(crate) async fn every_command(world: &World) {
    copy(world).await;
    let total = status(world).await["total"].as_u64().unwrap();
    assert!(total > 0);
    let shown = window(world, json!({}), 0, 2).await;
    let request = user_of(world, &shown["users"][0]["key"]);
    assert_eq!(
        world.call("activation.user", request.clone()).await,
        shown["users"][0]
    );
    world.call("activation.refreshUser", request.clone()).await;
    world
        .refused(
            "activation.sendConsentMail",
            request,
            patchbay_core::ErrorCode::Conflict,
        )
        .await;
    let keys = [&shown["users"][0]["key"], &shown["users"][1]["key"]];
    let selection = json!({ "kind": "keys", "keys": keys });
    let started = world
        .call(
            "activation.refresh",
            json!({ "organisation": world.organisation, "selection": selection }),
        )
        .await;
    assert_eq!(over(world, &started).await["state"], "succeeded");
    world.call("activation.cancelRefresh", of(world)).await;
    let columns = json!(["last_name"]);
    let copied = world
        .call(
            "activation.copyText",
            json!({ "organisation": world.organisation, "selection": selection, "columns": columns, "view": {} }),
        )
        .await;
    assert_eq!(copied["rows"], 2);
    let path = world.folder.path().join("activation.csv");
    let saved = world
        .call(
            "activation.export",
            json!({
                "organisation": world.organisation, "view": {}, "columns": columns, "kind": "reimport", "path": path,
            }),
        )
        .await;
    assert_eq!(saved["rows"], total);
    let history = json!({ "organisation": world.organisation, "days": 30 });
    assert_eq!(
        world.call("activation.history", history).await["days"][0]["total"],
        total
    );
    let started = world.call("activation.sendActivationMails", of(world)).await;
    world
        .until("the job", async || {
            // Webex's clock goes on while it is looked at.
            world.sandbox.advance(std::time::Duration::from_secs(1));
            let request = json!({ "transaction": started["transaction"] });
            let now = world.call("transactions.get", request).await;
            (now["state"] == "succeeded").then_some(())
        })
        .await;
}

fn steps(transaction: &Value) -> Vec<&str> {
    let steps = transaction["steps"].as_array().unwrap().iter();
    steps.map(|step| step["name"].as_str().unwrap()).collect()
}

fn lists(world: &World, path: &str) -> usize {
    let asked = world.sandbox.journal();
    asked.iter().filter(|entry| entry.path == path).count()
}

fn late_list(path: &str, nth: u64) -> Fault {
    let late = Effect::Delay {
        millis: 3_000,
        when: When::After,
    };
    let mut fault = Fault::on_path(path, late).from_nth(nth).times(Some(1));
    fault.matcher.query = Some("max=".to_owned());
    fault
}
