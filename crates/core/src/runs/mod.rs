//! Durable work: a run is a ledger with one item a row (product B8, B9; architecture invariant 4).
//!
//! Invariants: an item is `pending → sending → assigned | already_assigned | failed | skipped | unknown`; `sending` is
//! durable before the request leaves; what is found in `sending` after a crash is read from Webex before anything is
//! sent again; only one process works on a run (an operating-system lock, gone with the process).

mod counted;
pub mod engine;
mod figures;
mod ledger;
mod live;
pub mod model;
pub mod report;
mod store;

pub use engine::{Answer, Found, Verdict, Work};
pub use live::Runs;
pub use model::*;
pub use store::{ended_of, get, insert, open_of};

/// One item of the ledger, as the work needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub row: u32,
    pub state: ItemState,
    pub file: u32,
    pub file_row: u32,
    pub ext_key: String,
    pub identity: String,
    pub number: Option<String>,
    pub inventory_number: Option<String>,
    pub person_id: Option<String>,
    pub person_key: Option<String>,
    pub user: Option<String>,
    /// Ids of the licences to add.
    pub licences: Vec<String>,
    pub code: Option<String>,
    pub message: Option<String>,
    pub attempts: u32,
    /// When the request left, RFC 3339.
    pub sent_at: Option<String>,
}

/// How an item ended, with what Webex said last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ending {
    pub code: Option<String>,
    /// A whole sentence.
    pub message: Option<String>,
    pub status: Option<u16>,
    pub webex_code: Option<String>,
    pub tracking_id: Option<String>,
}

/// A run about to be made.
#[derive(Debug, Clone)]
pub struct NewRun {
    pub id: String,
    pub template: Option<String>,
    pub name: String,
    pub organisation: String,
    pub organisation_name: String,
    pub who: String,
    /// JSON; what every row gets.
    pub spec: String,
    pub plan_hash: String,
    pub file_hashes: Vec<String>,
    pub transaction: Option<String>,
    pub items: Vec<Item>,
}

/// A run as it stands in the database.
#[derive(Debug, Clone)]
pub struct Run {
    pub id: String,
    pub template: Option<String>,
    pub name: String,
    pub organisation: String,
    pub organisation_name: String,
    /// As stored: `Running` also for one that was cut off. [`Runs`] tells the two apart.
    pub state: RunState,
    pub hold: Option<Hold>,
    pub verifying: bool,
    pub who: String,
    pub spec: String,
    pub plan_hash: String,
    pub rows: u32,
    pub requests: u32,
    pub throttled: u32,
    pub samples: Vec<RateSample>,
    pub transaction: Option<String>,
    pub started_at: String,
    pub ended_at: Option<String>,
}
