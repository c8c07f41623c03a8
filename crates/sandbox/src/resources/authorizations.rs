//! `GET`/`DELETE /v1/authorizations`, `GET /v1/authorizations/tokenExpiry`. Reference: section 2.5.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::ids;
use crate::resources::people;

const READ: &[&str] = &["identity:tokens_read", "identity:tokens_write"];
const WRITE: &[&str] = &["identity:tokens_write"];

/// `GET /v1/authorizations?personId|personEmail`.
pub fn list(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    let person = match (call.param("personId"), call.param("personEmail")) {
        (Some(id), _) => people::find(id, cloud)?,
        (None, Some(email)) => cloud.people.by_email(email).ok_or_else(Answer::not_found)?,
        (None, None) => return Err(Answer::error(400, "personId or personEmail is required.")),
    };
    let mut grants: Vec<_> = cloud
        .tokens
        .grants
        .values()
        .filter(|g| g.person == person)
        .collect();
    grants.sort_by_key(|g| g.uuid);
    let items: Vec<Value> = grants
        .into_iter()
        .map(|grant| {
            let client = &cloud.tokens.clients[grant.client];
            json!({
                "id": ids::encode("us", "AUTHORIZATION", &grant.uuid.to_string()),
                "applicationId": client.application,
                "applicationName": client.name,
                "personId": cloud.people.get(grant.person).map(|p| p.id.as_str()),
                "clientId": client.id,
                "created": grant.created,
                "type": "refresh",
            })
        })
        .collect();
    Ok(Answer::ok(json!({ "items": items })))
}

/// `DELETE /v1/authorizations/{id}`: ends the refresh token and its access tokens.
pub fn delete(id: &str, access: &Access, cloud: &mut Cloud) -> Reply {
    access.read(WRITE)?;
    let uuid = ids::expect_uuid(id, "AUTHORIZATION").map_err(Answer::id_problem)?;
    if !cloud.tokens.end(uuid) {
        return Err(Answer::not_found());
    }
    cloud.changes += 1;
    Ok(Answer::empty(204))
}

/// `DELETE /v1/authorizations?clientId=`: ends the caller's own grants for a client.
pub fn delete_of_client(call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.scoped(WRITE)?;
    let id = call
        .param("clientId")
        .ok_or_else(|| Answer::error(400, "clientId is required."))?;
    let client = cloud.tokens.client(id).ok_or_else(Answer::not_found)?;
    let ended: Vec<Uuid> = cloud
        .tokens
        .grants
        .values()
        .filter(|g| g.client == client && g.person == access.person)
        .map(|g| g.uuid)
        .collect();
    for grant in ended {
        cloud.tokens.end(grant);
        cloud.changes += 1;
    }
    Ok(Answer::empty(204))
}

/// `GET /v1/authorizations/tokenExpiry`: epoch milliseconds of the presented token.
pub fn expiry(call: &Call, cloud: &Cloud) -> Reply {
    let expires = call
        .bearer()
        .and_then(|t| cloud.tokens.access.get(t))
        .map(|(_, at)| *at)
        .unwrap_or_default();
    let left = expires.saturating_sub(cloud.clock.elapsed());
    let at = cloud
        .clock
        .now()
        .as_millisecond()
        .saturating_add(i64::try_from(left.as_millis()).unwrap_or(i64::MAX));
    Ok(Answer::ok(json!({ "exp": at })))
}
