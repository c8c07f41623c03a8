//! `POST /v1/subscribers/{id}/emails/consentMove`: the mail that asks a user to agree to the move, once more.
//! Reference: sections 6 and 8.
//!
//! The contract names wholesale subscribers; those of BroadWorks can wait for the same, so their ids are taken too.

use super::{broadworks_subscribers, wholesale};
use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::cloud::Cloud;
use crate::ids;

const STATE: &str = "pending_user_migration";

/// Sends the mail; only in `pending_user_migration`.
pub fn send(id: &str, access: &Access, cloud: &mut Cloud) -> Reply {
    if cloud.broadworks.settle(&cloud.clock) {
        cloud.changes += 1;
    }
    let uuid = ids::expect_uuid(id, "SUBSCRIBER").map_err(Answer::id_problem)?;
    let broadworks = cloud.broadworks.position(id).map_err(Answer::id_problem)?;
    let status = if let Some(subscriber) = broadworks.and_then(|at| cloud.broadworks.get(at)) {
        access.write(broadworks_subscribers::WRITE)?;
        broadworks_subscribers::entitled(cloud)?;
        subscriber.status.to_string()
    } else {
        access.write(super::wholesale_subscribers::WRITE)?;
        wholesale::entitled(cloud)?;
        let mut all = cloud.wholesale.subscribers.iter();
        let found = all.find(|s| ids::expect_uuid(&s.id, "SUBSCRIBER") == Ok(uuid));
        found.ok_or_else(Answer::not_found)?.status.clone()
    };
    if status != STATE {
        let text = format!("The subscriber is in status {status}; the email is sent only in status {STATE}.");
        return Err(Answer::error_with(400, "Bad Request", Some(10_047), &text));
    }
    cloud.changes += 1;
    Ok(Answer::empty(204))
}
