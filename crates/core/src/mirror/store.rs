//! SQL of the mirror.

use super::directory::{Directory, Listed};
use super::snapshot::{
    LicenceFact, LocationFact, NumberFact, PersonFact, Snapshot, is_calling_name, name_key,
};
use super::{Licence, Location, MirrorKind, MirrorPart, PeopleWindow, Person};
use crate::db::{self, Db};
use crate::error::Result;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use std::collections::HashMap;

/// A location and what only grids show.
pub(super) struct LocationRow {
    pub fact: LocationFact,
    pub routing_prefix: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
}

/// What is copied of a person and no plan looks at.
pub(super) struct PersonRest {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub invite_pending: bool,
    /// Webex's word for the presence.
    pub status: Option<String>,
}

/// Reserves the next generation of a part; also how many rows the current one has.
pub(super) async fn reserve(
    connection: &mut SqliteConnection,
    organisation: &str,
    kind: MirrorKind,
) -> Result<(i64, Option<u32>)> {
    let kind = kind.name();
    sqlx::query!(
        "insert into mirror_parts (organisation, kind) values (?, ?) on conflict do nothing",
        organisation,
        kind
    )
    .execute(&mut *connection)
    .await?;
    let row = sqlx::query!(
        r#"update mirror_parts set reserved = reserved + 1 where organisation = ? and kind = ?
           returning reserved as "reserved!: i64", count as "count!: u32", as_of"#,
        organisation,
        kind
    )
    .fetch_one(connection)
    .await?;
    Ok((row.reserved, row.as_of.map(|_| row.count)))
}

