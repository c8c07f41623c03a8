//! The access token of an organisation, kept fresh (product O6; webex-api reference, section 2.2).
//!
//! Invariants: one refresh at a time, in this process and among processes on one data folder, and after the wait for
//! one's turn what is stored is read again; what a refresh brings is durable before it is used; both expiries follow the
//! latest answer; a refresh that has begun is carried to its end even if nobody waits for it any more, because the refresh
//! token may have been replaced.

use super::clients::{Clients, WeakClients, sentence};
use super::refresh::{NOT_STORED, Rotated, Trouble, refresh, same};
use super::renewal::Record;
use super::store::{self, Facts};
use super::token::Token;
use super::turn::lock_among_processes;
use crate::error::{Error, Result};
use crate::events::Topic;
use crate::scheduler;
use crate::secrets::field::{ACCESS_TOKEN, REFRESH_TOKEN};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use tokio::sync::{Mutex, MutexGuard};
use webex_client::{TokenError, TokenSource};

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

/// Why a token is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The one at hand is due or has ended, or somebody asks for another one.
    Renewal,
    /// Webex has refused the one at hand.
    Refused,
}

impl OrganisationTokens {
    /// Other tokens than those that are stored now, whether or not they are due.
    pub(super) async fn renew(&self, record: Arc<Record>) -> Result<(), Trouble> {
        let clients = self.shared.clients()?;
        let facts = clients.facts(&self.shared.organisation).await?;
        let stored = self.shared.stored(&clients, &facts).await?;
        let unwanted = stored.map(|token| token.text);
        Shared::renew(&self.shared, unwanted, Why::Renewal, Some(record)).await?;
        Ok(())
    }

    /// The turn of this process, with what a refresh brought and could not be stored yet.
    pub(super) async fn turn(&self) -> Flight<'_> {
        Flight {
            shared: &self.shared,
            rotated: self.shared.flight.lock().await,
        }
    }

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

/// The turn of this process; see [`OrganisationTokens::turn`].
pub(super) struct Flight<'a> {
    shared: &'a Shared,
    rotated: MutexGuard<'a, Option<Rotated>>,
}

impl Flight<'_> {
    /// What Webex gave last, where that is not what is stored. Asked after the turn among processes was taken.
    pub(super) async fn unstored(&self, clients: &Clients) -> Result<Option<Rotated>> {
        match &*self.rotated {
            Some(rotated) if self.shared.belongs_to_what_is_stored(clients, rotated).await? => {
                Ok(Some(rotated.clone()))
            }
            _ => Ok(None),
        }
    }

    /// It is worth nothing any more.
    pub(super) fn forget(&mut self) {
        *self.rotated = None;
    }
}

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
                    match Shared::renew(&self.shared, Some(token.text.clone()), Why::Renewal, None).await {
                        // The present one serves until Webex can be reached again, or until its own end.
                        Err(error @ (Trouble::Webex(_) | Trouble::Unrenewable(_))) => {
                            tracing::info!(%error, "the token is due and could not be renewed");
                            self.shared.pause_renewal(now);
                            Ok(token.text)
                        }
                        other => Ok(other?),
                    }
                }
                expired => {
                    Ok(
                        Shared::renew(&self.shared, expired.map(|token| token.text), Why::Renewal, None)
                            .await?,
                    )
                }
            }
        }
        .boxed()
    }

    fn refresh_after_401<'a>(
        &'a self,
        dead: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, TokenError>> {
        async move { Ok(Shared::renew(&self.shared, Some(dead.clone()), Why::Refused, None).await?) }.boxed()
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
    async fn renew(
        shared: &Arc<Self>,
        unwanted: Option<SecretString>,
        why: Why,
        record: Option<Arc<Record>>,
    ) -> Result<SecretString, Trouble> {
        let task = Arc::clone(shared);
        let renewal = async move {
            let renewed = task.renew_in_turn(unwanted, why, record.as_deref()).await;
            if let (Some(record), Ok(clients)) = (record, task.clients()) {
                record.close(&clients, renewed.as_ref().err()).await;
            }
            renewed
        };
        tokio::spawn(renewal).await.map_err(|_| Error::Ended {
            what: "the renewal of the tokens",
        })?
    }

    async fn renew_in_turn(
        &self,
        unwanted: Option<SecretString>,
        why: Why,
        record: Option<&Record>,
    ) -> Result<SecretString, Trouble> {
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
        if let Some(token) = &stored {
            let other = unwanted
                .as_ref()
                .is_none_or(|unwanted| !same(unwanted, &token.text));
            if other && !token.is_expired(clients.now()) {
                // Somebody else was here first.
                *self.at_hand() = Some(token.clone());
                return Ok(token.text.clone());
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
        let works = why == Why::Renewal && stored.is_some_and(|token| !token.is_expired(clients.now()));
        let rotated = refresh(&clients, &facts, works, record).await?;
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
        let due = scheduler::refresh_due_at(
            &self.organisation,
            rotated.lives.received_at,
            rotated.lives.access_token_expires_at,
        );
        scheduler::refreshed(&mut write, &self.organisation, Some(due)).await?;
        write.touch(Topic::Notifications);
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
}
