//! SQL of templates, their files and edits.

use super::{LicenceChoice, LocationChoice, TemplateFields};
use crate::db::{self, Db};
use crate::error::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{FromRow, QueryBuilder, SqliteConnection};

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

fn parse<T: DeserializeOwned>(id: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| {
        db::Error::Corrupt {
            table: "bulk_assignments",
            id: id.to_owned(),
            what: error.to_string(),
        }
        .into()
    })
}

#[derive(FromRow)]
struct TemplateRow {
    id: String,
    name: String,
    organisation: Option<String>,
    organisation_name: Option<String>,
    location: Option<String>,
    calling_licence: Option<String>,
    add_ons: String,
    total_users: u32,
    version: u32,
    run: Option<String>,
    created_at: String,
    changed_at: String,
}

/// A template as stored.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub id: String,
    pub fields: TemplateFields,
    pub organisation_name: Option<String>,
    pub total_users: u32,
    pub version: u32,
    pub run: Option<String>,
    pub created_at: String,
    pub changed_at: String,
}

/// A file without its content.
#[derive(Debug, Clone)]
pub(super) struct StoredFile {
    pub position: u32,
    pub name: String,
    pub path: Option<String>,
    pub bytes: u32,
    pub sha256: String,
}

impl TemplateRow {
    fn read(self) -> Result<Stored> {
        let location: Option<LocationChoice> = self
            .location
            .as_deref()
            .map(|text| parse(&self.id, text))
            .transpose()?;
        let calling_licence: Option<LicenceChoice> = self
            .calling_licence
            .as_deref()
            .map(|text| parse(&self.id, text))
            .transpose()?;
        let add_ons = parse(&self.id, &self.add_ons)?;
        Ok(Stored {
            fields: TemplateFields {
                name: self.name,
                organisation: self.organisation,
                location,
                calling_licence,
                add_ons,
            },
            id: self.id,
            organisation_name: self.organisation_name,
            total_users: self.total_users,
            version: self.version,
            run: self.run,
            created_at: self.created_at,
            changed_at: self.changed_at,
        })
    }
}

const SELECT: &str = "select t.id, t.name, t.organisation, o.name as organisation_name, t.location, t.calling_licence, t.add_ons,
    t.total_users, t.version, t.run, t.created_at, t.changed_at
    from bulk_assignments t left join organisations o on o.id = t.organisation";

pub(super) async fn list(db: &Db, search: Option<&str>) -> Result<Vec<Stored>> {
    let mut query = QueryBuilder::new(SELECT);
    if let Some(search) = search {
        query
            .push(" where instr(lower(t.name), lower(")
            .push_bind(search.to_owned());
        query
            .push(")) > 0 or instr(t.id, lower(")
            .push_bind(search.to_owned())
            .push(")) > 0");
    }
    query.push(" order by t.changed_at desc, t.id desc");
    let rows: Vec<TemplateRow> = query.build_query_as().fetch_all(db.read()).await?;
    rows.into_iter().map(TemplateRow::read).collect()
}

pub(super) async fn get(db: &Db, id: &str) -> Result<Stored> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" where t.id = ").push_bind(id.to_owned());
    let row: Option<TemplateRow> = query.build_query_as().fetch_optional(db.read()).await?;
    row.ok_or_else(|| Error::NotFound {
        what: "template",
        id: id.to_owned(),
    })?
    .read()
}

