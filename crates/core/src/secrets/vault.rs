//! The vault's verbs.

use super::VaultOptions;
use super::error::Error;
use super::key::{Held, Open, derive};
use super::keychain::Keychain;
use super::model::{KeyPlace, VaultStatus};
use super::seal::Key;
use super::store::{self, Kept, VaultRow};
use crate::db::{Db, Write};
use crate::error::Result;
use crate::events::Topic;
use secrecy::{ExposeSecret, SecretString};
use sqlx::SqliteConnection;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex as SyncMutex, MutexGuard as SyncGuard, PoisonError};
use tokio::sync::Mutex;

/// The secrets of one data folder. Cheap to clone; clones are the same vault.
#[derive(Clone)]
pub struct Vault {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) db: Db,
    pub(super) keychain: Arc<dyn Keychain>,
    pub(super) options: VaultOptions,
    pub(super) held: Mutex<Held>,
    /// What is sealed with a key that lives in memory only.
    session: SyncMutex<BTreeMap<(String, String), Vec<u8>>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault")
            .field("keychain", &self.inner.keychain)
            .finish_non_exhaustive()
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
            return Err(Error::Exists {
                key_in: row.kept.place(),
            }
            .into());
        }
        let open = match (place, passphrase) {
            (KeyPlace::Session, _) => match held.open.take().filter(|open| open.row.is_none()) {
                Some(open) => open,
                None => Open {
                    key: Key::new_random().map_err(Error::from)?,
                    row: None,
                },
            },
            (_, Some(passphrase)) => self.new_passphrase_key(passphrase).await?,
            (_, None) => self.new_keychain_key().await?.map_err(|source| Error::Keychain {
                doing: "keep Patchbay's key",
                source,
            })?,
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
        *held = Held {
            open: Some(open),
            ..Held::default()
        };
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
        if let Some(VaultRow {
            kept: Kept::Passphrase { salt, cost },
            proof,
        }) = store::vault(&mut connection).await?
        {
            let key = derive(passphrase, salt.clone(), cost)
                .await?
                .ok_or(Error::Parameters)?;
            if !key.proves(&proof) {
                return Err(Error::WrongPassphrase.into());
            }
            let row = VaultRow {
                kept: Kept::Passphrase { salt, cost },
                proof,
            };
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
        let Some(VaultRow {
            kept: Kept::Passphrase { salt, cost },
            proof,
        }) = store::vault(write.connection()).await?
        else {
            return Err(Error::NoPassphrase.into());
        };
        let present = derive(old, salt, cost).await?.ok_or(Error::Parameters)?;
        if !present.proves(&proof) {
            return Err(Error::WrongPassphrase.into());
        }
        let next = self.new_passphrase_key(new).await?;
        seal_anew(&mut write, &present, &next).await?;
        write.commit().await?;
        *held = Held {
            open: Some(next),
            ..Held::default()
        };
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
        // An entry that stays behind opens nothing any more.
        self.forget_entry(row.as_ref()).await;
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
            self.session()
                .insert((organisation.to_owned(), field.to_owned()), sealed);
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
        self.session()
            .remove(&(organisation.to_owned(), field.to_owned()));
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
            held.entry(organisation.clone())
                .or_default()
                .insert(field.clone());
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
        let kept = self
            .session()
            .get(&(organisation.to_owned(), field.to_owned()))
            .cloned();
        if let Some(sealed) = kept {
            let held = self.inner.held.lock().await;
            let Some(open) = held.open.as_ref().filter(|open| open.row.is_none()) else {
                return Ok(None);
            };
            return Ok(Some(open_sealed(&open.key, organisation, field, &sealed)?));
        }
        let Some(sealed) = store::get(connection, organisation, field).await? else {
            return Ok(None);
        };
        let mut held = self.inner.held.lock().await;
        let open = self.key(&mut held, connection).await?;
        if let Ok(secret) = open.key.open(organisation, field, &sealed) {
            return Ok(Some(secret));
        }
        if open.row.is_none() {
            let reason =
                "another Patchbay has sealed them since this one started; quit and start it again".to_owned();
            return Err(Error::Locked {
                key_in: KeyPlace::Session,
                reason,
            }
            .into());
        }
        // Another process may have sealed it anew between the two reads.
        let Some(sealed) = store::get(connection, organisation, field).await? else {
            return Ok(None);
        };
        Ok(Some(open_sealed(&open.key, organisation, field, &sealed)?))
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

/// Seals everything with another key and puts that one's row in the place of the vault's, as part of `write`.
pub(super) async fn seal_anew(write: &mut Write, present: &Key, next: &Open) -> Result<()> {
    for row in store::all(write.connection()).await? {
        let secret = open_sealed(present, &row.organisation, &row.field, &row.sealed)?;
        let sealed = next
            .key
            .seal(&row.organisation, &row.field, &secret)
            .map_err(Error::from)?;
        store::put(write.connection(), &row.organisation, &row.field, &sealed).await?;
    }
    if let Some(row) = &next.row {
        store::put_vault(write.connection(), row).await?;
    }
    write.touch(Topic::Vault);
    Ok(())
}

pub(super) fn not_empty(passphrase: &SecretString) -> bool {
    !passphrase.expose_secret().is_empty()
}

fn open_sealed(key: &Key, organisation: &str, field: &str, sealed: &[u8]) -> Result<SecretString, Error> {
    key.open(organisation, field, sealed).map_err(|_| Error::Damaged {
        organisation: organisation.to_owned(),
        field: field.to_owned(),
    })
}
