//! SQL of databases that are not the one in use: copies, and what is written into them about themselves.

use crate::db::{self, Db, Write};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, FromRow};
use std::path::Path;

/// Not part of the schema: it is in backups alone, and taken out when one is in place.
const TABLE: &str = "create table if not exists backup_facts (
    id integer primary key not null check (id = 1),
    made_at text not null, version text, file text, chosen_at text, who text, secrets integer) strict";

/// What a backup says of itself.
#[derive(Debug, Clone, Default, FromRow)]
pub(super) struct Facts {
    pub made_at: String,
    pub version: Option<String>,
    pub file: Option<String>,
    pub chosen_at: Option<String>,
    pub who: Option<String>,
    pub secrets: Option<bool>,
}

/// A consistent copy of the whole database, into an empty file.
pub(super) async fn copy_into(db: &Db, path: &Path) -> Result<(), db::Error> {
    sqlx::query("vacuum into ?")
        .bind(path.to_string_lossy().into_owned())
        .execute(db.read())
        .await?;
    Ok(())
}

pub(super) async fn connect(path: &Path, read_only: bool) -> Result<SqliteConnection, db::Error> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(read_only)
        .create_if_missing(false);
    Ok(SqliteConnection::connect_with(&options).await?)
}

/// Writes into a copy when it was made, and by what; how many organisations are in it.
pub(super) async fn sign(path: &Path, made_at: &str, version: &str) -> Result<u32, db::Error> {
    let mut copy = connect(path, false).await?;
    sqlx::query(TABLE).execute(&mut copy).await?;
    sqlx::query("insert or replace into backup_facts (id, made_at, version) values (1, ?, ?)")
        .bind(made_at)
        .bind(version)
        .execute(&mut copy)
        .await?;
    let organisations = organisations(&mut copy).await?;
    copy.close().await?;
    Ok(organisations)
}

/// Writes into a backup that it was chosen.
pub(super) async fn choose(connection: &mut SqliteConnection, facts: &Facts) -> Result<(), db::Error> {
    sqlx::query(TABLE).execute(&mut *connection).await?;
    sqlx::query(
        "insert or replace into backup_facts (id, made_at, version, file, chosen_at, who, secrets)
         values (1, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&facts.made_at)
    .bind(&facts.version)
    .bind(&facts.file)
    .bind(&facts.chosen_at)
    .bind(&facts.who)
    .bind(facts.secrets)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn facts(connection: &mut SqliteConnection) -> Result<Option<Facts>, db::Error> {
    let there: i64 = sqlx::query_scalar("select count(*) from sqlite_schema where name = 'backup_facts'")
        .fetch_one(&mut *connection)
        .await?;
    if there == 0 {
        return Ok(None);
    }
    Ok(sqlx::query_as(
        "select made_at, version, file, chosen_at, who, secrets from backup_facts where id = 1",
    )
    .fetch_optional(connection)
    .await?)
}

pub(super) async fn organisations(connection: &mut SqliteConnection) -> Result<u32, db::Error> {
    Ok(sqlx::query_scalar("select count(*) from organisations")
        .fetch_one(connection)
        .await?)
}

/// Takes out of a database in place what it said of itself as a backup.
pub(super) async fn forget_facts(write: &mut Write) -> Result<(), db::Error> {
    sqlx::query("drop table backup_facts")
        .execute(write.connection())
        .await?;
    Ok(())
}
