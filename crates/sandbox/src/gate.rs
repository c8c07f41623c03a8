//! The way of a request: journal, rate limit, faults, work, answer.
//!
//! Order: control paths first; then the rate limit (a 429 means not processed); then faults that replace the work; then the
//! work; then faults that lose its answer. Pages for people are neither throttled nor spoilt.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use jiff::SignedDuration;
use serde_json::Value;

use crate::answer::Answer;
use crate::call::Call;
use crate::clock::{http_date, wire_time};
use crate::cloud::Cloud;
use crate::connection::Cut;
use crate::fault::{Effect, FaultBody, Subject, When};
use crate::journal::JournalEntry;
use crate::oauth::{authorize, device, exchange, revoke};
use crate::throttle::{Verdict, Wait};
use crate::{control, ids, resources};

/// Bodies beyond this are refused.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// What all connections share.
#[derive(Debug)]
pub struct Shared {
    /// The state. Requests are short and are served one after the other.
    pub cloud: Mutex<Cloud>,
    /// Set when the sandbox has been stopped: connections break from then on.
    pub stopped: AtomicBool,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Shared {
    /// Works on the state.
    pub fn with<T>(&self, work: impl FnOnce(&mut Cloud) -> T) -> T {
        work(&mut self.cloud.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Every request comes in here. The `Date` of every answer is the sandbox's.
pub async fn entry(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    let mut answer = answer(&shared, &cut, request).await;
    let date = http_date(shared.with(|cloud| cloud.clock.now()));
    if let Some(date) = date.and_then(|date| HeaderValue::from_str(&date).ok()) {
        answer.headers_mut().insert(header::DATE, date);
    }
    answer
}

async fn answer(shared: &Arc<Shared>, cut: &Cut, request: Request) -> Response {
    let broken = || {
        cut.cut();
        Answer::empty(500).into_response("", "")
    };
    if shared.stopped.load(Ordering::Acquire) {
        return broken();
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return Answer::error(413, "Request Entity Too Large").into_response("", "");
    };
    let call = Call::new(
        parts.method,
        &parts.uri,
        parts.headers,
        body,
        &shared.address.to_string(),
    );
    if call.path.starts_with("/_sandbox") {
        return shared
            .with(|cloud| control::dispatch(&call, cloud))
            .into_response("", "");
    }
    // A task of its own: what a client has sent is carried out even if it hangs up during a delay.
    let task = tokio::spawn(process(Arc::clone(shared), call));
    match task.await {
        Ok(Some(done)) if !shared.stopped.load(Ordering::Acquire) => done,
        _ => broken(),
    }
}

/// What was decided about a request before its work.
struct Admission {
    wait: Duration,
    refusal: Option<Answer>,
    effects: Vec<(u64, Effect)>,
    entry: JournalEntry,
    tracking: String,
}

async fn process(shared: Arc<Shared>, mut call: Call) -> Option<Response> {
    let mut admission = shared.with(|cloud| admit(&mut call, cloud));
    let before: u64 = admission
        .effects
        .iter()
        .map(|(_, e)| delay(e, When::Before))
        .sum();
    let wait = admission.wait + Duration::from_millis(before);
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    let answer = shared.with(|cloud| perform(&call, cloud, &mut admission));
    let after: u64 = admission.effects.iter().map(|(_, e)| delay(e, When::After)).sum();
    if after > 0 {
        tokio::time::sleep(Duration::from_millis(after)).await;
    }
    let id = admission.entry.tracking_id;
    answer.map(|a| a.into_response(&admission.tracking, &id))
}

fn delay(effect: &Effect, at: When) -> u64 {
    match effect {
        Effect::Delay { millis, when } if *when == at => *millis,
        _ => 0,
    }
}

fn admit(call: &mut Call, cloud: &mut Cloud) -> Admission {
    let client_tracking_id = call.header("trackingid").map(str::to_owned);
    let (tracking, tracking_id) = match &client_tracking_id {
        // The cloud echoes a client's id doubled.
        Some(id) => (format!("{id}, {id}"), id.clone()),
        None => {
            let id = format!("ROUTER_{}", cloud.new_uuid().to_string().to_uppercase());
            (id.clone(), id)
        }
    };
    let body = call.json_or_null();
    let person = subject(call, &body, cloud);
    let known_by = person
        .and_then(|at| cloud.people.get(at))
        .map(crate::cloud::people::Person::known_by)
        .unwrap_or_default();
    let now = cloud.clock.elapsed();
    let token = call.bearer().map(|t| {
        cloud
            .tokens
            .presented(t, now)
            .map_or("unknown", |g| g.kind.text())
            .to_owned()
    });
    let page = is_page(call);
    let mut entry = JournalEntry {
        seq: 0,
        at: wire_time(cloud.clock.now()),
        method: call.method.to_string(),
        path: call.path.clone(),
        query: call.query_text.clone(),
        person: person
            .and_then(|at| cloud.people.get(at))
            .map(|p| p.email.clone()),
        status: None,
        applied: false,
        token,
        tracking_id,
        client_tracking_id,
        body: (body.is_object() && call.body.len() <= 4096 && !call.path.ends_with("/token")).then_some(body),
        fault: None,
        early: !page && cloud.wait.is_some_and(|wait| wait.binds(now)),
    };
    let mut admission = Admission {
        wait: Duration::ZERO,
        refusal: None,
        effects: Vec::new(),
        entry: entry.clone(),
        tracking,
    };
    if !page {
        match cloud.throttle.judge(now) {
            Verdict::Pass => {}
            Verdict::Hold(wait) => admission.wait = wait,
            Verdict::Refuse(seconds) => {
                let answer = Answer::error(429, "Too Many Requests").with("retry-after", seconds.to_string());
                admission.refusal = Some(answer);
            }
        }
        if admission.refusal.is_none() {
            let method = call.method.to_string();
            let subject = Subject {
                method: &method,
                path: &call.path,
                query: &call.query_text,
                body: &call.body,
                person: &known_by,
            };
            admission.effects = cloud.faults.strike(subject);
            entry.fault = admission.effects.first().map(|(id, _)| *id);
        }
        call.spoilt = spoilt(call, cloud, &admission.effects);
    }
    admission.entry = entry;
    admission
}

fn spoilt(call: &Call, cloud: &Cloud, effects: &[(u64, Effect)]) -> Vec<crate::fault::LinkQuirk> {
    let pattern = call
        .segments()
        .iter()
        .map(|s| if ids::decode(s).is_some() { "*" } else { s })
        .collect::<Vec<_>>()
        .join("/");
    let mut quirks = cloud
        .quirks
        .links
        .get(pattern.as_str())
        .cloned()
        .unwrap_or_default();
    quirks.extend(effects.iter().filter_map(|(_, e)| match e {
        Effect::Link { quirk } => Some(*quirk),
        _ => None,
    }));
    quirks
}

/// The person a request is about: named in its body, its path or its query.
fn subject(call: &Call, body: &Value, cloud: &Cloud) -> Option<usize> {
    let text = |name: &str| body[name].as_str();
    let by_id = |id: &str| cloud.person(id).ok().flatten();
    if let Some(at) = text("personId").and_then(by_id) {
        return Some(at);
    }
    if let Some(at) = text("email")
        .or(body["emails"][0].as_str())
        .and_then(|e| cloud.people.by_email(e))
    {
        return Some(at);
    }
    let segments = call.segments();
    let in_path = segments
        .iter()
        .position(|s| *s == "people" || *s == "Users")
        .and_then(|at| segments.get(at + 1));
    in_path
        .and_then(|id| {
            by_id(id).or_else(|| {
                uuid::Uuid::parse_str(id)
                    .ok()
                    .and_then(|u| cloud.people.by_uuid(u))
            })
        })
        .or_else(|| call.param("email").and_then(|e| cloud.people.by_email(e)))
}

fn is_page(call: &Call) -> bool {
    matches!(
        call.path.as_str(),
        "/" | "/verify" | "/v1/authorize" | "/favicon.ico"
    )
}

/// Does the work, unless something was decided instead; `None` breaks the connection.
fn perform(call: &Call, cloud: &mut Cloud, admission: &mut Admission) -> Option<Answer> {
    let changes = cloud.changes;
    let mut answer = admission.refusal.take();
    let mut dropped = false;
    let effects = std::mem::take(&mut admission.effects);
    if answer.is_none() {
        for (_, effect) in &effects {
            prepare(effect, call, cloud);
            match effect {
                Effect::Status {
                    when: When::Before, ..
                } => answer = Some(spoilt_answer(effect, cloud)),
                Effect::Drop { when: When::Before } => dropped = true,
                _ => {}
            }
        }
        if answer.is_none() && !dropped {
            answer = Some(work(call, cloud));
            for (_, effect) in &effects {
                match effect {
                    Effect::Status {
                        when: When::After, ..
                    } => answer = Some(spoilt_answer(effect, cloud)),
                    Effect::Drop { when: When::After } => dropped = true,
                    _ => {}
                }
            }
        }
    }
    admission.effects = effects;
    let answer = answer.filter(|_| !dropped);
    if let Some(answer) = &answer {
        note_retry_after(answer, cloud);
    }
    let entry = &mut admission.entry;
    entry.status = answer.as_ref().map(|a| a.status);
    entry.applied = cloud.changes != changes;
    cloud.journal.add(entry.clone());
    answer
}

/// Effects on the state that come before the work.
fn prepare(effect: &Effect, call: &Call, cloud: &mut Cloud) {
    match effect {
        Effect::RevokeToken { refresh } => {
            if let Some(token) = call.bearer() {
                let grant = cloud.tokens.access.remove(token).map(|(grant, _)| grant);
                if let (true, Some(grant)) = (*refresh, grant) {
                    cloud.tokens.end(grant);
                }
            }
        }
        Effect::CountersLag { seconds } => cloud.counter_lag = Duration::from_secs(*seconds),
        Effect::EmptyPool { licence } => control::empty_pool(cloud, licence),
        _ => {}
    }
}

fn work(call: &Call, cloud: &mut Cloud) -> Answer {
    let reply = match (call.path.as_str(), &call.method) {
        ("/v1/authorize", &Method::GET) => Ok(authorize::page(call, cloud)),
        ("/v1/authorize", &Method::POST) => Ok(authorize::decide(call, cloud)),
        ("/v1/access_token", &Method::POST) => exchange::access_token(call, cloud),
        ("/v1/device/authorize", &Method::POST) => device::authorize(call, cloud),
        ("/v1/device/token", &Method::POST) => device::token(call, cloud),
        ("/idb/oauth2/v1/revoke", &Method::POST) => revoke::revoke(call, cloud),
        ("/verify", &Method::GET) => Ok(device::page(call, cloud)),
        ("/verify", &Method::POST) => Ok(device::decide(call, cloud)),
        (
            "/v1/authorize"
            | "/v1/access_token"
            | "/v1/device/authorize"
            | "/v1/device/token"
            | "/idb/oauth2/v1/revoke"
            | "/verify",
            _,
        ) => Err(Answer::method_not_allowed()),
        ("/", &Method::GET) => Ok(Answer::html(200, control::front_page(cloud))),
        _ => resources::dispatch(call, cloud),
    };
    reply.unwrap_or_else(|refusal| *refusal)
}

fn spoilt_answer(effect: &Effect, cloud: &Cloud) -> Answer {
    let Effect::Status {
        status,
        retry_after,
        retry_after_date,
        body,
        ..
    } = effect
    else {
        return Answer::empty(500);
    };
    let words = match status {
        429 => "Too Many Requests",
        423 => "Locked: The requested resource is temporarily unavailable.",
        502 => {
            "Bad Gateway: The server received an invalid response from an upstream server while processing the request. Try again later."
        }
        503 => "Service Unavailable: Server is overloaded with requests. Try again later.",
        504 => {
            "Gateway Timeout: An upstream server failed to respond on time. If your query uses max parameter, please try to reduce it."
        }
        500 => "Something went wrong on the server.",
        _ => "The request could not be completed.",
    };
    let mut answer = match body {
        FaultBody::Error => *Answer::error(*status, words),
        FaultBody::Html => Answer::html(
            *status,
            format!(
                "<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center><hr></body></html>"
            ),
        ),
        FaultBody::Empty => Answer::empty(*status),
        FaultBody::Json(value) => Answer::json(*status, value.clone()),
        FaultBody::Text(text) => Answer::text(*status, text.clone(), "text/plain; charset=utf-8"),
    };
    if let Some(text) = retry_after {
        answer = answer.with("retry-after", text.clone());
    }
    if let Some(seconds) = retry_after_date {
        let at = cloud
            .clock
            .now()
            .saturating_add(SignedDuration::from_secs(*seconds));
        if let Some(date) = at.ok().and_then(http_date) {
            answer = answer.with("retry-after", date);
        }
    }
    answer
}

/// Remembers a `Retry-After`, so that the journal can mark requests that ignore it.
fn note_retry_after(answer: &Answer, cloud: &mut Cloud) {
    let text = answer
        .headers
        .iter()
        .find(|(name, _)| *name == "retry-after")
        .map(|(_, v)| v.as_str());
    let seconds = text.and_then(|t| t.parse::<u64>().ok().or_else(|| date_ahead(t, cloud)));
    if let Some(seconds) = seconds {
        cloud.wait = Some(Wait::from(cloud.clock.elapsed(), seconds, cloud.wait));
    }
}

fn date_ahead(text: &str, cloud: &Cloud) -> Option<u64> {
    let at = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()?;
    u64::try_from(at.duration_since(cloud.clock.now()).as_secs()).ok()
}
