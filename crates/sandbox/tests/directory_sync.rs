//! BroadWorks enterprises: lists, and a synchronisation from the trigger to its end.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{Wire, demo};
use webex_sandbox::{BroadWorksSettings, EnterpriseChange, ErrorText, SyncBy, SyncEnding};

const LIST: &str = "/broadworks/enterprises";
const UK: &str = "NGL+northgate-uk";
const US: &str = "NGL+northgate-us";
const ANZ: &str = "NGL+northgate-anz";

fn set(wire: &Wire, settings: BroadWorksSettings) {
    assert!(wire.sandbox.set_broadworks(&settings));
}

fn change(wire: &Wire, which: &str, change: EnterpriseChange) {
    assert!(wire.sandbox.change_enterprise(which, &change));
}

async fn named(wire: &Wire, name: &str) -> Value {
    let all = wire.all(LIST, "items").await;
    all.into_iter().find(|e| e["spEnterpriseId"] == name).unwrap()
}

async fn path(wire: &Wire, name: &str) -> String {
    let enterprise = named(wire, name).await;
    format!(
        "{LIST}/{}/broadworksDirectorySync",
        enterprise["id"].as_str().unwrap()
    )
}

async fn status(wire: &Wire, path: &str) -> Value {
    let got = wire.get(path).await;
    assert_eq!(got.status, 200, "{}", got.text);
    got.json()["directorySyncStatus"].clone()
}

fn sync_now() -> Value {
    json!({ "syncStatus": "SYNC_NOW" })
}

#[tokio::test]
async fn enterprises_are_listed_and_searched() {
    let wire = demo().await;
    let all = wire.all(LIST, "items").await;
    let names: Vec<&str> = all
        .iter()
        .map(|e| e["spEnterpriseId"].as_str().unwrap())
        .collect();
    assert_eq!(names, [UK, US, ANZ]);
    for (query, expected) in [
        ("spEnterpriseId=NGL%2Bnorthgate-us", 1),
        ("spEnterpriseId=NGL", 0),
        ("startsWith=NGL", 3),
        ("startsWith=NGL%2Bnorthgate-u", 2),
        ("max=2", 3),
    ] {
        assert_eq!(
            wire.all(&format!("{LIST}?{query}"), "items").await.len(),
            expected,
            "{query}"
        );
    }
    let sync = |n: usize| all[n]["broadworksDirectorySync"]["directorySyncStatus"].clone();
    assert_eq!(sync(0)["syncStatus"], "COMPLETE");
    assert!(sync(0)["totalExternalUsersInCI"].as_u64().unwrap() > 1000);
    let (started, ended) = (
        sync(0)["lastSyncStartTime"].clone(),
        sync(0)["lastSyncEndTime"].clone(),
    );
    let fraction = ended.as_str().unwrap().split_once('.').unwrap().1;
    assert!(
        fraction.len() == 7 && fraction.ends_with('Z'),
        "microseconds: {ended}"
    );
    assert!(started.as_str() < ended.as_str());
    assert_eq!(
        (&sync(0)["lastSuccessfulSyncTime"], &sync(0)["errors"]),
        (&ended, &Value::Null)
    );
    assert_eq!(sync(1)["errors"][0]["errorCode"], 6003);
    assert!(sync(1)["lastSuccessfulSyncTime"].as_str() < sync(1)["lastSyncEndTime"].as_str());
    assert_eq!(sync(2), json!({ "syncStatus": "NOT_SYNCED" }));
    let provisioned: Vec<bool> = wire
        .sandbox
        .enterprises()
        .iter()
        .map(|e| e.provisioned > 0)
        .collect();
    assert_eq!(provisioned, [true, true, false]);
}

