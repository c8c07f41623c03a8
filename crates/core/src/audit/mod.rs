//! Who did what: an append-only log whose entries are hash-chained (product, "What a run promises", 6).
//!
//! Invariants: entries are only added, in the same write as the change they tell of; each hash covers the entry and
//! the hash before it, so a removed or changed entry shows in [`verify`].

mod store;

use crate::clock::Clock;
use crate::db::{Db, Error, Write};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub seq: i64,
    pub at: String,
    pub who: String,
    pub organisation: Option<String>,
    pub event: String,
    /// JSON text.
    pub detail: String,
    pub hash: String,
}

/// What every entry of one operation shares.
#[derive(Debug, Clone)]
pub struct Context {
    pub who: String,
    pub organisation: Option<String>,
}

/// Adds an entry to the log inside `write`.
///
/// # Errors
/// When the database refuses.
pub async fn append(
    write: &mut Write,
    clock: &dyn Clock,
    context: &Context,
    event: &str,
    detail: &impl Serialize,
) -> Result<(), Error> {
    let previous = store::last_hash(write.connection()).await?;
    let detail = serde_json::to_string(detail).unwrap_or_else(|_| "null".to_owned());
    let at = clock.now().to_string();
    let hash = chain(&previous, &at, context, event, &detail);
    store::insert(write.connection(), &at, context, event, &detail, &hash).await
}

/// Adds several entries at once, reading the end of the chain only once.
///
/// # Errors
/// When the database refuses.
pub async fn append_all(
    write: &mut Write,
    clock: &dyn Clock,
    context: &Context,
    event: &str,
    details: &[String],
) -> Result<(), Error> {
    let mut previous = store::last_hash(write.connection()).await?;
    let at = clock.now().to_string();
    for detail in details {
        let hash = chain(&previous, &at, context, event, detail);
        store::insert(write.connection(), &at, context, event, detail, &hash).await?;
        previous = hash;
    }
    Ok(())
}

/// All entries from `after` on, oldest first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn entries(db: &Db, after: i64, limit: u32) -> Result<Vec<Entry>, Error> {
    store::entries(db, after, limit).await
}

/// Walks the chain; the number of entries, or the first entry that does not fit.
///
/// # Errors
/// [`Error::Corrupt`] with the entry, or when the database refuses.
pub async fn verify(db: &Db) -> Result<u32, Error> {
    let walked = walk(db, |_| {}).await?;
    match walked.broken {
        None => Ok(walked.entries),
        Some(seq) => Err(Error::Corrupt {
            table: "audit_log",
            id: seq.to_string(),
            what: "its hash does not follow from the entry before".to_owned(),
        }),
    }
}

/// The log as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// JSON Lines: all entries, oldest first, whether the chain holds or not.
    pub lines: Vec<u8>,
    pub entries: u32,
    /// Which entry does not follow from the one before, in a sentence.
    pub broken: Option<String>,
}

/// The whole log, with its chain verified on the way.
///
/// # Errors
/// When the database cannot be read.
pub async fn export(db: &Db) -> crate::Result<Export> {
    let mut lines = Vec::new();
    let mut written = Ok(());
    let walked = walk(db, |entry| {
        if written.is_ok() {
            written = serde_json::to_writer(&mut lines, entry);
            lines.push(b'\n');
        }
    })
    .await?;
    written.map_err(|_| crate::Error::Ended {
        what: "Writing the audit log",
    })?;
    Ok(Export {
        lines,
        entries: walked.entries,
        broken: walked.broken.map(|seq| {
            format!(
                "Entry {seq} of the audit log does not follow from the entry before it: the log was changed outside of \
                 Patchbay, there or before. Entries up to it can be trusted; compare the rest with an earlier export."
            )
        }),
    })
}

struct Walked {
    entries: u32,
    /// The first entry whose hash does not follow.
    broken: Option<i64>,
}

/// Goes through all entries, oldest first.
async fn walk(db: &Db, mut each: impl FnMut(&Entry)) -> Result<Walked, Error> {
    const PAGE: u32 = 1_000;
    let mut walked = Walked {
        entries: 0,
        broken: None,
    };
    let (mut after, mut previous) = (0, String::new());
    loop {
        let page = entries(db, after, PAGE).await?;
        for entry in &page {
            let context = Context {
                who: entry.who.clone(),
                organisation: entry.organisation.clone(),
            };
            let follows = chain(&previous, &entry.at, &context, &entry.event, &entry.detail) == entry.hash;
            if !follows && walked.broken.is_none() {
                walked.broken = Some(entry.seq);
            }
            each(entry);
            after = entry.seq;
            previous.clone_from(&entry.hash);
            walked.entries += 1;
        }
        if page.len() < PAGE as usize {
            return Ok(walked);
        }
    }
}

/// SHA-256 over the fields, each preceded by its length so that no two entries look alike.
fn chain(previous: &str, at: &str, context: &Context, event: &str, detail: &str) -> String {
    let mut hash = Sha256::new();
    for field in [
        previous,
        at,
        &context.who,
        context.organisation.as_deref().unwrap_or(""),
        event,
        detail,
    ] {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field.as_bytes());
    }
    hex(&hash.finalize())
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
