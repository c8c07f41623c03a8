//! From a plan to a run: check live, compare with what was seen, make the ledger, set it to work. And again for rows
//! that failed.

use super::model::{FileSource, LicenceChoice, PlannedOutcome, TemplateFields};
use super::planning::{Made, Plans};
use super::{Checks, export, run, store, templates};
use crate::audit;
use crate::clock::Clock;
use crate::consent::Clients;
use crate::db::Db;
use crate::error::{Error, Failure, Result};
use crate::events::Topic;
use crate::ids;
use crate::mirror::{self, MirrorKind};
use crate::organisations;
use crate::runs::{self, ExportKind, Item, ItemState, NewRun, ReportFilter, RunState, Runs, report};
use crate::secrets::Vault;
use crate::transactions::{self, Opening, TransactionKind, TransactionState};
use base64::Engine as _;
use std::sync::Arc;

/// What is checked live before a run, in this order.
const LIVE: [MirrorKind; 4] = [
    MirrorKind::Licences,
    MirrorKind::Locations,
    MirrorKind::People,
    MirrorKind::Numbers,
];

/// What starting a run needs. Cheap to clone.
#[derive(Clone)]
pub struct Starter {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub vault: Vault,
    pub clients: Clients,
    pub runs: Runs,
    pub plans: Plans,
    pub who: String,
}

impl Starter {
    /// Checks live and starts, in the background: the transaction tells how it goes. `checked_live` says that the caller
    /// has copied the organisation just now, so that it need not be copied twice in a row.
    ///
    /// # Errors
    /// What can be seen at once: no plan, no consent, an ended run.
    pub async fn start(&self, template: &str, seen: String, checked_live: bool) -> Result<String> {
        let made = self.plans.make(template).await?;
        self.startable(template).await?;
        let open = self.open(template, &made).await?;
        let (starter, template, transaction) = (self.clone(), template.to_owned(), open.id.clone());
        tokio::spawn(async move {
            if let Err(error) = starter
                .check_and_launch(&template, &open, &seen, checked_live)
                .await
            {
                tracing::warn!(template, ?error, "the run was not started");
                starter.close(&open, &error.failure()).await;
            }
        });
        Ok(transaction)
    }

    async fn close(&self, open: &transactions::Open, failure: &Failure) {
        if let Err(error) = open.close(Err(failure), &[]).await {
            tracing::error!(transaction = open.id, ?error, "a transaction could not be closed");
        }
    }

    /// A template is carried out once; a plan without anything to assign still makes a report.
    async fn startable(&self, template: &str) -> Result<()> {
        let stored = store::get(&self.db, template).await?;
        let Some(run) = &stored.run else { return Ok(()) };
        let progress = self.runs.progress(run).await?;
        Err(
            if matches!(progress.state, RunState::Completed | RunState::Cancelled) {
                Error::conflict(format!(
                    "\"{}\" has been carried out. Duplicate it to run it again.",
                    stored.fields.name
                ))
            } else {
                Error::conflict(format!(
                    "\"{}\" is in progress already. Open its run.",
                    stored.fields.name
                ))
            },
        )
    }

    async fn open(&self, template: &str, made: &Made) -> Result<transactions::Open> {
        let name = store::get(&self.db, template).await?.fields.name;
        let organisation = organisations::get(&self.db, &self.vault, &made.organisation).await?;
        let mut steps: Vec<String> = LIVE.iter().map(|kind| format!("Check {}", kind.name())).collect();
        steps.push("Assign".to_owned());
        transactions::open(
            &self.db,
            Arc::clone(&self.clock),
            Opening {
                kind: TransactionKind::BulkAssignment,
                title: format!("Bulk assignment \"{name}\""),
                organisation: Some(organisation.id),
                organisation_name: Some(organisation.name),
                who: self.who.clone(),
                steps,
            },
        )
        .await
    }

