//! BroadWorks subscribers: list, get, provision, update, remove, precheck. Reference: section 6.
//!
//! Provisioning is asynchronous: what is accepted is carried out later (`cloud::broadworks`).

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::wholesale::remarks;
use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::clock::wire_time;
use crate::cloud::Cloud;
use crate::cloud::broadworks::{Details, Fate, PACKAGES, STATES, Subscriber, WebexUser};
use crate::ids;
use crate::paging::{self, Style};

const READ: &[&str] = &["spark-admin:broadworks_subscribers_read"];
/// Scope that changes subscribers.
pub const WRITE: &[&str] = &["spark-admin:broadworks_subscribers_write"];
const CURSOR: Style = Style::Cursor("cursor");

/// Refuses organisations that are no BroadWorks partner.
pub fn entitled(cloud: &Cloud) -> Result<(), Box<Answer>> {
    if cloud.broadworks.entitled {
        Ok(())
    } else {
        Err(Answer::error_with(
            403,
            "Access to the resource is forbidden.",
            None,
            "The organization is not a Webex for BroadWorks partner.",
        ))
    }
}

/// Everything below `/v1/broadworks/subscribers`.
pub fn subscribers(rest: &[&str], call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    use axum::http::Method;
    if cloud.broadworks.settle(&cloud.clock) {
        cloud.changes += 1;
    }
    match (rest, &call.method) {
        ([], &Method::GET) => list(call, access, cloud),
        ([], &Method::POST) => provision(call, access, cloud),
        (["validate"], &Method::POST) => precheck(call, access, cloud),
        (["validate"], _) => Err(Answer::method_not_allowed()),
        ([id], &Method::GET) => get(id, access, cloud),
        ([id], &Method::PUT) => update(id, call, access, cloud),
        ([id], &Method::DELETE) => remove(id, access, cloud),
        ([] | [_], _) => Err(Answer::method_not_allowed()),
        _ => Err(Answer::not_found()),
    }
}

/// By the milliseconds that are written.
fn later(at: Timestamp, moment: Timestamp) -> bool {
    at.as_millisecond() > moment.as_millisecond()
}

/// What a list is asked for.
struct Filter<'a> {
    call: &'a Call,
    person: Option<Option<WebexUser>>,
    statuses: Vec<&'a str>,
    self_activated: Option<bool>,
    created_after: Option<Timestamp>,
    changed_after: Option<Timestamp>,
}

impl<'a> Filter<'a> {
    fn of(call: &'a Call, cloud: &Cloud) -> Result<Self, Box<Answer>> {
        let person = match call.param("personId") {
            Some(id) => {
                let uuid = ids::expect_uuid(id, "PEOPLE").map_err(Answer::id_problem)?;
                let at = cloud.people.by_uuid(uuid);
                Some(Some(at.map_or(WebexUser::Elsewhere(uuid), WebexUser::Person)))
            }
            None => None,
        };
        let statuses: Vec<&str> = call
            .query
            .iter()
            .filter(|(name, _)| name == "status")
            .flat_map(|(_, list)| list.split(','))
            .map(str::trim)
            .filter(|status| !status.is_empty())
            .collect();
        // A state that some subscriber has may be asked for, whatever it is called.
        let known = |wanted: &&str| {
            STATES.contains(wanted) || cloud.broadworks.from(0).any(|(_, s)| &*s.status == *wanted)
        };
        if let Some(unknown) = statuses.iter().find(|status| !known(status)) {
            return Err(Answer::error(
                400,
                &format!("Invalid value for status: {unknown}"),
            ));
        }
        Ok(Self {
            call,
            person,
            statuses,
            self_activated: call.flag("selfActivated")?,
            created_after: call.moment("after")?,
            changed_after: call.moment("lastStatusChange")?,
        })
    }

    fn admits(&self, s: &Subscriber) -> bool {
        let same =
            |name: &str, have: Option<&str>| self.call.param(name).is_none_or(|wanted| have == Some(wanted));
        (self.statuses.is_empty() || self.statuses.contains(&&*s.status))
            && self
                .person
                .is_none_or(|wanted| wanted == Some(s.webex_user) && &*s.status == "provisioned")
            && self.created_after.is_none_or(|moment| later(s.created, moment))
            && self.changed_after.is_none_or(|moment| later(s.changed, moment))
            && self
                .self_activated
                .is_none_or(|wanted| s.self_activated == wanted)
            && same("userId", Some(&s.details.user_id))
            && same("provisioningId", Some(&s.provisioning_id))
            && same("spEnterpriseId", s.enterprise.as_deref())
            && self.call.param("email").is_none_or(|wanted| {
                s.email
                    .as_deref()
                    .is_some_and(|have| have.eq_ignore_ascii_case(wanted))
            })
    }
}

