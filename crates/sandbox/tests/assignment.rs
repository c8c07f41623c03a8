//! `PATCH /v1/licenses/users` over the wire: what it does, what it refuses, and that a refusal changes nothing.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::Arc;

use serde_json::{Value, json};
use support::{CONSOLE, EXPERIENCE, HERE, PROFESSIONAL, STANDARD, demo};

fn calling(licence: &str, location: &str, extension: &str) -> Value {
    json!([{ "id": licence, "operation": "add", "properties": { "locationId": location, "extension": extension } }])
}

#[tokio::test]
async fn an_assignment_is_read_back_and_repeating_it_is_silent() {
    let wire = demo().await;
    let (who, licence, here) = (
        wire.plain()[0].clone(),
        wire.licence(PROFESSIONAL),
        wire.location(HERE).await,
    );
    let number = wire.free_numbers(HERE)[1].clone();
    let wanted = json!([{ "id": licence, "properties": { "locationId": here, "extension": "6100", "phoneNumber": number } }]);
    let before = wire
        .sandbox
        .licences()
        .into_iter()
        .find(|l| l.id == licence)
        .unwrap()
        .consumed;

    let got = wire.patch(&who, wanted.clone()).await;
    assert_eq!(got.status, 200, "{}", got.text);
    assert!(
        got.json()["licenses"]
            .as_array()
            .unwrap()
            .contains(&json!(licence))
    );
    let person = wire.get(&format!("/people/{who}?callingData=true")).await.json();
    assert_eq!(
        (person["extension"].as_str(), person["locationId"].as_str()),
        (Some("6100"), Some(here.as_str()))
    );
    assert_eq!(
        person["phoneNumbers"][0],
        json!({ "type": "work", "value": number, "primary": true })
    );
    assert_eq!(
        person["phoneNumbers"][1]["value"], "8016100",
        "routing prefix and extension"
    );
    let bare = wire.get(&format!("/people/{who}")).await.json();
    assert!(
        ["extension", "locationId", "phoneNumbers"]
            .iter()
            .all(|k| bare.get(k).is_none()),
        "{bare}"
    );

    assert_eq!(wire.patch(&who, wanted).await.status, 200);
    let after = wire
        .sandbox
        .licences()
        .into_iter()
        .find(|l| l.id == licence)
        .unwrap()
        .consumed;
    assert_eq!(after, before + 1, "one unit, although asked twice");
    let applied: Vec<bool> = wire
        .sandbox
        .journal()
        .iter()
        .filter(|e| e.method == "PATCH")
        .map(|e| e.applied)
        .collect();
    assert_eq!(applied, [true, false]);
}

