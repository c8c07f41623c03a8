//! Turns among processes: a window and a command line on one data folder.

use crate::error::{Error, Result};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long another process may take for its refresh.
const LOCK_LIMIT: Duration = Duration::from_secs(90);
const PREFIX: &str = "tokens-";
const SUFFIX: &str = ".lock";
const LOCK_PAUSE: Duration = Duration::from_millis(50);

fn path(folder: &Path, organisation: &str) -> PathBuf {
    folder.join(format!("{PREFIX}{organisation}{SUFFIX}"))
}

/// Removes the lock of an organisation that is gone.
pub(super) fn forget(folder: &Path, organisation: &str) {
    // A file that stays costs nothing.
    let _ = std::fs::remove_file(path(folder, organisation));
}

/// Removes all locks. Only for a Patchbay that is alone on the folder.
pub(super) fn sweep(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PREFIX) && name.ends_with(SUFFIX) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Takes the turn of this organisation among all processes on the data folder; it ends with the value, or the process.
pub(super) async fn lock_among_processes(folder: &Path, organisation: &str) -> Result<File> {
    let path = path(folder, organisation);
    let failed = |source| Error::File {
        doing: "lock",
        path: path.clone(),
        source,
    };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed)?;
    let patience = async {
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_PAUSE).await,
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
    };
    match tokio::time::timeout(LOCK_LIMIT, patience).await {
        Ok(locked) => locked.map(|()| file),
        Err(_) => Err(Error::conflict(
            "Another Patchbay has been renewing the tokens for a long time. End it, then do this again.",
        )),
    }
}
