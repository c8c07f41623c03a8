//! The way to Webex, tried step by step.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;

impl Patchbay {
    pub(crate) async fn organisations_check_connection(
        &self,
        request: OrganisationId,
    ) -> Reply<TransactionStarted> {
        let inner = &self.inner;
        let transaction = told(
            inner
                .clients
                .check_connection(&request.organisation, &inner.who)
                .await,
        )?;
        Ok(TransactionStarted { transaction })
    }
}
