//! `/_sandbox/broadworks…` and the same for Rust: what a test does to subscribers and enterprises, and what it may look at.
//!
//! Invariant: both ways go through the same functions, and a change that names nobody is refused.

use std::time::Duration;

use axum::http::Method;
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{body, problem};
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::clock::wire_time;
use crate::cloud::directory_sync::{Ending, NobodyProvisioned};
use crate::cloud::wholesale::Remark;
use crate::cloud::{Cloud, new_uuid};
use crate::{resources, seed};

/// Subscribers that may be added at once.
const MOST: u64 = 1_000_000;

/// An error or a warning: `{"errorCode": 10022, "description": "…"}`, either of both may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErrorText {
    /// Code; a text where it is no number.
    #[serde(default)]
    pub error_code: Value,
    /// Description; empty for none.
    #[serde(default)]
    pub description: String,
}

impl ErrorText {
    /// An error with a number for a code.
    #[must_use]
    pub fn new(code: u32, description: &str) -> Self {
        Self {
            error_code: code.into(),
            description: description.to_owned(),
        }
    }

    /// As the cloud keeps it.
    pub(crate) fn remark(&self) -> Remark {
        let code = match &self.error_code {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Remark::new(&code, &self.description)
    }
}

/// What becomes of a subscriber; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SubscriberChange {
    /// State, of the contract or not. Its time is now.
    pub status: Option<String>,
    /// E-mail; `null` takes it away.
    #[serde(deserialize_with = "said")]
    pub email: Option<Option<String>>,
    /// Errors.
    pub errors: Option<Vec<ErrorText>>,
    /// Extension.
    pub extension: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// The state has been the same for so many seconds.
    pub unchanged_for_seconds: Option<u64>,
}

fn said<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Deserialize::deserialize(value).map(Some)
}

/// Who asks for a synchronisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncBy {
    /// Webex itself.
    Webex,
    /// Another desktop.
    AnotherDesktop,
}

/// How a synchronisation ends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncEnding {
    /// Well.
    Complete,
    /// With the error 6003.
    ClusterUnreachable,
    /// With errors of its own.
    Errors(Vec<ErrorText>),
    /// Never.
    Never,
}

impl SyncEnding {
    fn ending(&self) -> Ending {
        match self {
            Self::Complete => Ending::Complete,
            Self::ClusterUnreachable => Ending::Failed(vec![Remark::cluster_unreachable()]),
            Self::Errors(errors) => Ending::Failed(errors.iter().map(ErrorText::remark).collect()),
            Self::Never => Ending::Never,
        }
    }
}

/// What becomes of an enterprise; what is absent stays. In this order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EnterpriseChange {
    /// Directory synchronisation is on.
    pub enabled: Option<bool>,
    /// Status word.
    pub status: Option<String>,
    /// Errors of the last synchronisation.
    pub errors: Option<Vec<ErrorText>>,
    /// The last synchronisation ended so many seconds ago, and began five seconds before that.
    pub ended_seconds_ago: Option<u64>,
    /// How the next synchronisation ends, whatever else would decide it.
    pub next_ending: Option<SyncEnding>,
    /// Starts one now, as if one were allowed.
    pub sync_by: Option<SyncBy>,
}

/// How BroadWorks behaves; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BroadWorksSettings {
    /// Whether the organisation is a BroadWorks partner.
    pub entitled: Option<bool>,
    /// `selfActivated` as text.
    pub text_booleans: Option<bool>,
    /// How long each step of every subscriber takes; `null` lets all stand still but for requests.
    #[serde(deserialize_with = "seconds")]
    pub step_seconds: Option<Option<u64>>,
    /// How long a synchronisation waits before it begins.
    pub queue_seconds: Option<u64>,
    /// How long it takes from there.
    pub sync_seconds: Option<u64>,
    /// After so many reads of the enterprise it has ended in any case; `null` for the time alone.
    #[serde(deserialize_with = "seconds")]
    pub sync_reads: Option<Option<u64>>,
    /// Status word of a synchronisation that failed.
    pub failed_word: Option<String>,
    /// `fails` or `refused`, where nobody of an enterprise is provisioned.
    pub nobody_provisioned: Option<NobodyProvisioned>,
    /// A trigger is refused for 24 hours after the end of the last synchronisation.
    pub refuse_within_a_day: Option<bool>,
    /// Takes all subscribers and enterprises away first.
    pub clear: bool,
    /// Adds so many subscribers.
    pub add_subscribers: Option<u64>,
    /// Adds an enterprise of that name, never synchronised.
    pub add_enterprise: Option<String>,
}