    async fn check_and_launch(
        &self,
        template: &str,
        open: &transactions::Open,
        seen: &str,
        checked_live: bool,
    ) -> Result<()> {
        let stored = store::get(&self.db, template).await?;
        let id = stored
            .fields
            .organisation
            .clone()
            .ok_or_else(|| Error::conflict("Choose the organisation first."))?;
        let organisation = organisations::get(&self.db, &self.vault, &id).await?;
        let webex = self.clients.webex_for(&id).await?;
        if !checked_live {
            mirror::sync_watched(
                &self.db,
                self.clock.as_ref(),
                &webex,
                &id,
                organisation.internal_id.as_deref(),
                &LIVE,
                open,
                0,
            )
            .await?;
        }
        let made = self.plans.make(template).await?;
        if seen != made.planned.hash {
            return Err(Error::PlanDrifted {
                message: format!(
                    "Webex has changed since this plan was made, so nothing was sent. The plan of \"{}\" is a new one now: look it over and start again.",
                    stored.fields.name
                ),
            });
        }
        self.startable(template).await?;
        self.launch(template, &made, open, webex, organisation).await
    }

    async fn launch(
        &self,
        template: &str,
        made: &Made,
        open: &transactions::Open,
        webex: webex_client::Webex,
        organisation: organisations::Organisation,
    ) -> Result<()> {
        let stored = store::get(&self.db, template).await?;
        let file_hashes: Vec<String> = store::files(&self.db, template)
            .await?
            .into_iter()
            .map(|file| file.sha256)
            .collect();
        let run = NewRun {
            id: ids::new_id(),
            template: Some(template.to_owned()),
            name: stored.fields.name.clone(),
            organisation: organisation.id.clone(),
            organisation_name: organisation.name.clone(),
            who: self.who.clone(),
            spec: serde_json::to_string(&made.spec).map_err(|_| Error::Ended {
                what: "Writing the plan down",
            })?,
            plan_hash: made.planned.hash.clone(),
            file_hashes,
            transaction: Some(open.id.clone()),
            items: made.planned.items.iter().map(item).collect(),
        };
        let now = self.clock.now().to_string();
        let context = audit::Context {
            who: self.who.clone(),
            organisation: Some(organisation.id.clone()),
        };
        let detail = serde_json::json!({
            "run": run.id, "template": template, "name": run.name, "plan": run.plan_hash, "files": run.file_hashes,
            "rows": run.items.len(), "location": made.spec.location, "callingLicence": made.spec.calling_licence, "addOns": made.spec.add_ons,
        });
        let claim = self.runs.claim_new(&run.id)?;
        let mut write = self.db.write().await?;
        if !store::set_run(write.connection(), template, &run.id, &now).await? {
            return self.startable(template).await;
        }
        runs::insert(&mut write, &run, &now).await?;
        transactions::note_run_in(&mut write, &open.id, &run.id).await?;
        audit::append(&mut write, self.clock.as_ref(), &context, "run_started", &detail).await?;
        write.touch(Topic::BulkAssignments);
        write.commit().await?;
        let total = u32::try_from(run.items.len()).unwrap_or(u32::MAX);
        open.step(LIVE.len(), TransactionState::Running, 0, Some(total), None)
            .await?;
        let work = run::work(webex, made.spec.clone(), organisation.internal_id);
        self.runs.begin_claimed(claim, work).await
    }

    /// Sets a paused or interrupted run to work again.
    ///
    /// # Errors
    /// `Conflict` when it has ended or is at work elsewhere, `ConsentNeeded` when the organisation is not connected.
    pub async fn resume(&self, run: &str) -> Result<()> {
        let work = self.work_of(run).await?;
        self.runs.begin(run, work).await
    }

    /// Gives a run up, whether at work or not. What is in doubt is read back once more.
    ///
    /// # Errors
    /// As [`Starter::resume`].
    pub async fn cancel(&self, run: &str) -> Result<()> {
        if self.runs.cancel(run).await? {
            return Ok(());
        }
        let work = match self.work_of(run).await {
            Ok(work) => work,
            // Giving up must not wait for somebody to connect again; what was on its way ends as unknown.
            Err(error @ (Error::ConsentNeeded { .. } | Error::Secrets(_) | Error::NotFound { .. })) => {
                run::unreachable(error.failure().message)
            }
            Err(error) => return Err(error),
        };
        self.runs.begin_cancelled(run, work).await?;
        self.runs.wait(run).await;
        Ok(())
    }

