//! How far licensed users are.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::activation::{self, ActivationStatus, ActivationUser, ActivationWindow, Refreshed};
use patchbay_core::bulk_assignments::export::write_file;
use patchbay_core::{ErrorCode, Failure, Result, organisations};
use std::collections::HashMap;

impl Patchbay {
    /// Names of wholesale customers by key, where they tell where a user belongs.
    async fn customer_names(&self, organisation: &str) -> Result<HashMap<String, String>> {
        let inner = &self.inner;
        let stored = organisations::get(&inner.db, &inner.vault, organisation).await?;
        if activation::source_of(&stored) != activation::ActivationSource::Wholesale {
            return Ok(HashMap::new());
        }
        patchbay_core::wholesale::names(&inner.db, organisation).await
    }

    async fn export_activation(&self, request: &ActivationExport) -> Result<u32> {
        let inner = &self.inner;
        let stored = organisations::get(&inner.db, &inner.vault, &request.organisation).await?;
        let (bytes, rows) = inner
            .activation
            .csv(
                &request.organisation,
                &request.view,
                &request.columns,
                request.kind,
            )
            .await?;
        write_file(&request.path, bytes).await?;
        let title = format!("Activation of {} saved, {rows} rows", stored.name);
        self.record_export(title, Some((stored.id, stored.name))).await?;
        Ok(rows)
    }

    async fn refresh_selection(&self, request: &ActivationRefresh) -> Result<String> {
        let customers = self.customer_names(&request.organisation).await?;
        self.inner
            .activation
            .begin_refresh(&request.organisation, &request.selection, customers)
            .await
    }

    async fn refresh_one(&self, request: &ActivationUserId) -> Result<Refreshed> {
        let customers = self.customer_names(&request.organisation).await?;
        self.inner
            .activation
            .refresh_user(&request.organisation, &request.key, customers)
            .await
    }
}

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

    pub(crate) async fn activation_refresh_user(&self, request: ActivationUserId) -> Reply<ActivationUser> {
        match told(self.refresh_one(&request).await)? {
            Refreshed::There(user) => Ok(*user),
            Refreshed::Gone { name } => Err(Failure {
                code: ErrorCode::NotFound,
                message: format!(
                    "Webex no longer lists {name} as a licensed user. {name} was taken out of the list."
                ),
                field: None,
                retryable: false,
                tracking_id: None,
            }),
        }
    }

    pub(crate) async fn activation_refresh(&self, request: ActivationRefresh) -> Reply<TransactionStarted> {
        let transaction = told(self.refresh_selection(&request).await)?;
        Ok(TransactionStarted { transaction })
    }

    pub(crate) async fn activation_cancel_refresh(&self, request: OrganisationId) -> Reply<Nothing> {
        told(self.inner.activation.cancel_refresh(&request.organisation).await)?;
        Ok(Nothing {})
    }

    pub(crate) async fn activation_export(&self, request: ActivationExport) -> Reply<Saved> {
        let rows = told(self.export_activation(&request).await)?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }

    pub(crate) async fn activation_copy_text(&self, request: ActivationText) -> Reply<CopiedText> {
        let ActivationText {
            organisation,
            selection,
            columns,
            view,
        } = request;
        let (text, rows) = told(
            self.inner
                .activation
                .text(&organisation, &selection, &columns, &view)
                .await,
        )?;
        Ok(CopiedText { text, rows })
    }

    pub(crate) async fn activation_send_consent_mail(&self, request: ActivationUserId) -> Reply<Nothing> {
        let ActivationUserId { organisation, key } = request;
        self.inner
            .activation
            .send_consent_mail(&organisation, &key)
            .await?;
        Ok(Nothing {})
    }

    pub(crate) async fn activation_send_activation_mails(
        &self,
        request: OrganisationId,
    ) -> Reply<TransactionStarted> {
        let begun = self
            .inner
            .activation
            .begin_activation_mails(&request.organisation)
            .await;
        Ok(TransactionStarted {
            transaction: told(begun)?,
        })
    }
}