pub(super) async fn insert(
    connection: &mut SqliteConnection,
    id: &str,
    fields: &TemplateFields,
    now: &str,
) -> Result<()> {
    let (location, licence, add_ons) = (
        fields.location.as_ref().map(json),
        fields.calling_licence.as_ref().map(json),
        json(&fields.add_ons),
    );
    sqlx::query!(
        "insert into bulk_assignments (id, name, organisation, location, calling_licence, add_ons, created_at, changed_at)
         values (?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        fields.name,
        fields.organisation,
        location,
        licence,
        add_ons,
        now,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn update(
    connection: &mut SqliteConnection,
    id: &str,
    fields: &TemplateFields,
    now: &str,
) -> Result<()> {
    let (location, licence, add_ons) = (
        fields.location.as_ref().map(json),
        fields.calling_licence.as_ref().map(json),
        json(&fields.add_ons),
    );
    sqlx::query!(
        "update bulk_assignments set name = ?, organisation = ?, location = ?, calling_licence = ?, add_ons = ?, changed_at = ? where id = ?",
        fields.name,
        fields.organisation,
        location,
        licence,
        add_ons,
        now,
        id
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn delete(connection: &mut SqliteConnection, id: &str) -> Result<()> {
    sqlx::query!("delete from bulk_assignments where id = ?", id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Gives a draft its run; false when it has one already. Inside the write that makes the run, so that two starts at the
/// same moment make one run.
pub(super) async fn set_run(
    connection: &mut SqliteConnection,
    id: &str,
    run: &str,
    now: &str,
) -> Result<bool> {
    let changed = sqlx::query!(
        "update bulk_assignments set run = ?, changed_at = ? where id = ? and run is null",
        run,
        now,
        id
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Files or edits have changed: the new version and number of rows.
pub(super) async fn set_content(
    connection: &mut SqliteConnection,
    id: &str,
    total_users: u32,
    now: &str,
) -> Result<u32> {
    Ok(sqlx::query_scalar!(
        r#"update bulk_assignments set version = version + 1, total_users = ?, changed_at = ? where id = ? returning version as "version!: u32""#,
        total_users,
        now,
        id
    )
    .fetch_one(connection)
    .await?)
}

pub(super) async fn files(db: &Db, template: &str) -> Result<Vec<StoredFile>> {
    Ok(sqlx::query_as!(
        StoredFile,
        r#"select position as "position!: u32", name, path, bytes as "bytes!: u32", sha256 from bulk_assignment_files
           where template = ? order by position"#,
        template
    )
    .fetch_all(db.read())
    .await?)
}

/// Names, sizes and contents, in order.
pub(super) async fn contents(db: &Db, template: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let rows = sqlx::query!(
        "select name, content from bulk_assignment_files where template = ? order by position",
        template
    )
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.content)).collect())
}

pub(super) async fn insert_file(
    connection: &mut SqliteConnection,
    template: &str,
    file: &StoredFile,
    content: &[u8],
) -> Result<()> {
    sqlx::query!(
        "insert into bulk_assignment_files (template, position, name, path, bytes, sha256, content) values (?, ?, ?, ?, ?, ?, ?)",
        template,
        file.position,
        file.name,
        file.path,
        file.bytes,
        file.sha256,
        content
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn delete_file(
    connection: &mut SqliteConnection,
    template: &str,
    position: u32,
) -> Result<()> {
    sqlx::query!(
        "delete from bulk_assignment_files where template = ? and position = ?",
        template,
        position
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update bulk_assignment_files set position = position - 1 where template = ? and position > ?",
        template,
        position
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Copies files and edits of one template to another.
pub(super) async fn copy_content(connection: &mut SqliteConnection, from: &str, to: &str) -> Result<()> {
    sqlx::query!(
        "insert into bulk_assignment_files (template, position, name, path, bytes, sha256, content)
         select ?, position, name, path, bytes, sha256, content from bulk_assignment_files where template = ?",
        to,
        from
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into bulk_assignment_edits (template, position, edit) select ?, position, edit from bulk_assignment_edits where template = ?",
        to,
        from
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn edits(db: &Db, template: &str) -> Result<Vec<bulk_file::EditGroup>> {
    let rows = sqlx::query_scalar!(
        "select edit from bulk_assignment_edits where template = ? order by position",
        template
    )
    .fetch_all(db.read())
    .await?;
    rows.iter().map(|row| parse(template, row)).collect()
}

/// Keeps exactly `edits`, knowing that all before `unchanged` are there already.
pub(super) async fn keep_edits(
    connection: &mut SqliteConnection,
    template: &str,
    edits: &[bulk_file::EditGroup],
    unchanged: usize,
) -> Result<()> {
    let from = unchanged as i64;
    sqlx::query!(
        "delete from bulk_assignment_edits where template = ? and position >= ?",
        template,
        from
    )
    .execute(&mut *connection)
    .await?;
    for (position, edit) in edits.iter().enumerate().skip(unchanged) {
        let (position, edit) = (position as i64, json(edit));
        sqlx::query!(
            "insert into bulk_assignment_edits (template, position, edit) values (?, ?, ?)",
            template,
            position,
            edit
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
