//! One process at a time for one thing: a lock of the operating system on a file, released when the process ends, however it
//! ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

/// How often, and how long after each other, a lock is tried before it counts as held.
const LOOKS: u32 = 5;
const MOMENT: Duration = Duration::from_millis(5);

/// Holds the thing until dropped.
#[derive(Debug)]
pub(crate) struct ProcessLock {
    _file: File,
}

impl ProcessLock {
    /// Takes the lock of `folder`/`name`.lock; None if another process has it. The folder is made where it is missing.
    pub(crate) fn take(folder: &Path, name: &str) -> io::Result<Option<Self>> {
        std::fs::create_dir_all(folder)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path(folder, name))?;
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

    /// Whether some process has it now.
    pub(crate) fn is_taken(folder: &Path, name: &str) -> bool {
        match File::open(path(folder, name)) {
            Ok(file) => matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)),
            Err(_) => false,
        }
    }

    /// Removes the file of a thing that is gone. Who waits for it meanwhile gets a lock of something that is gone as well.
    pub(crate) fn remove(folder: &Path, name: &str) {
        // A file that stays costs nothing.
        let _ = std::fs::remove_file(path(folder, name));
    }
}

fn path(folder: &Path, name: &str) -> std::path::PathBuf {
    folder.join(format!("{name}.lock"))
}
