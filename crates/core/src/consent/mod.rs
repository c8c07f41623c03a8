//! Consent: how an administrator lets Patchbay into an organisation, and the tokens that follow (product O4 to O6).
//!
//! Invariants: nothing is stored unless the organisation that consented is the one that is registered; the client secret
//! and the tokens are sealed and never leave towards the UI; an organisation has at most one attempt at a time; attempts
//! live in memory and end with Patchbay.

mod attempt;
mod authorised_app;
mod callback;
mod clients;
mod connection;
mod gate;
mod grant;
pub mod model;
mod page;
mod refresh;
mod refusal;
mod renewal;
mod revoke;
mod store;
mod token;
mod tokens;
mod turn;

pub use authorised_app::ServiceAppProof;
pub use clients::Clients;
pub use model::*;
pub use renewal::{RenewWhen, Renewal, Unrenewed};
pub use tokens::OrganisationTokens;

use crate::error::{Error, Result};
use crate::events::Topic;
use crate::ids;
use crate::organisations::model::SecretEdit;
use crate::organisations::{Permission, scopes};
use crate::secrets::field::CLIENT_SECRET;
use crate::transactions::{self, Opening, TransactionKind};
use attempt::{Attempt, Way, Work};
use callback::Listener;
use refusal::Refusal;
use secrecy::SecretString;
use std::path::Path;
use std::sync::{Arc, Mutex as SyncMutex, MutexGuard, PoisonError};
use store::Facts;
use tokio::sync::{Mutex, Notify, broadcast, watch};
use webex_client::{Integration, OAuthError};

/// How many attempts that are over can still be asked for.
const REMEMBERED: usize = 32;

/// What an attempt begins with.
#[derive(Debug)]
pub struct Beginning {
    pub organisation: String,
    pub method: ConsentMethod,
    pub client_id: String,
    /// `Keep` uses the sealed one of the last consent of the same client id.
    pub client_secret: SecretEdit,
    /// Port of the one-shot listener, 0 for any that is free; unused for a device code.
    pub port: u16,
    pub who: String,
}

/// The consent attempts of a running Patchbay. Cheap to clone; clones are the same.
#[derive(Debug, Clone)]
pub struct Consent {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    clients: Clients,
    attempts: SyncMutex<Vec<Arc<Attempt>>>,
    /// Held while an attempt takes the place of another.
    turn: Mutex<()>,
    grants: broadcast::Sender<String>,
}

