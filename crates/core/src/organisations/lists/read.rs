//! A file that is meant to be a list of organisations: CSV or JSON, told apart by what is in it.

use super::super::model::ListSource;
use super::entry::{self, Field, Values};
use super::write::{MARK, VERSION};
use super::{MAX_BYTES, MAX_ENTRIES};
use crate::error::{Error, Result};
use base64::Engine as _;
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde_json::Value;
use std::path::Path;

/// A list that could be read.
#[derive(Debug)]
pub struct List {
    /// The file's name, without its folder.
    pub name: String,
    pub(super) entries: Vec<Line>,
    /// Columns or members that mean nothing here.
    pub unknown: Vec<String>,
}

/// One entry, or why it cannot even be read.
#[derive(Debug)]
pub(super) struct Line {
    /// Line of a CSV file, position in a JSON file; from 1.
    pub number: u32,
    pub values: Result<Values, String>,
}

fn refused(message: impl Into<String>) -> Error {
    Error::invalid("source", message)
}

pub(super) async fn read(source: ListSource) -> Result<List> {
    let (name, bytes) = match source {
        ListSource::Content { name, base64 } => {
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(base64.trim())
                .map_err(|_| refused(format!("{name} did not arrive whole. Choose the file again.")))?;
            if bytes.len() as u64 > MAX_BYTES {
                return Err(too_large(&name, bytes.len() as u64));
            }
            (name, bytes)
        }
        ListSource::Path { path } => {
            let path = std::path::PathBuf::from(path);
            let name = path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            );
            let shown = name.clone();
            let bytes = tokio::task::spawn_blocking(move || file(&path, &shown))
                .await
                .map_err(|_| Error::Ended {
                    what: "Reading the list",
                })??;
            (name, bytes)
        }
    };
    let text = text(&name, &bytes)?;
    let list = if text.trim_start().starts_with(['{', '[']) {
        json(name, &text)?
    } else {
        csv(name, &text)?
    };
    if list.entries.len() > MAX_ENTRIES {
        return Err(refused(format!(
            "{} has {} entries. At most {MAX_ENTRIES} are imported at once; split the file.",
            list.name,
            list.entries.len()
        )));
    }
    if list.entries.is_empty() {
        return Err(refused(format!("{} holds no organisation.", list.name)));
    }
    Ok(list)
}

fn too_large(name: &str, bytes: u64) -> Error {
    refused(format!(
        "{name} has {} MB. A list of organisations has at most {} MB; this seems to be another file.",
        bytes.div_ceil(1_048_576),
        MAX_BYTES / 1_048_576
    ))
}

fn file(path: &Path, name: &str) -> Result<Vec<u8>> {
    let failed = |source| Error::File {
        doing: "read",
        path: path.to_owned(),
        source,
    };
    let facts = std::fs::metadata(path).map_err(failed)?;
    if !facts.is_file() {
        return Err(refused(format!("{} is no ordinary file.", path.display())));
    }
    if facts.len() > MAX_BYTES {
        return Err(too_large(name, facts.len()));
    }
    std::fs::read(path).map_err(failed)
}

/// The file as text, whatever editor has saved it.
fn text(name: &str, bytes: &[u8]) -> Result<String> {
    let wrong = |what: &str| {
        refused(format!(
            "{name} is {what}, not a list of organisations. Save it as CSV, or export a list as a pattern."
        ))
    };
    if bytes.starts_with(b"PK") {
        return Err(wrong("a workbook or an archive (.xlsx, .ods, .zip)"));
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(wrong("an old Excel workbook (.xls)"));
    }
    if bytes.starts_with(b"SQLite format 3\0") {
        return Err(wrong("a database"));
    }
    let (encoding, skip) = if bytes.starts_with(b"\xff\xfe") {
        (Some(UTF_16LE), 2)
    } else if bytes.starts_with(b"\xfe\xff") {
        (Some(UTF_16BE), 2)
    } else if bytes.starts_with(b"\xef\xbb\xbf") {
        (None, 3)
    } else {
        (None, 0)
    };
    let body = &bytes[skip..];
    let text = match (encoding, std::str::from_utf8(body)) {
        (Some(encoding), _) => encoding.decode_without_bom_handling(body).0.into_owned(),
        (None, Ok(text)) => text.to_owned(),
        // What spreadsheets of western Windows save; every byte means something there.
        (None, Err(_)) => WINDOWS_1252.decode_without_bom_handling(body).0.into_owned(),
    };
    if text.contains('\0') {
        return Err(wrong("no text"));
    }
    if text.trim().is_empty() {
        return Err(refused(format!("{name} is empty.")));
    }
    Ok(text)
}

