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
pub mod keychain;
pub mod model;
mod seal;
mod store;

pub use error::Error;
pub use keychain::{Keychain, KeychainProblem, MemoryKeychain, NoKeychain, SystemKeychain};
pub use model::*;
pub use seal::PassphraseCost;

use crate::db::{Db, Write};
use crate::error::Result;
use crate::events::Topic;
use keychain::within_limit;
use seal::Key;
use secrecy::{ExposeSecret, SecretString};
use sqlx::SqliteConnection;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex as SyncMutex, MutexGuard as SyncGuard, PoisonError};
use std::time::Duration;
use store::{Kept, VaultRow};
use tokio::sync::Mutex;

const PASSPHRASE_WANTED: &str = "their passphrase was not entered since Patchbay started";

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
        Self { cost: PassphraseCost::default(), keychain_limit: keychain::LIMIT }
    }
}

/// The secrets of one data folder. Cheap to clone; clones are the same vault.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    keychain: Arc<dyn Keychain>,
    options: VaultOptions,
    held: Mutex<Held>,
    /// What is sealed with a key that lives in memory only.
    session: SyncMutex<BTreeMap<(String, String), Vec<u8>>>,
}

/// What is known of the key.
#[derive(Default)]
struct Held {
    open: Option<Open>,
    /// Why the keychain did not give the key of the vault with this proof. It is asked again only on request, because
    /// asking may put a prompt in front of the person.
    refused: Option<(Vec<u8>, String)>,
    /// The last probe of the keychain.
    probed: Option<Result<(), KeychainProblem>>,
}

#[derive(Clone)]
struct Open {
    key: Key,
    /// None while the key lives in memory only.
    row: Option<VaultRow>,
}

impl Open {
    fn place(&self) -> KeyPlace {
        self.row.as_ref().map_or(KeyPlace::Session, |row| row.kept.place())
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("keychain", &self.inner.keychain).finish_non_exhaustive()
    }
}

