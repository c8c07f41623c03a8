//! SQL of the audit log.

use super::{Context, Entry};
use crate::db::{Db, Error};
use sqlx::SqliteConnection;

pub(super) async fn last_hash(connection: &mut SqliteConnection) -> Result<String, Error> {
    let hash = sqlx::query_scalar!("select hash from audit_log order by seq desc limit 1")
        .fetch_optional(connection)
        .await?;
    Ok(hash.unwrap_or_default())
}

pub(super) async fn insert(
    connection: &mut SqliteConnection,
    at: &str,
    context: &Context,
    event: &str,
    detail: &str,
    hash: &str,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into audit_log (at, who, organisation, event, detail, hash) values (?, ?, ?, ?, ?, ?)",
        at,
        context.who,
        context.organisation,
        event,
        detail,
        hash
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn entries(db: &Db, after: i64, limit: u32) -> Result<Vec<Entry>, Error> {
    Ok(sqlx::query_as!(
        Entry,
        r#"select seq as "seq!", at, who, organisation, event, detail, hash from audit_log where seq > ? order by seq limit ?"#,
        after,
        limit
    )
    .fetch_all(db.read())
    .await?)
}
