//! Taking a backup for the next start: copied into the data folder, opened, proved, brought up to the present.

use super::store::{self, Facts};
use super::{RestoreWaiting, WAITING, beside};
use crate::db::{self, FILE_NAME};
use crate::error::{Error, Result};
use crate::secrets::Vault;
use sqlx::Connection;
use std::path::{Path, PathBuf};

/// Checks the file and leaves a copy of it for the next start, in place of one that waits already. The file itself is only
/// read. Without a vault nothing is known of its secrets.
///
/// # Errors
/// `Invalid` for what is no sound database of Patchbay's; `DatabaseNewer`; `File` where it cannot be read or copied.
pub async fn stage(
    folder: &Path,
    path: &str,
    now: jiff::Timestamp,
    who: &str,
    vault: Option<&Vault>,
) -> Result<RestoreWaiting> {
    let path = PathBuf::from(path);
    let (from, into) = (path.clone(), folder.to_owned());
    let (part, changed) = tokio::task::spawn_blocking(move || copied(&from, &into))
        .await
        .map_err(|_| Error::Ended {
            what: "Copying the backup",
        })??;
    let staged = proved(&path, part.path(), changed, now, who, vault).await?;
    let waiting = folder.join(WAITING);
    tokio::task::spawn_blocking(move || {
        part.as_file().sync_all()?;
        for left in beside(part.path()) {
            let _ = std::fs::remove_file(left);
        }
        part.persist(&waiting).map(|_| ()).map_err(|error| error.error)
    })
    .await
    .map_err(|_| Error::Ended {
        what: "Copying the backup",
    })?
    .map_err(|source| Error::File {
        doing: "keep the backup in",
        path: folder.to_owned(),
        source,
    })?;
    Ok(staged)
}

/// A copy in the data folder, and when the original was changed last.
fn copied(path: &Path, folder: &Path) -> Result<(tempfile::NamedTempFile, jiff::Timestamp)> {
    use std::io::Read as _;
    let failed = |source| Error::File {
        doing: "read",
        path: path.to_owned(),
        source,
    };
    let facts = std::fs::metadata(path).map_err(failed)?;
    if facts.is_dir() {
        return Err(failed(std::io::ErrorKind::IsADirectory.into()));
    }
    if !facts.is_file() {
        return Err(no_backup(path, "it is a pipe or a device"));
    }
    let own = std::fs::canonicalize(folder.join(FILE_NAME)).ok();
    if own.is_some() && std::fs::canonicalize(path).ok() == own {
        return Err(Error::invalid(
            "path",
            "This is the database Patchbay works on now, not a backup. Choose a file that was saved as a backup.",
        ));
    }
    let mut from = std::fs::File::open(path).map_err(failed)?;
    let mut head = [0; 16];
    let read = from.read(&mut head).map_err(failed)?;
    if &head[..read] != b"SQLite format 3\0" {
        return Err(no_backup(
            path,
            if read == 0 {
                "it is empty"
            } else {
                "it is a file of another kind"
            },
        ));
    }
    let kept = |source| Error::File {
        doing: "copy the backup into",
        path: folder.to_owned(),
        source,
    };
    let part = tempfile::Builder::new()
        .prefix("restore-")
        .suffix(".part")
        .tempfile_in(folder)
        .map_err(kept)?;
    std::fs::copy(path, part.path()).map_err(kept)?;
    private(part.path()).map_err(kept)?;
    // A plain copy of a folder has the latest changes beside the database.
    let [wal, _] = beside(path);
    let [part_wal, _] = beside(part.path());
    if std::fs::metadata(&wal).is_ok_and(|facts| facts.len() > 0) {
        std::fs::copy(&wal, &part_wal).map_err(kept)?;
        private(&part_wal).map_err(kept)?;
    }
    let changed = facts
        .modified()
        .ok()
        .and_then(|time| jiff::Timestamp::try_from(time).ok())
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    Ok((part, changed))
}

/// Readable for this account only, whatever the original was.
fn private(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    #[cfg(not(unix))]
    {
        let mut permissions = std::fs::metadata(path)?.permissions();
        permissions.set_readonly(false);
        std::fs::set_permissions(path, permissions)?;
    }
    Ok(())
}

fn no_backup(path: &Path, why: &str) -> Error {
    Error::invalid(
        "path",
        format!(
            "{} is no backup of Patchbay's: {why}. Nothing was changed. Choose another file.",
            path.display()
        ),
    )
}

async fn proved(
    path: &Path,
    part: &Path,
    changed: jiff::Timestamp,
    now: jiff::Timestamp,
    who: &str,
    vault: Option<&Vault>,
) -> Result<RestoreWaiting> {
    db::adopt(part).await.map_err(|error| match error {
        db::Error::Newer { version, .. } => db::Error::Newer {
            path: path.to_owned(),
            version,
        }
        .into(),
        db::Error::Damaged { .. } => no_backup(path, "it is damaged, or a database of another program"),
        db::Error::Migration(_) => no_backup(path, "its tables are not those of any released Patchbay"),
        error => Error::Database(error),
    })?;
    let mut connection = store::connect(part, false).await?;
    let before = store::facts(&mut connection).await?;
    let secrets = match vault {
        Some(vault) => vault.opens(&mut connection).await?,
        None => false,
    };
    let facts = Facts {
        made_at: before
            .as_ref()
            .map_or_else(|| changed.to_string(), |facts| facts.made_at.clone()),
        version: before.and_then(|facts| facts.version),
        file: Some(path.display().to_string()),
        chosen_at: Some(now.to_string()),
        who: Some(who.to_owned()),
        secrets: Some(secrets),
    };
    store::choose(&mut connection, &facts).await?;
    let organisations = store::organisations(&mut connection).await?;
    connection.close().await?;
    Ok(shown(facts, organisations))
}

fn shown(facts: Facts, organisations: u32) -> RestoreWaiting {
    RestoreWaiting {
        file: facts.file.unwrap_or_default(),
        made_at: facts.made_at,
        version: facts.version,
        organisations,
        secrets: facts.secrets.unwrap_or(false),
        chosen_at: facts.chosen_at.unwrap_or_default(),
    }
}

/// Whether a backup waits for the next start, without looking into it.
pub fn is_waiting(folder: &Path) -> bool {
    folder.join(WAITING).exists()
}

/// The backup that waits for the next start.
///
/// # Errors
/// When it cannot be read.
pub async fn waiting(folder: &Path) -> Result<Option<RestoreWaiting>> {
    let path = folder.join(WAITING);
    if !is_waiting(folder) {
        return Ok(None);
    }
    let mut connection = store::connect(&path, true).await?;
    let facts = store::facts(&mut connection).await?;
    let organisations = store::organisations(&mut connection).await?;
    connection.close().await?;
    Ok(facts.map(|facts| shown(facts, organisations)))
}

/// Gives up the backup that waits; false if none does.
///
/// # Errors
/// `File` where it cannot be removed.
pub fn cancel(folder: &Path) -> Result<bool> {
    let path = folder.join(WAITING);
    match std::fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(Error::File {
            doing: "remove",
            path,
            source,
        }),
    }
}
