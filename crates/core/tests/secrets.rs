//! The vault through its public verbs, on a real database file.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may end them")]

mod organisation;

use patchbay_core::clock::SystemClock;
use patchbay_core::db::Db;
use patchbay_core::events::Events;
use patchbay_core::organisations::{self, Environment};
use patchbay_core::secrets::{
    KeyPlace, Keychain, KeychainProblem, MemoryKeychain, NoKeychain, PassphraseCost, SystemKeychain, Vault,
    VaultOptions, VaultStatus,
};
use patchbay_core::{Error, ErrorCode};
use secrecy::{ExposeSecret, SecretString};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

const TOKEN: &str = "ZDI3-a-token-nobody-may-find_PF84_1eb65fdf";

/// Cheap derivation, or the tests would take minutes; the limits are those of a keychain that answers.
const QUICK: VaultOptions = VaultOptions {
    cost: PassphraseCost {
        memory_kib: 64,
        passes: 1,
        lanes: 1,
    },
    keychain_limit: Duration::from_secs(30),
};

async fn database(folder: &Path) -> Db {
    Db::open(folder, Events::default()).await.unwrap()
}

async fn vault(db: &Db, keychain: impl Keychain + 'static) -> Vault {
    Vault::open_with(db.clone(), Arc::new(keychain), QUICK)
        .await
        .unwrap()
}

async fn organisation(db: &Db, vault: &Vault, name: &str) -> String {
    let fields = organisation::fields(name, Environment::Commercial);
    let mut write = db.write().await.unwrap();
    let id = organisations::create(&mut write, vault, &SystemClock, &fields)
        .await
        .unwrap();
    write.commit().await.unwrap();
    id
}

async fn seal(db: &Db, vault: &Vault, organisation: &str, secret: &str) -> Result<(), Error> {
    let mut write = db.write().await?;
    vault
        .seal(
            &mut write,
            organisation,
            "access_token",
            &SecretString::from(secret),
        )
        .await?;
    write.commit().await?;
    Ok(())
}

async fn read(vault: &Vault, organisation: &str) -> Result<Option<String>, Error> {
    Ok(vault
        .read(organisation, "access_token")
        .await?
        .map(|secret| secret.expose_secret().to_owned()))
}

fn code(error: &Error) -> ErrorCode {
    error.failure().code
}

/// Every byte of every file below the folder.
fn bytes(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(bytes(&path));
        } else {
            all.extend(std::fs::read(path).unwrap());
        }
    }
    all
}

fn holds(folder: &Path, needle: &str) -> bool {
    bytes(folder)
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

#[tokio::test]
async fn the_first_secret_makes_the_vault_in_the_keychain() {
    let folder = tempfile::tempdir().unwrap();
    let keychain = MemoryKeychain::default();
    let db = database(folder.path()).await;
    let first = vault(&db, keychain.clone()).await;
    assert_eq!(
        first.status().await.unwrap(),
        VaultStatus::Missing {
            keychain_problem: None
        }
    );
    let id = organisation(&db, &first, "Kestrel Logistics").await;
    seal(&db, &first, &id, TOKEN).await.unwrap();
    assert_eq!(
        first.status().await.unwrap(),
        VaultStatus::Open {
            key_in: KeyPlace::Keychain
        }
    );
    assert!(
        !holds(folder.path(), TOKEN),
        "the token lies readable in the data folder, journal included"
    );

    let again = vault(&db, keychain.clone()).await;
    assert_eq!(read(&again, &id).await.unwrap().as_deref(), Some(TOKEN));

    keychain.empty();
    let orphaned = vault(&db, keychain).await;
    let VaultStatus::Locked {
        key_in: KeyPlace::Keychain,
        reason,
    } = orphaned.status().await.unwrap()
    else {
        panic!("a vault without its key cannot be open");
    };
    assert!(reason.contains("gone"), "{reason}");
    let error = read(&orphaned, &id).await.unwrap_err();
    assert_eq!(code(&error), ErrorCode::VaultLocked);
    assert!(
        error
            .failure()
            .message
            .contains("connect the organisations again"),
        "{}",
        error.failure().message
    );
    orphaned.reset().await.unwrap();
    assert_eq!(read(&orphaned, &id).await.unwrap(), None);
    seal(&db, &orphaned, &id, "new").await.unwrap();
    assert_eq!(read(&orphaned, &id).await.unwrap().as_deref(), Some("new"));
}

#[tokio::test]
async fn two_data_folders_do_not_share_a_key() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let keychain = MemoryKeychain::default();
    let (db_one, db_other) = (database(one.path()).await, database(other.path()).await);
    let vault_one = vault(&db_one, keychain.clone()).await;
    let id = organisation(&db_one, &vault_one, "One").await;
    seal(&db_one, &vault_one, &id, TOKEN).await.unwrap();
    let vault_other = vault(&db_other, keychain.clone()).await;
    let id_other = organisation(&db_other, &vault_other, "Other").await;
    seal(&db_other, &vault_other, &id_other, "other").await.unwrap();
    assert_eq!(keychain.entries(), 2);
    let again = vault(&db_one, keychain).await;
    assert_eq!(read(&again, &id).await.unwrap().as_deref(), Some(TOKEN));
}

