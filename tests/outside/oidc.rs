//! The OAuth calls against a server that is not ours: `oidc-provider` of npm, in tests/oidc.

use jiff::Timestamp;
use patchbay_core::clock::{Clock as _, SystemClock};
use patchbay_tests::{browse, encoded};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::ChildStdout;
use url::Url;
use webex_client::{
    ConsentRequest, DevicePoll, Endpoints, Gate, GateConfig, Grant, Integration, OAuth, OAuthError,
    RedirectError, TokenHint, TransportConfig,
};

struct Wall;

impl webex_client::Clock for Wall {
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }
}

struct Random;

impl webex_client::Ids for Random {
    fn uuid(&self) -> uuid::Uuid {
        uuid::Uuid::try_parse(&patchbay_core::ids::new_id()).unwrap()
    }
}

/// The server; it ends with the value, or with this process.
struct Server {
    _process: tokio::process::Child,
    /// Open, so that it may go on talking.
    _lines: Lines<BufReader<ChildStdout>>,
    said: Value,
}

impl Server {
    async fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("oidc");
        assert!(
            folder.join("node_modules/oidc-provider").exists(),
            "npm's oidc-provider is missing: install it (cargo xtask setup, or npm ci in tests/oidc)"
        );
        let mut process = tokio::process::Command::new("node")
            .arg("server.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node is missing: install Node 20.19 or newer");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let said = loop {
            let line = lines.next_line().await.unwrap().expect("the server listens");
            if let Ok(said) = serde_json::from_str::<Value>(&line) {
                break said;
            }
        };
        Self {
            _process: process,
            _lines: lines,
            said,
        }
    }

    fn text(&self, at: &str) -> &str {
        self.said.pointer(at).unwrap().as_str().unwrap()
    }

    fn address(&self, path: &str) -> Url {
        Url::parse(&format!("{}{path}", self.text("/issuer"))).unwrap()
    }

    fn oauth(&self, secret: &str) -> OAuth {
        let endpoints = Endpoints {
            api: self.address("/v1"),
            authorize: self.address("/auth"),
            token: self.address("/token"),
            device_authorize: self.address("/device/auth"),
            device_token: self.address("/token"),
            revoke: self.address("/token/revocation"),
            contact_center: None,
        };
        let clock: Arc<dyn webex_client::Clock> = Arc::new(Wall);
        let integration = Integration {
            client_id: self.text("/client/id").to_owned(),
            client_secret: SecretString::from(secret),
        };
        OAuth::new(
            endpoints,
            TransportConfig::default(),
            integration,
            Gate::new(GateConfig::new(Arc::clone(&clock))),
            clock,
            Arc::new(Random),
        )
        .unwrap()
    }

    fn ours(&self) -> OAuth {
        self.oauth(self.text("/client/secret"))
    }

    /// A person opens the address and answers what is asked; where that ended.
    async fn browse(&self, url: &str, answer: &str) -> Value {
        let address = format!(
            "{}/browse?url={}&answer={answer}",
            self.text("/control"),
            encoded(url)
        );
        serde_json::from_str(&browse(&address, None).await.1).unwrap()
    }

    /// Consents, up to the redirect.
    async fn consent(&self, oauth: &OAuth) -> (ConsentRequest, String) {
        let request = oauth
            .consent_request(self.text("/redirectUri"), &SCOPES, Some("admin@kestrel.example"))
            .unwrap();
        let ended = self.browse(request.url.as_str(), "yes").await;
        let location = ended["location"].as_str().unwrap_or_else(|| panic!("{ended:#}"));
        assert!(location.starts_with(self.text("/redirectUri")), "{location}");
        (request, location.split_once('?').unwrap().1.to_owned())
    }

    /// Whether the server still takes an access token.
    async fn takes(&self, token: &SecretString) -> bool {
        let (status, body) = browse(self.address("/me").as_str(), Some(token.expose_secret())).await;
        assert!(matches!(status, 200 | 401), "{status} {body}");
        status == 200
    }
}

const SCOPES: [&str; 2] = ["openid", "spark-admin:people_read"];

