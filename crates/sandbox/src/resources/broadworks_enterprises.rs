//! BroadWorks enterprises and the synchronisation of their directories. Reference: section 7.
//!
//! What is asked for begins and ends later (`cloud::directory_sync`).

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::broadworks_subscribers::entitled;
use super::wholesale::remarks;
use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::cloud::directory_sync::{COUNTS, Ending, Enterprise, NobodyProvisioned};
use crate::cloud::wholesale::Remark;
use crate::ids;
use crate::paging::{self, Style};

const READ: &[&str] = &["spark-admin:broadworks_enterprises_read"];
const WRITE: &[&str] = &["spark-admin:broadworks_enterprises_write"];
const CURSOR: Style = Style::Cursor("cursor");

/// What is said where nobody is provisioned. The sources have no text for it.
const NOBODY: (u32, &str) = (
    6012,
    "Directory sync requires at least one activated user in the BroadWorks enterprise.",
);

/// Everything below `/v1/broadworks/enterprises`.
pub fn enterprises(rest: &[&str], call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    use axum::http::Method;
    if cloud.broadworks.settle(&cloud.clock) | cloud.broadworks.settle_enterprises(&cloud.clock) {
        cloud.changes += 1;
    }
    match (rest, &call.method) {
        ([], &Method::GET) => list(call, access, cloud),
        ([id, "broadworksDirectorySync"], &Method::GET) => status(id, access, cloud),
        ([id, "broadworksDirectorySync"], &Method::PUT) => switch(id, call, access, cloud),
        ([id, "broadworksDirectorySync"], &Method::POST) => trigger(id, call, access, cloud),
        ([id, "broadworksDirectorySync", "externalUser"], &Method::POST) => {
            external_user(id, call, access, cloud)
        }
        ([] | [_, "broadworksDirectorySync"] | [_, "broadworksDirectorySync", "externalUser"], _) => {
            Err(Answer::method_not_allowed())
        }
        _ => Err(Answer::not_found()),
    }
}

fn list(call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.read(READ)?;
    entitled(cloud)?;
    let start = paging::position(call, CURSOR)?;
    let size = paging::size(call, "max", 100, 1000)?;
    let (name, begins) = (call.param("spEnterpriseId"), call.param("startsWith"));
    let enterprises = &mut cloud.broadworks.enterprises;
    let meant: Vec<usize> = (0..enterprises.list.len())
        .filter(|at| name.is_none_or(|name| enterprises.list[*at].name == name))
        .filter(|at| begins.is_none_or(|begins| enterprises.list[*at].name.starts_with(begins)))
        .collect();
    let shown: Vec<usize> = meant.iter().skip(start).take(size).copied().collect();
    let next = (start.saturating_add(size) < meant.len()).then(|| start + size);
    let page = shown.iter().map(|at| wire(&enterprises.list[*at])).collect();
    for at in shown {
        enterprises.was_read(at);
    }
    Ok(paging::page(call, CURSOR, "items", page, next))
}

fn find(id: &str, cloud: &Cloud) -> Result<usize, Box<Answer>> {
    cloud
        .broadworks
        .enterprises
        .position(id)
        .map_err(Answer::id_problem)?
        .ok_or_else(Answer::not_found)
}

fn status(id: &str, access: &Access, cloud: &mut Cloud) -> Reply {
    access.read(READ)?;
    entitled(cloud)?;
    let at = find(id, cloud)?;
    let answer = directory_sync(&cloud.broadworks.enterprises.list[at]);
    cloud.broadworks.enterprises.was_read(at);
    Ok(Answer::ok(answer))
}

fn switch(id: &str, call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let at = find(id, cloud)?;
    let enabled = call.json()?["enableDirSync"]
        .as_bool()
        .ok_or_else(|| refused(400, 6001, "enableDirSync must be true or false."))?;
    let enterprise = &mut cloud.broadworks.enterprises.list[at];
    enterprise.enabled = enabled;
    let answer =
        json!({ "enableDirSync": enabled, "directorySyncStatus": { "syncStatus": enterprise.status } });
    cloud.changes += 1;
    Ok(Answer::ok(answer))
}

fn refused(status: u16, code: u32, description: &str) -> Box<Answer> {
    let heading = if status == 409 { "Conflict" } else { "Bad Request" };
    Answer::error_with(status, heading, Some(code), description)
}

