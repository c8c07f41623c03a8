//! `GET /v1/licenses` (never paged) and `GET /v1/licenses/{id}`. Reference: section 4.1.

use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::paging::{self, Style};

const READ: &[&str] = &["spark-admin:licenses_read"];
const CURSOR: Style = Style::Cursor("next");

fn wire(cloud: &Cloud, at: usize) -> Value {
    let licence = &cloud.licences[at];
    let people = licence.reported_people(cloud.clock.elapsed(), cloud.counter_lag);
    let mut body = json!({
        "id": licence.id,
        "name": licence.name,
        "totalUnits": licence.total,
        "consumedUnits": people + licence.elsewhere,
        "consumedByUsers": people,
        "consumedByWorkspaces": licence.elsewhere,
        "subscriptionId": licence.subscription,
    });
    if let Some(site) = &licence.site_url {
        body["siteUrl"] = site.as_str().into();
        body["siteType"] = "Control Hub managed site".into();
    }
    body
}

/// `GET /v1/licenses`.
pub fn list(access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    let items: Vec<Value> = (0..cloud.licences.len()).map(|at| wire(cloud, at)).collect();
    Ok(Answer::ok(json!({ "items": items })))
}

/// `GET /v1/licenses/{id}`, with `includeAssignedTo=user` the people who hold it.
pub fn get(id: &str, call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    let at = cloud
        .licence(id)
        .map_err(Answer::id_problem)?
        .ok_or_else(Answer::not_found)?;
    let mut body = wire(cloud, at);
    match call.param("includeAssignedTo") {
        None => return Ok(Answer::ok(body)),
        Some("user") => {}
        Some(other) => {
            return Err(Answer::error(
                400,
                &format!("Invalid value for includeAssignedTo: {other}"),
            ));
        }
    }
    let size = paging::size(call, "limit", 300, 300)?;
    let from = paging::position(call, CURSOR)?;
    let mut holders: Vec<usize> = cloud.licences[at]
        .holders
        .range(from..)
        .take(size + 1)
        .copied()
        .collect();
    let next = holders.get(size).copied();
    holders.truncate(size);
    let users: Vec<Value> = holders
        .into_iter()
        .filter_map(|person| cloud.people.get(person))
        .map(|p| json!({ "id": p.id, "type": "INTERNAL", "displayName": p.display_name, "email": p.email }))
        .collect();
    body["users"] = users.into();
    Ok(paging::linked(call, CURSOR, body, next))
}
