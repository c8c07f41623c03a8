//! A simulated Webex cloud on loopback: real wire format, stateful, deterministic.
//!
//! Purpose: develop, test and rehearse without a Webex organisation. It imports none of Patchbay's other crates and is
//! written from the wire facts and the published contract, so that a wrong field name cannot agree with itself.
//!
//! Invariants: it listens on 127.0.0.1 only; the same seed and the same requests give the same answers (ids included);
//! it says that it is a simulator in every answer's `Server` header and on every page. `docs/sandbox.md` describes seeds,
//! OAuth, sentinels and the fault API.

pub mod fault;

mod access;
mod activation;
mod answer;
mod call;
mod clock;
mod cloud;
mod connection;
mod control;
mod gate;
mod ids;
mod journal;
mod oauth;
mod paging;
mod resources;
mod seed;
mod throttle;
mod views;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::{HeaderMap, Method, Uri, header};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use access::Access;
use call::Call;
use cloud::Cloud;
use connection::{Cut, Lines};
use gate::Shared;
use resources::assignment;

pub use activation::{
    BroadWorksSettings, EnterpriseChange, EnterpriseView, ErrorText, NobodyProvisioned, SubscriberChange,
    SubscriberView, SyncBy, SyncEnding,
};
pub use control::wholesale::WholesaleSubscriberChange;
pub use fault::{Effect, Fault, FaultBody, LinkQuirk, Matcher, When};
pub use journal::JournalEntry;
pub use oauth::tokens::Rotation;
pub use views::{CustomerView, LicenceView, NumberView, PersonView, WholesaleSubscriberView};

/// The `Server` header of every answer.
pub(crate) const SERVER: &str = concat!(
    "webex-sandbox/",
    env!("CARGO_PKG_VERSION"),
    " (simulator; this is not Webex)"
);

/// What the cloud is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seed {
    /// About 2,400 people in six locations.
    #[default]
    Demo,
    /// 50,000 people.
    Large,
    /// About 200 people and every quirk of the reference.
    Awkward,
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Demo => "demo",
            Self::Large => "large",
            Self::Awkward => "awkward",
        })
    }
}

/// A seed name that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownSeed(pub String);

impl fmt::Display for UnknownSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "there is no seed named \"{}\"; choose demo, large or awkward",
            self.0
        )
    }
}

impl std::error::Error for UnknownSeed {}

impl FromStr for Seed {
    type Err = UnknownSeed;

    fn from_str(text: &str) -> Result<Self, UnknownSeed> {
        match text {
            "demo" => Ok(Self::Demo),
            "large" => Ok(Self::Large),
            "awkward" => Ok(Self::Awkward),
            other => Err(UnknownSeed(other.to_owned())),
        }
    }
}

/// How a sandbox is started.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// What it is filled with.
    pub seed: Seed,
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Requests a second; `None` does not throttle.
    pub rate: Option<f64>,
    /// With a rate: hold requests beyond the bucket back and refuse only every so-many-th with 429.
    pub refuse_every: Option<u32>,
    /// Approve authorize and device requests without a person.
    pub auto_consent: bool,
    /// Life of access tokens issued by consent, seconds.
    pub access_token_seconds: u64,
    /// Life of refresh tokens, seconds.
    pub refresh_token_seconds: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            seed: Seed::Demo,
            port: 0,
            rate: None,
            refuse_every: None,
            auto_consent: false,
            access_token_seconds: 1_209_599,
            refresh_token_seconds: 7_775_999,
        }
    }
}

impl Config {
    /// For demonstrations: about ten requests a second, and now and then a 429.
    #[must_use]
    pub fn demo() -> Self {
        Self {
            rate: Some(10.0),
            refuse_every: Some(60),
            ..Self::default()
        }
    }
}

/// A running sandbox. Dropping it without [`Sandbox::stop`] ends it too.
#[derive(Debug)]
pub struct Sandbox {
    shared: Arc<Shared>,
    address: SocketAddr,
    printed: Printed,
    end: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

/// What a client needs to begin.
#[derive(Debug, Clone)]
pub(crate) struct Printed {
    pub access_token: String,
    pub service_app: [String; 3],
}

/// Starts a sandbox and returns once it listens.
///
/// # Errors
/// When the port cannot be bound.
pub async fn start(config: Config) -> io::Result<Sandbox> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
    let address = listener.local_addr()?;
    let (cloud, printed) = seed::plant(&config);
    let shared = Arc::new(Shared::new(cloud, address));
    let router = axum::Router::new()
        .fallback(gate::entry)
        .with_state(Arc::clone(&shared));
    let (end, ended) = oneshot::channel();
    let serving = axum::serve(
        Lines(listener),
        router.into_make_service_with_connect_info::<Cut>(),
    )
    .with_graceful_shutdown(async {
        // A dropped sender ends the server as a message does.
        drop(ended.await);
    });
    let server = tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::error!(%error, "the sandbox stopped serving");
        }
    });
    Ok(Sandbox {
        shared,
        address,
        printed,
        end: Some(end),
        server,
    })
}

