//! Numbers of a location: add, activate, deactivate, delete.
//!
//! Partial trouble when adding is a 400 whose body is a bare array, although the rest was added. Locations whose PSTN is
//! integrated refuse. Reference: section 5.

use axum::http::Method;
use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::cloud::inventory::Number;
use crate::resources::{numbers, pstn, telephony_locations};

/// `/v1/telephony/config/locations/{id}/numbers`.
pub fn dispatch(id: &str, call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    if ![Method::POST, Method::PUT, Method::DELETE].contains(&call.method) {
        return Err(Answer::method_not_allowed());
    }
    access.write(telephony_locations::WRITE)?;
    let (at, calling) = telephony_locations::find(id, cloud)?;
    let connection = calling
        .pstn
        .ok_or_else(|| pstn::not_configured(&cloud.locations[at].name))?;
    if !connection.open() {
        let text = format!(
            "Number changes are not allowed through the API for PSTN type {}.",
            connection.wire()
        );
        return Err(Answer::telephony_error(400, 25024, &text));
    }
    let body = call.json()?;
    let listed = body["phoneNumbers"].as_array().map(|l| {
        l.iter()
            .map(|v| v.as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    });
    let listed = listed
        .filter(|l| !l.is_empty())
        .ok_or_else(|| Answer::telephony_error(400, 25008, "Missing Mandatory field name:  phoneNumbers"))?;
    match call.method {
        Method::POST => add(at, &listed, &body, cloud),
        Method::PUT => activate(at, &listed, &body, cloud),
        _ => delete(at, &listed, cloud),
    }
}

/// One entry of the array body.
fn problem(number: &str, code: &str, message: &str) -> Value {
    json!({ "number": number, "errorType": "VALIDATION", "errorCode": code, "errorMessage": message, "errorTitle": "Number could not be processed" })
}

fn array_error(problems: Vec<Value>) -> Box<Answer> {
    Box::new(Answer::json(400, json!([{ "errors": problems }])))
}

fn add(at: usize, listed: &[String], body: &Value, cloud: &mut Cloud) -> Reply {
    let kind = body["numberType"].as_str().unwrap_or("DID");
    if kind == "MOBILE" && listed.len() > 20 {
        return Err(Answer::telephony_error(
            400,
            25024,
            "At most 20 mobile numbers can be added at once.",
        ));
    }
    let service = body["numberUsageType"].as_str() == Some("SERVICE");
    let active = body["state"].as_str() == Some("ACTIVE");
    let mut problems = Vec::new();
    for number in listed {
        match cloud.inventory.numbers.get(number) {
            // A number that is there already is ignored.
            Some(known) if known.location == at => {}
            Some(_) => problems.push(problem(
                number,
                "ERR.V.TRM.TMN60001",
                "The number belongs to another location.",
            )),
            None if !numbers::well_formed(number) => problems.push(problem(
                number,
                "ERR.V.TRM.TMN60002",
                "The number is not a valid E.164 number.",
            )),
            None => {
                let toll_free = kind == "TOLLFREE" || numbers::toll_free(number);
                let entry = Number {
                    active,
                    service,
                    toll_free,
                    mobile: kind == "MOBILE",
                    ..Number::free(at)
                };
                cloud.inventory.numbers.insert(number.clone(), entry);
                cloud.changes += 1;
            }
        }
    }
    if problems.is_empty() {
        Ok(Answer::empty(201))
    } else {
        Err(array_error(problems))
    }
}

fn activate(at: usize, listed: &[String], body: &Value, cloud: &mut Cloud) -> Reply {
    let active = match body["action"].as_str() {
        None | Some("ACTIVATE") => true,
        Some("DEACTIVATE") => false,
        Some(_) => return Err(Answer::telephony_error(400, 25024, "Invalid field value: action")),
    };
    if !active && listed.len() > 500 {
        return Err(Answer::telephony_error(
            400,
            25024,
            "At most 500 numbers can be deactivated at once.",
        ));
    }
    let mut problems = Vec::new();
    for number in listed {
        match cloud
            .inventory
            .numbers
            .get_mut(number)
            .filter(|n| n.location == at)
        {
            None => problems.push(problem(
                number,
                "ERR.V.TRM.TMN60003",
                "The number does not belong to this location.",
            )),
            Some(n) if !active && n.owner.is_some() => {
                problems.push(problem(number, "ERR.V.TRM.TMN60005", "The number is assigned."))
            }
            Some(n) => {
                n.active = active;
                cloud.changes += 1;
            }
        }
    }
    if problems.is_empty() {
        Ok(Answer::empty(204))
    } else {
        Err(array_error(problems))
    }
}

fn delete(at: usize, listed: &[String], cloud: &mut Cloud) -> Reply {
    if listed.len() > 5 {
        return Err(Answer::telephony_error(
            400,
            25024,
            "At most 5 numbers can be deleted at once.",
        ));
    }
    let mut problems = Vec::new();
    for number in listed {
        match cloud.inventory.numbers.get(number).filter(|n| n.location == at) {
            None => problems.push(problem(
                number,
                "ERR.V.TRM.TMN60003",
                "The number does not belong to this location.",
            )),
            Some(n) if n.main => problems.push(problem(
                number,
                "ERR.V.TRM.TMN60006",
                "The main number of a location cannot be deleted.",
            )),
            Some(n) if n.owner.is_some() => {
                problems.push(problem(number, "ERR.V.TRM.TMN60005", "The number is assigned."))
            }
            Some(_) => {
                cloud.inventory.numbers.remove(number);
                cloud.changes += 1;
            }
        }
    }
    if problems.is_empty() {
        Ok(Answer::empty(204))
    } else {
        Err(array_error(problems))
    }
}
