//! Wholesale: customers, subscribers, sub-partners, and provisioning that takes its time.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use support::{Wire, awkward, demo};

const LIST: &str = "/wholesale/customers";

fn address() -> Value {
    json!({ "addressLine1": "1 High Street", "city": "Leeds", "country": "GB" })
}

async fn provisioned(wire: &Wire) -> Value {
    let all = wire.all(&format!("{LIST}?status=provisioned"), "items").await;
    let ordinary = |c: &&Value| c["externalId"].as_str().is_some_and(|id| id.starts_with("CUST"));
    all.iter().find(ordinary).unwrap().clone()
}

fn path(customer: &Value) -> String {
    format!("{LIST}/{}", customer["id"].as_str().unwrap())
}

#[tokio::test]
async fn customers_are_listed_by_offset_and_filtered() {
    let wire = demo().await;
    let first = wire.get(&format!("{LIST}?max=100")).await;
    assert_eq!(
        first.json()["items"].as_array().unwrap().len(),
        50,
        "max is clamped"
    );
    assert!(first.next().unwrap().contains("offset=50"), "{:?}", first.next());
    let all = wire.all(&format!("{LIST}?max=7"), "items").await;
    assert_eq!(all.len(), 60);
    let ids: BTreeSet<&str> = all.iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 60);
    let statuses: BTreeSet<&str> = all.iter().map(|c| c["status"].as_str().unwrap()).collect();
    assert_eq!(statuses.len(), 7);
    assert!(all.iter().all(|c| c["orgName"].is_null()), "no name is told");
    assert!(all.iter().any(|c| c["orgId"].is_null()));

    let two = wire
        .all(&format!("{LIST}?status=error&status=updating&max=1"), "items")
        .await;
    assert_eq!(two.len(), 2, "a status may be repeated, and survives the links");
    let some = &all[3];
    for (name, value) in [("externalId", &some["externalId"]), ("orgId", &some["orgId"])] {
        let found = wire
            .all(&format!("{LIST}?{name}={}", value.as_str().unwrap()), "items")
            .await;
        assert_eq!(found, std::slice::from_ref(some), "{name}");
    }
    let name = wire
        .get(&format!("/organizations/{}", some["orgId"].as_str().unwrap()))
        .await;
    assert_eq!(name.json()["displayName"], "Eastgate Dental");
    let of = |customer: &Value| format!("/organizations/{}", customer["orgId"].as_str().unwrap());
    assert_eq!(wire.get(&of(&all[9])).await.status, 403, "one may not be read");

    let plain = wire.get(&path(some)).await.json();
    assert!(plain["resourceDetails"]["packages"][0]["licenseIds"].is_null());
    let full = wire
        .get(&format!("{}?includePackageLicenseInfo=true", path(some)))
        .await
        .json();
    assert!(full["resourceDetails"]["packages"][0]["licenseIds"][0].is_string());
    let nobody = "Y2lzY29zcGFyazovL3VzL0VOVEVSUFJJU0UvNTJjZjU3NmQtNjBhOC00MDdhLWIyMmMtNDY3YzUxNTkxOTA4";
    assert_eq!(wire.get(&format!("{LIST}/{nobody}")).await.status, 404);
    let person = &wire.sandbox.people()[0].id;
    assert_eq!(
        wire.get(&format!("{LIST}/{person}")).await.status,
        400,
        "an id of another kind"
    );
}

