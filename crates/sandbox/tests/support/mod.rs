//! A client for the tests: plain HTTP and JSON, no types shared with anything.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::sync::Once;

use serde_json::{Value, json};
use webex_sandbox::{Config, Sandbox, Seed};

static PROVIDER: Once = Once::new();

/// An answer, read.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|v| v.to_str().unwrap())
    }

    /// The URL of `rel="next"`.
    pub fn next(&self) -> Option<String> {
        let link = self.header("link")?;
        Some(link.strip_prefix('<')?.split('>').next()?.to_owned())
    }
}

pub struct Wire {
    pub sandbox: Sandbox,
    pub http: reqwest::Client,
    pub token: String,
}

pub fn http() -> reqwest::Client {
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .unwrap();
    });
    #[expect(clippy::disallowed_methods, reason = "the tests' one client")]
    let builder = reqwest::Client::builder();
    builder
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

pub async fn demo() -> Wire {
    start(Config::default()).await
}

pub async fn awkward() -> Wire {
    start(Config {
        seed: Seed::Awkward,
        ..Config::default()
    })
    .await
}

pub async fn start(config: Config) -> Wire {
    let sandbox = webex_sandbox::start(config).await.unwrap();
    let token = sandbox.access_token();
    Wire {
        sandbox,
        http: http(),
        token,
    }
}

impl Wire {
    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http") {
            path.to_owned()
        } else if path.starts_with("/_sandbox") || path.starts_with("/identity") || path == "/verify" {
            format!("{}{path}", self.sandbox.root_url())
        } else {
            format!("{}{path}", self.sandbox.base_url())
        }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Result<Got, reqwest::Error> {
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Got {
            status,
            headers,
            text: answer.text().await?,
        })
    }

    pub async fn get(&self, path: &str) -> Got {
        self.send(self.http.get(self.url(path)).bearer_auth(&self.token))
            .await
            .unwrap()
    }

    pub async fn body(&self, method: &str, path: &str, body: &Value) -> Got {
        self.try_body(method, path, body).await.unwrap()
    }

    pub async fn try_body(&self, method: &str, path: &str, body: &Value) -> Result<Got, reqwest::Error> {
        let method = method.parse().unwrap();
        self.send(
            self.http
                .request(method, self.url(path))
                .bearer_auth(&self.token)
                .json(body),
        )
        .await
    }

    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        self.send(self.http.post(self.url(path)).form(fields))
            .await
            .unwrap()
    }

    pub async fn patch(&self, person: &str, licences: Value) -> Got {
        self.body(
            "PATCH",
            "/licenses/users",
            &json!({ "personId": person, "licenses": licences }),
        )
        .await
    }

    /// All pages of a list.
    pub async fn all(&self, path: &str, key: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut next = Some(self.url(path));
        while let Some(url) = next {
            let got = self.get(&url).await;
            assert_eq!(got.status, 200, "{}", got.text);
            items.extend(got.json()[key].as_array().unwrap().iter().cloned());
            next = got.next();
        }
        items
    }

    pub async fn fault(&self, fault: Value) -> u64 {
        let got = self.body("POST", "/_sandbox/faults", &fault).await;
        assert_eq!(got.status, 201, "{}", got.text);
        got.json()["id"].as_u64().unwrap()
    }

    /// Ids of people without calling who are neither administrators nor sentinels.
    pub fn plain(&self) -> Vec<String> {
        let ordinary = |email: &str| {
            !email.contains("admin")
                && !email.starts_with("sentinel.")
                && !email.starts_with("auditor")
                && !email.starts_with("helpdesk")
        };
        self.sandbox
            .people()
            .into_iter()
            .filter(|p| p.location.is_none() && ordinary(&p.email))
            .map(|p| p.id)
            .collect()
    }

    pub fn licence(&self, name: &str) -> String {
        self.sandbox
            .licences()
            .into_iter()
            .find(|l| l.name == name)
            .unwrap()
            .id
    }

    /// Id of a location by name.
    pub async fn location(&self, name: &str) -> String {
        let all = self.all("/locations", "items").await;
        all.iter().find(|l| l["name"] == name).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Free active numbers of a location, by name.
    pub fn free_numbers(&self, location: &str) -> Vec<String> {
        self.sandbox
            .numbers()
            .into_iter()
            .filter(|n| n.location_name == location && n.active && n.owner_type.is_none())
            .filter_map(|n| n.number)
            .collect()
    }
}

pub const HERE: &str = "Manchester Deansgate";
pub const PROFESSIONAL: &str = "Webex Calling - Professional";
pub const STANDARD: &str = "Webex Calling - Standard";
pub const CONSOLE: &str = "Webex Attendant Console";
pub const EXPERIENCE: &str = "Customer Experience - Essential";
