//! What was asked and what became of it, bounded in memory.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::Value;

/// How many entries are kept; the oldest go first.
pub const CAPACITY: usize = 120_000;

/// One request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JournalEntry {
    /// Rising from 1, never reused, also after clearing.
    pub seq: u64,
    /// Sandbox time, RFC 3339.
    pub at: String,
    /// HTTP method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// Raw query text.
    pub query: String,
    /// E-mail of the person the request is about, where it is about one.
    pub person: Option<String>,
    /// Status sent; `None` when the connection was dropped instead.
    pub status: Option<u16>,
    /// Whether the state changed.
    pub applied: bool,
    /// What kind of token came: `admin`, `integration`, `device`, `service_app`, `unknown`, or none.
    pub token: Option<String>,
    /// Tracking id of the answer.
    pub tracking_id: String,
    /// The client's own tracking id.
    pub client_tracking_id: Option<String>,
    /// A JSON request body up to 4 KiB; never one of a token endpoint.
    pub body: Option<Value>,
    /// The fault that struck, as its id.
    pub fault: Option<u64>,
    /// The request came before a `Retry-After` given earlier had passed, and so long after it that it was not on its way then.
    pub early: bool,
}

/// The journal.
#[derive(Debug, Default)]
pub struct Journal {
    entries: VecDeque<JournalEntry>,
    last: u64,
}

impl Journal {
    /// Adds an entry and gives it its number.
    pub fn add(&mut self, mut entry: JournalEntry) {
        self.last += 1;
        entry.seq = self.last;
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    /// Entries whose number is greater than `after`, oldest first.
    pub fn after(&self, after: u64) -> impl Iterator<Item = &JournalEntry> {
        let first = self.entries.front().map_or(0, |e| e.seq);
        let skip = usize::try_from((after + 1).saturating_sub(first)).unwrap_or(usize::MAX);
        self.entries.iter().skip(skip)
    }

    /// Forgets what is kept.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}
