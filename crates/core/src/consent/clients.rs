//! Clients of Webex, one for each organisation: addresses, proxies, tokens and the one gate all its requests pass.
//!
//! Invariants: there is one gate for an organisation in a process, whatever else of its client is built anew; a hold and
//! the learnt rate are kept over a restart, a new hold as soon as it is imposed; an organisation whose proxy cannot be read
//! is not reached without it.

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
use tokio::sync::{Mutex, watch};
use webex_client::{
    Endpoints, Gate, GateConfig, GateState, Integration, OAuth, ProxyUrl, TokenSource, TransportConfig, Webex,
};

/// How long a learnt rate may stay unwritten.
const RATE_DEBOUNCE: Duration = Duration::from_secs(5);

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
}

impl Way {
    fn transport(&self) -> TransportConfig {
        TransportConfig {
            http_proxy: self.http_proxy.clone(),
            https_proxy: self.https_proxy.clone(),
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

    /// Drops the client of an organisation that was connected anew or deleted; its gate stays.
    pub async fn forget(&self, organisation: &str) {
        self.inner.built.lock().await.clients.remove(organisation);
    }

    /// Renews what is due (product O6: every seven days and before expiry). Call it at start, after sleep and from time to
    /// time. What could not be renewed now is tried again the next time; what Webex refused is noted in the organisation.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn refresh_due(&self) -> Result<()> {
        for organisation in store::granted_organisations(&self.inner.db).await? {
            let client = async { self.built(&self.facts(&organisation).await?).await };
            let client: Client = match client.await {
                Ok(client) => client,
                Err(error) => {
                    tracing::warn!(%organisation, %error, "the tokens cannot be renewed");
                    continue;
                }
            };
            if let Err(error) = client.tokens.access_token().await {
                tracing::warn!(%organisation, %error, "the tokens were not renewed");
            }
        }
        Ok(())
    }

    /// Token calls of an organisation on behalf of `integration`.
    pub(super) async fn oauth(&self, facts: &Facts, integration: Integration) -> Result<OAuth> {
        let way = self.way(facts).await?;
        let gate = {
            let mut built = self.inner.built.lock().await;
            self.gate_of(&mut built, facts).await?
        };
        let clock = self.clock();
        let set_up = move || {
            OAuth::new(
                way.endpoints.clone(),
                way.transport(),
                integration,
                gate,
                clock,
                Arc::new(TrackingIds),
            )
        };
        blocking(set_up)
            .await?
            .map_err(Error::webex(format!("reach Webex for {}", facts.name)))
    }

    /// A client that sends the tokens of `source`, through the organisation's gate and proxies.
    pub(super) async fn webex_with(&self, facts: &Facts, source: Arc<dyn TokenSource>) -> Result<Webex> {
        let way = self.way(facts).await?;
        let mut built = self.inner.built.lock().await;
        self.build(&mut built, facts, way, source).await
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
        let clock = self.clock();
        let set_up = move || {
            Webex::new(
                way.endpoints.clone(),
                way.transport(),
                source,
                gate,
                clock,
                Arc::new(TrackingIds),
            )
        };
        blocking(set_up)
            .await?
            .map_err(Error::webex(format!("reach Webex for {}", facts.name)))
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
        let mut connection = self.inner.db.read().acquire().await?;
        let (held_until, learned_rate) = store::gate(&mut connection, &facts.id).await?;
        drop(connection);
        let gate = Gate::new(GateConfig::new(self.clock()));
        if held_until.is_some() || learned_rate.is_some() {
            gate.restore(held_until.unwrap_or_else(|| self.now()), learned_rate);
        }
        let kept = Kept {
            held_until,
            learned_rate,
        };
        tokio::spawn(keep(
            self.inner.db.clone(),
            facts.id.clone(),
            gate.subscribe(),
            kept,
        ));
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

/// What lies in the database of a gate.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Kept {
    held_until: Option<Timestamp>,
    learned_rate: Option<f64>,
}

impl Kept {
    fn of(state: &GateState) -> Self {
        Self {
            // A hold that was passed is not taken back: restoring it later does nothing.
            held_until: state.last_hold.as_ref().map(|hold| hold.until),
            learned_rate: state.learned_rate,
        }
    }

    /// Whether the learnt rates differ by more than wavering.
    fn rate_moved(&self, other: &Self) -> bool {
        match (self.learned_rate, other.learned_rate) {
            (Some(one), Some(other)) => (one - other).abs() > one.abs() * 0.05,
            (one, other) => one.is_some() != other.is_some(),
        }
    }
}

/// Writes a gate's state: a new hold at once, a learnt rate when it has settled. Ends with the gate.
async fn keep(db: Db, organisation: String, mut state: watch::Receiver<GateState>, mut kept: Kept) {
    loop {
        let now = Kept::of(&state.borrow_and_update());
        let new_hold = now.held_until.is_some() && now.held_until != kept.held_until;
        if !new_hold && !now.rate_moved(&kept) {
            if state.changed().await.is_err() {
                return;
            }
            continue;
        }
        if !new_hold {
            let settled = tokio::time::sleep(RATE_DEBOUNCE);
            tokio::pin!(settled);
            loop {
                tokio::select! {
                    () = &mut settled => break,
                    changed = state.changed() => {
                        let hold = Kept::of(&state.borrow_and_update()).held_until;
                        if changed.is_err() || hold != now.held_until {
                            break;
                        }
                    }
                }
            }
        }
        let latest = Kept::of(&state.borrow_and_update());
        let written = async {
            let mut write = db.write().await?;
            store::put_gate(
                write.connection(),
                &organisation,
                latest.held_until,
                latest.learned_rate,
            )
            .await?;
            write.commit().await
        };
        if let Err(error) = written.await {
            tracing::warn!(%organisation, %error, "the state of the rate gate could not be kept");
        }
        // Also after a failure, so that a full disk is not written to without end.
        kept = latest;
        if state.has_changed().is_err() {
            return;
        }
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
