//! SQL of activation.

use super::model::{ActivationDay, ActivationSource};
use super::row::{Row, Seen};
use crate::db::{self, Db};
use crate::error::Result;
use sqlx::SqliteConnection;

/// The copy of an organisation, as readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Copy {
    pub source: ActivationSource,
    pub generation: i64,
    /// Grows with every change of a row.
    pub changed: i64,
    pub as_of: Option<String>,
    pub refused: Option<String>,
    pub refused_tracking_id: Option<String>,
}

pub(super) const fn source_name(source: ActivationSource) -> &'static str {
    match source {
        ActivationSource::Broadworks => "broadworks",
        ActivationSource::Wholesale => "wholesale",
        ActivationSource::People => "people",
    }
}

fn source(organisation: &str, name: &str) -> Result<ActivationSource> {
    [
        ActivationSource::Broadworks,
        ActivationSource::Wholesale,
        ActivationSource::People,
    ]
    .into_iter()
    .find(|source| source_name(*source) == name)
    .ok_or_else(|| {
        corrupt(
            "activation_copies",
            organisation,
            format!("unknown source {name}"),
        )
    })
}

fn corrupt(table: &'static str, id: &str, what: String) -> crate::Error {
    db::Error::Corrupt {
        table,
        id: id.to_owned(),
        what,
    }
    .into()
}

pub(super) async fn copy(db: &Db, organisation: &str) -> Result<Option<Copy>> {
    let row = sqlx::query!(
        r#"select source, generation as "generation!: i64", changed as "changed!: i64", as_of, refused, refused_tracking_id
           from activation_copies where organisation = ?"#,
        organisation
    )
    .fetch_optional(db.read())
    .await?;
    row.map(|row| {
        Ok(Copy {
            source: source(organisation, &row.source)?,
            generation: row.generation,
            changed: row.changed,
            as_of: row.as_of,
            refused: row.refused,
            refused_tracking_id: row.refused_tracking_id,
        })
    })
    .transpose()
}

/// Reserves the next generation; also how many users the present one has.
pub(super) async fn reserve(
    connection: &mut SqliteConnection,
    organisation: &str,
    from: ActivationSource,
) -> Result<Begun> {
    let from = source_name(from);
    let generation = sqlx::query_scalar!(
        r#"insert into activation_copies (organisation, source, reserved) values (?, ?, 1)
           on conflict (organisation) do update set reserved = reserved + 1
           returning reserved as "reserved!: i64""#,
        organisation,
        from
    )
    .fetch_one(&mut *connection)
    .await?;
    let before = sqlx::query_scalar!(
        r#"select count(*) as "count!: u32" from activation_users u
           join activation_copies c on c.organisation = u.organisation and c.generation = u.generation
           where u.organisation = ? and u.gone = 0"#,
        organisation
    )
    .fetch_one(connection)
    .await?;
    Ok(Begun {
        generation,
        before: Some(before).filter(|count| *count > 0),
    })
}

/// A copy that has begun.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begun {
    pub generation: i64,
    /// Users of the copy before, if there were any.
    pub before: Option<u32>,
}

/// Writes rows of a generation, all in one statement.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    organisation: &str,
    generation: i64,
    rows: &[Seen],
) -> Result<()> {
    let rows = json(&rows);
    sqlx::query!(
        "insert or replace into activation_users (organisation, generation, key, id, person_key, location, licence, service_type,
           service_id, extension, first_name, last_name, email, state, errors, numbers, enterprise, self_activated,
           last_status_change, as_of, seen_at)
         select ?, ?, value ->> 'key', value ->> 'id', value ->> 'person_key', value ->> 'location', value ->> 'licence',
           value ->> 'service_type', value ->> 'service_id', value ->> 'extension', value ->> 'first_name', value ->> 'last_name',
           value ->> 'email', value ->> 'state', value -> 'errors', value -> 'numbers', value ->> 'enterprise',
           value ->> 'self_activated', value ->> 'last_status_change', value ->> 'as_of', value ->> 'seen_at'
         from json_each(?)",
        organisation,
        generation,
        rows
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "[]".to_owned())
}