/// Makes `generation` the one that readers see, unless a later one is already, and clears older rows.
pub(super) async fn switch(
    connection: &mut SqliteConnection,
    organisation: &str,
    kind: MirrorKind,
    generation: i64,
    count: u32,
    as_of: &str,
) -> Result<()> {
    let name = kind.name();
    sqlx::query!(
        "update mirror_parts set generation = ?, count = ?, as_of = ? where organisation = ? and kind = ? and generation < ?",
        generation,
        count,
        as_of,
        organisation,
        name,
        generation
    )
    .execute(&mut *connection)
    .await?;
    let seen = sqlx::query_scalar!(
        r#"select generation as "generation!: i64" from mirror_parts where organisation = ? and kind = ?"#,
        organisation,
        name
    )
    .fetch_one(&mut *connection)
    .await?;
    match kind {
        MirrorKind::Roles => sqlx::query!(
            "delete from mirror_roles where organisation = ? and generation < ?",
            organisation,
            seen
        ),
        MirrorKind::Licences => sqlx::query!(
            "delete from mirror_licences where organisation = ? and generation < ?",
            organisation,
            seen
        ),
        MirrorKind::Locations => sqlx::query!(
            "delete from mirror_locations where organisation = ? and generation < ?",
            organisation,
            seen
        ),
        MirrorKind::People => sqlx::query!(
            "delete from mirror_people where organisation = ? and generation < ?",
            organisation,
            seen
        ),
        MirrorKind::Numbers => sqlx::query!(
            "delete from mirror_numbers where organisation = ? and generation < ?",
            organisation,
            seen
        ),
    }
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn insert_role(
    connection: &mut SqliteConnection,
    organisation: &str,
    generation: i64,
    id: &str,
    name: &str,
) -> Result<()> {
    sqlx::query!(
        "insert or replace into mirror_roles (organisation, generation, id, name) values (?, ?, ?, ?)",
        organisation,
        generation,
        id,
        name
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn insert_licence(
    connection: &mut SqliteConnection,
    organisation: &str,
    generation: i64,
    position: i64,
    licence: &LicenceFact,
    subscription: Option<&str>,
) -> Result<()> {
    sqlx::query!(
        "insert or replace into mirror_licences (organisation, generation, id, position, name, total, consumed, subscription)
         values (?, ?, ?, ?, ?, ?, ?, ?)",
        organisation,
        generation,
        licence.id,
        position,
        licence.name,
        licence.total,
        licence.consumed,
        subscription
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn insert_location(
    connection: &mut SqliteConnection,
    organisation: &str,
    generation: i64,
    row: &LocationRow,
) -> Result<()> {
    sqlx::query!(
        "insert or replace into mirror_locations (organisation, generation, id, key, name, calling_enabled, routing_prefix, city, country)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        organisation,
        generation,
        row.fact.id,
        row.fact.key,
        row.fact.name,
        row.fact.calling_enabled,
        row.routing_prefix,
        row.city,
        row.country
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn list(texts: &[String]) -> String {
    serde_json::to_string(texts).unwrap_or_else(|_| "[]".to_owned())
}

fn parse_list(person: &str, text: &str) -> Result<Vec<String>> {
    serde_json::from_str(text).map_err(|error| {
        db::Error::Corrupt {
            table: "mirror_people",
            id: person.to_owned(),
            what: error.to_string(),
        }
        .into()
    })
}

pub(super) async fn insert_person(
    connection: &mut SqliteConnection,
    organisation: &str,
    generation: i64,
    person: &PersonFact,
    rest: &PersonRest,
) -> Result<()> {
    let licences = list(&person.licences);
    let numbers = list(&person.numbers);
    sqlx::query!(
        "insert or replace into mirror_people (organisation, generation, id, key, display_name, name_key, email, extension, numbers,
           location_key, licences, invite_pending, first_name, last_name, status)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        organisation,
        generation,
        person.id,
        person.key,
        person.display_name,
        person.name_key,
        person.email,
        person.extension,
        numbers,
        person.location_key,
        licences,
        rest.invite_pending,
        rest.first_name,
        rest.last_name,
        rest.status
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn insert_number(
    connection: &mut SqliteConnection,
    organisation: &str,
    generation: i64,
    position: i64,
    number: &NumberFact,
    state: Option<&str>,
) -> Result<()> {
    sqlx::query!(
        "insert into mirror_numbers (organisation, generation, position, phone_number, digits, extension, location_key, owner_key,
           owner_type, owner_name, state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        organisation,
        generation,
        position,
        number.phone_number,
        number.digits,
        number.extension,
        number.location_key,
        number.owner_key,
        number.owner_type,
        number.owner_name,
        state
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn parts(db: &Db, organisation: &str) -> Result<Vec<MirrorPart>> {
    let rows = sqlx::query!(
        r#"select kind, count as "count!: u32", as_of from mirror_parts where organisation = ?"#,
        organisation
    )
    .fetch_all(db.read())
    .await?;
    Ok(MirrorKind::ALL
        .into_iter()
        .map(|kind| {
            let row = rows.iter().find(|row| row.kind == kind.name());
            MirrorPart {
                kind,
                count: row.map_or(0, |row| row.count),
                as_of: row.and_then(|row| row.as_of.clone()),
            }
        })
        .collect())
}

pub(super) async fn licences(db: &Db, organisation: &str) -> Result<Vec<Licence>> {
    let rows = sqlx::query!(
        r#"select l.id, l.name, l.total as "total!: i64", l.consumed as "consumed!: i64", l.subscription
           from mirror_licences l join mirror_parts p on p.organisation = l.organisation and p.kind = 'licences' and p.generation = l.generation
           where l.organisation = ? order by l.position"#,
        organisation
    )
    .fetch_all(db.read())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let fact = LicenceFact {
                key: String::new(),
                id: row.id,
                name: row.name,
                total: row.total,
                consumed: row.consumed,
            };
            Licence {
                available: fact.available(),
                calling: is_calling_name(&fact.name),
                total: fact.units(),
                consumed: u32::try_from(fact.consumed).unwrap_or(0),
                id: fact.id,
                name: fact.name,
                subscription: row.subscription,
            }
        })
        .collect())
}

pub(super) async fn locations(db: &Db, organisation: &str) -> Result<Vec<Location>> {
    let rows = sqlx::query!(
        r#"select l.id, l.name, l.calling_enabled as "calling_enabled!: bool", l.routing_prefix, l.city, l.country,
             (select count(*) from mirror_numbers n join mirror_parts np on np.organisation = n.organisation and np.kind = 'numbers'
                and np.generation = n.generation
              where n.organisation = l.organisation and n.location_key = l.key and n.phone_number is not null and n.owner_key is null
                and n.owner_type is null) as "free_numbers!: u32"
           from mirror_locations l join mirror_parts p on p.organisation = l.organisation and p.kind = 'locations' and p.generation = l.generation
           where l.organisation = ? order by l.name collate nocase, l.id"#,
        organisation
    )
    .fetch_all(db.read())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Location {
            id: row.id,
            name: row.name,
            calling_enabled: row.calling_enabled,
            routing_prefix: row.routing_prefix,
            city: row.city,
            country: row.country,
            free_numbers: row.free_numbers,
        })
        .collect())
}

fn restrict_people(query: &mut QueryBuilder<Sqlite>, organisation: &str, search: Option<&str>) {
    query.push(
        " from mirror_people h join mirror_parts p on p.organisation = h.organisation and p.kind = 'people' and p.generation = h.generation
          where h.organisation = ",
    );
    query.push_bind(organisation.to_owned());
    if let Some(search) = search {
        query.push(" and (instr(h.name_key, ").push_bind(name_key(search));
        for column in ["email", "extension", "numbers"] {
            query
                .push(format!(") > 0 or instr(lower(coalesce(h.{column}, '')), "))
                .push_bind(search.to_lowercase());
        }
        query.push(") > 0)");
    }
}

pub(super) async fn people(
    db: &Db,
    organisation: &str,
    search: Option<&str>,
    offset: u32,
    limit: u32,
) -> Result<PeopleWindow> {
    let mut count = QueryBuilder::new("select count(*)");
    restrict_people(&mut count, organisation, search);
    let total: u32 = count.build_query_scalar().fetch_one(db.read()).await?;
    let mut query = QueryBuilder::new(
        "select h.id, h.key, h.display_name, h.email, h.extension, h.numbers,
           (select l.name from mirror_locations l join mirror_parts lp on lp.organisation = l.organisation and lp.kind = 'locations'
              and lp.generation = l.generation where l.organisation = h.organisation and l.key = h.location_key)",
    );
    restrict_people(&mut query, organisation, search);
    query
        .push(" order by h.name_key, h.id limit ")
        .push_bind(limit)
        .push(" offset ")
        .push_bind(offset);
    type Row = (
        String,
        String,
        String,
        Option<String>,
        Option<String>,
        String,
        Option<String>,
    );
    let rows: Vec<Row> = query.build_query_as().fetch_all(db.read()).await?;
    let people = rows
        .into_iter()
        .map(|(id, uuid, display_name, email, extension, numbers, location)| {
            Ok(Person {
                numbers: parse_list(&id, &numbers)?,
                id,
                uuid,
                display_name,
                email,
                extension,
                location,
            })
        })
        .collect::<Result<_>>()?;
    Ok(PeopleWindow { total, people })
}

/// Which generation of each part readers see now.
pub(super) async fn generations(db: &Db, organisation: &str) -> Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"select kind, generation as "generation!: i64" from mirror_parts where organisation = ? order by kind"#,
        organisation
    )
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.generation)).collect())
}

