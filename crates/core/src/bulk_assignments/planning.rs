//! The plan of a template against the mirror, and what is shown of it.

use super::checks::Checks;
use super::model::{
    ConflictGroup, Issue, IssueSource, LicenceNeed, PlanFilter, PlannedOutcome, PlannedRow, PlannedRows,
    Severity,
};
use super::plan::{self, Item, Planned, Spec};
use super::{Plan, judgement, store};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::mirror::{self, Mark};
use crate::runs::{Runs, report};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Rows a second assumed where Webex has not yet shown what it allows (reference: about 100 requests a minute).
const ASSUMED_RATE: f64 = 100.0 / 60.0;
/// Plans kept at a time.
const KEPT: usize = 4;
/// Rows shown of a conflict before the rest is asked for.
const SHOWN: usize = 3;

/// What a plan was made from. Equal makings give equal plans.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Making {
    version: u32,
    spec: Spec,
    organisation: String,
    mirror: Mark,
}

/// A plan and what belongs to it.
#[derive(Debug)]
pub struct Made {
    pub planned: Planned,
    pub spec: Spec,
    pub organisation: String,
    pub as_of: String,
}

/// A plan by what it was made from.
type Kept = (Making, Arc<Made>);

/// The plans of templates that are being looked at.
#[derive(Clone)]
pub struct Plans {
    db: Db,
    checks: Checks,
    made: Arc<Mutex<HashMap<String, Kept>>>,
}

impl Plans {
    /// Plans over one database.
    pub fn new(db: Db, checks: Checks) -> Self {
        Self {
            db,
            checks,
            made: Arc::default(),
        }
    }

    /// The plan of a template against the mirror as it is.
    ///
    /// # Errors
    /// `Conflict` naming what is still missing: errors in the files, organisation, location, licence, or the mirror.
    pub async fn make(&self, template: &str) -> Result<Arc<Made>> {
        let stored = store::get(&self.db, template).await?;
        let (version, errors, assignments) = self.checks.assignments(template).await?;
        let organisation = stored.fields.organisation.clone().ok_or_else(|| {
            Error::conflict("Choose the organisation first: a plan compares the file with what Webex holds.")
        })?;
        if errors > 0 {
            let these = if errors == 1 {
                "1 error of the files is".to_owned()
            } else {
                format!("{errors} errors of the files are")
            };
            return Err(Error::conflict(format!(
                "{these} still to be fixed. Go back to Check."
            )));
        }
        if assignments.is_empty() {
            return Err(Error::conflict("The template has no users yet. Add a file."));
        }
        let spec = Spec {
            location: stored.fields.location.clone().ok_or_else(|| {
                Error::conflict("Choose the location first: extensions and numbers belong to one.")
            })?,
            calling_licence: stored.fields.calling_licence.clone().ok_or_else(|| {
                Error::conflict("Choose the calling licence first: it carries extension and number.")
            })?,
            add_ons: stored.fields.add_ons.clone(),
        };
        let mark = mirror::mark(&self.db, &organisation).await?.ok_or_else(|| {
            Error::conflict("Nothing of this organisation has been copied yet. Sync it first: a plan compares the file with what Webex holds.")
        })?;
        let making = Making {
            version,
            spec: spec.clone(),
            organisation: organisation.clone(),
            mirror: mark.clone(),
        };
        let mut made = self.made.lock().await;
        if let Some((from, plan)) = made.get(template)
            && *from == making
        {
            return Ok(Arc::clone(plan));
        }
        let snapshot = self.checks.snapshots().get(&organisation, &mark).await?;
        let as_of = snapshot.as_of.clone();
        let for_plan = spec.clone();
        let planned = tokio::task::spawn_blocking(move || plan::plan(&for_plan, &assignments, &snapshot))
            .await
            .map_err(|_| Error::Ended { what: "Planning" })?;
        let plan = Arc::new(Made {
            planned,
            spec,
            organisation,
            as_of,
        });
        if made.len() >= KEPT {
            made.clear();
        }
        made.insert(template.to_owned(), (making, Arc::clone(&plan)));
        Ok(plan)
    }

    /// The plan as the page shows it. `rate` is what Webex was seen to allow.
    ///
    /// # Errors
    /// As [`Plans::make`].
    pub async fn view(&self, template: &str, runs: &Runs, rate: Option<f64>) -> Result<Plan> {
        let made = self.make(template).await?;
        let planned = &made.planned;
        let count = |outcome: PlannedOutcome| {
            count(
                planned
                    .items
                    .iter()
                    .filter(|item| item.outcome == outcome)
                    .count(),
            )
        };
        let to_assign = count(PlannedOutcome::Assign);
        let per_second = rate.unwrap_or(ASSUMED_RATE);
        let running = runs.at_work(&made.organisation).await?;
        let obstacle = if to_assign == 0 {
            Some(
                "There is nothing to assign: every row is assigned already or in conflict with Webex."
                    .to_owned(),
            )
        } else {
            None
        };
        Ok(Plan {
            template: template.to_owned(),
            hash: planned.hash.clone(),
            as_of: made.as_of.clone(),
            rows: self::count(planned.items.len()),
            to_assign,
            already: count(PlannedOutcome::AlreadyAssigned),
            left_out: count(PlannedOutcome::Skip),
            licences: planned
                .needs
                .iter()
                .map(|need| LicenceNeed {
                    licence: need.licence.clone(),
                    needed: need.needed,
                    available: need.available,
                    sufficient: need.available.is_none_or(|available| need.needed <= available),
                })
                .collect(),
            conflicts: conflicts(planned),
            warnings: shifted(&made)
                .into_iter()
                .chain(self.changed_files(template).await?)
                .collect(),
            per_second,
            seconds: (f64::from(to_assign) / per_second).ceil() as u32,
            obstacle,
            running,
        })
    }

