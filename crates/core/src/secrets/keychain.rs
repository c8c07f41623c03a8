//! The operating system's keychain, as far as the vault needs it: one text under one name.
//!
//! Opening it may ask the person and then blocks for as long as nobody answers, so every call runs on a thread of its own
//! under a limit ([`within_limit`]); a thread that hangs on a prompt does not keep the process from ending.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use zeroize::Zeroizing;

/// How long the keychain may take; a prompt counts.
pub const LIMIT: Duration = Duration::from_secs(10);

/// The name our entries carry in the keychain.
const APPLICATION: &str = "Patchbay";
const PROBE: &str = "probe";

/// Why the keychain could not be used, as a clause: "the keychain is locked". The platform's own words are for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainProblem {
    /// There is none, or its provider does not answer.
    #[error("this computer offers no keychain")]
    Unavailable(String),
    /// It is there and keeps its entries shut.
    #[error("the keychain is locked or refused access")]
    Locked(String),
    /// Nobody answered its prompt.
    #[error("the keychain did not answer within {} s; it may be waiting behind a prompt", .0.as_secs())]
    Silent(Duration),
    /// It gave back something else than was stored.
    #[error("the keychain did not give back what was stored ({0})")]
    Unreliable(String),
}

/// A keychain. Calls may block.
pub trait Keychain: Send + Sync + std::fmt::Debug {
    /// The entry under `account`, None where there is none.
    ///
    /// # Errors
    /// Why the keychain could not be asked.
    fn get(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainProblem>;

    /// Stores or replaces the entry.
    ///
    /// # Errors
    /// Why it could not be stored.
    fn set(&self, account: &str, secret: &[u8]) -> Result<(), KeychainProblem>;

    /// Removes the entry; one that is not there is fine.
    ///
    /// # Errors
    /// Why the keychain could not be asked.
    fn delete(&self, account: &str) -> Result<(), KeychainProblem>;
}

/// The platform's keychain: Secret Service, macOS Keychain, Windows Credential Manager.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemKeychain;

impl SystemKeychain {
    fn entry(account: &str) -> Result<keyring_core::Entry, KeychainProblem> {
        platform_store()
            .and_then(|store| store.build(APPLICATION, account, None))
            .map_err(problem)
    }
}

#[cfg(target_os = "linux")]
fn platform_store() -> keyring_core::Result<Arc<keyring_core::CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn platform_store() -> keyring_core::Result<Arc<keyring_core::CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn platform_store() -> keyring_core::Result<Arc<keyring_core::CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn platform_store() -> keyring_core::Result<Arc<keyring_core::CredentialStore>> {
    Err(keyring_core::Error::NotSupportedByStore(
        "this operating system has no known keychain".to_owned(),
    ))
}

/// Only the kind and the platform's words: some variants of the store's error carry the secret's bytes.
fn problem(error: keyring_core::Error) -> KeychainProblem {
    use keyring_core::Error as Store;
    match error {
        Store::NoStorageAccess(source) => KeychainProblem::Locked(source.to_string()),
        Store::PlatformFailure(source) => KeychainProblem::Unavailable(source.to_string()),
        Store::NoDefaultStore => KeychainProblem::Unavailable("no provider".to_owned()),
        Store::NotSupportedByStore(what) => KeychainProblem::Unavailable(what),
        Store::Ambiguous(entries) => {
            KeychainProblem::Unreliable(format!("it holds {} entries of one name", entries.len()))
        }
        Store::BadEncoding(_) | Store::BadDataFormat(..) => {
            KeychainProblem::Unreliable("the entry is not readable".to_owned())
        }
        _ => KeychainProblem::Unreliable("it refused the entry".to_owned()),
    }
}

impl Keychain for SystemKeychain {
    fn get(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainProblem> {
        match Self::entry(account)?.get_password() {
            Ok(text) => {
                let text = Zeroizing::new(text);
                let bytes = STANDARD
                    .decode(text.as_bytes())
                    .map_err(|_| KeychainProblem::Unreliable("the entry was changed".to_owned()))?;
                Ok(Some(Zeroizing::new(bytes)))
            }
            Err(keyring_core::Error::NoEntry) => Ok(None),
            Err(error) => Err(problem(error)),
        }
    }

    fn set(&self, account: &str, secret: &[u8]) -> Result<(), KeychainProblem> {
        // As text, because some providers only show and back up text.
        let text = Zeroizing::new(STANDARD.encode(secret));
        Self::entry(account)?.set_password(&text).map_err(problem)
    }

    fn delete(&self, account: &str) -> Result<(), KeychainProblem> {
        match Self::entry(account)?.delete_credential() {
            Ok(()) | Err(keyring_core::Error::NoEntry) => Ok(()),
            Err(error) => Err(problem(error)),
        }
    }
}

/// No keychain at all: for machines where it must not be touched.
#[derive(Debug, Default, Clone, Copy)]
pub struct NoKeychain;

impl NoKeychain {
    fn problem<T>() -> Result<T, KeychainProblem> {
        Err(KeychainProblem::Unavailable("it is switched off".to_owned()))
    }
}

impl Keychain for NoKeychain {
    fn get(&self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainProblem> {
        Self::problem()
    }

    fn set(&self, _: &str, _: &[u8]) -> Result<(), KeychainProblem> {
        Self::problem()
    }

    fn delete(&self, _: &str) -> Result<(), KeychainProblem> {
        Self::problem()
    }
}

/// A keychain that lasts as long as the value: for tests. Clones share their entries.
#[derive(Debug, Default, Clone)]
pub struct MemoryKeychain {
    entries: Arc<Mutex<HashMap<String, Vec<u8>>>>,
}

impl MemoryKeychain {
    /// Forgets everything, as an emptied keychain does.
    pub fn empty(&self) {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// How many entries there are.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Keychain for MemoryKeychain {
    fn get(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainProblem> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(entries.get(account).cloned().map(Zeroizing::new))
    }

    fn set(&self, account: &str, secret: &[u8]) -> Result<(), KeychainProblem> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.insert(account.to_owned(), secret.to_owned());
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), KeychainProblem> {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(account);
        Ok(())
    }
}

/// Whether the keychain keeps what it is given: stores, reads and deletes a probe entry.
///
/// # Errors
/// What it did not do.
pub(super) fn probe(keychain: &dyn Keychain) -> Result<(), KeychainProblem> {
    const TEXT: &[u8] = b"patchbay probe";
    keychain.set(PROBE, TEXT)?;
    let found = keychain.get(PROBE)?;
    keychain.delete(PROBE)?;
    match found {
        Some(found) if found.as_slice() == TEXT => Ok(()),
        Some(_) => Err(KeychainProblem::Unreliable(
            "the probe came back changed".to_owned(),
        )),
        None => Err(KeychainProblem::Unreliable("the probe was gone".to_owned())),
    }
}

/// Runs a keychain call on its own thread, at most `limit` long.
pub(super) async fn within_limit<T: Send + 'static>(
    keychain: &Arc<dyn Keychain>,
    limit: Duration,
    call: impl FnOnce(&dyn Keychain) -> Result<T, KeychainProblem> + Send + 'static,
) -> Result<T, KeychainProblem> {
    let keychain = Arc::clone(keychain);
    let (answer, answered) = tokio::sync::oneshot::channel();
    let started = std::thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || {
            // Nobody waits any more after the limit.
            let _ = answer.send(call(&*keychain));
        });
    if let Err(error) = started {
        return Err(KeychainProblem::Unavailable(error.to_string()));
    }
    match tokio::time::timeout(limit, answered).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(KeychainProblem::Unavailable(
            "its client ended unexpectedly".to_owned(),
        )),
        Err(_) => Err(KeychainProblem::Silent(limit)),
    }
}
