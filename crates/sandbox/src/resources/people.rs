//! `GET /v1/people`, `/v1/people/{id}`, `/v1/people/me`.
//!
//! Without `callingData=true` an answer has no extension, no location and no numbers. Reference: section 4.1.

use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::paging::{self, Style};

const READ: &[&str] = &["spark-admin:people_read", "spark-admin:people_write"];
const CURSOR: Style = Style::Cursor("cursor");

/// A person on the wire.
#[must_use]
pub fn wire(cloud: &Cloud, at: usize, calling: bool) -> Value {
    let Some(person) = cloud.people.get(at) else {
        return Value::Null;
    };
    let quirks = &cloud.quirks;
    let list = |ids: Vec<String>| -> Value {
        if quirks.joined_lists && !ids.is_empty() {
            json!([ids.join(",")])
        } else {
            json!(ids)
        }
    };
    let flag = |value: bool| -> Value {
        if quirks.text_booleans {
            json!(value.to_string())
        } else {
            json!(value)
        }
    };
    let mut sip = vec![
        json!({ "type": "personal-room", "value": format!("{}@{}", person.uuid.simple(), cloud.organisation.sip_domain), "primary": false }),
    ];
    if person.calling.is_some() {
        let local = person.email.split('@').next().unwrap_or_default();
        sip.push(json!({ "type": "cloud-calling", "value": format!("{local}@calls.{}", cloud.organisation.sip_domain), "primary": true }));
    }
    let mut body = json!({
        "id": person.id,
        "emails": [person.email],
        "displayName": person.display_name,
        "orgId": cloud.organisation.id,
        "roles": list(person.roles.iter().map(|r| cloud.roles[*r].id.clone()).collect()),
        "licenses": list(person.licences.iter().map(|l| cloud.licences[*l].id.clone()).collect()),
        "created": person.created,
        "lastModified": person.last_modified,
        "siteUrls": person.site_urls,
        "sipAddresses": sip,
        "status": person.status,
        "invitePending": flag(person.invite_pending),
        "loginEnabled": flag(person.login_enabled),
        "type": "person",
    });
    let optional = [
        ("firstName", Some(&person.first_name)),
        ("lastName", Some(&person.last_name)),
        ("title", Some(&person.title)),
        ("department", Some(&person.department)),
        ("lastActivity", person.last_activity.as_ref()),
    ];
    for (key, value) in optional {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            body[key] = value.as_str().into();
        }
    }
    if calling {
        add_calling(cloud, at, &mut body);
    }
    body
}

fn add_calling(cloud: &Cloud, at: usize, body: &mut Value) {
    let Some(person) = cloud.people.get(at) else {
        return;
    };
    let mut numbers = Vec::new();
    if let Some(c) = &person.calling {
        let location = &cloud.locations[c.location];
        body["locationId"] = location.id.as_str().into();
        if let Some(number) = &c.number {
            numbers.push(json!({ "type": "work", "value": number, "primary": true }));
        }
        if let Some(extension) = &c.extension {
            body["extension"] = extension.as_str().into();
            let prefix = location
                .calling
                .as_ref()
                .map(|l| l.routing_prefix.as_str())
                .unwrap_or_default();
            numbers.push(json!({ "type": "work_extension", "value": format!("{prefix}{extension}"), "primary": c.number.is_none() }));
        }
        for (n, alternate) in c.alternates.iter().enumerate() {
            // Alternates come back without the plus; the published enum knows no type for them.
            let kind = format!("alternate{}", n + 1);
            numbers.push(
                json!({ "type": kind, "value": alternate.number.trim_start_matches('+'), "primary": false }),
            );
        }
    }
    if let Some(mobile) = &person.mobile {
        numbers.push(json!({ "type": "mobile", "value": mobile, "primary": false }));
    }
    if !numbers.is_empty() {
        body["phoneNumbers"] = numbers.into();
    }
}

