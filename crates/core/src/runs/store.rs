//! SQL of runs and their items.

pub(super) mod report;

use super::{Cause, Ending, Hold, Item, ItemState, NewRun, Run, RunState};
use crate::db::{self, Db, Write};
use crate::error::{Error, Result};
use crate::events::Topic;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;

fn corrupt(id: &str, what: impl std::fmt::Display) -> Error {
    db::Error::Corrupt {
        table: "runs",
        id: id.to_owned(),
        what: what.to_string(),
    }
    .into()
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

fn parse<T: DeserializeOwned>(id: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| corrupt(id, error))
}

pub(super) const fn state_name(state: ItemState) -> &'static str {
    match state {
        ItemState::Pending => "pending",
        ItemState::Sending => "sending",
        ItemState::Assigned => "assigned",
        ItemState::AlreadyAssigned => "already_assigned",
        ItemState::Failed => "failed",
        ItemState::Skipped => "skipped",
        ItemState::Unknown => "unknown",
    }
}

pub(super) fn item_state(run: &str, text: &str) -> Result<ItemState> {
    Ok(match text {
        "pending" => ItemState::Pending,
        "sending" => ItemState::Sending,
        "assigned" => ItemState::Assigned,
        "already_assigned" => ItemState::AlreadyAssigned,
        "failed" => ItemState::Failed,
        "skipped" => ItemState::Skipped,
        "unknown" => ItemState::Unknown,
        other => return Err(corrupt(run, format!("unknown item state {other}"))),
    })
}

const fn run_state_name(state: RunState) -> &'static str {
    match state {
        // A run that was cut off stays "running": that nobody works on it any more is what makes it interrupted.
        RunState::Running | RunState::Interrupted => "running",
        RunState::Paused => "paused",
        RunState::Cancelled => "cancelled",
        RunState::Completed => "completed",
    }
}

fn run_state(id: &str, text: &str) -> Result<RunState> {
    Ok(match text {
        "running" => RunState::Running,
        "paused" => RunState::Paused,
        "cancelled" => RunState::Cancelled,
        "completed" => RunState::Completed,
        other => return Err(corrupt(id, format!("unknown state {other}"))),
    })
}

/// Makes the run and all its items.
pub async fn insert(write: &mut Write, run: &NewRun, now: &str) -> Result<()> {
    let rows = run.items.len() as i64;
    let file_hashes = json(&run.file_hashes);
    sqlx::query!(
        "insert into runs (id, template, name, organisation, organisation_name, state, who, spec, plan_hash, file_hashes, rows,
           transaction_id, started_at) values (?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?)",
        run.id,
        run.template,
        run.name,
        run.organisation,
        run.organisation_name,
        run.who,
        run.spec,
        run.plan_hash,
        file_hashes,
        rows,
        run.transaction,
        now
    )
    .execute(write.connection())
    .await?;
    for item in &run.items {
        let state = state_name(item.state);
        let licences = json(&item.licences);
        let finished = (item.state != ItemState::Pending).then_some(now);
        sqlx::query!(
            "insert into run_items (run, row, state, file, file_row, ext_key, identity, number, inventory_number, person_id,
               person_key, user, licences, code, message, finished_at)
             values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            run.id,
            item.row,
            state,
            item.file,
            item.file_row,
            item.ext_key,
            item.identity,
            item.number,
            item.inventory_number,
            item.person_id,
            item.person_key,
            item.user,
            licences,
            item.code,
            item.message,
            finished
        )
        .execute(write.connection())
        .await?;
    }
    write.touch(Topic::Runs);
    Ok(())
}

/// One run.
pub async fn get(db: &Db, id: &str) -> Result<Run> {
    let row = sqlx::query!(
        r#"select id, template, name, organisation, organisation_name, state, hold, verifying as "verifying!: bool", who, spec,
             plan_hash, rows as "rows!: u32", requests as "requests!: u32", throttled as "throttled!: u32", samples,
             transaction_id, started_at, ended_at from runs where id = ?"#,
        id
    )
    .fetch_optional(db.read())
    .await?
    .ok_or_else(|| Error::NotFound { what: "run", id: id.to_owned() })?;
    Ok(Run {
        state: run_state(id, &row.state)?,
        hold: row.hold.as_deref().map(|hold| parse(id, hold)).transpose()?,
        samples: parse(id, &row.samples)?,
        id: row.id,
        template: row.template,
        name: row.name,
        organisation: row.organisation,
        organisation_name: row.organisation_name,
        verifying: row.verifying,
        who: row.who,
        spec: row.spec,
        plan_hash: row.plan_hash,
        rows: row.rows,
        requests: row.requests,
        throttled: row.throttled,
        transaction: row.transaction_id,
        started_at: row.started_at,
        ended_at: row.ended_at,
    })
}

/// Ids of all runs, newest first.
pub async fn ids(db: &Db) -> Result<Vec<String>> {
    Ok(
        sqlx::query_scalar!("select id from runs order by started_at desc, id desc")
            .fetch_all(db.read())
            .await?,
    )
}

/// Name of a run of the organisation that has not ended, as `write` sees it: until that has committed, none can begin.
///
/// # Errors
/// When the database cannot be read.
pub async fn open_of(write: &mut Write, organisation: &str) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        "select name from runs where organisation = ? and state in ('running', 'paused') order by started_at limit 1",
        organisation
    )
    .fetch_optional(write.connection())
    .await?)
}

/// How many runs of the organisation have ended: their reports.
///
/// # Errors
/// When the database cannot be read.
pub async fn ended_of(db: &Db, organisation: &str) -> Result<u32> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!: u32" from runs where organisation = ? and state in ('cancelled', 'completed')"#,
        organisation
    )
    .fetch_one(db.read())
    .await?)
}