/// Makes a copy the one that readers see, unless a later one is already, and clears older rows. Who was asked for alone stays
/// as that showed it where Webex was asked later than for the row of the copy, and where the copy does not have the user,
/// later than for its beginning. A time ahead of `now` is one of a clock that was set back, and counts as earlier.
pub(super) async fn switch(
    connection: &mut SqliteConnection,
    organisation: &str,
    begun: Begun,
    from: ActivationSource,
    as_of: &str,
    now: &str,
) -> Result<()> {
    let from = source_name(from);
    sqlx::query!(
        "insert or replace into activation_users (organisation, generation, key, id, person_key, location, licence, service_type,
           service_id, extension, first_name, last_name, email, state, errors, numbers, enterprise, self_activated,
           last_status_change, as_of, seen_at, gone, changed)
         select u.organisation, ?, u.key, u.id, u.person_key, u.location, u.licence, u.service_type, u.service_id, u.extension,
           u.first_name, u.last_name, u.email, u.state, u.errors, u.numbers, u.enterprise, u.self_activated,
           u.last_status_change, u.as_of, u.seen_at, u.gone, u.changed
         from activation_users u join activation_copies c on c.organisation = u.organisation and c.generation = u.generation
           left join activation_users n on n.organisation = u.organisation and n.generation = ?1 and n.key = u.key
         where u.organisation = ?2 and u.changed > 0 and c.generation < ?1 and c.source = ?3
           and julianday(u.seen_at) > julianday(coalesce(n.seen_at, ?4)) and julianday(u.seen_at) <= julianday(?5)",
        begun.generation,
        organisation,
        from,
        as_of,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update activation_copies set generation = ?, source = ?, as_of = ?, refused = null, refused_tracking_id = null
         where organisation = ? and generation < ?",
        begun.generation,
        from,
        as_of,
        organisation,
        begun.generation
    )
    .execute(&mut *connection)
    .await?;
    clear(connection, organisation).await
}

