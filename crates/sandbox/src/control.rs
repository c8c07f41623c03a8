//! `/_sandbox/…`: faults, journal, state, clock, tokens, rate. JSON in and out; no token needed. `docs/sandbox.md` has it all.

pub mod broadworks;
pub mod error_text;
pub mod people;
pub mod wholesale;

use std::time::Duration;

use axum::http::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::fault::Fault;
use crate::oauth::pages;
use crate::oauth::tokens::Rotation;
use crate::views;

/// A control request.
pub fn dispatch(call: &Call, cloud: &mut Cloud) -> Answer {
    answer(call, cloud).unwrap_or_else(|refusal| *refusal)
}

fn answer(call: &Call, cloud: &mut Cloud) -> Reply {
    let segments = call.segments();
    match (segments.get(1..).unwrap_or_default(), &call.method) {
        ([], &Method::GET) => Ok(Answer::html(200, front_page(cloud))),
        (["faults"], &Method::GET) => {
            let list: Vec<Value> = cloud
                .faults
                .list()
                .map(|a| json!({ "id": a.id, "sentinel": a.sentinel, "fault": a.fault }))
                .collect();
            Ok(Answer::ok(json!({ "faults": list })))
        }
        (["faults"], &Method::POST) => add_faults(call, cloud),
        (["faults"], &Method::DELETE) => {
            clear_faults(cloud);
            Ok(Answer::empty(204))
        }
        (["faults", id], &Method::DELETE) => {
            let removed = id.parse().is_ok_and(|id| cloud.faults.remove(id));
            if removed {
                Ok(Answer::empty(204))
            } else {
                Err(problem(404, &format!("there is no fault {id}")))
            }
        }
        (["journal"], &Method::GET) => journal(call, cloud),
        (["journal"], &Method::DELETE) => {
            cloud.journal.clear();
            Ok(Answer::empty(204))
        }
        (["state", "people"], &Method::GET) => people_state(call, cloud),
        (["people"], &Method::POST) => people::change(call, cloud),
        (["activation_emails"], &Method::POST) => people::activation_emails(call, cloud),
        (["state", "licences"], &Method::GET) => {
            Ok(Answer::ok(json!({ "licences": views::licences(cloud) })))
        }
        (["state", "numbers"], &Method::GET) => Ok(Answer::ok(json!({ "numbers": views::numbers(cloud) }))),
        (["state", "wholesale"], &Method::GET) => Ok(Answer::ok(
            json!({ "customers": views::wholesale_customers(cloud), "subscribers": views::wholesale_subscribers(cloud) }),
        )),
        (["wholesale", rest @ ..], &Method::POST) => wholesale::dispatch(rest, call, cloud),
        (["broadworks", rest @ ..], _) => broadworks::dispatch(rest, call, cloud),
        (["sample.csv"], &Method::GET) => {
            let csv = String::from_utf8_lossy(&crate::seed::sample::csv(cloud)).into_owned();
            Ok(Answer::text(200, csv, "text/csv; charset=utf-8"))
        }
        (["clock"], &Method::POST) => {
            let seconds = number(&body(call)?, "advance_seconds")?;
            cloud.clock.advance(Duration::from_secs(seconds));
            Ok(Answer::ok(
                json!({ "now": crate::clock::wire_time(cloud.clock.now()) }),
            ))
        }
        (["rate"], &Method::POST) => {
            let rate = body::<Value>(call)?["rate"].as_f64();
            let now = cloud.clock.elapsed();
            cloud.throttle.set_rate(rate, now);
            Ok(Answer::ok(json!({ "rate": rate })))
        }
        (["counters"], &Method::POST) => {
            cloud.counter_lag = Duration::from_secs(number(&body(call)?, "lag_seconds")?);
            Ok(Answer::empty(204))
        }
        (["licences"], &Method::POST) => licence(call, cloud),
        (["tokens"], &Method::POST) => tokens(call, cloud),
        (["tokens", "revoke"], &Method::POST) => revoke(call, cloud),
        (["redirect_uris"], &Method::POST) => {
            let body: Value = body(call)?;
            let uri = body["redirect_uri"]
                .as_str()
                .ok_or_else(|| problem(400, "redirect_uri is missing"))?;
            cloud.tokens.redirect_uris.insert(uri.to_owned());
            Ok(Answer::ok(json!({ "redirect_uris": cloud.tokens.redirect_uris })))
        }
        _ => Err(problem(
            404,
            &format!("the control API has no {} {}", call.method, call.path),
        )),
    }
}

fn problem(status: u16, text: &str) -> Box<Answer> {
    Box::new(Answer::json(status, json!({ "sandbox_error": text })))
}

fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Box<Answer>> {
    serde_json::from_slice(&call.body)
        .map_err(|error| problem(400, &format!("the body is not understood: {error}")))
}

fn number(body: &Value, name: &str) -> Result<u64, Box<Answer>> {
    body[name]
        .as_u64()
        .ok_or_else(|| problem(400, &format!("{name} must be a whole number")))
}

fn add_faults(call: &Call, cloud: &mut Cloud) -> Reply {
    let value: Value = body(call)?;
    let list = if value.is_array() { value } else { json!([value]) };
    let faults: Vec<Fault> = serde_json::from_value(list)
        .map_err(|error| problem(400, &format!("the fault is not understood: {error}")))?;
    let ids: Vec<u64> = faults.into_iter().map(|f| cloud.faults.add(f)).collect();
    Ok(Answer::json(201, json!({ "ids": ids, "id": ids.first() })))
}

