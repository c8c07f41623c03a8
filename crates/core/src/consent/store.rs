//! What a consent writes into `organisations`, and the table `rate_gates`.

use crate::db::{self, Db};
use crate::organisations::model::Environment;
use jiff::Timestamp;
use sqlx::SqliteConnection;

/// What consent and clients need to know of an organisation.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub id: String,
    pub name: String,
    pub wholesale: bool,
    pub contact_center: bool,
    pub directory_sync_enabled: bool,
    pub account_number: Option<String>,
    pub internal_id: Option<String>,
    pub admin_email: Option<String>,
    /// Whether a proxy was entered; it is sealed elsewhere.
    pub http_proxy: bool,
    pub https_proxy: bool,
    /// Extra certificate authorities, PEM.
    pub ca_pem: Option<String>,
    pub environment: Environment,
    pub client_id: Option<String>,
    /// `none`, `granted` or `needed`.
    pub state: String,
    pub reason: Option<String>,
    pub access_token_expires_at: Option<Timestamp>,
    pub refresh_token_expires_at: Option<Timestamp>,
    pub refreshed_at: Option<Timestamp>,
    pub refresh_token_since: Option<Timestamp>,
}

pub(super) async fn facts(
    connection: &mut SqliteConnection,
    organisation: &str,
) -> Result<Option<Facts>, db::Error> {
    let row = sqlx::query!(
        r#"select id as "id!: String", name as "name!: String", wholesale as "wholesale!: bool",
             contact_center as "contact_center!: bool", directory_sync_enabled as "directory_sync_enabled!: bool",
             account_number, internal_id, admin_email, http_proxy_masked, https_proxy_masked, ca_pem,
             environment as "environment!: String", client_id, consent_state as "consent_state!: String",
             consent_reason, access_token_expires_at, refresh_token_expires_at, refreshed_at,
             refresh_token_since
           from organisations where id = ?"#,
        organisation
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let corrupt = |what: String| db::Error::Corrupt {
        table: "organisations",
        id: organisation.to_owned(),
        what,
    };
    let time = |text: Option<String>| {
        text.map(|text| {
            text.parse::<Timestamp>()
                .map_err(|error| corrupt(format!("{text}: {error}")))
        })
        .transpose()
    };
    Ok(Some(Facts {
        environment: serde_json::from_str(&row.environment)
            .map_err(|error| corrupt(format!("environment: {error}")))?,
        access_token_expires_at: time(row.access_token_expires_at)?,
        refresh_token_expires_at: time(row.refresh_token_expires_at)?,
        refreshed_at: time(row.refreshed_at)?,
        refresh_token_since: time(row.refresh_token_since)?,
        id: row.id,
        name: row.name,
        wholesale: row.wholesale,
        contact_center: row.contact_center,
        directory_sync_enabled: row.directory_sync_enabled,
        account_number: row.account_number,
        internal_id: row.internal_id,
        admin_email: row.admin_email,
        http_proxy: row.http_proxy_masked.is_some(),
        https_proxy: row.https_proxy_masked.is_some(),
        ca_pem: row.ca_pem,
        client_id: row.client_id,
        state: row.consent_state,
        reason: row.consent_reason,
    }))
}

/// Organisations whose consent was noted as gone after `now`.
pub(super) async fn refused_after(db: &Db, now: Timestamp) -> Result<Vec<String>, db::Error> {
    let now = now.to_string();
    let ids = sqlx::query_scalar!(
        r#"select id as "id!: String" from organisations where consent_state = 'needed' and consent_since > ?"#,
        now
    )
    .fetch_all(db.read())
    .await?;
    Ok(ids)
}

/// Takes back that somebody has to consent again.
pub(super) async fn stands_again(
    connection: &mut SqliteConnection,
    organisation: &str,
) -> Result<(), db::Error> {
    sqlx::query!(
        "update organisations set consent_state = 'granted', consent_reason = null, consent_since = null
         where id = ? and consent_state = 'needed'",
        organisation
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// So many renewals of one refresh token are kept, the last of each day.
const KEPT_REFRESHES: u32 = 100;

/// Lives of the tokens, as text.
#[derive(Debug, Clone)]
pub(super) struct Lives {
    pub access_token_expires_at: Option<Timestamp>,
    pub refresh_token_expires_at: Option<Timestamp>,
    pub received_at: Timestamp,
    /// When the present refresh token, or its present life, began; None where that has not changed.
    pub refresh_token_since: Option<Timestamp>,
}

/// What a new consent brings.
#[derive(Debug)]
pub(super) struct Granted<'a> {
    pub client_id: &'a str,
    pub internal_id: &'a str,
    /// Taken only where none was entered.
    pub account_number: Option<&'a str>,
    pub scopes: Option<&'a [String]>,
    /// E-mail address of the administrator, where Webex told it.
    pub consented_by: Option<&'a str>,
    pub lives: Lives,
}

pub(super) async fn granted(
    connection: &mut SqliteConnection,
    organisation: &str,
    granted: &Granted<'_>,
) -> Result<bool, db::Error> {
    let scopes = granted.scopes.map(scopes_json);
    let access = text(granted.lives.access_token_expires_at);
    let refresh = text(granted.lives.refresh_token_expires_at);
    let at = granted.lives.received_at.to_string();
    let since = text(granted.lives.refresh_token_since);
    sqlx::query!("delete from token_refreshes where organisation = ?", organisation)
        .execute(&mut *connection)
        .await?;
    let done = sqlx::query!(
        "update organisations set client_id = ?, internal_id = ?, account_number = coalesce(account_number, ?), scopes = ?,
           access_token_expires_at = ?, refresh_token_expires_at = ?, consented_at = ?, refreshed_at = ?,
           consented_by = ?, refresh_token_since = ?, consent_state = 'granted', consent_reason = null, consent_since = null
         where id = ?",
        granted.client_id,
        granted.internal_id,
        granted.account_number,
        scopes,
        access,
        refresh,
        at,
        at,
        granted.consented_by,
        since,
        organisation
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes the lives a refresh has reported; scopes only where it named them.
pub(super) async fn refreshed(
    connection: &mut SqliteConnection,
    organisation: &str,
    lives: &Lives,
    scopes: Option<&[String]>,
) -> Result<(), db::Error> {
    let scopes = scopes.map(scopes_json);
    let access = text(lives.access_token_expires_at);
    let refresh = text(lives.refresh_token_expires_at);
    let at = lives.received_at.to_string();
    let since = text(lives.refresh_token_since);
    sqlx::query!(
        "update organisations set access_token_expires_at = ?, refresh_token_expires_at = ?, refreshed_at = ?,
           scopes = coalesce(?, scopes), refresh_token_since = coalesce(?, refresh_token_since)
         where id = ?",
        access,
        refresh,
        at,
        scopes,
        since,
        organisation
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert or ignore into token_refreshes (organisation, at) select id, ? from organisations where id = ?",
        at,
        organisation
    )
    .execute(&mut *connection)
    .await?;
    // What belongs to the life before, and what nobody could tell apart in a picture: a day has one dot.
    sqlx::query!(
        "delete from token_refreshes where organisation = ?1 and (at < ?2 or at not in
           (select max(at) from token_refreshes where organisation = ?1
            group by substr(at, 1, 10) order by 1 desc limit ?3))",
        organisation,
        since,
        KEPT_REFRESHES
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that somebody has to consent again.
pub(super) async fn needed(
    connection: &mut SqliteConnection,
    organisation: &str,
    reason: &str,
    since: Timestamp,
) -> Result<(), db::Error> {
    let since = since.to_string();
    sqlx::query!(
        "update organisations set consent_state = 'needed', consent_reason = ?, consent_since = ? where id = ?",
        reason,
        since,
        organisation
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What was kept of a gate: the end of its hold, and the rate Webex was found to accept.
pub(super) async fn gate(
    connection: &mut SqliteConnection,
    organisation: &str,
) -> Result<(Option<Timestamp>, Option<f64>), db::Error> {
    let row = sqlx::query!(
        r#"select held_until, learned_rate as "learned_rate: f64" from rate_gates where organisation = ?"#,
        organisation
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok((None, None)) };
    let held_until = row
        .held_until
        .map(|text| {
            text.parse::<Timestamp>().map_err(|error| db::Error::Corrupt {
                table: "rate_gates",
                id: organisation.to_owned(),
                what: error.to_string(),
            })
        })
        .transpose()?;
    Ok((held_until, row.learned_rate))
}

/// Keeps a gate; nothing happens where the organisation was deleted.
pub(super) async fn put_gate(
    connection: &mut SqliteConnection,
    organisation: &str,
    held_until: Option<Timestamp>,
    learned_rate: Option<f64>,
) -> Result<(), db::Error> {
    let held_until = text(held_until);
    sqlx::query!(
        "insert into rate_gates (organisation, held_until, learned_rate)
         select id, ?, ? from organisations where id = ?
         on conflict (organisation) do update set held_until = excluded.held_until, learned_rate = excluded.learned_rate",
        held_until,
        learned_rate,
        organisation
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn text(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

fn scopes_json(scopes: &[String]) -> String {
    serde_json::Value::from(scopes.to_vec()).to_string()
}