impl BroadWorksSettings {
    /// Changes nothing.
    pub const NOTHING: Self = Self {
        entitled: None,
        text_booleans: None,
        step_seconds: None,
        queue_seconds: None,
        sync_seconds: None,
        sync_reads: None,
        failed_word: None,
        nobody_provisioned: None,
        refuse_within_a_day: None,
        clear: false,
        add_subscribers: None,
        add_enterprise: None,
    };
}

fn seconds<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<u64>>, D::Error> {
    Deserialize::deserialize(value).map(Some)
}

/// A subscriber.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubscriberView {
    /// Webex id.
    pub id: String,
    /// Id on BroadWorks.
    pub user_id: String,
    /// Webex id of the person, told by the API only when provisioned.
    pub person: Option<String>,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail.
    pub email: Option<String>,
    /// Service provider and enterprise.
    pub enterprise: Option<String>,
    /// Primary number, as written.
    pub number: Option<String>,
    /// Extension.
    pub extension: Option<String>,
    /// Package.
    pub package: String,
    /// State.
    pub status: String,
    /// `code description` of each error.
    pub errors: Vec<String>,
    /// RFC 3339.
    pub changed: String,
}

/// An enterprise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnterpriseView {
    /// Webex id.
    pub id: String,
    /// Service provider and enterprise.
    pub name: String,
    /// Directory synchronisation is on.
    pub enabled: bool,
    /// Status word.
    pub status: String,
    /// RFC 3339, with microseconds.
    pub started: Option<String>,
    /// RFC 3339, with microseconds.
    pub ended: Option<String>,
    /// Tracking id of the last synchronisation.
    pub tracking: Option<String>,
    /// `code description` of each error.
    pub errors: Vec<String>,
    /// One is queued or under way.
    pub open: bool,
    /// Subscribers who are provisioned.
    pub provisioned: u64,
}

/// A request below `/_sandbox/broadworks`.
pub fn dispatch(rest: &[&str], call: &Call, cloud: &mut Cloud) -> Reply {
    match (rest, &call.method) {
        ([], &Method::GET) => Ok(settings(cloud)),
        ([], &Method::POST) => {
            set(cloud, &body(call)?)?;
            Ok(settings(cloud))
        }
        (["subscribers"], &Method::GET) => Ok(Answer::ok(json!({ "subscribers": subscribers(cloud) }))),
        (["subscribers"], &Method::POST) => {
            let mut change: Value = body(call)?;
            let which = taken_out(&mut change, "subscriber")?;
            let change = serde_json::from_value(change).map_err(|e| problem(400, &e.to_string()))?;
            change_subscriber(cloud, &which, &change)?;
            Ok(Answer::ok(json!({ "subscriber": subscriber(cloud, &which) })))
        }
        (["subscribers", which], &Method::DELETE) => {
            delete_subscriber(cloud, which)?;
            Ok(Answer::empty(204))
        }
        (["enterprises"], &Method::GET) => Ok(Answer::ok(json!({ "enterprises": enterprises(cloud) }))),
        (["enterprises"], &Method::POST) => {
            let mut change: Value = body(call)?;
            let which = taken_out(&mut change, "enterprise")?;
            let change = serde_json::from_value(change).map_err(|e| problem(400, &e.to_string()))?;
            change_enterprise(cloud, &which, &change)?;
            Ok(Answer::ok(json!({ "enterprises": enterprises(cloud) })))
        }
        _ => Err(problem(
            404,
            &format!("the control API has no {} {}", call.method, call.path),
        )),
    }
}

/// What a change is for, which is named in its body.
pub fn taken_out(body: &mut Value, name: &str) -> Result<String, Box<Answer>> {
    let named = body.as_object_mut().and_then(|object| object.remove(name));
    let named = named.as_ref().and_then(Value::as_str).map(str::to_owned);
    named.ok_or_else(|| problem(400, &format!("{name} is missing")))
}

fn settings(cloud: &Cloud) -> Answer {
    let b = &cloud.broadworks;
    let e = &b.enterprises;
    Answer::ok(json!({
        "entitled": b.entitled, "text_booleans": b.text_booleans, "step_seconds": b.pace().map(|p| p.as_secs()),
        "queue_seconds": e.queue.as_secs(), "sync_seconds": e.takes.as_secs(), "sync_reads": e.reads,
        "failed_word": e.failed_word, "nobody_provisioned": e.nobody_provisioned,
        "refuse_within_a_day": e.refuse_within_a_day, "subscribers": b.count(), "enterprises": e.list.len(),
    }))
}

