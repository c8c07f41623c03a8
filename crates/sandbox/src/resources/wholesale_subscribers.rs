//! Wholesale subscribers: list, get, provision, update, remove, precheck. Reference: section 8.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::wholesale::{entitled, remarks};
use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::clock::wire_time;
use crate::cloud::Cloud;
use crate::cloud::wholesale::{Customer, Subscriber, Wholesale};
use crate::ids;
use crate::paging::{self, Style};

const READ: &[&str] = &["spark-admin:wholesale_subscribers_read"];
/// Scope that changes subscribers.
pub const WRITE: &[&str] = &["spark-admin:wholesale_subscribers_write"];

/// Everything below `/v1/wholesale/subscribers`.
pub fn subscribers(rest: &[&str], call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    use axum::http::Method;
    match (rest, &call.method) {
        ([], &Method::GET) => list(call, access, cloud),
        (["validate"], &Method::POST) => precheck(call, access, cloud),
        (["validate"], _) => Err(Answer::method_not_allowed()),
        ([], &Method::POST) => provision(call, access, cloud),
        ([id], &Method::GET) => get(id, access, cloud),
        ([id], &Method::PUT) => update(id, call, access, cloud),
        ([id], &Method::DELETE) => remove(id, access, cloud),
        ([] | [_], _) => Err(Answer::method_not_allowed()),
        _ => Err(Answer::not_found()),
    }
}

fn list(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    entitled(cloud)?;
    let start = paging::position(call, Style::Named("offset"))?;
    let size = paging::size(call, "max", 50, 100)?;
    let wholesale = &cloud.wholesale;
    let (created_after, changed_after) = (call.moment("after")?, call.moment("lastStatusChange")?);
    let later = |at: &str, moment: Option<Timestamp>| {
        moment.is_none_or(|moment| at.parse::<Timestamp>().is_ok_and(|at| at > moment))
    };
    let customer = match call.param("customerId") {
        Some(id) => Some(wholesale.customer(id).map_err(Answer::id_problem)?),
        None => None,
    };
    let customer = customer.map(|at| at.map(|at| wholesale.customers[at].uuid));
    let external = call.param("externalCustomerId");
    let same = |name: &str, text: Option<&str>| call.param(name).is_none_or(|wanted| text == Some(wanted));
    let mut meant: Vec<&Subscriber> = wholesale
        .subscribers
        .iter()
        .filter(|s| customer.is_none_or(|uuid| uuid == Some(s.customer)))
        .filter(|s| {
            external
                .is_none_or(|id| of(wholesale, s.customer).and_then(|c| c.external_id.as_deref()) == Some(id))
        })
        .filter(|s| same("personId", person(s)) && same("status", Some(&s.status)))
        .filter(|s| later(&s.created, created_after) && later(&s.changed, changed_after))
        .filter(|s| {
            call.param("email")
                .is_none_or(|email| s.email.eq_ignore_ascii_case(email))
        })
        .collect();
    match call.param("sortBy") {
        None | Some("created") => meant.sort_by(|a, b| a.created.cmp(&b.created)),
        Some("lastStatusChange") => meant.sort_by(|a, b| a.changed.cmp(&b.changed)),
        Some(other) => return Err(Answer::error(400, &format!("Invalid value for sortBy: {other}"))),
    }
    match call.param("sortOrder") {
        None | Some("ASC") => {}
        Some("DESC") => meant.reverse(),
        Some(other) => {
            return Err(Answer::error(
                400,
                &format!("Invalid value for sortOrder: {other}"),
            ));
        }
    }
    let next = (start + size < meant.len()).then_some(start + size);
    let page = meant
        .into_iter()
        .skip(start)
        .take(size)
        .map(|s| wire(s, wholesale))
        .collect();
    Ok(paging::page(call, Style::Named("offset"), "items", page, next))
}

fn find(id: &str, cloud: &Cloud) -> Result<usize, Box<Answer>> {
    let uuid = ids::expect_uuid(id, "SUBSCRIBER").map_err(Answer::id_problem)?;
    let same = |s: &Subscriber| ids::expect_uuid(&s.id, "SUBSCRIBER") == Ok(uuid);
    let at = cloud.wholesale.subscribers.iter().position(same);
    at.ok_or_else(Answer::not_found)
}

fn get(id: &str, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    entitled(cloud)?;
    let at = find(id, cloud)?;
    Ok(told(at, cloud))
}

fn told(at: usize, cloud: &Cloud) -> Answer {
    Answer::ok(wire(&cloud.wholesale.subscribers[at], &cloud.wholesale))
}

