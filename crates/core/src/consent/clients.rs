//! Clients of Webex, one for each organisation: addresses, proxies, tokens and the one gate all its requests pass.
//!
//! Invariants: there is one gate for an organisation in a process, whatever else of its client is built anew; an organisation
//! whose proxy cannot be read is not reached without it.

use super::gate;
use super::store::{self, Facts};
use super::tokens::OrganisationTokens;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::ids;
use crate::organisations::model::Environment;
use crate::secrets::Vault;
use crate::secrets::field::{HTTP_PROXY, HTTPS_PROXY};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;
use webex_client::{
    Endpoints, Gate, Integration, OAuth, Probe, ProxyUrl, TokenSource, Transport, TransportConfig, Webex,
};

/// So many set-ups are kept to be shared; an organisation whose one is pushed out keeps it.
const MOST_TRANSPORTS: usize = 64;
/// The clients of a running Patchbay. Cheap to clone; clones are the same.
#[derive(Clone)]
pub struct Clients {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    vault: Vault,
    clock: Arc<dyn Clock>,
    demo_base: SyncMutex<Option<String>>,
    built: Mutex<Built>,
    /// Set-ups that several organisations share.
    transports: Mutex<Vec<Shared>>,
}

/// A transport and what it was made of. The platform's certificates would cost each organisation time and memory.
struct Shared {
    config: TransportConfig,
    loopback: bool,
    transport: Transport,
}

#[derive(Default)]
struct Built {
    clients: HashMap<String, Client>,
    gates: HashMap<String, Arc<Gate>>,
}

#[derive(Clone)]
struct Client {
    webex: Webex,
    tokens: Arc<OrganisationTokens>,
    way: Way,
}

/// How an organisation is reached. A client is built anew when it changes.
#[derive(Clone, PartialEq)]
struct Way {
    endpoints: Endpoints,
    http_proxy: Option<ProxyUrl>,
    https_proxy: Option<ProxyUrl>,
    ca_pem: Option<String>,
}

impl Way {
    fn transport(&self) -> TransportConfig {
        TransportConfig {
            http_proxy: self.http_proxy.clone(),
            https_proxy: self.https_proxy.clone(),
            extra_ca_pem: self.ca_pem.clone().map(String::into_bytes),
            ..TransportConfig::default()
        }
    }
}

impl std::fmt::Debug for Clients {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clients").finish_non_exhaustive()
    }
}

