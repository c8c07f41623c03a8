//! The job that repeats the invitations of an organisation.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{Wire, demo};

fn jobs(wire: &Wire) -> String {
    let state = wire.sandbox.announcement();
    let id = state["organisation"]["id"].as_str().unwrap();
    format!("/identity/organizations/{id}/jobs/sendActivationEmails")
}

async fn begin(wire: &Wire) -> Value {
    // The contract has this one below /v1.
    let got = wire
        .body(
            "POST",
            &format!("{}{}", wire.sandbox.base_url(), jobs(wire)),
            &json!({}),
        )
        .await;
    assert_eq!(got.status, 202, "{}", got.text);
    got.json()
}

async fn part(wire: &Wire, job: &Value, part: &str) -> Value {
    let id = job["id"].as_str().unwrap();
    let got = wire
        .get(&format!("{}{}/{id}/{part}", wire.sandbox.base_url(), jobs(wire)))
        .await;
    assert_eq!(got.status, 200, "{}", got.text);
    got.json()
}

#[tokio::test]
async fn everybody_with_an_open_invitation_gets_one_mail_a_day() {
    let wire = demo().await;
    let open = wire.sandbox.people().iter().filter(|p| p.invite_pending).count();
    let job = begin(&wire).await;
    assert_eq!(
        (
            &job["name"],
            &job["latestExecutionStatus"],
            &job["latestExecutionExitCode"]
        ),
        (&json!("resendinviteemail"), &json!("STARTED"), &json!("UNKNOWN"))
    );
    assert_eq!(job["counts"]["totalUsers"], 0);
    let url = format!("{}{}", wire.sandbox.base_url(), jobs(&wire));
    let again = wire.body("POST", &url, &json!({})).await;
    assert_eq!(
        (again.status, &again.json()["error"][0]["message"][0]["code"]),
        (409, &json!("BATCH-1001004"))
    );

    wire.sandbox.advance(Duration::from_secs(10));
    let done = part(&wire, &job, "status").await;
    assert_eq!(
        (&done["latestExecutionStatus"], &done["latestExecutionExitCode"]),
        (&json!("COMPLETED"), &json!("COMPLETED"))
    );
    let counts = &done["counts"];
    let [sent, skipped, total] = ["userResendInviteSent", "userResendInviteSkipped", "totalUsers"]
        .map(|c| counts[c].as_u64().unwrap() as usize);
    assert_eq!((sent + skipped, total, skipped), (open, open, open.div_ceil(7)));
    assert!(done["jobExecutionStatus"][0]["endTime"].is_string());
    let errors = part(&wire, &job, "errors?max=1000").await;
    assert_eq!(errors["items"].as_array().unwrap().len(), skipped);
    let error = &errors["items"][0]["error"]["message"][0];
    assert_eq!(error["code"], "ATLAS-600199");
    assert!(
        error["description"]
            .as_str()
            .unwrap()
            .contains("already received an invitation email in last 24 hours")
    );
    let id = job["id"].as_str().unwrap();
    let pages = wire.all(&format!("{url}/{id}/errors?max=7"), "items").await;
    assert_eq!(Value::from(pages), errors["items"]);

    // Nobody is mailed twice on a day; somebody who accepts is mailed no more.
    let job = begin(&wire).await;
    wire.sandbox.advance(Duration::from_secs(10));
    assert_eq!(
        part(&wire, &job, "status").await["counts"]["userResendInviteSent"],
        0
    );
    let some = wire
        .sandbox
        .people()
        .into_iter()
        .find(|p| p.invite_pending)
        .unwrap();
    assert!(wire.sandbox.set_invitation(&some.email, false, "active"));
    assert_eq!(
        wire.get(&format!("/people/{}", some.id)).await.json()["invitePending"],
        false
    );
    wire.sandbox.advance(Duration::from_secs(86_400));
    let job = begin(&wire).await;
    wire.sandbox.advance(Duration::from_secs(10));
    assert_eq!(
        part(&wire, &job, "status").await["counts"]["userResendInviteSent"],
        open - 1
    );
}

#[tokio::test]
async fn wrong_requests_are_refused() {
    let wire = demo().await;
    let base = wire.sandbox.base_url();
    let url = format!("{base}{}", jobs(&wire));
    let job = begin(&wire).await;
    let id = job["id"].as_str().unwrap();
    let person = wire.sandbox.people()[0].id.clone();
    let nobody = "Y2lzY29zcGFyazovL3VzL0pPQl9JRC9lNzc4NWU3YS1mNmFiLTRjNTEtYWVjOS00YTg5NWQyOTdjMjc";
    for (path, status) in [
        (format!("{url}/{nobody}/status"), 404),
        (format!("{url}/{person}/status"), 400),
        (url.clone(), 405),
        (format!("{url}/{id}/other"), 404),
    ] {
        assert_eq!(wire.get(&path).await.status, status, "{path}");
    }
    let other = format!(
        "{base}/identity/organizations/00000000-0000-4000-8000-000000000000/jobs/sendActivationEmails"
    );
    assert_eq!(wire.body("POST", &other, &json!({})).await.status, 403);
    let took = json!({ "person": "nobody@northgate.example" });
    assert_eq!(wire.body("POST", "/_sandbox/people", &took).await.status, 404);
}
