//! Consent and tokens of organisations.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::{self, *};
use patchbay_core::consent::{Beginning, Connected, ConsentAttempt, RenewWhen, ServiceAppProof};
use patchbay_core::organisations::Organisation;
use patchbay_core::{Result, settings};

impl Patchbay {
    async fn begin_consent(&self, request: ConsentBegin) -> Result<ConsentAttempt> {
        let port = match request.port {
            Some(port) => port,
            None => settings::load(&self.inner.db).await?.consent_port,
        };
        self.inner
            .consent
            .begin(Beginning {
                organisation: request.organisation,
                method: request.method,
                client_id: request.client_id,
                client_secret: request.client_secret,
                port,
                who: self.inner.who.clone(),
            })
            .await
    }

    async fn connect_service_app(&self, request: ServiceAppConnect) -> Result<Connected> {
        let proof = match request.proof {
            commands::ServiceAppProof::RefreshToken { refresh_token } => {
                ServiceAppProof::RefreshToken(refresh_token.into())
            }
            commands::ServiceAppProof::Application {
                application_id,
                target_organisation,
                access_token,
            } => ServiceAppProof::Application {
                application_id,
                target_organisation,
                access_token: access_token.into(),
            },
        };
        self.inner
            .consent
            .connect_service_app(
                &request.organisation,
                &request.client_id,
                request.client_secret,
                proof,
                &self.inner.who,
            )
            .await
    }
}

impl Patchbay {
    pub(crate) async fn consent_permissions(&self, request: OrganisationId) -> Reply<Permissions> {
        let permissions = told(self.inner.consent.permissions(&request.organisation).await)?;
        Ok(Permissions { permissions })
    }

    pub(crate) async fn consent_begin(&self, request: ConsentBegin) -> Reply<ConsentAttempt> {
        told(self.begin_consent(request).await)
    }

    pub(crate) async fn consent_attempt(&self, request: AttemptId) -> Reply<ConsentAttempt> {
        told(self.inner.consent.attempt(&request.attempt))
    }

    pub(crate) async fn consent_cancel(&self, request: AttemptId) -> Reply<ConsentAttempt> {
        told(self.inner.consent.cancel(&request.attempt).await)
    }

    pub(crate) async fn consent_connect_service_app(&self, request: ServiceAppConnect) -> Reply<Connected> {
        told(self.connect_service_app(request).await)
    }

    pub(crate) async fn consent_refresh(&self, request: OrganisationId) -> Reply<Organisation> {
        let inner = &self.inner;
        let renewed = inner
            .consent
            .renew(&request.organisation, RenewWhen::Now, &inner.who)
            .await;
        renewed.map_err(|unrenewed| unrenewed.failure)?;
        told(patchbay_core::organisations::get(&inner.db, &inner.vault, &request.organisation).await)
    }
}
