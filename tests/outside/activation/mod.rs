//! How far licensed users are (product A1 to A6): the copy from each source, views of it, refreshes, files and mails.

mod availability;
mod copies;
mod refresh;
mod saving;
mod views;

use patchbay_tests::{Setting, World};
use serde_json::{Value, json};
use webex_sandbox::{BroadWorksSettings, Config, Seed, SubscriberChange, SubscriberView};

/// A connected partner of BroadWorks with so many subscribers, nothing copied.
async fn connected(subscribers: u64) -> World {
    let mut world = World::unconnected(Setting {
        config: Config {
            seed: Seed::Awkward,
            auto_consent: true,
            ..Config::default()
        },
        ..Setting::default()
    })
    .await;
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
