//! The REST resources, one module each, and the table of paths.
//!
//! A path that exists answers 405 to a method it has not; one that does not exist answers 404.

pub mod activation_emails;
pub mod assignment;
pub mod authorizations;
pub mod broadworks_enterprises;
pub mod broadworks_subscribers;
pub mod calling_rules;
pub mod consent_move;
pub mod contact_center;
pub mod extensions;
pub mod licences;
pub mod location_numbers;
pub mod locations;
pub mod numbers;
pub mod organisations;
pub mod people;
pub mod person_edit;
pub mod person_numbers;
pub mod pstn;
pub mod roles;
pub mod scim;
pub mod telephony_locations;
pub mod wholesale;
pub mod wholesale_subscribers;

use axum::http::Method;

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;

/// Everything that needs a bearer token.
pub fn dispatch(call: &Call, cloud: &mut Cloud) -> Reply {
    let access = Access::of(call, cloud)?;
    // A wholesale partner asks for its customers by their organisation.
    if let Some(organisation) = call.param("orgId")
        && !call.path.starts_with("/v1/wholesale/")
        && !cloud.is_own(organisation)
    {
        return Err(Answer::forbidden());
    }
    let method = &call.method;
    let segments = call.segments();
    match segments.as_slice() {
        ["v1", "people"] => match *method {
            Method::GET => people::list(call, &access, cloud),
            Method::POST => person_edit::create(call, &access, cloud),
            _ => Err(Answer::method_not_allowed()),
        },
        ["v1", "people", "me"] => only(method, &Method::GET, || people::me(call, &access, cloud)),
        ["v1", "people", id] => match *method {
            Method::GET => people::get(id, call, &access, cloud),
            Method::PUT => person_edit::replace(id, call, &access, cloud),
            Method::DELETE => person_edit::delete(id, &access, cloud),
            _ => Err(Answer::method_not_allowed()),
        },
        ["v1", "people", id, "features", "numbers"] => only(method, &Method::GET, || {
            person_numbers::get(id, call, &access, cloud)
        }),
        ["v1", "licenses"] => only(method, &Method::GET, || licences::list(&access, cloud)),
        ["v1", "licenses", "users"] => {
            only(method, &Method::PATCH, || assignment::patch(call, &access, cloud))
        }
        ["v1", "licenses", id] => only(method, &Method::GET, || licences::get(id, call, &access, cloud)),
        ["v1", "roles"] => only(method, &Method::GET, || roles::list(&access, cloud)),
        ["v1", "roles", id] => only(method, &Method::GET, || roles::get(id, &access, cloud)),
        ["v1", "organizations"] => only(method, &Method::GET, || organisations::list(&access, cloud)),
        ["v1", "organizations", id] => only(method, &Method::GET, || organisations::get(id, &access, cloud)),
        ["v1", "locations"] => only(method, &Method::GET, || locations::list(call, &access, cloud)),
        ["v1", "locations", id] => only(method, &Method::GET, || locations::get(id, &access, cloud)),
        ["v1", "authorizations"] => match *method {
            Method::GET => authorizations::list(call, &access, cloud),
            Method::DELETE => authorizations::delete_of_client(call, &access, cloud),
            _ => Err(Answer::method_not_allowed()),
        },
        ["v1", "authorizations", "tokenExpiry"] => {
            only(method, &Method::GET, || authorizations::expiry(call, cloud))
        }
        ["v1", "authorizations", id] => only(method, &Method::DELETE, || {
            authorizations::delete(id, &access, cloud)
        }),
        ["v1", "applications", id, "token"] => only(method, &Method::POST, || {
            access.scoped(&["spark:applications_token"])?;
            crate::oauth::exchange::service_app_token(id, call, cloud)
        }),
        ["v1", "broadworks", "subscribers", rest @ ..] => {
            broadworks_subscribers::subscribers(rest, call, &access, cloud)
        }
        ["v1", "broadworks", "enterprises", rest @ ..] => {
            broadworks_enterprises::enterprises(rest, call, &access, cloud)
        }
        ["v1", "wholesale", "customers", rest @ ..] => wholesale::customers(rest, call, &access, cloud),
        ["v1", "wholesale", "subscribers", rest @ ..] => {
            wholesale_subscribers::subscribers(rest, call, &access, cloud)
        }
        ["v1", "wholesale", "subPartners"] => only(method, &Method::GET, || {
            wholesale::sub_partners(call, &access, cloud)
        }),
        ["v1", "subscribers", id, "emails", "consentMove"] => {
            only(method, &Method::POST, || consent_move::send(id, &access, cloud))
        }
        [
            "v1",
            "identity",
            "organizations",
            organisation,
            "jobs",
            "sendActivationEmails",
            rest @ ..,
        ] => activation_emails::jobs(organisation, rest, call, &access, cloud),
        ["v1", "telephony", rest @ ..] => telephony(rest, call, &access, cloud),
        ["organization", organisation, "v2", "user"] => only(method, &Method::GET, || {
            contact_center::users(organisation, call, &access, cloud)
        }),
        ["identity", "scim", "v2", "Users", "me"] => {
            only(method, &Method::GET, || scim::me(call, &access, cloud))
        }
        ["identity", "scim", organisation, "v2", rest @ ..] => {
            scim::dispatch(organisation, rest, call, &access, cloud)
        }
        _ => Err(Answer::not_found()),
    }
}

fn telephony(path: &[&str], call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    let method = &call.method;
    match path {
        ["config", "locations"] => only(method, &Method::GET, || {
            telephony_locations::list(call, access, cloud)
        }),
        ["config", "locations", id] => match *method {
            Method::GET => telephony_locations::get(id, access, cloud),
            Method::PUT => telephony_locations::change(id, call, access, cloud),
            _ => Err(Answer::method_not_allowed()),
        },
        ["config", "locations", id, "numbers"] => location_numbers::dispatch(id, call, access, cloud),
        ["config", "locations", id, "availableNumbers"] => only(method, &Method::GET, || {
            numbers::available_at(id, call, access, cloud)
        }),
        [
            "config",
            "locations",
            id,
            "actions",
            "validateExtensions",
            "invoke",
        ] => only(method, &Method::POST, || {
            extensions::validate_at(id, call, access, cloud)
        }),
        ["config", "actions", "validateExtensions", "invoke"] => only(method, &Method::POST, || {
            extensions::validate(call, access, cloud)
        }),
        ["config", "actions", "validateNumbers", "invoke"] => {
            only(method, &Method::POST, || numbers::validate(call, access, cloud))
        }
        ["config", "numbers"] => only(method, &Method::GET, || numbers::list(call, access, cloud)),
        ["config", "people", "primary", "availableNumbers"] => {
            only(method, &Method::GET, || numbers::available(call, access, cloud))
        }
        ["config", "people", id, "numbers"] => only(method, &Method::PUT, || {
            person_numbers::change(id, call, access, cloud)
        }),
        ["pstn", "locations", id, rest @ ..] => pstn::dispatch(id, rest, call, access, cloud),
        _ => Err(Answer::not_found()),
    }
}

fn only(method: &Method, allowed: &Method, work: impl FnOnce() -> Reply) -> Reply {
    if method == allowed {
        work()
    } else {
        Err(Answer::method_not_allowed())
    }
}
