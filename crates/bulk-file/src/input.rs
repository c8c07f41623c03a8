//! What a document is opened from: bytes with a name, and the limits that hold for them.

use std::sync::Arc;

/// Limits of one template (product.md, B4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest file, in bytes.
    pub max_bytes: u64,
    /// Most data rows over all files of the template.
    pub max_rows: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 5_242_880,
            max_rows: 15_000,
        }
    }
}

impl Limits {
    /// No limit but that of the offsets (4 GiB a file); for measuring.
    pub fn none() -> Self {
        Self {
            max_bytes: u64::from(u32::MAX) - 1,
            max_rows: u32::MAX,
        }
    }
}

/// One file of a template. The name is what messages and reports call it; it is never opened.
#[derive(Clone, Debug)]
pub struct FileInput {
    /// Name or path as the person knows it.
    pub name: String,
    /// Content; empty where the file was too large to be read.
    pub bytes: Arc<[u8]>,
    /// Size on disk in bytes.
    pub size: u64,
}

impl FileInput {
    /// A file that was read.
    pub fn new(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        Self {
            name: name.into(),
            size: bytes.len() as u64,
            bytes,
        }
    }

    /// A file whose size (in bytes) is over the limit, so that nobody read it.
    pub fn too_large(name: impl Into<String>, size: u64) -> Self {
        Self {
            name: name.into(),
            bytes: Arc::from([]),
            size,
        }
    }
}
