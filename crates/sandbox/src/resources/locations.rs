//! `GET /v1/locations` (cursor paging) and `GET /v1/locations/{id}`. Reference: section 5.

use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::paging::{self, Style};

/// Scopes any one of which may read locations.
pub const READ: &[&str] = &[
    "spark-admin:locations_read",
    "spark-admin:people_read",
    "spark-admin:device_read",
];
const CURSOR: Style = Style::Cursor("cursor");

fn wire(cloud: &Cloud, at: usize) -> Value {
    let l = &cloud.locations[at];
    let [address1, city, state, postal_code, country] = &l.address;
    let [latitude, longitude] = &l.position;
    json!({
        "id": l.id,
        "name": l.name,
        "orgId": cloud.organisation.id,
        "address": { "address1": address1, "city": city, "state": state, "postalCode": postal_code, "country": country },
        "timeZone": l.time_zone,
        "preferredLanguage": l.language,
        "latitude": latitude,
        "longitude": longitude,
    })
}

/// `GET /v1/locations`; `name` is a part of the name.
pub fn list(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    let size = paging::size(call, "max", 100, 1000)?;
    let from = paging::position(call, CURSOR)?;
    let name = call.param("name").map(str::to_lowercase);
    let id = match call.param("id") {
        Some(id) => Some(cloud.location(id).map_err(Answer::id_problem)?),
        None => None,
    };
    let mut found: Vec<usize> = (from.min(cloud.locations.len())..cloud.locations.len())
        .filter(|at| {
            name.as_ref()
                .is_none_or(|n| cloud.locations[*at].name.to_lowercase().contains(n))
        })
        .filter(|at| id.is_none_or(|wanted| wanted == Some(*at)))
        .take(size + 1)
        .collect();
    let next = found.get(size).copied();
    found.truncate(size);
    Ok(paging::page(
        call,
        CURSOR,
        "items",
        found.into_iter().map(|at| wire(cloud, at)).collect(),
        next,
    ))
}

/// `GET /v1/locations/{id}`.
pub fn get(id: &str, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    let at = find(id, cloud)?;
    Ok(Answer::ok(wire(cloud, at)))
}

/// Position of the location an id in a path names; 400 or 404 otherwise.
pub fn find(id: &str, cloud: &Cloud) -> Result<usize, Box<Answer>> {
    cloud
        .location(id)
        .map_err(Answer::id_problem)?
        .ok_or_else(Answer::not_found)
}
