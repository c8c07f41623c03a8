//! `bulk report`, `bulk sample` and `export`: what goes to a file or to standard output.

use crate::arguments::{By, Ended, Kind, ListFormat, Which};
use crate::open::{Place, organisation};
use crate::say::{Stop, counted, print, tell};
use patchbay_core::bulk_assignments::export::replace_file;
use patchbay_core::bulk_assignments::{SampleKind, sample as sample_file};
use patchbay_core::error::io_words;
use patchbay_core::runs::ExportKind;
use patchbay_core::transactions::{TransactionFilter, TransactionState};
use std::path::Path;
use std::process::ExitCode;

pub async fn report(place: &Place, run: &str, out: Option<&Path>, kind: Kind) -> Result<ExitCode, Stop> {
    let patchbay = place.open().await?;
    let csv = patchbay.report_csv(run, export_kind(kind)).await?;
    patchbay.close().await;
    give(&csv, out)
}

pub async fn organisations(place: &Place, format: ListFormat, out: Option<&Path>) -> Result<ExitCode, Stop> {
    let patchbay = place.open().await?;
    let format = match format {
        ListFormat::Csv => patchbay_core::organisations::ListFormat::Csv,
        ListFormat::Json => patchbay_core::organisations::ListFormat::Json,
    };
    let (bytes, count) = patchbay.organisation_list(format).await?;
    patchbay.close().await;
    let code = give(&bytes, out)?;
    tell(&format!(
        "{}; proxies without user and password, no client secrets, no tokens.",
        counted(count, "organisation", "organisations")
    ));
    Ok(code)
}

pub async fn transactions(
    place: &Place,
    which: Which,
    kind: Kind,
    out: Option<&Path>,
) -> Result<ExitCode, Stop> {
    let patchbay = place.open().await?;
    let organisation = match which.org {
        // One that was deleted has transactions all the same; by id they are found.
        Some(name) => Some(organisation(&patchbay, &name).await?.id),
        None => None,
    };
    let filter = TransactionFilter {
        organisation,
        state: which.state.map(|state| match state {
            Ended::Running => TransactionState::Running,
            Ended::Succeeded => TransactionState::Succeeded,
            Ended::Failed => TransactionState::Failed,
            Ended::Cancelled => TransactionState::Cancelled,
            Ended::Interrupted => TransactionState::Interrupted,
        }),
        since: which.since,
        until: which.until,
        search: which.search,
        ..TransactionFilter::default()
    };
    let csv = patchbay.transactions_csv(&filter, export_kind(kind)).await?;
    patchbay.close().await;
    give(&csv, out)
}

const fn export_kind(kind: Kind) -> ExportKind {
    match kind {
        Kind::Reimport => ExportKind::Reimport,
        Kind::Spreadsheet => ExportKind::Spreadsheet,
    }
}

pub async fn audit(place: &Place, out: Option<&Path>) -> Result<ExitCode, Stop> {
    let patchbay = place.open().await?;
    let log = patchbay.audit_log().await?;
    patchbay.close().await;
    give(&log.lines, out)?;
    let entries = counted(log.entries, "entry", "entries");
    Ok(match log.broken {
        None => {
            tell(&format!(
                "{entries}; the chain is intact: each one follows from the one before."
            ));
            ExitCode::SUCCESS
        }
        Some(broken) => {
            tell(&format!("{entries}. The chain is broken. {broken}"));
            ExitCode::from(1)
        }
    })
}

pub fn sample(by: By, out: Option<&Path>) -> Result<ExitCode, Stop> {
    let kind = match by {
        By::Name => SampleKind::Name,
        By::Uuid => SampleKind::Uuid,
    };
    give(&sample_file(kind), out)
}

fn give(bytes: &[u8], out: Option<&Path>) -> Result<ExitCode, Stop> {
    match out {
        None => print(bytes)?,
        Some(path) => {
            save(path, bytes).map_err(|error| {
                Stop::wrong(format!(
                    "{} cannot be written: {}.",
                    path.display(),
                    io_words(&error)
                ))
            })?;
            tell(&format!("Saved {}.", path.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Replaces a file as a whole; what is no ordinary file (a pipe, a terminal) is written to directly.
fn save(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let special = std::fs::metadata(path).is_ok_and(|facts| !facts.is_file() && !facts.is_dir());
    if special {
        std::fs::write(path, bytes)
    } else {
        replace_file(path, bytes)
    }
}
