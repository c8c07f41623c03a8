//! Templates: make, change, copy, delete; files into them and out of them.

use super::checks::Checks;
use super::export::no_ordinary_file;
use super::store::{self, Stored, StoredFile};
use super::{FileSource, MAX_BYTES, Template, TemplateFields, TemplateFile, TemplateStatus};
use crate::audit::hex;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::events::Topic;
use crate::ids;
use crate::runs::{RunState, Runs};
use base64::Engine as _;
use sha2::{Digest, Sha256};
use std::path::Path;
use tokio::io::AsyncReadExt as _;

/// Characters a template's name may have.
const LONGEST_NAME: usize = 200;

/// All templates whose name or id contains `search`, latest change first.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(db: &Db, runs: &Runs, search: Option<&str>) -> Result<Vec<Template>> {
    let mut templates = Vec::new();
    for stored in store::list(db, search.map(str::trim).filter(|search| !search.is_empty())).await? {
        templates.push(complete(db, runs, stored).await?);
    }
    Ok(templates)
}

/// One template.
///
/// # Errors
/// `NotFound`, or when the database cannot be read.
pub async fn get(db: &Db, runs: &Runs, id: &str) -> Result<Template> {
    let mut template = complete(db, runs, store::get(db, id).await?).await?;
    for file in &mut template.files {
        if let Some(path) = file.path.clone() {
            file.changed_on_disk = !is_unchanged(&path, file.bytes, &file.sha256).await;
        }
    }
    Ok(template)
}

async fn complete(db: &Db, runs: &Runs, stored: Stored) -> Result<Template> {
    let progress = match &stored.run {
        Some(run) => Some(runs.progress(run).await?),
        None => None,
    };
    let status = match progress.as_ref().map(|progress| progress.state) {
        None => TemplateStatus::Draft,
        Some(RunState::Completed | RunState::Cancelled) => TemplateStatus::Completed,
        Some(_) => TemplateStatus::InProgress,
    };
    let files = store::files(db, &stored.id).await?;
    Ok(Template {
        status,
        run_rows: progress.as_ref().map_or(0, |progress| progress.rows),
        run_done: progress
            .as_ref()
            .map_or(0, |progress| progress.rows - progress.pending),
        files: files
            .into_iter()
            .map(|file| TemplateFile {
                index: file.position,
                name: file.name,
                path: file.path,
                bytes: file.bytes,
                sha256: file.sha256,
                changed_on_disk: false,
            })
            .collect(),
        id: stored.id,
        name: stored.fields.name,
        organisation: stored.fields.organisation,
        organisation_name: stored.organisation_name,
        location: stored.fields.location,
        calling_licence: stored.fields.calling_licence,
        add_ons: stored.fields.add_ons,
        total_users: stored.total_users,
        run: stored.run,
        created_at: stored.created_at,
        changed_at: stored.changed_at,
    })
}

fn checked(mut fields: TemplateFields) -> Result<TemplateFields> {
    fields.name = fields.name.trim().to_owned();
    if fields.name.is_empty() {
        return Err(Error::invalid("name", "Give the template a name."));
    }
    let length = fields.name.chars().count();
    if length > LONGEST_NAME {
        return Err(Error::invalid(
            "name",
            format!("The name has {length} characters. Use at most {LONGEST_NAME}."),
        ));
    }
    if let Some(licence) = &fields.calling_licence
        && fields.add_ons.iter().any(|add_on| add_on.id == licence.id)
    {
        let message = format!(
            "{} is the calling licence already. Take it off the add-ons.",
            licence.name
        );
        return Err(Error::invalid("addOns", message));
    }
    if fields.organisation.is_none() {
        // Locations and licences are an organisation's own.
        (fields.location, fields.calling_licence, fields.add_ons) = (None, None, Vec::new());
    }
    let mut seen = std::collections::HashSet::new();
    fields.add_ons.retain(|add_on| seen.insert(add_on.id.clone()));
    Ok(fields)
}

/// Makes a template; organisation, location and licence may follow.
///
/// # Errors
/// `Invalid` with the field, or when the database cannot be written.
pub async fn create(db: &Db, clock: &dyn Clock, fields: TemplateFields) -> Result<String> {
    let fields = checked(fields)?;
    let id = ids::new_id();
    let mut write = db.write().await?;
    store::insert(write.connection(), &id, &fields, &clock.now().to_string()).await?;
    write.touch(Topic::BulkAssignments);
    write.commit().await?;
    Ok(id)
}

