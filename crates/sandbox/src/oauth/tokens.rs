//! Tokens, authorization codes and device requests.
//!
//! Invariants: a code is good once; an access token belongs to a grant and dies with it; every expiry is compared with the
//! sandbox's clock. Reference: section 2.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use rand::rngs::StdRng;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What kind of grant a token came from, as the journal names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantKind {
    /// The token printed at the start.
    Admin,
    /// Authorization code.
    Integration,
    /// Device grant.
    Device,
    /// Service app.
    ServiceApp,
}

impl GrantKind {
    /// Text for the journal.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Integration => "integration",
            Self::Device => "device",
            Self::ServiceApp => "service_app",
        }
    }
}

/// What a refresh answers besides the access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// The same refresh token with its remaining life.
    #[default]
    Same,
    /// The same refresh token, its life starting again.
    Renewed,
    /// A new refresh token; the old one dies.
    New,
    /// No refresh token in the answer.
    Absent,
}

/// An OAuth client.
#[derive(Debug, Clone)]
pub struct Client {
    /// Client id.
    pub id: String,
    /// Client secret.
    pub secret: String,
    /// Name shown on the consent page.
    pub name: String,
    /// Application id (Webex id).
    pub application: String,
    /// A service app: no consent page.
    pub service_app: bool,
}

/// Consent of a person for a client.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Id of the authorization.
    pub uuid: Uuid,
    /// Client.
    pub client: usize,
    /// Person.
    pub person: usize,
    /// Scopes granted.
    pub scopes: BTreeSet<String>,
    /// Kind.
    pub kind: GrantKind,
    /// Refresh token and the sandbox time at which it dies.
    pub refresh: Option<(String, Duration)>,
    /// Creation time, RFC 3339.
    pub created: String,
}

/// An authorization code waiting for its exchange.
#[derive(Debug, Clone)]
pub struct Code {
    /// Client.
    pub client: usize,
    /// Person.
    pub person: usize,
    /// Scopes.
    pub scopes: BTreeSet<String>,
    /// Redirect URI of the authorize request.
    pub redirect_uri: String,
    /// Challenge and whether it is S256 (else plain).
    pub challenge: Option<(String, bool)>,
    /// Sandbox time at which it dies.
    pub expires: Duration,
}

/// What became of a device request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceState {
    /// Nobody has answered yet.
    Pending,
    /// This person allowed it.
    Allowed(usize),
    /// Refused.
    Denied,
}

/// A device request.
#[derive(Debug, Clone)]
pub struct DeviceRequest {
    /// What the device holds.
    pub device_code: String,
    /// Six digits for the person.
    pub user_code: String,
    /// Client.
    pub client: usize,
    /// Scopes.
    pub scopes: BTreeSet<String>,
    /// State.
    pub state: DeviceState,
    /// Sandbox time at which it dies.
    pub expires: Duration,
    /// Last poll, to answer `slow_down`.
    pub polled: Option<Duration>,
}

/// Everything OAuth.
#[derive(Debug, Default)]
pub struct Tokens {
    /// Clients; the first is the integration, the second the service app.
    pub clients: Vec<Client>,
    /// Registered redirect URIs of the integration.
    pub redirect_uris: BTreeSet<String>,
    /// Life of an access token, seconds.
    pub access_seconds: u64,
    /// Life of a refresh token, seconds.
    pub refresh_seconds: u64,
    /// What a refresh answers.
    pub rotation: Rotation,
    /// `scope` is left out of token answers.
    pub omit_scope: bool,
    /// A refusal of a grant comes in shape A instead of G.
    pub refuse_in_shape_a: bool,
    /// Allow without a person.
    pub auto_consent: bool,
    /// A service app that no full admin has authorised.
    pub service_app_unauthorised: bool,
    /// Consents in force.
    pub grants: HashMap<Uuid, Grant>,
    /// Access token → (grant, sandbox time at which it dies).
    pub access: HashMap<String, (Uuid, Duration)>,
    /// Refresh token → grant.
    pub refresh: HashMap<String, Uuid>,
    /// Codes.
    pub codes: HashMap<String, Code>,
    /// Device requests.
    pub devices: Vec<DeviceRequest>,
}

impl Tokens {
    /// The grant of a living access token.
    #[must_use]
    pub fn presented(&self, token: &str, now: Duration) -> Option<&Grant> {
        let (grant, expires) = self.access.get(token)?;
        if now >= *expires {
            return None;
        }
        self.grants.get(grant)
    }

    /// Position of a client.
    #[must_use]
    pub fn client(&self, id: &str) -> Option<usize> {
        self.clients.iter().position(|c| c.id == id)
    }

    /// Adds a grant with a refresh token and answers its id.
    pub fn consent(&mut self, rng: &mut StdRng, organisation: Uuid, now: Duration, grant: Grant) -> Uuid {
        let uuid = grant.uuid;
        let refresh = token_text(rng, organisation);
        self.refresh.insert(refresh.clone(), uuid);
        self.grants.insert(
            uuid,
            Grant {
                refresh: Some((refresh, now + Duration::from_secs(self.refresh_seconds))),
                ..grant
            },
        );
        uuid
    }

    /// Issues an access token.
    pub fn issue(
        &mut self,
        rng: &mut StdRng,
        organisation: Uuid,
        now: Duration,
        grant: Uuid,
        seconds: u64,
    ) -> String {
        let token = token_text(rng, organisation);
        self.access
            .insert(token.clone(), (grant, now + Duration::from_secs(seconds)));
        token
    }

    /// Ends a grant with all its tokens; false when there is none.
    pub fn end(&mut self, grant: Uuid) -> bool {
        self.access.retain(|_, (g, _)| *g != grant);
        self.refresh.retain(|_, g| *g != grant);
        self.grants.remove(&grant).is_some()
    }

    /// Ends all grants of a person, as a change of that person's roles does.
    pub fn end_all_of(&mut self, person: usize) {
        let theirs: Vec<Uuid> = self
            .grants
            .values()
            .filter(|g| g.person == person)
            .map(|g| g.uuid)
            .collect();
        for grant in theirs {
            self.end(grant);
        }
    }
}

/// A token as Webex writes them: 64 characters, cluster, organisation.
fn token_text(rng: &mut StdRng, organisation: Uuid) -> String {
    let bytes: [u8; 48] = std::array::from_fn(|_| rng.random());
    format!("{}_PF84_{organisation}", URL_SAFE_NO_PAD.encode(bytes))
}

/// A one-shot code.
pub fn code_text(rng: &mut StdRng) -> String {
    let bytes: [u8; 32] = std::array::from_fn(|_| rng.random());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether a PKCE verifier answers its challenge (RFC 7636).
#[must_use]
pub fn verifies(verifier: &str, challenge: &str, s256: bool) -> bool {
    let formed = (43..=128).contains(&verifier.len())
        && verifier
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
    if !formed {
        return false;
    }
    if s256 {
        URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == challenge
    } else {
        verifier == challenge
    }
}
