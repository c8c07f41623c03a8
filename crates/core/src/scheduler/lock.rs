//! One process a schedule.

use crate::process_lock::ProcessLock;
use std::io;
use std::path::{Path, PathBuf};

fn locks(folder: &Path) -> PathBuf {
    folder.join("schedules")
}

/// Takes the lock; None if another Patchbay has it. It is released when the value goes.
pub(super) fn take(folder: &Path, schedule: &str) -> io::Result<Option<ProcessLock>> {
    ProcessLock::take(&locks(folder), schedule)
}

/// Whether some process carries it out now.
pub(super) fn is_taken(folder: &Path, schedule: &str) -> bool {
    ProcessLock::is_taken(&locks(folder), schedule)
}

/// Removes the files of schedules that are gone. Only for a Patchbay that is alone on the folder.
pub(super) fn sweep(folder: &Path) {
    // A file that stays costs nothing.
    let _ = std::fs::remove_dir_all(locks(folder));
}
