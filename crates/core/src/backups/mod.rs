//! Copies of the database, and putting one back.
//!
//! Invariants: a backup is whole or not there, and its secrets stay sealed; nothing is restored that was not opened,
//! proved sound and brought up to the present first; the next start puts it in place, only when alone on the data folder;
//! the present database is set aside, never deleted. A crash at any moment leaves the backup waiting or in place, and the
//! database where it was or set aside.

mod apply;
pub mod model;
mod size;
mod stage;
mod store;

pub use apply::{Applied, apply, note};
pub use model::*;
pub use size::size;
pub use stage::{cancel, is_waiting, stage, waiting};

use crate::audit;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Error, Result};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What waits for the next start, in the data folder.
const WAITING: &str = "restore-waiting.db";

/// Saves a copy of the database; how many organisations are in it. A file that is there is replaced as a whole.
///
/// # Errors
/// `Invalid` for a path that is not absolute or leads to a database in use; `File` with the path, for instance when the
/// disk is full: nothing is left there then.
pub async fn save(db: &Db, clock: &dyn Clock, who: &str, version: &str, path: &str) -> Result<u32> {
    let path = PathBuf::from(path);
    let folder = may_be_written(db, &path)?;
    let part = tempfile::Builder::new()
        .prefix(".patchbay-")
        .suffix(".part")
        .tempfile_in(&folder)
        .map_err(|source| failed(&path, source))?;
    store::copy_into(db, part.path())
        .await
        .map_err(|error| written(&path, error))?;
    let made_at = clock.now().to_string();
    let organisations = store::sign(part.path(), &made_at, version)
        .await
        .map_err(|error| written(&path, error))?;
    let target = path.clone();
    tokio::task::spawn_blocking(move || {
        part.as_file().sync_all()?;
        part.persist(&target).map_err(|error| error.error)?;
        Ok(())
    })
    .await
    .map_err(|_| Error::Ended {
        what: "Saving the backup",
    })?
    .map_err(|source| failed(&path, source))?;
    let mut write = db.write().await?;
    let context = audit::Context {
        who: who.to_owned(),
        organisation: None,
    };
    let detail = serde_json::json!({ "path": path.display().to_string(), "organisations": organisations });
    audit::append(&mut write, clock, &context, "backup_saved", &detail).await?;
    write.commit().await?;
    Ok(organisations)
}

/// The folder of a path that a backup may be written to.
fn may_be_written(db: &Db, path: &Path) -> Result<PathBuf> {
    let wrong = |why: &str| Error::invalid("path", format!("{} {why}", path.display()));
    let (true, Some(folder)) = (path.is_absolute(), path.parent()) else {
        return Err(wrong("is not a full path. Choose the place in the dialog."));
    };
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (own, folder) = (real(db.path()), real(folder));
    let target = path
        .file_name()
        .map_or_else(|| folder.clone(), |name| folder.join(name));
    let target = real(&target);
    if target == own || beside(&own).contains(&target) {
        return Err(wrong(
            "is the database Patchbay works on. Choose another name for the backup.",
        ));
    }
    match std::fs::metadata(&target) {
        Ok(facts) if facts.is_dir() => return Err(failed(path, ErrorKind::IsADirectory.into())),
        Ok(facts) if !facts.is_file() => return Err(wrong("is a pipe or a device, not an ordinary file.")),
        _ => {}
    }
    if beside(&target)
        .iter()
        .any(|file| std::fs::metadata(file).is_ok_and(|facts| facts.len() > 0))
    {
        return Err(wrong(
            "is a database that is in use. Choose another name for the backup.",
        ));
    }
    Ok(folder)
}

/// What SQLite keeps beside a database while it is in use.
fn beside(database: &Path) -> [PathBuf; 2] {
    ["-wal", "-shm"].map(|end| {
        let mut name = database.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

fn failed(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        doing: "write the backup",
        path: path.to_owned(),
        source,
    }
}

/// What SQLite said of the file the backup goes to, as the system would have said it.
fn written(path: &Path, error: crate::db::Error) -> Error {
    if error.is_storage() {
        let kind = if error.is_full() {
            ErrorKind::StorageFull
        } else {
            ErrorKind::Other
        };
        let source = if kind == ErrorKind::StorageFull {
            kind.into()
        } else {
            std::io::Error::other("the disk or folder cannot be written")
        };
        return failed(path, source);
    }
    error.into()
}
