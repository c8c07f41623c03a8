//! Organisations.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::bulk_assignments::export::write_file;
use patchbay_core::organisations::{
    self, Deletion, ImportPlan, ListFormat, ListSource, Organisation, OrganisationFields, lists,
};
use patchbay_core::transactions::{self, Opening, TransactionKind};
use patchbay_core::{Result, audit};

impl Patchbay {
    pub(crate) async fn create_organisation(&self, fields: &OrganisationFields) -> Result<String> {
        let inner = &self.inner;
        let mut write = inner.db.write().await?;
        let id = organisations::create(&mut write, &inner.vault, inner.clock.as_ref(), fields).await?;
        self.furnish_schedules_in(&mut write).await?;
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
        organisations::update(
            &mut write,
            &inner.vault,
            inner.clock.as_ref(),
            &request.organisation,
            &request.fields,
        )
        .await?;
        self.furnish_schedules_in(&mut write).await?;
        self.record(
            &mut write,
            TransactionKind::OrganisationChanged,
            "changed",
            &request.organisation,
            &request.fields.name,
        )
        .await?;
        write.commit().await?;
        self.organisation(&request.organisation).await
    }

    /// The list of organisations as a file without secrets, and how many are in it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organisation_list(
        &self,
        format: ListFormat,
    ) -> std::result::Result<(Vec<u8>, u32), patchbay_core::Failure> {
        told(lists::export(&self.inner.db, format).await)
    }

    async fn export_organisations(&self, path: &str, format: ListFormat) -> Result<u32> {
        let (bytes, rows) = lists::export(&self.inner.db, format).await?;
        write_file(path, bytes).await?;
        self.record_export(
            format!("List of organisations saved, {rows} without secrets"),
            None,
        )
        .await?;
        Ok(rows)
    }

    async fn import_organisations(&self, source: ListSource, update: bool) -> Result<Imported> {
        let inner = &self.inner;
        let list = lists::read(source).await?;
        let mut write = inner.db.write().await?;
        let outcome = lists::import(&mut write, &inner.vault, inner.clock.as_ref(), &list, update).await?;
        self.furnish_schedules_in(&mut write).await?;
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let imported = Imported {
            transaction: String::new(),
            created: count(outcome.created.len()),
            updated: count(outcome.updated.len()),
            left: outcome.left,
            same: outcome.same,
            refused: count(outcome.refused.len()),
        };
        let opening = Opening {
            kind: TransactionKind::OrganisationsImported,
            title: format!(
                "Import of {}: {} added, {} changed, {} left as they were, {} refused",
                list.name,
                imported.created,
                imported.updated,
                imported.left + imported.same,
                imported.refused
            ),
            organisation: None,
            organisation_name: None,
            who: inner.who.clone(),
            steps: Vec::new(),
        };
        let transaction = transactions::record(&mut write, inner.clock.as_ref(), &opening).await?;
        let context = audit::Context {
            who: inner.who.clone(),
            organisation: None,
        };
        let refused: Vec<_> = outcome
            .refused
            .iter()
            .map(|entry| serde_json::json!({ "line": entry.line, "field": entry.field }))
            .collect();
        audit::append(
            &mut write,
            inner.clock.as_ref(),
            &context,
            "organisations_imported",
            &serde_json::json!({
                "file": list.name, "created": outcome.created, "updated": outcome.updated, "refused": refused,
            }),
        )
        .await?;
        write.commit().await?;
        Ok(Imported {
            transaction,
            ..imported
        })
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

    pub(crate) async fn organisations_deletion(&self, request: OrganisationId) -> Reply<Deletion> {
        told(self.deletion(&request.organisation).await)
    }

    pub(crate) async fn organisations_delete(&self, request: OrganisationDelete) -> Reply<Deleted> {
        let revoked = self
            .delete_organisation(&request.organisation, request.revoke)
            .await?;
        Ok(Deleted { revoked })
    }

    pub(crate) async fn organisations_export(&self, request: OrganisationsExport) -> Reply<Saved> {
        let rows = told(self.export_organisations(&request.path, request.format).await)?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }

    pub(crate) async fn organisations_import_preview(
        &self,
        request: OrganisationsImportPreview,
    ) -> Reply<ImportPlan> {
        let list = told(lists::read(request.source).await)?;
        told(lists::preview(&self.inner.db, self.inner.clock.as_ref(), &list).await)
    }

    pub(crate) async fn organisations_import(&self, request: OrganisationsImport) -> Reply<Imported> {
        told(self.import_organisations(request.source, request.update).await)
    }
}