/// Changes how BroadWorks behaves, and adds to it.
pub fn set(cloud: &mut Cloud, settings: &BroadWorksSettings) -> Result<(), Box<Answer>> {
    let now = cloud.clock.elapsed();
    let b = &mut cloud.broadworks;
    if settings.clear {
        b.clear();
    }
    let flags = [
        (&mut b.entitled, settings.entitled),
        (&mut b.text_booleans, settings.text_booleans),
        (
            &mut b.enterprises.refuse_within_a_day,
            settings.refuse_within_a_day,
        ),
    ];
    for (flag, value) in flags {
        *flag = value.unwrap_or(*flag);
    }
    if let Some(step) = settings.step_seconds {
        b.set_pace(step.map(Duration::from_secs), now);
    }
    let e = &mut b.enterprises;
    e.queue = settings.queue_seconds.map_or(e.queue, Duration::from_secs);
    e.takes = settings.sync_seconds.map_or(e.takes, Duration::from_secs);
    if let Some(reads) = settings.sync_reads {
        e.reads = reads.and_then(|n| u32::try_from(n).ok());
    }
    if let Some(word) = &settings.failed_word {
        word.clone_into(&mut e.failed_word);
    }
    e.nobody_provisioned = settings.nobody_provisioned.unwrap_or(e.nobody_provisioned);
    if let Some(name) = &settings.add_enterprise {
        seed::broadworks::add_enterprise(cloud, name);
    }
    if let Some(count) = settings.add_subscribers {
        let count = usize::try_from(count).ok().filter(|_| count <= MOST);
        let count = count.ok_or_else(|| problem(400, &format!("add_subscribers: at most {MOST}")))?;
        seed::broadworks::add(cloud, count);
    }
    Ok(())
}

/// Position of a subscriber by Webex id, user id or e-mail.
fn find(cloud: &Cloud, which: &str) -> Result<usize, Box<Answer>> {
    let b = &cloud.broadworks;
    let known_as = || {
        b.from(0)
            .find(|(_, s)| *s.details.user_id == *which || s.email.as_deref() == Some(which))
            .map(|(at, _)| at)
    };
    b.position(which)
        .ok()
        .flatten()
        .or_else(known_as)
        .ok_or_else(|| problem(404, &format!("there is no subscriber {which}")))
}

/// Changes a subscriber (Webex id, user id or e-mail).
pub fn change_subscriber(
    cloud: &mut Cloud,
    which: &str,
    change: &SubscriberChange,
) -> Result<(), Box<Answer>> {
    let at = find(cloud, which)?;
    let (now, elapsed) = (cloud.clock.now(), cloud.clock.elapsed());
    cloud.broadworks.settle(&cloud.clock);
    cloud.broadworks.change(at, elapsed, false, |s| {
        if let Some(status) = &change.status {
            s.status = status.as_str().into();
            s.changed = now;
        }
        if let Some(email) = &change.email {
            s.email = email.as_deref().map(Into::into);
        }
        if let Some(errors) = &change.errors {
            s.errors = errors.iter().map(ErrorText::remark).collect();
        }
        if let Some(extension) = &change.extension {
            s.details.extension = Some(extension.as_str().into());
        }
        if let Some(name) = &change.first_name {
            s.details.first_name = name.as_str().into();
        }
        if let Some(name) = &change.last_name {
            s.details.last_name = name.as_str().into();
        }
        if let Some(seconds) = change.unchanged_for_seconds {
            s.changed = ago(now, seconds);
            s.created = s.created.min(s.changed);
        }
    });
    cloud.changes += 1;
    Ok(())
}

fn ago(now: jiff::Timestamp, seconds: u64) -> jiff::Timestamp {
    let back = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    now.saturating_sub(back).unwrap_or(jiff::Timestamp::MIN)
}

/// Deletes a subscriber (Webex id, user id or e-mail).
pub fn delete_subscriber(cloud: &mut Cloud, which: &str) -> Result<(), Box<Answer>> {
    let at = find(cloud, which)?;
    cloud.broadworks.remove(at);
    cloud.changes += 1;
    Ok(())
}

