//! The access token of an organisation, kept fresh (product O6; webex-api reference, section 2.2).
//!
//! Invariants: one refresh at a time, in this process and among processes on one data folder, and after the wait for
//! one's turn what is stored is read again; what a refresh brings is durable before it is used; both expiries follow the
//! latest answer; a refresh that has begun is carried to its end even if nobody waits for it any more, because the refresh
//! token may have been replaced. After a refusal nothing is asked of Webex until somebody has consented again.

use super::clients::{Clients, WeakClients, sentence};
use super::store::{self, Facts, Lives};
use super::token::Token;
use super::turn::lock_among_processes;
use crate::error::{Error, Result};
use crate::events::Topic;
use crate::secrets::field::{ACCESS_TOKEN, CLIENT_SECRET, REFRESH_TOKEN};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use tokio::sync::Mutex;
use webex_client::{ErrorKind, Grant, Integration, OAuthError, TokenError, TokenSource};

/// After a renewal that was due but not urgent failed, the token at hand serves this long before the next attempt.
const RENEWAL_PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// The tokens of one organisation.
pub struct OrganisationTokens {
    shared: Arc<Shared>,
}

struct Shared {
    clients: WeakClients,
    organisation: String,
    current: SyncMutex<Option<Token>>,
    /// No renewal before this, unless the token has ended.
    renewal_pause: SyncMutex<Option<Timestamp>>,
    /// What a refresh brought and could not be stored yet. Its lock is the turn of this process.
    flight: Mutex<Option<Rotated>>,
}

/// What a refresh brought.
#[derive(Clone)]
struct Rotated {
    /// The refresh token it was had for.
    used: SecretString,
    access_token: SecretString,
    /// None where the old one stays.
    refresh_token: Option<SecretString>,
    lives: Lives,
    scopes: Option<Vec<String>>,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("consent is needed: {0}")]
    Needed(String),
    /// Webex could not be asked; the consent may be good.
    #[error(transparent)]
    Webex(webex_client::Error),
    /// This side: the vault is locked, the disk is full, a proxy is gone.
    #[error(transparent)]
    Here(#[from] Error),
}

impl From<crate::db::Error> for Trouble {
    fn from(error: crate::db::Error) -> Self {
        Self::Here(error.into())
    }
}

impl From<Trouble> for TokenError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Needed(reason) => Self::ConsentNeeded { reason },
            Trouble::Webex(error) => Self::Unavailable(Box::new(error)),
            Trouble::Here(Error::ConsentNeeded { reason, .. }) => Self::ConsentNeeded { reason },
            Trouble::Here(error) => {
                tracing::warn!(%error, "an access token could not be had on this side");
                let told =
                    webex_client::Error::new(ErrorKind::Config, error.failure().message).with_source(error);
                Self::Unavailable(Box::new(told))
            }
        }
    }
}

