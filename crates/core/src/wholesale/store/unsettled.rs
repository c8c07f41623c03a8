//! SQL of the changes that Webex has not settled, one for a customer at most, and of who follows them.

use super::json;
use crate::db::{self, Db};
use crate::error::Result;
use crate::wholesale::CustomerChange;
use sqlx::SqliteConnection;

/// How far a change has come after its checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::wholesale) enum Phase {
    /// It may have been sent.
    Sending,
    Accepted,
}

impl Phase {
    const fn name(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Accepted => "accepted",
        }
    }
}

/// The transaction that follows a change of this customer.
pub(in crate::wholesale) async fn follower(
    connection: &mut SqliteConnection,
    organisation: &str,
    key: &str,
) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        "select transaction_id from wholesale_changes where organisation = ? and customer = ?",
        organisation,
        key
    )
    .fetch_optional(connection)
    .await?
    .flatten())
}

/// Notes a change that begins, in place of one that nobody follows.
pub(in crate::wholesale) async fn begin(
    connection: &mut SqliteConnection,
    organisation: &str,
    key: &str,
    transaction: &str,
    change: &CustomerChange,
) -> Result<()> {
    let change = json(change);
    sqlx::query!(
        "insert into wholesale_changes (organisation, customer, transaction_id, phase, change)
         values (?, ?, ?, 'checking', ?)
         on conflict (organisation, customer) do update set transaction_id = excluded.transaction_id,
           phase = excluded.phase, change = excluded.change",
        organisation,
        key,
        transaction,
        change
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes how far the change of this transaction has come.
pub(in crate::wholesale) async fn phase(
    connection: &mut SqliteConnection,
    transaction: &str,
    phase: Phase,
) -> Result<()> {
    let phase = phase.name();
    sqlx::query!(
        "update wholesale_changes set phase = ? where transaction_id = ?",
        phase,
        transaction
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The change of this transaction is settled.
pub(in crate::wholesale) async fn settled(
    connection: &mut SqliteConnection,
    transaction: &str,
) -> Result<()> {
    sqlx::query!(
        "delete from wholesale_changes where transaction_id = ?",
        transaction
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Nobody follows this transaction's change any more; `None` for all changes. What was not sent is forgotten.
pub(in crate::wholesale) async fn leave(
    connection: &mut SqliteConnection,
    transaction: Option<&str>,
) -> Result<()> {
    sqlx::query!(
        "delete from wholesale_changes where phase = 'checking' and transaction_id = coalesce(?, transaction_id)",
        transaction
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update wholesale_changes set transaction_id = null where transaction_id = coalesce(?, transaction_id)",
        transaction
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A change that nobody follows.
pub(in crate::wholesale) struct Left {
    pub organisation: String,
    pub customer: String,
    pub change: CustomerChange,
    pub accepted: bool,
}

/// Changes that nobody follows; of one organisation where it is given.
pub(in crate::wholesale) async fn left(db: &Db, organisation: Option<&str>) -> Result<Vec<Left>> {
    let rows = sqlx::query!(
        "select organisation, customer, change, phase from wholesale_changes
         where transaction_id is null and organisation = coalesce(?, organisation)",
        organisation
    )
    .fetch_all(db.read())
    .await?;
    rows.into_iter()
        .map(|row| {
            let change = serde_json::from_str(&row.change).map_err(|error| db::Error::Corrupt {
                table: "wholesale_changes",
                id: row.customer.clone(),
                what: error.to_string(),
            })?;
            Ok(Left {
                change,
                accepted: row.phase == Phase::Accepted.name(),
                organisation: row.organisation,
                customer: row.customer,
            })
        })
        .collect()
}

/// Takes up a change that nobody follows; whether it was still there to be taken.
pub(in crate::wholesale) async fn take(
    connection: &mut SqliteConnection,
    left: &Left,
    transaction: &str,
) -> Result<bool> {
    let taken = sqlx::query!(
        "update wholesale_changes set transaction_id = ? where organisation = ? and customer = ? and transaction_id is null",
        transaction,
        left.organisation,
        left.customer
    )
    .execute(connection)
    .await?;
    Ok(taken.rows_affected() > 0)
}