impl Vault {
    /// The vault of `db`. Where its key is in the keychain, it is fetched now; the person may be asked, at most 10 s
    /// long. A locked or missing vault is not an error here: [`Vault::status`] says so.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open(db: Db, keychain: Arc<dyn Keychain>) -> Result<Self> {
        Self::open_with(db, keychain, VaultOptions::default()).await
    }

    /// As [`Vault::open`], with options.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_with(db: Db, keychain: Arc<dyn Keychain>, options: VaultOptions) -> Result<Self> {
        let vault = Self {
            inner: Arc::new(Inner {
                db,
                keychain,
                options,
                held: Mutex::default(),
                session: SyncMutex::default(),
            }),
        };
        let mut connection = vault.inner.db.read().acquire().await?;
        let mut held = vault.inner.held.lock().await;
        match vault.key(&mut held, &mut connection).await {
            Ok(_) | Err(crate::Error::Secrets(_)) => {}
            Err(error) => return Err(error),
        }
        drop((held, connection));
        Ok(vault)
    }

    /// Whether secrets can be read and written. Where there is no vault yet, the keychain is probed once.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn status(&self) -> Result<VaultStatus> {
        let mut connection = self.inner.db.read().acquire().await?;
        let mut held = self.inner.held.lock().await;
        self.status_of(&mut held, &mut connection).await
    }

    /// Makes the vault, with its key in `place`; a passphrase belongs to [`KeyPlace::Passphrase`] only. What was kept in
    /// memory so far moves into it.
    ///
    /// # Errors
    /// [`Error::Exists`] where there is one; [`Error::EmptyPassphrase`]; [`Error::Keychain`].
    pub async fn create(&self, place: KeyPlace, passphrase: Option<SecretString>) -> Result<VaultStatus> {
        let passphrase = match place {
            KeyPlace::Passphrase => Some(passphrase.filter(not_empty).ok_or(Error::EmptyPassphrase)?),
            KeyPlace::Keychain | KeyPlace::Session => None,
        };
        let mut write = self.inner.db.write().await?;
        let mut held = self.inner.held.lock().await;
        if let Some(row) = store::vault(write.connection()).await? {
            return Err(Error::Exists { key_in: row.kept.place() }.into());
        }
        let open = match (place, passphrase) {
            (KeyPlace::Session, _) => match held.open.take().filter(|open| open.row.is_none()) {
                Some(open) => open,
                None => Open { key: Key::new_random().map_err(Error::from)?, row: None },
            },
            (_, Some(passphrase)) => self.new_passphrase_key(passphrase).await?,
            (_, None) => self
                .new_keychain_key()
                .await?
                .map_err(|source| Error::Keychain { doing: "keep Patchbay's key", source })?,
        };
        let moved = if let Some(row) = &open.row {
            store::put_vault(write.connection(), row).await?;
            self.move_session(&mut write, held.open.as_ref(), &open).await?
        } else {
            false
        };
        write.touch(Topic::Vault);
        write.commit().await?;
        if moved {
            self.session().clear();
        }
        let status = VaultStatus::Open { key_in: open.place() };
        *held = Held { open: Some(open), ..Held::default() };
        Ok(status)
    }

    /// Opens the vault with its passphrase. Where the key is in the keychain, that is asked again and the passphrase is not
    /// used.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`]; [`Error::Locked`] where the keychain still does not give the key.
    pub async fn unlock(&self, passphrase: SecretString) -> Result<VaultStatus> {
        let mut connection = self.inner.db.read().acquire().await?;
        let mut held = self.inner.held.lock().await;
        held.refused = None;
        if let Some(VaultRow { kept: Kept::Passphrase { salt, cost }, proof }) =
            store::vault(&mut connection).await?
        {
            let key = derive(passphrase, salt.clone(), cost).await?.ok_or(Error::Parameters)?;
            if !key.proves(&proof) {
                return Err(Error::WrongPassphrase.into());
            }
            let row = VaultRow { kept: Kept::Passphrase { salt, cost }, proof };
            held.open = Some(Open { key, row: Some(row) });
        } else {
            match self.key(&mut held, &mut connection).await {
                // Without any vault there is nothing to open, which the status says.
                Ok(_) | Err(crate::Error::Secrets(Error::Missing { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        let status = self.status_of(&mut held, &mut connection).await?;
        self.inner.db.events().publish([Topic::Vault]);
        Ok(status)
    }

    /// Seals everything anew with a key from another passphrase, in one transaction.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`] when `old` is not the present one; [`Error::EmptyPassphrase`]; [`Error::NoPassphrase`].
    pub async fn change_passphrase(&self, old: SecretString, new: SecretString) -> Result<()> {
        if !not_empty(&new) {
            return Err(Error::EmptyPassphrase.into());
        }
        let mut write = self.inner.db.write().await?;
        let mut held = self.inner.held.lock().await;
        let Some(VaultRow { kept: Kept::Passphrase { salt, cost }, proof }) =
            store::vault(write.connection()).await?
        else {
            return Err(Error::NoPassphrase.into());
        };
        let present = derive(old, salt, cost).await?.ok_or(Error::Parameters)?;
        if !present.proves(&proof) {
            return Err(Error::WrongPassphrase.into());
        }
        let next = self.new_passphrase_key(new).await?;
        for row in store::all(write.connection()).await? {
            let secret = open_sealed(&present, &row.organisation, &row.field, &row.sealed)?;
            let sealed = next.key.seal(&row.organisation, &row.field, &secret).map_err(Error::from)?;
            store::put(write.connection(), &row.organisation, &row.field, &sealed).await?;
        }
        if let Some(row) = &next.row {
            store::put_vault(write.connection(), row).await?;
        }
        write.touch(Topic::Vault);
        write.commit().await?;
        *held = Held { open: Some(next), ..Held::default() };
        Ok(())
    }

    /// Gives up the vault and every secret in it: for a forgotten passphrase or a keychain that lost the key. The
    /// organisations stay and must be connected again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn reset(&self) -> Result<VaultStatus> {
        let mut write = self.inner.db.write().await?;
        let mut held = self.inner.held.lock().await;
        let row = store::vault(write.connection()).await?;
        store::clear(write.connection()).await?;
        write.touch(Topic::Vault);
        write.touch(Topic::Organisations);
        write.commit().await?;
        self.session().clear();
        *held = Held::default();
        if let Some(VaultRow { kept: Kept::Keychain { mark }, .. }) = row {
            // An entry that stays behind opens nothing any more.
            let account = account(&mark);
            let deleted = within_limit(&self.inner.keychain, self.inner.options.keychain_limit, move |keychain| {
                keychain.delete(&account)
            });
            if let Err(problem) = deleted.await {
                tracing::warn!(%problem, "the keychain kept the entry of a vault that was given up");
            }
        }
        drop(held);
        self.status().await
    }

    /// Makes sure that a secret could be sealed now, creating the vault in the keychain where there is none: asked before
    /// a person is sent to consent.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Locked`].
    pub async fn ensure(&self) -> Result<()> {
        let mut write = self.inner.db.write().await?;
        self.key_to_seal(&mut write).await?;
        write.commit().await?;
        Ok(())
    }

    /// Stores a secret as part of `write`. The first one makes the vault, in the keychain, without asking. With a key that
    /// lives in memory only, the secret does too and is kept at once, whether or not `write` commits.
    ///
    /// # Errors
    /// [`Error::Missing`] where nobody said yet how secrets are to be kept and the keychain cannot keep the key;
    /// [`Error::Locked`].
    pub async fn seal(
        &self,
        write: &mut Write,
        organisation: &str,
        field: &str,
        secret: &SecretString,
    ) -> Result<()> {
        let open = self.key_to_seal(write).await?;
        let sealed = open.key.seal(organisation, field, secret).map_err(Error::from)?;
        if open.row.is_some() {
            store::put(write.connection(), organisation, field, &sealed).await?;
        } else {
            self.session().insert((organisation.to_owned(), field.to_owned()), sealed);
        }
        Ok(())
    }

    /// The secret, None where there is none.
    ///
    /// # Errors
    /// [`Error::Locked`] where there is one and the key is not at hand; [`Error::Damaged`].
    pub async fn read(&self, organisation: &str, field: &str) -> Result<Option<SecretString>> {
        let mut connection = self.inner.db.read().acquire().await?;
        self.read_on(&mut connection, organisation, field).await
    }

    /// As [`Vault::read`], as `write` sees it.
    ///
    /// # Errors
    /// As [`Vault::read`].
    pub async fn read_in(
        &self,
        write: &mut Write,
        organisation: &str,
        field: &str,
    ) -> Result<Option<SecretString>> {
        self.read_on(write.connection(), organisation, field).await
    }

    /// Removes a secret as part of `write`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget(&self, write: &mut Write, organisation: &str, field: &str) -> Result<()> {
        self.session().remove(&(organisation.to_owned(), field.to_owned()));
        store::forget(write.connection(), organisation, field).await?;
        Ok(())
    }

    /// Removes what is kept in memory for an organisation that is deleted; its rows go with the organisation's own.
    pub fn forget_session(&self, organisation: &str) {
        self.session().retain(|(owner, _), _| owner != organisation);
    }

    /// Which fields are stored, by organisation. Nothing is opened.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn held(&self) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let mut connection = self.inner.db.read().acquire().await?;
        let mut held = store::held(&mut connection).await?;
        for (organisation, field) in self.session().keys() {
            held.entry(organisation.clone()).or_default().insert(field.clone());
        }
        Ok(held)
    }

    fn session(&self) -> SyncGuard<'_, BTreeMap<(String, String), Vec<u8>>> {
        self.inner.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read_on(
        &self,
        connection: &mut SqliteConnection,
        organisation: &str,
        field: &str,
    ) -> Result<Option<SecretString>> {
        let kept = self.session().get(&(organisation.to_owned(), field.to_owned())).cloned();
        if let Some(sealed) = kept {
            let held = self.inner.held.lock().await;
            let Some(open) = held.open.as_ref().filter(|open| open.row.is_none()) else { return Ok(None) };
            return Ok(Some(open_sealed(&open.key, organisation, field, &sealed)?));
        }
        let Some(sealed) = store::get(connection, organisation, field).await? else { return Ok(None) };
        let mut held = self.inner.held.lock().await;
        let open = self.key(&mut held, connection).await?;
        if let Ok(secret) = open.key.open(organisation, field, &sealed) {
            return Ok(Some(secret));
        }
        // Another process may have sealed it anew between the two reads.
        let Some(sealed) = store::get(connection, organisation, field).await? else { return Ok(None) };
        Ok(Some(open_sealed(&open.key, organisation, field, &sealed)?))
    }

    /// The key, confirmed by the vault's proof as `connection` sees it.
    async fn key(&self, held: &mut Held, connection: &mut SqliteConnection) -> Result<Open> {
        let row = store::vault(connection).await?;
        let Some(row) = row else {
            return match &held.open {
                Some(open) if open.row.is_none() => Ok(open.clone()),
                _ => Err(Error::Missing { problem: KeychainProblem::Unavailable("not asked yet".to_owned()) }.into()),
            };
        };
        if let Some(open) = &held.open
            && open.row.is_some()
            && open.key.proves(&row.proof)
        {
            return Ok(open.clone());
        }
        if let Some(open) = held.open.as_ref().filter(|open| open.row.is_none()) {
            // Another process has made a vault meanwhile; what this one keeps in memory goes on until it quits.
            return Ok(open.clone());
        }
        held.open = None;
        let Kept::Keychain { mark } = &row.kept else {
            return Err(Error::Locked { key_in: KeyPlace::Passphrase, reason: PASSPHRASE_WANTED.to_owned() }.into());
        };
        let locked = |reason: String| Error::Locked { key_in: KeyPlace::Keychain, reason };
        if let Some((proof, reason)) = &held.refused
            && *proof == row.proof
        {
            return Err(locked(reason.clone()).into());
        }
        let account = account(mark);
        let found = within_limit(&self.inner.keychain, self.inner.options.keychain_limit, move |keychain| {
            keychain.get(&account)
        })
        .await;
        let reason = match found {
            Ok(Some(bytes)) => match Key::from_bytes(&bytes).filter(|key| key.proves(&row.proof)) {
                Some(key) => {
                    let open = Open { key, row: Some(row) };
                    *held = Held { open: Some(open.clone()), ..Held::default() };
                    return Ok(open);
                }
                None => "the key in the keychain is not the one they were sealed with".to_owned(),
            },
            Ok(None) => "their key is gone from the keychain".to_owned(),
            Err(problem) => problem.to_string(),
        };
        held.refused = Some((row.proof, reason.clone()));
        Err(locked(reason).into())
    }

    /// The key to seal with inside `write`. While that is open no other process can make a vault, so the one that is made
    /// here is the only one.
    async fn key_to_seal(&self, write: &mut Write) -> Result<Open> {
        let mut held = self.inner.held.lock().await;
        match self.key(&mut held, write.connection()).await {
            Err(crate::Error::Secrets(Error::Missing { .. })) => {}
            other => return other,
        }
        let open = match self.new_keychain_key().await? {
            Ok(open) => open,
            Err(problem) => {
                held.probed = Some(Err(problem.clone()));
                return Err(Error::Missing { problem }.into());
            }
        };
        if let Some(row) = &open.row {
            store::put_vault(write.connection(), row).await?;
        }
        write.touch(Topic::Vault);
        *held = Held { open: Some(open.clone()), ..Held::default() };
        Ok(open)
    }

    async fn status_of(&self, held: &mut Held, connection: &mut SqliteConnection) -> Result<VaultStatus> {
        match self.key(held, connection).await {
            Ok(open) => Ok(VaultStatus::Open { key_in: open.place() }),
            Err(crate::Error::Secrets(Error::Locked { key_in, reason })) => {
                Ok(VaultStatus::Locked { key_in, reason })
            }
            Err(crate::Error::Secrets(Error::Missing { .. })) => {
                let probed = match held.probed.take() {
                    Some(probed) => probed,
                    None => {
                        within_limit(&self.inner.keychain, self.inner.options.keychain_limit, keychain::probe).await
                    }
                };
                let keychain_problem = probed.as_ref().err().map(ToString::to_string);
                held.probed = Some(probed);
                Ok(VaultStatus::Missing { keychain_problem })
            }
            Err(error) => Err(error),
        }
    }

    /// A new key that the keychain has taken and given back.
    async fn new_keychain_key(&self) -> Result<std::result::Result<Open, KeychainProblem>> {
        let key = Key::new_random().map_err(Error::from)?;
        let mark = crate::ids::random::<16>().map_err(Error::from)?.to_vec();
        let proof = key.proof().map_err(Error::from)?;
        let (account, copy) = (account(&mark), key.clone());
        let kept = within_limit(&self.inner.keychain, self.inner.options.keychain_limit, move |keychain| {
            keychain.set(&account, copy.bytes())?;
            match keychain.get(&account)? {
                Some(found) if found.as_slice() == copy.bytes() => Ok(()),
                Some(_) => Err(KeychainProblem::Unreliable("the key came back changed".to_owned())),
                None => Err(KeychainProblem::Unreliable("the key was gone".to_owned())),
            }
        })
        .await;
        Ok(kept.map(|()| Open { key, row: Some(VaultRow { kept: Kept::Keychain { mark }, proof }) }))
    }

    async fn new_passphrase_key(&self, passphrase: SecretString) -> Result<Open> {
        let salt = crate::ids::random::<16>().map_err(Error::from)?.to_vec();
        let cost = self.inner.options.cost;
        let key = derive(passphrase, salt.clone(), cost).await?.ok_or(Error::Parameters)?;
        let proof = key.proof().map_err(Error::from)?;
        Ok(Open { key, row: Some(VaultRow { kept: Kept::Passphrase { salt, cost }, proof }) })
    }

    /// Seals what was kept in memory with the key of a vault that was just made. True if there was anything.
    async fn move_session(&self, write: &mut Write, from: Option<&Open>, to: &Open) -> Result<bool> {
        let kept = self.session().clone();
        let Some(from) = from else { return Ok(false) };
        for ((organisation, field), sealed) in &kept {
            let secret = open_sealed(&from.key, organisation, field, sealed)?;
            let sealed = to.key.seal(organisation, field, &secret).map_err(Error::from)?;
            store::put(write.connection(), organisation, field, &sealed).await?;
        }
        Ok(!kept.is_empty())
    }
}

fn not_empty(passphrase: &SecretString) -> bool {
    !passphrase.expose_secret().is_empty()
}

fn open_sealed(key: &Key, organisation: &str, field: &str, sealed: &[u8]) -> Result<SecretString, Error> {
    key.open(organisation, field, sealed)
        .map_err(|_| Error::Damaged { organisation: organisation.to_owned(), field: field.to_owned() })
}

/// The keychain entry of the vault with this mark.
fn account(mark: &[u8]) -> String {
    mark.iter().fold("data key ".to_owned(), |name, byte| name + &format!("{byte:02x}"))
}

/// Derives a key away from the threads that serve requests: it takes a good part of a second on purpose.
async fn derive(passphrase: SecretString, salt: Vec<u8>, cost: PassphraseCost) -> Result<Option<Key>> {
    tokio::task::spawn_blocking(move || Key::derive(&passphrase, &salt, cost))
        .await
        .map_err(|_| crate::Error::Ended { what: "the derivation of the key" })
}
