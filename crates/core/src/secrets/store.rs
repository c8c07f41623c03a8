//! The tables `vault` and `secrets`.

use super::model::KeyPlace;
use super::seal::PassphraseCost;
use crate::db;
use sqlx::SqliteConnection;
use std::collections::{BTreeMap, BTreeSet};

/// The row of the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VaultRow {
    pub kept: Kept,
    pub proof: Vec<u8>,
}

/// How the key is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kept {
    /// `mark` tells this vault's entry from that of another data folder on the same computer.
    Keychain {
        mark: Vec<u8>,
    },
    Passphrase {
        salt: Vec<u8>,
        cost: PassphraseCost,
    },
}

impl Kept {
    pub(super) fn place(&self) -> KeyPlace {
        match self {
            Self::Keychain { .. } => KeyPlace::Keychain,
            Self::Passphrase { .. } => KeyPlace::Passphrase,
        }
    }
}

fn corrupt(what: &str) -> db::Error {
    db::Error::Corrupt {
        table: "vault",
        id: "1".to_owned(),
        what: what.to_owned(),
    }
}

pub(super) async fn vault(connection: &mut SqliteConnection) -> Result<Option<VaultRow>, db::Error> {
    let row = sqlx::query!(
        r#"select key_in as "key_in!: String", salt as "salt: Vec<u8>", memory_kib as "memory_kib: i64",
                  passes as "passes: i64", lanes as "lanes: i64", proof as "proof!: Vec<u8>"
           from vault where id = 1"#
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let salt = row.salt.ok_or_else(|| corrupt("its salt is missing"))?;
    let kept = match row.key_in.as_str() {
        "keychain" => Kept::Keychain { mark: salt },
        "passphrase" => {
            let number = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
            let (Some(memory_kib), Some(passes), Some(lanes)) =
                (number(row.memory_kib), number(row.passes), number(row.lanes))
            else {
                return Err(corrupt("its cost parameters are missing"));
            };
            Kept::Passphrase {
                salt,
                cost: PassphraseCost {
                    memory_kib,
                    passes,
                    lanes,
                },
            }
        }
        other => return Err(corrupt(&format!("the key is in {other}"))),
    };
    Ok(Some(VaultRow {
        kept,
        proof: row.proof,
    }))
}

/// Writes the vault's row in place of any other.
pub(super) async fn put_vault(connection: &mut SqliteConnection, row: &VaultRow) -> Result<(), db::Error> {
    let (key_in, salt, cost) = match &row.kept {
        Kept::Keychain { mark } => ("keychain", mark, None),
        Kept::Passphrase { salt, cost } => ("passphrase", salt, Some(cost)),
    };
    let memory_kib = cost.map(|cost| i64::from(cost.memory_kib));
    let passes = cost.map(|cost| i64::from(cost.passes));
    let lanes = cost.map(|cost| i64::from(cost.lanes));
    sqlx::query!(
        "insert or replace into vault (id, key_in, salt, memory_kib, passes, lanes, proof) values (1, ?, ?, ?, ?, ?, ?)",
        key_in,
        salt,
        memory_kib,
        passes,
        lanes,
        row.proof
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes the vault and everything sealed with its key.
pub(super) async fn clear(connection: &mut SqliteConnection) -> Result<(), db::Error> {
    sqlx::query!("delete from secrets")
        .execute(&mut *connection)
        .await?;
    sqlx::query!("delete from vault")
        .execute(&mut *connection)
        .await?;
    Ok(())
}

pub(super) async fn put(
    connection: &mut SqliteConnection,
    organisation: &str,
    field: &str,
    sealed: &[u8],
) -> Result<(), db::Error> {
    sqlx::query!(
        "insert or replace into secrets (organisation, field, sealed) values (?, ?, ?)",
        organisation,
        field,
        sealed
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn get(
    connection: &mut SqliteConnection,
    organisation: &str,
    field: &str,
) -> Result<Option<Vec<u8>>, db::Error> {
    let sealed = sqlx::query_scalar!(
        r#"select sealed as "sealed!: Vec<u8>" from secrets where organisation = ? and field = ?"#,
        organisation,
        field
    )
    .fetch_optional(connection)
    .await?;
    Ok(sealed)
}

pub(super) async fn forget(
    connection: &mut SqliteConnection,
    organisation: &str,
    field: &str,
) -> Result<(), db::Error> {
    sqlx::query!(
        "delete from secrets where organisation = ? and field = ?",
        organisation,
        field
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// One sealed secret and where it belongs.
#[derive(Debug)]
pub(super) struct Sealed {
    pub organisation: String,
    pub field: String,
    pub sealed: Vec<u8>,
}

pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<Sealed>, db::Error> {
    let rows = sqlx::query_as!(
        Sealed,
        r#"select organisation as "organisation!: String", field as "field!: String", sealed as "sealed!: Vec<u8>"
           from secrets"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Which fields are sealed, by organisation.
pub(super) async fn held(
    connection: &mut SqliteConnection,
) -> Result<BTreeMap<String, BTreeSet<String>>, db::Error> {
    let rows = sqlx::query!(
        r#"select organisation as "organisation!: String", field as "field!: String" from secrets"#
    )
    .fetch_all(connection)
    .await?;
    let mut held = BTreeMap::<String, BTreeSet<String>>::new();
    for row in rows {
        held.entry(row.organisation).or_default().insert(row.field);
    }
    Ok(held)
}
