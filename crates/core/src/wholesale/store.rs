//! SQL of wholesale customers and the copies they come from.

pub(super) mod unsettled;

use super::rules::given;
use super::words::package_name;
use super::{Address, Customer, CustomerFilter, CustomerSort, PackageDetail, Remark, StatusCount};
use crate::db::{self, Db};
use crate::error::Result;
use crate::mirror::snapshot::{id_key, name_key};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{FromRow, QueryBuilder, Sqlite, SqliteConnection};
use std::collections::HashMap;

/// The number of an observation that begins now.
pub(super) async fn observe(connection: &mut SqliteConnection, organisation: &str) -> Result<i64> {
    let number = sqlx::query_scalar!(
        r#"insert into wholesale_copies (organisation, observed) values (?, 1)
           on conflict (organisation) do update set observed = observed + 1
           returning observed as "observed!: i64""#,
        organisation
    )
    .fetch_one(connection)
    .await?;
    Ok(number)
}

pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

/// Everything a search looks at, folded; packages by Webex's name and by the one that people see.
fn haystack(customer: &Customer, org_name: Option<&str>) -> String {
    let city = customer
        .address
        .as_ref()
        .and_then(|address| address.city.as_deref());
    let mut text = name_key(&customer.id);
    let parts = [
        customer.org_id.as_deref(),
        org_name,
        customer.external_id.as_deref(),
        city,
    ];
    for part in parts
        .into_iter()
        .flatten()
        .chain(customer.packages.iter().map(String::as_str))
    {
        text.push('\n');
        text.push_str(&name_key(part));
    }
    for package in &customer.packages {
        text.push('\n');
        text.push_str(&name_key(&package_name(package)));
    }
    text
}

