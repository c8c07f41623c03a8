//! The table `preferences`: one row.

use crate::db::{self, Db, Write};

pub(super) async fn get(db: &Db) -> Result<Option<String>, db::Error> {
    let json = sqlx::query_scalar!(r#"select json as "json!: String" from preferences where id = 1"#)
        .fetch_optional(db.read())
        .await?;
    Ok(json)
}

pub(super) async fn put(write: &mut Write, json: &str) -> Result<(), db::Error> {
    sqlx::query!(
        "insert or replace into preferences (id, json) values (1, ?)",
        json
    )
    .execute(write.connection())
    .await?;
    Ok(())
}
