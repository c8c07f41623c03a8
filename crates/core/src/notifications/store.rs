//! The table `notices`: what was put away or shown. Warnings themselves are worked out.

use crate::db::{self, Db, Write};
use std::collections::BTreeSet;

/// Ids by what became of them.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub dismissed: BTreeSet<String>,
    pub shown: BTreeSet<String>,
}

pub(super) async fn marks(db: &Db) -> Result<Marks, db::Error> {
    let rows = sqlx::query!(r#"select id as "id!: String", dismissed_at, shown_at from notices"#)
        .fetch_all(db.read())
        .await?;
    let mut marks = Marks::default();
    for row in rows {
        if row.dismissed_at.is_some() {
            marks.dismissed.insert(row.id.clone());
        }
        if row.shown_at.is_some() {
            marks.shown.insert(row.id);
        }
    }
    Ok(marks)
}

/// Notes when a warning was put away or shown; what is None stays.
pub(super) async fn mark(
    write: &mut Write,
    id: &str,
    organisation: &str,
    dismissed_at: Option<&str>,
    shown_at: Option<&str>,
) -> Result<(), db::Error> {
    sqlx::query!(
        "insert into notices (id, organisation, dismissed_at, shown_at) values (?, ?, ?, ?)
         on conflict (id) do update set dismissed_at = coalesce(excluded.dismissed_at, notices.dismissed_at),
           shown_at = coalesce(excluded.shown_at, notices.shown_at)",
        id,
        organisation,
        dismissed_at,
        shown_at
    )
    .execute(write.connection())
    .await?;
    Ok(())
}

/// Forgets what was marked before `before`: the dates in those ids are long past.
pub(super) async fn forget(write: &mut Write, before: &str) -> Result<(), db::Error> {
    sqlx::query!(
        "delete from notices where coalesce(dismissed_at, '') < ? and coalesce(shown_at, '') < ?",
        before,
        before
    )
    .execute(write.connection())
    .await?;
    Ok(())
}
