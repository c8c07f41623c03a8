//! SCIM 2: `/identity/scim/{orgUuid}/v2/Users` and `/Bulk`.
//!
//! Identities only: licences, extensions and numbers cannot be set here. The organisation is the plain UUID. Paging is
//! 1-based `startIndex` and `count`. Reference: section 4.5.

use axum::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::clock::wire_time;
use crate::cloud::Cloud;
use crate::cloud::people::Person;
use crate::ids;
use crate::resources::person_edit;

const READ: &[&str] = &["identity:people_read", "identity:people_rw"];
const WRITE: &[&str] = &["identity:people_rw"];
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const WEBEX: &str = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User";

/// `/identity/scim/{organisation}/v2/…`.
pub fn dispatch(organisation: &str, rest: &[&str], call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    if Uuid::parse_str(organisation).ok() != Some(cloud.organisation.uuid) {
        return Err(Answer::scim_error(
            403,
            "Access to the organization is forbidden.",
            None,
        ));
    }
    match (rest, &call.method) {
        (["Users"], &Method::GET) => {
            access.read(READ)?;
            list(call, cloud)
        }
        (["Users"], &Method::POST) => {
            access.write(WRITE)?;
            let at = create(&call.json()?, cloud)?;
            Ok(Answer::json(201, wire(call, cloud, at)))
        }
        (["Users", id], &Method::GET) => {
            access.read(READ)?;
            let at = find(id, cloud)?;
            Ok(Answer::ok(wire(call, cloud, at)))
        }
        (["Users", id], &Method::PUT) => {
            access.write(WRITE)?;
            let at = find(id, cloud)?;
            merge(at, &call.json()?, cloud)?;
            Ok(Answer::ok(wire(call, cloud, at)))
        }
        (["Users", id], &Method::PATCH) => {
            access.write(WRITE)?;
            let at = find(id, cloud)?;
            patch(at, &call.json()?, cloud)?;
            Ok(Answer::ok(wire(call, cloud, at)))
        }
        (["Users", id], &Method::DELETE) => {
            access.write(WRITE)?;
            let at = find(id, cloud)?;
            person_edit::remove(at, cloud);
            Ok(Answer::empty(204))
        }
        (["Bulk"], &Method::POST) => {
            access.write(WRITE)?;
            bulk(call, cloud)
        }
        (["Users" | "Bulk"] | ["Users", _], _) => Err(Answer::method_not_allowed()),
        _ => Err(Answer::not_found()),
    }
}

/// `GET /identity/scim/v2/Users/me`.
pub fn me(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.scoped(READ)?;
    Ok(Answer::ok(wire(call, cloud, access.person)))
}

fn find(id: &str, cloud: &Cloud) -> Result<usize, Box<Answer>> {
    let found = Uuid::parse_str(id)
        .ok()
        .and_then(|uuid| cloud.people.by_uuid(uuid));
    found.ok_or_else(|| Answer::scim_error(404, &format!("User {id} was not found."), None))
}

fn wire(call: &Call, cloud: &Cloud, at: usize) -> Value {
    let Some(p) = cloud.people.get(at) else {
        return Value::Null;
    };
    let mut body = json!({
        "schemas": [USER, WEBEX],
        "id": p.uuid.to_string(),
        "userName": p.email,
        "active": p.login_enabled,
        "name": { "givenName": p.first_name, "familyName": p.last_name },
        "displayName": p.display_name,
        "emails": [{ "value": p.email, "type": "work", "primary": true }],
        "userType": "user",
        "meta": {
            "resourceType": "User",
            "organizationID": cloud.organisation.uuid.to_string(),
            "created": p.created,
            "lastModified": p.last_modified,
            "version": format!("W/\"{}\"", p.last_modified),
            "location": format!("http://{}/identity/scim/{}/v2/Users/{}", call.host, cloud.organisation.uuid, p.uuid),
        },
    });
    body[WEBEX] = json!({
        "accountStatus": [if p.invite_pending { "pending" } else { "active" }],
        "extensionAttribute": [],
        "externalAttribute": [],
    });
    if !p.title.is_empty() {
        body["title"] = p.title.as_str().into();
    }
    body
}

