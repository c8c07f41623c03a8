//! What people see of the vault.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where the data key lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyPlace {
    /// The operating system's keychain.
    Keychain,
    /// Derived from a passphrase that is asked for at every start.
    Passphrase,
    /// Only in memory: secrets are gone when Patchbay quits.
    Session,
}

/// Whether secrets can be read and written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum VaultStatus {
    /// No secret was ever stored. `keychain_problem` says why the keychain cannot be used, if it cannot.
    Missing {
        keychain_problem: Option<String>,
    },
    Open {
        key_in: KeyPlace,
    },
    /// The key is not at hand.
    Locked {
        key_in: KeyPlace,
        reason: String,
    },
}
