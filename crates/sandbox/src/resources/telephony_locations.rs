//! `/v1/telephony/config/locations`: only calling-enabled ones, offset paging, key `locations`. Reference: section 5.

use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::{CallingLocation, Cloud};
use crate::ids;
use crate::paging::{self, Style};

/// Scopes any one of which may read telephony configuration.
pub const READ: &[&str] = &[
    "spark-admin:telephony_config_read",
    "spark-admin:telephony_config_write",
];
/// Scope that may change it.
pub const WRITE: &[&str] = &["spark-admin:telephony_config_write"];

/// Position and calling data of a calling-enabled location; 400 or 404 otherwise.
pub fn find<'a>(id: &str, cloud: &'a Cloud) -> Result<(usize, &'a CallingLocation), Box<Answer>> {
    let at = cloud.location(id).map_err(Answer::id_problem)?;
    at.and_then(|at| cloud.locations[at].calling.as_ref().map(|c| (at, c)))
        .ok_or_else(|| Answer::telephony_error(404, 4152, "Location not found."))
}

/// `GET /v1/telephony/config/locations`.
pub fn list(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    let size = paging::size(call, "max", 2000, 2000)?;
    let from = paging::position(call, Style::Offset)?;
    let name = call.param("name").map(str::to_lowercase);
    let mut found: Vec<usize> = (0..cloud.locations.len())
        .filter(|at| cloud.locations[*at].calling.is_some())
        .filter(|at| {
            name.as_ref()
                .is_none_or(|n| cloud.locations[*at].name.to_lowercase().contains(n))
        })
        .collect();
    match call.param("order") {
        Some("asc") => found.sort_by_key(|at| cloud.locations[*at].name.clone()),
        Some("desc") => found.sort_by_key(|at| std::cmp::Reverse(cloud.locations[*at].name.clone())),
        _ => {}
    }
    let total = found.len();
    let items: Vec<Value> = found
        .into_iter()
        .skip(from)
        .take(size)
        .filter_map(|at| summary(cloud, at))
        .collect();
    let next = (from + items.len() < total && !items.is_empty()).then_some(from + items.len());
    Ok(paging::page(call, Style::Offset, "locations", items, next))
}

fn summary(cloud: &Cloud, at: usize) -> Option<Value> {
    let l = &cloud.locations[at];
    let c = l.calling.as_ref()?;
    let mut body = json!({
        "id": l.id,
        "name": l.name,
        "outsideDialDigit": c.outside_dial_digit,
        "enforceOutsideDialDigit": false,
        "callingLineId": { "name": l.name, "phoneNumber": c.main_number },
        "e911SetupRequired": false,
    });
    if !c.routing_prefix.is_empty() {
        body["routingPrefix"] = c.routing_prefix.as_str().into();
    }
    Some(body)
}

/// `GET /v1/telephony/config/locations/{id}`.
pub fn get(id: &str, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    let (at, c) = find(id, cloud)?;
    let l = &cloud.locations[at];
    Ok(Answer::ok(json!({
        "id": l.id,
        "name": l.name,
        "announcementLanguage": c.announcement_language,
        "callingLineId": { "name": l.name, "phoneNumber": c.main_number },
        "connection": { "type": "TRUNK", "id": ids::encode("us", "TRUNK", &l.rest) },
        "subscriptionId": cloud.licences.first().map(|l| l.subscription.clone()),
        "externalCallerIdName": cloud.organisation.name,
        "userLimit": 500_000,
        "outsideDialDigit": c.outside_dial_digit,
        "enforceOutsideDialDigit": false,
        "routingPrefix": c.routing_prefix,
        "defaultDomain": format!("calls.{}", cloud.organisation.sip_domain),
    })))
}

/// `PUT /v1/telephony/config/locations/{id}`: announcement language, outside dial digit, routing prefix, calling line id.
pub fn change(id: &str, call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    let (at, _) = find(id, cloud)?;
    let body = call.json()?;
    if let Some(language) = body["announcementLanguage"].as_str()
        && language.chars().any(char::is_uppercase)
    {
        return Err(Answer::telephony_error(
            400,
            25046,
            &format!("Invalid language code: {language}"),
        ));
    }
    let caller = body["callingLineId"]["phoneNumber"].as_str().map(str::to_owned);
    if let Some(number) = &caller
        && cloud
            .inventory
            .numbers
            .get(number)
            .is_none_or(|n| n.location != at)
    {
        return Err(Answer::telephony_error(
            400,
            25024,
            &format!(
                "Invalid field value: callingLineId.phoneNumber {number} is not a number of this location"
            ),
        ));
    }
    if let Some(c) = cloud.locations[at].calling.as_mut() {
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        if let Some(v) = text("announcementLanguage") {
            c.announcement_language = v;
        }
        if let Some(v) = text("outsideDialDigit") {
            c.outside_dial_digit = v;
        }
        if let Some(v) = text("routingPrefix") {
            c.routing_prefix = v;
        }
        if caller.is_some() {
            c.main_number = caller;
        }
    }
    cloud.changes += 1;
    Ok(Answer::empty(204))
}
