//! Patchbay between a data folder and the simulated cloud, and a browser to go with it.

use crate::organisation;
use jiff::{SignedDuration, Timestamp};
use patchbay_core::clock::MovedClock;
use patchbay_core::consent::{
    AttemptState, Beginning, Clients, Consent, ConsentAttempt, ConsentMethod, RenewWhen, Renewal, Unrenewed,
};
use patchbay_core::db::Db;
use patchbay_core::events::Events;
use patchbay_core::organisations::{self, Environment, Organisation, OrganisationFields, SecretEdit};
use patchbay_core::secrets::{MemoryKeychain, Vault};
use patchbay_core::transactions::{self, TransactionFilter, TransactionKind};
use patchbay_core::{Error, ErrorCode, Failure};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;
use webex_sandbox::{Config, Sandbox};

pub const FORTNIGHT: u64 = 14 * 24 * 3600;
pub const NINETY_DAYS: u64 = 90 * 24 * 3600;

/// A data folder, the simulated cloud, and Patchbay's part between them.
pub struct Bench {
    pub _folder: Arc<tempfile::TempDir>,
    pub sandbox: Arc<Sandbox>,
    pub clock: Arc<MovedClock>,
    pub keychain: MemoryKeychain,
    pub db: Db,
    pub vault: Vault,
    pub clients: Clients,
    pub consent: Consent,
    pub organisation: String,
}

pub fn config() -> Config {
    Config {
        auto_consent: true,
        access_token_seconds: FORTNIGHT,
        refresh_token_seconds: NINETY_DAYS,
        ..Config::default()
    }
}

pub fn fields(name: &str, base_url: &str) -> OrganisationFields {
    organisation::fields(
        name,
        Environment::Custom {
            base_url: base_url.to_owned(),
        },
    )
}

impl Bench {
    pub async fn new(config: Config) -> Self {
        Self::with(config, |_| {}).await
    }

    pub async fn with(config: Config, edit: impl FnOnce(&mut OrganisationFields)) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let sandbox = Arc::new(webex_sandbox::start(config).await.unwrap());
        let db = Db::open(folder.path(), Events::default()).await.unwrap();
        let keychain = MemoryKeychain::default();
        let vault = Vault::open(db.clone(), Arc::new(keychain.clone())).await.unwrap();
        let clock = Arc::new(MovedClock::default());
        let mut fields = fields("Kestrel Logistics", &sandbox.base_url());
        edit(&mut fields);
        let mut write = db.write().await.unwrap();
        let organisation = organisations::create(&mut write, &vault, &*clock, &fields)
            .await
            .unwrap();
        write.commit().await.unwrap();
        let clients = Clients::new(db.clone(), vault.clone(), clock.clone());
        let consent = Consent::new(clients.clone());
        Self {
            _folder: folder,
            sandbox,
            clock,
            keychain,
            db,
            vault,
            clients,
            consent,
            organisation,
        }
    }

    /// Another Patchbay on the same data folder, keychain and cloud.
    pub async fn another(&self) -> Self {
        let db = Db::open(self.folder(), Events::default()).await.unwrap();
        let vault = Vault::open(db.clone(), Arc::new(self.keychain.clone()))
            .await
            .unwrap();
        let clients = Clients::new(db.clone(), vault.clone(), self.clock.clone());
        Self {
            _folder: self._folder.clone(),
            sandbox: self.sandbox.clone(),
            clock: self.clock.clone(),
            keychain: self.keychain.clone(),
            db,
            vault,
            consent: Consent::new(clients.clone()),
            clients,
            organisation: self.organisation.clone(),
        }
    }

    /// Edits what is registered, as somebody would in the panel.
    pub async fn update(&self, edit: impl FnOnce(&mut OrganisationFields)) -> patchbay_core::Result<()> {
        let mut changed = fields("Kestrel Logistics", &self.sandbox.base_url());
        edit(&mut changed);
        let mut write = self.db.write().await.unwrap();
        organisations::update(
            &mut write,
            &self.vault,
            &*self.clock,
            &self.organisation,
            &changed,
        )
        .await?;
        write.commit().await.map_err(Error::from)
    }

    pub fn folder(&self) -> &Path {
        self.db.path().parent().unwrap()
    }

    pub fn beginning(&self, method: ConsentMethod, port: u16) -> Beginning {
        Beginning {
            organisation: self.organisation.clone(),
            method,
            client_id: self.sandbox.client_id(),
            client_secret: SecretEdit::Set {
                value: self.sandbox.client_secret(),
            },
            port,
            who: "tester".to_owned(),
        }
    }

    /// Begins on `port`, or any with 0, and registers that redirect URI at the cloud.
    pub async fn by_browser(&self, port: u16) -> ConsentAttempt {
        let attempt = self
            .consent
            .begin(self.beginning(ConsentMethod::Browser, port))
            .await
            .unwrap();
        self.register(&attempt).await;
        attempt
    }

    pub async fn register(&self, attempt: &ConsentAttempt) {
        let body =
            serde_json::json!({ "redirect_uri": query(&authorize_url(attempt), "redirect_uri") }).to_string();
        let control: Url = format!("{}/_sandbox/redirect_uris", self.sandbox.root_url())
            .parse()
            .unwrap();
        let (status, _, answer) = ask("POST", &control, &body).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// Connects by the browser, the cloud approving by itself.
    pub async fn connect(&self) {
        let attempt = self.by_browser(0).await;
        browse(&authorize_url(&attempt)).await;
        let over = self.consent.wait(&attempt.id).await.unwrap();
        assert!(
            matches!(over.state, AttemptState::Granted { .. }),
            "{:?}",
            over.state
        );
    }

    pub async fn shown(&self) -> Organisation {
        organisations::get(&self.db, &self.vault, &self.organisation)
            .await
            .unwrap()
    }

    /// A call any screen makes.
    pub async fn call(&self) -> Result<(), Error> {
        let webex = self.clients.webex_for(&self.organisation).await?;
        webex.me().await.map(drop).map_err(Error::webex("read"))
    }

    pub async fn renew(&self, when: RenewWhen) -> Result<Renewal, Unrenewed> {
        self.consent.renew(&self.organisation, when, "tester").await
    }

    pub fn token_calls(&self) -> usize {
        self.sandbox
            .journal()
            .iter()
            .filter(|entry| entry.path == "/v1/access_token")
            .count()
    }

    /// Moves the clocks of both sides.
    pub fn advance(&self, by: Duration) {
        self.sandbox.advance(by);
        self.clock.advance(SignedDuration::try_from(by).unwrap());
    }

    pub async fn last_consent(&self) -> transactions::Transaction {
        let window = transactions::list(&self.db, &TransactionFilter::default(), 0, 10)
            .await
            .unwrap();
        let found = window
            .transactions
            .into_iter()
            .find(|one| one.kind == TransactionKind::Consent);
        found.expect("the attempt is recorded")
    }
}