#[tokio::test]
async fn an_accepted_change_is_carried_out_later() {
    let wire = demo().await;
    let customer = provisioned(&wire).await;
    let change =
        json!({ "packages": ["webex_suite", "webex_voice"], "externalId": "X-1", "address": address() });
    let put = wire.body("PUT", &path(&customer), &change).await;
    assert_eq!(put.status, 202, "{}", put.text);
    assert_eq!(put.header("location"), put.json()["url"].as_str());
    assert!(
        put.json()["url"]
            .as_str()
            .unwrap()
            .ends_with(customer["id"].as_str().unwrap())
    );
    let now = wire.get(&path(&customer)).await.json();
    assert_eq!(
        (&now["status"], &now["packages"]),
        (&json!("updating"), &change["packages"])
    );
    let packages = now["resourceDetails"]["packages"].as_array().unwrap();
    assert!(packages.iter().any(|p| p["status"] == "provisioning"), "{now:#}");
    let again = wire.body("PUT", &path(&customer), &change).await;
    assert_eq!(again.status, 409, "one at a time");

    wire.sandbox.advance(Duration::from_secs(10));
    let now = wire.get(&path(&customer)).await.json();
    assert_eq!(
        (&now["status"], &now["externalId"], &now["address"]),
        (&json!("provisioned"), &json!("X-1"), &address())
    );
    let packages = now["resourceDetails"]["packages"].as_array().unwrap();
    assert!(packages.len() == 2 && packages.iter().all(|p| p["status"] == "provisioned"));

    // By reads instead of by time.
    wire.sandbox
        .set_wholesale_pace(Duration::from_secs(3600), Some(2));
    let failing = json!({ "packages": ["webex_suite", "cx_ai_assistant"] });
    assert_eq!(wire.body("PUT", &path(&customer), &failing).await.status, 202);
    for status in ["updating", "updating", "provisioned_with_errors"] {
        assert_eq!(wire.get(&path(&customer)).await.json()["status"], status);
    }
    let now = wire.get(&path(&customer)).await.json();
    let package = &now["resourceDetails"]["packages"][1];
    assert_eq!(
        (
            &package["status"],
            &package["warnings"][0]["errorCode"],
            &package["errors"]
        ),
        (&json!("error"), &json!(2560), &Value::Null),
        "an error with warnings alone"
    );
    assert_eq!(now["externalId"], "X-1", "what is not sent stays");
}

#[tokio::test]
async fn customers_come_and_go() {
    let wire = demo().await;
    let new = json!({
        "provisioningId": "p", "packages": ["webex_calling"], "externalId": "NEW-1", "address": address(),
        "customerInfo": { "name": "Quayside Books", "primaryEmail": "a@quayside.example" },
    });
    let post = wire.body("POST", LIST, &new).await;
    assert_eq!(post.status, 202, "{}", post.text);
    let url = post.header("location").unwrap().to_owned();
    let begun = wire.get(&url).await.json();
    assert_eq!(
        (&begun["status"], &begun["orgId"]),
        (&json!("provisioning"), &Value::Null)
    );
    wire.sandbox.advance(Duration::from_secs(10));
    let there = wire.get(&url).await.json();
    assert_eq!(there["status"], "provisioned");
    let name = wire
        .get(&format!("/organizations/{}", there["orgId"].as_str().unwrap()))
        .await;
    assert_eq!(name.json()["displayName"], "Quayside Books");
    assert_eq!(
        wire.body("POST", LIST, &new).await.status,
        409,
        "its external id is taken"
    );
    assert_eq!(wire.body("DELETE", &path(&there), &json!({})).await.status, 202);
    assert_eq!(wire.get(&url).await.json()["status"], "deleting");
    wire.sandbox.advance(Duration::from_secs(10));
    assert_eq!(wire.get(&url).await.status, 404);
}

#[tokio::test]
async fn wrong_requests_are_refused_with_a_code() {
    let wire = demo().await;
    let customer = provisioned(&wire).await;
    let mut long = address();
    long["addressLine2"] = json!("x".repeat(51));
    let mut lower = address();
    lower["country"] = json!("gb");
    for (change, code) in [
        (json!({}), 10_001),
        (json!({ "packages": [] }), 10_001),
        (json!({ "packages": ["hyper_calling"] }), 10_010),
        (json!({ "packages": ["attendant_console"] }), 10_011),
        (
            json!({ "packages": ["cisco_calling_plan", "webex_meetings"] }),
            10_011,
        ),
        (
            json!({ "packages": ["webex_voice"], "address": { "city": "Leeds" } }),
            10_001,
        ),
        (json!({ "packages": ["webex_voice"], "address": long }), 10_003),
        (json!({ "packages": ["webex_voice"], "address": lower }), 10_004),
        (json!({ "packages": ["webex_voice"], "externalId": " " }), 10_002),
    ] {
        let got = wire.body("PUT", &path(&customer), &change).await;
        assert_eq!(
            (got.status, &got.json()["errors"][0]["errorCode"]),
            (400, &json!(code)),
            "{change}"
        );
        assert!(got.json()["trackingId"].is_string());
    }
    assert_eq!(
        wire.get(&path(&customer)).await.json(),
        customer,
        "nothing has changed"
    );
    let check = wire
        .body(
            "POST",
            &format!("{LIST}/validate"),
            &json!({ "address": address(), "packages": ["webex_voice"] }),
        )
        .await;
    assert_eq!(
        (check.status, &check.json()["info"][0]["infoCode"]),
        (200, &json!(100))
    );
    let check = wire
        .body(
            "POST",
            &format!("{LIST}/validate"),
            &json!({ "address": address(), "externalId": customer["externalId"] }),
        )
        .await;
    assert_eq!(check.status, 409);
    assert_eq!(wire.body("PATCH", &path(&customer), &json!({})).await.status, 405);
}