/// Ids of the runs that have not ended.
pub async fn open_ids(db: &Db) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        "select id from runs where state in ('running', 'paused') order by started_at, id"
    )
    .fetch_all(db.read())
    .await?)
}

/// How many rows stand in each state.
pub async fn counts(db: &Db, id: &str) -> Result<Vec<(ItemState, u32)>> {
    let rows = sqlx::query!(
        r#"select state, count(*) as "rows!: u32" from run_items where run = ? group by state"#,
        id
    )
    .fetch_all(db.read())
    .await?;
    rows.into_iter()
        .map(|row| Ok((item_state(id, &row.state)?, row.rows)))
        .collect()
}

/// Failed and skipped rows by code, biggest first.
pub async fn causes(db: &Db, id: &str) -> Result<Vec<Cause>> {
    let rows = sqlx::query!(
        r#"select state, coalesce(code, '') as "code!: String", count(*) as "rows!: u32" from run_items
           where run = ? and state in ('failed', 'skipped', 'unknown') group by state, code order by 3 desc, 2"#,
        id
    )
    .fetch_all(db.read())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Cause {
                title: crate::runs::report::title(&row.code),
                code: row.code,
                rows: row.rows,
                outcome: item_state(id, &row.state)?,
            })
        })
        .collect()
}

/// The items of a run that stand in one of `states`, by row.
pub async fn items(db: &Db, id: &str, states: &[ItemState]) -> Result<Vec<Item>> {
    let wanted = json(&states.iter().map(|state| state_name(*state)).collect::<Vec<_>>());
    let rows = sqlx::query!(
        r#"select row as "row!: u32", state, file as "file!: u32", file_row as "file_row!: u32", ext_key, identity, number,
             inventory_number, person_id, person_key, user, licences, code, message, attempts as "attempts!: u32", sent_at
           from run_items where run = ? and state in (select value from json_each(?)) order by row"#,
        id,
        wanted
    )
    .fetch_all(db.read())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Item {
                state: item_state(id, &row.state)?,
                licences: parse(id, &row.licences)?,
                row: row.row,
                file: row.file,
                file_row: row.file_row,
                ext_key: row.ext_key,
                identity: row.identity,
                number: row.number,
                inventory_number: row.inventory_number,
                person_id: row.person_id,
                person_key: row.person_key,
                user: row.user,
                code: row.code,
                message: row.message,
                attempts: row.attempts,
                sent_at: row.sent_at,
            })
        })
        .collect()
}

/// The request of `row` is about to leave. Said again of one that has not been taken back, it counts as one attempt.
pub(super) async fn mark_sending(
    connection: &mut SqliteConnection,
    run: &str,
    row: u32,
    now: &str,
) -> Result<(), db::Error> {
    sqlx::query!(
        "update run_items set state = 'sending', attempts = attempts + (state <> 'sending'), sent_at = ?,
           started_at = coalesce(started_at, ?) where run = ? and row = ?",
        now,
        now,
        run,
        row
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Nothing was done for `row`, or it was read and nothing was found: it may be sent (again).
pub(super) async fn mark_pending(
    connection: &mut SqliteConnection,
    run: &str,
    row: u32,
) -> Result<(), db::Error> {
    sqlx::query!(
        "update run_items set state = 'pending' where run = ? and row = ?",
        run,
        row
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// `row` has ended. What Webex said before is kept where the ending says nothing.
pub(super) async fn mark_ended(
    connection: &mut SqliteConnection,
    run: &str,
    row: u32,
    state: ItemState,
    ending: &Ending,
    now: &str,
) -> Result<(), db::Error> {
    let state = state_name(state);
    sqlx::query!(
        "update run_items set state = ?, code = ?, message = ?, status = coalesce(?, status), webex_code = coalesce(?, webex_code),
           tracking_id = coalesce(?, tracking_id), finished_at = ? where run = ? and row = ?",
        state,
        ending.code,
        ending.message,
        ending.status,
        ending.webex_code,
        ending.tracking_id,
        now,
        run,
        row
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes what the last answer for a row was, while it is still open.
pub(super) async fn note_answer(
    connection: &mut SqliteConnection,
    run: &str,
    row: u32,
    ending: &Ending,
) -> Result<(), db::Error> {
    sqlx::query!(
        "update run_items set status = coalesce(?, status), webex_code = coalesce(?, webex_code), tracking_id = coalesce(?, tracking_id)
         where run = ? and row = ?",
        ending.status,
        ending.webex_code,
        ending.tracking_id,
        run,
        row
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Sets the state of the run as a whole.
pub async fn set_state(
    write: &mut Write,
    id: &str,
    state: RunState,
    hold: Option<&Hold>,
    now: &str,
) -> Result<()> {
    let (name, hold) = (run_state_name(state), hold.map(json));
    let ended = matches!(state, RunState::Completed | RunState::Cancelled).then_some(now);
    sqlx::query!(
        "update runs set state = ?, hold = ?, ended_at = ? where id = ?",
        name,
        hold,
        ended,
        id
    )
    .execute(write.connection())
    .await?;
    write.touch(Topic::Runs);
    Ok(())
}

/// Figures that are kept with the run while it is at work.
pub(super) async fn set_figures(
    connection: &mut SqliteConnection,
    id: &str,
    requests: u32,
    throttled: u32,
    samples: &str,
    verifying: bool,
) -> Result<(), db::Error> {
    sqlx::query!(
        "update runs set requests = ?, throttled = ?, samples = ?, verifying = ? where id = ?",
        requests,
        throttled,
        samples,
        verifying,
        id
    )
    .execute(connection)
    .await?;
    Ok(())
}
