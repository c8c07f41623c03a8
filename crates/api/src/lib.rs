//! The command table: everything the UI, the CLI and the tests may ask of Patchbay.
//!
//! [`commands`] is the one list; it makes the dispatcher, the TypeScript in `ui/src/host/generated.ts` and the
//! list that tests compare their coverage with. [`Patchbay`] is the running application behind it.

mod background;
pub mod commands;
mod deletion;
mod demo;
mod handlers;
mod patchbay;
mod support;
mod syncs;
pub mod typescript;

pub use patchbay::{KeychainChoice, OpenOptions, Patchbay};

use patchbay_core::{ErrorCode, Failure};

/// What does not fit is not quoted: it may be a secret.
fn malformed(command: &str, error: &serde_json::Error) -> Failure {
    let what = match error.classify() {
        serde_json::error::Category::Data => "a field is missing or holds something of another kind",
        _ => "it is no JSON",
    };
    Failure {
        code: ErrorCode::Invalid,
        message: format!("The request of {command} does not fit: {what}."),
        field: None,
        retryable: false,
        tracking_id: None,
    }
}

fn unknown(command: &str) -> Failure {
    Failure {
        code: ErrorCode::NotFound,
        message: format!("There is no command {command}."),
        field: None,
        retryable: false,
        tracking_id: None,
    }
}
