//! Secrets of another database, for instance a backup.

use super::Vault;
use super::key::account;
use super::keychain::within_limit;
use super::seal::Key;
use super::store::{self, Kept};
use crate::error::Result;
use sqlx::SqliteConnection;

impl Vault {
    /// Whether the secrets of `other`, a database of Patchbay's, could be read with what is here: the same vault, its key
    /// in the keychain, or the key that is open. True where it has none.
    ///
    /// # Errors
    /// When one of the databases cannot be read.
    pub async fn opens(&self, other: &mut SqliteConnection) -> Result<bool> {
        let Some(row) = store::vault(other).await? else {
            return Ok(true);
        };
        let own = store::vault(&mut *self.inner.db.read().acquire().await?).await?;
        // Which passphrase opens it is known to the person, whether or not it was entered.
        if own.as_ref() == Some(&row) {
            return Ok(true);
        }
        let held = self.inner.held.lock().await;
        if held.open.as_ref().is_some_and(|open| open.key.proves(&row.proof)) {
            return Ok(true);
        }
        drop(held);
        let Kept::Keychain { mark } = &row.kept else {
            return Ok(false);
        };
        let account = account(mark);
        let found = within_limit(
            &self.inner.keychain,
            self.inner.options.keychain_limit,
            move |keychain| keychain.get(&account),
        )
        .await;
        Ok(
            matches!(found, Ok(Some(bytes)) if Key::from_bytes(&bytes).is_some_and(|key| key.proves(&row.proof))),
        )
    }
}
