//! Customers of wholesale organisations.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::Result;
use patchbay_core::wholesale::{self, ChangePreview, Customer, CustomerWindow};

/// An error on its way to the person, with the way out where Webex does not allow it.
fn with_way_out<T>(result: Result<T>) -> Reply<T> {
    result.map_err(|error| {
        let failure = wholesale::failure(&error);
        tracing::warn!(code = ?failure.code, tracking_id = failure.tracking_id, ?error, "refused");
        failure
    })
}

impl Patchbay {
    /// Changes that nobody follows since the last Patchbay ended are followed as soon as somebody looks.
    async fn take_up(&self, organisation: &str) {
        if let Err(error) = self.inner.wholesale.take_up(Some(organisation)).await {
            tracing::warn!(
                organisation,
                ?error,
                "changes of customers could not be followed on"
            );
        }
    }

    pub(crate) async fn wholesale_customers(&self, request: CustomerQuery) -> Reply<CustomerWindow> {
        self.take_up(&request.organisation).await;
        let CustomerQuery {
            organisation,
            filter,
            offset,
            limit,
        } = request;
        told(
            self.inner
                .wholesale
                .customers(&organisation, &filter, offset, limit)
                .await,
        )
    }

    pub(crate) async fn wholesale_customer(&self, request: CustomerId) -> Reply<Customer> {
        self.take_up(&request.organisation).await;
        told(
            self.inner
                .wholesale
                .customer(&request.organisation, &request.customer)
                .await,
        )
    }

    pub(crate) async fn wholesale_sync(&self, request: OrganisationId) -> Reply<SyncStarted> {
        told(self.inner.wholesale.begin_sync(&request.organisation).await).map(SyncStarted::from)
    }

    pub(crate) async fn wholesale_refresh(&self, request: CustomerId) -> Reply<Customer> {
        with_way_out(
            self.inner
                .wholesale
                .refresh(&request.organisation, &request.customer)
                .await,
        )
    }

    pub(crate) async fn wholesale_preview(&self, request: CustomerUpdate) -> Reply<ChangePreview> {
        with_way_out(
            self.inner
                .wholesale
                .preview(&request.organisation, &request.customer, &request.change)
                .await,
        )
    }

    pub(crate) async fn wholesale_update(&self, request: CustomerUpdate) -> Reply<TransactionStarted> {
        let begun = self
            .inner
            .wholesale
            .begin_update(&request.organisation, &request.customer, request.change)
            .await;
        Ok(TransactionStarted {
            transaction: with_way_out(begun)?,
        })
    }
}
