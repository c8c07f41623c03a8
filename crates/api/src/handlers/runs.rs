//! Runs and their reports.

use super::{Reply, told};
use crate::Patchbay;
use crate::commands::*;
use patchbay_core::Result;
use patchbay_core::bulk_assignments::{self as bulk, Template};
use patchbay_core::runs::{ReportWindow, RunProgress, report};

impl Patchbay {
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
        let title = format!("Report of \"{}\" saved, {rows} rows", run.name);
        self.record_export(title, Some((run.organisation, run.organisation_name)))
            .await?;
        Ok(rows)
    }
}

impl Patchbay {
    pub(crate) async fn runs_active(&self, _: Nothing) -> Reply<Runs> {
        let runs = told(self.inner.runs.open().await)?;
        Ok(Runs { runs })
    }

    pub(crate) async fn runs_get(&self, request: RunId) -> Reply<RunProgress> {
        told(self.inner.runs.progress(&request.run).await)
    }

    pub(crate) async fn runs_report(&self, request: ReportQuery) -> Reply<ReportWindow> {
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

    pub(crate) async fn runs_pause(&self, request: RunId) -> Reply<RunProgress> {
        told(self.inner.runs.pause(&request.run).await)?;
        told(self.inner.runs.progress(&request.run).await)
    }

    pub(crate) async fn runs_resume(&self, request: RunId) -> Reply<RunProgress> {
        told(self.inner.starter.resume(&request.run).await)?;
        told(self.inner.runs.progress(&request.run).await)
    }

    pub(crate) async fn runs_cancel(&self, request: RunId) -> Reply<RunProgress> {
        told(self.inner.starter.cancel(&request.run).await)?;
        told(self.inner.runs.progress(&request.run).await)
    }

    pub(crate) async fn runs_retry(&self, request: Retry) -> Reply<Template> {
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

    pub(crate) async fn runs_export(&self, request: ReportExport) -> Reply<Saved> {
        let rows = told(self.save_report(&request).await)?;
        Ok(Saved {
            path: request.path,
            rows,
        })
    }

    pub(crate) async fn runs_summary(&self, request: RunId) -> Reply<Summary> {
        let text = told(bulk::summary(&self.inner.runs, &request.run).await)?;
        Ok(Summary { text })
    }
}
