//! `GET /v1/organizations`, `GET /v1/organizations/{id}`: the plain UUID and the Webex id are both accepted, the Webex id is
//! answered. Reference: section 1.1.

use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::cloud::Cloud;
use crate::cloud::wholesale::CustomerOrganisation;
use crate::ids::{self, IdProblem};

const READ: &[&str] = &["spark-admin:organizations_read"];

fn wire(cloud: &Cloud) -> Value {
    let o = &cloud.organisation;
    json!({ "id": o.id, "displayName": o.name, "created": o.created })
}

/// A customer's organisation, where a wholesale partner may read it.
fn customer(organisation: &CustomerOrganisation) -> Option<Value> {
    let name = organisation.name.as_deref()?;
    let id = ids::encode("us", "ORGANIZATION", &organisation.uuid.to_string());
    Some(json!({ "id": id, "displayName": name, "created": "2022-05-30T10:00:00.000Z" }))
}

/// `GET /v1/organizations`; read-only administrators are refused, as they are by Webex.
pub fn list(access: &Access, cloud: &Cloud) -> Reply {
    access.write(READ)?;
    let mut items = vec![wire(cloud)];
    if cloud.wholesale.lists_organisations {
        let customers = cloud
            .wholesale
            .customers
            .iter()
            .filter_map(|c| c.organisation.as_ref());
        items.extend(customers.filter_map(customer));
    }
    Ok(Answer::ok(json!({ "items": items })))
}

/// `GET /v1/organizations/{id}`.
pub fn get(id: &str, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    if cloud.is_own(id) {
        return Ok(Answer::ok(wire(cloud)));
    }
    if let Some(organisation) = cloud.wholesale.organisation(id) {
        return customer(organisation)
            .map(Answer::ok)
            .ok_or_else(Answer::forbidden);
    }
    match (uuid::Uuid::parse_str(id), ids::expect_uuid(id, "ORGANIZATION")) {
        (Ok(_), _) | (_, Ok(_)) => Err(Answer::not_found()),
        (_, Err(IdProblem::WrongKind)) => Err(Answer::id_problem(IdProblem::WrongKind)),
        (_, Err(IdProblem::Malformed)) => Err(Answer::not_found()),
    }
}
