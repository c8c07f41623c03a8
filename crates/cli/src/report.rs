//! `bulk report` and `bulk sample`: CSV to a file or to standard output.

use crate::arguments::{By, Kind};
use crate::open::Place;
use crate::say::{Stop, print, tell};
use patchbay_core::bulk_assignments::{SampleKind, sample as sample_file};
use patchbay_core::error::io_words;
use patchbay_core::runs::ExportKind;
use std::io::Write as _;
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

/// Replaces a file as a whole: what was there stays until all of the new content is on the disk. What is no ordinary file (a
/// pipe, a terminal) is written to directly.
fn save(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // A link stays one; its target is replaced.
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let before = std::fs::metadata(path);
    if before.as_ref().is_ok_and(|facts| !facts.is_file()) {
        return std::fs::write(path, bytes);
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".patchbay-")
        .make_in(folder, |at| std::fs::File::create_new(at))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    if let Ok(facts) = before {
        file.as_file().set_permissions(facts.permissions())?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
