//! Time that passes on both sides, and what runs by itself meanwhile.

use crate::http;
use crate::world::World;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::time::Duration;

impl World {
    /// Moves the clocks of both sides.
    pub fn pass(&self, time: SignedDuration) {
        self.sandbox.advance(Duration::try_from(time).unwrap());
        self.clock.advance(time);
    }

    pub fn pass_days(&self, days: i64) {
        self.pass(SignedDuration::from_hours(24 * days));
    }

    /// One look at what is due, until it is done.
    pub async fn look(&self) {
        self.patchbay.look_at_schedules().await.unwrap();
    }

    /// The schedule of the world's organisation of that kind.
    pub async fn schedule(&self, kind: &str) -> Value {
        self.schedule_of(&self.organisation, kind).await
    }

    pub async fn schedule_of(&self, organisation: &str, kind: &str) -> Value {
        let filter = json!({ "organisation": organisation, "kind": kind, "troubled": false, "search": null });
        let request = json!({ "filter": filter, "offset": 0, "limit": 10 });
        let window = self.call("schedules.list", request).await;
        assert_eq!(window["total"], 1, "{window:#}");
        window["schedules"][0].clone()
    }

    /// A command about the schedule of that kind.
    pub async fn tell_schedule(&self, command: &str, kind: &str) -> Value {
        let schedule = self.schedule(kind).await;
        self.call(command, json!({ "schedule": schedule["id"] })).await
    }

    /// Waits until a turn that was asked for is over.
    pub async fn turn_over(&self, kind: &str) -> Value {
        self.until("the end of the turn", async || {
            let schedule = self.schedule(kind).await;
            (schedule["state"]["state"] != "running" && schedule["lastEndedAt"].is_string())
                .then_some(schedule)
        })
        .await
    }

    pub async fn shown(&self) -> Value {
        self.call("organisations.get", json!({ "organisation": self.organisation }))
            .await
    }

    /// Warnings, as the page lists them.
    pub async fn notices(&self) -> Vec<Value> {
        let listed = self.call("notifications.list", json!({})).await;
        listed["notices"].as_array().unwrap().clone()
    }

    /// How often a token call was made.
    pub fn token_calls(&self) -> usize {
        let journal = self.sandbox.journal();
        journal
            .iter()
            .filter(|entry| entry.path == "/v1/access_token")
            .count()
    }

    /// A request of the simulated Webex's control API.
    pub async fn control(&self, path: &str, body: &Value) {
        let url = format!("{}/_sandbox/{path}", self.sandbox.root_url());
        let answer = http::send("POST", &url, None, Some(body)).await;
        assert!((200..300).contains(&answer.status), "{answer:?}");
    }

    /// What an administrator copies from Control Hub once the service app is authorised.
    pub async fn service_app_refresh_token(&self) -> String {
        let app = self.sandbox.announcement()["service_app"].clone();
        let url = format!(
            "{}/applications/{}/token",
            self.sandbox.base_url(),
            app["application_id"].as_str().unwrap()
        );
        let body = json!({
            "clientId": app["client_id"], "clientSecret": app["client_secret"],
            "targetOrgId": self.sandbox.organisation_uuid(),
        });
        let answer = http::send("POST", &url, Some(&self.sandbox.access_token()), Some(&body)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        // Chunked or not, the answer holds one object.
        let (start, end) = (answer.body.find('{').unwrap(), answer.body.rfind('}').unwrap());
        let tokens: Value = serde_json::from_str(&answer.body[start..=end]).unwrap();
        tokens["refresh_token"].as_str().unwrap().to_owned()
    }

    /// Transactions of that kind, newest first.
    pub async fn transactions(&self, kind: &str) -> Vec<Value> {
        let filter = json!({ "organisation": null, "kinds": [kind], "state": null, "since": null, "until": null, "search": null });
        let request = json!({ "filter": filter, "offset": 0, "limit": 200 });
        let window = self.call("transactions.list", request).await;
        let found = window["transactions"].as_array().unwrap().iter();
        found.filter(|one| one["kind"] == kind).cloned().collect()
    }
}