#[tokio::test]
async fn a_synchronisation_waits_runs_and_ends_with_counts() {
    let wire = demo().await;
    set(
        &wire,
        BroadWorksSettings {
            queue_seconds: Some(60),
            sync_seconds: Some(600),
            ..BroadWorksSettings::default()
        },
    );
    let here = path(&wire, UK).await;
    let before = status(&wire, &here).await;
    let asked = wire
        .send(
            wire.http
                .post(wire.url(&here))
                .bearer_auth(&wire.token)
                .header("TrackingID", "WALK_4711")
                .json(&sync_now()),
        )
        .await
        .unwrap();
    assert_eq!(
        (asked.status, asked.json()),
        (
            200,
            json!({ "enableDirSync": true, "directorySyncStatus": { "syncStatus": "IN_PROGRESS" } })
        )
    );
    assert_eq!(status(&wire, &here).await, before, "queued: all is as it was");
    let again = wire.body("POST", &here, &sync_now()).await;
    assert_eq!(
        (again.status, &again.json()["errors"][0]["errorCode"]),
        (409, &json!(6011))
    );

    wire.sandbox.advance(Duration::from_secs(61));
    let running = status(&wire, &here).await;
    assert_eq!(running["syncStatus"], "IN_PROGRESS");
    assert!(running["lastSyncStartTime"].as_str() > before["lastSyncEndTime"].as_str());
    assert_eq!(
        running["lastSyncEndTime"], before["lastSyncEndTime"],
        "the end is the last one's still"
    );
    assert!(
        running["lastSyncTrackingId"]
            .as_str()
            .unwrap()
            .starts_with("WALK_4711_")
    );
    let new = json!({ "userId": "john_anderson@acme.example" });
    let user = wire
        .body("POST", &format!("{here}/externalUser"), &new)
        .await
        .json();
    assert_eq!(
        (&user["status"], &user["userResponse"]["firstName"]),
        (&json!("ADD"), &json!("john"))
    );
    let user = wire
        .body("POST", &format!("{here}/externalUser"), &new)
        .await
        .json();
    assert_eq!(user["status"], "NO_OPERATION");

    wire.sandbox.advance(Duration::from_secs(601));
    let done = status(&wire, &here).await;
    assert_eq!(
        (&done["syncStatus"], &done["errors"]),
        (&json!("COMPLETE"), &Value::Null)
    );
    assert_eq!(done["lastSuccessfulSyncTime"], done["lastSyncEndTime"]);
    assert_eq!(done["usersAdded"], 0, "nobody has come");
    assert_eq!(done["totalExternalUsersInCI"], before["totalExternalUsersInCI"]);
    let took = |s: &Value, field: &str| s[field].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let took = took(&done, "lastSyncEndTime").duration_since(took(&done, "lastSyncStartTime"));
    assert_eq!(
        took.as_secs(),
        600,
        "it ended when it was due, not when somebody looked"
    );

    // One more user, and one that goes.
    let some = wire
        .sandbox
        .subscribers()
        .into_iter()
        .find(|s| s.enterprise.as_deref() == Some(UK))
        .unwrap();
    assert!(wire.sandbox.delete_subscriber(&some.id));
    assert_eq!(wire.body("POST", &here, &sync_now()).await.status, 200);
    wire.sandbox.advance(Duration::from_secs(3600));
    assert_eq!(status(&wire, &here).await["usersDeleted"], 1);
}

#[tokio::test]
async fn it_may_end_by_reads_fail_or_never_end() {
    let wire = demo().await;
    set(
        &wire,
        BroadWorksSettings {
            sync_seconds: Some(86_400 * 365),
            sync_reads: Some(Some(2)),
            ..BroadWorksSettings::default()
        },
    );
    let here = path(&wire, US).await;
    let trigger = async || assert_eq!(wire.body("POST", &here, &sync_now()).await.status, 200);
    trigger().await;
    for expected in ["IN_PROGRESS", "IN_PROGRESS", "COMPLETE"] {
        assert_eq!(status(&wire, &here).await["syncStatus"], expected);
    }
    let went_well = status(&wire, &here).await;
    for (ending, word, code) in [
        (SyncEnding::ClusterUnreachable, "FAILED", json!(6003)),
        (
            SyncEnding::Errors(vec![ErrorText::new(6099, "Out of paper")]),
            "ABANDONED",
            json!(6099),
        ),
    ] {
        change(
            &wire,
            US,
            EnterpriseChange {
                next_ending: Some(ending),
                ..EnterpriseChange::default()
            },
        );
        set(
            &wire,
            BroadWorksSettings {
                failed_word: Some(word.to_owned()),
                ..BroadWorksSettings::default()
            },
        );
        trigger().await;
        for _ in 0..2 {
            let running = status(&wire, &here).await;
            assert_eq!(
                (&running["syncStatus"], &running["errors"]),
                (&json!("IN_PROGRESS"), &Value::Null)
            );
        }
        let failed = status(&wire, &here).await;
        assert_eq!(
            (&failed["syncStatus"], &failed["errors"][0]["errorCode"]),
            (&json!(word), &code)
        );
        assert_eq!(
            failed["lastSuccessfulSyncTime"],
            went_well["lastSuccessfulSyncTime"]
        );
        assert_eq!(
            failed["totalExternalUsersInCI"],
            went_well["totalExternalUsersInCI"]
        );
    }
    change(
        &wire,
        US,
        EnterpriseChange {
            next_ending: Some(SyncEnding::Never),
            ..EnterpriseChange::default()
        },
    );
    trigger().await;
    wire.sandbox.advance(Duration::from_secs(86_400 * 400));
    for _ in 0..4 {
        assert_eq!(status(&wire, &here).await["syncStatus"], "IN_PROGRESS");
    }
}

#[tokio::test]
async fn without_an_activated_user_it_fails_or_is_refused() {
    let wire = demo().await;
    let here = path(&wire, ANZ).await;
    assert_eq!(wire.body("POST", &here, &sync_now()).await.status, 200);
    wire.sandbox.advance(Duration::from_secs(60));
    let failed = status(&wire, &here).await;
    assert_eq!(failed["errors"][0]["errorCode"], 6012);
    assert!(
        failed["errors"][0]["description"]
            .as_str()
            .unwrap()
            .contains("activated user")
    );
    assert!(failed["lastSuccessfulSyncTime"].is_null());
    let set = wire
        .body(
            "POST",
            "/_sandbox/broadworks",
            &json!({ "nobody_provisioned": "refused" }),
        )
        .await;
    assert_eq!(set.status, 200, "{}", set.text);
    let refused = wire.body("POST", &here, &sync_now()).await;
    assert_eq!(
        (refused.status, &refused.json()["errors"][0]["errorCode"]),
        (400, &json!(6012))
    );
    assert_eq!(status(&wire, &here).await, failed);
}