impl OrganisationTokens {
    pub(super) fn new(clients: WeakClients, organisation: String) -> Self {
        let shared = Shared {
            clients,
            organisation,
            current: SyncMutex::default(),
            renewal_pause: SyncMutex::default(),
            flight: Mutex::default(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Whether there is a token to begin with.
    ///
    /// # Errors
    /// [`Error::ConsentNeeded`] where none is stored; a locked vault.
    pub(super) async fn check(&self) -> Result<()> {
        let clients = self.shared.clients()?;
        if self.shared.current(&clients).await?.is_some() {
            return Ok(());
        }
        let held = clients.vault().held().await?;
        if held
            .get(&self.shared.organisation)
            .is_some_and(|fields| fields.contains(REFRESH_TOKEN))
        {
            return Ok(());
        }
        let facts = clients.facts(&self.shared.organisation).await?;
        Err(Error::ConsentNeeded {
            organisation: facts.name,
            reason: sentence(NOT_STORED),
        })
    }
}

const NOT_STORED: &str = "its tokens are not stored on this computer any more";

impl TokenSource for OrganisationTokens {
    fn access_token(&self) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        async move {
            let clients = self.shared.clients().map_err(Trouble::from)?;
            let now = clients.now();
            let current = self.shared.current(&clients).await.map_err(Trouble::from)?;
            match current {
                Some(token) if !token.is_due(now) => Ok(token.text),
                Some(token) if !token.is_expired(now) && self.shared.renewal_pauses(now) => Ok(token.text),
                Some(token) if !token.is_expired(now) => {
                    match Shared::renew(&self.shared, Some(token.text.clone())).await {
                        // The present one serves until Webex can be reached again.
                        Err(Trouble::Webex(error)) => {
                            tracing::info!(%error, "the token is due and could not be renewed yet");
                            self.shared.pause_renewal(now);
                            Ok(token.text)
                        }
                        other => Ok(other?),
                    }
                }
                expired => Ok(Shared::renew(&self.shared, expired.map(|token| token.text)).await?),
            }
        }
        .boxed()
    }

    fn refresh_after_401<'a>(
        &'a self,
        dead: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, TokenError>> {
        async move { Ok(Shared::renew(&self.shared, Some(dead.clone())).await?) }.boxed()
    }
}

impl Shared {
    fn clients(&self) -> Result<Clients> {
        self.clients.get().ok_or(Error::Ended { what: "Patchbay" })
    }

    /// The token at hand, read from the vault the first time.
    async fn current(&self, clients: &Clients) -> Result<Option<Token>> {
        if let Some(token) = self.at_hand().clone() {
            return Ok(Some(token));
        }
        let stored = self
            .stored(clients, &clients.facts(&self.organisation).await?)
            .await?;
        if let Some(token) = &stored {
            self.at_hand().get_or_insert_with(|| token.clone());
        }
        Ok(stored)
    }

    fn at_hand(&self) -> std::sync::MutexGuard<'_, Option<Token>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn renewal_pauses(&self, now: Timestamp) -> bool {
        self.renewal_pause
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some_and(|until| now < until)
    }

    fn pause_renewal(&self, now: Timestamp) {
        *self.renewal_pause.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(now.saturating_add(RENEWAL_PAUSE).unwrap_or(now));
    }

    async fn stored(&self, clients: &Clients, facts: &Facts) -> Result<Option<Token>> {
        let text = clients.vault().read(&self.organisation, ACCESS_TOKEN).await?;
        Ok(text.map(|text| Token {
            text,
            expires_at: facts.access_token_expires_at,
            received_at: facts.refreshed_at,
        }))
    }

    /// A token other than `unwanted`, in a task of its own so that leaving does not lose what Webex has replaced.
    async fn renew(shared: &Arc<Self>, unwanted: Option<SecretString>) -> Result<SecretString, Trouble> {
        let task = Arc::clone(shared);
        tokio::spawn(async move { task.renew_in_turn(unwanted).await })
            .await
            .map_err(|_| Error::Ended {
                what: "the renewal of the tokens",
            })?
    }

    async fn renew_in_turn(&self, unwanted: Option<SecretString>) -> Result<SecretString, Trouble> {
        let clients = self.clients()?;
        let mut flight = self.flight.lock().await;
        let _turn = lock_among_processes(&clients.folder(), &self.organisation).await?;
        if let Some(rotated) = flight.clone()
            && self.belongs_to_what_is_stored(&clients, &rotated).await?
        {
            let token = self.keep(&clients, &rotated).await?;
            *flight = None;
            if unwanted
                .as_ref()
                .is_none_or(|unwanted| !same(unwanted, &token.text))
            {
                return Ok(token.text);
            }
        }
        *flight = None;
        let facts = clients.facts(&self.organisation).await?;
        let stored = self.stored(&clients, &facts).await?;
        if let Some(token) = stored {
            let other = unwanted
                .as_ref()
                .is_none_or(|unwanted| !same(unwanted, &token.text));
            if other && !token.is_expired(clients.now()) {
                // Somebody else was here first.
                *self.at_hand() = Some(token.clone());
                return Ok(token.text);
            }
        }
        *self.at_hand() = None;
        if facts.state != "granted" {
            return Err(Trouble::Needed(
                facts
                    .reason
                    .unwrap_or_else(|| "nobody has consented yet".to_owned()),
            ));
        }
        let rotated = self.refresh(&clients, &facts).await?;
        *flight = Some(rotated.clone());
        let token = self.keep(&clients, &rotated).await?;
        *flight = None;
        Ok(token.text)
    }

    /// Whether nobody has consented anew since.
    async fn belongs_to_what_is_stored(&self, clients: &Clients, rotated: &Rotated) -> Result<bool> {
        let stored = clients.vault().read(&self.organisation, REFRESH_TOKEN).await?;
        Ok(stored.is_some_and(|stored| same(&stored, &rotated.used)))
    }

    async fn refresh(&self, clients: &Clients, facts: &Facts) -> Result<Rotated, Trouble> {
        let vault = clients.vault();
        let Some(refresh_token) = vault.read(&self.organisation, REFRESH_TOKEN).await? else {
            let reason = if vault.read(&self.organisation, ACCESS_TOKEN).await?.is_some() {
                let reason = "the access token has ended and Webex gave no refresh token with it";
                self.needed(clients, reason).await?;
                reason
            } else {
                NOT_STORED
            };
            return Err(Trouble::Needed(reason.to_owned()));
        };
        let client_secret = vault.read(&self.organisation, CLIENT_SECRET).await?;
        let (Some(client_id), Some(client_secret)) = (facts.client_id.clone(), client_secret) else {
            return Err(Trouble::Needed(
                "the client id and secret of the integration are not stored on this computer any more"
                    .to_owned(),
            ));
        };
        let oauth = clients
            .oauth(
                facts,
                Integration {
                    client_id,
                    client_secret,
                },
            )
            .await?;
        match oauth.refresh(&refresh_token).await {
            Ok(grant) => Ok(rotated(grant, &refresh_token, facts)),
            Err(OAuthError::Refused {
                reason,
                code,
                tracking_id,
                ..
            }) => {
                let reason = refusal(&reason, code.as_deref(), tracking_id.as_deref());
                self.needed(clients, &reason).await?;
                Err(Trouble::Needed(reason))
            }
            Err(OAuthError::Expired) => Err(Trouble::Needed("the grant has expired".to_owned())),
            Err(OAuthError::Failed(error)) => Err(Trouble::Webex(error)),
        }
    }

    /// Makes what a refresh brought durable, then usable.
    async fn keep(&self, clients: &Clients, rotated: &Rotated) -> Result<Token, Trouble> {
        let vault = clients.vault();
        let mut write = clients.db().write().await?;
        vault
            .seal(
                &mut write,
                &self.organisation,
                ACCESS_TOKEN,
                &rotated.access_token,
            )
            .await?;
        if let Some(refresh_token) = &rotated.refresh_token {
            vault
                .seal(&mut write, &self.organisation, REFRESH_TOKEN, refresh_token)
                .await?;
        }
        store::refreshed(
            write.connection(),
            &self.organisation,
            &rotated.lives,
            rotated.scopes.as_deref(),
        )
        .await?;
        write.touch(Topic::Organisations);
        write.commit().await?;
        let token = Token {
            text: rotated.access_token.clone(),
            expires_at: rotated.lives.access_token_expires_at,
            received_at: Some(rotated.lives.received_at),
        };
        *self.at_hand() = Some(token.clone());
        Ok(token)
    }

    async fn needed(&self, clients: &Clients, reason: &str) -> Result<(), Trouble> {
        let mut write = clients.db().write().await?;
        store::needed(write.connection(), &self.organisation, reason, clients.now()).await?;
        write.touch(Topic::Organisations);
        write.commit().await?;
        Ok(())
    }
}

/// What to store of a refresh: where the answer names no refresh token, the old one and its expiry stay.
fn rotated(grant: Grant, used: &SecretString, facts: &Facts) -> Rotated {
    let reported = grant.refresh_token_expires_at();
    let replaced = grant
        .refresh_token
        .as_ref()
        .is_some_and(|token| !same(token, used));
    let refresh_token_expires_at = if replaced {
        reported
    } else {
        reported.or(facts.refresh_token_expires_at)
    };
    Rotated {
        used: used.clone(),
        lives: Lives {
            access_token_expires_at: grant.expires_at(),
            refresh_token_expires_at,
            received_at: grant.received_at,
        },
        access_token: grant.access_token,
        refresh_token: grant.refresh_token.filter(|_| replaced),
        scopes: grant.scope,
    }
}

/// The reason of a refusal, without a final stop.
fn refusal(reason: &str, code: Option<&str>, tracking_id: Option<&str>) -> String {
    let reason = reason.trim().trim_end_matches('.');
    // Words such as `invalid_client` are no reason to people.
    let said = if super::refusal::is_sentence(reason) {
        format!(" (\"{reason}\")")
    } else {
        String::new()
    };
    let bad_client = code == Some("invalid_client") || reason == "invalid_client";
    let mut text = if bad_client {
        format!(
            "Webex does not accept the client id and client secret of the integration any more{said}; perhaps the secret was \
             made anew or the integration deleted. Compare both with its page at developer.webex.com and enter them again"
        )
    } else {
        format!("Webex does not accept the refresh token any more{said}")
    };
    if let Some(id) = tracking_id {
        text.push_str(&format!(", tracking id {id}"));
    }
    text
}

fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}
