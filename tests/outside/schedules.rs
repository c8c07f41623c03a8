//! What runs by itself, and what a person may say to it (product O12).

use jiff::{SignedDuration, Timestamp};
use patchbay_core::ErrorCode;
use patchbay_core::events::Topic;
use patchbay_tests::{Setting, World};
use serde_json::{Value, json};

async fn registered() -> World {
    let mut world = World::unconnected(Setting::default()).await;
    world.organisation = world.register("Northgate").await;
    world
}

fn filter(organisation: Option<&str>) -> Value {
    json!({ "organisation": organisation, "kind": null, "troubled": false, "search": null })
}

async fn kinds(world: &World, filter: &Value) -> Vec<String> {
    let request = json!({ "filter": filter, "offset": 0, "limit": 100 });
    let window = world.call("schedules.list", request).await;
    let mut kinds: Vec<String> = window["schedules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|schedule| schedule["kind"].as_str().unwrap().to_owned())
        .collect();
    kinds.sort();
    kinds
}

fn due(schedule: &Value) -> Timestamp {
    schedule["state"]["at"]
        .as_str()
        .unwrap_or_else(|| panic!("not waiting: {schedule:#}"))
        .parse()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn schedules_come_and_go_with_their_organisation() {
    let world = registered().await;
    let own = filter(Some(&world.organisation));
    assert_eq!(kinds(&world, &own).await, ["mirror_sync", "token_refresh"]);
    let blocked = world.schedule("mirror_sync").await;
    assert_eq!(blocked["state"]["state"], "blocked", "{blocked:#}");
    assert!(blocked["state"]["reason"].as_str().unwrap().contains("consented"));

    let mut fields = world.fields("Northgate");
    fields["wholesale"] = json!(true);
    let change = |fields: &Value| json!({ "organisation": world.organisation, "fields": fields });
    world.call("organisations.update", change(&fields)).await;
    assert_eq!(
        kinds(&world, &own).await,
        ["mirror_sync", "token_refresh", "wholesale_sync"]
    );
    fields["wholesale"] = json!(false);
    world.call("organisations.update", change(&fields)).await;
    assert_eq!(kinds(&world, &own).await, ["mirror_sync", "token_refresh"]);

    let other = world.register("Southgate").await;
    assert_eq!(kinds(&world, &filter(None)).await.len(), 4);
    let mut searched = filter(None);
    searched["search"] = json!("SOUTH");
    assert_eq!(kinds(&world, &searched).await.len(), 2);
    world
        .call(
            "organisations.delete",
            json!({ "organisation": other, "revoke": false }),
        )
        .await;
    assert_eq!(kinds(&world, &filter(None)).await.len(), 2);
    world
        .refused(
            "schedules.pause",
            json!({ "schedule": "nobody" }),
            ErrorCode::NotFound,
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_that_nobody_has_connected_yet_is_in_no_trouble() {
    let world = World::new().await;
    world.register("Sable & Tern Legal").await;
    let troubled = async || {
        let filter = json!({ "organisation": null, "kind": null, "troubled": true, "search": null });
        let query = json!({ "filter": filter, "offset": 0, "limit": 10 });
        world.call("schedules.list", query).await
    };
    assert_eq!(troubled().await["total"], 0);
    // Webex takes the consent of the connected one back.
    world.sandbox.revoke_tokens(true);
    world
        .try_call("consent.refresh", json!({ "organisation": world.organisation }))
        .await
        .unwrap_err();
    let list = troubled().await;
    assert_eq!(list["total"], 2, "{list:#}");
    let names = list["schedules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["organisationName"]);
    assert!(names.into_iter().all(|name| name == "Northgate"), "{list:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_runs_when_it_is_due_and_by_its_own_interval() {
    let world = World::new().await;
    let first = due(&world.schedule("mirror_sync").await);
    world.look().await;
    assert_eq!(
        world.transactions("mirror_sync").await.len(),
        1,
        "it is not due yet"
    );
    world.pass_days(1);
    world.look().await;
    let schedule = world.schedule("mirror_sync").await;
    assert_eq!(schedule["lastOutcome"], "succeeded", "{schedule:#}");
    let transactions = world.transactions("mirror_sync").await;
    assert_eq!(
        (transactions.len(), &schedule["lastTransaction"]),
        (2, &transactions[0]["id"])
    );
    assert!(due(&schedule) > first);

    let set = json!({ "schedule": schedule["id"], "everyMinutes": 60 });
    let hourly = world.call("schedules.setEvery", set).await;
    assert_eq!(hourly["everyMinutes"], 60);
    world.pass(SignedDuration::from_hours(1));
    world.look().await;
    assert_eq!(world.transactions("mirror_sync").await.len(), 3);
    for (minutes, code) in [(14, ErrorCode::Invalid), (43_201, ErrorCode::Invalid)] {
        let request = json!({ "schedule": schedule["id"], "everyMinutes": minutes });
        let refused = world.refused("schedules.setEvery", request, code).await;
        assert_eq!(refused.field.as_deref(), Some("everyMinutes"));
    }
    for minutes in [15, 43_200] {
        let request = json!({ "schedule": schedule["id"], "everyMinutes": minutes });
        assert_eq!(
            world.call("schedules.setEvery", request).await["everyMinutes"],
            minutes
        );
    }
    let refresh = world.schedule("token_refresh").await;
    let request = json!({ "schedule": refresh["id"], "everyMinutes": 60 });
    let refused = world
        .refused("schedules.setEvery", request, ErrorCode::Invalid)
        .await;
    assert!(
        refused.message.contains("every seven days"),
        "{}",
        refused.message
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paused_waits_until_it_is_resumed_and_survives_a_restart() {
    let mut world = World::new().await;
    assert_eq!(
        world.tell_schedule("schedules.pause", "mirror_sync").await["state"]["state"],
        "paused"
    );
    world.pass_days(3);
    world.look().await;
    assert_eq!(world.transactions("mirror_sync").await.len(), 1);
    world.restart().await;
    assert_eq!(world.schedule("mirror_sync").await["state"]["state"], "paused");
    // Asking for it is not forbidden.
    world.tell_schedule("schedules.runNow", "mirror_sync").await;
    world.turn_over("mirror_sync").await;
    assert_eq!(world.transactions("mirror_sync").await.len(), 2);
    world.pass_days(3);
    world.tell_schedule("schedules.resume", "mirror_sync").await;
    world.look().await;
    assert_eq!(
        world.transactions("mirror_sync").await.len(),
        3,
        "what was missed comes at once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_asks_for_runs_now() {
    let world = World::new().await;
    let shown = world.tell_schedule("schedules.runNow", "mirror_sync").await;
    assert!(
        shown["state"]["state"] == "running" || shown["lastOutcome"] == "succeeded",
        "{shown:#}"
    );
    let over = world.turn_over("mirror_sync").await;
    assert_eq!(over["lastOutcome"], "succeeded", "{over:#}");

    let calls = world.token_calls();
    let before = world.shown().await;
    world.tell_schedule("schedules.runNow", "token_refresh").await;
    let over = world.turn_over("token_refresh").await;
    assert_eq!(over["lastOutcome"], "succeeded", "{over:#}");
    assert_eq!(world.token_calls(), calls + 1, "though it was not due");
    let refreshed = world
        .call("consent.refresh", json!({ "organisation": world.organisation }))
        .await;
    assert_eq!(world.token_calls(), calls + 2);
    assert_ne!(before["refreshedAt"], refreshed["refreshedAt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_default_interval_moves_those_that_have_it() {
    let world = registered().await;
    let other = world.register("Southgate").await;
    world.connect().await;
    let own = world.schedule_of(&other, "mirror_sync").await;
    let set = json!({ "schedule": own["id"], "everyMinutes": 120 });
    world.call("schedules.setEvery", set).await;
    let every = async |organisation: &str| {
        world.schedule_of(organisation, "mirror_sync").await["everyMinutes"].clone()
    };
    let mut preferences = world.call("preferences.get", json!({})).await;
    preferences["syncEveryHours"] = json!(6);
    world.call("preferences.set", preferences.clone()).await;
    assert_eq!(
        (every(&world.organisation).await, every(&other).await),
        (json!(360), json!(120))
    );
    assert_eq!(world.schedule("token_refresh").await["everyMinutes"], 7 * 24 * 60);

    preferences["syncEveryHours"] = json!(0);
    world.call("preferences.set", preferences.clone()).await;
    let off = world.schedule("mirror_sync").await;
    assert_eq!(off["state"]["state"], "blocked", "{off:#}");
    assert!(off["state"]["reason"].as_str().unwrap().contains("Settings"));
    world.pass_days(3);
    world.look().await;
    assert!(world.transactions("mirror_sync").await.is_empty());
    preferences["syncEveryHours"] = json!(24);
    world.call("preferences.set", preferences.clone()).await;
    assert_eq!(world.schedule("mirror_sync").await["state"]["state"], "waiting");

    for (field, value) in [
        ("syncEveryHours", json!(721)),
        ("warningDays", json!([0])),
        ("warningDays", json!([91])),
        ("warningDays", json!([7, 3, 7])),
        ("warningDays", json!([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])),
    ] {
        let mut wrong = preferences.clone();
        wrong[field] = value;
        let refused = world.refused("preferences.set", wrong, ErrorCode::Invalid).await;
        assert_eq!(refused.field.as_deref(), Some(field), "{}", refused.message);
    }
    preferences["warningDays"] = json!([1, 30, 14]);
    let stored = world.call("preferences.set", preferences).await;
    assert_eq!(stored["warningDays"], json!([30, 14, 1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fell_due_while_patchbay_was_closed_is_done_in_the_background() {
    let world = World::new().await;
    world.patchbay.close().await;
    world.pass_days(8);
    let calls = world.token_calls();
    let reopened = world.another_at_work().await;
    world
        .until_looking("the refresh and the sync", async || {
            let request = json!({ "filter": filter(None), "offset": 0, "limit": 10 });
            let window = patchbay_api::commands::dispatch(&reopened, "schedules.list", request)
                .await
                .unwrap();
            let schedules = window["schedules"].as_array().unwrap();
            schedules
                .iter()
                .all(|schedule| schedule["lastOutcome"] == "succeeded")
                .then_some(())
        })
        .await;
    assert_eq!(world.token_calls(), calls + 1);
    reopened.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_was_cut_off_is_due_at_the_next_start() {
    let mut world = World::new().await;
    world.pass_days(8);
    // As a crash leaves it: begun and never ended.
    let database = sqlx::SqlitePool::connect(&format!(
        "sqlite://{}",
        world.folder.path().join(patchbay_core::db::FILE_NAME).display()
    ))
    .await
    .unwrap();
    sqlx::query("update schedules set last_started_at = '2026-01-01T00:00:00Z', last_ended_at = null")
        .execute(&database)
        .await
        .unwrap();
    database.close().await;
    world.restart().await;
    let schedule = world.schedule("token_refresh").await;
    assert_eq!(
        schedule["state"]["state"], "waiting",
        "nobody is at it: {schedule:#}"
    );
    world.look().await;
    assert_eq!(world.schedule("token_refresh").await["lastOutcome"], "succeeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_is_at_is_not_looked_at_again_and_again() {
    let world = World::new().await;
    world.pass_days(8);
    let calls = world.token_calls();
    let folder = world.folder.path().join("schedules");
    std::fs::create_dir_all(&folder).unwrap();
    let mut locks = Vec::new();
    for kind in ["token_refresh", "mirror_sync"] {
        let schedule = world.schedule(kind).await;
        let name = format!("{}.lock", schedule["id"].as_str().unwrap());
        let lock = std::fs::File::create(folder.join(name)).unwrap();
        lock.lock().unwrap();
        locks.push(lock);
    }
    let mut told = world.patchbay.events();
    world.look().await;
    assert_eq!(world.token_calls(), calls);
    while let Ok(topic) = told.try_recv() {
        assert_ne!(
            topic,
            Topic::Schedules,
            "it would be looked at anew at once, and again, and again"
        );
    }
    drop(locks);
    world.look().await;
    assert_eq!(world.token_calls(), calls + 1);
    assert_eq!(world.schedule("mirror_sync").await["lastOutcome"], "succeeded");
}