fn list(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    entitled(cloud)?;
    let from = paging::position(call, CURSOR)?;
    let size = paging::size(call, "max", 50, 100)?;
    let filter = Filter::of(call, cloud)?;
    let mut meant = cloud.broadworks.from(from).filter(|(_, s)| filter.admits(s));
    let page = meant.by_ref().take(size).map(|(_, s)| wire(s, cloud)).collect();
    let next = meant.next().map(|(at, _)| at);
    Ok(paging::page(call, CURSOR, "items", page, next))
}

fn find(id: &str, cloud: &Cloud) -> Result<usize, Box<Answer>> {
    cloud
        .broadworks
        .position(id)
        .map_err(Answer::id_problem)?
        .ok_or_else(Answer::not_found)
}

fn get(id: &str, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    entitled(cloud)?;
    told(find(id, cloud)?, cloud)
}

fn told(at: usize, cloud: &Cloud) -> Reply {
    let found = cloud.broadworks.get(at).map(|s| wire(s, cloud));
    found.map(Answer::ok).ok_or_else(Answer::not_found)
}

fn refused(status: u16, code: u32, description: &str) -> Box<Answer> {
    let heading = if status == 409 { "Conflict" } else { "Bad Request" };
    Answer::error_with(status, heading, Some(code), description)
}

fn required<'a>(body: &'a Value, field: &str) -> Result<&'a str, Box<Answer>> {
    body[field]
        .as_str()
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| refused(400, 10_001, &format!("{field} is required.")))
}

fn judge_package(package: &str) -> Result<(), Box<Answer>> {
    if PACKAGES.contains(&package) {
        Ok(())
    } else {
        Err(refused(400, 10_010, &format!("Package {package} is not valid.")))
    }
}

fn provision(call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let body = call.json()?;
    let (provisioning_id, enterprise) = (
        required(&body, "provisioningId")?,
        required(&body, "spEnterpriseId")?,
    );
    let text = |field: &str| body[field].as_str().filter(|t| !t.is_empty()).map(Arc::from);
    let details = Details {
        user_id: required(&body, "userId")?.into(),
        first_name: required(&body, "firstName")?.into(),
        last_name: required(&body, "lastName")?.into(),
        package: required(&body, "package")?.into(),
        number: text("primaryPhoneNumber"),
        mobile: text("mobilePhoneNumber"),
        extension: text("extension"),
    };
    judge_package(&details.package)?;
    judge_reachable(&details)?;
    if cloud
        .broadworks
        .from(0)
        .any(|(_, s)| s.details.user_id == details.user_id)
    {
        return Err(refused(
            409,
            10_022,
            "The BroadWorks UserID is already associated with an existing user",
        ));
    }
    let email: Option<Arc<str>> = text("email");
    let known = email.as_deref().and_then(|email| cloud.people.by_email(email));
    let webex_user = known.map_or_else(|| WebexUser::Elsewhere(cloud.new_uuid()), WebexUser::Person);
    // Without an address it waits for one; a known person is provisioned at once.
    let status = if email.is_some() {
        "provisioning"
    } else {
        "pending_email_input"
    };
    let fate = fate(&details.user_id);
    let (uuid, now) = (cloud.new_uuid(), cloud.clock.now());
    let mut subscriber = Subscriber::new(uuid, details, webex_user, status, now);
    subscriber.email = email;
    subscriber.enterprise = Some(enterprise.into());
    subscriber.provisioning_id = provisioning_id.into();
    subscriber.fate = fate;
    let at = cloud.broadworks.add(subscriber, cloud.clock.elapsed(), true);
    cloud.changes += 1;
    told(at, cloud)
}

/// How provisioning ends is decided by what the user id holds.
fn fate(user_id: &str) -> Fate {
    if user_id.contains("sentinel.error") {
        Fate::Error
    } else if user_id.contains("sentinel.never") {
        Fate::Never
    } else {
        Fate::Provisioned
    }
}

fn judge_reachable(details: &Details) -> Result<(), Box<Answer>> {
    if details.number.is_none() && details.extension.is_none() {
        return Err(refused(
            400,
            10_001,
            "primaryPhoneNumber or extension is required.",
        ));
    }
    Ok(())
}