#[tokio::test]
async fn refusals_carry_webex_texts_and_change_nothing() {
    let wire = demo().await;
    let plain = wire.plain();
    let (pro, std, console) = (
        wire.licence(PROFESSIONAL),
        wire.licence(STANDARD),
        wire.licence(CONSOLE),
    );
    let cx = wire.licence(EXPERIENCE);
    let here = wire.location(HERE).await;
    let ghent = wire.location("Ghent Warehouse").await;
    let taken = wire
        .sandbox
        .numbers()
        .into_iter()
        .find(|n| n.location_name == HERE && n.owner_type.as_deref() == Some("PEOPLE") && n.number.is_some())
        .unwrap();
    let hunt = wire
        .sandbox
        .numbers()
        .into_iter()
        .find(|n| n.location_name == HERE && n.owner_type.as_deref() == Some("HUNT_GROUP"))
        .unwrap();
    let elsewhere = wire.free_numbers("London Southwark")[3].clone();
    let with = |properties: Value| json!([{ "id": pro, "properties": properties }]);
    let cases = [
        (json!([{ "id": pro }]), 400_411, "calling properties"),
        (
            with(json!({})),
            400,
            "Extension and Phone Number cannot be blank.",
        ),
        (
            with(json!({ "locationId": here })),
            400,
            "Extension and Phone Number cannot be blank.",
        ),
        (
            with(json!({ "extension": "6100" })),
            400,
            "Unable to find location.",
        ),
        (
            with(json!({ "extension": "6100", "locationId": ghent })),
            400,
            "Unable to find location.",
        ),
        (
            with(json!({ "extension": "911", "locationId": here })),
            400,
            "[Error 4911]",
        ),
        (
            with(json!({ "extension": "61a", "locationId": here })),
            400,
            "[Error 4910]",
        ),
        (
            with(json!({ "extension": "12345678901", "locationId": here })),
            400,
            "[Error 4909]",
        ),
        (
            with(json!({ "extension": taken.extension, "locationId": here })),
            400,
            "[Error 4202]",
        ),
        (
            with(json!({ "extension": hunt.extension, "locationId": here })),
            400,
            "[Error 4202]",
        ),
        (
            with(json!({ "phoneNumber": taken.number, "locationId": here })),
            400,
            "[Error 4201]",
        ),
        (
            with(json!({ "phoneNumber": elsewhere, "locationId": here })),
            400,
            "[Error 4250]",
        ),
        (
            with(json!({ "phoneNumber": "(0161) 1", "locationId": here })),
            400,
            "[Error 4410]",
        ),
        (
            json!([{ "id": console }]),
            400_408,
            "needs Webex Calling Professional",
        ),
        (
            json!([{ "id": std, "properties": { "extension": "6100", "locationId": here } }, { "id": console }]),
            400_406,
            "Attendant Console",
        ),
        (
            json!([{ "id": std, "properties": { "extension": "6100", "locationId": here } }, { "id": cx }]),
            400_407,
            "CX Essential",
        ),
        (
            json!([{ "id": pro, "properties": { "extension": "6100", "locationId": here } }, { "id": std, "properties": { "extension": "6101", "locationId": here } }]),
            400_404,
            "Professional and Standard",
        ),
        (
            json!([{ "id": "nonsense" }]),
            400,
            "LicenseId format is incorrect.",
        ),
    ];
    let who = &plain[0];
    let before = wire.sandbox.person(who).unwrap();
    for (licences, code, text) in cases {
        let got = wire.patch(who, licences.clone()).await;
        assert_eq!(got.status, 400, "{licences}");
        let error = got.json()["errors"][0].clone();
        assert_eq!(error["errorCode"], code, "{licences}: {error}");
        assert!(
            error["description"].as_str().unwrap().contains(text),
            "{licences}: {error}"
        );
        assert_eq!(got.json()["trackingId"].as_str(), got.header("trackingid"));
    }
    assert_eq!(wire.sandbox.person(who).unwrap(), before);
    assert!(
        wire.sandbox
            .journal()
            .iter()
            .filter(|e| e.method == "PATCH")
            .all(|e| !e.applied)
    );

    let wrong_kind = wire.patch(&here, json!([{ "id": pro }])).await;
    assert_eq!(
        (wrong_kind.status, wrong_kind.json()["message"].as_str()),
        (400, Some("Wrong type of Webex ID provided"))
    );
    let nobody = json!({ "email": "nobody@nowhere.example", "licenses": [{ "id": console }] });
    assert_eq!(wire.body("PATCH", "/licenses/users", &nobody).await.status, 404);
    for method in ["POST", "PUT", "GET", "DELETE"] {
        assert_eq!(
            wire.body(method, "/licenses/users", &json!({})).await.status,
            405,
            "{method}"
        );
    }
}

#[tokio::test]
async fn an_empty_add_on_pool_is_partial_content_and_an_empty_calling_pool_a_refusal() {
    let wire = demo().await;
    let (plain, here) = (wire.plain(), wire.location(HERE).await);
    let (pro, console) = (wire.licence(PROFESSIONAL), wire.licence(CONSOLE));
    assert!(wire.sandbox.set_licence_total(CONSOLE, 0));
    let both =
        json!([{ "id": pro, "properties": { "extension": "6100", "locationId": here } }, { "id": console }]);
    let got = wire.patch(&plain[0], both.clone()).await;
    assert_eq!(got.status, 206);
    let held = got.json()["licenses"].as_array().unwrap().clone();
    assert!(held.contains(&json!(pro)) && !held.contains(&json!(console)));
    assert!(got.json().get("errors").is_none(), "a 206 lists no errors");

    wire.sandbox.set_licence_total(PROFESSIONAL, 0);
    let got = wire.patch(&plain[1], calling(&pro, &here, "6101")).await;
    assert_eq!(got.status, 400);
    assert!(
        got.text.contains("No license units are available"),
        "{}",
        got.text
    );
    assert_eq!(wire.sandbox.person(&plain[1]).unwrap().location, None);
}

