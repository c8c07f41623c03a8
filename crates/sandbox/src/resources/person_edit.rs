//! `POST /v1/people`, `PUT /v1/people/{id}`, `DELETE /v1/people/{id}`.
//!
//! PUT takes the whole person: `displayName` is mandatory, `licenses` and `roles` replace what is held when sent. A change
//! of roles ends all tokens of that person. Reference: sections 2.2 and 4.3.

use serde_json::Value;

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::clock::wire_time;
use crate::cloud::Cloud;
use crate::cloud::people::Person;
use crate::ids;
use crate::resources::calling_rules::{self, Placement};
use crate::resources::people;

const WRITE: &[&str] = &["spark-admin:people_write"];

fn text(body: &Value, name: &str) -> Option<String> {
    body[name]
        .as_str()
        .map(str::trim)
        .filter(|v| !v.is_empty())
        .map(str::to_owned)
}

fn id_list(body: &Value, name: &str) -> Option<Vec<String>> {
    let entries = body.get(name)?.as_array()?;
    Some(
        entries
            .iter()
            .filter_map(Value::as_str)
            .flat_map(|v| v.split(','))
            .filter(|v| !v.is_empty())
            .map(str::to_owned)
            .collect(),
    )
}

fn licences(body: &Value, cloud: &Cloud) -> Result<Option<Vec<usize>>, Box<Answer>> {
    let Some(list) = id_list(body, "licenses") else {
        return Ok(None);
    };
    let mut found = Vec::new();
    for id in list {
        let at = cloud.licence(&id).map_err(Answer::id_problem)?;
        let unknown = || {
            Answer::error_with(
                400,
                "License not recognized",
                Some(400_000),
                &format!("License not recognized {id}"),
            )
        };
        found.push(at.ok_or_else(unknown)?);
    }
    Ok(Some(found))
}

fn roles(body: &Value, cloud: &Cloud) -> Result<Option<Vec<usize>>, Box<Answer>> {
    let Some(list) = id_list(body, "roles") else {
        return Ok(None);
    };
    let mut found = Vec::new();
    for id in list {
        let rest = ids::expect(&id, "ROLE").map_err(Answer::id_problem)?;
        let at = cloud
            .roles
            .iter()
            .position(|r| ids::decode(&r.id).is_some_and(|i| i.rest == rest));
        found.push(at.ok_or_else(|| Answer::error(400, &format!("Role not recognized {id}")))?);
    }
    Ok(Some(found))
}

/// The work number a body names.
fn work_number(body: &Value) -> Option<String> {
    let numbers = body["phoneNumbers"].as_array()?;
    numbers
        .iter()
        .find(|n| n["type"] == "work")
        .and_then(|n| n["value"].as_str())
        .map(|v| v.replace([' ', '-'], ""))
}

fn units(cloud: &Cloud, wanted: &[usize]) -> Result<(), Box<Answer>> {
    match wanted.iter().find(|l| cloud.licences[**l].free() == 0) {
        Some(short) => Err(Answer::error(
            400,
            &format!(
                "No license units are available for: {}",
                cloud.licences[*short].name
            ),
        )),
        None => Ok(()),
    }
}

/// `POST /v1/people`.
pub fn create(call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    let calling_data = call.flag("callingData")?.unwrap_or(false);
    let body = call.json()?;
    let email = body["emails"][0]
        .as_str()
        .filter(|e| e.contains('@'))
        .map(str::to_owned);
    let email = email.ok_or_else(|| Answer::error(400, "Email address is invalid."))?;
    if cloud.people.by_email(&email).is_some() {
        return Err(Answer::error_with(
            409,
            "User already exists",
            Some(400_409),
            "User already exists",
        ));
    }
    let (first, last) = (
        text(&body, "firstName").unwrap_or_default(),
        text(&body, "lastName").unwrap_or_default(),
    );
    let whole = format!("{first} {last}").trim().to_owned();
    let display_name = text(&body, "displayName").unwrap_or(whole);
    if display_name.is_empty() {
        return Err(Answer::error(
            400,
            "displayName, or firstName and lastName, is required.",
        ));
    }
    let licences = licences(&body, cloud)?.unwrap_or_default();
    let roles = roles(&body, cloud)?.unwrap_or_default();
    let placement = new_placement(&body, &licences, calling_data, cloud)?;
    units(cloud, &licences)?;
    let now = wire_time(cloud.clock.now());
    let uuid = cloud.new_uuid();
    let at = cloud.people.add(Person {
        uuid,
        id: ids::encode("us", "PEOPLE", &uuid.to_string()),
        email,
        display_name,
        first_name: first,
        last_name: last,
        title: text(&body, "title").unwrap_or_default(),
        department: text(&body, "department").unwrap_or_default(),
        created: now.clone(),
        last_modified: now,
        last_activity: None,
        status: "pending".to_owned(),
        invite_pending: true,
        login_enabled: true,
        roles,
        licences: Vec::new(),
        site_urls: Vec::new(),
        mobile: None,
        calling: None,
    });
    cloud.changes += 1;
    for licence in licences {
        cloud.give(at, licence);
    }
    if let Some(p) = placement {
        cloud.place(at, p.location, p.extension, p.number);
    }
    Ok(Answer::ok(people::wire(cloud, at, calling_data)))
}

