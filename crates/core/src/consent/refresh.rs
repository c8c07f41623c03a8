//! Asking Webex for other tokens, and what its answer says of the consent (webex-api reference, section 2.2).
//!
//! Invariants: whoever asks has the organisation's turn; a refusal is stored with its reason before it is told, so that nobody
//! asks again until somebody has consented.

use super::clients::Clients;
use super::renewal::Record;
use super::store::{self, Facts, Lives};
use super::token::life_began;
use crate::clock::day;
use crate::error::{Error, Result};
use crate::events::Topic;
use crate::secrets::field::{ACCESS_TOKEN, CLIENT_SECRET, REFRESH_TOKEN};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use webex_client::{ErrorKind, Grant, Integration, OAuthError, TokenError};

pub(super) const NOT_STORED: &str = "its tokens are not stored on this computer any more";

/// What a refresh brought.
#[derive(Clone)]
pub(super) struct Rotated {
    /// The refresh token it was had for.
    pub used: SecretString,
    pub access_token: SecretString,
    /// None where the old one stays.
    pub refresh_token: Option<SecretString>,
    pub lives: Lives,
    pub scopes: Option<Vec<String>>,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("consent is needed: {0}")]
    Needed(String),
    /// It cannot be renewed, but the access token still works.
    #[error("it cannot be renewed: {0}")]
    Unrenewable(String),
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
            Trouble::Needed(reason) | Trouble::Unrenewable(reason) => Self::ConsentNeeded { reason },
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

/// Asks Webex for other tokens. `works`: the access token that is stored does.
pub(super) async fn refresh(
    clients: &Clients,
    facts: &Facts,
    works: bool,
    record: Option<&Record>,
) -> Result<Rotated, Trouble> {
    let vault = clients.vault();
    let Some(refresh_token) = vault.read(&facts.id, REFRESH_TOKEN).await? else {
        if works {
            let reason =
                "Webex gave no refresh token with the consent, so the access token cannot be renewed";
            return Err(Trouble::Unrenewable(reason.to_owned()));
        }
        let reason = if vault.read(&facts.id, ACCESS_TOKEN).await?.is_some() {
            let reason = "the access token has ended and Webex gave no refresh token with it";
            needed(clients, facts, reason).await?;
            reason
        } else {
            NOT_STORED
        };
        return Err(Trouble::Needed(reason.to_owned()));
    };
    if let Some(end) = facts.refresh_token_expires_at.filter(|end| *end <= clients.now()) {
        let reason = format!(
            "the consent has ended: its refresh token was good until {}",
            minute(end)
        );
        if works {
            return Err(Trouble::Unrenewable(reason));
        }
        needed(clients, facts, &reason).await?;
        return Err(Trouble::Needed(reason));
    }
    let client_secret = vault.read(&facts.id, CLIENT_SECRET).await?;
    let (Some(client_id), Some(client_secret)) = (facts.client_id.clone(), client_secret) else {
        return Err(Trouble::Needed(
            "the client id and secret of the integration are not stored on this computer any more".to_owned(),
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
    if let Some(record) = record {
        record.begin(clients, facts).await?;
    }
    let answer = oauth.refresh(&refresh_token).await;
    if let Some(record) = record {
        record.note_answer(&answer);
    }
    match answer {
        Ok(grant) => Ok(rotated(grant, &refresh_token, facts)),
        Err(OAuthError::Refused {
            reason,
            code,
            tracking_id,
            ..
        }) => {
            let reason = refusal(&reason, code.as_deref(), tracking_id.as_deref());
            needed(clients, facts, &reason).await?;
            Err(Trouble::Needed(reason))
        }
        Err(OAuthError::Expired) => Err(Trouble::Needed("the grant has expired".to_owned())),
        Err(OAuthError::Failed(error)) => Err(Trouble::Webex(error)),
    }
}

async fn needed(clients: &Clients, facts: &Facts, reason: &str) -> Result<(), Trouble> {
    let mut write = clients.db().write().await?;
    store::needed(write.connection(), &facts.id, reason, clients.now()).await?;
    write.touch(Topic::Notifications);
    write.touch(Topic::Schedules);
    write.touch(Topic::Organisations);
    write.commit().await?;
    Ok(())
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
            refresh_token_since: life_began(
                !replaced,
                facts.refresh_token_expires_at,
                reported,
                grant.received_at,
            ),
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

/// A moment as sentences have it.
fn minute(at: Timestamp) -> String {
    format!("{}, {}", day(at), at.strftime("%H:%M UTC"))
}

pub(super) fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}
