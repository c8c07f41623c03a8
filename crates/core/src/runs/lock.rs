//! One process a run: a lock of the operating system on a file, released when the process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

fn path(folder: &Path, run: &str) -> PathBuf {
    folder.join("runs").join(format!("{run}.lock"))
}

/// Holds a run until dropped.
#[derive(Debug)]
pub(super) struct RunLock {
    _file: File,
}

impl RunLock {
    /// Takes the lock; None if another Patchbay has it.
    pub(super) fn take(folder: &Path, run: &str) -> io::Result<Option<Self>> {
        let path = path(folder, run);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Whether some process works on the run now.
    pub(super) fn is_taken(folder: &Path, run: &str) -> bool {
        match File::open(path(folder, run)) {
            Ok(file) => matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)),
            Err(_) => false,
        }
    }
}