fn new_placement(
    body: &Value,
    licences: &[usize],
    calling_data: bool,
    cloud: &Cloud,
) -> Result<Option<Placement>, Box<Answer>> {
    if !licences.iter().any(|l| cloud.licences[*l].kind.is_calling()) {
        return Ok(None);
    }
    if !calling_data {
        return Err(Answer::error(400, "Calling flag not set"));
    }
    let (extension, number) = (text(body, "extension"), work_number(body));
    if extension.is_none() && number.is_none() {
        return Err(calling_rules::refusal(
            "Extension and Phone Number cannot be blank.",
        ));
    }
    let location = match text(body, "locationId") {
        Some(id) => cloud.location(&id).map_err(Answer::id_problem)?,
        None => None,
    };
    let location = location
        .filter(|at| cloud.locations[*at].calling.is_some())
        .ok_or_else(|| {
            Answer::coded_error(400, "Unable to find location", 400, "Unable to find location.")
        })?;
    let placement = Placement {
        location,
        extension,
        number,
    };
    calling_rules::placement(cloud, &placement, None)?;
    Ok(Some(placement))
}

/// `PUT /v1/people/{id}`.
pub fn replace(id: &str, call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    let at = people::find(id, cloud)?;
    let calling_data = call.flag("callingData")?.unwrap_or(false);
    let body = call.json()?;
    let display_name =
        text(&body, "displayName").ok_or_else(|| Answer::error(400, "displayName cannot be null."))?;
    let email = body["emails"][0].as_str().map(str::to_owned);
    if let Some(email) = &email
        && cloud.people.by_email(email).is_some_and(|other| other != at)
    {
        return Err(Answer::error(409, "User already exists"));
    }
    let licences = licences(&body, cloud)?;
    let roles = roles(&body, cloud)?;
    let held = cloud
        .people
        .get(at)
        .map(|p| p.licences.clone())
        .unwrap_or_default();
    let new: Vec<usize> = licences
        .iter()
        .flatten()
        .copied()
        .filter(|l| !held.contains(l))
        .collect();
    let gone: Vec<usize> = match &licences {
        Some(list) => held.iter().copied().filter(|l| !list.contains(l)).collect(),
        None => Vec::new(),
    };
    units(cloud, &new)?;
    let placement = changed_placement(&body, at, &new, &gone, calling_data, cloud)?;

    cloud.people.change(at, |p| {
        p.display_name = display_name;
        if let Some(email) = email {
            p.email = email;
        }
        for (field, name) in [
            (&mut p.first_name, "firstName"),
            (&mut p.last_name, "lastName"),
            (&mut p.title, "title"),
            (&mut p.department, "department"),
        ] {
            if let Some(value) = text(&body, name) {
                *field = value;
            }
        }
        if let Some(enabled) = body["loginEnabled"].as_bool() {
            p.login_enabled = enabled;
        }
    });
    for licence in new {
        cloud.give(at, licence);
    }
    for licence in gone {
        cloud.take(at, licence);
    }
    if let Some(p) = placement {
        cloud.place(at, p.location, p.extension, p.number);
    }
    if let Some(roles) = roles {
        let changed = cloud.people.change(at, |p| {
            let changed = p.roles != roles;
            p.roles = roles;
            changed
        });
        if changed == Some(true) {
            cloud.tokens.end_all_of(at);
        }
    }
    cloud.touch(at);
    if call.flag("minResponse")?.unwrap_or(false) {
        return Ok(Answer::empty(204));
    }
    Ok(Answer::ok(people::wire(cloud, at, calling_data)))
}

fn changed_placement(
    body: &Value,
    at: usize,
    new: &[usize],
    gone: &[usize],
    calling_data: bool,
    cloud: &Cloud,
) -> Result<Option<Placement>, Box<Answer>> {
    let calling = cloud.people.get(at).and_then(|p| p.calling.clone());
    if !calling_data {
        return Ok(None);
    }
    let Some(calling) = calling else {
        return new_placement(body, new, calling_data, cloud);
    };
    if gone.iter().any(|l| cloud.licences[*l].kind.is_calling())
        && !new.iter().any(|l| cloud.licences[*l].kind.is_calling())
    {
        return Ok(None);
    }
    if let Some(id) = text(body, "locationId")
        && cloud.location(&id).map_err(Answer::id_problem)? != Some(calling.location)
    {
        return Err(Answer::error(
            400,
            "Failed to update people. Delete Calling Location in request is invalid",
        ));
    }
    let extension = text(body, "extension").or_else(|| calling.extension.clone());
    // A list without a work number takes the number away; no list leaves it.
    let number = if body["phoneNumbers"].is_array() {
        work_number(body)
    } else {
        calling.number.clone()
    };
    if extension.is_none() && number.is_none() {
        return Err(calling_rules::refusal(
            "Extension and Phone Number cannot be blank.",
        ));
    }
    let placement = Placement {
        location: calling.location,
        extension,
        number,
    };
    if (&placement.extension, &placement.number) == (&calling.extension, &calling.number) {
        return Ok(None);
    }
    calling_rules::placement(cloud, &placement, Some(at))?;
    Ok(Some(placement))
}

/// `DELETE /v1/people/{id}`.
pub fn delete(id: &str, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    let at = people::find(id, cloud)?;
    remove(at, cloud);
    Ok(Answer::empty(204))
}

/// Removes a person with licences, extension, numbers and tokens.
pub fn remove(at: usize, cloud: &mut Cloud) {
    let held = cloud
        .people
        .get(at)
        .map(|p| p.licences.clone())
        .unwrap_or_default();
    for licence in held {
        cloud.take(at, licence);
    }
    cloud.unplace(at);
    cloud.tokens.end_all_of(at);
    cloud.people.remove(at);
    cloud.changes += 1;
}