#[tokio::test]
async fn sentinels_decide_how_a_change_ends() {
    let wire = awkward().await;
    wire.sandbox.set_wholesale_pace(Duration::ZERO, None);
    let packages = json!({ "packages": ["webex_suite"] });
    for (sentinel, status) in [
        ("sentinel.errors", "provisioned_with_errors"),
        ("sentinel.error", "error"),
        ("sentinel.never", "updating"),
    ] {
        // The list of this seed never ends: one page of it is enough.
        let page = wire.get(&format!("{LIST}?externalId={sentinel}")).await.json();
        let found = page["items"].as_array().unwrap();
        assert_eq!(wire.body("PUT", &path(&found[0]), &packages).await.status, 202);
        wire.sandbox.advance(Duration::from_secs(86_400));
        assert_eq!(
            wire.get(&path(&found[0])).await.json()["status"],
            status,
            "{sentinel}"
        );
    }
    let check = json!({ "address": address(), "externalId": "sentinel.refused.anew" });
    assert_eq!(
        wire.body("POST", &format!("{LIST}/validate"), &check)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn subscribers_and_sub_partners_are_listed() {
    let wire = demo().await;
    let all = wire.all("/wholesale/subscribers?max=30", "items").await;
    assert!(all.len() > 80, "{}", all.len());
    assert_eq!(
        wire.get("/wholesale/subscribers").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        50
    );
    let created: Vec<&str> = all.iter().map(|s| s["created"].as_str().unwrap()).collect();
    assert!(created.is_sorted());
    for subscriber in &all {
        let provisioned = subscriber["status"] == "provisioned";
        assert_eq!(subscriber["personId"].is_string(), provisioned, "{subscriber}");
        assert_eq!(subscriber["packages"], json!([subscriber["package"]]));
    }
    let some = &all[5];
    let id = some["customerId"].as_str().unwrap();
    let of = wire
        .all(&format!("/wholesale/subscribers?customerId={id}"), "items")
        .await;
    assert!(!of.is_empty() && of.iter().all(|s| s["customerId"] == id));
    let one = wire
        .get(&format!(
            "/wholesale/subscribers/{}",
            some["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(&one.json(), some);
    for (email, status) in [("new@cust.example", 200), (some["email"].as_str().unwrap(), 400)] {
        let got = wire
            .body(
                "POST",
                "/wholesale/subscribers/validate",
                &json!({ "email": email, "customerId": id }),
            )
            .await;
        assert_eq!(got.status, status, "{}", got.text);
    }
    let partners = wire.all("/wholesale/subPartners?max=2", "subPartners").await;
    assert_eq!(partners.len(), 3);
    let suspended = wire
        .all(
            "/wholesale/subPartners?provisioningState=suspended",
            "subPartners",
        )
        .await;
    assert_eq!(suspended.len(), 1);
}

#[tokio::test]
async fn subscribers_come_change_and_go() {
    let wire = demo().await;
    let all = wire.all("/wholesale/subscribers?max=100", "items").await;
    let failed: Vec<&Value> = all.iter().filter(|s| s["errors"].is_array()).collect();
    assert!(
        failed.len() > 2 && failed[0]["errors"][0]["errorCode"].is_u64(),
        "{failed:?}"
    );
    let middle = all[all.len() / 2]["created"].as_str().unwrap();
    let millis = middle
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_millisecond()
        .to_string();
    let later = all
        .iter()
        .filter(|s| s["created"].as_str().unwrap() > middle)
        .count();
    for query in [
        format!("after={middle}"),
        format!("after={millis}"),
        format!("lastStatusChange={millis}"),
    ] {
        let got = wire
            .all(&format!("/wholesale/subscribers?{query}"), "items")
            .await;
        assert_eq!(got.len(), later, "{query}");
    }
    let new = json!({ "customerId": all[0]["customerId"], "email": "free.account@new.example", "packages": ["webex_calling"] });
    let post = wire.body("POST", "/wholesale/subscribers", &new).await;
    assert_eq!(
        (post.status, &post.json()["status"]),
        (202, &json!("pending_user_migration")),
        "{}",
        post.text
    );
    let here = format!("/wholesale/subscribers/{}", post.json()["id"].as_str().unwrap());
    assert_eq!(
        wire.body("PUT", &here, &json!({ "package": "webex_suite" }))
            .await
            .status,
        400
    );
    let agreed = json!({ "subscriber": "free.account@new.example", "status": "provisioned" });
    assert_eq!(
        wire.body("POST", "/_sandbox/wholesale/subscribers", &agreed)
            .await
            .status,
        200
    );
    let put = wire
        .body("PUT", &here, &json!({ "package": "webex_suite" }))
        .await;
    assert_eq!(
        (put.status, &put.json()["packages"]),
        (200, &json!(["webex_suite"]))
    );
    assert!(put.json()["personId"].is_string());
    assert_eq!(
        wire.body("POST", "/wholesale/subscribers", &new).await.status,
        400,
        "the e-mail is taken"
    );
    let mut other = new.clone();
    other["email"] = json!("paid@new.example");
    assert_eq!(
        wire.body("POST", "/wholesale/subscribers", &other).await.status,
        200
    );
    other["package"] = json!("webex_suite");
    other["email"] = json!("both@new.example");
    assert_eq!(
        wire.body("POST", "/wholesale/subscribers", &other).await.status,
        400,
        "package or packages"
    );
    assert_eq!(wire.body("DELETE", &here, &json!({})).await.status, 204);
    assert_eq!(wire.get(&here).await.status, 404);
}

#[tokio::test]
async fn the_mail_of_consent_is_sent_only_to_those_who_wait_for_it() {
    let wire = demo().await;
    let mail = async |id: &str| {
        wire.body(
            "POST",
            &format!("/subscribers/{id}/emails/consentMove"),
            &json!({}),
        )
        .await
    };
    for list in ["/wholesale/subscribers", "/broadworks/subscribers"] {
        for (status, answer) in [("pending_user_migration", 204), ("provisioned", 400)] {
            let found = wire.get(&format!("{list}?status={status}&max=1")).await.json();
            let got = mail(found["items"][0]["id"].as_str().unwrap()).await;
            assert_eq!(got.status, answer, "{list} {status}: {}", got.text);
            if answer == 400 {
                assert_eq!(got.json()["errors"][0]["errorCode"], 10_047);
                assert!(got.json()["trackingId"].is_string());
            }
        }
    }
    let person = wire.sandbox.people()[0].id.clone();
    assert_eq!(mail(&person).await.status, 400, "an id of another kind");
    let nobody = "Y2lzY29zcGFyazovL3VzL1NVQlNDUklCRVIvNjk3MGU2YmItNzQzOS00ZmZiLWFkMzQtZDNmZjAxNjdkZGFk";
    assert_eq!(mail(nobody).await.status, 404);
    assert_eq!(
        wire.get(&format!("/subscribers/{nobody}/emails/consentMove"))
            .await
            .status,
        405
    );
}

#[tokio::test]
async fn only_partners_with_the_scope_may() {
    let wire = demo().await;
    wire.body("POST", "/_sandbox/wholesale", &json!({ "entitled": false }))
        .await;
    for path in [LIST, "/wholesale/subscribers", "/wholesale/subPartners"] {
        let got = wire.get(path).await;
        assert_eq!(got.status, 403);
        assert!(got.text.contains("wxc-wholesale"), "{}", got.text);
    }
    let state = wire.get("/_sandbox/state/wholesale").await.json();
    assert_eq!(state["customers"].as_array().unwrap().len(), 60);
    let nobody = Wire {
        token: "nonsense".to_owned(),
        ..wire
    };
    assert_eq!(nobody.get(LIST).await.status, 401);
}
