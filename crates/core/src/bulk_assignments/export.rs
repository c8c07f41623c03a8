//! What leaves Patchbay as a file: reports, plans, corrected files, samples.
//!
//! Nothing half-written is ever found: see [`whole`].

mod whole;

use super::checks::Checks;
use super::model::{PlanFilter, SampleKind};
use super::planning::Plans;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::runs::{ExportKind, ReportFilter, ReportRow, RunState, Runs, report};
use bulk_file::write::{Kind, Writer};
pub(super) use whole::no_ordinary_file;
pub use whole::{replace_file, write_file};

const fn writer_kind(kind: ExportKind) -> Kind {
    match kind {
        ExportKind::Reimport => Kind::Reimport,
        ExportKind::Spreadsheet => Kind::Spreadsheet,
    }
}

fn csv(kind: ExportKind, header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    // Memory does not fail; the error is there because the writer is generic.
    let failed = |_| Error::Ended {
        what: "Writing the CSV",
    };
    let mut writer = Writer::new(writer_kind(kind));
    writer.row(header).map_err(failed)?;
    for row in rows {
        writer.row(&row).map_err(failed)?;
    }
    writer.finish().map_err(failed)
}

/// The heading of the identity column, by what stands in it.
pub(super) fn identity_heading<'a>(identities: impl Iterator<Item = &'a str>) -> &'static str {
    let mut some = false;
    for identity in identities {
        some = true;
        if uuid::Uuid::try_parse(identity).is_err() {
            return "User's Name";
        }
    }
    if some { "Identity UUID" } else { "User's Name" }
}

/// The report as CSV: `Row,Ext Key,<identity column>,Number,Outcome,Code,Message,Tracking ID,Started,Finished`.
///
/// # Errors
/// When the database cannot be read.
pub async fn report_csv(
    db: &Db,
    run: &str,
    kind: ExportKind,
    filter: &ReportFilter,
) -> Result<(Vec<u8>, u32)> {
    crate::runs::get(db, run).await?;
    let rows = report::all(db, run, filter).await?;
    let heading = identity_heading(rows.iter().map(|row| row.identity.as_str()));
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let line = |row: ReportRow| {
        vec![
            row.row.to_string(),
            row.ext_key,
            row.identity,
            row.number.unwrap_or_default(),
            report::outcome(row.outcome).to_owned(),
            row.code.unwrap_or_default(),
            row.message.unwrap_or_default(),
            row.tracking_id.unwrap_or_default(),
            row.started_at.unwrap_or_default(),
            row.finished_at.unwrap_or_default(),
        ]
    };
    let header = [
        "Row",
        "Ext Key",
        heading,
        "Number",
        "Outcome",
        "Code",
        "Message",
        "Tracking ID",
        "Started",
        "Finished",
    ];
    Ok((csv(kind, &header, rows.into_iter().map(line))?, count))
}

/// Saves the report; the number of rows in it.
///
/// # Errors
/// `File`, or when the database cannot be read.
pub async fn save_report(
    db: &Db,
    run: &str,
    path: &str,
    kind: ExportKind,
    filter: &ReportFilter,
) -> Result<u32> {
    let (bytes, rows) = report_csv(db, run, kind, filter).await?;
    write_file(path, bytes).await?;
    Ok(rows)
}

/// Saves the plan, one line a row.
///
/// # Errors
/// `File`, or as [`Plans::make`].
pub async fn save_plan(plans: &Plans, template: &str, path: &str) -> Result<u32> {
    const PAGE: u32 = 1_000;
    let mut rows = Vec::new();
    loop {
        let page = plans
            .rows(
                template,
                &PlanFilter::default(),
                u32::try_from(rows.len()).unwrap_or(u32::MAX),
                PAGE,
            )
            .await?;
        let last = page.rows.len() < PAGE as usize;
        rows.extend(page.rows);
        if last {
            break;
        }
    }
    let heading = identity_heading(rows.iter().map(|row| row.identity.as_str()));
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let line = |row: super::PlannedRow| {
        let outcome = match row.outcome {
            super::PlannedOutcome::Assign => "assign",
            super::PlannedOutcome::AlreadyAssigned => "already_assigned",
            super::PlannedOutcome::Skip => "skip",
        };
        vec![
            row.row.to_string(),
            row.ext_key,
            row.identity,
            row.inventory_number.or(row.number).unwrap_or_default(),
            outcome.to_owned(),
            row.code.unwrap_or_default(),
            row.message.unwrap_or_default(),
            row.user.unwrap_or_default(),
            row.licences.join("; "),
        ]
    };
    let header = [
        "Row", "Ext Key", heading, "Number", "Planned", "Code", "Message", "User", "Licences",
    ];
    write_file(
        path,
        csv(ExportKind::Reimport, &header, rows.into_iter().map(line))?,
    )
    .await?;
    Ok(count)
}

/// Saves a file of a template with all edits made; cells that were not touched keep their bytes.
///
/// # Errors
/// `File`, or `NotFound` for an unknown file.
pub async fn save_corrected(checks: &Checks, template: &str, file: u32, path: &str) -> Result<u32> {
    let (bytes, rows) = checks.corrected(template, file).await?;
    write_file(path, bytes).await?;
    Ok(rows)
}

/// Saves one of the two sample files.
///
/// # Errors
/// `File` with the path.
pub async fn save_sample(kind: SampleKind, path: &str) -> Result<u32> {
    write_file(path, sample(kind)).await?;
    Ok(2)
}

/// One of the two sample files (product B3).
pub fn sample(kind: SampleKind) -> Vec<u8> {
    bulk_file::sample(match kind {
        SampleKind::Name => bulk_file::IdentityKind::Name,
        SampleKind::Uuid => bulk_file::IdentityKind::Uuid,
    })
}

/// The report in a few lines, to be copied.
///
/// # Errors
/// `NotFound`, or when the database cannot be read.
pub async fn summary(runs: &Runs, run: &str) -> Result<String> {
    let progress = runs.progress(run).await?;
    let state = match progress.state {
        RunState::Running => "running",
        RunState::Paused => "paused",
        RunState::Interrupted => "interrupted",
        RunState::Cancelled => "cancelled",
        RunState::Completed => "completed",
    };
    let mut lines = vec![
        format!("{} ({state}), {}", progress.name, progress.organisation_name),
        format!("Run {}, by {}", progress.id, progress.who),
        format!(
            "Started {}{}",
            progress.started_at,
            progress
                .ended_at
                .map(|ended| format!(", ended {ended}"))
                .unwrap_or_default()
        ),
        format!(
            "{} rows: {} assigned, {} already assigned, {} failed, {} skipped, {} unknown{}",
            progress.rows,
            progress.assigned,
            progress.already,
            progress.failed,
            progress.skipped,
            progress.unknown,
            if progress.pending > 0 {
                format!(", {} still open", progress.pending)
            } else {
                String::new()
            }
        ),
        format!(
            "{} requests, {} slow-downs (429)",
            progress.requests, progress.throttled
        ),
    ];
    lines.extend(
        progress
            .causes
            .iter()
            .map(|cause| format!("  {} × {} ({})", cause.rows, cause.title, cause.code)),
    );
    Ok(lines.join("\n"))
}
