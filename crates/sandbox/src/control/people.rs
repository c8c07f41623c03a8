//! `/_sandbox/people` and `/_sandbox/activation_emails`: invitations that are accepted, and the job that repeats them.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{body, problem};
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::views;

/// `{"person": "e-mail, id or UUID", "invite_pending": false, "status": "active", "mailed_seconds_ago": 60}`
pub fn change(call: &Call, cloud: &mut Cloud) -> Reply {
    let body: Value = body(call)?;
    let who = body["person"].as_str().unwrap_or_default();
    if !set_invitation(
        cloud,
        who,
        body["invite_pending"].as_bool(),
        body["status"].as_str(),
    ) {
        return Err(problem(404, &format!("there is no person {who}")));
    }
    if let (Some(at), Some(seconds)) = (views::position(cloud, who), body["mailed_seconds_ago"].as_i64()) {
        let ago = cloud
            .clock
            .now()
            .saturating_sub(SignedDuration::from_secs(seconds));
        cloud
            .activation_emails
            .mail(at, ago.unwrap_or(jiff::Timestamp::MIN));
    }
    Ok(Answer::ok(json!({ "person": views::person(cloud, who) })))
}

/// Whether somebody has accepted the invitation, and the status; what is `None` stays. False when there is nobody.
pub fn set_invitation(cloud: &mut Cloud, who: &str, pending: Option<bool>, status: Option<&str>) -> bool {
    let Some(at) = views::position(cloud, who) else {
        return false;
    };
    cloud.people.change(at, |person| {
        person.invite_pending = pending.unwrap_or(person.invite_pending);
        if let Some(status) = status {
            status.clone_into(&mut person.status);
        }
    });
    cloud.changes += 1;
    true
}

/// `{"job_seconds": 3}`
pub fn activation_emails(call: &Call, cloud: &mut Cloud) -> Reply {
    let body: Value = body(call)?;
    cloud.activation_emails.takes = Duration::from_secs(super::number(&body, "job_seconds")?);
    Ok(Answer::empty(204))
}
