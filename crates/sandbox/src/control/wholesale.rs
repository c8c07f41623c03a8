//! `/_sandbox/wholesale…`: how the wholesale API behaves, and what becomes of a subscriber.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::broadworks::taken_out;
use super::error_text::ErrorText;
use super::{body, problem};
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::clock::wire_time;
use crate::cloud::Cloud;
use crate::views;

/// What becomes of a subscriber of the wholesale partner; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WholesaleSubscriberChange {
    /// State, of the contract or not. Its time is now.
    pub status: Option<String>,
    /// Errors.
    pub errors: Option<Vec<ErrorText>>,
}

/// A request below `/_sandbox/wholesale`.
pub fn dispatch(rest: &[&str], call: &Call, cloud: &mut Cloud) -> Reply {
    match rest {
        [] => settings(call, cloud),
        ["subscribers"] => {
            let mut change: Value = body(call)?;
            let which = taken_out(&mut change, "subscriber")?;
            let change = serde_json::from_value(change).map_err(|e| problem(400, &e.to_string()))?;
            if !change_subscriber(cloud, &which, &change) {
                return Err(problem(404, &format!("there is no subscriber {which}")));
            }
            Ok(Answer::ok(
                json!({ "subscribers": views::wholesale_subscribers(cloud) }),
            ))
        }
        _ => Err(problem(404, &format!("the control API has no {}", call.path))),
    }
}

/// Changes a subscriber (Webex id or e-mail); false where there is none.
pub fn change_subscriber(cloud: &mut Cloud, which: &str, change: &WholesaleSubscriberChange) -> bool {
    let now = wire_time(cloud.clock.now());
    let known = |s: &&mut crate::cloud::wholesale::Subscriber| s.id == which || s.email == which;
    let Some(subscriber) = cloud.wholesale.subscribers.iter_mut().find(known) else {
        return false;
    };
    if let Some(status) = &change.status {
        status.clone_into(&mut subscriber.status);
        subscriber.changed = now;
    }
    if let Some(errors) = &change.errors {
        subscriber.errors = errors.iter().map(ErrorText::remark).collect();
    }
    cloud.changes += 1;
    true
}

fn settings(call: &Call, cloud: &mut Cloud) -> Reply {
    let body: Value = body(call)?;
    if let Some(customers) = body["add_customers"].as_u64() {
        let customers = usize::try_from(customers).ok().filter(|n| *n <= 20_000);
        let customers = customers.ok_or_else(|| problem(400, "add_customers: at most 20000"))?;
        crate::seed::wholesale::add(cloud, customers);
    }
    let w = &mut cloud.wholesale;
    if let Some(seconds) = body["settle_seconds"].as_u64() {
        w.settle_after = Duration::from_secs(seconds);
    }
    if let Some(reads) = body.get("settle_reads") {
        w.settle_reads = reads.as_u64().and_then(|n| u32::try_from(n).ok());
    }
    for (flag, name) in [
        (&mut w.entitled, "entitled"),
        (&mut w.lists_organisations, "lists_organisations"),
    ] {
        if let Some(value) = body[name].as_bool() {
            *flag = value;
        }
    }
    Ok(Answer::ok(json!({
        "entitled": w.entitled, "settle_seconds": w.settle_after.as_secs(), "settle_reads": w.settle_reads,
        "lists_organisations": w.lists_organisations, "customers": w.customers.len(),
    })))
}
