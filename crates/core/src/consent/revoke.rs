//! Giving the tokens of an organisation back to Webex.
//!
//! Invariants: no refresh runs meanwhile, in this process or another, so what is given back is the latest, also where that could
//! not be stored; as soon as the refresh token is gone at Webex the organisation says so here, whatever becomes of the rest.

use super::Consent;
use super::store::{self, Facts};
use super::turn::lock_among_processes;
use crate::error::{Error, Result};
use crate::events::Topic;
use crate::secrets::field::{ACCESS_TOKEN, CLIENT_SECRET, REFRESH_TOKEN};
use secrecy::SecretString;
use webex_client::{Integration, OAuth, OAuthError, TokenHint};

const GIVEN_BACK: &str = "Patchbay has given its tokens back to Webex";

impl Consent {
    /// Has Webex take back the refresh token and the access token, and forgets them here. False where there are none.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] where Webex refuses, or where the client secret it asks for is not stored
    /// any more; what keeps Webex from being reached; a vault that is locked.
    pub async fn revoke(&self, organisation: &str) -> Result<bool> {
        // In a task of its own: what Webex took back must be noted even if nobody waits.
        let consent = self.clone();
        let organisation = organisation.to_owned();
        tokio::spawn(async move { consent.give_back(&organisation).await })
            .await
            .map_err(|_| Error::Ended {
                what: "giving the tokens back",
            })?
    }

    async fn give_back(&self, organisation: &str) -> Result<bool> {
        let clients = &self.inner.clients;
        let vault = clients.vault();
        let facts = clients.facts(organisation).await?;
        let held = vault.held().await?;
        let is_held = |field: &str| {
            held.get(organisation)
                .is_some_and(|fields| fields.contains(field))
        };
        if !is_held(REFRESH_TOKEN) && !is_held(ACCESS_TOKEN) {
            return Ok(false);
        }
        let tokens = clients.tokens_of(&facts).await?;
        let mut flight = tokens.turn().await;
        let _turn = lock_among_processes(&clients.folder(), organisation).await?;
        let facts = clients.facts(organisation).await?;
        let newest = flight.unstored(clients).await?;
        let stored = vault.read(organisation, REFRESH_TOKEN).await?;
        let refresh_token = newest
            .as_ref()
            .and_then(|newest| newest.refresh_token.clone())
            .or(stored);
        let mut access_tokens: Vec<SecretString> = vault
            .read(organisation, ACCESS_TOKEN)
            .await?
            .into_iter()
            .collect();
        access_tokens.extend(newest.map(|newest| newest.access_token));
        let client_secret = vault.read(organisation, CLIENT_SECRET).await?;
        let (Some(client_id), Some(client_secret)) = (facts.client_id.clone(), client_secret) else {
            return Err(Error::conflict(format!(
                "The tokens of {} cannot be given back: the client secret of its integration is not stored on this computer \
                 any more, and Webex asks for it. {BY_HAND}",
                facts.name
            )));
        };
        let integration = Integration {
            client_id,
            client_secret,
        };
        let oauth = clients.oauth(&facts, integration).await?;
        if let Some(token) = &refresh_token {
            take_back(&oauth, token, TokenHint::RefreshToken, &facts).await?;
            self.note(&facts, REFRESH_TOKEN).await?;
            flight.forget();
        }
        for token in &access_tokens {
            take_back(&oauth, token, TokenHint::AccessToken, &facts).await?;
        }
        self.note(&facts, ACCESS_TOKEN).await?;
        Ok(true)
    }

    async fn note(&self, facts: &Facts, field: &str) -> Result<()> {
        let clients = &self.inner.clients;
        let mut write = clients.db().write().await?;
        clients.vault().forget(&mut write, &facts.id, field).await?;
        store::needed(write.connection(), &facts.id, GIVEN_BACK, clients.now()).await?;
        write.touch(Topic::Organisations);
        write.commit().await?;
        clients.forget(&facts.id).await;
        Ok(())
    }
}

const BY_HAND: &str = "They can be taken back at https://idbroker.webex.com/idb/profile#/tokens, signed in as the \
                       administrator who consented; otherwise they end by themselves.";

async fn take_back(oauth: &OAuth, token: &SecretString, hint: TokenHint, facts: &Facts) -> Result<()> {
    oauth.revoke(token, hint).await.map_err(|error| match error {
        OAuthError::Failed(error) => Error::webex(format!("give the tokens of {} back", facts.name))(error),
        OAuthError::Refused {
            reason, tracking_id, ..
        } => {
            let reason = reason.trim().trim_end_matches('.');
            let tracking = tracking_id.map_or_else(String::new, |id| format!(", tracking id {id}"));
            Error::conflict(format!(
                "Webex did not take the tokens of {} back ({reason}{tracking}). {BY_HAND}",
                facts.name
            ))
        }
        OAuthError::Expired => Error::conflict(format!(
            "Webex did not take the tokens of {} back. {BY_HAND}",
            facts.name
        )),
    })
}
