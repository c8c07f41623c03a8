//! Bulk assignment, the main job: a file of people, extensions and numbers is proved right, planned, carried out and
//! reported (product B1 to B9).
//!
//! Invariants: a file on disk is never written; nothing is sent before a plan was seen; plan and run share one
//! immutable plan; a row ends as what Webex's state shows.

mod checks;
pub mod export;
mod judgement;
pub mod model;
pub mod plan;
mod planning;
mod run;
mod start;
mod store;
mod templates;
mod view;

pub use checks::Checks;
pub use export::{sample, save_corrected, save_plan, save_report, save_sample, summary};
pub use judgement::check_against_mirror;
pub use model::*;
pub use planning::Plans;
pub use run::{carried_out, work};
pub use start::{Starter, report_csv, retry};
pub use templates::{add_files, create, delete, duplicate, get, list, remove_file, update};

/// Rows a template may have.
pub const MAX_ROWS: u32 = 15_000;
/// Bytes a file may have.
pub const MAX_BYTES: u64 = 5_242_880;
