//! `POST /idb/oauth2/v1/revoke`, the identity broker's. A token of another client, or none of this cloud's, is answered
//! like one that was taken back (RFC 7009, section 2.2). Reference: section 2.5.

use crate::answer::{Answer, Reply};
use crate::call::{Call, field};
use crate::cloud::Cloud;
use crate::oauth::exchange::client;

/// `POST /idb/oauth2/v1/revoke`: a refresh token takes its access tokens with it, an access token goes alone.
pub fn revoke(call: &Call, cloud: &mut Cloud) -> Reply {
    let form = call.form();
    let client = client(call, &form, cloud)?;
    let token = field(&form, "token")
        .ok_or_else(|| Answer::oauth_error(400, "invalid_request", "token is missing."))?;
    let tokens = &mut cloud.tokens;
    let theirs = |grant: &uuid::Uuid| tokens.grants.get(grant).is_some_and(|g| g.client == client);
    if let Some(grant) = tokens.refresh.get(token).copied().filter(theirs) {
        tokens.end(grant);
        cloud.changes += 1;
    } else if tokens.access.get(token).is_some_and(|(grant, _)| theirs(grant)) {
        tokens.access.remove(token);
        cloud.changes += 1;
    }
    Ok(Answer::empty(200))
}
