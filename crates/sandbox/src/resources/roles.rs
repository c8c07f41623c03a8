//! `GET /v1/roles`, `GET /v1/roles/{id}`.

use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::cloud::Cloud;

const READ: &[&str] = &["spark-admin:roles_read"];

/// `GET /v1/roles`.
pub fn list(access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    let items: Vec<Value> = cloud
        .roles
        .iter()
        .map(|r| json!({ "id": r.id, "name": r.name }))
        .collect();
    Ok(Answer::ok(json!({ "items": items })))
}

/// `GET /v1/roles/{id}`.
pub fn get(id: &str, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    let rest = crate::ids::expect(id, "ROLE").map_err(Answer::id_problem)?;
    let role = cloud
        .roles
        .iter()
        .find(|r| crate::ids::decode(&r.id).is_some_and(|i| i.rest == rest))
        .ok_or_else(Answer::not_found)?;
    Ok(Answer::ok(json!({ "id": role.id, "name": role.name })))
}
