//! Consent by the tokens of a service app, which an administrator has authorised in Control Hub (product O4 c).

use super::model::Connected;
use super::refusal::Refusal;
use super::store::Facts;
use super::{Consent, grant, into_error};
use crate::error::{Error, Result};
use crate::organisations::model::SecretEdit;
use crate::transactions::{self, Opening, TransactionKind, TransactionState};
use secrecy::{ExposeSecret as _, SecretString};
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
                let brought = brought(&oauth, &proof)
                    .await
                    .map_err(|error| Refusal::from_oauth(error, &facts.name))?;
                grant::accept(&clients, &facts, &integration, &brought).await
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
async fn brought(oauth: &OAuth, proof: &ServiceAppProof) -> Result<Grant, OAuthError> {
    match proof {
        ServiceAppProof::RefreshToken(token) => {
            let mut grant = oauth.refresh(token).await?;
            // Where none comes back, the one that was given stays good.
            grant.refresh_token.get_or_insert_with(|| token.clone());
            Ok(grant)
        }
        ServiceAppProof::Application {
            application_id,
            target_organisation,
            access_token,
        } => {
            oauth
                .service_app_token(
                    application_id,
                    target_organisation.as_deref().unwrap_or_default(),
                    access_token,
                )
                .await
        }
    }
}
