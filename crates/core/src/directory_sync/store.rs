//! SQL of enterprises, and of when Webex told of them.

pub(super) mod requests;

use super::availability::Copied;
use super::gate::Told;
use crate::db::{self, Db};
use crate::error::Result;
use jiff::Timestamp;
use serde::Serialize;
use sqlx::SqliteConnection;

pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

pub(super) fn corrupt(table: &'static str, id: &str, what: impl ToString) -> crate::Error {
    db::Error::Corrupt {
        table,
        id: id.to_owned(),
        what: what.to_string(),
    }
    .into()
}

pub(super) fn time(table: &'static str, id: &str, text: &str) -> Result<Timestamp> {
    text.parse().map_err(|error| corrupt(table, id, error))
}

/// One enterprise as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub key: String,
    pub id: String,
    pub org_id: Option<String>,
    pub sp_enterprise_id: String,
    pub enabled: bool,
    /// None where Webex has said nothing of a synchronisation.
    pub told: Option<Told>,
    pub as_of: String,
}

/// The number of an observation that begins now.
pub(super) async fn observe(connection: &mut SqliteConnection, organisation: &str) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"insert into directory_sync_copies (organisation, observed) values (?, 1)
           on conflict (organisation) do update set observed = observed + 1
           returning observed as "observed!: i64""#,
        organisation
    )
    .fetch_one(connection)
    .await?)
}

/// Notes what Webex's clock said.
pub(super) async fn met(
    connection: &mut SqliteConnection,
    organisation: &str,
    webex_time: Timestamp,
    ahead: i64,
) -> Result<()> {
    let time = webex_time.to_string();
    sqlx::query!(
        "update directory_sync_copies set webex_time = ?, clock_ahead_seconds = ? where organisation = ?",
        time,
        ahead,
        organisation
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What Webex's clock said last, and how many seconds it was ahead of this computer's.
pub(super) async fn last_met(db: &Db, organisation: &str) -> Result<(Option<Timestamp>, i64)> {
    let row = sqlx::query!(
        "select webex_time, clock_ahead_seconds from directory_sync_copies where organisation = ?",
        organisation
    )
    .fetch_optional(db.read())
    .await?;
    let Some(row) = row else {
        return Ok((None, 0));
    };
    let met = row
        .webex_time
        .map(|text| time("directory_sync_copies", organisation, &text))
        .transpose()?;
    Ok((met, row.clock_ahead_seconds))
}

/// Keeps what was observed, unless a later observation is there already.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    organisation: &str,
    observed: i64,
    kept: &Kept,
) -> Result<()> {
    let told = kept.told.as_ref().map(json);
    sqlx::query!(
        "insert into directory_sync_enterprises
           (organisation, key, id, observed, org_id, sp_enterprise_id, enabled, told, as_of)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (organisation, key) do update set id = excluded.id, observed = excluded.observed,
           org_id = excluded.org_id, sp_enterprise_id = excluded.sp_enterprise_id, enabled = excluded.enabled,
           told = excluded.told, as_of = excluded.as_of
         where excluded.observed >= directory_sync_enterprises.observed",
        organisation,
        kept.key,
        kept.id,
        observed,
        kept.org_id,
        kept.sp_enterprise_id,
        kept.enabled,
        told,
        kept.as_of
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes an enterprise that was seen while how it stands could not be read: what was known stays, as old as it was. Whether it
/// was known.
pub(super) async fn seen(
    connection: &mut SqliteConnection,
    organisation: &str,
    observed: i64,
    kept: &Kept,
) -> Result<bool> {
    let noted = sqlx::query!(
        "update directory_sync_enterprises set id = ?, observed = max(observed, ?), org_id = ?, sp_enterprise_id = ?
         where organisation = ? and key = ?",
        kept.id,
        observed,
        kept.org_id,
        kept.sp_enterprise_id,
        organisation,
        kept.key
    )
    .execute(connection)
    .await?;
    Ok(noted.rows_affected() > 0)
}

/// Ends a reading of the list: what it did not see is gone, unless it was observed later.
pub(super) async fn copied(
    connection: &mut SqliteConnection,
    organisation: &str,
    observed: i64,
    as_of: &str,
) -> Result<()> {
    sqlx::query!(
        "delete from directory_sync_enterprises where organisation = ? and observed < ?",
        organisation,
        observed
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update directory_sync_copies set as_of = ?, refused = null, refused_tracking_id = null where organisation = ?",
        as_of,
        organisation
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets an enterprise that Webex does not know any more.
pub(super) async fn gone(
    connection: &mut SqliteConnection,
    organisation: &str,
    observed: i64,
    key: &str,
) -> Result<()> {
    sqlx::query!(
        "delete from directory_sync_enterprises where organisation = ? and key = ? and observed <= ?",
        organisation,
        key,
        observed
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that Webex refused the list.
pub(super) async fn refused(
    connection: &mut SqliteConnection,
    organisation: &str,
    reason: &str,
    tracking_id: Option<&str>,
) -> Result<()> {
    sqlx::query!(
        "update directory_sync_copies set refused = ?, refused_tracking_id = ? where organisation = ?",
        reason,
        tracking_id,
        organisation
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// All enterprises by name, what the copy says as a whole, and how old it is.
pub(super) async fn all(db: &Db, organisation: &str) -> Result<(Vec<Kept>, Copied, Option<String>)> {
    let rows = sqlx::query!(
        r#"select key, id, org_id, sp_enterprise_id, enabled as "enabled: bool", told, as_of
           from directory_sync_enterprises where organisation = ? order by sp_enterprise_id collate nocase, key"#,
        organisation
    )
    .fetch_all(db.read())
    .await?;
    let kept = rows
        .into_iter()
        .map(|row| {
            let told = row
                .told
                .map(|text| serde_json::from_str(&text))
                .transpose()
                .map_err(|error| corrupt("directory_sync_enterprises", &row.key, error))?;
            Ok(Kept {
                key: row.key,
                id: row.id,
                org_id: row.org_id,
                sp_enterprise_id: row.sp_enterprise_id,
                enabled: row.enabled,
                told,
                as_of: row.as_of,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let copy = sqlx::query!(
        "select as_of, refused, refused_tracking_id from directory_sync_copies where organisation = ?",
        organisation
    )
    .fetch_optional(db.read())
    .await?;
    let (as_of, refused) = copy
        .map(|copy| {
            (
                copy.as_of,
                copy.refused.map(|reason| (reason, copy.refused_tracking_id)),
            )
        })
        .unwrap_or_default();
    let copied = Copied {
        ever: as_of.is_some(),
        enterprises: kept.len(),
        refused,
    };
    Ok((kept, copied, as_of))
}
