//! BroadWorks subscribers: lists and filters, states that time moves on, requests, and what a test may do to them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use support::{Wire, demo, start};
use webex_sandbox::{BroadWorksSettings, Config, ErrorText, Seed, SubscriberChange};

const LIST: &str = "/broadworks/subscribers";
const STATES: [&str; 7] = [
    "pending_email_input",
    "pending_email_validation",
    "pending_user_migration",
    "provisioning",
    "provisioned",
    "updating",
    "error",
];

/// An organisation with so many subscribers of one enterprise.
async fn partner(count: u64) -> Wire {
    let wire = demo().await;
    let added = wire.sandbox.set_broadworks(&BroadWorksSettings {
        clear: true,
        add_enterprise: Some("SP1+acme".to_owned()),
        add_subscribers: Some(count),
        ..BroadWorksSettings::default()
    });
    assert!(added);
    wire
}

fn path(subscriber: &Value) -> String {
    format!("{LIST}/{}", subscriber["id"].as_str().unwrap())
}

fn text<'a>(subscriber: &'a Value, field: &str) -> &'a str {
    subscriber[field].as_str().unwrap_or_default()
}

async fn in_state(wire: &Wire, status: &str) -> Value {
    let got = wire.get(&format!("{LIST}?status={status}")).await.json();
    got["items"][0].clone()
}

fn set(wire: &Wire, subscriber: &Value, status: &str) {
    let change = SubscriberChange {
        status: Some(status.to_owned()),
        ..SubscriberChange::default()
    };
    assert!(wire.sandbox.change_subscriber(text(subscriber, "id"), &change));
}

#[tokio::test]
async fn subscribers_are_listed_page_by_page() {
    let wire = partner(230).await;
    let first = wire.get(&format!("{LIST}?max=1000")).await;
    assert_eq!(
        first.json()["items"].as_array().unwrap().len(),
        100,
        "max is clamped"
    );
    assert!(first.next().is_some());
    let unasked = wire.get(LIST).await.json();
    assert_eq!(unasked["items"].as_array().unwrap().len(), 50);
    let all = wire.all(&format!("{LIST}?max=100"), "items").await;
    let ids: BTreeSet<&str> = all.iter().map(|s| text(s, "id")).collect();
    assert_eq!((all.len(), ids.len()), (230, 230));
    assert_eq!(wire.get(&format!("{LIST}?max=0")).await.status, 400);

    let states: BTreeSet<&str> = all.iter().map(|s| text(s, "status")).collect();
    assert_eq!(states, STATES.into());
    for subscriber in &all {
        let status = text(subscriber, "status");
        assert_eq!(
            subscriber["personId"].is_string(),
            status == "provisioned",
            "{subscriber}"
        );
        assert_eq!(subscriber["email"].is_string(), status != "pending_email_input");
        assert_eq!(subscriber["errors"].is_array(), status == "error");
        assert_eq!(subscriber["selfActivated"], "false", "as text");
        assert!(subscriber["location"].is_null() && subscriber["locationId"].is_null());
    }
    let dashed = all.iter().find_map(|s| s["primaryPhoneNumber"].as_str()).unwrap();
    assert!(
        dashed.starts_with('+') && dashed.matches('-').count() == 3,
        "{dashed}"
    );

    // A page that was begun is not disturbed by somebody who goes.
    let page = wire.get(&format!("{LIST}?max=2")).await;
    assert!(wire.sandbox.delete_subscriber(text(&all[0], "id")));
    let next = wire.get(&page.next().unwrap()).await.json();
    assert_eq!(next["items"][0], all[2]);
}

