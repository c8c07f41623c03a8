//! SQL of transactions and their steps.

use super::{Opening, Step, Transaction, TransactionFilter, TransactionKind, TransactionState, retry};
use crate::db;
use crate::error::{Error, Failure, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{FromRow, QueryBuilder, Sqlite, SqliteConnection};
use std::collections::HashMap;

/// The name of a field-less enum as serde writes it.
pub(super) fn name(value: &impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn parse<T: DeserializeOwned>(text: &str, id: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|_| {
        db::Error::Corrupt {
            table: "transactions",
            id: id.to_owned(),
            what: format!("unknown word {text}"),
        }
        .into()
    })
}

pub(super) async fn insert(
    connection: &mut SqliteConnection,
    id: &str,
    opening: &Opening,
    now: &str,
) -> Result<()> {
    let (kind, state) = (name(&opening.kind), name(&TransactionState::Running));
    let search = [
        &opening.title,
        opening.organisation_name.as_deref().unwrap_or_default(),
        &opening.who,
    ]
    .join(" ")
    .to_lowercase();
    sqlx::query!(
        "insert into transactions (id, kind, title, organisation, organisation_name, who, state, started_at, search)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        kind,
        opening.title,
        opening.organisation,
        opening.organisation_name,
        opening.who,
        state,
        now,
        search
    )
    .execute(&mut *connection)
    .await?;
    for (position, step) in opening.steps.iter().enumerate() {
        let position = position as i64;
        sqlx::query!(
            "insert into transaction_steps (transaction_id, position, name, state) values (?, ?, ?, 'pending')",
            id,
            position,
            step
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

pub(super) async fn update_step(
    connection: &mut SqliteConnection,
    id: &str,
    position: i64,
    state: TransactionState,
    done: u32,
    total: Option<u32>,
    detail: Option<&str>,
) -> Result<()> {
    let state = name(&state);
    sqlx::query!(
        "update transaction_steps set state = ?, done = ?, total = ?, detail = ?, attempts = max(attempts, 1)
         where transaction_id = ? and position = ?",
        state,
        done,
        total,
        detail,
        id,
        position
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn note_run(connection: &mut SqliteConnection, id: &str, run: &str) -> Result<()> {
    sqlx::query!("update transactions set run = ? where id = ?", run, id)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn close(
    connection: &mut SqliteConnection,
    id: &str,
    state: TransactionState,
    now: &str,
    failure: Option<&Failure>,
    tracking_ids: &[String],
) -> Result<()> {
    let state = name(&state);
    let sentence = failure.map(|failure| failure.message.clone());
    let failure = failure.and_then(|failure| serde_json::to_string(failure).ok());
    // Those of an earlier try stay: they are what Webex is asked about.
    let before = sqlx::query_scalar!("select tracking_ids from transactions where id = ?", id)
        .fetch_optional(&mut *connection)
        .await?
        .and_then(|json| serde_json::from_str::<Vec<String>>(&json).ok())
        .unwrap_or_default();
    let mut all = before;
    for tracking_id in tracking_ids {
        if !all.contains(tracking_id) {
            all.push(tracking_id.clone());
        }
    }
    let search = tracking_ids
        .iter()
        .fold(String::new(), |text, id| text + " " + &id.to_lowercase());
    let tracking_ids = serde_json::to_string(&all).unwrap_or_else(|_| "[]".to_owned());
    sqlx::query!(
        "update transactions set state = ?, ended_at = ?, failure = ?, tracking_ids = ?, search = search || ? where id = ?",
        state,
        now,
        failure,
        tracking_ids,
        search,
        id
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update transaction_steps set state = ?, detail = coalesce(?, detail) where transaction_id = ? and state = 'running'",
        state,
        sentence,
        id
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn sweep(connection: &mut SqliteConnection, now: &str) -> Result<u64> {
    sqlx::query!(
        "update transaction_steps set state = 'interrupted' where state = 'running' and transaction_id in
         (select id from transactions where state = 'running' and kind <> 'bulk_assignment')"
    )
    .execute(&mut *connection)
    .await?;
    let swept = sqlx::query!(
        "update transactions set state = 'interrupted', ended_at = ? where state = 'running' and kind <> 'bulk_assignment'",
        now
    )
    .execute(connection)
    .await?;
    Ok(swept.rows_affected())
}

/// Opens a transaction that has not succeeded again; false if it is not one that ended so.
pub(super) async fn reopen(connection: &mut SqliteConnection, id: &str) -> Result<bool> {
    let reopened = sqlx::query!(
        "update transactions set state = 'running', ended_at = null, failure = null
         where id = ? and state in ('failed', 'cancelled', 'interrupted')",
        id
    )
    .execute(&mut *connection)
    .await?;
    if reopened.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "update transaction_steps set state = 'running', done = 0, detail = null, attempts = attempts + 1
         where transaction_id = ?1 and position =
           (select min(position) from transaction_steps where transaction_id = ?1 and state <> 'succeeded')",
        id
    )
    .execute(connection)
    .await?;
    Ok(true)
}

/// All steps, those that were not begun too, and whether each is done.
pub(super) async fn steps(connection: &mut SqliteConnection, id: &str) -> Result<Vec<(String, bool)>> {
    let steps = sqlx::query!(
        r#"select name as "name!: String", state as "state!: String" from transaction_steps
           where transaction_id = ? order by position"#,
        id
    )
    .fetch_all(connection)
    .await?;
    Ok(steps
        .into_iter()
        .map(|step| (step.name, step.state == "succeeded"))
        .collect())
}

#[derive(FromRow)]
struct Row {
    id: String,
    kind: String,
    title: String,
    organisation: Option<String>,
    organisation_name: Option<String>,
    who: String,
    state: String,
    started_at: String,
    ended_at: Option<String>,
    failure: Option<String>,
    tracking_ids: String,
    run: Option<String>,
    organisation_there: bool,
}

const COLUMNS: &str = "id, kind, title, organisation, organisation_name, who, state, started_at, ended_at, failure, \
    tracking_ids, run, exists (select 1 from organisations where organisations.id = transactions.organisation) as organisation_there";

#[derive(FromRow)]
struct StepRow {
    transaction_id: String,
    name: String,
    state: String,
    done: u32,
    total: Option<u32>,
    detail: Option<String>,
    attempts: u32,
}

fn step(row: StepRow) -> Result<Step> {
    let detail = match (row.attempts, row.detail) {
        (0 | 1, detail) => detail,
        (attempts, None) => Some(format!("Attempt {attempts}")),
        (attempts, Some(detail)) => Some(format!("Attempt {attempts}: {detail}")),
    };
    Ok(Step {
        state: parse(&row.state, &row.transaction_id)?,
        name: row.name,
        done: row.done,
        total: row.total,
        detail,
    })
}

/// The rows with their steps, which are asked for once for all.
async fn complete(connection: &mut SqliteConnection, rows: Vec<Row>) -> Result<Vec<Transaction>> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let ids = serde_json::to_string(&ids).unwrap_or_default();
    // A step that was not begun is shown when it begins.
    let found: Vec<StepRow> = sqlx::query_as(
        "select transaction_id, name, state, done, total, detail, attempts from transaction_steps
         where transaction_id in (select value from json_each(?)) and state <> 'pending'
         order by transaction_id, position",
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    let mut steps: HashMap<String, Vec<Step>> = HashMap::new();
    for row in found {
        steps
            .entry(row.transaction_id.clone())
            .or_default()
            .push(step(row)?);
    }
    rows.into_iter()
        .map(|row| {
            let steps = steps.remove(&row.id).unwrap_or_default();
            transaction(row, steps)
        })
        .collect()
}

fn transaction(row: Row, steps: Vec<Step>) -> Result<Transaction> {
    let corrupt = |what: String| db::Error::Corrupt {
        table: "transactions",
        id: row.id.clone(),
        what,
    };
    let kind: TransactionKind = parse(&row.kind, &row.id)?;
    let state: TransactionState = parse(&row.state, &row.id)?;
    let failure = match &row.failure {
        Some(json) => Some(serde_json::from_str(json).map_err(|error| corrupt(error.to_string()))?),
        None => None,
    };
    let tracking_ids = serde_json::from_str(&row.tracking_ids).map_err(|error| corrupt(error.to_string()))?;
    Ok(Transaction {
        retryable: row.organisation_there && retry::refusal(kind, state).is_none(),
        state,
        kind,
        steps,
        failure,
        tracking_ids,
        id: row.id,
        title: row.title,
        organisation: row.organisation,
        organisation_name: row.organisation_name,
        who: row.who,
        started_at: row.started_at,
        ended_at: row.ended_at,
        run: row.run,
    })
}

/// A filter whose times were read.
pub(super) struct Restriction<'a> {
    pub filter: &'a TransactionFilter,
    /// Times as the column has them, without the final Z: "12:00:00" goes before "12:00:00.5Z", which "12:00:00Z" does not.
    pub since: Option<String>,
    pub until: Option<String>,
}

fn restrict(query: &mut QueryBuilder<Sqlite>, restriction: &Restriction<'_>) {
    let filter = restriction.filter;
    query.push(" where 1 = 1");
    if let Some(organisation) = &filter.organisation {
        query.push(" and organisation = ").push_bind(organisation.clone());
    }
    if !filter.kinds.is_empty() {
        query.push(" and kind in (");
        let mut kinds = query.separated(", ");
        for kind in &filter.kinds {
            kinds.push_bind(name(kind));
        }
        query.push(")");
    }
    if let Some(state) = &filter.state {
        query.push(" and state = ").push_bind(name(state));
    }
    if let Some(since) = &restriction.since {
        query.push(" and started_at >= ").push_bind(since.clone());
    }
    if let Some(until) = &restriction.until {
        query.push(" and started_at < ").push_bind(until.clone());
    }
    let search = filter.search.as_deref().map(str::trim).unwrap_or_default();
    if !search.is_empty() {
        query
            .push(" and instr(search, ")
            .push_bind(search.to_lowercase())
            .push(") > 0");
    }
}

pub(super) async fn count(connection: &mut SqliteConnection, restriction: &Restriction<'_>) -> Result<u32> {
    let mut count = QueryBuilder::new("select count(*) from transactions");
    restrict(&mut count, restriction);
    Ok(count.build_query_scalar().fetch_one(connection).await?)
}

pub(super) async fn window(
    connection: &mut SqliteConnection,
    restriction: &Restriction<'_>,
    offset: u32,
    limit: u32,
) -> Result<Vec<Transaction>> {
    let mut query = QueryBuilder::new(format!("select {COLUMNS} from transactions"));
    restrict(&mut query, restriction);
    query
        .push(" order by started_at desc, id desc limit ")
        .push_bind(limit)
        .push(" offset ")
        .push_bind(offset);
    let rows: Vec<Row> = query.build_query_as().fetch_all(&mut *connection).await?;
    complete(connection, rows).await
}

pub(super) async fn get(connection: &mut SqliteConnection, id: &str) -> Result<Transaction> {
    let mut query = QueryBuilder::new(format!("select {COLUMNS} from transactions where id = "));
    query.push_bind(id.to_owned());
    let row: Option<Row> = query.build_query_as().fetch_optional(&mut *connection).await?;
    let found = complete(connection, row.into_iter().collect()).await?;
    found.into_iter().next().ok_or_else(|| Error::NotFound {
        what: "transaction",
        id: id.to_owned(),
    })
}