    async fn work_of(&self, run: &str) -> Result<Arc<dyn runs::Work>> {
        let stored = runs::get(&self.db, run).await?;
        let spec = run::read_spec(run, &stored.spec)?;
        let organisation = organisations::get(&self.db, &self.vault, &stored.organisation).await?;
        let webex = self.clients.webex_for(&stored.organisation).await?;
        Ok(run::work(webex, spec, organisation.internal_id))
    }
}

fn item(planned: &super::plan::Item) -> Item {
    let (state, code, message) = match planned.outcome {
        PlannedOutcome::Assign => (ItemState::Pending, None, None),
        PlannedOutcome::AlreadyAssigned => (
            ItemState::AlreadyAssigned,
            None,
            Some("Had this extension, number and licences before: nothing was sent.".to_owned()),
        ),
        PlannedOutcome::Skip => (
            ItemState::Skipped,
            planned.code.map(str::to_owned),
            planned.message.clone(),
        ),
    };
    Item {
        row: planned.row,
        state,
        file: planned.file,
        file_row: planned.file_row,
        ext_key: planned.ext_key.clone(),
        identity: planned.identity.clone(),
        number: planned.number.clone(),
        inventory_number: planned.inventory_number.clone(),
        person_id: planned.person_id.clone(),
        person_key: planned.person_key.clone(),
        user: planned.user.clone(),
        licences: planned
            .licences
            .iter()
            .map(|licence: &LicenceChoice| licence.id.clone())
            .collect(),
        code,
        message,
        attempts: 0,
        sent_at: None,
    }
}

/// A new draft of the rows that failed (or of `rows` that are not assigned), with the same location and licences.
///
/// # Errors
/// `Conflict` when there is no such row.
pub async fn retry(
    db: &Db,
    clock: &dyn Clock,
    checks: &Checks,
    run: &str,
    rows: Option<&[u32]>,
) -> Result<String> {
    let stored = runs::get(db, run).await?;
    let spec = run::read_spec(run, &stored.spec)?;
    let again: Vec<runs::ReportRow> = report::all(db, run, &ReportFilter::default())
        .await?
        .into_iter()
        .filter(|row| match rows {
            Some(rows) => {
                rows.contains(&row.row)
                    && !matches!(row.outcome, ItemState::Assigned | ItemState::AlreadyAssigned)
            }
            None => matches!(row.outcome, ItemState::Failed | ItemState::Unknown),
        })
        .collect();
    if again.is_empty() {
        return Err(Error::conflict(
            "None of these rows failed, so there is nothing to retry.",
        ));
    }
    let heading = export::identity_heading(again.iter().map(|row| row.identity.as_str()));
    let failed = |_| Error::Ended {
        what: "Writing the CSV",
    };
    let mut writer = bulk_file::write::Writer::new(bulk_file::write::Kind::Reimport);
    writer.row(["Ext Key", heading, "Number"]).map_err(failed)?;
    for row in &again {
        writer
            .row([
                row.ext_key.as_str(),
                &row.identity,
                row.number.as_deref().unwrap_or_default(),
            ])
            .map_err(failed)?;
    }
    let content = writer.finish().map_err(failed)?;
    let fields = TemplateFields {
        name: templates::suffixed(&stored.name, " (retry)"),
        organisation: Some(stored.organisation),
        location: Some(spec.location),
        calling_licence: Some(spec.calling_licence),
        add_ons: spec.add_ons,
    };
    let template = templates::create(db, clock, fields).await?;
    let file = FileSource::Content {
        name: format!("retry-of-{}.csv", stored.id),
        base64: base64::engine::general_purpose::STANDARD.encode(content),
    };
    templates::add_files(db, clock, checks, &template, vec![file]).await?;
    Ok(template)
}

/// The report of a run as CSV, for standard output.
///
/// # Errors
/// When the database cannot be read.
pub async fn report_csv(db: &Db, run: &str, kind: ExportKind) -> Result<Vec<u8>> {
    Ok(export::report_csv(db, run, kind, &ReportFilter::default())
        .await?
        .0)
}