/// Everybody with the names of what they have; empty where it was never copied.
pub(super) async fn directory(db: &Db, organisation: &str) -> Result<Directory> {
    // One read transaction: all parts of the same moment.
    let mut transaction = db.read().begin().await?;
    let people = sqlx::query!(
        r#"select h.id, h.key, h.email, h.extension, h.numbers, h.location_key, h.licences, h.first_name, h.last_name, h.status,
             h.invite_pending as "invite_pending!: bool"
           from mirror_people h join mirror_parts p on p.organisation = h.organisation and p.kind = 'people' and p.generation = h.generation
           where h.organisation = ?"#,
        organisation
    )
    .fetch_all(&mut *transaction)
    .await?;
    let people = people
        .into_iter()
        .map(|row| {
            Ok(Listed {
                licences: parse_list(&row.id, &row.licences)?,
                numbers: parse_list(&row.id, &row.numbers)?,
                id: row.id,
                key: row.key,
                first_name: row.first_name,
                last_name: row.last_name,
                email: row.email,
                extension: row.extension,
                location_key: row.location_key,
                invite_pending: row.invite_pending,
                status: row.status,
            })
        })
        .collect::<Result<_>>()?;
    let as_of = sqlx::query_scalar!(
        "select as_of from mirror_parts where organisation = ? and kind = 'people'",
        organisation
    )
    .fetch_optional(&mut *transaction)
    .await?
    .flatten();
    transaction.rollback().await?;
    Ok(Directory {
        people,
        as_of,
        ..super::names(db, organisation).await?
    })
}

