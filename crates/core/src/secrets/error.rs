//! What can go wrong with secrets, and what a person reads of it.

use super::keychain::KeychainProblem;
use super::model::KeyPlace;
use crate::error::ErrorCode;

/// Trouble with the vault. No variant carries a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no vault yet, and the keychain cannot hold its key.
    #[error("there is no vault and the keychain cannot be used: {problem}")]
    Missing { problem: KeychainProblem },
    /// The key is not at hand.
    #[error("the vault is locked: {reason}")]
    Locked { key_in: KeyPlace, reason: String },
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// A vault stands already; a second one would make its secrets unreadable.
    #[error("there is a vault already")]
    Exists { key_in: KeyPlace },
    /// The vault's key does not come from a passphrase.
    #[error("the vault has no passphrase")]
    NoPassphrase,
    /// The key is where it was asked to go.
    #[error("the key is there already")]
    ThereAlready { key_in: KeyPlace },
    /// Secrets on disk are not moved into memory, where they would end with the process.
    #[error("the key cannot be moved into memory")]
    IntoMemory,
    #[error("the keychain could not {doing}")]
    Keychain {
        doing: &'static str,
        source: KeychainProblem,
    },
    /// A sealed secret does not open though the key is the vault's.
    #[error("the secret {field} of {organisation} is damaged")]
    Damaged { organisation: String, field: String },
    /// The row of the vault contradicts itself.
    #[error("the vault's parameters cannot be used")]
    Parameters,
    #[error("the operating system gave no randomness: {0}")]
    Randomness(getrandom::Error),
}

impl From<getrandom::Error> for Error {
    fn from(error: getrandom::Error) -> Self {
        Self::Randomness(error)
    }
}

impl Error {
    /// Code, sentences and whether trying again makes sense.
    pub(crate) fn presentation(&self) -> (ErrorCode, String, bool) {
        match self {
            Self::Missing { problem } => (
                ErrorCode::VaultMissing,
                format!(
                    "Patchbay has nowhere to keep secrets: {problem}. Choose a passphrase, or keep secrets only until \
                     Patchbay quits."
                ),
                false,
            ),
            Self::Locked { key_in: KeyPlace::Passphrase, reason } => {
                (ErrorCode::VaultLocked, format!("The secrets are locked: {reason}. Enter the passphrase."), false)
            }
            Self::Locked { key_in: KeyPlace::Session, reason } => {
                (ErrorCode::VaultLocked, format!("The secrets are locked: {reason}."), false)
            }
            Self::Locked { reason, .. } => (
                ErrorCode::VaultLocked,
                format!("The secrets are locked: {reason}. Unlock the keychain and try again; if its entry is gone for good, \
                     make a new vault and connect the organisations again."),
                true,
            ),
            Self::WrongPassphrase => (
                ErrorCode::VaultLocked,
                "The passphrase is wrong. Nothing was changed; enter it again.".to_owned(),
                true,
            ),
            Self::EmptyPassphrase => {
                (ErrorCode::Invalid, "The passphrase is empty. Enter at least one character.".to_owned(), false)
            }
            Self::Exists { key_in } => (
                ErrorCode::Conflict,
                format!(
                    "Secrets are kept already, with their key {}. A second vault would make them unreadable; unlock this \
                     one, or give its secrets up first.",
                    match key_in {
                        KeyPlace::Keychain => "in the keychain",
                        KeyPlace::Passphrase => "under a passphrase",
                        KeyPlace::Session => "in memory",
                    }
                ),
                false,
            ),
            Self::NoPassphrase => (
                ErrorCode::Conflict,
                "The secrets are not kept under a passphrase, so there is none to change.".to_owned(),
                false,
            ),
            Self::ThereAlready { key_in } => (
                ErrorCode::Conflict,
                match key_in {
                    KeyPlace::Passphrase => {
                        "The secrets are kept under a passphrase already. Change the passphrase if another one is wanted."
                    }
                    KeyPlace::Keychain | KeyPlace::Session => {
                        "The key of the secrets is there already. Nothing was changed."
                    }
                }
                .to_owned(),
                false,
            ),
            Self::IntoMemory => (
                ErrorCode::Invalid,
                "Secrets that are kept on this computer are not moved into memory: they would be gone when Patchbay quits. \
                 Choose the keychain or a passphrase."
                    .to_owned(),
                false,
            ),
            Self::Keychain { doing, source } => (
                ErrorCode::VaultMissing,
                format!(
                    "The keychain could not {doing}: {source}. Unlock it and try again, or choose a passphrase instead."
                ),
                true,
            ),
            Self::Damaged { field, .. } => (
                ErrorCode::Internal,
                format!(
                    "A stored secret ({}) cannot be opened: the database was damaged or edited. Enter or connect it again.",
                    field.replace('_', " ")
                ),
                false,
            ),
            Self::Parameters => (
                ErrorCode::Internal,
                "The vault's entry in the database contradicts itself. Nothing was changed; put a backup in its place, or \
                 give the secrets up and connect again."
                    .to_owned(),
                false,
            ),
            Self::Randomness(_) => (
                ErrorCode::Internal,
                "The operating system gave no randomness, so nothing can be sealed. Nothing was stored.".to_owned(),
                true,
            ),
        }
    }
}