/// Keeps what was observed, unless a later observation is there already. A name that is known stays with its organisation.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    organisation: &str,
    observed: i64,
    customer: &Customer,
) -> Result<()> {
    let key = id_key(&customer.id);
    let org_key = customer.org_id.as_deref().map(id_key);
    let known = sqlx::query!(
        "select org_key, org_name from wholesale_customers where organisation = ? and key = ?",
        organisation,
        key
    )
    .fetch_optional(&mut *connection)
    .await?;
    let org_name = known
        .filter(|known| known.org_key == org_key)
        .and_then(|known| known.org_name);
    let name = org_name.as_deref().map(name_key);
    let external_key = given(customer.external_id.as_deref()).map(name_key);
    let haystack = haystack(customer, org_name.as_deref());
    let address = customer.address.as_ref().map(json);
    let (packages, details, errors) = (
        json(&customer.packages),
        json(&customer.resource_details),
        json(&customer.errors),
    );
    sqlx::query!(
        "insert into wholesale_customers (organisation, key, id, observed, org_id, org_key, org_name, external_id, status,
           address, packages, resource_details, errors, name_key, external_key, haystack, as_of)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (organisation, key) do update set id = excluded.id, observed = excluded.observed,
           org_id = excluded.org_id, org_key = excluded.org_key, org_name = excluded.org_name,
           external_id = excluded.external_id, status = excluded.status, address = excluded.address,
           packages = excluded.packages, resource_details = excluded.resource_details, errors = excluded.errors,
           name_key = excluded.name_key, external_key = excluded.external_key, haystack = excluded.haystack,
           as_of = excluded.as_of
         where excluded.observed >= wholesale_customers.observed",
        organisation,
        key,
        customer.id,
        observed,
        customer.org_id,
        org_key,
        org_name,
        customer.external_id,
        customer.status,
        address,
        packages,
        details,
        errors,
        name,
        external_key,
        haystack,
        customer.as_of
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets a customer that is gone, unless a later observation has seen it.
pub(super) async fn gone(
    connection: &mut SqliteConnection,
    organisation: &str,
    observed: i64,
    key: &str,
) -> Result<()> {
    sqlx::query!(
        "delete from wholesale_customers where organisation = ? and key = ? and observed <= ?",
        organisation,
        key,
        observed
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a copy of everything: what it did not see is gone, unless it was observed later.
pub(super) async fn copied(
    connection: &mut SqliteConnection,
    organisation: &str,
    observed: i64,
    as_of: &str,
) -> Result<()> {
    sqlx::query!(
        "delete from wholesale_customers where organisation = ? and observed < ?",
        organisation,
        observed
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update wholesale_copies set as_of = ? where organisation = ?",
        as_of,
        organisation
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Names by key; customers that have neither a name nor an external id are left out.
pub(super) async fn names(db: &Db, organisation: &str) -> Result<HashMap<String, String>> {
    let rows = sqlx::query!(
        r#"select key, coalesce(org_name, external_id) as "name!: String" from wholesale_customers
           where organisation = ? and coalesce(org_name, external_id) is not null"#,
        organisation
    )
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.name)).collect())
}

/// A customer that has an organisation.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub key: String,
    pub org_id: String,
    /// What is known of the organisation's name.
    pub org_name: Option<String>,
}

/// The customers that have an organisation.
pub(super) async fn named(db: &Db, organisation: &str) -> Result<Vec<Named>> {
    Ok(sqlx::query_as!(
        Named,
        r#"select key, org_id as "org_id!: String", org_name from wholesale_customers
           where organisation = ? and org_id is not null order by org_key, key"#,
        organisation
    )
    .fetch_all(db.read())
    .await?)
}

/// Keeps the name of a customer's organisation, unless it has another one by now. By a name it had before it is found until
/// it is copied again.
pub(super) async fn name(
    connection: &mut SqliteConnection,
    organisation: &str,
    customer: &Named,
    org_name: &str,
) -> Result<()> {
    let (org_key, name) = (id_key(&customer.org_id), name_key(org_name));
    sqlx::query!(
        "update wholesale_customers set org_name = ?, name_key = ?, haystack = haystack || char(10) || ?
         where organisation = ? and key = ? and org_key = ?",
        org_name,
        name,
        name,
        organisation,
        customer.key,
        org_key
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How many customers there are, and when they were last copied as a whole.
pub(super) async fn copy(db: &Db, organisation: &str) -> Result<(u32, Option<String>)> {
    let as_of = sqlx::query_scalar!(
        "select as_of from wholesale_copies where organisation = ?",
        organisation
    )
    .fetch_optional(db.read())
    .await?
    .flatten();
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!: u32" from wholesale_customers where organisation = ?"#,
        organisation
    )
    .fetch_one(db.read())
    .await?;
    Ok((count, as_of))
}

#[derive(FromRow)]
struct Row {
    id: String,
    org_id: Option<String>,
    org_name: Option<String>,
    external_id: Option<String>,
    status: String,
    address: Option<String>,
    packages: String,
    resource_details: String,
    errors: String,
    as_of: String,
    followed_by: Option<String>,
}

const COLUMNS: &str = "c.id, c.org_id, c.org_name, c.external_id, c.status, c.address, c.packages, c.resource_details, c.errors, \
     c.as_of, h.transaction_id as followed_by from wholesale_customers c \
     left join wholesale_changes h on h.organisation = c.organisation and h.customer = c.key";

impl Row {
    fn customer(self) -> Result<Customer> {
        fn read<T: DeserializeOwned>(id: &str, text: &str) -> Result<T> {
            serde_json::from_str(text).map_err(|error| {
                db::Error::Corrupt {
                    table: "wholesale_customers",
                    id: id.to_owned(),
                    what: error.to_string(),
                }
                .into()
            })
        }
        let address: Option<Address> = match &self.address {
            Some(text) => read(&self.id, text)?,
            None => None,
        };
        let resource_details: Vec<PackageDetail> = read(&self.id, &self.resource_details)?;
        let errors: Vec<Remark> = read(&self.id, &self.errors)?;
        Ok(Customer {
            address,
            packages: read(&self.id, &self.packages)?,
            resource_details,
            errors,
            id: self.id,
            org_id: self.org_id,
            org_name: self.org_name,
            external_id: self.external_id,
            status: self.status,
            as_of: self.as_of,
            followed_by: self.followed_by,
        })
    }
}

fn restrict(query: &mut QueryBuilder<Sqlite>, organisation: &str, filter: &CustomerFilter) {
    query
        .push(" where c.organisation = ")
        .push_bind(organisation.to_owned());
    if let Some(status) = given(filter.status.as_deref()) {
        query.push(" and c.status = ").push_bind(status.to_owned());
    }
    if let Some(search) = given(filter.search.as_deref()) {
        query
            .push(" and instr(c.haystack, ")
            .push_bind(name_key(search))
            .push(") > 0");
    }
}

/// A window of the customers that a filter leaves, and how many those are.
pub(super) async fn window(
    db: &Db,
    organisation: &str,
    filter: &CustomerFilter,
    offset: u32,
    limit: u32,
) -> Result<(u32, Vec<Customer>)> {
    let mut count = QueryBuilder::new("select count(*) from wholesale_customers c");
    restrict(&mut count, organisation, filter);
    let total: u32 = count.build_query_scalar().fetch_one(db.read()).await?;
    let mut query = QueryBuilder::new(format!("select {COLUMNS}"));
    restrict(&mut query, organisation, filter);
    let column = match filter.sort {
        CustomerSort::OrgName => "c.name_key",
        CustomerSort::ExternalId => "c.external_key",
        CustomerSort::Status => "c.status",
    };
    let direction = if filter.descending { "desc" } else { "asc" };
    // What is missing stands last in either direction.
    query
        .push(format!(
            " order by {column} is null, {column} {direction}, c.name_key is null, c.name_key, c.external_key, c.key limit "
        ))
        .push_bind(limit)
        .push(" offset ")
        .push_bind(offset);
    let rows: Vec<Row> = query.build_query_as().fetch_all(db.read()).await?;
    let customers = rows.into_iter().map(Row::customer).collect::<Result<_>>()?;
    Ok((total, customers))
}

/// All statuses there are, with how many customers have each.
pub(super) async fn statuses(db: &Db, organisation: &str) -> Result<Vec<StatusCount>> {
    Ok(sqlx::query_as!(
        StatusCount,
        r#"select status, count(*) as "customers!: u32" from wholesale_customers where organisation = ?
           group by status order by status"#,
        organisation
    )
    .fetch_all(db.read())
    .await?)
}

/// One customer, by any form of its id.
pub(super) async fn customer(db: &Db, organisation: &str, id: &str) -> Result<Option<Customer>> {
    let mut query = QueryBuilder::new(format!("select {COLUMNS} where c.organisation = "));
    query
        .push_bind(organisation.to_owned())
        .push(" and c.key = ")
        .push_bind(id_key(id));
    let row: Option<Row> = query.build_query_as().fetch_optional(db.read()).await?;
    row.map(Row::customer).transpose()
}

/// The customer other than `own` that has this external id.
pub(super) async fn with_external_id(
    db: &Db,
    organisation: &str,
    own: &str,
    external_id: &str,
) -> Result<Option<Customer>> {
    let mut query = QueryBuilder::new(format!("select {COLUMNS} where c.organisation = "));
    query
        .push_bind(organisation.to_owned())
        .push(" and c.external_id = ")
        .push_bind(external_id.to_owned())
        .push(" and c.key <> ")
        .push_bind(id_key(own))
        .push(" limit 1");
    let row: Option<Row> = query.build_query_as().fetch_optional(db.read()).await?;
    row.map(Row::customer).transpose()
}
