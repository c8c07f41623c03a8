//! Customers of a wholesale organisation (product O10): the copy, what a change would do, and changes followed to their end.

mod changes;
mod copies;
mod interference;

use patchbay_core::ErrorCode;
use patchbay_tests::{Setting, World, answer};
use serde_json::{Value, json};
use std::time::Duration;
use webex_sandbox::{Config, CustomerView, Effect, Fault, FaultBody, JournalEntry, Seed, When};

const HOUR: Duration = Duration::from_secs(3600);
const ALL: [&str; 7] = [
    "deleting",
    "error",
    "pending_rpl_review",
    "provisioned",
    "provisioned_with_errors",
    "provisioning",
    "updating",
];

/// A connected wholesale partner whose customers are copied.
async fn partner(seed: Seed) -> World {
    let world = connected(seed).await;
    copy(&world).await;
    world.sandbox.clear_journal();
    // So many reads show Webex at work, however fast the machine.
    world.sandbox.set_wholesale_pace(HOUR, Some(2));
    world
}

async fn connected(seed: Seed) -> World {
    let mut world = World::unconnected(Setting {
        config: Config {
            seed,
            auto_consent: true,
            ..Config::default()
        },
        ..Setting::default()
    })
    .await;
    let mut fields = world.fields("Partner");
    fields["wholesale"] = json!(true);
    let created = world
        .call("organisations.create", json!({ "fields": fields }))
        .await;
    world.organisation = created["id"].as_str().unwrap().to_owned();
    world.connect().await;
    world
}

async fn try_copy(world: &World) -> Value {
    let started = world
        .call("wholesale.sync", json!({ "organisation": world.organisation }))
        .await;
    world
        .transaction_over(started["transaction"].as_str().unwrap())
        .await
}

async fn copy(world: &World) -> Value {
    let transaction = try_copy(world).await;
    assert_eq!(transaction["state"], "succeeded", "{transaction:#}");
    transaction
}

async fn window(world: &World, filter: Value, offset: u32, limit: u32) -> Value {
    let mut whole = json!({ "search": null, "status": null, "sort": "org_name", "descending": false });
    for (name, value) in filter.as_object().unwrap() {
        whole[name] = value.clone();
    }
    let query =
        json!({ "organisation": world.organisation, "filter": whole, "offset": offset, "limit": limit });
    world.call("wholesale.customers", query).await
}

async fn all(world: &World, filter: Value) -> Vec<Value> {
    let window = window(world, filter, 0, 1_000).await;
    let customers = window["customers"].as_array().unwrap().clone();
    assert_eq!(window["total"], customers.len());
    customers
}

fn request(world: &World, id: &str) -> Value {
    json!({ "organisation": world.organisation, "customer": id })
}

async fn one(world: &World, id: &str) -> Value {
    world.call("wholesale.customer", request(world, id)).await
}

/// A change that leaves everything as it is but the packages.
fn with_packages(world: &World, customer: &Value, packages: &[&str]) -> Value {
    let mut update = request(world, customer["id"].as_str().unwrap());
    let nothing = json!({
        "addressLine1": null, "addressLine2": null, "city": null, "stateOrProvince": null, "zipOrPostalCode": null,
        "country": null,
    });
    let address = if customer["address"].is_null() {
        &nothing
    } else {
        &customer["address"]
    };
    update["change"] = json!({
        "externalId": customer["externalId"].as_str().unwrap_or_default(),
        "address": address,
        "packages": packages,
    });
    update
}

async fn begin(world: &World, update: Value) -> String {
    world.call("wholesale.update", update).await["transaction"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// A customer that may be changed, with its packages.
async fn some(world: &World, at: usize) -> Value {
    let all = all(world, json!({ "status": "provisioned" })).await;
    let mut ordinary = all.into_iter().filter(|customer| {
        let external_id = customer["externalId"].as_str().unwrap_or("sentinel");
        !external_id.contains("sentinel") && customer["orgName"].is_string()
    });
    ordinary.nth(at).unwrap()
}

fn truth(world: &World, id: &str) -> CustomerView {
    let mut all = world.sandbox.wholesale_customers().into_iter();
    all.find(|customer| customer.id == id).unwrap()
}

fn sent(world: &World, method: &str) -> Vec<JournalEntry> {
    let all = world.journal().into_iter();
    all.filter(|entry| entry.method == method && entry.path.starts_with("/v1/wholesale/customers/"))
        .collect()
}

fn on_put(effect: Effect) -> Fault {
    let mut fault = Fault::on_path("/v1/wholesale/customers/", effect);
    fault.matcher.method = Some("PUT".to_owned());
    fault
}

fn message(transaction: &Value) -> &str {
    transaction["failure"]["message"].as_str().unwrap_or_default()
}

/// The step that is under way, or was last.
fn detail(transaction: &Value) -> &str {
    let steps = transaction["steps"].as_array().unwrap();
    steps
        .last()
        .and_then(|step| step["detail"].as_str())
        .unwrap_or_default()
}