fn trigger(id: &str, call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let at = find(id, cloud)?;
    if call.json()?["syncStatus"] != "SYNC_NOW" {
        return Err(refused(400, 6001, "syncStatus must be SYNC_NOW."));
    }
    let now = cloud.clock.now();
    let enterprises = &cloud.broadworks.enterprises;
    let enterprise = &enterprises.list[at];
    if !enterprise.enabled {
        return Err(refused(
            400,
            6010,
            "Directory sync is not enabled for the enterprise.",
        ));
    }
    if enterprise.sync.is_some() {
        return Err(refused(
            409,
            6011,
            "A directory sync is already in progress for the enterprise.",
        ));
    }
    if enterprises.refuse_within_a_day && within_a_day(enterprise.ended, now) {
        return Err(refused(
            400,
            6013,
            "A directory sync of the enterprise was completed within the last 24 hours.",
        ));
    }
    let ending = expected(at, cloud)?;
    // The example's tracking id is the request's, with a number of the cloud's own.
    let tracking = match call.header("trackingid") {
        Some(own) => format!("{own}_{}", at + 1),
        None => format!("NA_{}", cloud.new_uuid()),
    };
    let clock = cloud.clock.clone();
    cloud.broadworks.enterprises.ask(at, &clock, ending, tracking);
    cloud.changes += 1;
    Ok(Answer::ok(json!({
        "enableDirSync": true,
        "directorySyncStatus": { "syncStatus": "IN_PROGRESS" },
    })))
}

/// How a synchronisation that is asked for now will end; refused where the cloud is set to that.
pub fn expected(at: usize, cloud: &Cloud) -> Result<Ending, Box<Answer>> {
    let enterprises = &cloud.broadworks.enterprises;
    if cloud.broadworks.provisioned(&enterprises.list[at].name) > 0 {
        return Ok(Ending::Complete);
    }
    let (code, text) = NOBODY;
    match enterprises.nobody_provisioned {
        NobodyProvisioned::Fails => Ok(Ending::Failed(vec![Remark::new(&code.to_string(), text)])),
        NobodyProvisioned::Refused => Err(refused(400, code, text)),
    }
}

fn within_a_day(ended: Option<Timestamp>, now: Timestamp) -> bool {
    ended.is_some_and(|ended| now.duration_since(ended) < SignedDuration::from_hours(24))
}

/// A user who is no subscriber is added the first time; nothing is left to do afterwards.
fn external_user(id: &str, call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let at = find(id, cloud)?;
    let body = call.json()?;
    let user = body["userId"]
        .as_str()
        .filter(|user| !user.trim().is_empty())
        .ok_or_else(|| refused(400, 6001, "userId is required."))?;
    let subscriber = cloud.broadworks.from(0).any(|(_, s)| *s.details.user_id == *user);
    let enterprise = &mut cloud.broadworks.enterprises.list[at];
    if !enterprise.enabled {
        return Err(refused(
            400,
            6010,
            "Directory sync is not enabled for the enterprise.",
        ));
    }
    let status = if !subscriber && enterprise.external_users.insert(user.to_owned()) {
        cloud.changes += 1;
        "ADD"
    } else {
        "NO_OPERATION"
    };
    let name = user.split('@').next().unwrap_or_default();
    let (first, last) = name.split_once(['.', '_']).unwrap_or((name, ""));
    Ok(Answer::ok(json!({
        "userResponse": { "userId": user, "firstName": first, "lastName": last },
        "status": status,
    })))
}

fn wire(enterprise: &Enterprise) -> Value {
    json!({
        "id": enterprise.id(),
        "orgId": ids::encode("us", "ORGANIZATION", &enterprise.organisation.to_string()),
        "spEnterpriseId": enterprise.name,
        "provisioningId": enterprise.provisioning_id,
        "broadworksDirectorySync": directory_sync(enterprise),
    })
}

fn directory_sync(enterprise: &Enterprise) -> Value {
    let mut status = json!({ "syncStatus": enterprise.status });
    for (field, moment) in [
        ("lastSyncStartTime", enterprise.started),
        ("lastSyncEndTime", enterprise.ended),
        ("lastSuccessfulSyncTime", enterprise.succeeded),
    ] {
        if let Some(moment) = moment {
            status[field] = format!("{moment:.6}").into();
        }
    }
    if let Some(tracking) = &enterprise.tracking {
        status["lastSyncTrackingId"] = tracking.as_str().into();
    }
    for (field, count) in COUNTS.iter().zip(enterprise.counts.iter().flatten()) {
        status[*field] = (*count).into();
    }
    if !enterprise.errors.is_empty() {
        status["errors"] = remarks(&enterprise.errors);
    }
    json!({ "enableDirSync": enterprise.enabled, "directorySyncStatus": status })
}