#[tokio::test]
async fn a_write_that_is_rolled_back_leaves_no_vault_and_the_next_one_works() {
    let folder = tempfile::tempdir().unwrap();
    let keychain = MemoryKeychain::default();
    let db = database(folder.path()).await;
    let first = vault(&db, keychain.clone()).await;
    let id = organisation(&db, &first, "Kestrel").await;
    let mut write = db.write().await.unwrap();
    first
        .seal(&mut write, &id, "access_token", &TOKEN.into())
        .await
        .unwrap();
    drop(write);
    assert_eq!(read(&first, &id).await.unwrap(), None);
    seal(&db, &first, &id, TOKEN).await.unwrap();
    let again = vault(&db, keychain).await;
    assert_eq!(read(&again, &id).await.unwrap().as_deref(), Some(TOKEN));
}

#[tokio::test]
async fn without_a_keychain_somebody_must_choose() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(folder.path()).await;
    let chosen = vault(&db, NoKeychain).await;
    let VaultStatus::Missing {
        keychain_problem: Some(problem),
    } = chosen.status().await.unwrap()
    else {
        panic!("there is no keychain");
    };
    assert!(problem.contains("no keychain"), "{problem}");
    let id = organisation(&db, &chosen, "Kestrel").await;
    let error = seal(&db, &chosen, &id, TOKEN).await.unwrap_err();
    assert_eq!(code(&error), ErrorCode::VaultMissing);
    assert_eq!(
        code(&chosen.create(KeyPlace::Keychain, None).await.unwrap_err()),
        ErrorCode::VaultMissing
    );
    assert_eq!(
        code(
            &chosen
                .create(KeyPlace::Passphrase, Some("".into()))
                .await
                .unwrap_err()
        ),
        ErrorCode::Invalid
    );
    assert_eq!(
        code(&chosen.create(KeyPlace::Passphrase, None).await.unwrap_err()),
        ErrorCode::Invalid
    );
}

