//! The local copy of people, licences, roles, locations and numbers, with "as of" times.
//!
//! Invariants: readers see one complete generation of a part or none; a sync that is cut off changes nothing they see;
//! what Webex sends is kept as it came.

mod directory;
mod identity;
mod kept;
pub mod model;
pub mod snapshot;
mod store;
mod sync;

pub use directory::{Directory, Listed};
pub use identity::confirm;
pub use kept::{Mark, Snapshots, mark};
pub use model::*;
pub use sync::{Progress, sync, sync_watched};
pub(crate) use sync::{listed, person_fact};

use crate::db::Db;
use crate::error::Result;
use snapshot::Snapshot;

/// How old each part is. `syncing` is known by whoever runs the syncs.
///
/// # Errors
/// When the database cannot be read.
pub async fn status(db: &Db, organisation: &str, syncing: Option<String>) -> Result<MirrorStatus> {
    let parts = store::parts(db, organisation).await?;
    let mut needed = parts.iter().filter(|part| part.kind != MirrorKind::Roles);
    let as_of = if needed.clone().any(|part| part.as_of.is_none()) {
        None
    } else {
        needed.by_ref().filter_map(|part| part.as_of.clone()).min()
    };
    Ok(MirrorStatus {
        organisation: organisation.to_owned(),
        parts,
        as_of,
        syncing,
    })
}

/// Licences, those offered first as calling licence first, then in Webex's order.
///
/// # Errors
/// When the database cannot be read.
pub async fn licences(db: &Db, organisation: &str) -> Result<Vec<Licence>> {
    let mut licences = store::licences(db, organisation).await?;
    licences.sort_by_key(|licence| !licence.calling);
    Ok(licences)
}

/// Locations by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn locations(db: &Db, organisation: &str) -> Result<Vec<Location>> {
    store::locations(db, organisation).await
}

/// People whose name, e-mail, extension or number contains `search`, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn people(
    db: &Db,
    organisation: &str,
    search: Option<&str>,
    offset: u32,
    limit: u32,
) -> Result<PeopleWindow> {
    store::people(
        db,
        organisation,
        search.map(str::trim).filter(|search| !search.is_empty()),
        offset,
        limit.min(1_000),
    )
    .await
}

/// Everything a plan looks at; None if some part was never copied.
///
/// # Errors
/// When the database cannot be read.
pub async fn snapshot(db: &Db, organisation: &str) -> Result<Option<Snapshot>> {
    let Some(as_of) = status(db, organisation, None).await?.as_of else {
        return Ok(None);
    };
    store::snapshot(db, organisation, as_of).await.map(Some)
}

/// Everybody with the names of what they have.
///
/// # Errors
/// When the database cannot be read.
pub async fn directory(db: &Db, organisation: &str) -> Result<Directory> {
    store::directory(db, organisation).await
}

/// The same without people: the names of licences and locations.
///
/// # Errors
/// When the database cannot be read.
pub async fn names(db: &Db, organisation: &str) -> Result<Directory> {
    let licences = store::licences(db, organisation).await?;
    Ok(Directory {
        licences: licences
            .into_iter()
            .map(|licence| (snapshot::id_key(&licence.id), licence.name))
            .collect(),
        locations: store::location_names(db, organisation).await?,
        ..Directory::default()
    })
}