#[tokio::test]
async fn removing_the_calling_licence_destroys_extension_and_number() {
    let wire = demo().await;
    let caller = wire
        .sandbox
        .people()
        .into_iter()
        .find(|p| p.number.is_some())
        .unwrap();
    let licence = caller
        .licences
        .iter()
        .zip(&caller.licence_names)
        .find(|(_, n)| n.contains("Calling -") && !n.contains("Recording"))
        .unwrap()
        .0
        .clone();
    let got = wire
        .patch(&caller.id, json!([{ "id": licence, "operation": "remove" }]))
        .await;
    assert_eq!(got.status, 200);
    let after = wire.sandbox.person(&caller.id).unwrap();
    assert_eq!(
        (after.extension, after.number, after.location),
        (None, None, None)
    );
    let number = wire
        .sandbox
        .numbers()
        .into_iter()
        .find(|n| n.number == caller.number)
        .unwrap();
    assert_eq!((number.owner, number.extension), (None, None));
}

#[tokio::test]
async fn an_upgrade_keeps_the_place_and_a_downgrade_is_refused() {
    let wire = demo().await;
    let (plain, here) = (wire.plain(), wire.location(HERE).await);
    let (pro, std) = (wire.licence(PROFESSIONAL), wire.licence(STANDARD));
    assert_eq!(
        wire.patch(&plain[0], calling(&std, &here, "6100")).await.status,
        200
    );
    assert_eq!(
        wire.patch(&plain[0], calling(&pro, &here, "6100")).await.status,
        200
    );
    let person = wire.sandbox.person(&plain[0]).unwrap();
    assert!(person.licences.contains(&pro) && !person.licences.contains(&std));
    assert_eq!(person.extension.as_deref(), Some("6100"));
    let down = wire.patch(&plain[0], calling(&std, &here, "6100")).await;
    assert_eq!(
        (down.status, down.json()["errors"][0]["errorCode"].as_u64()),
        (400, Some(400_112))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_want_one_extension_at_once_exactly_one_gets_it() {
    let wire = Arc::new(demo().await);
    let (plain, here, pro) = (
        wire.plain(),
        wire.location(HERE).await,
        wire.licence(PROFESSIONAL),
    );
    let mut tasks = tokio::task::JoinSet::new();
    for who in plain.into_iter().take(40) {
        let (wire, wanted) = (Arc::clone(&wire), calling(&pro, &here, "6100"));
        tasks.spawn(async move { wire.patch(&who, wanted).await.status });
    }
    let mut statuses = tasks.join_all().await;
    statuses.sort_unstable();
    assert_eq!((statuses[0], statuses[1], statuses[39]), (200, 400, 400));
    let people = wire.sandbox.people();
    let holders = people
        .iter()
        .filter(|p| p.extension.as_deref() == Some("6100") && p.location.as_deref() == Some(&here));
    assert_eq!(holders.count(), 1);
}

#[tokio::test]
async fn put_changes_the_extension_and_needs_the_whole_person() {
    let wire = demo().await;
    let caller = wire
        .sandbox
        .people()
        .into_iter()
        .find(|p| p.number.is_some())
        .unwrap();
    let path = format!("/people/{}?callingData=true", caller.id);
    let mut person = wire.get(&path).await.json();
    let elsewhere = wire.location("Leeds Wellington Place").await;
    let mut moved = person.clone();
    moved["locationId"] = elsewhere.into();
    let got = wire.body("PUT", &path, &moved).await;
    assert_eq!(
        (
            got.status,
            got.text.contains("Delete Calling Location in request is invalid")
        ),
        (400, true)
    );
    let mut nameless = person.clone();
    nameless["displayName"] = Value::Null;
    assert!(
        wire.body("PUT", &path, &nameless)
            .await
            .text
            .contains("displayName cannot be null.")
    );
    person["extension"] = "6500".into();
    let got = wire.body("PUT", &path, &person).await;
    assert_eq!(
        (got.status, got.json()["extension"].as_str()),
        (200, Some("6500"))
    );
    let after = wire.sandbox.person(&caller.id).unwrap();
    assert_eq!(
        (after.extension.as_deref(), &after.number, &after.licences),
        (Some("6500"), &caller.number, &caller.licences)
    );
}