impl Consent {
    /// No attempt yet.
    #[must_use]
    pub fn new(clients: Clients) -> Self {
        let inner = Inner {
            clients,
            attempts: SyncMutex::default(),
            turn: Mutex::default(),
            grants: broadcast::channel(64).0,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Ids of organisations as their consent is granted, so that what follows a consent can be begun.
    pub fn grants(&self) -> broadcast::Receiver<String> {
        self.inner.grants.subscribe()
    }

    /// What will be asked for, in words, before any browser opens.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn permissions(&self, organisation: &str) -> Result<Vec<Permission>> {
        let facts = self.inner.clients.facts(organisation).await?;
        Ok(scopes::permissions(grant::wish(&facts)))
    }

    /// Begins an attempt in place of an older one of the same organisation. For a browser the caller opens the address it
    /// carries; for a device the person enters the code.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field; [`Error::PortBusy`]; a vault that cannot keep the tokens, before anybody is asked
    /// to consent; Webex's answer to the request for a device code.
    pub async fn begin(&self, beginning: Beginning) -> Result<ConsentAttempt> {
        let clients = &self.inner.clients;
        let facts = clients.facts(&beginning.organisation).await?;
        let integration = self
            .integration(&facts, &beginning.client_id, beginning.client_secret)
            .await?;
        clients.vault().ensure().await?;
        let oauth = clients.oauth(&facts, integration.clone()).await?;
        let scopes = scopes::wanted(grant::wish(&facts));

        let mut port = None;
        let (way, state, _turn) = match beginning.method {
            ConsentMethod::Browser => {
                let turn = self.inner.turn.lock().await;
                self.cancel_all(&facts.id).await;
                self.port_is_ours_to_take(beginning.port).await?;
                let listener = Listener::bind(beginning.port).await?;
                port = Some(listener.port());
                let request = oauth
                    .consent_request(&listener.redirect_uri(), &scopes, facts.admin_email.as_deref())
                    .map_err(Error::webex(format!("connect {}", facts.name)))?;
                let state = AttemptState::WaitingForBrowser {
                    authorize_url: request.url.to_string(),
                };
                (Way::Browser { listener, request }, state, turn)
            }
            ConsentMethod::Device => {
                let device = oauth
                    .device_start(&scopes)
                    .await
                    .map_err(|error| self.refused(error, &facts))?;
                let turn = self.inner.turn.lock().await;
                self.cancel_all(&facts.id).await;
                let state = attempt::waiting(&device, clients);
                (Way::Device { device, scopes }, state, turn)
            }
        };
        let transaction = transactions::open(
            clients.db(),
            Arc::clone(clients.core_clock()),
            Opening {
                kind: TransactionKind::Consent,
                title: format!("Consent of {}", facts.name),
                organisation: Some(facts.id.clone()),
                organisation_name: Some(facts.name.clone()),
                who: beginning.who,
                steps: attempt::STEPS.map(str::to_owned).to_vec(),
            },
        )
        .await?;
        let shown = ConsentAttempt {
            id: ids::new_id(),
            organisation: facts.id.clone(),
            method: beginning.method,
            state,
        };
        let attempt = Arc::new(Attempt {
            shown: watch::Sender::new(shown.clone()),
            cancel: Notify::new(),
            port,
        });
        self.remember(Arc::clone(&attempt));
        let work = Work {
            clients: clients.clone(),
            facts,
            integration,
            oauth,
            transaction,
        };
        let grants = self.inner.grants.clone();
        tokio::spawn(async move {
            let organisation = work.facts.id.clone();
            if work.carry_out(&attempt, way).await {
                // An error means that nobody listens, which is fine.
                let _ = grants.send(organisation);
            }
        });
        clients.db().events().publish([Topic::Consent]);
        Ok(shown)
    }

    /// An attempt as it stands.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn attempt(&self, id: &str) -> Result<ConsentAttempt> {
        Ok(self.find(id)?.shown.borrow().clone())
    }

