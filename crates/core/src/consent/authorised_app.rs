//! Consent by the tokens of a service app, which an administrator has authorised in Control Hub (product O4 c).
//!
//! Invariant: a refresh token that Webex gives in the place of the one that was entered is sealed before anything else is
//! asked, so that entering the same one again goes on with it, whatever failed.

use super::clients::Clients;
use super::model::Connected;
use super::refresh::same;
use super::refusal::Refusal;
use super::store::Facts;
use super::{Consent, grant, into_error};
use crate::error::{Error, Result};
use crate::organisations::model::SecretEdit;
use crate::secrets::field::SERVICE_APP_TOKEN;
use crate::transactions::{self, Opening, TransactionKind, TransactionState};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use webex_client::{Grant, OAuth, OAuthError};

/// How a service app proves that an administrator has authorised it in Control Hub (product O4 c).
#[derive(Debug)]
pub enum ServiceAppProof {
    /// Its refresh token, copied from Control Hub or the developer portal.
    RefreshToken(SecretString),
    /// A token of an integration that may fetch tokens of service apps.
    Application {
        application_id: String,
        /// Control Hub's id of the customer; the registered account number unless given.
        target_organisation: Option<String>,
        access_token: SecretString,
    },
}

impl Consent {
    /// Connects with the tokens of a service app.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field; what Webex, vault or database said; [`Error::Conflict`] where the tokens belong
    /// to another organisation than the one that is registered.
    pub async fn connect_service_app(
        &self,
        organisation: &str,
        client_id: &str,
        client_secret: SecretEdit,
        proof: ServiceAppProof,
        who: &str,
    ) -> Result<Connected> {
        let clients = &self.inner.clients;
        let facts = clients.facts(organisation).await?;
        let proof = complete(proof, &facts)?;
        let integration = self.integration(&facts, client_id, client_secret).await?;
        clients.vault().ensure().await?;
        let oauth = clients.oauth(&facts, integration.clone()).await?;
        let transaction = transactions::open(
            clients.db(),
            Arc::clone(clients.core_clock()),
            Opening {
                kind: TransactionKind::Consent,
                title: format!("Service app of {}", facts.name),
                organisation: Some(facts.id.clone()),
                organisation_name: Some(facts.name.clone()),
                who: who.to_owned(),
                steps: Vec::new(),
            },
        )
        .await?;
        // In a task of its own: Webex may have replaced the refresh token when somebody leaves.
        let carried_out = tokio::spawn({
            let (clients, facts) = (clients.clone(), facts.clone());
            async move {
                let brought = brought(&clients, &oauth, &facts, &proof).await?;
                let connected = grant::accept(&clients, &facts, &integration, &brought).await?;
                if let Err(error) = forget(&clients, &proof).await {
                    tracing::warn!(%error, "a refresh token of a service app was not forgotten");
                }
                Ok(connected)
            }
        });
        let connected = carried_out.await.unwrap_or_else(|_| {
            Err(Error::Ended {
                what: "connecting the service app",
            }
            .into())
        });
        let failure = connected.as_ref().err().map(Refusal::failure);
        let tracking_ids: Vec<String> = failure
            .as_ref()
            .and_then(|failure| failure.tracking_id.clone())
            .into_iter()
            .collect();
        let state = if failure.is_none() {
            TransactionState::Succeeded
        } else {
            TransactionState::Failed
        };
        // A record that cannot be written does not take the consent away.
        if let Err(error) = transaction.close_as(state, failure.as_ref(), &tracking_ids).await {
            tracing::warn!(%error, "the end of the consent was not recorded");
        }
        let connected = connected.map_err(|refusal| into_error(refusal, &facts))?;
        let _ = self.inner.grants.send(facts.id);
        Ok(connected)
    }
}