#[tokio::test]
async fn a_passphrase_opens_changes_and_says_when_it_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(folder.path()).await;
    let first = vault(&db, NoKeychain).await;
    let status = first
        .create(KeyPlace::Passphrase, Some("correct horse".into()))
        .await
        .unwrap();
    assert_eq!(
        status,
        VaultStatus::Open {
            key_in: KeyPlace::Passphrase
        }
    );
    assert_eq!(
        code(&first.create(KeyPlace::Session, None).await.unwrap_err()),
        ErrorCode::Conflict,
        "a second vault would hide the first"
    );
    let id = organisation(&db, &first, "Kestrel").await;
    seal(&db, &first, &id, TOKEN).await.unwrap();

    let next = vault(&db, NoKeychain).await;
    assert!(matches!(
        next.status().await.unwrap(),
        VaultStatus::Locked {
            key_in: KeyPlace::Passphrase,
            ..
        }
    ));
    assert_eq!(code(&read(&next, &id).await.unwrap_err()), ErrorCode::VaultLocked);
    assert_eq!(
        code(&seal(&db, &next, &id, "x").await.unwrap_err()),
        ErrorCode::VaultLocked
    );
    let wrong = next.unlock("battery staple".into()).await.unwrap_err();
    assert_eq!(code(&wrong), ErrorCode::VaultLocked);
    assert!(
        wrong.failure().message.contains("wrong"),
        "{}",
        wrong.failure().message
    );
    next.unlock("correct horse".into()).await.unwrap();
    assert_eq!(read(&next, &id).await.unwrap().as_deref(), Some(TOKEN));

    assert!(
        next.change_passphrase("battery staple".into(), "y".into())
            .await
            .is_err()
    );
    next.change_passphrase("correct horse".into(), "battery staple".into())
        .await
        .unwrap();
    assert_eq!(read(&next, &id).await.unwrap().as_deref(), Some(TOKEN));
    // The other holder of the folder still has the old key, and may not seal with it.
    assert_eq!(
        code(&seal(&db, &first, &id, "old key").await.unwrap_err()),
        ErrorCode::VaultLocked
    );
    first.unlock("battery staple".into()).await.unwrap();
    assert_eq!(read(&first, &id).await.unwrap().as_deref(), Some(TOKEN));
    let last = vault(&db, NoKeychain).await;
    assert!(
        last.unlock("correct horse".into()).await.is_err(),
        "the old passphrase opens nothing any more"
    );
    assert!(!holds(folder.path(), TOKEN) && !holds(folder.path(), "battery staple"));
}

#[tokio::test]
async fn what_is_kept_until_patchbay_quits_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(folder.path()).await;
    let session = vault(&db, NoKeychain).await;
    session.create(KeyPlace::Session, None).await.unwrap();
    let id = organisation(&db, &session, "Kestrel").await;
    seal(&db, &session, &id, TOKEN).await.unwrap();
    assert_eq!(read(&session, &id).await.unwrap().as_deref(), Some(TOKEN));
    assert_eq!(session.held().await.unwrap()[&id].len(), 1);
    assert!(!holds(folder.path(), TOKEN));
    let next = vault(&db, NoKeychain).await;
    assert!(matches!(
        next.status().await.unwrap(),
        VaultStatus::Missing { .. }
    ));
    assert_eq!(read(&next, &id).await.unwrap(), None);
    assert!(next.held().await.unwrap().is_empty());

    // What another Patchbay seals meanwhile is not taken for damaged.
    let other = vault(&db, MemoryKeychain::default()).await;
    let other_id = organisation(&db, &other, "Sable").await;
    seal(&db, &other, &other_id, TOKEN).await.unwrap();
    let error = read(&session, &other_id).await.unwrap_err();
    assert_eq!(code(&error), ErrorCode::VaultLocked, "{error}");
    assert_eq!(read(&session, &id).await.unwrap().as_deref(), Some(TOKEN));
    other.reset().await.unwrap();

    // Choosing a passphrase later takes along what is in memory.
    session
        .create(KeyPlace::Passphrase, Some("later".into()))
        .await
        .unwrap();
    next.unlock("later".into()).await.unwrap();
    assert_eq!(read(&next, &id).await.unwrap().as_deref(), Some(TOKEN));
}

#[tokio::test]
async fn a_secret_moved_to_another_owner_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(folder.path()).await;
    let vault = vault(&db, MemoryKeychain::default()).await;
    let (one, other) = (
        organisation(&db, &vault, "One").await,
        organisation(&db, &vault, "Other").await,
    );
    seal(&db, &vault, &one, TOKEN).await.unwrap();
    let mut write = db.write().await.unwrap();
    sqlx::query("insert into secrets select ?, field, sealed from secrets where organisation = ?")
        .bind(&other)
        .bind(&one)
        .execute(write.connection())
        .await
        .unwrap();
    write.commit().await.unwrap();
    let error = read(&vault, &other).await.unwrap_err();
    assert_eq!(code(&error), ErrorCode::Internal);
    assert!(!format!("{error} {error:?}").contains(TOKEN));
    assert_eq!(read(&vault, &one).await.unwrap().as_deref(), Some(TOKEN));
}