    /// Stops waiting; the port is free when this returns. What has come too far to be stopped goes on.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn cancel(&self, id: &str) -> Result<ConsentAttempt> {
        let attempt = self.find(id)?;
        Ok(cancel(&attempt).await)
    }

    /// Waits until the attempt is over.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn wait(&self, id: &str) -> Result<ConsentAttempt> {
        let mut shown = self.find(id)?.shown.subscribe();
        let over = shown.wait_for(|shown| attempt::is_over(&shown.state)).await;
        over.map(|shown| shown.clone())
            .map_err(|_| Error::Ended { what: "the consent" })
    }

    /// Ends the attempt of an organisation that is about to be deleted. Its client stays until that is done: it may hold
    /// tokens that could not be stored yet.
    pub async fn end_attempt(&self, organisation: &str) {
        self.cancel_all(organisation).await;
    }

    /// Ends what belongs to an organisation that was deleted: its attempt, its client, its lock.
    pub async fn forget(&self, organisation: &str) {
        let clients = &self.inner.clients;
        self.cancel_all(organisation).await;
        clients.forget(organisation).await;
        turn::forget(&clients.folder(), organisation);
    }

    /// Removes the locks of organisations that are gone. Only for a Patchbay that is alone on the folder.
    pub fn sweep(folder: &Path) {
        turn::sweep(folder);
    }

    async fn integration(&self, facts: &Facts, client_id: &str, secret: SecretEdit) -> Result<Integration> {
        let client_id = client_id.trim().to_owned();
        if client_id.is_empty() {
            return Err(Error::invalid(
                "clientId",
                "The client id is empty. Copy it from the integration's page at developer.webex.com.",
            ));
        }
        let enter = |why: &str| {
            Error::invalid(
                "clientSecret",
                format!("{why} Copy the client secret from the integration's page at developer.webex.com."),
            )
        };
        let client_secret = match secret {
            SecretEdit::Set { value } if !value.trim().is_empty() => SecretString::from(value.trim()),
            SecretEdit::Set { .. } | SecretEdit::Clear => {
                return Err(enter(
                    "The client secret is empty; Webex asks for one even with PKCE.",
                ));
            }
            SecretEdit::Keep if facts.client_id.as_deref() != Some(client_id.as_str()) => {
                return Err(enter("No client secret is stored for this client id."));
            }
            SecretEdit::Keep => self
                .inner
                .clients
                .vault()
                .read(&facts.id, CLIENT_SECRET)
                .await?
                .ok_or_else(|| enter("No client secret is stored for this client id."))?,
        };
        Ok(Integration {
            client_id,
            client_secret,
        })
    }

    fn refused(&self, error: OAuthError, facts: &Facts) -> Error {
        into_error(Refusal::from_oauth(error, &facts.name), facts)
    }

    /// An attempt of another organisation may listen there: then it is no other program that has to be looked for.
    async fn port_is_ours_to_take(&self, port: u16) -> Result<()> {
        let there = self
            .attempts()
            .iter()
            .find(|attempt| attempt.port == Some(port) && !attempt.is_over())
            .cloned();
        let Some(there) = there else { return Ok(()) };
        let organisation = there.shown.borrow().organisation.clone();
        let name = self
            .inner
            .clients
            .facts(&organisation)
            .await
            .map_or(organisation, |facts| facts.name);
        Err(Error::conflict(format!(
            "The consent of {name} is still waiting in the browser on port {port}. Finish or cancel it first, or connect with \
             a device code."
        )))
    }

    async fn cancel_all(&self, organisation: &str) {
        let running: Vec<Arc<Attempt>> = self
            .attempts()
            .iter()
            .filter(|attempt| !attempt.is_over() && attempt.shown.borrow().organisation == organisation)
            .cloned()
            .collect();
        for attempt in running {
            cancel(&attempt).await;
        }
    }

    fn remember(&self, attempt: Arc<Attempt>) {
        let mut attempts = self.attempts();
        attempts.push(attempt);
        while attempts.len() > REMEMBERED {
            let Some(oldest) = attempts.iter().position(|attempt| attempt.is_over()) else {
                break;
            };
            attempts.remove(oldest);
        }
    }

    fn find(&self, id: &str) -> Result<Arc<Attempt>> {
        let attempts = self.attempts();
        let found = attempts
            .iter()
            .find(|attempt| attempt.shown.borrow().id == id)
            .cloned();
        found.ok_or_else(|| Error::NotFound {
            what: "consent attempt",
            id: id.to_owned(),
        })
    }

    fn attempts(&self) -> MutexGuard<'_, Vec<Arc<Attempt>>> {
        self.inner.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn cancel(attempt: &Attempt) -> ConsentAttempt {
    let mut shown = attempt.shown.subscribe();
    if attempt::is_waiting(&shown.borrow().state) {
        attempt.cancel.notify_one();
    }
    let left = shown.wait_for(|shown| !attempt::is_waiting(&shown.state)).await;
    left.map_or_else(|_| attempt.shown.borrow().clone(), |shown| shown.clone())
}

/// The refusal as an error of a command, where there is no attempt to carry it.
fn into_error(refusal: Refusal, facts: &Facts) -> Error {
    match refusal {
        Refusal::Core(error) => error,
        refusal => {
            let failure = refusal.failure();
            match failure.field.as_deref() {
                Some("clientSecret") => Error::invalid("clientSecret", failure.message),
                _ => {
                    tracing::warn!(organisation = %facts.id, error = &refusal as &dyn std::error::Error, "no consent");
                    Error::conflict(failure.message)
                }
            }
        }
    }
}
