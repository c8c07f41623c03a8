//! Where people tell the states: their copy, and a refresh beside it.

use super::*;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_refreshed_after_the_people_were_read_is_not_set_back() {
    let world = World::with(awkward()).await;
    let list = "/v1/people";
    world.sandbox.add_fault(late_list(list, 1));
    let waiting = users(&world, json!({ "state": "pending_email_validation" })).await;
    let key = &waiting[0]["key"];
    let started = world.call("activation.sync", of(&world)).await;
    world
        .until_looking("the people", async || (lists(&world, list) == 1).then_some(()))
        .await;
    let accepted = json!({ "person": key, "invite_pending": false, "status": "active" });
    world
        .somebody_else("POST", "/_sandbox/people", Some(&accepted))
        .await;
    let now = world.call("activation.refreshUser", user_of(&world, key)).await;
    assert_eq!(now["state"], "provisioned", "{now:#}");
    let over = over(&world, &started).await;
    assert_eq!(over["state"], "succeeded", "{over:#}");
    let kept = world.call("activation.user", user_of(&world, key)).await;
    assert_eq!(kept["state"], "provisioned", "{kept:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_tell_the_states_where_nobody_else_does() {
    let world = World::with(awkward()).await;
    let licensed: Vec<_> = world
        .sandbox
        .people()
        .into_iter()
        .filter(|person| !person.licences.is_empty())
        .collect();
    let status = status(&world).await;
    assert_eq!(
        status["availability"],
        json!({ "state": "available", "source": "people" })
    );
    assert_eq!(status["total"], licensed.len(), "everybody who has a licence");
    let shown = users(&world, json!({})).await;
    let waiting = licensed
        .iter()
        .filter(|person| person.invite_pending || person.status == "pending");
    assert!(count(&status, "pending_email_validation") > 0);
    assert_eq!(
        count(&status, "pending_email_validation") as usize,
        waiting.filter(|person| !person.email.is_empty()).count()
    );
    for person in &licensed {
        let user = shown
            .iter()
            .find(|user| user["key"] == person.uuid)
            .unwrap_or_else(|| panic!("{person:?}"));
        let (calling, rest): (Vec<&str>, Vec<&str>) = person
            .licence_names
            .iter()
            .map(String::as_str)
            .partition(|name| name.contains("Calling") && !name.contains("Workspaces"));
        let set = |text: &Value| -> BTreeSet<String> {
            let text = text.as_str().unwrap_or_default();
            text.split(", ")
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let names = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
        assert_eq!(set(&user["serviceType"]), names(calling), "{person:?}");
        assert_eq!(set(&user["licence"]), names(rest), "{person:?}");
        assert_eq!(
            user["nudge"] == "activation_mail",
            user["state"] == "pending_email_validation"
        );
    }

    // Alone, the people are read again first.
    world.sandbox.clear_journal();
    let transaction = try_copy(&world).await;
    assert_eq!(
        steps(&transaction),
        ["Copy people", "Copy activation"],
        "{transaction:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_alone_brings_the_names_its_columns_need() {
    let mut world = World::unconnected(Setting::default()).await;
    world.organisation = world.register("Northgate").await;
    world.connect().await;
    let transaction = try_copy(&world).await;
    assert_eq!(
        steps(&transaction),
        [
            "Copy licences",
            "Copy locations",
            "Copy people",
            "Copy activation"
        ],
        "{transaction:#}"
    );
    assert_eq!(transaction["state"], "succeeded", "{transaction:#}");
    let shown = window(&world, json!({}), 0, 100).await;
    let shown = shown["users"].as_array().unwrap();
    assert!(shown.iter().any(|user| user["location"].is_string()));
    assert!(shown.iter().any(|user| user["serviceType"].is_string()));
    assert_eq!(world.shown().await["lastSyncAt"], Value::Null, "it is no sync");
}
