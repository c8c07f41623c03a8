//! Wholesale subscribers: list, get, precheck. Reference: section 8.

use serde_json::{Value, json};
use uuid::Uuid;

use super::wholesale::entitled;
use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::cloud::wholesale::{Customer, Subscriber, Wholesale};
use crate::paging::{self, Style};

const READ: &[&str] = &["spark-admin:wholesale_subscribers_read"];
const WRITE: &[&str] = &["spark-admin:wholesale_subscribers_write"];

/// Everything below `/v1/wholesale/subscribers`.
pub fn subscribers(rest: &[&str], call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    use axum::http::Method;
    match (rest, &call.method) {
        ([], &Method::GET) => list(call, access, cloud),
        (["validate"], &Method::POST) => precheck(call, access, cloud),
        ([id], &Method::GET) => get(id, access, cloud),
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
        .filter(|s| same("personId", s.person.as_deref()) && same("status", Some(&s.status)))
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

fn get(id: &str, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    entitled(cloud)?;
    let found = cloud.wholesale.subscribers.iter().find(|s| s.id == id);
    found
        .map(|s| Answer::ok(wire(s, &cloud.wholesale)))
        .ok_or_else(Answer::not_found)
}

fn precheck(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let body = call.json()?;
    let email = body["email"]
        .as_str()
        .filter(|email| email.contains('@'))
        .ok_or_else(|| {
            Answer::error_with(
                400,
                "Bad Request",
                Some(10_001),
                "email is required and must be an e-mail address.",
            )
        })?;
    let known = cloud
        .wholesale
        .subscribers
        .iter()
        .any(|s| s.email.eq_ignore_ascii_case(email));
    if known {
        return Err(Answer::error_with(
            400,
            "Bad Request",
            Some(10_022),
            "The email is already associated with an existing user.",
        ));
    }
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
    if let Some(person) = &subscriber.person {
        value["personId"] = person.as_str().into();
    }
    value
}
