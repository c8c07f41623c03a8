//! Each command, carried out: words of the table to verbs of the core, and errors to failures. No rules here. A file a
//! feature; the table in [`crate::commands`] calls the methods by their names.

mod app;
mod bulk_assignments;
mod mirror;
mod organisations;
mod runs;
mod transactions;

use patchbay_core::{Failure, Result};

type Reply<T> = std::result::Result<T, Failure>;

/// An error on its way to the person: its chain goes to the log, its sentence to the caller.
fn told<T>(result: Result<T>) -> Reply<T> {
    result.map_err(|error| {
        let failure = error.failure();
        tracing::warn!(code = ?failure.code, tracking_id = failure.tracking_id, error = ?error, "refused");
        failure
    })
}