impl Sandbox {
    /// Base of the REST API, ending in `/v1`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("{}/v1", self.root_url())
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn root_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Client id of the registered integration.
    #[must_use]
    pub fn client_id(&self) -> String {
        self.with(|c| c.tokens.clients[0].id.clone())
    }

    /// Its secret.
    #[must_use]
    pub fn client_secret(&self) -> String {
        self.with(|c| c.tokens.clients[0].secret.clone())
    }

    /// Its usual redirect URI.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        seed::REDIRECT_URI.to_owned()
    }

    /// A long-lived token of a full administrator with every scope.
    #[must_use]
    pub fn access_token(&self) -> String {
        self.printed.access_token.clone()
    }

    /// The organisation's UUID, as Control Hub shows it.
    #[must_use]
    pub fn organisation_uuid(&self) -> String {
        self.with(|c| c.organisation.uuid.to_string())
    }

    /// What was asked, oldest first.
    #[must_use]
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.with(|c| c.journal.after(0).cloned().collect())
    }

    /// Forgets what was asked; the numbering goes on.
    pub fn clear_journal(&self) {
        self.with(|c| c.journal.clear());
    }

    /// Adds a fault and answers its id.
    pub fn add_fault(&self, fault: Fault) -> u64 {
        self.with(|c| c.faults.add(fault))
    }

    /// Removes every fault but the seed's sentinels; counters no longer lag.
    pub fn clear_faults(&self) {
        self.with(control::clear_faults);
    }

    /// Carries out bodies of `PATCH /v1/licenses/users` as the full administrator, at once and in order: not throttled, not
    /// journalled, no fault applies. How many were accepted. What was refused once is refused again, so a sandbox of the same
    /// seed that is given everything an earlier one was asked ends in the same state.
    pub fn carry_out(&self, bodies: &[impl serde::Serialize]) -> usize {
        let bearer = format!("Bearer {}", self.printed.access_token);
        let mut headers = HeaderMap::new();
        if let Ok(bearer) = bearer.parse() {
            headers.insert(header::AUTHORIZATION, bearer);
        }
        let path = Uri::from_static("/v1/licenses/users");
        let accepted = |body: &_| {
            let body = serde_json::to_vec(body).unwrap_or_default();
            let call = Call::new(Method::PATCH, &path, headers.clone(), body.into(), "");
            self.with(|cloud| {
                let access = Access::of(&call, cloud)?;
                assignment::patch(&call, &access, cloud)
            })
            .is_ok()
        };
        bodies.iter().filter(|body| accepted(body)).count()
    }

    /// Moves the sandbox's clock forward.
    pub fn advance(&self, by: Duration) {
        self.with(|c| c.clock.advance(by));
    }

    /// Kills every access token of the integration, and the refresh tokens too if asked.
    pub fn revoke_tokens(&self, refresh_too: bool) {
        self.with(|c| control::revoke_all(c, refresh_too));
    }

    /// What a refresh answers besides the access token.
    pub fn set_rotation(&self, rotation: Rotation) {
        self.with(|c| c.tokens.rotation = rotation);
    }

    /// Changes the units bought of a licence (id or exact name); false when there is none.
    pub fn set_licence_total(&self, licence: &str, total: u64) -> bool {
        self.with(|c| control::set_total(c, licence, total))
    }

    /// Name of the location that [`Sandbox::sample_csv`] was made for.
    #[must_use]
    pub fn sample_location(&self) -> String {
        self.with(|c| {
            c.locations
                .get(seed::SAMPLE_LOCATION)
                .map(|l| l.name.clone())
                .unwrap_or_default()
        })
    }

    /// A bulk file of 300 rows for the demo seed with planted problems (UTF-8, by user's name).
    #[must_use]
    pub fn sample_csv(&self) -> Vec<u8> {
        self.with(|c| seed::sample::csv(c))
    }

    /// A person by e-mail, UUID or Webex id.
    #[must_use]
    pub fn person(&self, who: &str) -> Option<PersonView> {
        self.with(|c| views::person(c, who))
    }

    /// Everybody, in list order.
    #[must_use]
    pub fn people(&self) -> Vec<PersonView> {
        self.with(|c| views::people(c))
    }

    /// All licences.
    #[must_use]
    pub fn licences(&self) -> Vec<LicenceView> {
        self.with(|c| views::licences(c))
    }

    /// All numbers and extensions.
    #[must_use]
    pub fn numbers(&self) -> Vec<NumberView> {
        self.with(|c| views::numbers(c))
    }

    /// The customers of the wholesale partner, in list order.
    #[must_use]
    pub fn wholesale_customers(&self) -> Vec<CustomerView> {
        self.with(views::wholesale_customers)
    }

    /// Adds customers that are provisioned.
    pub fn add_wholesale_customers(&self, count: usize) {
        self.with(|c| seed::wholesale::add(c, count));
    }

    /// Somebody renames the organisation of a customer; false where there is none.
    pub fn rename_wholesale_customer(&self, id: &str, name: &str) -> bool {
        self.with(|c| {
            let shown = views::wholesale_customers(c);
            let Some(at) = shown.iter().position(|customer| customer.id == id) else {
                return false;
            };
            match &mut c.wholesale.customers[at].organisation {
                Some(organisation) => {
                    organisation.name = Some(name.to_owned());
                    true
                }
                None => false,
            }
        })
    }

    /// How long changes of customers that are accepted from now on take: so much of the sandbox's time, or so many reads.
    pub fn set_wholesale_pace(&self, settle_after: Duration, settle_reads: Option<u32>) {
        self.with(|c| {
            c.wholesale.settle_after = settle_after;
            c.wholesale.settle_reads = settle_reads;
        });
    }

    /// Whether the organisation may use the wholesale API.
    pub fn set_wholesale_entitled(&self, entitled: bool) {
        self.with(|c| c.wholesale.entitled = entitled);
    }

    /// Whether `GET /v1/organizations` lists the customers' organisations as well.
    pub fn set_organisations_listed(&self, listed: bool) {
        self.with(|c| c.wholesale.lists_organisations = listed);
    }

    /// What a client needs to begin, as the command line prints it.
    #[must_use]
    pub fn announcement(&self) -> serde_json::Value {
        let root = self.root_url();
        let base = self.base_url();
        self.with(|c| {
            let client = &c.tokens.clients[0];
            let [application, id, secret] = &self.printed.service_app;
            serde_json::json!({
                "base_url": base,
                "root_url": root,
                "client_id": client.id,
                "client_secret": client.secret,
                "redirect_uri": seed::REDIRECT_URI,
                "access_token": self.printed.access_token,
                "organisation": { "uuid": c.organisation.uuid.to_string(), "id": c.organisation.id, "name": c.organisation.name },
                "admin_email": oauth::authorize::email_of(oauth::authorize::first_admin(c), c),
                "authorize_url": format!("{base}/authorize"),
                "token_url": format!("{base}/access_token"),
                "device_authorize_url": format!("{base}/device/authorize"),
                "device_token_url": format!("{base}/device/token"),
                "verification_url": format!("{root}/verify"),
                "scim_url": format!("{root}/identity/scim/{}/v2", c.organisation.uuid),
                "service_app": { "application_id": application, "client_id": id, "client_secret": secret },
                "fault_url": format!("{root}/_sandbox/faults"),
                "journal_url": format!("{root}/_sandbox/journal"),
                "control_url": format!("{root}/_sandbox"),
                "simulator": true,
            })
        })
    }

    /// Stops listening and breaks what is still connected.
    pub async fn stop(mut self) {
        self.shared.stopped.store(true, Ordering::Release);
        if let Some(end) = self.end.take() {
            // An error means that the server has ended already.
            let _ended_already = end.send(()).is_err();
        }
        if tokio::time::timeout(Duration::from_millis(500), &mut self.server)
            .await
            .is_err()
        {
            self.server.abort();
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Cloud) -> T) -> T {
        self.shared.with(work)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Release);
        self.server.abort();
    }
}

impl Shared {
    fn new(cloud: Cloud, address: SocketAddr) -> Self {
        Self {
            cloud: Mutex::new(cloud),
            stopped: std::sync::atomic::AtomicBool::new(false),
            address,
        }
    }
}