/// Whoever has a free account has to agree first: the e-mail says so (`free.account`).
fn provision(call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let body = call.json()?;
    let id = body["customerId"]
        .as_str()
        .ok_or_else(|| refused(10_001, "customerId is required."))?;
    let customer = cloud.wholesale.customer(id).map_err(Answer::id_problem)?;
    let customer = customer.ok_or_else(|| refused(10_001, "There is no customer of that customerId."))?;
    let customer = cloud.wholesale.customers[customer].uuid;
    let email = new_email(&body, cloud)?.to_owned();
    let package = package(&body)?;
    let migrating = email.contains("free.account");
    let now = wire_time(cloud.clock.now());
    let (id, person) = (cloud.new_uuid(), cloud.new_uuid());
    cloud.wholesale.subscribers.push(Subscriber {
        id: ids::encode("us", "SUBSCRIBER", &id.to_string()),
        person: ids::encode("us", "PEOPLE", &person.to_string()),
        email,
        customer,
        package,
        status: if migrating {
            "pending_user_migration"
        } else {
            "provisioned"
        }
        .to_owned(),
        errors: Vec::new(),
        created: now.clone(),
        changed: now,
    });
    cloud.changes += 1;
    let mut answer = told(cloud.wholesale.subscribers.len() - 1, cloud);
    answer.status = if migrating { 202 } else { 200 };
    Ok(answer.with(
        "location",
        format!("http://{}/v1/wholesale/subscribers", call.host),
    ))
}

fn update(id: &str, call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let at = find(id, cloud)?;
    let package = package(&call.json()?)?;
    let subscriber = &mut cloud.wholesale.subscribers[at];
    if subscriber.status != "provisioned" {
        return Err(refused(
            10_031,
            "The subscriber is not provisioned and cannot be updated.",
        ));
    }
    subscriber.package = package;
    subscriber.errors.clear();
    cloud.changes += 1;
    Ok(told(at, cloud).with(
        "location",
        format!("http://{}/v1/wholesale/subscribers/{id}", call.host),
    ))
}

fn remove(id: &str, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let at = find(id, cloud)?;
    cloud.wholesale.subscribers.remove(at);
    cloud.changes += 1;
    Ok(Answer::empty(204))
}

fn refused(code: u32, description: &str) -> Box<Answer> {
    Answer::error_with(400, "Bad Request", Some(code), description)
}

/// Either `package` or `packages` with one name, not both.
fn package(body: &Value) -> Result<String, Box<Answer>> {
    let listed = body["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    match (&body["package"], listed) {
        (Value::String(one), []) => Ok(one.clone()),
        (Value::Null, [Value::String(one)]) => Ok(one.clone()),
        _ => Err(refused(
            10_001,
            "Either package or packages with one name is required.",
        )),
    }
}

fn new_email<'a>(body: &'a Value, cloud: &Cloud) -> Result<&'a str, Box<Answer>> {
    let email = body["email"].as_str().filter(|email| email.contains('@'));
    let email = email.ok_or_else(|| refused(10_001, "email is required and must be an e-mail address."))?;
    let known = cloud.wholesale.subscribers.iter();
    if known.into_iter().any(|s| s.email.eq_ignore_ascii_case(email)) {
        return Err(refused(
            10_022,
            "The email is already associated with an existing user.",
        ));
    }
    Ok(email)
}

fn precheck(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let body = call.json()?;
    new_email(&body, cloud)?;
    Ok(Answer::ok(json!({
        "message": "success",
        "info": [{ "infoCode": 100, "description": "Provisioning preCheck validation successful." }],
    })))
}

fn of(wholesale: &Wholesale, customer: Uuid) -> Option<&Customer> {
    wholesale.customers.iter().find(|c| c.uuid == customer)
}

fn wire(subscriber: &Subscriber, wholesale: &Wholesale) -> Value {
    let customer = of(wholesale, subscriber.customer);
    let mut value = json!({
        "id": subscriber.id,
        "email": subscriber.email,
        "customerId": customer.map(|c| c.id.as_str()),
        "externalCustomerId": customer.and_then(|c| c.external_id.as_deref()),
        "package": subscriber.package,
        "packages": [subscriber.package],
        "status": subscriber.status,
        "created": subscriber.created,
        "lastStatusChange": subscriber.changed,
    });
    if let Some(object) = value.as_object_mut() {
        object.retain(|_, value| !value.is_null());
    }
    if let Some(person) = person(subscriber) {
        value["personId"] = person.into();
    }
    if !subscriber.errors.is_empty() {
        value["errors"] = remarks(&subscriber.errors);
    }
    value
}

/// Told only when provisioned.
fn person(subscriber: &Subscriber) -> Option<&str> {
    (subscriber.status == "provisioned").then_some(subscriber.person.as_str())
}