/// `GET /v1/people`. Positions come from the best index the filters allow; the rest is filtered in passing.
pub fn list(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    let calling = call.flag("callingData")?.unwrap_or(false);
    call.flag("excludeStatus")?;
    if let Some(ids) = call.param("id") {
        return by_ids(ids, calling, cloud);
    }
    let location = match call.param("locationId") {
        Some(_) if !calling => return Err(Answer::error(400, "Calling flag not set")),
        Some(id) => Some(
            cloud
                .location(id)
                .map_err(Answer::id_problem)?
                .ok_or_else(|| Answer::error(400, "Unable to find location."))?,
        ),
        None => None,
    };
    let cap = if location.is_some() { 50 } else { 100 };
    let size = paging::size(call, "max", 100, cap)?;
    let from = paging::position(call, CURSOR)?;
    let role = match call.param("roles") {
        Some(ids) => Some(roles(ids, cloud)?),
        None => None,
    };
    let keep = |at: usize| {
        role.as_ref().is_none_or(|wanted| {
            cloud
                .people
                .get(at)
                .is_some_and(|p| p.roles.iter().any(|r| wanted.contains(r)))
        })
    };
    let mut found: Vec<usize> = if let Some(email) = call.param("email") {
        cloud
            .people
            .by_email(email)
            .into_iter()
            .filter(|at| *at >= from && keep(*at))
            .collect()
    } else if let Some(prefix) = call.param("displayName") {
        cloud
            .people
            .named(prefix)
            .into_iter()
            .filter(|at| *at >= from && keep(*at))
            .take(size + 1)
            .collect()
    } else if let Some(location) = location {
        cloud
            .people
            .at_location(location, from)
            .filter(|at| keep(*at))
            .take(size + 1)
            .collect()
    } else {
        cloud
            .people
            .from(from)
            .map(|(at, _)| at)
            .filter(|at| keep(*at))
            .take(size + 1)
            .collect()
    };
    if let (Some(location), true) = (
        location,
        call.param("email").is_some() || call.param("displayName").is_some(),
    ) {
        found.retain(|at| {
            cloud
                .people
                .get(*at)
                .and_then(|p| p.calling.as_ref())
                .is_some_and(|c| c.location == location)
        });
    }
    let next = found.get(size).copied();
    found.truncate(size);
    let items: Vec<Value> = found.into_iter().map(|at| wire(cloud, at, calling)).collect();
    Ok(paging::linked(
        call,
        CURSOR,
        json!({ "items": items, "notFoundIds": [] }),
        next,
    ))
}

fn roles(ids: &str, cloud: &Cloud) -> Result<Vec<usize>, Box<Answer>> {
    let mut wanted = Vec::new();
    for id in ids.split(',').filter(|i| !i.is_empty()) {
        crate::ids::expect(id, "ROLE").map_err(Answer::id_problem)?;
        wanted.extend(cloud.roles.iter().position(|r| r.id == id));
    }
    Ok(wanted)
}

fn by_ids(ids: &str, calling: bool, cloud: &Cloud) -> Reply {
    let ids: Vec<&str> = ids.split(',').map(str::trim).filter(|i| !i.is_empty()).collect();
    if ids.len() > 85 {
        return Err(Answer::error(400, "The maximum number of ids is 85."));
    }
    let (mut items, mut missing) = (Vec::new(), Vec::new());
    for id in ids {
        match cloud.person(id).map_err(Answer::id_problem)? {
            Some(at) => items.push(wire(cloud, at, calling)),
            None => missing.push(id),
        }
    }
    Ok(Answer::ok(json!({ "items": items, "notFoundIds": missing })))
}

/// `GET /v1/people/{id}`.
pub fn get(id: &str, call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    let at = find(id, cloud)?;
    Ok(Answer::ok(wire(
        cloud,
        at,
        call.flag("callingData")?.unwrap_or(false),
    )))
}

/// `GET /v1/people/me`.
pub fn me(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.scoped(&[
        "spark:all",
        "spark:people_read",
        "spark:kms",
        "spark-admin:people_read",
        "spark-admin:people_write",
    ])?;
    Ok(Answer::ok(wire(
        cloud,
        access.person,
        call.flag("callingData")?.unwrap_or(false),
    )))
}

/// Position of the person an id in a path names; 400 or 404 otherwise.
pub fn find(id: &str, cloud: &Cloud) -> Result<usize, Box<Answer>> {
    cloud
        .person(id)
        .map_err(Answer::id_problem)?
        .ok_or_else(Answer::not_found)
}