#[tokio::test]
async fn the_key_of_another_vault_is_recognised() {
    let folder = tempfile::tempdir().unwrap();
    let keychain = MemoryKeychain::default();
    let db = database(folder.path()).await;
    let first = vault(&db, keychain.clone()).await;
    let id = organisation(&db, &first, "Kestrel").await;
    seal(&db, &first, &id, TOKEN).await.unwrap();
    let (mark,): (Vec<u8>,) = sqlx::query_as("select salt from vault")
        .fetch_one(db.read())
        .await
        .unwrap();
    let account = format!(
        "data key {}",
        mark.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    );
    keychain.set(&account, &[7; 32]).unwrap();
    let next = vault(&db, keychain).await;
    let VaultStatus::Locked { reason, .. } = next.status().await.unwrap() else {
        panic!("a foreign key opens nothing")
    };
    assert!(reason.contains("not the one"), "{reason}");
}

/// A keychain that waits behind a prompt nobody answers.
#[derive(Debug, Default)]
struct Prompting;

impl Prompting {
    fn for_ever<T>() -> Result<T, KeychainProblem> {
        loop {
            std::thread::park();
        }
    }
}

impl Keychain for Prompting {
    fn get(&self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainProblem> {
        Self::for_ever()
    }
    fn set(&self, _: &str, _: &[u8]) -> Result<(), KeychainProblem> {
        Self::for_ever()
    }
    fn delete(&self, _: &str) -> Result<(), KeychainProblem> {
        Self::for_ever()
    }
}

#[tokio::test]
async fn a_prompt_that_nobody_answers_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let db = database(folder.path()).await;
    let options = VaultOptions {
        keychain_limit: Duration::from_millis(20),
        ..QUICK
    };
    let vault = Vault::open_with(db.clone(), Arc::new(Prompting), options)
        .await
        .unwrap();
    let VaultStatus::Missing {
        keychain_problem: Some(problem),
    } = vault.status().await.unwrap()
    else {
        panic!("nobody answered the prompt");
    };
    assert!(problem.contains("prompt"), "{problem}");
    vault
        .create(KeyPlace::Passphrase, Some("instead".into()))
        .await
        .unwrap();
}

/// The real keychain. `PATCHBAY_TEST_KEYCHAIN=1` makes it mandatory; it needs a session bus with an unlocked keyring.
#[tokio::test]
async fn the_platform_keychain_keeps_the_key() {
    let wanted = std::env::var_os("PATCHBAY_TEST_KEYCHAIN").is_some();
    if !wanted && cfg!(target_os = "linux") && std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_none() {
        eprintln!("skipped: there is no session bus, so no keychain");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let db = database(folder.path()).await;
    let first = vault(&db, SystemKeychain).await;
    if let VaultStatus::Missing {
        keychain_problem: Some(problem),
    } = first.status().await.unwrap()
    {
        assert!(!wanted, "the keychain cannot be used: {problem}");
        eprintln!("skipped: {problem}");
        return;
    }
    let id = organisation(&db, &first, "Kestrel").await;
    seal(&db, &first, &id, TOKEN).await.unwrap();
    assert_eq!(
        first.status().await.unwrap(),
        VaultStatus::Open {
            key_in: KeyPlace::Keychain
        }
    );
    let again = vault(&db, SystemKeychain).await;
    assert_eq!(read(&again, &id).await.unwrap().as_deref(), Some(TOKEN));
    again.reset().await.unwrap();
    assert_eq!(
        again.status().await.unwrap(),
        VaultStatus::Missing {
            keychain_problem: None
        }
    );
}
