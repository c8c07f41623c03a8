//! `GET /v1/organizations`, `GET /v1/organizations/{id}`: the plain UUID and the Webex id are both accepted, the Webex id is
//! answered. Reference: section 1.1.

use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::cloud::Cloud;
use crate::ids::{self, IdProblem};

const READ: &[&str] = &["spark-admin:organizations_read"];

fn wire(cloud: &Cloud) -> Value {
    let o = &cloud.organisation;
    json!({ "id": o.id, "displayName": o.name, "created": o.created })
}

/// `GET /v1/organizations`; read-only administrators are refused, as they are by Webex.
pub fn list(access: &Access, cloud: &Cloud) -> Reply {
    access.write(READ)?;
    Ok(Answer::ok(json!({ "items": [wire(cloud)] })))
}

/// `GET /v1/organizations/{id}`.
pub fn get(id: &str, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    if cloud.is_own(id) {
        return Ok(Answer::ok(wire(cloud)));
    }
    match (uuid::Uuid::parse_str(id), ids::expect_uuid(id, "ORGANIZATION")) {
        (Ok(_), _) | (_, Ok(_)) => Err(Answer::not_found()),
        (_, Err(IdProblem::WrongKind)) => Err(Answer::id_problem(IdProblem::WrongKind)),
        (_, Err(IdProblem::Malformed)) => Err(Answer::not_found()),
    }
}
