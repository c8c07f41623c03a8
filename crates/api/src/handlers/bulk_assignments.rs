//! Templates, their check and their plan.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::Result;
use patchbay_core::bulk_assignments::{
    self as bulk, Check, CheckedRows, EditDone, Plan, PlannedRows, Template,
};

impl Patchbay {
    pub(super) async fn template(&self, id: &str) -> Result<Template> {
        bulk::get(&self.inner.db, &self.inner.runs, id).await
    }

    async fn plan(&self, template: &str) -> Result<Plan> {
        let made = self.inner.plans.make(template).await?;
        let rate = match self.inner.clients.gate(&made.organisation).await {
            Ok(gate) => gate.snapshot().learned_rate,
            Err(_) => None,
        };
        self.inner.plans.view(template, &self.inner.runs, rate).await
    }
}

impl Patchbay {
    pub(crate) async fn bulk_assignments_list(&self, request: TemplateQuery) -> Reply<Templates> {
        let templates = told(bulk::list(&self.inner.db, &self.inner.runs, request.search.as_deref()).await)?;
        Ok(Templates { templates })
    }

    pub(crate) async fn bulk_assignments_get(&self, request: TemplateId) -> Reply<Template> {
        told(self.template(&request.template).await)
    }

    pub(crate) async fn bulk_assignments_create(&self, request: TemplateCreate) -> Reply<Template> {
        let id = told(bulk::create(&self.inner.db, self.inner.clock.as_ref(), request.fields).await)?;
        told(self.template(&id).await)
    }

    pub(crate) async fn bulk_assignments_update(&self, request: TemplateUpdate) -> Reply<Template> {
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

    pub(crate) async fn bulk_assignments_duplicate(&self, request: TemplateId) -> Reply<Template> {
        let id = told(bulk::duplicate(&self.inner.db, self.inner.clock.as_ref(), &request.template).await)?;
        told(self.template(&id).await)
    }

    pub(crate) async fn bulk_assignments_delete(&self, request: TemplateId) -> Reply<Nothing> {
        told(bulk::delete(&self.inner.db, &self.inner.runs, &request.template).await)?;
        Ok(Nothing {})
    }

    pub(crate) async fn bulk_assignments_add_files(&self, request: FilesAdd) -> Reply<Check> {
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

    pub(crate) async fn bulk_assignments_remove_file(&self, request: FileRemove) -> Reply<Check> {
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

    pub(crate) async fn bulk_assignments_check(&self, request: TemplateId) -> Reply<Check> {
        told(self.inner.checks.check(&request.template).await)
    }

    pub(crate) async fn bulk_assignments_rows(&self, request: RowsQuery) -> Reply<CheckedRows> {
        told(
            self.inner
                .checks
                .rows(&request.template, &request.filter, request.offset, request.limit)
                .await,
        )
    }

    pub(crate) async fn bulk_assignments_strip(&self, request: StripQuery) -> Reply<Strip> {
        let buckets = told(self.inner.checks.strip(&request.template, request.buckets).await)?;
        Ok(Strip { buckets })
    }

    pub(crate) async fn bulk_assignments_next_problem(&self, request: ProblemQuery) -> Reply<Found> {
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

    pub(crate) async fn bulk_assignments_try_value(&self, request: CellValue) -> Reply<Issues> {
        let issues = told(
            self.inner
                .checks
                .try_value(&request.template, request.cell, &request.value)
                .await,
        )?;
        Ok(Issues { issues })
    }

    pub(crate) async fn bulk_assignments_edit_cell(&self, request: CellValue) -> Reply<EditDone> {
        told(
            self.inner
                .checks
                .edit(&request.template, request.cell, &request.value)
                .await,
        )
    }

    pub(crate) async fn bulk_assignments_fix_cell(&self, request: CellFix) -> Reply<EditDone> {
        told(self.inner.checks.fix(&request.template, request.cell).await)
    }

    pub(crate) async fn bulk_assignments_fix_all(&self, request: RuleFix) -> Reply<EditDone> {
        told(self.inner.checks.fix_all(&request.template, &request.code).await)
    }

    pub(crate) async fn bulk_assignments_undo(&self, request: TemplateId) -> Reply<EditDone> {
        told(self.inner.checks.undo(&request.template).await)
    }

    pub(crate) async fn bulk_assignments_redo(&self, request: TemplateId) -> Reply<EditDone> {
        told(self.inner.checks.redo(&request.template).await)
    }

    pub(crate) async fn bulk_assignments_save_corrected(&self, request: CorrectedSave) -> Reply<Saved> {
        let rows = told(
            bulk::save_corrected(&self.inner.checks, &request.template, request.file, &request.path).await,
        )?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }

    pub(crate) async fn bulk_assignments_save_sample(&self, request: SampleSave) -> Reply<Saved> {
        let rows = told(bulk::save_sample(request.kind, &request.path).await)?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }

    pub(crate) async fn bulk_assignments_plan(&self, request: TemplateId) -> Reply<Plan> {
        told(self.plan(&request.template).await)
    }

    pub(crate) async fn bulk_assignments_plan_rows(&self, request: PlanRowsQuery) -> Reply<PlannedRows> {
        told(
            self.inner
                .plans
                .rows(&request.template, &request.filter, request.offset, request.limit)
                .await,
        )
    }

    pub(crate) async fn bulk_assignments_save_plan(&self, request: PlanSave) -> Reply<Saved> {
        let rows = told(bulk::save_plan(&self.inner.plans, &request.template, &request.path).await)?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }

    pub(crate) async fn bulk_assignments_start(&self, request: Start) -> Reply<TransactionStarted> {
        let transaction = told(
            self.inner
                .starter
                .start(&request.template, request.plan, request.checked_live)
                .await,
        )?;
        Ok(TransactionStarted { transaction })
    }
}