fn journal(call: &Call, cloud: &Cloud) -> Reply {
    let after = call.number("after")?.unwrap_or(0) as u64;
    let limit = call.number("limit")?.unwrap_or(usize::MAX);
    let keep = |e: &&crate::journal::JournalEntry| {
        call.param("method")
            .is_none_or(|m| e.method.eq_ignore_ascii_case(m))
            && call.param("path").is_none_or(|p| e.path.starts_with(p))
            && call
                .param("person")
                .is_none_or(|p| e.person.as_deref().is_some_and(|have| have.contains(p)))
    };
    let entries: Vec<_> = cloud.journal.after(after).filter(keep).take(limit).collect();
    Ok(Answer::ok(json!({ "entries": entries })))
}

fn people_state(call: &Call, cloud: &Cloud) -> Reply {
    let found = if let Some(who) = call.param("email").or(call.param("id")).or(call.param("uuid")) {
        views::person(cloud, who).into_iter().collect()
    } else {
        let mut all = views::people(cloud);
        if let Some(calling) = call.flag("calling")? {
            all.retain(|p| p.location.is_some() == calling);
        }
        if let Some(location) = call.param("location") {
            all.retain(|p| {
                p.location_name.as_deref() == Some(location) || p.location.as_deref() == Some(location)
            });
        }
        all
    };
    Ok(Answer::ok(json!({ "people": found })))
}

fn licence(call: &Call, cloud: &mut Cloud) -> Reply {
    let body: Value = body(call)?;
    let which = body["licence"]
        .as_str()
        .ok_or_else(|| problem(400, "licence (id or name) is missing"))?
        .to_owned();
    if !set_total(cloud, &which, number(&body, "total")?) {
        return Err(problem(404, &format!("there is no licence {which}")));
    }
    Ok(Answer::ok(json!({ "licences": views::licences(cloud) })))
}

fn tokens(call: &Call, cloud: &mut Cloud) -> Reply {
    let body: Value = body(call)?;
    let t = &mut cloud.tokens;
    if let Some(seconds) = body["access_token_seconds"].as_u64() {
        t.access_seconds = seconds;
    }
    if let Some(seconds) = body["refresh_token_seconds"].as_u64() {
        t.refresh_seconds = seconds;
    }
    if let Some(value) = body.get("rotation") {
        t.rotation = serde_json::from_value::<Rotation>(value.clone())
            .map_err(|error| problem(400, &format!("rotation: {error}")))?;
    }
    let flags = [
        (&mut t.omit_scope, "omit_scope"),
        (&mut t.refuse_in_shape_a, "refuse_in_shape_a"),
        (&mut t.auto_consent, "auto_consent"),
        (&mut t.service_app_unauthorised, "service_app_unauthorised"),
    ];
    for (flag, name) in flags {
        if let Some(value) = body[name].as_bool() {
            *flag = value;
        }
    }
    Ok(Answer::ok(json!({
        "access_token_seconds": t.access_seconds, "refresh_token_seconds": t.refresh_seconds, "rotation": t.rotation,
        "omit_scope": t.omit_scope, "refuse_in_shape_a": t.refuse_in_shape_a, "auto_consent": t.auto_consent,
        "service_app_unauthorised": t.service_app_unauthorised,
    })))
}

fn revoke(call: &Call, cloud: &mut Cloud) -> Reply {
    let body: Value = if call.body.is_empty() {
        Value::Null
    } else {
        body(call)?
    };
    let refresh = body["refresh"].as_bool().unwrap_or(false);
    match body["token"].as_str() {
        None => revoke_all(cloud, refresh),
        Some(token) => {
            let grant = cloud
                .tokens
                .access
                .remove(token)
                .map(|(g, _)| g)
                .or_else(|| cloud.tokens.refresh.get(token).copied());
            let grant = grant.ok_or_else(|| problem(404, "there is no such token"))?;
            if refresh {
                cloud.tokens.end(grant);
            }
        }
    }
    Ok(Answer::empty(204))
}

/// Kills the access tokens of every grant but the printed one, and the grants themselves if asked.
pub fn revoke_all(cloud: &mut Cloud, refresh_too: bool) {
    let t = &mut cloud.tokens;
    let theirs: Vec<_> = t
        .grants
        .values()
        .filter(|g| g.kind != crate::oauth::tokens::GrantKind::Admin)
        .map(|g| g.uuid)
        .collect();
    t.access.retain(|_, (grant, _)| !theirs.contains(grant));
    if refresh_too {
        for grant in theirs {
            t.end(grant);
        }
    }
}

/// Removes all faults but the seed's; counters are true again.
pub fn clear_faults(cloud: &mut Cloud) {
    cloud.faults.clear();
    cloud.counter_lag = Duration::ZERO;
    cloud.wait = None;
}

/// Sets the units bought of every licence of that id or name.
pub fn set_total(cloud: &mut Cloud, which: &str, total: u64) -> bool {
    let mut found = false;
    for licence in cloud
        .licences
        .iter_mut()
        .filter(|l| l.id == which || l.name == which)
    {
        licence.total = total;
        found = true;
    }
    found
}

/// Somebody else takes what is left of a licence.
pub fn empty_pool(cloud: &mut Cloud, which: &str) {
    for licence in cloud
        .licences
        .iter_mut()
        .filter(|l| l.id == which || l.name == which)
    {
        licence.elsewhere += licence.free();
    }
}

/// `GET /`: says what this is.
#[must_use]
pub fn front_page(cloud: &Cloud) -> String {
    let text = format!(
        "A simulated Webex cloud for {}: {} people, {} licences, {} locations. The REST API is under /v1, the control API under /_sandbox.",
        cloud.organisation.name,
        cloud.people.count(),
        cloud.licences.len(),
        cloud.locations.len()
    );
    pages::statement("Webex simulator", &text)
}