/// Names of locations by key.
pub(super) async fn location_names(db: &Db, organisation: &str) -> Result<HashMap<String, String>> {
    let rows = sqlx::query!(
        "select l.key, l.name from mirror_locations l
           join mirror_parts p on p.organisation = l.organisation and p.kind = 'locations' and p.generation = l.generation
         where l.organisation = ?",
        organisation
    )
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.name)).collect())
}

pub(super) async fn snapshot(db: &Db, organisation: &str, as_of: String) -> Result<Snapshot> {
    // One read transaction: all parts of the same moment.
    let mut transaction = db.read().begin().await?;
    let people = sqlx::query!(
        r#"select h.id, h.key, h.display_name, h.name_key, h.email, h.extension, h.numbers, h.location_key, h.licences
           from mirror_people h join mirror_parts p on p.organisation = h.organisation and p.kind = 'people' and p.generation = h.generation
           where h.organisation = ?"#,
        organisation
    )
    .fetch_all(&mut *transaction)
    .await?;
    let people = people
        .into_iter()
        .map(|row| {
            Ok(PersonFact {
                licences: parse_list(&row.id, &row.licences)?,
                numbers: parse_list(&row.id, &row.numbers)?,
                id: row.id,
                key: row.key,
                display_name: row.display_name,
                name_key: row.name_key,
                email: row.email,
                extension: row.extension,
                location_key: row.location_key,
            })
        })
        .collect::<Result<_>>()?;
    let numbers = sqlx::query_as!(
        NumberFact,
        "select n.phone_number, n.digits, n.extension, n.location_key, n.owner_key, n.owner_type, n.owner_name
         from mirror_numbers n join mirror_parts p on p.organisation = n.organisation and p.kind = 'numbers' and p.generation = n.generation
         where n.organisation = ? order by n.position",
        organisation
    )
    .fetch_all(&mut *transaction)
    .await?;
    let licences = sqlx::query!(
        r#"select l.id, l.name, l.total as "total!: i64", l.consumed as "consumed!: i64"
           from mirror_licences l join mirror_parts p on p.organisation = l.organisation and p.kind = 'licences' and p.generation = l.generation
           where l.organisation = ? order by l.position"#,
        organisation
    )
    .fetch_all(&mut *transaction)
    .await?
    .into_iter()
    .map(|row| LicenceFact { key: super::snapshot::id_key(&row.id), id: row.id, name: row.name, total: row.total, consumed: row.consumed })
    .collect();
    let locations = sqlx::query_as!(
        LocationFact,
        r#"select l.id, l.key, l.name, l.calling_enabled as "calling_enabled!: bool"
           from mirror_locations l join mirror_parts p on p.organisation = l.organisation and p.kind = 'locations' and p.generation = l.generation
           where l.organisation = ?"#,
        organisation
    )
    .fetch_all(&mut *transaction)
    .await?;
    Ok(Snapshot {
        people,
        numbers,
        licences,
        locations,
        as_of,
    })
}