/// `attribute op "value"`, op one of eq, sw, co; attributes userName, displayName, emails.value, id.
fn matches(filter: &str, p: &Person) -> Option<bool> {
    let mut parts = filter.splitn(3, ' ');
    let (attribute, op, value) = (parts.next()?, parts.next()?, parts.next()?);
    let value = value.trim().trim_matches('"').to_lowercase();
    let have = match attribute.to_lowercase().as_str() {
        "username" | "emails.value" | "emails" => p.email.to_lowercase(),
        "displayname" => p.display_name.to_lowercase(),
        "name.givenname" => p.first_name.to_lowercase(),
        "name.familyname" => p.last_name.to_lowercase(),
        "id" => p.uuid.to_string(),
        _ => return None,
    };
    match op.to_lowercase().as_str() {
        "eq" => Some(have == value),
        "sw" => Some(have.starts_with(&value)),
        "co" => Some(have.contains(&value)),
        _ => None,
    }
}

fn list(call: &Call, cloud: &Cloud) -> Reply {
    let start = call.number("startIndex")?.unwrap_or(1).max(1);
    let count = call.number("count")?.unwrap_or(100).min(1000);
    let mut found = Vec::new();
    match call.param("filter") {
        None => found.extend(cloud.people.from(0).map(|(at, _)| at)),
        Some(filter) => {
            for (at, person) in cloud.people.from(0) {
                let fits = matches(filter, person).ok_or_else(|| {
                    Answer::scim_error(
                        400,
                        &format!("The filter is not supported: {filter}"),
                        Some("invalidFilter"),
                    )
                })?;
                if fits {
                    found.push(at);
                }
            }
        }
    }
    let page: Vec<Value> = found
        .iter()
        .skip(start - 1)
        .take(count)
        .map(|at| wire(call, cloud, *at))
        .collect();
    Ok(Answer::ok(json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": found.len(),
        "itemsPerPage": page.len(),
        "startIndex": start,
        "Resources": page,
    })))
}

fn create(data: &Value, cloud: &mut Cloud) -> Result<usize, Box<Answer>> {
    let email = data["userName"]
        .as_str()
        .filter(|v| v.contains('@'))
        .map(str::to_owned);
    let email = email.ok_or_else(|| {
        Answer::scim_error(400, "userName must be an e-mail address.", Some("invalidValue"))
    })?;
    if cloud.people.by_email(&email).is_some() {
        return Err(Answer::scim_error(
            409,
            &format!("User {email} already exists."),
            Some("uniqueness"),
        ));
    }
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let (first, last) = (
        text(&data["name"]["givenName"]),
        text(&data["name"]["familyName"]),
    );
    let whole = format!("{first} {last}").trim().to_owned();
    let display_name = data["displayName"]
        .as_str()
        .map(str::to_owned)
        .unwrap_or(if whole.is_empty() { email.clone() } else { whole });
    let now = wire_time(cloud.clock.now());
    let uuid = cloud.new_uuid();
    let at = cloud.people.add(Person {
        uuid,
        id: ids::encode("us", "PEOPLE", &uuid.to_string()),
        email,
        display_name,
        first_name: first,
        last_name: last,
        title: text(&data["title"]),
        department: String::new(),
        created: now.clone(),
        last_modified: now,
        last_activity: None,
        status: "pending".to_owned(),
        invite_pending: true,
        login_enabled: data["active"].as_bool().unwrap_or(true),
        roles: Vec::new(),
        licences: Vec::new(),
        site_urls: Vec::new(),
        mobile: None,
        calling: None,
    });
    cloud.changes += 1;
    Ok(at)
}

fn merge(at: usize, data: &Value, cloud: &mut Cloud) -> Result<(), Box<Answer>> {
    if let Some(email) = data["userName"].as_str()
        && cloud.people.by_email(email).is_some_and(|other| other != at)
    {
        return Err(Answer::scim_error(
            409,
            &format!("User {email} already exists."),
            Some("uniqueness"),
        ));
    }
    cloud.people.change(at, |p| {
        let fields = [
            (&mut p.email, &data["userName"]),
            (&mut p.display_name, &data["displayName"]),
            (&mut p.first_name, &data["name"]["givenName"]),
            (&mut p.last_name, &data["name"]["familyName"]),
            (&mut p.title, &data["title"]),
        ];
        for (field, value) in fields {
            if let Some(value) = value.as_str() {
                value.clone_into(field);
            }
        }
        if let Some(active) = data["active"].as_bool() {
            p.login_enabled = active;
        }
    });
    cloud.touch(at);
    Ok(())
}

