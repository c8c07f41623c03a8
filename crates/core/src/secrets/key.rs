//! Where the data key comes from: found, made, confirmed.

use super::keychain::{self, KeychainProblem, within_limit};
use super::model::{KeyPlace, VaultStatus};
use super::seal::{Key, PassphraseCost};
use super::store::{self, Kept, VaultRow};
use super::{Error, Vault};
use crate::db::Write;
use crate::error::Result;
use crate::events::Topic;
use secrecy::SecretString;
use sqlx::SqliteConnection;

const PASSPHRASE_WANTED: &str = "their passphrase was not entered since Patchbay started";

/// What is known of the key.
#[derive(Default)]
pub(super) struct Held {
    pub open: Option<Open>,
    /// Why the keychain did not give the key of the vault with this proof. It is asked again only on request, because
    /// asking may put a prompt in front of the person.
    pub refused: Option<(Vec<u8>, String)>,
    /// The last probe of the keychain.
    pub probed: Option<Result<(), KeychainProblem>>,
}

#[derive(Clone)]
pub(super) struct Open {
    pub key: Key,
    /// None while the key lives in memory only.
    pub row: Option<VaultRow>,
}

impl Open {
    pub(super) fn place(&self) -> KeyPlace {
        self.row
            .as_ref()
            .map_or(KeyPlace::Session, |row| row.kept.place())
    }
}

impl Vault {
    /// The key, confirmed by the vault's proof as `connection` sees it.
    pub(super) async fn key(&self, held: &mut Held, connection: &mut SqliteConnection) -> Result<Open> {
        let row = store::vault(connection).await?;
        let Some(row) = row else {
            return match &held.open {
                Some(open) if open.row.is_none() => Ok(open.clone()),
                _ => Err(Error::Missing {
                    problem: KeychainProblem::Unavailable("not asked yet".to_owned()),
                }
                .into()),
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
            return Err(Error::Locked {
                key_in: KeyPlace::Passphrase,
                reason: PASSPHRASE_WANTED.to_owned(),
            }
            .into());
        };
        let locked = |reason: String| Error::Locked {
            key_in: KeyPlace::Keychain,
            reason,
        };
        if let Some((proof, reason)) = &held.refused
            && *proof == row.proof
        {
            return Err(locked(reason.clone()).into());
        }
        let account = account(mark);
        let found = within_limit(
            &self.inner.keychain,
            self.inner.options.keychain_limit,
            move |keychain| keychain.get(&account),
        )
        .await;
        let reason = match found {
            Ok(Some(bytes)) => match Key::from_bytes(&bytes).filter(|key| key.proves(&row.proof)) {
                Some(key) => {
                    let open = Open { key, row: Some(row) };
                    *held = Held {
                        open: Some(open.clone()),
                        ..Held::default()
                    };
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
    pub(super) async fn key_to_seal(&self, write: &mut Write) -> Result<Open> {
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
        *held = Held {
            open: Some(open.clone()),
            ..Held::default()
        };
        Ok(open)
    }

    pub(super) async fn status_of(
        &self,
        held: &mut Held,
        connection: &mut SqliteConnection,
    ) -> Result<VaultStatus> {
        match self.key(held, connection).await {
            Ok(open) => Ok(VaultStatus::Open { key_in: open.place() }),
            Err(crate::Error::Secrets(Error::Locked { key_in, reason })) => {
                Ok(VaultStatus::Locked { key_in, reason })
            }
            Err(crate::Error::Secrets(Error::Missing { .. })) => {
                let probed = match held.probed.take() {
                    Some(probed) => probed,
                    None => {
                        within_limit(
                            &self.inner.keychain,
                            self.inner.options.keychain_limit,
                            keychain::probe,
                        )
                        .await
                    }
                };
                let keychain_problem = probed.as_ref().err().map(ToString::to_string);
                if let Err(problem) = &probed {
                    tracing::info!(?problem, "the keychain cannot be used");
                }
                held.probed = Some(probed);
                Ok(VaultStatus::Missing { keychain_problem })
            }
            Err(error) => Err(error),
        }
    }

    /// A new key that the keychain has taken and given back.
    pub(super) async fn new_keychain_key(&self) -> Result<std::result::Result<Open, KeychainProblem>> {
        let key = Key::new_random().map_err(Error::from)?;
        let mark = crate::ids::random::<16>().map_err(Error::from)?.to_vec();
        let proof = key.proof().map_err(Error::from)?;
        let (account, copy) = (account(&mark), key.clone());
        let kept = within_limit(
            &self.inner.keychain,
            self.inner.options.keychain_limit,
            move |keychain| {
                keychain.set(&account, copy.bytes())?;
                match keychain.get(&account)? {
                    Some(found) if found.as_slice() == copy.bytes() => Ok(()),
                    Some(_) => Err(KeychainProblem::Unreliable(
                        "the key came back changed".to_owned(),
                    )),
                    None => Err(KeychainProblem::Unreliable("the key was gone".to_owned())),
                }
            },
        )
        .await;
        Ok(kept.map(|()| Open {
            key,
            row: Some(VaultRow {
                kept: Kept::Keychain { mark },
                proof,
            }),
        }))
    }

    pub(super) async fn new_passphrase_key(&self, passphrase: SecretString) -> Result<Open> {
        let salt = crate::ids::random::<16>().map_err(Error::from)?.to_vec();
        let cost = self.inner.options.cost;
        let key = derive(passphrase, salt.clone(), cost)
            .await?
            .ok_or(Error::Parameters)?;
        let proof = key.proof().map_err(Error::from)?;
        Ok(Open {
            key,
            row: Some(VaultRow {
                kept: Kept::Passphrase { salt, cost },
                proof,
            }),
        })
    }
}

/// The keychain entry of the vault with this mark.
pub(super) fn account(mark: &[u8]) -> String {
    mark.iter()
        .fold("data key ".to_owned(), |name, byte| name + &format!("{byte:02x}"))
}

/// Derives a key away from the threads that serve requests: it takes a good part of a second on purpose.
pub(super) async fn derive(
    passphrase: SecretString,
    salt: Vec<u8>,
    cost: PassphraseCost,
) -> Result<Option<Key>> {
    tokio::task::spawn_blocking(move || Key::derive(&passphrase, &salt, cost))
        .await
        .map_err(|_| crate::Error::Ended {
            what: "the derivation of the key",
        })
}
