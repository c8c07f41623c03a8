//! A scripted server on loopback, and what the client needs to be given.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::task::JoinHandle;
use uuid::Uuid;
use webex_client::*;

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Seen {
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }

    pub fn form(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.body.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// Answers by script; the second argument counts requests from 0.
pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl Server {
    pub async fn start(script: impl Fn(&Seen, usize) -> Response + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let script = Arc::new(script);
        let app = Router::new().fallback({
            let seen = Arc::clone(&seen);
            move |request: Request| {
                let (seen, script) = (Arc::clone(&seen), Arc::clone(&script));
                async move {
                    let request = read(request).await;
                    let number = {
                        let mut seen = seen.lock().unwrap();
                        seen.push(request.clone());
                        seen.len() - 1
                    };
                    script(&request, number)
                }
            }
        });
        let task = tokio::spawn(async move {
            axum::serve(listener, app).await.unwrap();
        });
        Self { address, seen, task }
    }

    pub fn base(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// A client and the tokens it uses.
    pub fn client(&self) -> (Webex, Arc<Tokens>) {
        client(&self.base(), TransportConfig::default())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read(request: Request) -> Seen {
    let (parts, body) = request.into_parts();
    let mut bytes = Vec::new();
    let mut body = body.into_data_stream();
    while let Some(Ok(chunk)) = body.next().await {
        bytes.extend_from_slice(&chunk);
    }
    Seen {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect(),
        body: String::from_utf8(bytes).unwrap(),
    }
}

pub fn client(base: &str, transport: TransportConfig) -> (Webex, Arc<Tokens>) {
    let tokens = Arc::new(Tokens::new());
    let webex = Webex::new(
        Endpoints::custom(base).unwrap(),
        transport,
        Arc::clone(&tokens) as Arc<dyn TokenSource>,
        Gate::new(GateConfig::new(Arc::new(Wall))),
        Arc::new(Wall),
        Arc::new(Random),
    )
    .unwrap();
    (webex, tokens)
}

/// An answer.
pub fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Body>) -> Response {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body.into()).unwrap()
}

pub fn json(status: u16, body: serde_json::Value) -> Response {
    answer(status, &[("content-type", "application/json")], body.to_string())
}

/// Tokens `token-0`, `token-1`, … one a refresh.
pub struct Tokens {
    pub refreshes: AtomicU32,
    pub fails: Mutex<Option<TokenError>>,
}

impl Tokens {
    fn new() -> Self {
        Self {
            refreshes: AtomicU32::new(0),
            fails: Mutex::new(None),
        }
    }

    fn current(&self) -> SecretString {
        SecretString::from(format!("token-{}", self.refreshes.load(Ordering::SeqCst)))
    }
}

impl TokenSource for Tokens {
    fn access_token(&self) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        async { Ok(self.current()) }.boxed()
    }

    fn refresh_after_401<'a>(
        &'a self,
        dead: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, TokenError>> {
        async move {
            if let Some(error) = self.fails.lock().unwrap().take() {
                return Err(error);
            }
            if dead.expose_secret() == self.current().expose_secret() {
                self.refreshes.fetch_add(1, Ordering::SeqCst);
            }
            Ok(self.current())
        }
        .boxed()
    }
}

pub struct Wall;

impl Clock for Wall {
    fn now(&self) -> jiff::Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the wall clock of these tests")]
        jiff::Timestamp::now()
    }
}

pub struct Random;

impl Ids for Random {
    fn uuid(&self) -> Uuid {
        #[expect(clippy::disallowed_methods, reason = "the ids of these tests")]
        Uuid::new_v4()
    }
}
