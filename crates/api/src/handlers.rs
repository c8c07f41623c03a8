//! Each command, carried out: words of the table to verbs of the core, and errors to failures. No rules here.

use crate::Patchbay;
use crate::commands::*;
use patchbay_core::bulk_assignments::{
    self as bulk, Check, CheckedRows, EditDone, Plan, PlannedRows, Template,
};
use patchbay_core::consent::{Beginning, ConsentAttempt};
use patchbay_core::mirror::{MirrorStatus, PeopleWindow};
use patchbay_core::organisations::{self, Organisation, OrganisationFields};
use patchbay_core::runs::{ReportWindow, RunProgress, report};
use patchbay_core::secrets::VaultStatus;
use patchbay_core::settings::{self, Preferences};
use patchbay_core::transactions::{self, Opening, Transaction, TransactionKind, TransactionWindow};
use patchbay_core::{Error, Failure, Result, audit, mirror};

type Reply<T> = std::result::Result<T, Failure>;

/// An error on its way to the person: its chain goes to the log, its sentence to the caller.
fn told<T>(result: Result<T>) -> Reply<T> {
    result.map_err(|error| {
        let failure = error.failure();
        tracing::warn!(code = ?failure.code, tracking_id = failure.tracking_id, error = ?error, "refused");
        failure
    })
}

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

    async fn template(&self, id: &str) -> Result<Template> {
        bulk::get(&self.inner.db, &self.inner.runs, id).await
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

    async fn set_preferences(&self, preferences: &Preferences) -> Result<Preferences> {
        let mut write = self.inner.db.write().await?;
        settings::save(&mut write, preferences).await?;
        write.commit().await?;
        settings::load(&self.inner.db).await
    }

    async fn plan(&self, template: &str) -> Result<Plan> {
        let made = self.inner.plans.make(template).await?;
        let rate = match self.inner.clients.gate(&made.organisation).await {
            Ok(gate) => gate.snapshot().learned_rate,
            Err(_) => None,
        };
        self.inner.plans.view(template, &self.inner.runs, rate).await
    }

    async fn save_report(&self, request: &ReportExport) -> Result<u32> {
        let inner = &self.inner;
        let rows = bulk::save_report(
            &inner.db,
            &request.run,
            &request.path,
            request.kind,
            &request.filter,
        )
        .await?;
        let run = inner.runs.progress(&request.run).await?;
        let mut write = inner.db.write().await?;
        let opening = Opening {
            kind: TransactionKind::Export,
            title: format!("Report of \"{}\" saved, {rows} rows", run.name),
            organisation: Some(run.organisation),
            organisation_name: Some(run.organisation_name),
            who: inner.who.clone(),
            steps: Vec::new(),
        };
        transactions::record(&mut write, inner.clock.as_ref(), &opening).await?;
        write.commit().await?;
        Ok(rows)
    }

    async fn info(&self) -> Result<AppInfo> {
        let inner = &self.inner;
        let organisations = organisations::list(&inner.db, &inner.vault).await?;
        let templates = bulk::list(&inner.db, &inner.runs, None).await?;
        Ok(AppInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_dir: inner.data_dir.display().to_string(),
            log_dir: inner.log_dir.display().to_string(),
            first_run: organisations.is_empty() && templates.is_empty(),
            who: inner.who.clone(),
        })
    }
}

impl Commands for Patchbay {
    async fn app_info(&self, _: Nothing) -> Reply<AppInfo> {
        told(self.info().await)
    }

    async fn app_support_bundle(&self, request: FileSave) -> Reply<Saved> {
        let rows = told(self.save_support_bundle(&request.path).await)?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }

    async fn preferences_get(&self, _: Nothing) -> Reply<Preferences> {
        told(settings::load(&self.inner.db).await)
    }

    async fn preferences_set(&self, request: Preferences) -> Reply<Preferences> {
        told(self.set_preferences(&request).await)
    }

