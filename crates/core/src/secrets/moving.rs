//! The data key moves: from a passphrase into the keychain, or out of it.
//!
//! Invariants: the new place holds its key, and has given it back, before the old one is given up; everything is sealed
//! anew in one transaction, so that a crash leaves either vault whole; what the old place still holds afterwards opens
//! nothing.

use super::error::Error;
use super::key::{Held, Open, account, derive};
use super::keychain::within_limit;
use super::model::{KeyPlace, VaultStatus};
use super::seal::Key;
use super::store::{self, Kept, VaultRow};
use super::vault::{Vault, not_empty, seal_anew};
use crate::error::Result;
use secrecy::SecretString;
use sqlx::SqliteConnection;

impl Vault {
    /// Keeps the data key in `place` from now on. `present` is the present passphrase where there is one, `new` the one to
    /// be. A key that lives in memory only is moved out of it; none is moved into it.
    ///
    /// # Errors
    /// [`Error::IntoMemory`], [`Error::ThereAlready`]; [`Error::WrongPassphrase`], [`Error::EmptyPassphrase`];
    /// [`Error::Locked`] where the present keychain does not give the key; [`Error::Keychain`] where the new one does not
    /// keep it. Nothing is changed then.
    pub async fn move_key(
        &self,
        place: KeyPlace,
        present: Option<SecretString>,
        new: Option<SecretString>,
    ) -> Result<VaultStatus> {
        if place == KeyPlace::Session {
            return Err(Error::IntoMemory.into());
        }
        let mut connection = self.inner.db.read().acquire().await?;
        let Some(row) = store::vault(&mut connection).await? else {
            drop(connection);
            return self.create(place, new).await;
        };
        if row.kept.place() == place {
            return Err(Error::ThereAlready { key_in: place }.into());
        }
        let (key, row) = self.present_key(&mut connection, row, present).await?;
        drop(connection);

        let next = match place {
            KeyPlace::Passphrase => {
                let new = new.filter(not_empty).ok_or(Error::EmptyPassphrase)?;
                self.new_passphrase_key(new).await?
            }
            // Asked before anything is locked, since it may put a prompt in front of the person.
            KeyPlace::Keychain | KeyPlace::Session => {
                self.new_keychain_key().await?.map_err(|source| Error::Keychain {
                    doing: "keep Patchbay's key",
                    source,
                })?
            }
        };
        let sealed = self.seal_with(&key, &row, &next).await;
        match sealed {
            Ok(()) => self.forget_entry(Some(&row)).await,
            Err(_) => self.forget_unused(&row, &next).await,
        }
        sealed?;
        self.status().await
    }

    /// The key of the vault as it stands in `row`.
    async fn present_key(
        &self,
        connection: &mut SqliteConnection,
        row: VaultRow,
        passphrase: Option<SecretString>,
    ) -> Result<(Key, VaultRow)> {
        let Kept::Passphrase { salt, cost } = &row.kept else {
            let mut held = self.inner.held.lock().await;
            // Asked anew: that it was locked before need not be so any more.
            held.refused = None;
            let open = self.key(&mut held, connection).await?;
            return Ok((open.key, row));
        };
        // As for a change of the passphrase: whoever sits at an open Patchbay does not know it for that.
        let passphrase = passphrase.filter(not_empty).ok_or(Error::EmptyPassphrase)?;
        let key = derive(passphrase, salt.clone(), *cost)
            .await?
            .ok_or(Error::Parameters)?;
        if key.proves(&row.proof) {
            Ok((key, row))
        } else {
            Err(Error::WrongPassphrase.into())
        }
    }

    async fn seal_with(&self, present: &Key, row: &VaultRow, next: &Open) -> Result<()> {
        let mut write = self.inner.db.write().await?;
        let mut held = self.inner.held.lock().await;
        // Another process may have moved or changed it since it was read.
        if store::vault(write.connection()).await?.as_ref() != Some(row) {
            return Err(crate::Error::conflict(
                "Another Patchbay has changed how secrets are kept at the same moment. Look at it again, then repeat this if \
                 it is still wanted.",
            ));
        }
        seal_anew(&mut write, present, next).await?;
        write.commit().await?;
        *held = Held {
            open: Some(next.clone()),
            ..Held::default()
        };
        Ok(())
    }

    /// Removes the entry that was made for nothing. A write that failed may still have been carried out: what is kept is
    /// the entry of a vault that cannot be seen to be another.
    async fn forget_unused(&self, row: &VaultRow, next: &Open) {
        let stands = async {
            let mut connection = self.inner.db.read().acquire().await?;
            store::vault(&mut connection).await
        };
        if stands.await.is_ok_and(|stands| stands.as_ref() == Some(row)) {
            self.forget_entry(next.row.as_ref()).await;
        }
    }

    /// Removes the keychain's entry of a vault that is none any more.
    pub(super) async fn forget_entry(&self, row: Option<&VaultRow>) {
        let Some(VaultRow {
            kept: Kept::Keychain { mark },
            ..
        }) = row
        else {
            return;
        };
        let account = account(mark);
        let deleted = within_limit(
            &self.inner.keychain,
            self.inner.options.keychain_limit,
            move |keychain| keychain.delete(&account),
        );
        if let Err(problem) = deleted.await {
            tracing::warn!(%problem, "the keychain kept an entry that opens nothing any more");
        }
    }
}
