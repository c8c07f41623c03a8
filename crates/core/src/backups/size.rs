//! How much room a folder takes.

use std::path::Path;

/// Bytes and number of the files below a folder; bytes None where it cannot be read. Links are not followed. Walks the
/// disk, so not for threads that serve requests.
pub fn size(folder: &Path) -> (Option<u64>, u32) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return (None, 0);
    };
    let (mut bytes, mut files) = (0_u64, 0_u32);
    for entry in entries.flatten() {
        let Ok(facts) = entry.metadata() else { continue };
        if facts.is_dir() {
            let (inner, more) = size(&entry.path());
            bytes += inner.unwrap_or(0);
            files = files.saturating_add(more);
        } else {
            bytes += facts.len();
            files = files.saturating_add(1);
        }
    }
    (Some(bytes), files)
}
