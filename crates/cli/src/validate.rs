//! `bulk validate`: all problems of files, as JSON or as text.

use crate::arguments::Format;
use crate::open::{Place, organisation};
use crate::say::{Stop, counted, print, tell};
use bulk_file::{Document, FileInput, Issue, Limits, Severity};
use patchbay_core::bulk_assignments::{MAX_BYTES, MAX_ROWS};
use patchbay_core::error::io_words;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Reads files as they are now, each once: a pipe gives its content only once.
///
/// # Errors
/// A path that cannot be opened.
pub fn read_all(files: &[PathBuf]) -> Result<Vec<FileInput>, Stop> {
    files.iter().map(|path| read(path)).collect()
}

/// Opens what was read as one document.
pub fn open(inputs: Vec<FileInput>) -> Document {
    Document::open(
        inputs,
        Limits {
            max_bytes: MAX_BYTES,
            max_rows: MAX_ROWS,
        },
    )
}

fn read(path: &Path) -> Result<FileInput, Stop> {
    use std::io::Read as _;
    let name = path.to_string_lossy().into_owned();
    let unreadable = |error: &std::io::Error| {
        Stop::wrong(format!("{} cannot be read: {}.", path.display(), io_words(error)))
    };
    let file = std::fs::File::open(path).map_err(|error| unreadable(&error))?;
    let facts = file.metadata().map_err(|error| unreadable(&error))?;
    if facts.is_dir() {
        return Err(unreadable(&std::io::Error::from(
            std::io::ErrorKind::IsADirectory,
        )));
    }
    if facts.len() > MAX_BYTES {
        return Ok(FileInput::too_large(name, facts.len()));
    }
    // A pipe has no size of its own; one byte past the limit is enough to know.
    let mut bytes = Vec::with_capacity(usize::try_from(facts.len()).unwrap_or(0) + 1);
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Ok(FileInput::too_large(name, bytes.len() as u64));
    }
    Ok(FileInput::new(name, bytes))
}

pub fn offline(files: &[PathBuf], format: Format) -> Result<ExitCode, Stop> {
    tell_result(&open(read_all(files)?), format)
}

pub async fn with_organisation(
    place: &Place,
    files: &[PathBuf],
    org: Option<&str>,
    format: Format,
) -> Result<ExitCode, Stop> {
    let mut document = open(read_all(files)?);
    if let Some(org) = org {
        let patchbay = place.open().await?;
        let organisation = organisation(&patchbay, org).await?;
        let (issues, as_of) = patchbay
            .check_against_mirror(&organisation.id, document.assignments())
            .await?;
        tell(&format!(
            "Checked against the copy of {} as of {as_of}.",
            organisation.name
        ));
        document.set_outside_issues(issues);
        patchbay.close().await;
    }
    tell_result(&document, format)
}

/// Prints the result; errors make the status 1.
pub fn tell_result(document: &Document, format: Format) -> Result<ExitCode, Stop> {
    match format {
        Format::Json => {
            // Written as it is made: a hopeless file has more findings than should stand in memory at once.
            let mut out = std::io::BufWriter::with_capacity(64 * 1024, std::io::stdout().lock());
            serde_json::to_writer(&mut out, &document.report())
                .map_err(std::io::Error::from)
                .and_then(|()| out.write_all(b"\n"))
                .and_then(|()| out.flush())
                .map_err(|error| Stop::unwritten(&error))?;
        }
        Format::Text => print(text(document).as_bytes())?,
    }
    Ok(if document.errors() > 0 {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

/// The result for people.
pub fn text(document: &Document) -> String {
    let report = document.report();
    let mut text = String::new();
    for file in &report.files {
        let encoding = file.encoding.map_or("not text", bulk_file::Encoding::name);
        let _ = writeln!(
            text,
            "{}: {} rows, {} bytes, {encoding}",
            file.path, file.rows, file.bytes
        );
    }
    let several = report.files.len() > 1;
    for issue in document.issues() {
        let _ = writeln!(text, "{}", line(&issue, several.then_some(&report.files)));
    }
    let verdict = match (report.errors, report.warnings) {
        (0, 0) => "No problem found.".to_owned(),
        (0, warnings) => format!("No error, {}.", counted(warnings, "warning", "warnings")),
        (errors, warnings) => format!(
            "{}, {}.",
            counted(errors, "error", "errors"),
            counted(warnings, "warning", "warnings")
        ),
    };
    let _ = writeln!(text, "{verdict}");
    text
}

fn line(issue: &Issue, files: Option<&Vec<bulk_file::FileReport>>) -> String {
    let severity = match issue.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut place = String::new();
    if let (Some(files), Some(file)) = (files, issue.file)
        && let Some(file) = files.get(file as usize)
    {
        let _ = write!(place, "{}: ", file.path);
    }
    if let (Some(row), Some(line)) = (issue.row, issue.line) {
        let _ = write!(place, "row {row} (line {line}");
        if let Some(cell) = &issue.cell {
            let _ = write!(place, ", cell {cell}");
        }
        place.push_str("): ");
    }
    let fix = issue
        .fix
        .as_ref()
        .map(|fix| format!(" Fix: {}", fix.value))
        .unwrap_or_default();
    format!("{severity} {}: {place}{}{fix}", issue.code, issue.message)
}