fn patch(at: usize, data: &Value, cloud: &mut Cloud) -> Result<(), Box<Answer>> {
    let operations = data["Operations"]
        .as_array()
        .or_else(|| data["operations"].as_array());
    let operations =
        operations.ok_or_else(|| Answer::scim_error(400, "Operations is missing.", Some("invalidSyntax")))?;
    for operation in operations {
        let value = &operation["value"];
        let change = match operation["path"].as_str() {
            None => value.clone(),
            Some("emails") => {
                let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
                let primary = list.iter().find(|e| e["primary"] == true).or(list.first());
                json!({ "userName": primary.map(|e| &e["value"]) })
            }
            Some("name.givenName") => json!({ "name": { "givenName": value } }),
            Some("name.familyName") => json!({ "name": { "familyName": value } }),
            Some(path @ ("userName" | "displayName" | "title" | "active" | "name")) => json!({ path: value }),
            Some(path) => {
                return Err(Answer::scim_error(
                    400,
                    &format!("The path is not supported: {path}"),
                    Some("invalidPath"),
                ));
            }
        };
        merge(at, &change, cloud)?;
    }
    Ok(())
}

fn bulk(call: &Call, cloud: &mut Cloud) -> Reply {
    let body = call.json()?;
    // The published request schema spells it in lower case, the RFC and the answers do not.
    let operations = body["Operations"]
        .as_array()
        .or_else(|| body["operations"].as_array())
        .cloned();
    let operations =
        operations.ok_or_else(|| Answer::scim_error(400, "Operations is missing.", Some("invalidSyntax")))?;
    if operations.len() > 100 {
        return Err(Answer::scim_error(
            413,
            "At most 100 operations are allowed.",
            Some("tooMany"),
        ));
    }
    let limit = body["failOnErrors"].as_u64().unwrap_or(1);
    let mut failures = 0;
    let mut results = Vec::new();
    for operation in &operations {
        if failures >= limit {
            break;
        }
        let (mut result, failed) = one(operation, call, cloud);
        if let Some(id) = operation["bulkId"].as_str() {
            result["bulkId"] = id.into();
        }
        failures += u64::from(failed);
        results.push(result);
    }
    Ok(Answer::ok(
        json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"], "Operations": results }),
    ))
}

fn one(operation: &Value, call: &Call, cloud: &mut Cloud) -> (Value, bool) {
    let method = operation["method"].as_str().unwrap_or_default().to_uppercase();
    let path = operation["path"].as_str().unwrap_or_default();
    // The published schema calls `data` a string, the RFC an object: both come.
    let data = match &operation["data"] {
        Value::String(text) => serde_json::from_str(text).unwrap_or(Value::Null),
        other => other.clone(),
    };
    let outcome = match (method.as_str(), path.strip_prefix("/Users")) {
        ("POST", Some("")) if operation["bulkId"].is_string() => {
            create(&data, cloud).map(|at| (201, Some(at)))
        }
        ("POST", Some("")) => Err(Answer::scim_error(
            400,
            "bulkId is required for POST.",
            Some("invalidSyntax"),
        )),
        ("PATCH", Some(id)) => find(id.trim_start_matches('/'), cloud)
            .and_then(|at| patch(at, &data, cloud).map(|()| (200, Some(at)))),
        ("DELETE", Some(id)) => find(id.trim_start_matches('/'), cloud).map(|at| {
            person_edit::remove(at, cloud);
            (204, None)
        }),
        _ => Err(Answer::scim_error(
            400,
            &format!("{method} {path} is not supported."),
            Some("invalidSyntax"),
        )),
    };
    match outcome {
        Ok((status, at)) => {
            let mut result = json!({ "method": method, "status": status.to_string() });
            if let Some(person) = at.and_then(|at| cloud.people.get(at)) {
                result["location"] = format!(
                    "http://{}/identity/scim/{}/v2/Users/{}",
                    call.host, cloud.organisation.uuid, person.uuid
                )
                .into();
                result["version"] = format!("W/\"{}\"", person.last_modified).into();
            }
            (result, false)
        }
        Err(answer) => {
            let response = match answer.body {
                crate::answer::Body::Json(value) => value,
                _ => Value::Null,
            };
            (
                json!({ "method": method, "status": answer.status.to_string(), "response": response }),
                true,
            )
        }
    }
}
