//! SQL of the report: windows of items, filtered and sorted by an allow-list.

use super::{item_state, state_name};
use crate::db::Db;
use crate::error::Result;
use crate::runs::{ReportColumn, ReportFilter, ReportRow, ReportWindow};
use sqlx::{FromRow, QueryBuilder, Sqlite};

#[derive(FromRow)]
struct Row {
    row: u32,
    ext_key: String,
    identity: String,
    user: Option<String>,
    number: Option<String>,
    state: String,
    code: Option<String>,
    message: Option<String>,
    status: Option<u16>,
    webex_code: Option<String>,
    tracking_id: Option<String>,
    started_at: Option<String>,
    finished_at: Option<String>,
}

fn restrict(query: &mut QueryBuilder<Sqlite>, run: &str, filter: &ReportFilter) {
    query
        .push(" from run_items where run = ")
        .push_bind(run.to_owned());
    if let Some(outcome) = filter.outcome {
        query.push(" and state = ").push_bind(state_name(outcome));
    }
    if let Some(code) = &filter.code {
        query.push(" and code = ").push_bind(code.clone());
    }
    if let Some(search) = filter
        .search
        .as_deref()
        .map(str::trim)
        .filter(|search| !search.is_empty())
    {
        query.push(
            " and instr(lower(ext_key || ' ' || identity || ' ' || coalesce(user, '') || ' ' || coalesce(number, '') || ' '
              || coalesce(message, '') || ' ' || coalesce(tracking_id, '')), lower(",
        );
        query.push_bind(search.to_owned()).push(")) > 0");
    }
}

/// The allow-list of sorts. Extensions and numbers sort naturally: 9 before 10.
fn order(filter: &ReportFilter) -> String {
    let Some(sort) = filter.sort else {
        return " order by row".to_owned();
    };
    let direction = if sort.descending { " desc" } else { "" };
    let columns: &[&str] = match sort.column {
        ReportColumn::Row => &["row"],
        ReportColumn::ExtKey => &["length(ext_key)", "ext_key"],
        ReportColumn::User => &["coalesce(user, identity) collate nocase"],
        ReportColumn::Number => &["length(number)", "number"],
        ReportColumn::Outcome => &["state", "code"],
        ReportColumn::Finished => &["finished_at"],
    };
    let columns: Vec<String> = columns
        .iter()
        .map(|column| format!("{column}{direction}"))
        .collect();
    format!(" order by {}, row", columns.join(", "))
}

/// A window of the report.
///
/// # Errors
/// When the database cannot be read.
pub async fn window(
    db: &Db,
    run: &str,
    filter: &ReportFilter,
    offset: u32,
    limit: u32,
) -> Result<ReportWindow> {
    let mut count = QueryBuilder::new("select count(*)");
    restrict(&mut count, run, filter);
    let total: u32 = count.build_query_scalar().fetch_one(db.read()).await?;
    let mut query = QueryBuilder::new(
        "select row, ext_key, identity, user, number, state, code, message, status, webex_code, tracking_id, started_at, finished_at",
    );
    restrict(&mut query, run, filter);
    query
        .push(order(filter))
        .push(" limit ")
        .push_bind(limit)
        .push(" offset ")
        .push_bind(offset);
    let rows: Vec<Row> = query.build_query_as().fetch_all(db.read()).await?;
    let rows = rows
        .into_iter()
        .map(|row| {
            let answer = match (row.status, &row.webex_code) {
                (Some(status), Some(code)) if *code != status.to_string() => {
                    Some(format!("{status} · {code}"))
                }
                (Some(status), _) => Some(status.to_string()),
                (None, _) => None,
            };
            Ok(ReportRow {
                outcome: item_state(run, &row.state)?,
                row: row.row,
                ext_key: row.ext_key,
                identity: row.identity,
                user: row.user,
                number: row.number,
                code: row.code,
                message: row.message,
                answer,
                tracking_id: row.tracking_id,
                started_at: row.started_at,
                finished_at: row.finished_at,
            })
        })
        .collect::<Result<_>>()?;
    Ok(ReportWindow { total, rows })
}
