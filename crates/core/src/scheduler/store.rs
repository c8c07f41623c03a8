//! The table `schedules`. Times are whole seconds, so that they compare as text.

use super::model::{ScheduleKind, ScheduleOutcome};
use crate::db::{self, Db};
use jiff::Timestamp;
use sqlx::SqliteConnection;

/// A row with what is needed of its organisation.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub id: String,
    pub organisation: String,
    pub organisation_name: String,
    pub kind: String,
    pub paused: bool,
    pub every_minutes: u32,
    pub next_at: Option<String>,
    pub last_started_at: Option<String>,
    pub last_ended_at: Option<String>,
    pub last_outcome: Option<String>,
    pub last_message: Option<String>,
    pub last_transaction: Option<String>,
    pub failures: u32,
    pub failing_since: Option<String>,
}

impl Row {
    pub(super) fn kind(&self) -> Result<ScheduleKind, db::Error> {
        ScheduleKind::ALL
            .into_iter()
            .find(|kind| kind.word() == self.kind)
            .ok_or_else(|| self.corrupt(&self.kind))
    }

    pub(super) fn outcome(&self) -> Result<Option<ScheduleOutcome>, db::Error> {
        let Some(word) = &self.last_outcome else {
            return Ok(None);
        };
        ScheduleOutcome::ALL
            .into_iter()
            .find(|outcome| outcome.word() == word)
            .map(Some)
            .ok_or_else(|| self.corrupt(word))
    }

    pub(super) fn next_at(&self) -> Result<Option<Timestamp>, db::Error> {
        self.next_at
            .as_ref()
            .map(|text| text.parse().map_err(|_| self.corrupt(text)))
            .transpose()
    }

    /// Begun and not ended, as far as the row knows.
    pub(super) fn is_open(&self) -> bool {
        self.last_started_at.is_some() && self.last_ended_at.is_none()
    }

    fn corrupt(&self, what: &str) -> db::Error {
        db::Error::Corrupt {
            table: "schedules",
            id: self.id.clone(),
            what: what.to_owned(),
        }
    }
}

macro_rules! select {
    ($tail:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"select s.id as "id!: String", s.organisation as "organisation!: String",
                 o.name as "organisation_name!: String", s.kind as "kind!: String", s.paused as "paused!: bool",
                 s.every_minutes as "every_minutes!: u32", s.next_at, s.last_started_at, s.last_ended_at, s.last_outcome,
                 s.last_message, s.last_transaction, s.failures as "failures!: u32", s.failing_since
               from schedules s join organisations o on o.id = s.organisation "# + $tail
            $(, $argument)*
        )
    };
}

pub(super) async fn all(db: &Db) -> Result<Vec<Row>, db::Error> {
    Ok(select!("order by o.name_key, s.kind")
        .fetch_all(db.read())
        .await?)
}

pub(super) async fn one(db: &Db, id: &str) -> Result<Option<Row>, db::Error> {
    Ok(select!("where s.id = ?", id).fetch_optional(db.read()).await?)
}

pub(super) async fn one_in(connection: &mut SqliteConnection, id: &str) -> Result<Option<Row>, db::Error> {
    Ok(select!("where s.id = ?", id).fetch_optional(connection).await?)
}

/// What is due of organisations whose consent stands, the longest due first.
pub(super) async fn due(db: &Db, now: &str) -> Result<Vec<Row>, db::Error> {
    let rows = select!(
        "where s.paused = 0 and s.next_at <= ? and o.consent_state = 'granted' order by s.next_at",
        now
    );
    Ok(rows.fetch_all(db.read()).await?)
}

/// What has failed at least so often in a row.
pub(super) async fn failing(db: &Db, failures: u32) -> Result<Vec<Row>, db::Error> {
    Ok(select!("where s.failures >= ? order by s.id", failures)
        .fetch_all(db.read())
        .await?)
}

/// The next turn after `now`.
pub(super) async fn next(db: &Db, now: &str) -> Result<Option<String>, db::Error> {
    let next = sqlx::query_scalar!(
        r#"select min(next_at) as "next: String" from schedules where paused = 0 and next_at > ?"#,
        now
    )
    .fetch_one(db.read())
    .await?;
    Ok(next)
}

/// An organisation whose schedules are not those it should have.
#[derive(Debug)]
pub(super) struct Unfurnished {
    pub id: String,
    pub wholesale: bool,
    pub refreshed_at: Option<String>,
    pub access_token_expires_at: Option<String>,
    pub refresh_token_since: Option<String>,
    pub last_sync_at: Option<String>,
}