fn json(name: String, text: &str) -> Result<List> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        refused(format!(
            "{name} is no valid JSON: line {}, column {}.",
            error.line(),
            error.column()
        ))
    })?;
    let foreign = || {
        refused(format!(
            "{name} is JSON, but no list of organisations: that is an object with \"patchbay\": \"{MARK}\" and a member \
             \"organisations\". Export a list as a pattern."
        ))
    };
    if value["patchbay"] != MARK {
        return Err(foreign());
    }
    match value["version"].as_u64() {
        Some(VERSION) => {}
        Some(newer) if newer > VERSION => {
            return Err(refused(format!(
                "{name} was written by a newer Patchbay (version {newer} of the list). Update Patchbay, or export it as CSV there."
            )));
        }
        _ => return Err(foreign()),
    }
    let organisations = value["organisations"].as_array().ok_or_else(foreign)?;
    let mut unknown = Vec::new();
    let entries = organisations
        .iter()
        .zip(1..)
        .map(|(organisation, number)| Line {
            number,
            values: members(organisation, &mut unknown),
        })
        .collect();
    Ok(List {
        name,
        entries,
        unknown,
    })
}

fn members(organisation: &Value, unknown: &mut Vec<String>) -> Result<Values, String> {
    let members = organisation
        .as_object()
        .ok_or("This entry is no object with the fields of an organisation.")?;
    let mut values = Values::new();
    for (member, value) in members {
        let Some(field) = entry::field(member) else {
            if !unknown.contains(member) {
                unknown.push(member.clone());
            }
            continue;
        };
        let value = match value {
            Value::Null => continue,
            Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Array(_) | Value::Object(_) => {
                return Err(format!(
                    "{} must be a text, not a list or an object.",
                    field.heading
                ));
            }
        };
        if values.insert(field.name, value).is_some() {
            return Err(format!("{} stands twice in this entry.", field.heading));
        }
    }
    Ok(values)
}

fn csv(name: String, text: &str) -> Result<List> {
    if text.matches('"').count() % 2 == 1 {
        return Err(refused(format!(
            "The quotation marks in {name} do not match up, so rows would run into each other. Put each value that holds one \
             in quotes, and write it twice inside."
        )));
    }
    let (delimiter, sep_line) = delimiter(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut records = reader.records().filter(|record| {
        record
            .as_ref()
            .map_or(true, |record| record.iter().any(|cell| !cell.trim().is_empty()))
    });
    if sep_line {
        records.next();
    }
    let unreadable = |error: csv::Error| refused(format!("{name} cannot be read as CSV: {error}."));
    let header = records
        .next()
        .ok_or_else(|| refused(format!("{name} is empty.")))?
        .map_err(unreadable)?;
    let mut unknown = Vec::new();
    let mut columns: Vec<Option<&'static Field>> = Vec::new();
    for (place, heading) in header.iter().map(str::trim).enumerate() {
        let field = entry::field(heading);
        match field {
            Some(field) if columns.iter().flatten().any(|other| other.name == field.name) => {
                return Err(refused(format!(
                    "The column {} stands twice in {name}. Remove one of them.",
                    field.heading
                )));
            }
            None if !heading.is_empty() => unknown.push(heading.to_owned()),
            None if place + 1 < header.len() => unknown.push(format!("column {} without a name", place + 1)),
            _ => {}
        }
        columns.push(field);
    }
    if !columns
        .iter()
        .flatten()
        .any(|field| field.name == "name" || field.name == "accountNumber")
    {
        let found: Vec<&str> = header.iter().map(str::trim).take(8).collect();
        return Err(refused(format!(
            "{name} has neither a column Name nor Organisation account number in its first line. It has: {}.",
            super::super::validate::shown(&found.join(", "))
        )));
    }
    let mut entries = Vec::new();
    for record in records {
        let record = record.map_err(unreadable)?;
        let number = record
            .position()
            .map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        entries.push(Line {
            number,
            values: cells(&record, &columns),
        });
        if entries.len() > MAX_ENTRIES {
            break;
        }
    }
    Ok(List {
        name,
        entries,
        unknown,
    })
}

fn cells(record: &csv::StringRecord, columns: &[Option<&'static Field>]) -> Result<Values, String> {
    let mut values = Values::new();
    for (place, cell) in record.iter().enumerate() {
        match columns.get(place) {
            Some(Some(field)) if !cell.trim().is_empty() => {
                values.insert(field.name, cell.to_owned());
            }
            Some(_) => {}
            None if cell.trim().is_empty() => {}
            None => {
                return Err(format!(
                    "The row has {} cells and the header {}. A comma inside a value needs quotes around the value.",
                    record.len(),
                    columns.len()
                ));
            }
        }
    }
    Ok(values)
}

/// What parts the cells, and whether the first line says so (`sep=;`).
fn delimiter(text: &str) -> (u8, bool) {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    if let Some([given]) = first
        .trim()
        .get(..4)
        .filter(|head| head.eq_ignore_ascii_case("sep="))
        .map(|_| &first.trim().as_bytes()[4..])
    {
        return (*given, true);
    }
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in first.bytes() {
        quoted ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(mark, _)| !quoted && *mark == byte) {
            *count += 1;
        }
    }
    let most = counts.iter().rev().max_by_key(|(_, count)| *count);
    (
        most.filter(|(_, count)| *count > 0)
            .map_or(b',', |(mark, _)| *mark),
        false,
    )
}