#[tokio::test]
async fn every_filter_holds_by_itself_and_together() {
    let wire = partner(300).await;
    let all = wire.all(&format!("{LIST}?max=100"), "items").await;
    let some = all.iter().find(|s| s["status"] == "provisioned").unwrap();
    for (name, field) in [("userId", "userId"), ("personId", "personId"), ("email", "email")] {
        let got = wire
            .all(&format!("{LIST}?{name}={}", text(some, field)), "items")
            .await;
        assert_eq!(got, std::slice::from_ref(some), "{name}");
    }
    let upper = text(some, "email").to_uppercase();
    assert_eq!(wire.all(&format!("{LIST}?email={upper}"), "items").await.len(), 1);
    let of = |name: &str, value: &str| format!("{LIST}?{name}={}&max=100", value.replace('+', "%2B"));
    assert_eq!(
        wire.all(&of("spEnterpriseId", "SP1+acme"), "items").await.len(),
        300
    );
    assert!(
        wire.all(&of("spEnterpriseId", "SP2+acme"), "items")
            .await
            .is_empty()
    );
    let template = text(some, "provisioningId");
    assert_eq!(
        wire.all(&of("provisioningId", template), "items").await.len(),
        300
    );
    let two = wire
        .all(&format!("{LIST}?status=error,updating&max=3"), "items")
        .await;
    let wanted = |s: &&Value| s["status"] == "error" || s["status"] == "updating";
    assert_eq!(two.len(), all.iter().filter(wanted).count(), "over several pages");
    assert!(two.iter().all(|s| wanted(&s)) && two.len() > 3);
    assert_eq!(
        wire.all(&format!("{LIST}?selfActivated=false&max=100"), "items")
            .await
            .len(),
        300
    );
    assert!(
        wire.all(&format!("{LIST}?selfActivated=true"), "items")
            .await
            .is_empty()
    );

    // Both kinds of time, and the moment itself is not meant.
    let mut times: Vec<&str> = all.iter().map(|s| text(s, "created")).collect();
    times.sort_unstable();
    let middle: jiff::Timestamp = times[150].parse().unwrap();
    let later = times.iter().filter(|t| **t > times[150]).count();
    for moment in [middle.as_millisecond().to_string(), times[150].to_owned()] {
        assert_eq!(wire.all(&of("after", &moment), "items").await.len(), later);
        assert_eq!(
            wire.all(&of("lastStatusChange", &moment), "items").await.len(),
            later
        );
    }
    let both = format!("{}&status=error", of("after", times[150]));
    for s in wire.all(&both, "items").await {
        assert!(s["status"] == "error" && text(&s, "created") > times[150]);
    }
    for wrong in [
        "status=asleep",
        "after=yesterday",
        "selfActivated=perhaps",
        "personId=x",
        "cursor=x",
    ] {
        assert_eq!(wire.get(&format!("{LIST}?{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn time_moves_subscribers_on_when_it_is_told_to() {
    let wire = partner(300).await;
    let before = wire.sandbox.subscribers();
    wire.sandbox.advance(Duration::from_secs(86_400));
    assert_eq!(wire.sandbox.subscribers(), before, "they stand still");

    let step = |step_seconds| {
        wire.sandbox.set_broadworks(&BroadWorksSettings {
            step_seconds: Some(step_seconds),
            ..BroadWorksSettings::default()
        })
    };
    let states = async |subscribers: &[Value]| {
        let mut states = Vec::new();
        for subscriber in subscribers {
            states.push(wire.get(&path(subscriber)).await.json()["status"].clone());
        }
        states
    };
    let mut some = Vec::new();
    for status in STATES {
        some.push(in_state(&wire, status).await);
    }
    step(Some(60));
    assert_eq!(states(&some).await, STATES, "not yet");
    wire.sandbox.advance(Duration::from_secs(61));
    let after_one = [
        "pending_email_input",
        "provisioning",
        "pending_user_migration",
        "provisioned",
        "provisioned",
        "provisioned",
        "error",
    ];
    assert_eq!(states(&some).await, after_one);
    // The time of a change is when it was due, not when somebody looked.
    wire.sandbox.advance(Duration::from_secs(3600));
    let moved = wire.get(&path(&some[1])).await;
    let changed: jiff::Timestamp = text(&moved.json(), "lastStatusChange").parse().unwrap();
    let now = jiff::fmt::rfc2822::parse(moved.header("date").unwrap()).unwrap();
    let ago = now.timestamp().duration_since(changed).as_secs();
    assert!((3535..3605).contains(&ago), "{ago}");
    assert!(moved.json()["personId"].is_string());

    // The user enters an address: from there on time goes on.
    let change = json!({
        "subscriber": some[0]["id"], "status": "pending_email_validation", "email": "new@sp.example",
    });
    let done = wire
        .body("POST", "/_sandbox/broadworks/subscribers", &change)
        .await;
    assert_eq!(done.status, 200, "{}", done.text);
    wire.sandbox.advance(Duration::from_secs(121));
    let there = wire.get(&path(&some[0])).await.json();
    assert_eq!(
        (&there["status"], &there["email"]),
        (&json!("provisioned"), &json!("new@sp.example"))
    );

    // And stands still again when it is told to.
    set(&wire, &some[0], "provisioning");
    step(None);
    wire.sandbox.advance(Duration::from_secs(86_400));
    assert_eq!(wire.get(&path(&some[0])).await.json()["status"], "provisioning");
}

#[tokio::test]
async fn what_a_request_asks_for_takes_its_time() {
    let wire = partner(3).await;
    let new = json!({
        "provisioningId": "p", "userId": "anew@sp.example", "spEnterpriseId": "SP1+acme", "firstName": "Ann",
        "lastName": "New", "package": "standard", "primaryPhoneNumber": "+1-240-555-1212", "email": "anew@acme.example",
    });
    let post = wire.body("POST", LIST, &new).await;
    assert_eq!(
        (post.status, &post.json()["status"]),
        (200, &json!("provisioning")),
        "{}",
        post.text
    );
    let here = path(&post.json());
    assert!(post.json()["personId"].is_null());
    wire.sandbox.advance(Duration::from_secs(4));
    let there = wire.get(&here).await.json();
    assert_eq!(
        (&there["status"], there["personId"].is_string()),
        (&json!("provisioned"), true)
    );
    assert_eq!(
        wire.body("POST", LIST, &new).await.status,
        409,
        "the user id is taken"
    );

    let put = wire
        .body(
            "PUT",
            &here,
            &json!({ "package": "premium", "extension": "0042" }),
        )
        .await;
    assert_eq!(
        (put.status, &put.json()["status"], &put.json()["package"]),
        (200, &json!("updating"), &json!("standard"))
    );
    assert_eq!(
        wire.body("PUT", &here, &json!({ "package": "basic" }))
            .await
            .status,
        409,
        "one at a time"
    );
    wire.sandbox.advance(Duration::from_secs(4));
    let there = wire.get(&here).await.json();
    assert_eq!(
        (&there["status"], &there["package"], &there["extension"]),
        (&json!("provisioned"), &json!("premium"), &json!("0042"))
    );
    assert_eq!(wire.body("DELETE", &here, &json!({})).await.status, 204);
    assert_eq!(wire.get(&here).await.status, 404);

    let mut other = new.clone();
    for (user, end) in [
        ("sentinel.error.1", "error"),
        ("sentinel.never.1", "provisioning"),
    ] {
        other["userId"] = json!(user);
        let id = wire.body("POST", LIST, &other).await.json();
        wire.sandbox.advance(Duration::from_secs(86_400));
        let there = wire.get(&path(&id)).await.json();
        assert_eq!(there["status"], end, "{user}");
        assert_eq!(there["errors"][0]["errorCode"] == 10_022, end == "error");
    }
    other["userId"] = json!("without.address");
    other["email"] = Value::Null;
    let waits = wire.body("POST", LIST, &other).await.json();
    wire.sandbox.advance(Duration::from_secs(86_400));
    assert_eq!(
        wire.get(&path(&waits)).await.json()["status"],
        "pending_email_input"
    );

    for (field, code) in [
        ("userId", 10_001),
        ("package", 10_001),
        ("primaryPhoneNumber", 10_001),
    ] {
        let mut wrong = new.clone();
        wrong[field] = Value::Null;
        let got = wire.body("POST", LIST, &wrong).await;
        assert_eq!(
            (got.status, &got.json()["errors"][0]["errorCode"]),
            (400, &json!(code)),
            "{field}"
        );
    }
    let check = async |body: Value| wire.body("POST", &format!("{LIST}/validate"), &body).await;
    let good = check(json!({ "email": "x@acme.example", "package": "basic" })).await;
    assert_eq!(
        (good.status, &good.json()["info"][0]["infoCode"]),
        (200, &json!(100))
    );
    assert_eq!(check(json!({})).await.status, 400);
    assert_eq!(
        check(json!({ "email": "x@acme.example", "package": "gold" }))
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_test_may_set_whatever_it_needs() {
    let wire = partner(20).await;
    let some = in_state(&wire, "provisioned").await;
    let change = SubscriberChange {
        status: Some("hibernating".to_owned()),
        email: Some(None),
        errors: Some(vec![ErrorText::new(10_099, ""), ErrorText::new(1, "Why not")]),
        unchanged_for_seconds: Some(9 * 86_400),
        ..SubscriberChange::default()
    };
    assert!(
        wire.sandbox.change_subscriber(text(&some, "userId"), &change),
        "known by its user id too"
    );
    let got = wire.get(&path(&some)).await.json();
    assert_eq!(
        (&got["status"], &got["email"], &got["errors"]),
        (
            &json!("hibernating"),
            &Value::Null,
            &json!([{ "errorCode": 10_099 }, { "errorCode": 1, "description": "Why not" }])
        )
    );
    assert_eq!(
        wire.all(&format!("{LIST}?status=hibernating"), "items")
            .await
            .len(),
        1
    );
    assert!(
        text(&got, "lastStatusChange") < text(&some, "lastStatusChange")
            || text(&some, "created") < text(&got, "lastStatusChange")
    );
    assert!(!wire.sandbox.change_subscriber("nobody", &change));
    let wrong = json!({ "subscriber": some["id"], "colour": "red" });
    assert_eq!(
        wire.body("POST", "/_sandbox/broadworks/subscribers", &wrong)
            .await
            .status,
        400
    );
    let settings = wire
        .body("POST", "/_sandbox/broadworks", &json!({ "text_booleans": false }))
        .await
        .json();
    assert_eq!(
        (&settings["subscribers"], &settings["entitled"]),
        (&json!(20), &json!(true))
    );
    assert_eq!(wire.get(&path(&some)).await.json()["selfActivated"], false);
    let gone = format!("/_sandbox/broadworks/subscribers/{}", text(&some, "id"));
    assert_eq!(wire.body("DELETE", &gone, &json!({})).await.status, 204);
    assert_eq!(wire.get(&path(&some)).await.status, 404);
    assert_eq!(wire.sandbox.subscribers().len(), 19);
}

#[tokio::test]
async fn a_hundred_thousand_may_be_added() {
    let wire = start(Config {
        seed: Seed::Awkward,
        ..Config::default()
    })
    .await;
    let before = wire.sandbox.subscribers().len();
    let done = wire
        .body(
            "POST",
            "/_sandbox/broadworks",
            &json!({ "add_subscribers": 100_000 }),
        )
        .await;
    assert_eq!(done.json()["subscribers"], before + 100_000);
    let people: BTreeSet<_> = wire
        .sandbox
        .subscribers()
        .into_iter()
        .filter_map(|s| s.person)
        .collect();
    assert_eq!(people.len(), before + 100_000, "nobody is two subscribers");
    let too_many = wire
        .body(
            "POST",
            "/_sandbox/broadworks",
            &json!({ "add_subscribers": 2_000_000 }),
        )
        .await;
    assert_eq!(too_many.status, 400);
}

#[tokio::test]
async fn only_partners_with_the_scope_may() {
    let wire = partner(2).await;
    let some = wire.get(LIST).await.json()["items"][0].clone();
    let person = wire.sandbox.people()[0].id.clone();
    assert_eq!(
        wire.get(&format!("{LIST}/{person}")).await.status,
        400,
        "an id of another kind"
    );
    let nobody = "Y2lzY29zcGFyazovL3VzL1NVQlNDUklCRVIvNjk3MGU2YmItNzQzOS00ZmZiLWFkMzQtZDNmZjAxNjdkZGFk";
    assert_eq!(wire.get(&format!("{LIST}/{nobody}")).await.status, 404);
    assert_eq!(wire.body("PATCH", &path(&some), &json!({})).await.status, 405);
    assert_eq!(wire.body("DELETE", LIST, &json!({})).await.status, 405);
    assert_eq!(wire.get(&format!("{LIST}/validate")).await.status, 405);
    wire.body("POST", "/_sandbox/broadworks", &json!({ "entitled": false }))
        .await;
    assert_eq!(wire.get(LIST).await.status, 403);
    assert_eq!(wire.get(&path(&some)).await.status, 403);
    let stranger = Wire {
        token: "nonsense".to_owned(),
        ..wire
    };
    assert_eq!(stranger.get(LIST).await.status, 401);
}
