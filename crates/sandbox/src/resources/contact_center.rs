//! `GET /organization/{uuid}/v2/user`: the contact center, at the root of the base. It wants the plain UUID; with the Webex
//! id it answers 401 though the token is good. Errors in shape D with `error` as an object. Reference: section 9.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;

const READ: &str = "cjp:config_read";

/// A page of users, counted from 0. Everybody who may call is one.
pub fn users(organisation: &str, call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    let own = Uuid::parse_str(organisation).is_ok() && cloud.is_own(organisation);
    if !own {
        return Err(Answer::contact_center_error(
            401,
            "Unauthorized",
            &format!("User does not have access to OrgId: {organisation}"),
        ));
    }
    if ![READ, "cjp:config", "cjp:config_write"]
        .iter()
        .any(|scope| access.scopes.contains(*scope))
    {
        return Err(Answer::contact_center_error(
            403,
            "Forbidden",
            &format!("The token is missing a required scope: {READ}"),
        ));
    }
    let page = call.number("page")?.unwrap_or(0);
    let size = call.number("pageSize")?.unwrap_or(100).clamp(1, 100);
    let people: Vec<Value> = cloud
        .people
        .from(0)
        .skip(page.saturating_mul(size))
        .take(size)
        .map(|(_, person)| json!({ "id": person.uuid, "email": person.email, "active": true }))
        .collect();
    let total = cloud.people.count();
    Ok(Answer::ok(json!({
        "meta": {
            "page": page,
            "pageSize": size,
            "totalPages": total.div_ceil(size),
            "totalRecords": total,
            "orgid": cloud.organisation.uuid,
        },
        "data": people,
    })))
}
