//! A file as a whole or not at all: written beside its place and moved there when all of it is on the disk.

use crate::error::{Error, Result};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Writes a file as a whole or not at all.
///
/// # Errors
/// `Invalid` for a path that is not absolute, `File` with the path; what was there before is still there then.
pub async fn write_file(path: &str, bytes: Vec<u8>) -> Result<()> {
    let path = PathBuf::from(path);
    if !path.is_absolute() {
        return Err(Error::invalid(
            "path",
            format!(
                "{} is not a full path. Choose the place in the dialog.",
                path.display()
            ),
        ));
    }
    tokio::task::spawn_blocking(move || {
        replace_file(&path, &bytes).map_err(|source| Error::File {
            doing: "write",
            path,
            source,
        })
    })
    .await
    .map_err(|_| Error::Ended {
        what: "Writing the file",
    })?
}

/// Replaces an ordinary file, or makes it. A link stays one; its target is replaced.
///
/// # Errors
/// Whatever the system says; a folder, a pipe or a device is not replaced.
pub fn replace_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let before = std::fs::metadata(path);
    match &before {
        Ok(facts) if facts.is_dir() => return Err(ErrorKind::IsADirectory.into()),
        Ok(facts) if !facts.is_file() => return Err(no_ordinary_file()),
        _ => {}
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    // Temporary files are private by themselves; this one becomes an ordinary document.
    let mut file = tempfile::Builder::new()
        .prefix(".patchbay-")
        .make_in(folder, |at| std::fs::File::create_new(at))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    if let Ok(facts) = before {
        file.as_file().set_permissions(facts.permissions())?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// What a pipe or a device is told to be.
pub(in crate::bulk_assignments) fn no_ordinary_file() -> std::io::Error {
    std::io::Error::new(
        ErrorKind::InvalidInput,
        "it is a pipe or a device, not an ordinary file",
    )
}
