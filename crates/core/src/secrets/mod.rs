//! Secrets, sealed (architecture, invariant 7).
//!
//! Tokens, client secrets and proxy addresses lie in SQLite only encrypted, under one data key. The key is kept by the
//! operating system's keychain, or derived from a passphrase, or lives in memory until Patchbay quits; then what is sealed
//! with it lives in memory too. So a token rotation is one transaction and has no size limit.
//!
//! Invariants: a secret leaves this module only as [`SecretString`]; a sealed text opens only for the organisation and
//! field it was sealed for; nothing is sealed with a key that the vault's proof does not confirm inside the same
//! transaction, so two processes on one data folder cannot mix keys.
//!
//! Locks are taken in one order, connection first, key second.

mod error;
pub mod field;
mod foreign;
mod key;
pub mod keychain;
pub mod model;
mod moving;
mod seal;
mod store;
mod vault;

pub use error::Error;
pub use keychain::{Keychain, KeychainProblem, MemoryKeychain, NoKeychain, SystemKeychain};
pub use model::*;
pub use seal::PassphraseCost;
pub use vault::Vault;

use std::time::Duration;

/// How the vault behaves; the default is right outside tests.
#[derive(Debug, Clone, Copy)]
pub struct VaultOptions {
    /// For passphrases chosen from now on.
    pub cost: PassphraseCost,
    /// How long the keychain may take for one call.
    pub keychain_limit: Duration,
}

impl Default for VaultOptions {
    fn default() -> Self {
        Self {
            cost: PassphraseCost::default(),
            keychain_limit: keychain::LIMIT,
        }
    }
}
