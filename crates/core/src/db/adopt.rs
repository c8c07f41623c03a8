//! Whether a file is a database this Patchbay can use.

use super::{Error, MIGRATIONS, pending};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions};
use std::path::Path;

/// Proves that the file is a sound database of Patchbay's and brings it up to the present, as opening it would.
///
/// # Errors
/// [`Error::Damaged`] for what is none or not sound, [`Error::Newer`], [`Error::Migration`] where its migrations are not
/// ours.
pub async fn adopt(path: &Path) -> Result<(), Error> {
    let damaged = |source: sqlx::Error| Error::Damaged {
        path: path.to_owned(),
        source: Box::new(source),
    };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Delete)
        .foreign_keys(true);
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(damaged)?;
    let known: i64 = sqlx::query_scalar(
        "select count(*) from sqlite_schema where name in ('_sqlx_migrations', 'organisations', 'audit_log', 'vault')",
    )
    .fetch_one(&mut connection)
    .await
    .map_err(damaged)?;
    if known < 4 {
        return Err(damaged(sqlx::Error::Protocol(
            "it lacks Patchbay's tables".into(),
        )));
    }
    pending(&mut connection, path).await?;
    let verdict: String = sqlx::query_scalar("pragma integrity_check(1)")
        .fetch_one(&mut connection)
        .await
        .map_err(damaged)?;
    if verdict != "ok" {
        return Err(damaged(sqlx::Error::Protocol(verdict)));
    }
    connection.close().await?;
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    let migrated = MIGRATIONS.run(&pool).await;
    pool.close().await;
    Ok(migrated?)
}