    async fn vault_status(&self, _: Nothing) -> Reply<VaultStatus> {
        told(self.inner.vault.status().await)
    }

    async fn vault_create(&self, request: VaultCreate) -> Reply<VaultStatus> {
        told(
            self.inner
                .vault
                .create(request.key_in, request.passphrase.map(Into::into))
                .await,
        )
    }

    async fn vault_unlock(&self, request: VaultUnlock) -> Reply<VaultStatus> {
        told(self.inner.vault.unlock(request.passphrase.into()).await)
    }

    async fn vault_change_passphrase(&self, request: VaultChangePassphrase) -> Reply<VaultStatus> {
        told(
            self.inner
                .vault
                .change_passphrase(request.old.into(), request.new.into())
                .await,
        )?;
        told(self.inner.vault.status().await)
    }

    async fn vault_reset(&self, _: Nothing) -> Reply<VaultStatus> {
        told(self.inner.vault.reset().await)
    }

    async fn demo_open(&self, _: Nothing) -> Reply<DemoOpened> {
        let (organisation, template) = told(self.open_demo().await)?;
        Ok(DemoOpened {
            organisation,
            template,
        })
    }

    async fn organisations_list(&self, _: Nothing) -> Reply<Organisations> {
        let organisations = told(organisations::list(&self.inner.db, &self.inner.vault).await)?;
        Ok(Organisations { organisations })
    }

    async fn organisations_get(&self, request: OrganisationId) -> Reply<Organisation> {
        told(self.organisation(&request.organisation).await)
    }

    async fn organisations_create(&self, request: OrganisationCreate) -> Reply<Organisation> {
        let id = told(self.create_organisation(&request.fields).await)?;
        told(self.organisation(&id).await)
    }

    async fn organisations_update(&self, request: OrganisationUpdate) -> Reply<Organisation> {
        told(self.update_organisation(&request).await)
    }

    async fn organisations_delete(&self, request: OrganisationId) -> Reply<Nothing> {
        told(self.delete_organisation(&request.organisation).await)?;
        Ok(Nothing {})
    }

    async fn consent_permissions(&self, request: OrganisationId) -> Reply<Permissions> {
        let permissions = told(self.inner.consent.permissions(&request.organisation).await)?;
        Ok(Permissions { permissions })
    }

    async fn consent_begin(&self, request: ConsentBegin) -> Reply<ConsentAttempt> {
        told(self.begin_consent(request).await)
    }

    async fn consent_attempt(&self, request: AttemptId) -> Reply<ConsentAttempt> {
        told(self.inner.consent.attempt(&request.attempt))
    }

    async fn consent_cancel(&self, request: AttemptId) -> Reply<ConsentAttempt> {
        told(self.inner.consent.cancel(&request.attempt).await)
    }

    async fn mirror_status(&self, request: OrganisationId) -> Reply<MirrorStatus> {
        let syncing = self.inner.syncs.current(&request.organisation);
        told(mirror::status(&self.inner.db, &request.organisation, syncing).await)
    }

    async fn mirror_sync(&self, request: OrganisationId) -> Reply<TransactionStarted> {
        let transaction = told(self.inner.syncs.begin(&request.organisation).await)?;
        Ok(TransactionStarted { transaction })
    }

    async fn mirror_licences(&self, request: OrganisationId) -> Reply<Licences> {
        let licences = told(mirror::licences(&self.inner.db, &request.organisation).await)?;
        Ok(Licences { licences })
    }

    async fn mirror_locations(&self, request: OrganisationId) -> Reply<Locations> {
        let locations = told(mirror::locations(&self.inner.db, &request.organisation).await)?;
        Ok(Locations { locations })
    }

    async fn mirror_people(&self, request: PeopleQuery) -> Reply<PeopleWindow> {
        told(
            mirror::people(
                &self.inner.db,
                &request.organisation,
                request.search.as_deref(),
                request.offset,
                request.limit,
            )
            .await,
        )
    }

