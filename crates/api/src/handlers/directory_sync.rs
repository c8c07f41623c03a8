//! Directory synchronisation of enterprises.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::Result;
use patchbay_core::directory_sync::{self, DirectorySync};

/// An error on its way to the person, with the way out where Webex does not allow it.
fn with_way_out<T>(result: Result<T>) -> Reply<T> {
    result.map_err(|error| {
        let failure = directory_sync::failure(&error);
        tracing::warn!(code = ?failure.code, tracking_id = failure.tracking_id, ?error, "refused");
        failure
    })
}

impl Patchbay {
    /// What nobody follows since the last Patchbay ended is followed as soon as somebody looks.
    async fn take_up_directory_syncs(&self, organisation: &str) {
        if let Err(error) = self.inner.directory_syncs.take_up(Some(organisation)).await {
            tracing::warn!(organisation, ?error, "directory syncs could not be followed on");
        }
    }

    async fn directory_sync(&self, organisation: &str) -> Result<DirectorySync> {
        self.inner.directory_syncs.get(organisation, None).await
    }

    pub(crate) async fn directory_sync_get(&self, request: OrganisationId) -> Reply<DirectorySync> {
        self.take_up_directory_syncs(&request.organisation).await;
        told(self.directory_sync(&request.organisation).await)
    }

    pub(crate) async fn directory_sync_refresh(&self, request: OrganisationId) -> Reply<DirectorySync> {
        with_way_out(self.inner.directory_syncs.refresh(&request.organisation).await)?;
        self.take_up_directory_syncs(&request.organisation).await;
        told(self.directory_sync(&request.organisation).await)
    }

    pub(crate) async fn directory_sync_trigger(
        &self,
        request: DirectorySyncTrigger,
    ) -> Reply<TransactionStarted> {
        let begun = self
            .inner
            .directory_syncs
            .begin(&request.organisation, &request.enterprises, request.confirmed)
            .await;
        Ok(TransactionStarted {
            transaction: with_way_out(begun)?,
        })
    }

    pub(crate) async fn directory_sync_enable(&self, request: EnterpriseId) -> Reply<DirectorySync> {
        let enabled = self
            .inner
            .directory_syncs
            .enable(&request.organisation, &request.enterprise)
            .await;
        with_way_out(enabled)?;
        told(self.directory_sync(&request.organisation).await)
    }
}