pub fn authorize_url(attempt: &ConsentAttempt) -> Url {
    let AttemptState::WaitingForBrowser { authorize_url } = &attempt.state else {
        panic!("not waiting for a browser: {:?}", attempt.state);
    };
    authorize_url.parse().unwrap()
}

/// The port of the attempt's redirect URI.
pub fn listens_on(attempt: &ConsentAttempt) -> u16 {
    query(&authorize_url(attempt), "redirect_uri")
        .parse::<Url>()
        .unwrap()
        .port()
        .unwrap()
}

pub fn query(url: &Url, name: &str) -> String {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .unwrap_or_else(|| panic!("{url} has no {name}"))
        .1
        .into_owned()
}

pub fn failure(attempt: ConsentAttempt) -> Failure {
    let AttemptState::Failed { failure } = attempt.state else {
        panic!("not failed: {:?}", attempt.state)
    };
    failure
}

/// What a browser gets: status, headers, body.
pub async fn get(url: &Url) -> (u16, String, String) {
    ask("GET", url, "").await
}

pub async fn ask(method: &str, url: &Url, body: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect((url.host_str().unwrap(), url.port().unwrap()))
        .await
        .unwrap();
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {answer}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_owned(), body.to_owned())
}

/// Follows the redirect of the authorize address to Patchbay; the page that is shown there.
pub async fn browse(authorize_url: &Url) -> String {
    let back = redirect(authorize_url).await;
    let (status, _, page) = get(&back).await;
    assert_eq!(status, 200);
    page
}

pub async fn redirect(authorize_url: &Url) -> Url {
    let (status, head, body) = get(authorize_url).await;
    assert_eq!(status, 302, "{body}");
    let location = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("location")
            .then(|| value.trim().to_owned())
    });
    location.unwrap().parse().unwrap()
}

pub fn at(text: Option<String>) -> Timestamp {
    text.expect("a time").parse().unwrap()
}

pub fn code(error: &Error) -> ErrorCode {
    error.failure().code
}