/// Changes an enterprise (Webex id or name).
pub fn change_enterprise(
    cloud: &mut Cloud,
    which: &str,
    change: &EnterpriseChange,
) -> Result<(), Box<Answer>> {
    cloud.broadworks.settle_enterprises(&cloud.clock);
    let found = cloud.broadworks.enterprises.known_as(which);
    let at = found.ok_or_else(|| problem(404, &format!("there is no enterprise {which}")))?;
    let now = cloud.clock.now();
    let enterprise = &mut cloud.broadworks.enterprises.list[at];
    enterprise.enabled = change.enabled.unwrap_or(enterprise.enabled);
    if let Some(status) = &change.status {
        status.clone_into(&mut enterprise.status);
    }
    if let Some(errors) = &change.errors {
        enterprise.errors = errors.iter().map(ErrorText::remark).collect();
    }
    if let Some(seconds) = change.ended_seconds_ago {
        let ended = ago(now, seconds);
        enterprise.ended = Some(ended);
        enterprise.started = Some(ago(ended, 5));
        if enterprise.errors.is_empty() {
            enterprise.succeeded = Some(ended);
        }
    }
    if let Some(ending) = &change.next_ending {
        enterprise.next_ending = Some(ending.ending());
    }
    if let Some(by) = change.sync_by {
        let ending = resources::broadworks_enterprises::expected(at, cloud)?;
        let id = new_uuid(&mut cloud.rng);
        let tracking = tracking(by, id, at);
        let clock = cloud.clock.clone();
        cloud.broadworks.enterprises.ask(at, &clock, ending, tracking);
    }
    cloud.changes += 1;
    Ok(())
}

fn tracking(by: SyncBy, id: Uuid, at: usize) -> String {
    match by {
        SyncBy::Webex => format!("NA_{id}"),
        SyncBy::AnotherDesktop => format!("WEBEX-DEV-PORTAL_{id}_{}", at + 1),
    }
}

/// `code description` of each.
pub fn texts(errors: &[Remark]) -> Vec<String> {
    errors
        .iter()
        .map(|e| format!("{} {}", e.code, e.description).trim().to_owned())
        .collect()
}

/// The subscribers in list order, as they stand now.
pub fn subscribers(cloud: &mut Cloud) -> Vec<SubscriberView> {
    cloud.broadworks.settle(&cloud.clock);
    let all: Vec<usize> = cloud.broadworks.from(0).map(|(at, _)| at).collect();
    all.into_iter().filter_map(|at| view(cloud, at)).collect()
}

/// A subscriber by Webex id, user id or e-mail.
pub fn subscriber(cloud: &mut Cloud, which: &str) -> Option<SubscriberView> {
    cloud.broadworks.settle(&cloud.clock);
    view(cloud, find(cloud, which).ok()?)
}

fn view(cloud: &Cloud, at: usize) -> Option<SubscriberView> {
    let s = cloud.broadworks.get(at)?;
    let owned = |text: &Option<std::sync::Arc<str>>| text.as_deref().map(str::to_owned);
    Some(SubscriberView {
        id: s.id(),
        user_id: s.details.user_id.to_string(),
        person: resources::broadworks_subscribers::person(s, cloud),
        first_name: s.details.first_name.to_string(),
        last_name: s.details.last_name.to_string(),
        email: owned(&s.email),
        enterprise: owned(&s.enterprise),
        number: owned(&s.details.number),
        extension: owned(&s.details.extension),
        package: s.details.package.to_string(),
        status: s.status.to_string(),
        errors: texts(&s.errors),
        changed: wire_time(s.changed),
    })
}

/// The enterprises in list order, as they stand now.
pub fn enterprises(cloud: &mut Cloud) -> Vec<EnterpriseView> {
    cloud.broadworks.settle(&cloud.clock);
    cloud.broadworks.settle_enterprises(&cloud.clock);
    let b = &cloud.broadworks;
    b.enterprises
        .list
        .iter()
        .map(|e| EnterpriseView {
            id: e.id(),
            name: e.name.clone(),
            enabled: e.enabled,
            status: e.status.clone(),
            started: e.started.map(|at| format!("{at:.6}")),
            ended: e.ended.map(|at| format!("{at:.6}")),
            tracking: e.tracking.clone(),
            errors: texts(&e.errors),
            open: e.sync.is_some(),
            provisioned: b.provisioned(&e.name),
        })
        .collect()
}