/// Changes a draft.
///
/// # Errors
/// `Invalid` with the field, `Conflict` when it is no draft any more.
pub async fn update(db: &Db, clock: &dyn Clock, id: &str, fields: TemplateFields) -> Result<()> {
    let fields = checked(fields)?;
    draft(db, id).await?;
    let mut write = db.write().await?;
    store::update(write.connection(), id, &fields, &clock.now().to_string()).await?;
    write.touch(Topic::BulkAssignments);
    write.commit().await?;
    Ok(())
}

/// The template, if it may still be changed.
pub(super) async fn draft(db: &Db, id: &str) -> Result<Stored> {
    let stored = store::get(db, id).await?;
    if stored.run.is_some() {
        return Err(Error::conflict(format!(
            "\"{}\" has been started and can no longer be changed. Duplicate it to go on from here.",
            stored.fields.name
        )));
    }
    Ok(stored)
}

/// A new draft with the same fields, files and edits.
///
/// # Errors
/// `NotFound`, or when the database cannot be written.
pub async fn duplicate(db: &Db, clock: &dyn Clock, id: &str) -> Result<String> {
    let stored = store::get(db, id).await?;
    let taken: Vec<String> = store::list(db, None)
        .await?
        .into_iter()
        .map(|template| template.fields.name)
        .collect();
    let name = (1..)
        .map(|count| copy_name(&stored.fields.name, count))
        .find(|name| !taken.contains(name))
        .unwrap_or_default();
    let fields = TemplateFields {
        name,
        ..stored.fields
    };
    let (copy, now) = (ids::new_id(), clock.now().to_string());
    let mut write = db.write().await?;
    store::insert(write.connection(), &copy, &fields, &now).await?;
    store::copy_content(write.connection(), id, &copy).await?;
    store::set_content(write.connection(), &copy, stored.total_users, &now).await?;
    write.touch(Topic::BulkAssignments);
    write.commit().await?;
    Ok(copy)
}

fn copy_name(name: &str, count: u32) -> String {
    let suffix = if count == 1 {
        " (copy)".to_owned()
    } else {
        format!(" (copy {count})")
    };
    suffixed(name, &suffix)
}

/// A name with a suffix, cut so that both fit.
pub(super) fn suffixed(name: &str, suffix: &str) -> String {
    let kept: String = name.chars().take(LONGEST_NAME - suffix.chars().count()).collect();
    format!("{kept}{suffix}")
}

/// Deletes a template that no run is at work on. Runs and their reports stay.
///
/// # Errors
/// `Conflict` while its run is not over.
pub async fn delete(db: &Db, runs: &Runs, id: &str) -> Result<()> {
    let stored = store::get(db, id).await?;
    if let Some(run) = &stored.run {
        let progress = runs.progress(run).await?;
        if !matches!(progress.state, RunState::Completed | RunState::Cancelled) {
            return Err(Error::conflict(format!(
                "\"{}\" is in progress. Finish or cancel its run, then delete it.",
                stored.fields.name
            )));
        }
    }
    let mut write = db.write().await?;
    store::delete(write.connection(), id).await?;
    write.touch(Topic::BulkAssignments);
    write.commit().await?;
    Ok(())
}

/// Whether an ordinary file of this size and hash lies at `path`. Anything else is not read.
pub(super) async fn is_unchanged(path: &str, bytes: u32, hash: &str) -> bool {
    let same_size = tokio::fs::metadata(path)
        .await
        .is_ok_and(|facts| facts.is_file() && facts.len() == u64::from(bytes));
    same_size
        && tokio::fs::read(path)
            .await
            .is_ok_and(|bytes| sha256(&bytes) == hash)
}

/// SHA-256 as hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

struct ReadFile {
    name: String,
    path: Option<String>,
    bytes: Vec<u8>,
}