/// The proof with the customer's id; what is empty is said before anybody is asked.
fn complete(proof: ServiceAppProof, facts: &Facts) -> Result<ServiceAppProof> {
    let given = |field, text: &str, what: &str| {
        if text.trim().is_empty() {
            return Err(Error::invalid(
                field,
                format!("The {what} is empty. Copy it from the service app's page."),
            ));
        }
        Ok(())
    };
    match proof {
        ServiceAppProof::RefreshToken(token) => {
            given("refreshToken", token.expose_secret(), "refresh token")?;
            Ok(ServiceAppProof::RefreshToken(token.expose_secret().trim().into()))
        }
        ServiceAppProof::Application {
            application_id,
            target_organisation,
            access_token,
        } => {
            given("applicationId", &application_id, "application id")?;
            given("accessToken", access_token.expose_secret(), "access token")?;
            let target = target_organisation.filter(|target| !target.trim().is_empty());
            let target = target.or_else(|| facts.account_number.clone()).ok_or_else(|| {
                Error::invalid(
                    "targetOrganisation",
                    format!(
                        "Webex must be told which organisation authorised the service app, and {} has no account number. \
                         Enter the organisation id that Control Hub shows under Account.",
                        facts.name
                    ),
                )
            })?;
            Ok(ServiceAppProof::Application {
                application_id: application_id.trim().to_owned(),
                target_organisation: Some(target.trim().to_owned()),
                access_token: access_token.expose_secret().trim().into(),
            })
        }
    }
}

/// The tokens a service app's proof is good for.
async fn brought(
    clients: &Clients,
    oauth: &OAuth,
    facts: &Facts,
    proof: &ServiceAppProof,
) -> std::result::Result<Grant, Refusal> {
    let refused = |error| Refusal::from_oauth(error, &facts.name);
    match proof {
        ServiceAppProof::RefreshToken(given) => {
            let (grant, used) = match replaced(clients, given).await?.pop() {
                Some((_, newer)) => match oauth.refresh(&newer).await {
                    // It may have been taken back since; the one that was given may be good again.
                    Err(OAuthError::Refused { .. }) => (oauth.refresh(given).await, given.clone()),
                    other => (other, newer),
                },
                None => (oauth.refresh(given).await, given.clone()),
            };
            let mut grant = grant.map_err(refused)?;
            // Where none comes back, the one that was used stays good.
            let token = grant.refresh_token.get_or_insert(used);
            if !same(token, given)
                && let Err(error) = keep(clients, &facts.id, given, token).await
            {
                tracing::warn!(%error, "the new refresh token of a service app could not be kept");
            }
            Ok(grant)
        }
        ServiceAppProof::Application {
            application_id,
            target_organisation,
            access_token,
        } => oauth
            .service_app_token(
                application_id,
                target_organisation.as_deref().unwrap_or_default(),
                access_token,
            )
            .await
            .map_err(refused),
    }
}

/// How a refresh token that was entered is recognised without being kept.
fn mark(token: &SecretString) -> String {
    let digest = Sha256::digest(token.expose_secret());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Keeps what Webex gave in the place of the refresh token that was entered.
async fn keep(
    clients: &Clients,
    organisation: &str,
    given: &SecretString,
    newer: &SecretString,
) -> Result<()> {
    let value = format!("{} {}", mark(given), newer.expose_secret()).into();
    let older = replaced(clients, given).await?;
    let mut write = clients.db().write().await?;
    clients
        .vault()
        .seal(&mut write, organisation, SERVICE_APP_TOKEN, &value)
        .await?;
    // What another try kept for another organisation is not the newest any more.
    for (other, _) in older.iter().filter(|(other, _)| other != organisation) {
        clients
            .vault()
            .forget(&mut write, other, SERVICE_APP_TOKEN)
            .await?;
    }
    write.commit().await?;
    Ok(())
}

/// What Webex gave in the place of this one, and for which organisation it was entered: it may have been the wrong one. One, as
/// [`keep`] leaves no other.
async fn replaced(clients: &Clients, given: &SecretString) -> Result<Vec<(String, SecretString)>> {
    let mark = mark(given);
    let mut found = Vec::new();
    for (organisation, fields) in clients.vault().held().await? {
        if !fields.contains(SERVICE_APP_TOKEN) {
            continue;
        }
        let kept = clients.vault().read(&organisation, SERVICE_APP_TOKEN).await?;
        let newer = kept
            .as_ref()
            .and_then(|kept| kept.expose_secret().split_once(' '));
        if let Some((of, newer)) = newer
            && of == mark
        {
            found.push((organisation, newer.into()));
        }
    }
    Ok(found)
}

/// It is connected: what was kept for another try is not needed any more.
async fn forget(clients: &Clients, proof: &ServiceAppProof) -> Result<()> {
    let ServiceAppProof::RefreshToken(given) = proof else {
        return Ok(());
    };
    let kept = replaced(clients, given).await?;
    if kept.is_empty() {
        return Ok(());
    }
    let mut write = clients.db().write().await?;
    for (organisation, _) in &kept {
        clients
            .vault()
            .forget(&mut write, organisation, SERVICE_APP_TOKEN)
            .await?;
    }
    write.commit().await?;
    Ok(())
}
