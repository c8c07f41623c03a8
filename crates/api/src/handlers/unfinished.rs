//! Commands that are not built yet.

use super::Reply;
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::{ErrorCode, Failure};

fn not_yet() -> Failure {
    Failure {
        code: ErrorCode::Internal,
        message: "Not built yet.".to_owned(),
        field: None,
        retryable: false,
        tracking_id: None,
    }
}

impl Patchbay {
    pub(crate) async fn directory_sync_get(
        &self,
        _: OrganisationId,
    ) -> Reply<patchbay_core::directory_sync::DirectorySync> {
        Err(not_yet())
    }

    pub(crate) async fn directory_sync_refresh(
        &self,
        _: OrganisationId,
    ) -> Reply<patchbay_core::directory_sync::DirectorySync> {
        Err(not_yet())
    }

    pub(crate) async fn directory_sync_trigger(&self, _: DirectorySyncTrigger) -> Reply<TransactionStarted> {
        Err(not_yet())
    }

    pub(crate) async fn directory_sync_enable(
        &self,
        _: EnterpriseId,
    ) -> Reply<patchbay_core::directory_sync::DirectorySync> {
        Err(not_yet())
    }

    pub(crate) async fn overview_attention(
        &self,
        _: OrganisationId,
    ) -> Reply<patchbay_core::overview::Attention> {
        Err(not_yet())
    }
}