fn refused(result: Result<Grant, OAuthError>, wanted: &str) {
    match result {
        Err(OAuthError::Refused { code, reason, .. }) => {
            assert_eq!(code.as_deref(), Some(wanted), "{reason}");
        }
        other => panic!("{wanted} expected: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_grants_and_the_tokens_are_renewed_and_given_back() {
    let server = Server::start().await;
    let oauth = server.ours();
    let (request, redirect) = server.consent(&oauth).await;
    assert_eq!(
        request.read_redirect("code=x&state=y").unwrap_err(),
        RedirectError::WrongState
    );
    let code = request.read_redirect(&redirect).unwrap();
    let first = oauth.exchange(&request, &code).await.unwrap();
    assert_eq!(first.expires_in.unwrap().as_secs(), 3600);
    let scope = first.scope.clone().unwrap();
    assert!(
        SCOPES.iter().all(|wanted| scope.iter().any(|own| own == wanted)),
        "{scope:?}"
    );
    assert!(server.takes(&first.access_token).await);

    let old = first.refresh_token.unwrap();
    let second = oauth.refresh(&old).await.unwrap();
    let new = second.refresh_token.clone().expect("the server rotates");
    assert_ne!(new.expose_secret(), old.expose_secret());
    assert!(server.takes(&second.access_token).await);

    let stranger = server.oauth("not the secret");
    refused(stranger.refresh(&new).await, "invalid_client");
    assert!(matches!(
        stranger.revoke(&new, TokenHint::RefreshToken).await,
        Err(OAuthError::Refused { .. })
    ));
    assert!(
        server.takes(&second.access_token).await,
        "a stranger takes nothing back"
    );

    oauth.revoke(&new, TokenHint::RefreshToken).await.unwrap();
    refused(oauth.refresh(&new).await, "invalid_grant");
    assert!(
        !server.takes(&second.access_token).await,
        "its access token went with it"
    );
    // What is gone already is no error.
    oauth.revoke(&new, TokenHint::RefreshToken).await.unwrap();
    oauth
        .revoke(&second.access_token, TokenHint::AccessToken)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_once_and_with_its_verifier_only() {
    let server = Server::start().await;
    let oauth = server.ours();
    let (request, redirect) = server.consent(&oauth).await;
    let code = request.read_redirect(&redirect).unwrap();
    let other = oauth
        .consent_request(server.text("/redirectUri"), &SCOPES, None)
        .unwrap();
    refused(oauth.exchange(&other, &code).await, "invalid_grant");

    let (request, redirect) = server.consent(&oauth).await;
    let code = request.read_redirect(&redirect).unwrap();
    oauth.exchange(&request, &code).await.unwrap();
    refused(oauth.exchange(&request, &code).await, "invalid_grant");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_code_is_pending_until_somebody_answers() {
    let server = Server::start().await;
    let oauth = server.ours();
    let device = oauth.device_start(&SCOPES).await.unwrap();
    assert_eq!(device.expires_in.as_secs(), 300);
    // Pending comes as the RFC has it, with 400; Webex's 428 is the sandbox's.
    assert!(matches!(
        oauth.device_poll(&device.device_code).await.unwrap(),
        DevicePoll::Pending
    ));
    let complete = device.verification_uri_complete.unwrap();
    let ended = server.browse(&complete, "yes").await;
    assert_eq!(ended["status"], 200, "{ended:#}");
    let DevicePoll::Granted(grant) = oauth.device_poll(&device.device_code).await.unwrap() else {
        panic!("not granted: {ended:#}");
    };
    assert!(server.takes(&grant.access_token).await);
    let renewed = oauth.refresh(&grant.refresh_token.unwrap()).await.unwrap();
    oauth
        .revoke(&renewed.access_token, TokenHint::AccessToken)
        .await
        .unwrap();
    assert!(!server.takes(&renewed.access_token).await);

    let device = oauth.device_start(&SCOPES).await.unwrap();
    server
        .browse(&device.verification_uri_complete.unwrap(), "no")
        .await;
    match oauth.device_poll(&device.device_code).await {
        Err(OAuthError::Refused { code, .. }) => assert_eq!(code.as_deref(), Some("access_denied")),
        other => panic!("{other:?}"),
    }
}
