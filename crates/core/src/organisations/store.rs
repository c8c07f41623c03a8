//! The table `organisations`, except what a consent writes into it.

use super::authority::CaChange;
use super::model::{CallingBehaviour, ContactCenterRegion, Environment, OrganisationFields};
use super::validate::Checked;
use crate::db::{self, Db};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;

/// A row as it lies there. Enums are text, times RFC 3339.
#[derive(Debug)]
pub(super) struct Row {
    pub id: String,
    pub name: String,
    pub wholesale: bool,
    pub contact_center: bool,
    pub contact_center_region: Option<String>,
    pub account_number: Option<String>,
    pub internal_id: Option<String>,
    pub admin_email: Option<String>,
    pub http_proxy_masked: Option<String>,
    pub https_proxy_masked: Option<String>,
    pub ca_name: Option<String>,
    pub ca_pem: Option<String>,
    pub default_calling_behaviour: Option<String>,
    pub email_domain: Option<String>,
    pub directory_sync_enabled: bool,
    pub sync_on_create: bool,
    pub notes: Option<String>,
    pub environment: String,
    pub client_id: Option<String>,
    pub consent_state: String,
    pub consent_reason: Option<String>,
    pub consent_since: Option<String>,
    pub scopes: Option<String>,
    pub access_token_expires_at: Option<String>,
    pub refresh_token_expires_at: Option<String>,
    pub consented_at: Option<String>,
    pub refreshed_at: Option<String>,
    pub consented_by: Option<String>,
    pub refresh_token_since: Option<String>,
    /// Times as a JSON array, oldest first.
    pub refreshes: String,
    pub last_sync_at: Option<String>,
    pub created_at: String,
}

macro_rules! select {
    ($tail:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"select id as "id!: String", name as "name!: String", wholesale as "wholesale!: bool",
                 contact_center as "contact_center!: bool", contact_center_region, account_number, internal_id,
                 admin_email, http_proxy_masked, https_proxy_masked, ca_name, ca_pem, default_calling_behaviour, email_domain,
                 directory_sync_enabled as "directory_sync_enabled!: bool",
                 sync_on_create as "sync_on_create!: bool", notes, environment as "environment!: String", client_id,
                 consent_state as "consent_state!: String", consent_reason, consent_since, scopes,
                 access_token_expires_at, refresh_token_expires_at, consented_at, refreshed_at, consented_by,
                 refresh_token_since,
                 (select json_group_array(at) from (select at from token_refreshes where organisation = organisations.id
                    order by at)) as "refreshes!: String",
                 last_sync_at,
                 created_at as "created_at!: String"
               from organisations "# + $tail
            $(, $argument)*
        )
    };
}

pub(super) async fn all(db: &Db) -> Result<Vec<Row>, db::Error> {
    Ok(select!("order by name_key").fetch_all(db.read()).await?)
}

pub(super) async fn one(db: &Db, id: &str) -> Result<Option<Row>, db::Error> {
    Ok(select!("where id = ?", id).fetch_optional(db.read()).await?)
}

pub(super) async fn one_in(connection: &mut SqliteConnection, id: &str) -> Result<Option<Row>, db::Error> {
    Ok(select!("where id = ?", id).fetch_optional(connection).await?)
}

/// All rows as `connection` sees them.
pub(super) async fn all_in(connection: &mut SqliteConnection) -> Result<Vec<Row>, db::Error> {
    Ok(select!("order by name_key").fetch_all(connection).await?)
}

/// Id and name of the organisation with this key.
pub(super) async fn with_name_key(
    connection: &mut SqliteConnection,
    name_key: &str,
) -> Result<Option<(String, String)>, db::Error> {
    let row = sqlx::query!(
        r#"select id as "id!: String", name as "name!: String" from organisations where name_key = ?"#,
        name_key
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.id, row.name)))
}