pub(super) async fn unfurnished(connection: &mut SqliteConnection) -> Result<Vec<Unfurnished>, db::Error> {
    let found = sqlx::query_as!(
        Unfurnished,
        r#"select id as "id!: String", wholesale as "wholesale!: bool", refreshed_at, access_token_expires_at,
             refresh_token_since, last_sync_at
           from organisations o
           where (select count(*) from schedules s where s.organisation = o.id) <> 2 + o.wholesale"#
    )
    .fetch_all(connection)
    .await?;
    Ok(found)
}

/// Makes a schedule where there is none of that kind.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    id: &str,
    organisation: &str,
    kind: ScheduleKind,
    every_minutes: u32,
    next_at: Option<Timestamp>,
) -> Result<(), db::Error> {
    let (kind, next_at) = (kind.word(), text(next_at));
    sqlx::query!(
        "insert into schedules (id, organisation, kind, every_minutes, next_at) values (?, ?, ?, ?, ?)
         on conflict (organisation, kind) do nothing",
        id,
        organisation,
        kind,
        every_minutes,
        next_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn remove(
    connection: &mut SqliteConnection,
    organisation: &str,
    kind: ScheduleKind,
) -> Result<(), db::Error> {
    let kind = kind.word();
    sqlx::query!(
        "delete from schedules where organisation = ? and kind = ?",
        organisation,
        kind
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn started(connection: &mut SqliteConnection, id: &str, now: &str) -> Result<(), db::Error> {
    sqlx::query!(
        "update schedules set last_started_at = ?, last_ended_at = null, last_transaction = null where id = ?",
        now,
        id
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn note_transaction(
    connection: &mut SqliteConnection,
    id: &str,
    transaction: &str,
) -> Result<(), db::Error> {
    sqlx::query!(
        "update schedules set last_transaction = ? where id = ?",
        transaction,
        id
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How a turn ended.
#[derive(Debug)]
pub(super) struct Ended<'a> {
    pub at: &'a str,
    pub outcome: ScheduleOutcome,
    pub message: Option<&'a str>,
    pub transaction: Option<&'a str>,
    pub failures: u32,
    pub failing_since: Option<&'a str>,
    pub next_at: Option<Timestamp>,
}

pub(super) async fn ended(
    connection: &mut SqliteConnection,
    id: &str,
    ended: &Ended<'_>,
) -> Result<(), db::Error> {
    let (outcome, next_at) = (ended.outcome.word(), text(ended.next_at));
    sqlx::query!(
        "update schedules set last_ended_at = ?, last_outcome = ?, last_message = ?,
           last_transaction = coalesce(?, last_transaction), failures = ?, failing_since = ?, next_at = ?
         where id = ?",
        ended.at,
        outcome,
        ended.message,
        ended.transaction,
        ended.failures,
        ended.failing_since,
        next_at,
        id
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn pause(
    connection: &mut SqliteConnection,
    id: &str,
    paused: bool,
) -> Result<(), db::Error> {
    sqlx::query!("update schedules set paused = ? where id = ?", paused, id)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn set_every(
    connection: &mut SqliteConnection,
    id: &str,
    every_minutes: u32,
    next_at: Option<Timestamp>,
) -> Result<(), db::Error> {
    let next_at = text(next_at);
    sqlx::query!(
        "update schedules set every_minutes = ?, next_at = ? where id = ?",
        every_minutes,
        next_at,
        id
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn set_next(
    connection: &mut SqliteConnection,
    id: &str,
    next_at: Option<Timestamp>,
) -> Result<(), db::Error> {
    let next_at = text(next_at);
    sqlx::query!("update schedules set next_at = ? where id = ?", next_at, id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Schedules of an organisation, as a write sees them.
pub(super) async fn of(connection: &mut SqliteConnection, organisation: &str) -> Result<Vec<Row>, db::Error> {
    Ok(select!("where s.organisation = ?", organisation)
        .fetch_all(connection)
        .await?)
}

/// Everything, as a write sees it.
pub(super) async fn all_in(connection: &mut SqliteConnection) -> Result<Vec<Row>, db::Error> {
    Ok(select!("order by s.id").fetch_all(connection).await?)
}

/// Forgets failures of before.
pub(super) async fn forgive(connection: &mut SqliteConnection, organisation: &str) -> Result<(), db::Error> {
    sqlx::query!(
        "update schedules set failures = 0, failing_since = null where organisation = ? and failures > 0",
        organisation
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn text(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| super::due::whole(at).to_string())
}