    async fn bulk_assignments_list(&self, request: TemplateQuery) -> Reply<Templates> {
        let templates = told(bulk::list(&self.inner.db, &self.inner.runs, request.search.as_deref()).await)?;
        Ok(Templates { templates })
    }

    async fn bulk_assignments_get(&self, request: TemplateId) -> Reply<Template> {
        told(self.template(&request.template).await)
    }

    async fn bulk_assignments_create(&self, request: TemplateCreate) -> Reply<Template> {
        let id = told(bulk::create(&self.inner.db, self.inner.clock.as_ref(), request.fields).await)?;
        told(self.template(&id).await)
    }

    async fn bulk_assignments_update(&self, request: TemplateUpdate) -> Reply<Template> {
        told(
            bulk::update(
                &self.inner.db,
                self.inner.clock.as_ref(),
                &request.template,
                request.fields,
            )
            .await,
        )?;
        told(self.template(&request.template).await)
    }

    async fn bulk_assignments_duplicate(&self, request: TemplateId) -> Reply<Template> {
        let id = told(bulk::duplicate(&self.inner.db, self.inner.clock.as_ref(), &request.template).await)?;
        told(self.template(&id).await)
    }

    async fn bulk_assignments_delete(&self, request: TemplateId) -> Reply<Nothing> {
        told(bulk::delete(&self.inner.db, &self.inner.runs, &request.template).await)?;
        Ok(Nothing {})
    }

    async fn bulk_assignments_add_files(&self, request: FilesAdd) -> Reply<Check> {
        let inner = &self.inner;
        told(
            bulk::add_files(
                &inner.db,
                inner.clock.as_ref(),
                &inner.checks,
                &request.template,
                request.files,
            )
            .await,
        )?;
        told(inner.checks.check(&request.template).await)
    }

    async fn bulk_assignments_remove_file(&self, request: FileRemove) -> Reply<Check> {
        let inner = &self.inner;
        told(
            bulk::remove_file(
                &inner.db,
                inner.clock.as_ref(),
                &inner.checks,
                &request.template,
                request.index,
            )
            .await,
        )?;
        told(inner.checks.check(&request.template).await)
    }

    async fn bulk_assignments_check(&self, request: TemplateId) -> Reply<Check> {
        told(self.inner.checks.check(&request.template).await)
    }

    async fn bulk_assignments_rows(&self, request: RowsQuery) -> Reply<CheckedRows> {
        told(
            self.inner
                .checks
                .rows(&request.template, &request.filter, request.offset, request.limit)
                .await,
        )
    }

    async fn bulk_assignments_strip(&self, request: StripQuery) -> Reply<Strip> {
        let buckets = told(self.inner.checks.strip(&request.template, request.buckets).await)?;
        Ok(Strip { buckets })
    }

    async fn bulk_assignments_next_problem(&self, request: ProblemQuery) -> Reply<Found> {
        let found = self
            .inner
            .checks
            .next_problem(
                &request.template,
                &request.filter,
                request.after,
                request.backwards,
            )
            .await;
        Ok(Found { found: told(found)? })
    }

    async fn bulk_assignments_try_value(&self, request: CellValue) -> Reply<Issues> {
        let issues = told(
            self.inner
                .checks
                .try_value(&request.template, request.cell, &request.value)
                .await,
        )?;
        Ok(Issues { issues })
    }

    async fn bulk_assignments_edit_cell(&self, request: CellValue) -> Reply<EditDone> {
        told(
            self.inner
                .checks
                .edit(&request.template, request.cell, &request.value)
                .await,
        )
    }

    async fn bulk_assignments_fix_cell(&self, request: CellFix) -> Reply<EditDone> {
        told(self.inner.checks.fix(&request.template, request.cell).await)
    }

    async fn bulk_assignments_fix_all(&self, request: RuleFix) -> Reply<EditDone> {
        told(self.inner.checks.fix_all(&request.template, &request.code).await)
    }