#[tokio::test]
async fn others_ask_for_one_too() {
    let wire = demo().await;
    let here = path(&wire, UK).await;
    for (by, prefix) in [
        (SyncBy::AnotherDesktop, "WEBEX-DEV-PORTAL_"),
        (SyncBy::Webex, "NA_"),
    ] {
        change(
            &wire,
            UK,
            EnterpriseChange {
                sync_by: Some(by),
                ..EnterpriseChange::default()
            },
        );
        let running = status(&wire, &here).await;
        assert_eq!(running["syncStatus"], "IN_PROGRESS");
        assert!(
            running["lastSyncTrackingId"]
                .as_str()
                .unwrap()
                .starts_with(prefix)
        );
        assert_eq!(wire.body("POST", &here, &sync_now()).await.status, 409);
        wire.sandbox.advance(Duration::from_secs(30));
        assert_eq!(status(&wire, &here).await["syncStatus"], "COMPLETE");
    }
    // As the control API has it: a word nobody knows, times in the past.
    let odd = json!({
        "enterprise": UK, "status": "PAUSED", "ended_seconds_ago": 3600, "errors": [{ "errorCode": "DIR-1" }],
    });
    let done = wire.body("POST", "/_sandbox/broadworks/enterprises", &odd).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let got = status(&wire, &here).await;
    assert_eq!(
        (&got["syncStatus"], &got["errors"]),
        (&json!("PAUSED"), &json!([{ "errorCode": "DIR-1" }]))
    );
    let nobody = json!({ "enterprise": "nobody", "status": "PAUSED" });
    assert_eq!(
        wire.body("POST", "/_sandbox/broadworks/enterprises", &nobody)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn it_is_switched_and_may_be_held_for_a_day() {
    let wire = demo().await;
    let here = path(&wire, UK).await;
    let off = wire.body("PUT", &here, &json!({ "enableDirSync": false })).await;
    assert_eq!((off.status, &off.json()["enableDirSync"]), (200, &json!(false)));
    let refused = wire.body("POST", &here, &sync_now()).await;
    assert_eq!(
        (refused.status, &refused.json()["errors"][0]["errorCode"]),
        (400, &json!(6010))
    );
    assert_eq!(
        named(&wire, UK).await["broadworksDirectorySync"]["enableDirSync"],
        false
    );
    wire.body("PUT", &here, &json!({ "enableDirSync": true })).await;

    let trigger = async || wire.body("POST", &here, &sync_now()).await.status;
    assert_eq!(trigger().await, 200);
    wire.sandbox.advance(Duration::from_secs(60));
    assert_eq!(trigger().await, 200, "Webex has no hold of its own");
    wire.sandbox.advance(Duration::from_secs(60));
    set(
        &wire,
        BroadWorksSettings {
            refuse_within_a_day: Some(true),
            ..BroadWorksSettings::default()
        },
    );
    assert_eq!(trigger().await, 400);
    wire.sandbox.advance(Duration::from_secs(86_400));
    assert_eq!(trigger().await, 200);
}

#[tokio::test]
async fn wrong_requests_are_refused() {
    let wire = demo().await;
    let here = path(&wire, US).await;
    for (method, path, body, status) in [
        ("POST", here.clone(), json!({ "syncStatus": "LATER" }), 400),
        ("PUT", here.clone(), json!({ "enableDirSync": "yes" }), 400),
        ("POST", format!("{here}/externalUser"), json!({}), 400),
        ("DELETE", here.clone(), json!({}), 405),
        ("GET", format!("{here}/externalUser"), json!({}), 405),
        ("POST", LIST.to_owned(), json!({}), 405),
        ("GET", format!("{LIST}/x/broadworksDirectorySync"), json!({}), 400),
        (
            "GET",
            here.replace("/broadworksDirectorySync", "/other"),
            json!({}),
            404,
        ),
    ] {
        assert_eq!(
            wire.body(method, &path, &body).await.status,
            status,
            "{method} {path}"
        );
    }
    wire.body("POST", "/_sandbox/broadworks", &json!({ "entitled": false }))
        .await;
    for path in [LIST, &here] {
        assert_eq!(wire.get(path).await.status, 403);
    }
}

#[tokio::test]
async fn the_date_of_every_answer_is_the_sandboxes_own() {
    let wire = demo().await;
    let date = async |path: &str| {
        let got = wire.get(path).await;
        jiff::fmt::rfc2822::parse(got.header("date").unwrap())
            .unwrap()
            .timestamp()
    };
    let before = date(LIST).await;
    wire.sandbox.advance(Duration::from_secs(86_400 * 3));
    for path in [LIST, "/nothing/here", "/_sandbox/faults"] {
        let ahead = date(path).await.duration_since(before).as_secs();
        assert!((86_400 * 3..86_400 * 3 + 60).contains(&ahead), "{path}: {ahead}");
    }
}