async fn clear(connection: &mut SqliteConnection, organisation: &str) -> Result<()> {
    sqlx::query!(
        "delete from activation_users where organisation = ?1
           and generation < (select generation from activation_copies where organisation = ?1)",
        organisation
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps why Webex refused the list. What was copied of the same list before stays; what another one told does not.
pub(super) async fn refuse(
    connection: &mut SqliteConnection,
    organisation: &str,
    from: ActivationSource,
    reason: &str,
    tracking_id: Option<&str>,
) -> Result<()> {
    let from = source_name(from);
    sqlx::query!(
        "insert into activation_copies (organisation, source, refused, refused_tracking_id) values (?, ?, ?, ?)
         on conflict (organisation) do update set refused = excluded.refused, refused_tracking_id = excluded.refused_tracking_id,
           source = excluded.source,
           as_of = case when source = excluded.source then as_of end,
           generation = case when source = excluded.source then generation else reserved + 1 end,
           reserved = reserved + 1",
        organisation,
        from,
        reason,
        tracking_id
    )
    .execute(&mut *connection)
    .await?;
    clear(connection, organisation).await
}

/// Takes rows of a copy away that will never be seen.
pub(super) async fn drop_unseen(
    connection: &mut SqliteConnection,
    organisation: &str,
    generation: i64,
) -> Result<()> {
    sqlx::query!(
        "delete from activation_users where organisation = ?1 and generation = ?2
           and generation <> (select generation from activation_copies where organisation = ?1)",
        organisation,
        generation
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes away what copies have left that were cut off: for a Patchbay that is alone on its data folder.
pub(super) async fn sweep(connection: &mut SqliteConnection) -> Result<()> {
    sqlx::query!(
        "delete from activation_users where exists (select 1 from activation_copies c
           where c.organisation = activation_users.organisation and c.generation <> activation_users.generation)"
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A row of the database; `gone` where Webex knows the user no more.
pub(super) struct Stored {
    pub row: Row,
    pub gone: bool,
}

struct Raw {
    key: String,
    id: String,
    person_key: Option<String>,
    location: Option<String>,
    licence: Option<String>,
    service_type: Option<String>,
    service_id: Option<String>,
    extension: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    state: String,
    errors: String,
    numbers: String,
    enterprise: Option<String>,
    self_activated: Option<bool>,
    last_status_change: Option<String>,
    as_of: String,
    gone: bool,
}

fn list<T: serde::de::DeserializeOwned>(key: &str, text: &str) -> Result<Vec<T>> {
    if text == "[]" {
        return Ok(Vec::new());
    }
    serde_json::from_str(text).map_err(|error| corrupt("activation_users", key, error.to_string()))
}

impl Raw {
    fn read(self) -> Result<Stored> {
        Ok(Stored {
            gone: self.gone,
            row: Row {
                errors: list(&self.key, &self.errors)?,
                numbers: list(&self.key, &self.numbers)?,
                key: self.key,
                id: self.id,
                person_key: self.person_key,
                location: self.location,
                licence: self.licence,
                service_type: self.service_type,
                service_id: self.service_id,
                extension: self.extension,
                first_name: self.first_name,
                last_name: self.last_name,
                email: self.email,
                state: self.state,
                enterprise: self.enterprise,
                self_activated: self.self_activated,
                last_status_change: self.last_status_change,
                as_of: self.as_of,
            },
        })
    }
}

/// What has changed in a generation after `after`; everything for -1.
pub(super) async fn changed(db: &Db, organisation: &str, generation: i64, after: i64) -> Result<Vec<Stored>> {
    let rows = sqlx::query_as!(
        Raw,
        r#"select key, id, person_key, location, licence, service_type, service_id, extension, first_name, last_name, email, state,
             errors, numbers, enterprise, self_activated as "self_activated: bool", last_status_change, as_of, gone as "gone!: bool"
           from activation_users where organisation = ? and generation = ? and changed > ?"#,
        organisation,
        generation,
        after
    )
    .fetch_all(db.read())
    .await?;
    rows.into_iter().map(Raw::read).collect()
}

/// One user as copied last; None where there is none, or none any more.
pub(super) async fn user(db: &Db, organisation: &str, key: &str) -> Result<Option<Row>> {
    let row = sqlx::query_as!(
        Raw,
        r#"select u.key, u.id, u.person_key, u.location, u.licence, u.service_type, u.service_id, u.extension, u.first_name,
             u.last_name, u.email, u.state, u.errors, u.numbers, u.enterprise, u.self_activated as "self_activated: bool",
             u.last_status_change, u.as_of, u.gone as "gone!: bool"
           from activation_users u join activation_copies c on c.organisation = u.organisation and c.generation = u.generation
           where u.organisation = ? and u.key = ?"#,
        organisation,
        key
    )
    .fetch_optional(db.read())
    .await?;
    Ok(row
        .map(Raw::read)
        .transpose()?
        .filter(|stored| !stored.gone)
        .map(|stored| stored.row))
}

/// Whether nobody else of the copy is joined with the person, and nobody of it belongs to another enterprise: what lets an
/// extension alone join.
pub(super) async fn is_alone(
    db: &Db,
    organisation: &str,
    key: &str,
    person_key: &str,
    enterprise: Option<&str>,
) -> Result<bool> {
    let others = sqlx::query_scalar!(
        r#"select exists (select 1 from activation_users u
             join activation_copies c on c.organisation = u.organisation and c.generation = u.generation
             where u.organisation = ? and u.key <> ? and u.gone = 0 and (u.person_key = ? or u.enterprise is not ?))
           as "others!: bool""#,
        organisation,
        key,
        person_key,
        enterprise
    )
    .fetch_one(db.read())
    .await?;
    Ok(!others)
}

/// The number of a change that is made now.
async fn change(connection: &mut SqliteConnection, organisation: &str) -> Result<i64> {
    let changed = sqlx::query_scalar!(
        r#"update activation_copies set changed = changed + 1 where organisation = ? returning changed as "changed!: i64""#,
        organisation
    )
    .fetch_one(connection)
    .await?;
    Ok(changed)
}

/// Keeps what a user has become, in the generation that readers see, unless that was seen later than `asked`. A time ahead of
/// `now` is one of a clock that was set back.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    organisation: &str,
    row: &Row,
    asked: &str,
    now: &str,
) -> Result<()> {
    let changed = change(&mut *connection, organisation).await?;
    let (errors, numbers) = (json(&row.errors), json(&row.numbers));
    sqlx::query!(
        "update activation_users set id = ?, person_key = ?, location = ?, licence = ?, service_type = ?, service_id = ?,
           extension = ?, first_name = ?, last_name = ?, email = ?, state = ?, errors = ?, numbers = ?, enterprise = ?,
           self_activated = ?, last_status_change = ?, as_of = ?, seen_at = ?, gone = 0, changed = ?
         where organisation = ? and key = ?
           and (julianday(seen_at) <= julianday(?) or julianday(seen_at) > julianday(?))
           and generation = (select generation from activation_copies c where c.organisation = activation_users.organisation)",
        row.id,
        row.person_key,
        row.location,
        row.licence,
        row.service_type,
        row.service_id,
        row.extension,
        row.first_name,
        row.last_name,
        row.email,
        row.state,
        errors,
        numbers,
        row.enterprise,
        row.self_activated,
        row.last_status_change,
        row.as_of,
        asked,
        changed,
        organisation,
        row.key,
        asked,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that Webex knew a user no more when it was `asked`, unless the user was seen later.
pub(super) async fn gone(
    connection: &mut SqliteConnection,
    organisation: &str,
    key: &str,
    asked: &str,
    now: &str,
) -> Result<()> {
    let changed = change(&mut *connection, organisation).await?;
    sqlx::query!(
        "update activation_users set gone = 1, seen_at = ?, changed = ? where organisation = ? and key = ?
           and (julianday(seen_at) <= julianday(?) or julianday(seen_at) > julianday(?))
           and generation = (select generation from activation_copies c where c.organisation = activation_users.organisation)",
        asked,
        changed,
        organisation,
        key,
        asked,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The counts of what readers see now become those of the day; how many users there are.
pub(super) async fn count_day(
    connection: &mut SqliteConnection,
    organisation: &str,
    day: &str,
) -> Result<u32> {
    let total = sqlx::query_scalar!(
        r#"insert into activation_days (organisation, day, total, email_entered, email_validated, provisioned)
         select ?1, ?2, count(*),
           count(*) filter (where begun),
           count(*) filter (where begun and state not in ('pending_email_validation', 'pending_user_migration')),
           count(*) filter (where state = 'provisioned')
         from (select u.state, u.state <> 'pending_email_input' and trim(coalesce(u.email, '')) <> '' as begun
           from activation_users u join activation_copies c on c.organisation = u.organisation and c.generation = u.generation
           where u.organisation = ?1 and u.gone = 0)
         where true
         on conflict (organisation, day) do update set total = excluded.total, email_entered = excluded.email_entered,
           email_validated = excluded.email_validated, provisioned = excluded.provisioned
         returning total as "total!: u32""#,
        organisation,
        day
    )
    .fetch_one(connection)
    .await?;
    Ok(total)
}

/// The days since `first`, oldest first.
pub(super) async fn days(db: &Db, organisation: &str, first: &str) -> Result<Vec<ActivationDay>> {
    Ok(sqlx::query_as!(
        ActivationDay,
        r#"select day, total as "total!: u32", email_entered as "email_entered!: u32",
             email_validated as "email_validated!: u32", provisioned as "provisioned!: u32"
           from activation_days where organisation = ? and day >= ? order by day"#,
        organisation,
        first
    )
    .fetch_all(db.read())
    .await?)
}
