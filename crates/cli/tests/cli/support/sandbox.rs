//! `sandbox serve` as a child, and its control API over plain HTTP.

use super::process::{Running, binary};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Once;

static PROVIDER: Once = Once::new();

/// One request on a runtime of its own: status and text.
fn ask(method: Method, url: &str, body: Option<&Value>) -> (u16, String) {
    ask_as(None, method, url, body)
}

/// As [`ask`], with a token.
fn ask_as(token: Option<&str>, method: Method, url: &str, body: Option<&Value>) -> (u16, String) {
    PROVIDER.call_once(|| {
        // Fails only if another test of the process has installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        #[expect(clippy::disallowed_methods, reason = "the tests' one client")]
        let builder = reqwest::Client::builder();
        let client = builder
            .no_proxy()
            .timeout(super::process::LIMIT)
            .build()
            .expect("a client");
        let mut request = client.request(method, url);
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.expect("the sandbox answers");
        (
            answer.status().as_u16(),
            answer.text().await.expect("an answer of text"),
        )
    })
}

/// A sandbox of its own; ends with the value.
pub struct SandboxProcess {
    running: Running,
    pub announced: Value,
}

impl SandboxProcess {
    /// The demo seed, unthrottled, consenting by itself.
    pub fn demo() -> Self {
        Self::serve(&["--auto-consent"])
    }

    pub fn serve(arguments: &[&str]) -> Self {
        let mut running = Running::start(binary().args(["sandbox", "serve"]).args(arguments));
        let line = running.until("announcement", |running| {
            running
                .out_so_far()
                .split_once('\n')
                .map(|(line, _)| line.to_owned())
        });
        let announced = serde_json::from_str(&line).expect("the announcement is JSON");
        Self { running, announced }
    }

    pub fn announced(&self, field: &str) -> String {
        self.announced[field]
            .as_str()
            .unwrap_or_else(|| panic!("no {field} in {}", self.announced))
            .to_owned()
    }

    pub fn base_url(&self) -> String {
        self.announced("base_url")
    }

    /// All that the sandbox has printed to standard output.
    pub fn printed(&self) -> String {
        self.running.out_so_far()
    }

    pub fn stop(self) -> super::Ended {
        #[cfg(unix)]
        {
            self.running.signal("TERM");
            self.running.wait()
        }
        #[cfg(not(unix))]
        self.running.kill()
    }

    fn control(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let (status, text) = ask(method, &format!("{}{path}", self.announced("control_url")), body);
        assert!(status < 300, "{path}: {status} {text}");
        if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
        }
    }

    pub fn get(&self, path: &str) -> Value {
        self.control(Method::GET, path, None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.control(Method::POST, path, Some(body))
    }

    /// The sample bulk file of the seed.
    pub fn sample(&self) -> String {
        ask(
            Method::GET,
            &format!("{}/sample.csv", self.announced("control_url")),
            None,
        )
        .1
    }

    pub fn fault(&self, fault: &Value) {
        self.post("/faults", fault);
    }

    pub fn clear_faults(&self) {
        self.control(Method::DELETE, "/faults", None);
    }

    pub fn rate(&self, rate: Option<f64>) {
        self.post("/rate", &json!({ "rate": rate }));
    }

    /// What an administrator copies from Control Hub once a service app is authorised.
    pub fn service_app_refresh_token(&self) -> String {
        let app = &self.announced["service_app"];
        let body = json!({
            "clientId": app["client_id"], "clientSecret": app["client_secret"], "targetOrgId": self.announced["organisation"]["id"],
        });
        let url = format!(
            "{}/applications/{}/token",
            self.base_url(),
            app["application_id"].as_str().expect("an id")
        );
        let (status, text) = ask_as(
            Some(&self.announced("access_token")),
            Method::POST,
            &url,
            Some(&body),
        );
        assert_eq!(status, 200, "{text}");
        let answer: Value = serde_json::from_str(&text).expect("JSON");
        answer["refresh_token"]
            .as_str()
            .expect("a refresh token")
            .to_owned()
    }

    /// Journal entries, oldest first. `query` may be empty.
    pub fn journal(&self, query: &str) -> Vec<Value> {
        list(self.get(&format!("/journal{query}"))["entries"].take())
    }

    /// Requests that assigned or tried to.
    pub fn assignments(&self) -> Vec<Value> {
        self.journal("?method=PATCH&path=/v1/licenses/users")
    }

    pub fn clear_journal(&self) {
        self.control(Method::DELETE, "/journal", None);
    }

    /// Everybody, as the simulated cloud holds them.
    pub fn people(&self, query: &str) -> Vec<Value> {
        list(self.get(&format!("/state/people{query}"))["people"].take())
    }

    pub fn numbers(&self) -> Vec<Value> {
        list(self.get("/state/numbers")["numbers"].take())
    }

    pub fn licences(&self) -> Vec<Value> {
        list(self.get("/state/licences")["licences"].take())
    }
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        other => panic!("a list, not {other}"),
    }
}
