//! Who can see directory synchronisation, and why others cannot.

use super::*;

fn availability(reply: &Value) -> &Value {
    &reply["availability"]
}

async fn state(world: &World) -> String {
    availability(&get(world).await)["state"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_is_told() {
    let world = unconnected().await;
    assert_eq!(state(&world).await, "not_connected");
    world
        .refused(
            "directorySync.refresh",
            organisation(&world),
            ErrorCode::ConsentNeeded,
        )
        .await;
    world.connect().await;
    assert_eq!(state(&world).await, "not_copied");
    let seen = refresh(&world).await;
    assert_eq!(
        availability(&seen),
        &json!({ "state": "available", "trigger": true, "missing": [] })
    );
    assert_eq!(seen["clockAheadSeconds"], 0);
    let names: Vec<&Value> = seen["enterprises"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["spEnterpriseId"])
        .collect();
    assert_eq!(names, [ACME, ZETA]);

    // No partner any more: what is known stays.
    world.sandbox.set_broadworks(&BroadWorksSettings {
        entitled: Some(false),
        ..BroadWorksSettings::default()
    });
    let refused = refresh(&world).await;
    assert_eq!(availability(&refused)["state"], "refused");
    let reason = availability(&refused)["reason"].as_str().unwrap();
    assert!(
        reason.contains("(403)") && reason.contains("Partner Hub"),
        "{reason}"
    );
    assert!(availability(&refused)["trackingId"].is_string());
    assert_eq!(refused["enterprises"].as_array().unwrap().len(), 2);
    world.sandbox.set_broadworks(&BroadWorksSettings {
        entitled: Some(true),
        clear: true,
        ..BroadWorksSettings::default()
    });
    let none = refresh(&world).await;
    assert_eq!(availability(&none)["state"], "no_enterprise", "{none:#}");

    let mut fields = world.fields("Partner");
    fields["directorySyncEnabled"] = json!(false);
    world
        .call(
            "organisations.update",
            json!({ "organisation": world.organisation, "fields": fields }),
        )
        .await;
    assert_eq!(state(&world).await, "not_used");
    world
        .refused("directorySync.refresh", organisation(&world), ErrorCode::Conflict)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_may_only_look_looks() {
    let write = "spark-admin:broadworks_enterprises_write";
    let world = unconnected().await;
    world.connect_without(&[write]).await;
    let seen = refresh(&world).await;
    assert_eq!(availability(&seen)["trigger"], false);
    assert_eq!(availability(&seen)["missing"][0]["scope"], write);
    let id = named(&seen, ACME)["id"].clone();
    let trigger = json!({ "organisation": world.organisation, "enterprises": [id], "confirmed": true });
    let enable = json!({ "organisation": world.organisation, "enterprise": id });
    for (command, request) in [
        ("directorySync.trigger", trigger),
        ("directorySync.enable", enable),
    ] {
        let refused = world.refused(command, request, ErrorCode::ConsentNeeded).await;
        assert!(
            refused.message.contains("Write BroadWorks enterprises"),
            "{refused:?}"
        );
    }
    assert!(sent(&world, "POST").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_may_not_look_says_so_and_the_copy_goes_on() {
    let read = "spark-admin:broadworks_enterprises_read";
    let world = unconnected().await;
    world.connect_without(&[read]).await;
    let seen = get(&world).await;
    assert_eq!(availability(&seen)["state"], "permission_missing");
    assert_eq!(availability(&seen)["permissions"][0]["scope"], read);
    world
        .refused(
            "directorySync.refresh",
            organisation(&world),
            ErrorCode::ConsentNeeded,
        )
        .await;
    let step = read_step(&world.try_sync().await);
    assert_eq!(step["state"], "succeeded");
    assert!(
        step["detail"].as_str().unwrap().contains("was not granted"),
        "{step}"
    );
}

fn read_step(transaction: &Value) -> Value {
    let steps = transaction["steps"].as_array().unwrap();
    let found = steps.iter().find(|step| step["name"] == "Read directory sync");
    found.unwrap_or_else(|| panic!("{transaction:#}")).clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copy_of_an_organisation_reads_it() {
    let world = unconnected().await;
    world.connect().await;
    let transaction = world.try_sync().await;
    assert_eq!(transaction["state"], "succeeded", "{transaction:#}");
    let step = read_step(&transaction);
    assert_eq!((&step["state"], &step["done"]), (&json!("succeeded"), &json!(2)));
    assert_eq!(state(&world).await, "available");
    // That Webex refuses is no failure of the copy.
    world
        .sandbox
        .add_fault(on("GET", answer(403, When::Before, FaultBody::Error)).times(None));
    let transaction = world.try_sync().await;
    assert_eq!(transaction["state"], "succeeded", "{transaction:#}");
    assert!(
        read_step(&transaction)["detail"]
            .as_str()
            .unwrap()
            .contains("(403)")
    );
    assert_eq!(state(&world).await, "refused");
}
