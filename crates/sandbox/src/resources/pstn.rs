//! PSTN connection of a location. Reference: section 5.

use axum::http::Method;
use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::{Cloud, Pstn};
use crate::ids;
use crate::resources::telephony_locations;

const READ: &[&str] = &[
    "spark-admin:telephony_pstn_read",
    "spark-admin:telephony_pstn_write",
];
const WRITE: &[&str] = &["spark-admin:telephony_pstn_write"];

fn option(pstn: Pstn) -> Value {
    json!({ "id": pstn.id(), "displayName": pstn.label(), "pstnServices": ["GEOGRAPHIC_NUMBERS"] })
}

/// `/v1/telephony/pstn/locations/{id}/…`.
pub fn dispatch(id: &str, rest: &[&str], call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    match (rest, &call.method) {
        (["connectionOptions"], &Method::GET) => {
            access.read(READ)?;
            telephony_locations::find(id, cloud)?;
            Ok(Answer::ok(json!({ "items": Pstn::ALL.map(option) })))
        }
        (["connection"], &Method::GET) => {
            access.read(READ)?;
            get(id, cloud)
        }
        (["connection"], &Method::PUT) => {
            access.write(WRITE)?;
            set(id, call, cloud)
        }
        (["connectionOptions" | "connection"], _) => Err(Answer::method_not_allowed()),
        _ => Err(Answer::not_found()),
    }
}

fn get(id: &str, cloud: &Cloud) -> Reply {
    let (at, calling) = telephony_locations::find(id, cloud)?;
    let pstn = calling
        .pstn
        .ok_or_else(|| not_configured(&cloud.locations[at].name))?;
    let mut body = option(pstn);
    body["pstnConnectionType"] = pstn.wire().into();
    if pstn == Pstn::LocalGateway {
        body["routeType"] = "TRUNK".into();
        body["routeId"] = ids::encode("us", "TRUNK", &cloud.locations[at].rest).into();
    }
    Ok(Answer::ok(body))
}

/// 404 for a location without PSTN.
#[must_use]
pub fn not_configured(name: &str) -> Box<Answer> {
    Answer::error(404, &format!("PSTN for the location is not configured: {name}"))
}

fn set(id: &str, call: &Call, cloud: &mut Cloud) -> Reply {
    let (at, _) = telephony_locations::find(id, cloud)?;
    let body = call.json()?;
    let wanted = match body["id"].as_str() {
        Some(id) => Pstn::ALL.into_iter().find(|p| p.id() == id),
        None if body["premiseRouteId"].is_string() => Some(Pstn::LocalGateway),
        None => None,
    };
    let wanted = wanted.ok_or_else(|| Answer::error(400, "Invalid PSTN connection"))?;
    if let Some(calling) = cloud.locations[at].calling.as_mut() {
        calling.pstn = Some(wanted);
    }
    cloud.changes += 1;
    Ok(Answer::empty(204))
}
