//! One process a run: a lock of the operating system on a file, released when the process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often, and how long after each other, a lock is tried before it counts as held.
const LOOKS: u32 = 5;
const MOMENT: Duration = Duration::from_millis(5);

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
        let mut looks = 0;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Self { _file: file })),
                // Perhaps only somebody who looks whether it is taken, for a moment.
                Err(TryLockError::WouldBlock) if looks < LOOKS => {
                    looks += 1;
                    std::thread::sleep(MOMENT);
                }
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
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
