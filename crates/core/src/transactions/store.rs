//! SQL of transactions and their steps.

use super::{
    Opening, Step, Transaction, TransactionFilter, TransactionKind, TransactionState, TransactionWindow,
};
use crate::db::{self, Db};
use crate::error::{Error, Failure, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{FromRow, QueryBuilder, Sqlite, SqliteConnection};

/// The name of a field-less enum as serde writes it.
fn name(value: &impl Serialize) -> String {
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
    sqlx::query!(
        "insert into transactions (id, kind, title, organisation, organisation_name, who, state, started_at)
         values (?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        kind,
        opening.title,
        opening.organisation,
        opening.organisation_name,
        opening.who,
        state,
        now
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
        "update transaction_steps set state = ?, done = ?, total = ?, detail = ? where transaction_id = ? and position = ?",
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
    let failure = failure.and_then(|failure| serde_json::to_string(failure).ok());
    let tracking_ids = serde_json::to_string(tracking_ids).unwrap_or_else(|_| "[]".to_owned());
    sqlx::query!(
        "update transactions set state = ?, ended_at = ?, failure = ?, tracking_ids = ? where id = ?",
        state,
        now,
        failure,
        tracking_ids,
        id
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update transaction_steps set state = ? where transaction_id = ? and state = 'running'",
        state,
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
}

const COLUMNS: &str = "id, kind, title, organisation, organisation_name, who, state, started_at, ended_at, failure, tracking_ids, run";

async fn complete(db: &Db, row: Row) -> Result<Transaction> {
    let corrupt = |what: String| db::Error::Corrupt {
        table: "transactions",
        id: row.id.clone(),
        what,
    };
    let steps = sqlx::query!(
        r#"select name, state, done as "done!: u32", total as "total: u32", detail from transaction_steps
           where transaction_id = ? order by position"#,
        row.id
    )
    .fetch_all(db.read())
    .await?;
    let kind: TransactionKind = parse(&row.kind, &row.id)?;
    let steps = steps
        .into_iter()
        // A step that was not begun is shown when it begins.
        .filter(|step| step.state != "pending")
        .map(|step| {
            Ok(Step {
                state: parse(&step.state, &row.id)?,
                name: step.name,
                done: step.done,
                total: step.total,
                detail: step.detail,
            })
        })
        .collect::<Result<_>>()?;
    let failure = match &row.failure {
        Some(json) => Some(serde_json::from_str(json).map_err(|error| corrupt(error.to_string()))?),
        None => None,
    };
    let tracking_ids = serde_json::from_str(&row.tracking_ids).map_err(|error| corrupt(error.to_string()))?;
    Ok(Transaction {
        state: parse(&row.state, &row.id)?,
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

fn restrict(query: &mut QueryBuilder<Sqlite>, filter: &TransactionFilter) {
    query.push(" where 1 = 1");
    if let Some(organisation) = &filter.organisation {
        query.push(" and organisation = ").push_bind(organisation.clone());
    }
    if let Some(state) = &filter.state {
        query.push(" and state = ").push_bind(name(state));
    }
    if let Some(search) = filter
        .search
        .as_deref()
        .map(str::trim)
        .filter(|search| !search.is_empty())
    {
        query.push(" and instr(lower(title || ' ' || coalesce(organisation_name, '') || ' ' || who || ' ' || tracking_ids), lower(");
        query.push_bind(search.to_owned()).push(")) > 0");
    }
}

pub(super) async fn list(
    db: &Db,
    filter: &TransactionFilter,
    offset: u32,
    limit: u32,
) -> Result<TransactionWindow> {
    let mut count = QueryBuilder::new("select count(*) from transactions");
    restrict(&mut count, filter);
    let total: u32 = count.build_query_scalar().fetch_one(db.read()).await?;
    let mut query = QueryBuilder::new(format!("select {COLUMNS} from transactions"));
    restrict(&mut query, filter);
    query
        .push(" order by started_at desc, id desc limit ")
        .push_bind(limit)
        .push(" offset ")
        .push_bind(offset);
    let rows: Vec<Row> = query.build_query_as().fetch_all(db.read()).await?;
    let mut transactions = Vec::with_capacity(rows.len());
    for row in rows {
        transactions.push(complete(db, row).await?);
    }
    Ok(TransactionWindow { total, transactions })
}

pub(super) async fn get(db: &Db, id: &str) -> Result<Transaction> {
    let mut query = QueryBuilder::new(format!("select {COLUMNS} from transactions where id = "));
    query.push_bind(id.to_owned());
    let row: Option<Row> = query.build_query_as().fetch_optional(db.read()).await?;
    match row {
        Some(row) => complete(db, row).await,
        None => Err(Error::NotFound {
            what: "transaction",
            id: id.to_owned(),
        }),
    }
}