pub(super) async fn insert(
    connection: &mut SqliteConnection,
    id: &str,
    created_at: &str,
    fields: &OrganisationFields,
    checked: &Checked,
) -> Result<(), db::Error> {
    let (region, behaviour) = (
        name_of(&fields.contact_center_region),
        name_of(&fields.default_calling_behaviour),
    );
    let environment = json(&checked.environment);
    sqlx::query!(
        "insert into organisations (id, name, name_key, wholesale, contact_center, contact_center_region, account_number,
           internal_id, admin_email, default_calling_behaviour, email_domain, directory_sync_enabled, sync_on_create, notes,
           environment, created_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        checked.name,
        checked.name_key,
        fields.wholesale,
        fields.contact_center,
        region,
        checked.account_number,
        checked.internal_id,
        checked.admin_email,
        behaviour,
        checked.email_domain,
        fields.directory_sync_enabled,
        fields.sync_on_create,
        checked.notes,
        environment,
        created_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn update(
    connection: &mut SqliteConnection,
    id: &str,
    fields: &OrganisationFields,
    checked: &Checked,
    internal_id: Option<&str>,
) -> Result<(), db::Error> {
    let (region, behaviour) = (
        name_of(&fields.contact_center_region),
        name_of(&fields.default_calling_behaviour),
    );
    let environment = json(&checked.environment);
    sqlx::query!(
        "update organisations set name = ?, name_key = ?, wholesale = ?, contact_center = ?, contact_center_region = ?,
           account_number = ?, internal_id = ?, admin_email = ?, default_calling_behaviour = ?, email_domain = ?,
           directory_sync_enabled = ?, sync_on_create = ?, notes = ?, environment = ?
         where id = ?",
        checked.name,
        checked.name_key,
        fields.wholesale,
        fields.contact_center,
        region,
        checked.account_number,
        internal_id,
        checked.admin_email,
        behaviour,
        checked.email_domain,
        fields.directory_sync_enabled,
        fields.sync_on_create,
        checked.notes,
        environment,
        id
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What is shown of a proxy that is sealed elsewhere.
pub(super) async fn mask_proxy(
    connection: &mut SqliteConnection,
    id: &str,
    https: bool,
    masked: Option<&str>,
) -> Result<(), db::Error> {
    if https {
        sqlx::query!(
            "update organisations set https_proxy_masked = ? where id = ?",
            masked,
            id
        )
        .execute(connection)
        .await?;
    } else {
        sqlx::query!(
            "update organisations set http_proxy_masked = ? where id = ?",
            masked,
            id
        )
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// The extra certificate authority; public, so not sealed.
pub(super) async fn authority(
    connection: &mut SqliteConnection,
    id: &str,
    change: &CaChange,
) -> Result<(), db::Error> {
    let (name, pem) = match change {
        CaChange::Keep => return Ok(()),
        CaChange::Clear => (None, None),
        CaChange::Set { name, pem } => (Some(name), Some(pem)),
    };
    sqlx::query!(
        "update organisations set ca_name = ?, ca_pem = ? where id = ?",
        name,
        pem,
        id
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// True if there was one. What belongs to it goes by foreign keys.
pub(super) async fn delete(connection: &mut SqliteConnection, id: &str) -> Result<bool, db::Error> {
    Ok(sqlx::query!("delete from organisations where id = ?", id)
        .execute(connection)
        .await?
        .rows_affected()
        > 0)
}

/// A later copy stays: an earlier one may be tried again and end after it. A time ahead of `now` is of a clock that was set
/// back.
pub(super) async fn synced(
    connection: &mut SqliteConnection,
    id: &str,
    at: &str,
    now: &str,
) -> Result<(), db::Error> {
    sqlx::query!(
        "update organisations set last_sync_at = ?1 where id = ?2 and not coalesce(
           julianday(last_sync_at) > julianday(?1) and julianday(last_sync_at) <= julianday(?3), 0)",
        at,
        id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn environment(row: &Row) -> Result<Environment, db::Error> {
    serde_json::from_str(&row.environment).map_err(|error| corrupt(row, &format!("environment: {error}")))
}

pub(super) fn region(row: &Row) -> Result<Option<ContactCenterRegion>, db::Error> {
    named(row, "contact center region", row.contact_center_region.as_deref())
}

pub(super) fn behaviour(row: &Row) -> Result<Option<CallingBehaviour>, db::Error> {
    named(row, "calling behaviour", row.default_calling_behaviour.as_deref())
}

/// What was granted; None where Webex did not say.
pub(super) fn granted(row: &Row) -> Result<Option<Vec<String>>, db::Error> {
    let Some(scopes) = &row.scopes else {
        return Ok(None);
    };
    serde_json::from_str(scopes).map_err(|error| corrupt(row, &format!("scopes: {error}")))
}

/// When the tokens were renewed, oldest first.
pub(super) fn refreshes(row: &Row) -> Result<Vec<String>, db::Error> {
    serde_json::from_str(&row.refreshes).map_err(|error| corrupt(row, &format!("refreshes: {error}")))
}

fn named<T: DeserializeOwned>(row: &Row, what: &str, name: Option<&str>) -> Result<Option<T>, db::Error> {
    let Some(name) = name else { return Ok(None) };
    serde_json::from_value(serde_json::Value::String(name.to_owned()))
        .map(Some)
        .map_err(|error| corrupt(row, &format!("{what}: {error}")))
}

fn corrupt(row: &Row, what: &str) -> db::Error {
    db::Error::Corrupt {
        table: "organisations",
        id: row.id.clone(),
        what: what.to_owned(),
    }
}

/// The name an enum has on the command table.
fn name_of<T: Serialize>(value: &Option<T>) -> Option<String> {
    let value = serde_json::to_value(value.as_ref()?).ok()?;
    value.as_str().map(str::to_owned)
}

fn json<T: Serialize>(value: &T) -> String {
    // Enums of this crate always serialise.
    serde_json::to_string(value).unwrap_or_default()
}
