//! `bulk report`, `bulk sample` and `export`: what goes to a file or to standard output.

use crate::arguments::{By, Kind};
use crate::open::Place;
use crate::say::{Stop, print, tell};
use patchbay_core::bulk_assignments::export::replace_file;
use patchbay_core::bulk_assignments::{SampleKind, sample as sample_file};
use patchbay_core::error::io_words;
use patchbay_core::runs::ExportKind;
use std::path::Path;
use std::process::ExitCode;

pub async fn report(place: &Place, run: &str, out: Option<&Path>, kind: Kind) -> Result<ExitCode, Stop> {
    let patchbay = place.open().await?;
    let kind = match kind {
        Kind::Reimport => ExportKind::Reimport,
        Kind::Spreadsheet => ExportKind::Spreadsheet,
    };
    let csv = patchbay.report_csv(run, kind).await?;
    patchbay.close().await;
    give(&csv, out)
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

fn counted(count: u32, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
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