fn update(id: &str, call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let at = find(id, cloud)?;
    let body = call.json()?;
    let Some(subscriber) = cloud.broadworks.get(at) else {
        return Err(Answer::not_found());
    };
    if &*subscriber.status != "provisioned" {
        let text = format!(
            "The subscriber is in status {} and cannot be updated until it is provisioned.",
            subscriber.status
        );
        return Err(refused(409, 10_031, &text));
    }
    let mut update = subscriber.details.clone();
    for (field, place) in [
        ("userId", &mut update.user_id),
        ("firstName", &mut update.first_name),
        ("lastName", &mut update.last_name),
        ("package", &mut update.package),
    ] {
        if let Some(text) = body[field].as_str() {
            *place = text.into();
        }
    }
    for (field, place) in [
        ("primaryPhoneNumber", &mut update.number),
        ("mobilePhoneNumber", &mut update.mobile),
        ("extension", &mut update.extension),
    ] {
        if let Some(text) = body[field].as_str() {
            *place = (!text.is_empty()).then(|| text.into());
        }
    }
    judge_package(&update.package)?;
    judge_reachable(&update)?;
    let (now, elapsed) = (cloud.clock.now(), cloud.clock.elapsed());
    cloud.broadworks.change(at, elapsed, true, |subscriber| {
        subscriber.update = Some(Box::new(update));
        subscriber.status = "updating".into();
        subscriber.changed = now;
    });
    cloud.changes += 1;
    told(at, cloud)
}

fn remove(id: &str, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let at = find(id, cloud)?;
    cloud.broadworks.remove(at);
    cloud.changes += 1;
    Ok(Answer::empty(204))
}

/// The same rules as provisioning, for what is sent, without doing anything.
fn precheck(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let body = call.json()?;
    if !required(&body, "email")?.contains('@') {
        return Err(refused(
            400,
            10_001,
            "email is required and must be an e-mail address.",
        ));
    }
    if let Some(package) = body["package"].as_str() {
        judge_package(package)?;
    }
    let taken = |user_id: &str| {
        cloud
            .broadworks
            .from(0)
            .any(|(_, s)| *s.details.user_id == *user_id)
    };
    if body["userId"].as_str().is_some_and(taken) {
        return Err(refused(
            400,
            10_022,
            "The BroadWorks UserID is already associated with an existing user",
        ));
    }
    Ok(Answer::ok(json!({
        "message": "success",
        "info": [{ "infoCode": 100, "description": "Provisioning preCheck validation successful." }],
    })))
}

/// A subscriber as the API writes it. There is no location in it.
fn wire(s: &Subscriber, cloud: &Cloud) -> Value {
    let d = &s.details;
    let self_activated = if cloud.broadworks.text_booleans {
        Value::from(s.self_activated.to_string())
    } else {
        Value::from(s.self_activated)
    };
    let mut value = json!({
        "id": s.id(),
        "userId": &*d.user_id,
        "firstName": &*d.first_name,
        "lastName": &*d.last_name,
        "package": &*d.package,
        "status": &*s.status,
        "created": wire_time(s.created),
        "lastStatusChange": wire_time(s.changed),
        "selfActivated": self_activated,
    });
    for (field, text) in [
        ("spEnterpriseId", s.enterprise.as_deref()),
        ("email", s.email.as_deref()),
        ("primaryPhoneNumber", d.number.as_deref()),
        ("mobilePhoneNumber", d.mobile.as_deref()),
        ("extension", d.extension.as_deref()),
        (
            "provisioningId",
            Some(&*s.provisioning_id).filter(|id| !id.is_empty()),
        ),
    ] {
        if let Some(text) = text {
            value[field] = text.into();
        }
    }
    if let Some(person) = person(s, cloud).filter(|_| &*s.status == "provisioned") {
        value["personId"] = person.into();
    }
    if !s.errors.is_empty() {
        value["errors"] = remarks(&s.errors);
    }
    value
}

/// Webex id of the person, if there is one.
pub fn person(s: &Subscriber, cloud: &Cloud) -> Option<String> {
    match s.webex_user {
        WebexUser::Person(at) => cloud.people.get(at).map(|p| p.id.clone()),
        WebexUser::Elsewhere(uuid) => Some(ids::encode("us", "PEOPLE", &uuid.to_string())),
    }
}
