//! How far licensed users are.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::activation::{ActivationStatus, ActivationUser, ActivationWindow};

impl Patchbay {
    pub(crate) async fn activation_status(&self, request: OrganisationId) -> Reply<ActivationStatus> {
        let syncing = self.inner.syncs.current(&request.organisation);
        told(self.inner.activation.status(&request.organisation, syncing).await)
    }

    pub(crate) async fn activation_users(&self, request: ActivationQuery) -> Reply<ActivationWindow> {
        let ActivationQuery {
            organisation,
            view,
            offset,
            limit,
        } = request;
        told(
            self.inner
                .activation
                .users(&organisation, &view, offset, limit)
                .await,
        )
    }

    pub(crate) async fn activation_user(&self, request: ActivationUserId) -> Reply<ActivationUser> {
        told(
            self.inner
                .activation
                .user(&request.organisation, &request.key)
                .await,
        )
    }

    pub(crate) async fn activation_sync(&self, request: OrganisationId) -> Reply<TransactionStarted> {
        let joined = told(self.inner.syncs.begin_activation(&request.organisation).await)?;
        Ok(TransactionStarted {
            transaction: joined.transaction,
        })
    }

    pub(crate) async fn activation_history(&self, request: ActivationDays) -> Reply<ActivationHistory> {
        let days = told(
            self.inner
                .activation
                .history(&request.organisation, request.days)
                .await,
        )?;
        Ok(ActivationHistory { days })
    }
}