/// Reads a file for a template; one that is too large is refused without reading it.
async fn read(source: FileSource) -> Result<ReadFile> {
    let too_large = |name: &str, size: u64| {
        Error::invalid(
            "files",
            format!(
                "{name} has {size} bytes; a file may have {MAX_BYTES} (5 MB). Split it into several files, together up to 15,000 users."
            ),
        )
    };
    match source {
        FileSource::Path { path } => {
            let name = Path::new(&path)
                .file_name()
                .map_or_else(|| path.clone(), |name| name.to_string_lossy().into_owned());
            let failed = |source| Error::File {
                doing: "read",
                path: Path::new(&path).to_owned(),
                source,
            };
            let facts = tokio::fs::metadata(&path).await.map_err(failed)?;
            if facts.is_dir() {
                return Err(failed(std::io::Error::from(std::io::ErrorKind::IsADirectory)));
            }
            if !facts.is_file() {
                // Nobody may ever write into a pipe: reading it could wait for good.
                return Err(failed(no_ordinary_file()));
            }
            if facts.len() > MAX_BYTES {
                return Err(too_large(&name, facts.len()));
            }
            // It may grow while it is read.
            let mut bytes = Vec::new();
            let file = tokio::fs::File::open(&path).await.map_err(failed)?;
            file.take(MAX_BYTES + 1)
                .read_to_end(&mut bytes)
                .await
                .map_err(failed)?;
            if bytes.len() as u64 > MAX_BYTES {
                return Err(too_large(&name, bytes.len() as u64));
            }
            Ok(ReadFile {
                name,
                path: Some(path),
                bytes,
            })
        }
        FileSource::Content { name, base64 } => {
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(base64)
                .map_err(|_| {
                    Error::invalid(
                        "files",
                        format!("The content of {name} did not arrive whole. Choose the file again."),
                    )
                })?;
            if bytes.len() as u64 > MAX_BYTES {
                return Err(too_large(&name, bytes.len() as u64));
            }
            Ok(ReadFile {
                name,
                path: None,
                bytes,
            })
        }
    }
}

/// Adds files behind those a draft has. All of them or, on any error, none.
///
/// # Errors
/// `File` with the path, `Invalid` for a file that is too large, `Conflict` when it is no draft any more.
pub async fn add_files(
    db: &Db,
    clock: &dyn Clock,
    checks: &Checks,
    id: &str,
    sources: Vec<FileSource>,
) -> Result<()> {
    draft(db, id).await?;
    let mut files = Vec::with_capacity(sources.len());
    for source in sources {
        files.push(read(source).await?);
    }
    let first = store::files(db, id).await?.len();
    let mut write = db.write().await?;
    for (position, file) in files.into_iter().enumerate() {
        let stored = StoredFile {
            position: u32::try_from(first + position).unwrap_or(u32::MAX),
            name: file.name,
            path: file.path,
            bytes: u32::try_from(file.bytes.len()).unwrap_or(u32::MAX),
            sha256: sha256(&file.bytes),
        };
        store::insert_file(write.connection(), id, &stored, &file.bytes).await?;
    }
    write.touch(Topic::BulkAssignments);
    store::set_content(write.connection(), id, 0, &clock.now().to_string()).await?;
    write.commit().await?;
    checks.recount(id).await
}

/// Takes a file out of a draft, with the edits in it.
///
/// # Errors
/// `Conflict` when it is no draft any more, `NotFound` for an unknown position.
pub async fn remove_file(db: &Db, clock: &dyn Clock, checks: &Checks, id: &str, position: u32) -> Result<()> {
    draft(db, id).await?;
    if !store::files(db, id)
        .await?
        .iter()
        .any(|file| file.position == position)
    {
        return Err(Error::NotFound {
            what: "file",
            id: (position + 1).to_string(),
        });
    }
    let edits = store::edits(db, id).await?;
    let kept: Vec<bulk_file::EditGroup> = edits
        .into_iter()
        .filter_map(|mut group| {
            group.cells.retain(|edit| edit.cell.file != position);
            for edit in &mut group.cells {
                if edit.cell.file > position {
                    edit.cell.file -= 1;
                }
            }
            (!group.cells.is_empty()).then_some(group)
        })
        .collect();
    let mut write = db.write().await?;
    store::delete_file(write.connection(), id, position).await?;
    store::keep_edits(write.connection(), id, &kept, 0).await?;
    store::set_content(write.connection(), id, 0, &clock.now().to_string()).await?;
    write.touch(Topic::BulkAssignments);
    write.commit().await?;
    checks.recount(id).await
}
