//! Warnings of what will become a problem (product O7).

use jiff::SignedDuration;
use patchbay_core::events::Topic;
use patchbay_tests::{Setting, World};
use serde_json::{Value, json};

async fn connected() -> World {
    let mut world = World::unconnected(Setting::default()).await;
    world.organisation = world.register("Northgate").await;
    world.connect().await;
    for kind in ["mirror_sync", "token_refresh"] {
        world.tell_schedule("schedules.pause", kind).await;
    }
    world
}

fn titles(notices: &[Value]) -> Vec<&str> {
    notices
        .iter()
        .map(|notice| notice["title"].as_str().unwrap())
        .collect()
}

async fn unshown(world: &World) -> Vec<Value> {
    let unshown = world.call("notifications.unshown", json!({})).await;
    unshown["notices"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_put_away_stays_away_until_the_next_day_that_warns() {
    let mut world = connected().await;
    world.pass(SignedDuration::from_hours(24 * 90 - 84));
    let notices = world.notices().await;
    assert_eq!(
        titles(&notices),
        ["Consent of Northgate ends in 4 days"],
        "84 hours are four begun days"
    );
    assert_eq!(
        (&notices[0]["urgency"], &notices[0]["dismissed"]),
        (&json!("warning"), &json!(false))
    );
    let id = notices[0]["id"].clone();
    assert_eq!(unshown(&world).await.len(), 1);
    world.call("notifications.shown", json!({ "ids": [id] })).await;
    assert!(unshown(&world).await.is_empty());
    world
        .call("notifications.dismiss", json!({ "ids": [id, "no such warning"] }))
        .await;
    assert_eq!(world.notices().await[0]["dismissed"], true);

    world.restart().await;
    assert_eq!(world.notices().await[0]["dismissed"], true, "after a restart too");
    assert!(unshown(&world).await.is_empty());

    // 72 hours and a bit are still four days; 72 hours are the next warning day.
    world.pass(SignedDuration::from_hours(11));
    let same = world.notices().await;
    assert_eq!((&same[0]["id"], &same[0]["dismissed"]), (&id, &json!(true)));
    world.pass(SignedDuration::from_hours(1));
    let next = world.notices().await;
    assert_eq!(titles(&next), ["Consent of Northgate ends in 3 days"]);
    assert_ne!(next[0]["id"], id);
    assert_eq!(
        (next[0]["dismissed"].clone(), unshown(&world).await.len()),
        (json!(false), 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn days_are_the_persons_own() {
    let world = connected().await;
    let mut preferences = world.call("preferences.get", json!({})).await;
    preferences["warningDays"] = json!([45]);
    world.call("preferences.set", preferences.clone()).await;
    world.pass_days(44);
    assert!(world.notices().await.is_empty());
    world.pass_days(1);
    assert_eq!(
        titles(&world.notices().await),
        ["Consent of Northgate ends in 45 days"]
    );
    preferences["desktopNotifications"] = json!(false);
    world.call("preferences.set", preferences.clone()).await;
    assert!(unshown(&world).await.is_empty(), "nothing on the desktop");
    preferences["warningDays"] = json!([]);
    world.call("preferences.set", preferences).await;
    assert!(world.notices().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_tells_when_a_day_is_crossed() {
    let world = connected().await;
    world.pass_days(75);
    world.look().await;
    let mut topics = world.patchbay.events();
    world.look().await;
    world.pass(SignedDuration::from_mins(30));
    world.look().await;
    let mut told = || {
        let mut told = 0;
        while let Ok(topic) = topics.try_recv() {
            told += usize::from(topic == Topic::Notifications);
        }
        told
    };
    assert_eq!(told(), 0, "nothing has changed");
    for _ in 0..24 {
        world.pass(SignedDuration::from_hours(1));
        world.look().await;
    }
    assert!(told() >= 1, "the first warning day has come");
    assert_eq!(world.notices().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_flag_needs_and_the_consent_lacks_is_named() {
    let world = connected().await;
    assert!(world.notices().await.is_empty());
    let mut fields = world.fields("Northgate");
    fields["wholesale"] = json!(true);
    let change = json!({ "organisation": world.organisation, "fields": fields });
    let changed = world.call("organisations.update", change.clone()).await;
    let lacking: Vec<&Value> = changed["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|permission| permission["granted"] == false)
        .collect();
    assert_eq!(lacking.len(), 4, "{changed:#}");
    let notices = world.notices().await;
    assert_eq!(titles(&notices), ["Northgate: 4 permissions are missing"]);
    assert!(
        notices[0]["message"]
            .as_str()
            .unwrap()
            .contains("Read wholesale customers"),
        "{notices:#?}"
    );
    let id = json!({ "ids": [notices[0]["id"]] });
    world.call("notifications.dismiss", id).await;
    assert_eq!(world.notices().await[0]["dismissed"], true);
    world.connect().await;
    assert!(world.notices().await.is_empty(), "the next consent asks for them");
    // Of another set of permissions it is another warning.
    let mut fields = world.fields("Northgate");
    fields["wholesale"] = json!(true);
    fields["directorySyncEnabled"] = json!(true);
    let change = json!({ "organisation": world.organisation, "fields": fields });
    world.call("organisations.update", change).await;
    assert_eq!(world.notices().await[0]["dismissed"], false);
}
