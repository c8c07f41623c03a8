//! Patchbay without a window.

pub mod activation;
pub mod audit;
pub mod backups;
pub mod bulk_assignments;
pub mod clock;
pub mod consent;
pub mod db;
pub mod directory_sync;
pub mod error;
pub mod events;
pub mod ids;
pub mod mirror;
pub mod notifications;
pub mod organisations;
pub mod overview;
mod process_lock;
pub mod runs;
pub mod scheduler;
pub mod secrets;
pub mod settings;
pub mod transactions;
pub mod wholesale;

pub use error::{Error, ErrorCode, Failure, Result};
