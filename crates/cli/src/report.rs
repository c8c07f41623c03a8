//! `bulk report` and `bulk sample`: CSV to a file or to standard output.

use crate::arguments::{By, Kind};
use crate::open::Place;
use crate::say::{Stop, print, tell};
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
            std::fs::write(path, bytes).map_err(|error| {
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