    /// Files that are no longer on disk as they were read: the plan is of what was read.
    async fn changed_files(&self, template: &str) -> Result<Vec<Issue>> {
        let mut issues = Vec::new();
        for file in store::files(&self.db, template).await? {
            let Some(path) = &file.path else { continue };
            if super::templates::is_unchanged(path, file.bytes, &file.sha256).await {
                continue;
            }
            let there = tokio::fs::metadata(path).await.is_ok();
            let now = if there {
                "has changed on disk since it was read"
            } else {
                "is no longer where it was read from"
            };
            issues.push(warning(
                "file_changed",
                None,
                format!("{} {now}. This plan is of what was read (SHA-256 {}…); replace the file to use the new one.", file.name, &file.sha256[..12]),
            ));
        }
        Ok(issues)
    }

    /// A window of the plan's rows.
    ///
    /// # Errors
    /// As [`Plans::make`].
    pub async fn rows(
        &self,
        template: &str,
        filter: &PlanFilter,
        offset: u32,
        limit: u32,
    ) -> Result<PlannedRows> {
        let made = self.make(template).await?;
        let search = filter
            .search
            .as_deref()
            .map(str::trim)
            .filter(|search| !search.is_empty())
            .map(str::to_lowercase);
        let fits = |item: &&Item| {
            filter.outcome.is_none_or(|outcome| item.outcome == outcome)
                && filter.code.as_deref().is_none_or(|code| item.code == Some(code))
                && search.as_deref().is_none_or(|search| {
                    [
                        Some(item.ext_key.as_str()),
                        Some(&item.identity),
                        item.user.as_deref(),
                        item.number.as_deref(),
                    ]
                    .into_iter()
                    .flatten()
                    .any(|text| text.to_lowercase().contains(search))
                })
        };
        let fitting: Vec<&Item> = made.planned.items.iter().filter(fits).collect();
        let rows = fitting
            .iter()
            .skip(offset as usize)
            .take(limit.min(1_000) as usize)
            .map(|item| row(item))
            .collect();
        Ok(PlannedRows {
            total: count(fitting.len()),
            rows,
        })
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

pub(super) fn row(item: &Item) -> PlannedRow {
    PlannedRow {
        row: item.row,
        file: item.file,
        file_row: item.file_row,
        ext_key: item.ext_key.clone(),
        identity: item.identity.clone(),
        user: item.user.clone(),
        number: item.number.clone(),
        inventory_number: item.inventory_number.clone(),
        outcome: item.outcome,
        code: item.code.map(str::to_owned),
        message: item.message.clone(),
        licences: item.licences.iter().map(|licence| licence.name.clone()).collect(),
    }
}

fn conflicts(planned: &Planned) -> Vec<ConflictGroup> {
    let mut groups: Vec<ConflictGroup> = Vec::new();
    for item in planned
        .items
        .iter()
        .filter(|item| item.outcome == PlannedOutcome::Skip)
    {
        let code = item.code.unwrap_or_default();
        match groups.iter_mut().find(|group| group.code == code) {
            Some(group) => {
                group.count += 1;
                if group.rows.len() < SHOWN {
                    group.rows.push(row(item));
                }
            }
            None => groups.push(ConflictGroup {
                code: code.to_owned(),
                title: report::title(code),
                count: 1,
                rows: vec![row(item)],
            }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    groups
}

fn shifted(made: &Made) -> Option<Issue> {
    let shift = made.planned.shifted.as_ref()?;
    let first = made.planned.items.get(*shift.items.first()?)?;
    let issue = warning(
        "rows_shifted",
        Some(first.file_row),
        judgement::shift_sentence(shift, first.file_row),
    );
    Some(Issue {
        file: Some(first.file),
        source: IssueSource::Mirror,
        ..issue
    })
}

fn warning(code: &str, row: Option<u32>, message: String) -> Issue {
    Issue {
        file: None,
        row,
        line: None,
        column: None,
        cell: None,
        value: None,
        code: code.to_owned(),
        severity: Severity::Warning,
        source: IssueSource::File,
        message,
        related_rows: Vec::new(),
        fix: None,
        fix_label: None,
    }
}