impl Clients {
    /// Clients for the organisations of `db`; none is built yet.
    pub fn new(db: Db, vault: Vault, clock: Arc<dyn Clock>) -> Self {
        let inner = Inner {
            db,
            vault,
            clock,
            demo_base: SyncMutex::default(),
            built: Mutex::default(),
            transports: Mutex::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Where the built-in demo organisation listens now, ending in `/v1`; None when it was stopped.
    pub fn set_demo_base(&self, base_url: Option<String>) {
        *self
            .inner
            .demo_base
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = base_url;
    }

    /// The client of an organisation, for bulk work; see [`Webex::with_priority`].
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::ConsentNeeded`] where nobody has consented or Webex took the consent back; a vault
    /// that is locked; a proxy that is not stored any more.
    pub async fn webex_for(&self, organisation: &str) -> Result<Webex> {
        let facts = self.facts(organisation).await?;
        match facts.state.as_str() {
            "granted" => {}
            "none" => {
                let reason = "Nobody has consented yet.".to_owned();
                return Err(Error::ConsentNeeded {
                    organisation: facts.name,
                    reason,
                });
            }
            _ => {
                let reason = sentence(facts.reason.as_deref().unwrap_or("Webex took the consent back"));
                return Err(Error::ConsentNeeded {
                    organisation: facts.name,
                    reason,
                });
            }
        }
        let client = self.built(&facts).await?;
        client.tokens.check().await?;
        Ok(client.webex)
    }

    /// The gate of an organisation, to show its holds.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the database cannot be read.
    pub async fn gate(&self, organisation: &str) -> Result<Arc<Gate>> {
        let facts = self.facts(organisation).await?;
        let mut built = self.inner.built.lock().await;
        self.gate_of(&mut built, &facts).await
    }

    /// Drops the client of an organisation that was connected anew or deleted; its gate stays. Not for one that was edited:
    /// its client follows by itself, and may hold tokens that could not be stored yet.
    pub async fn forget(&self, organisation: &str) {
        self.inner.built.lock().await.clients.remove(organisation);
    }

    /// Whether the built-in demo organisation listens.
    pub fn demo_runs(&self) -> bool {
        self.inner
            .demo_base
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
    }

    pub(super) async fn tokens_of(&self, facts: &Facts) -> Result<Arc<OrganisationTokens>> {
        Ok(self.built(facts).await?.tokens)
    }

    /// Token calls of an organisation on behalf of `integration`.
    pub(super) async fn oauth(&self, facts: &Facts, integration: Integration) -> Result<OAuth> {
        let way = self.way(facts).await?;
        let gate = {
            let mut built = self.inner.built.lock().await;
            self.gate_of(&mut built, facts).await?
        };
        let transport = self.transport(&way, facts).await?;
        Ok(OAuth::over(
            way.endpoints,
            transport,
            integration,
            gate,
            self.clock(),
            Arc::new(TrackingIds),
        ))
    }

    /// The transport of a way, shared by all organisations that go the same one.
    async fn transport(&self, way: &Way, facts: &Facts) -> Result<Transport> {
        let (config, loopback) = (way.transport(), way.endpoints.is_loopback());
        let mut transports = self.inner.transports.lock().await;
        let there = transports
            .iter()
            .find(|shared| shared.loopback == loopback && shared.config == config);
        if let Some(shared) = there {
            return Ok(shared.transport.clone());
        }
        let (endpoints, of) = (way.endpoints.clone(), config.clone());
        let transport = blocking(move || Transport::new(&of, &endpoints))
            .await?
            .map_err(Error::webex(format!("reach Webex for {}", facts.name)))?;
        // Proxies that were changed leave theirs behind.
        if transports.len() >= MOST_TRANSPORTS {
            transports.remove(0);
        }
        transports.push(Shared {
            config,
            loopback,
            transport: transport.clone(),
        });
        Ok(transport)
    }

    /// A client that sends the tokens of `source`, through the organisation's gate and proxies.
    pub(super) async fn webex_with(&self, facts: &Facts, source: Arc<dyn TokenSource>) -> Result<Webex> {
        let way = self.way(facts).await?;
        let mut built = self.inner.built.lock().await;
        self.build(&mut built, facts, way, source).await
    }

    /// The way of an organisation, to be tried step by step.
    pub(super) async fn probe(&self, facts: &Facts, limit: Duration) -> Result<Probe> {
        let way = self.way(facts).await?;
        blocking(move || Probe::new(&way.transport(), &way.endpoints, limit))
            .await?
            .map_err(Error::webex(format!("reach Webex for {}", facts.name)))
    }

    pub(super) async fn facts(&self, organisation: &str) -> Result<Facts> {
        let mut connection = self.inner.db.read().acquire().await?;
        store::facts(&mut connection, organisation)
            .await?
            .ok_or_else(|| Error::NotFound {
                what: "organisation",
                id: organisation.to_owned(),
            })
    }

    pub(super) fn db(&self) -> &Db {
        &self.inner.db
    }

    pub(super) fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    pub(super) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(super) fn core_clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// The folder of the database.
    pub(super) fn folder(&self) -> PathBuf {
        self.inner
            .db
            .path()
            .parent()
            .map(PathBuf::from)
            .unwrap_or_default()
    }

    async fn built(&self, facts: &Facts) -> Result<Client> {
        let way = self.way(facts).await?;
        let mut built = self.inner.built.lock().await;
        let before = built.clients.get(&facts.id).cloned();
        if let Some(client) = before.as_ref().filter(|client| client.way == way) {
            return Ok(client.clone());
        }
        let tokens = match before {
            Some(client) => client.tokens,
            // The tokens do not own the clients that own them.
            None => Arc::new(OrganisationTokens::new(self.weak(), facts.id.clone())),
        };
        let webex = self.build(&mut built, facts, way.clone(), tokens.clone()).await?;
        let client = Client { webex, tokens, way };
        built.clients.insert(facts.id.clone(), client.clone());
        Ok(client)
    }

    async fn build(
        &self,
        built: &mut Built,
        facts: &Facts,
        way: Way,
        source: Arc<dyn TokenSource>,
    ) -> Result<Webex> {
        let gate = self.gate_of(built, facts).await?;
        let transport = self.transport(&way, facts).await?;
        Ok(Webex::over(
            way.endpoints,
            transport,
            source,
            gate,
            self.clock(),
            Arc::new(TrackingIds),
        ))
    }

    fn endpoints(&self, facts: &Facts) -> Result<Endpoints> {
        let base = match &facts.environment {
            Environment::Commercial => return Ok(Endpoints::commercial()),
            Environment::Government => return Ok(Endpoints::government()),
            Environment::Custom { base_url } => base_url.clone(),
            Environment::Demo => self
                .inner
                .demo_base
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
                .ok_or_else(|| Error::conflict("The demo organisation is not running. Open it first."))?,
        };
        Endpoints::custom(&base).map_err(|error| {
            Error::conflict(format!("{} cannot be reached: {error}. Correct it.", facts.name))
        })
    }

    async fn way(&self, facts: &Facts) -> Result<Way> {
        Ok(Way {
            endpoints: self.endpoints(facts)?,
            http_proxy: self.proxy(facts, HTTP_PROXY, facts.http_proxy).await?,
            https_proxy: self.proxy(facts, HTTPS_PROXY, facts.https_proxy).await?,
            ca_pem: facts.ca_pem.clone(),
        })
    }

    async fn proxy(&self, facts: &Facts, field: &str, entered: bool) -> Result<Option<ProxyUrl>> {
        if !entered {
            return Ok(None);
        }
        let gone = || {
            Error::conflict(format!(
                "The proxy of {} is not stored on this computer any more, and Webex is not called without it. Enter it \
                 again, or remove it.",
                facts.name
            ))
        };
        let whole = self.inner.vault.read(&facts.id, field).await?.ok_or_else(gone)?;
        ProxyUrl::parse(whole.expose_secret())
            .map(Some)
            .map_err(|_| gone())
    }

    fn clock(&self) -> Arc<WebexClock> {
        Arc::new(WebexClock(Arc::clone(&self.inner.clock)))
    }

    fn weak(&self) -> WeakClients {
        WeakClients {
            inner: Arc::downgrade(&self.inner),
        }
    }

    async fn gate_of(&self, built: &mut Built, facts: &Facts) -> Result<Arc<Gate>> {
        if let Some(gate) = built.gates.get(&facts.id) {
            return Ok(Arc::clone(gate));
        }
        let gate = gate::restored(self.inner.db.clone(), &facts.id, self.clock()).await?;
        built.gates.insert(facts.id.clone(), Arc::clone(&gate));
        Ok(gate)
    }
}

/// [`Clients`] as their own tokens refer to them.
#[derive(Clone)]
pub(super) struct WeakClients {
    inner: std::sync::Weak<Inner>,
}

impl WeakClients {
    /// None when Patchbay is ending.
    pub(super) fn get(&self) -> Option<Clients> {
        Some(Clients {
            inner: self.inner.upgrade()?,
        })
    }
}

/// Sets up a client away from the threads that serve requests: the platform's certificates are read from disk.
async fn blocking<T: Send + 'static>(set_up: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(set_up)
        .await
        .map_err(|_| Error::Ended {
            what: "the set-up of the connection",
        })
}

/// Ends in a full stop, so that another sentence can follow.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

#[derive(Debug)]
struct WebexClock(Arc<dyn Clock>);

impl webex_client::Clock for WebexClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

#[derive(Debug)]
struct TrackingIds;

impl webex_client::Ids for TrackingIds {
    fn uuid(&self) -> uuid::Uuid {
        // Ids of ours are UUIDs.
        uuid::Uuid::try_parse(&ids::new_id()).unwrap_or_default()
    }
}