    async fn bulk_assignments_undo(&self, request: TemplateId) -> Reply<EditDone> {
        told(self.inner.checks.undo(&request.template).await)
    }

    async fn bulk_assignments_redo(&self, request: TemplateId) -> Reply<EditDone> {
        told(self.inner.checks.redo(&request.template).await)
    }

    async fn bulk_assignments_save_corrected(&self, request: CorrectedSave) -> Reply<Saved> {
        let rows = told(
            bulk::save_corrected(&self.inner.checks, &request.template, request.file, &request.path).await,
        )?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }

    async fn bulk_assignments_save_sample(&self, request: SampleSave) -> Reply<Saved> {
        let rows = told(bulk::save_sample(request.kind, &request.path).await)?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }

    async fn bulk_assignments_plan(&self, request: TemplateId) -> Reply<Plan> {
        told(self.plan(&request.template).await)
    }

    async fn bulk_assignments_plan_rows(&self, request: PlanRowsQuery) -> Reply<PlannedRows> {
        told(
            self.inner
                .plans
                .rows(&request.template, &request.filter, request.offset, request.limit)
                .await,
        )
    }

    async fn bulk_assignments_save_plan(&self, request: PlanSave) -> Reply<Saved> {
        let rows = told(bulk::save_plan(&self.inner.plans, &request.template, &request.path).await)?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }

    async fn bulk_assignments_start(&self, request: Start) -> Reply<TransactionStarted> {
        let transaction = told(
            self.inner
                .starter
                .start(&request.template, request.plan, request.checked_live)
                .await,
        )?;
        Ok(TransactionStarted { transaction })
    }

    async fn runs_active(&self, _: Nothing) -> Reply<Runs> {
        let runs = told(self.inner.runs.open().await)?;
        Ok(Runs { runs })
    }

    async fn runs_get(&self, request: RunId) -> Reply<RunProgress> {
        told(self.inner.runs.progress(&request.run).await)
    }

    async fn runs_report(&self, request: ReportQuery) -> Reply<ReportWindow> {
        let limit = request.limit.min(1_000);
        told(
            report::window(
                &self.inner.db,
                &request.run,
                &request.filter,
                request.offset,
                limit,
            )
            .await,
        )
    }

    async fn runs_pause(&self, request: RunId) -> Reply<RunProgress> {
        told(self.inner.runs.pause(&request.run).await)?;
        told(self.inner.runs.progress(&request.run).await)
    }

    async fn runs_resume(&self, request: RunId) -> Reply<RunProgress> {
        told(self.inner.starter.resume(&request.run).await)?;
        told(self.inner.runs.progress(&request.run).await)
    }

    async fn runs_cancel(&self, request: RunId) -> Reply<RunProgress> {
        told(self.inner.starter.cancel(&request.run).await)?;
        told(self.inner.runs.progress(&request.run).await)
    }

    async fn runs_retry(&self, request: Retry) -> Reply<Template> {
        let inner = &self.inner;
        let id = told(
            bulk::retry(
                &inner.db,
                inner.clock.as_ref(),
                &inner.checks,
                &request.run,
                request.rows.as_deref(),
            )
            .await,
        )?;
        told(self.template(&id).await)
    }

    async fn runs_export(&self, request: ReportExport) -> Reply<Saved> {
        let rows = told(self.save_report(&request).await)?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }

    async fn runs_summary(&self, request: RunId) -> Reply<Summary> {
        let text = told(bulk::summary(&self.inner.runs, &request.run).await)?;
        Ok(Summary { text })
    }

    async fn transactions_list(&self, request: TransactionQuery) -> Reply<TransactionWindow> {
        told(transactions::list(&self.inner.db, &request.filter, request.offset, request.limit).await)
    }

    async fn transactions_get(&self, request: TransactionId) -> Reply<Transaction> {
        told(transactions::get(&self.inner.db, &request.transaction).await)
    }
}
