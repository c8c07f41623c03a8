//! Patchbay without a window.

pub mod audit;
pub mod bulk_assignments;
pub mod clock;
pub mod consent;
pub mod db;
pub mod error;
pub mod events;
pub mod ids;
pub mod mirror;
pub mod organisations;
pub mod runs;
pub mod secrets;
pub mod settings;
pub mod transactions;

pub use error::{Error, ErrorCode, Failure, Result};
