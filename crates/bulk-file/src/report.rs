//! What `bulk validate` prints: the stable JSON contract (product.md, "Command-line contract"), further fields behind it.

use serde::{Serialize, Serializer, ser::SerializeSeq};

use crate::{decode::Encoding, document::Document, issue::IdentityKind};

/// The verdict on a document; serialises to the contract.
#[derive(Serialize)]
pub struct Report<'a> {
    /// The files, in the order they were given.
    pub files: Vec<FileReport>,
    /// How users are named: the kind of all files, none where they differ or nothing is known.
    pub identity: Option<IdentityKind>,
    /// Whether there is no error; warnings do not count.
    pub valid: bool,
    /// Findings that stop a run.
    pub errors: u32,
    /// Findings that do not.
    pub warnings: u32,
    /// All findings, worded while they are written.
    #[serde(serialize_with = "issues")]
    pub issues: &'a Document,
}

/// One file of a [`Report`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// Name or path as it was given.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// How its characters are stored; none where it is no text or was not read.
    pub encoding: Option<Encoding>,
    /// What parts its cells; none as above.
    pub delimiter: Option<String>,
    /// Data rows.
    pub rows: u32,
    /// Whether it begins with a byte order mark.
    pub bom: bool,
    /// Its headings as they stand in it.
    pub columns: Vec<String>,
}

fn issues<S: Serializer>(document: &&Document, serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(None)?;
    for issue in document.issues() {
        list.serialize_element(&issue)?;
    }
    list.end()
}
