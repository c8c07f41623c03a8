//! What happens to a grant: whose it is, then storing it.
//!
//! Invariant: nothing is stored before it is known that the organisation that consented is the one that is registered.

use super::clients::Clients;
use super::model::Connected;
use super::refresh::same;
use super::refusal::Refusal;
use super::store::{self, Facts, Lives};
use super::token::life_began;
use super::turn::lock_among_processes;
use crate::error::Error;
use crate::events::Topic;
use crate::organisations::scopes::{self, Wish};
use crate::organisations::unexpected_admin;
use crate::scheduler;
use crate::secrets::field::{ACCESS_TOKEN, CLIENT_SECRET, REFRESH_TOKEN};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use secrecy::SecretString;
use std::sync::Arc;
use webex_client::{
    ErrorKind, Grant, Integration, Priority, TokenError, TokenSource, Webex, WebexId, same_object,
};

/// Finds out who consented, stores the grant and says what it brought.
///
/// # Errors
/// [`Refusal::WrongOrganisation`]; what Webex, vault or database said.
pub(super) async fn accept(
    clients: &Clients,
    facts: &Facts,
    integration: &Integration,
    grant: &Grant,
) -> Result<Connected, Refusal> {
    let source = Arc::new(Fresh(grant.access_token.clone()));
    let webex = clients
        .webex_with(facts, source)
        .await?
        .with_priority(Priority::Person);
    let (internal_id, consented_by) = consented(&webex, facts).await?;

    // A refresh of the grant before must not end after this and put its tokens in the place of these.
    let _turn = lock_among_processes(&clients.folder(), &facts.id).await?;
    let mut write = clients.db().write().await?;
    // What is registered may have been edited while the browser was open.
    let facts = store::facts(write.connection(), &facts.id)
        .await?
        .ok_or(Refusal::Deleted)?;
    compare(&facts, &internal_id)?;
    let vault = clients.vault();
    // Webex may hand back the refresh token of the consent before, with what is left of its life.
    let before = match &grant.refresh_token {
        Some(_) => vault.read_in(&mut write, &facts.id, REFRESH_TOKEN).await?,
        None => None,
    };
    let given_back = match (&before, &grant.refresh_token) {
        (Some(before), Some(now)) => same(before, now),
        _ => false,
    };
    let refresh_token_since = grant.refresh_token.as_ref().and_then(|_| {
        let (ended, ends) = (facts.refresh_token_expires_at, grant.refresh_token_expires_at());
        life_began(given_back, ended, ends, grant.received_at)
            .or(facts.refresh_token_since)
            .or(Some(grant.received_at))
    });
    vault
        .seal(&mut write, &facts.id, CLIENT_SECRET, &integration.client_secret)
        .await?;
    vault
        .seal(&mut write, &facts.id, ACCESS_TOKEN, &grant.access_token)
        .await?;
    match &grant.refresh_token {
        Some(token) => vault.seal(&mut write, &facts.id, REFRESH_TOKEN, token).await?,
        // One of an earlier consent does not belong to this grant.
        None => vault.forget(&mut write, &facts.id, REFRESH_TOKEN).await?,
    }
    let account_number = uuid(&internal_id);
    let granted = store::Granted {
        client_id: &integration.client_id,
        internal_id: &internal_id,
        account_number: account_number.as_deref(),
        scopes: grant.scope.as_deref(),
        consented_by: consented_by.as_deref(),
        lives: Lives {
            access_token_expires_at: grant.expires_at(),
            refresh_token_expires_at: grant.refresh_token_expires_at(),
            received_at: grant.received_at,
            refresh_token_since,
        },
    };
    if !store::granted(write.connection(), &facts.id, &granted).await? {
        return Err(Refusal::Deleted);
    }
    let due = refresh_token_since
        .map(|_| scheduler::refresh_due_at(&facts.id, grant.received_at, grant.expires_at()));
    scheduler::consented(&mut write, &facts.id, clients.now(), due).await?;
    write.touch(Topic::Notifications);
    write.touch(Topic::Organisations);
    write.commit().await?;
    clients.forget(&facts.id).await;
    Ok(Connected {
        missing: scopes::missing(wish(&facts), grant.scope.as_deref()),
        unexpected_admin: unexpected_admin(facts.admin_email.as_deref(), consented_by.as_deref()),
        consented_by,
    })
}

/// What the organisation's flags ask for.
pub(super) fn wish(facts: &Facts) -> Wish {
    Wish {
        wholesale: facts.wholesale,
        contact_center: facts.contact_center,
        broadworks: facts.directory_sync_enabled,
    }
}

/// The internal id of the organisation the token belongs to, and the e-mail address of the administrator where Webex tells it.
async fn consented(webex: &Webex, facts: &Facts) -> Result<(String, Option<String>), Refusal> {
    let asked = |error| {
        Refusal::Core(Error::webex(format!(
            "find out which organisation consented for {}",
            facts.name
        ))(error))
    };
    let (own, email) = match webex.me().await {
        Ok(person) => (person.org_id, person.emails.into_iter().next()),
        Err(error) if matches!(error.kind(), ErrorKind::Forbidden | ErrorKind::NotFound) => (None, None),
        Err(error) => return Err(asked(error)),
    };
    let own = match own {
        Some(own) => own,
        None => {
            let mut reached = webex.organisations().await.map_err(asked)?;
            match (reached.pop(), reached.is_empty()) {
                (Some(only), true) => only.id,
                _ => {
                    return Err(Error::conflict(format!(
                        "Webex did not say which organisation consented for {}, so nothing was stored. Connect with an \
                         administrator of that organisation alone.",
                        facts.name
                    ))
                    .into());
                }
            }
        }
    };
    match WebexId::decode(&own) {
        // Only the long form is the API's own id.
        Ok(id) if id.kind.is_none() => Ok((webex.organisation(&own).await.map_err(asked)?.id, email)),
        _ => Ok((own, email)),
    }
}

fn compare(facts: &Facts, consented: &str) -> Result<(), Refusal> {
    let known = facts
        .internal_id
        .as_ref()
        .filter(|_| facts.state != "none" || facts.account_number.is_none());
    for registered in facts.account_number.iter().chain(known) {
        if !same_object(registered, consented) {
            let short = |id: &str| uuid(id).unwrap_or_else(|| id.to_owned());
            return Err(Refusal::WrongOrganisation {
                organisation: facts.name.clone(),
                consented: short(consented),
                registered: short(registered),
            });
        }
    }
    Ok(())
}

fn uuid(id: &str) -> Option<String> {
    Some(WebexId::decode(id).ok()?.uuid()?.hyphenated().to_string())
}

/// A token that was just granted and is stored nowhere yet.
struct Fresh(SecretString);

impl TokenSource for Fresh {
    fn access_token(&self) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        let token = self.0.clone();
        async move { Ok(token) }.boxed()
    }

    fn refresh_after_401<'a>(
        &'a self,
        _: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, TokenError>> {
        let reason = "Webex does not accept the access token it has just given".to_owned();
        async move { Err(TokenError::ConsentNeeded { reason }) }.boxed()
    }
}
