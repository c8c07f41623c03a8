//! Organisations and their consent.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::consent::{Beginning, ConsentAttempt};
use patchbay_core::organisations::{self, Organisation, OrganisationFields};
use patchbay_core::transactions::{self, Opening, TransactionKind};
use patchbay_core::{Error, Result, audit, settings};

impl Patchbay {
    pub(crate) async fn create_organisation(&self, fields: &OrganisationFields) -> Result<String> {
        let inner = &self.inner;
        let mut write = inner.db.write().await?;
        let id = organisations::create(&mut write, &inner.vault, inner.clock.as_ref(), fields).await?;
        self.record(
            &mut write,
            TransactionKind::OrganisationAdded,
            "added",
            &id,
            &fields.name,
        )
        .await?;
        write.commit().await?;
        Ok(id)
    }

    async fn record(
        &self,
        write: &mut patchbay_core::db::Write,
        kind: TransactionKind,
        verb: &str,
        organisation: &str,
        name: &str,
    ) -> Result<()> {
        let opening = Opening {
            kind,
            title: format!("Organisation {name} {verb}"),
            organisation: Some(organisation.to_owned()),
            organisation_name: Some(name.to_owned()),
            who: self.inner.who.clone(),
            steps: Vec::new(),
        };
        transactions::record(write, self.inner.clock.as_ref(), &opening).await?;
        let context = audit::Context {
            who: self.inner.who.clone(),
            organisation: Some(organisation.to_owned()),
        };
        let event = format!("organisation_{verb}");
        audit::append(
            write,
            self.inner.clock.as_ref(),
            &context,
            &event,
            &serde_json::json!({ "name": name }),
        )
        .await?;
        Ok(())
    }

    async fn organisation(&self, id: &str) -> Result<Organisation> {
        organisations::get(&self.inner.db, &self.inner.vault, id).await
    }

    async fn update_organisation(&self, request: &OrganisationUpdate) -> Result<Organisation> {
        let inner = &self.inner;
        let mut write = inner.db.write().await?;
        organisations::update(&mut write, &inner.vault, &request.organisation, &request.fields).await?;
        self.record(
            &mut write,
            TransactionKind::OrganisationChanged,
            "changed",
            &request.organisation,
            &request.fields.name,
        )
        .await?;
        write.commit().await?;
        inner.clients.forget(&request.organisation).await;
        self.organisation(&request.organisation).await
    }

    async fn delete_organisation(&self, id: &str) -> Result<()> {
        let inner = &self.inner;
        let organisation = self.organisation(id).await?;
        if let Some(run) = inner
            .runs
            .open()
            .await?
            .into_iter()
            .find(|run| run.organisation == id)
        {
            return Err(Error::conflict(format!(
                "The run \"{}\" of {} has not ended. Finish or cancel it, then delete the organisation.",
                run.name, organisation.name
            )));
        }
        inner.consent.forget(id).await;
        inner.syncs.wait(id).await;
        let mut write = inner.db.write().await?;
        organisations::delete(&mut write, &inner.vault, id).await?;
        self.record(
            &mut write,
            TransactionKind::OrganisationRemoved,
            "removed",
            id,
            &organisation.name,
        )
        .await?;
        write.commit().await?;
        Ok(())
    }

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
}

impl Patchbay {
    pub(crate) async fn organisations_list(&self, _: Nothing) -> Reply<Organisations> {
        let organisations = told(organisations::list(&self.inner.db, &self.inner.vault).await)?;
        Ok(Organisations { organisations })
    }

    pub(crate) async fn organisations_get(&self, request: OrganisationId) -> Reply<Organisation> {
        told(self.organisation(&request.organisation).await)
    }

    pub(crate) async fn organisations_create(&self, request: OrganisationCreate) -> Reply<Organisation> {
        let id = told(self.create_organisation(&request.fields).await)?;
        told(self.organisation(&id).await)
    }

    pub(crate) async fn organisations_update(&self, request: OrganisationUpdate) -> Reply<Organisation> {
        told(self.update_organisation(&request).await)
    }

    pub(crate) async fn organisations_delete(&self, request: OrganisationId) -> Reply<Nothing> {
        told(self.delete_organisation(&request.organisation).await)?;
        Ok(Nothing {})
    }

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
}
