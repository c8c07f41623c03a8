//! `POST /v1/access_token` and `POST /v1/applications/{id}/token`.
//!
//! Reference: sections 2.1, 2.2, 2.4; refusals in shape G, or in shape A when the control API asks for it.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::answer::{Answer, Reply};
use crate::call::{Call, field};
use crate::clock::wire_time;
use crate::cloud::Cloud;
use crate::oauth::authorize::first_admin;
use crate::oauth::tokens::{Grant, GrantKind, Rotation, verifies};

/// Access tokens of service apps live this long.
const SERVICE_APP_SECONDS: u64 = 3600;

/// The client that presents itself in the body or by Basic.
pub fn client(call: &Call, form: &[(String, String)], cloud: &Cloud) -> Result<usize, Box<Answer>> {
    let (id, secret) = match call.basic() {
        Some((id, secret)) => (Some(id), Some(secret)),
        None => (
            field(form, "client_id").map(str::to_owned),
            field(form, "client_secret").map(str::to_owned),
        ),
    };
    let known = id.as_deref().and_then(|id| cloud.tokens.client(id));
    match known {
        Some(at) if secret.as_deref() == Some(cloud.tokens.clients[at].secret.as_str()) => Ok(at),
        _ => Err(Answer::oauth_error(
            401,
            "invalid_client",
            "Client authentication failed.",
        )),
    }
}

/// A refusal of a code or refresh token, in the shape the control API chose.
pub fn invalid_grant(cloud: &Cloud, description: &str) -> Box<Answer> {
    if cloud.tokens.refuse_in_shape_a {
        Answer::error(400, description)
    } else {
        Answer::oauth_error(400, "invalid_grant", description)
    }
}

/// `POST /v1/access_token`.
pub fn access_token(call: &Call, cloud: &mut Cloud) -> Reply {
    let form = call.form();
    let client = client(call, &form, cloud)?;
    match field(&form, "grant_type") {
        Some("authorization_code") => by_code(&form, client, cloud),
        Some("refresh_token") => by_refresh(&form, client, cloud),
        Some(_) => Err(Answer::oauth_error(
            400,
            "unsupported_grant_type",
            "The grant type is not supported.",
        )),
        None => Err(Answer::oauth_error(
            400,
            "invalid_request",
            "grant_type is missing.",
        )),
    }
}

fn by_code(form: &[(String, String)], client: usize, cloud: &mut Cloud) -> Reply {
    let text =
        field(form, "code").ok_or_else(|| Answer::oauth_error(400, "invalid_request", "code is missing."))?;
    let code = cloud.tokens.codes.remove(text);
    let now = cloud.clock.elapsed();
    let code = code
        .filter(|c| c.client == client && now < c.expires)
        .ok_or_else(|| {
            invalid_grant(
                cloud,
                "The authorization code provided is expired, already used or invalid.",
            )
        })?;
    let asked = field(form, "redirect_uri").unwrap_or(&code.redirect_uri);
    if asked != code.redirect_uri {
        return Err(invalid_grant(
            cloud,
            "The redirect_uri does not match the one of the authorization request.",
        ));
    }
    if let Some((challenge, s256)) = &code.challenge {
        let verifier = field(form, "code_verifier").unwrap_or_default();
        if !verifies(verifier, challenge, *s256) {
            return Err(invalid_grant(
                cloud,
                "The code_verifier does not answer the code_challenge.",
            ));
        }
    }
    let grant = new_grant(cloud, client, code.person, code.scopes, GrantKind::Integration);
    Ok(Answer::ok(tokens(
        cloud,
        grant,
        cloud.tokens.access_seconds,
        true,
    )))
}

fn by_refresh(form: &[(String, String)], client: usize, cloud: &mut Cloud) -> Reply {
    const DEAD: &str = "The refresh token provided is expired, revoked, malformed, or invalid.";
    let text = field(form, "refresh_token")
        .ok_or_else(|| Answer::oauth_error(400, "invalid_request", "refresh_token is missing."))?;
    let now = cloud.clock.elapsed();
    let grant = cloud
        .tokens
        .refresh
        .get(text)
        .copied()
        .and_then(|g| cloud.tokens.grants.get(&g));
    let alive = grant.filter(|g| {
        g.client == client
            && g.refresh
                .as_ref()
                .is_some_and(|(t, expires)| t == text && now < *expires)
    });
    let Some(grant) = alive.map(|g| g.uuid) else {
        return Err(invalid_grant(cloud, DEAD));
    };
    let renewed = now + Duration::from_secs(cloud.tokens.refresh_seconds);
    match cloud.tokens.rotation {
        Rotation::Same | Rotation::Absent => {}
        Rotation::Renewed => {
            if let Some((_, expires)) = cloud
                .tokens
                .grants
                .get_mut(&grant)
                .and_then(|g| g.refresh.as_mut())
            {
                *expires = renewed;
            }
        }
        Rotation::New => {
            let kept = cloud.tokens.grants.get(&grant).cloned();
            cloud.tokens.refresh.retain(|_, g| *g != grant);
            if let Some(kept) = kept {
                cloud
                    .tokens
                    .consent(&mut cloud.rng, cloud.organisation.uuid, now, kept);
            }
        }
    }
    let with_refresh = cloud.tokens.rotation != Rotation::Absent;
    let service_app = cloud
        .tokens
        .grants
        .get(&grant)
        .is_some_and(|g| g.kind == GrantKind::ServiceApp);
    let seconds = if service_app {
        SERVICE_APP_SECONDS
    } else {
        cloud.tokens.access_seconds
    };
    Ok(Answer::ok(tokens(cloud, grant, seconds, with_refresh)))
}

/// Records a consent.
pub fn new_grant(
    cloud: &mut Cloud,
    client: usize,
    person: usize,
    scopes: std::collections::BTreeSet<String>,
    kind: GrantKind,
) -> Uuid {
    let uuid = cloud.new_uuid();
    let now = cloud.clock.elapsed();
    let created = wire_time(cloud.clock.now());
    let grant = Grant {
        uuid,
        client,
        person,
        scopes,
        kind,
        refresh: None,
        created,
    };
    cloud.changes += 1;
    cloud
        .tokens
        .consent(&mut cloud.rng, cloud.organisation.uuid, now, grant)
}

/// A token answer; both lives are what is left of them.
pub fn tokens(cloud: &mut Cloud, grant: Uuid, seconds: u64, with_refresh: bool) -> Value {
    let now = cloud.clock.elapsed();
    let access = cloud
        .tokens
        .issue(&mut cloud.rng, cloud.organisation.uuid, now, grant, seconds);
    cloud.changes += 1;
    let mut body = json!({ "access_token": access, "expires_in": seconds, "token_type": "Bearer" });
    if let Some(grant) = cloud.tokens.grants.get(&grant) {
        if let (true, Some((refresh, expires))) = (with_refresh, &grant.refresh) {
            body["refresh_token"] = refresh.as_str().into();
            body["refresh_token_expires_in"] = whole_seconds(expires.saturating_sub(now)).into();
        }
        if !cloud.tokens.omit_scope {
            body["scope"] = grant.scopes.iter().cloned().collect::<Vec<_>>().join(" ").into();
        }
    }
    body
}

/// `POST /v1/applications/{id}/token`.
pub fn service_app_token(application: &str, call: &Call, cloud: &mut Cloud) -> Reply {
    let body = call.json()?;
    let text = |name: &str| body[name].as_str().filter(|v| !v.is_empty()).map(str::to_owned);
    let (Some(id), Some(secret), Some(organisation)) =
        (text("clientId"), text("clientSecret"), text("targetOrgId"))
    else {
        return Err(Answer::error(
            400,
            "clientId, clientSecret and targetOrgId are required.",
        ));
    };
    let at = cloud
        .tokens
        .clients
        .iter()
        .position(|c| c.service_app && c.application == application)
        .ok_or_else(Answer::not_found)?;
    if cloud.tokens.clients[at].id != id || cloud.tokens.clients[at].secret != secret {
        return Err(Answer::error(
            401,
            "The client credentials are not those of the service app.",
        ));
    }
    if !cloud.is_own(&organisation) {
        return Err(Answer::error(404, "The target organization could not be found."));
    }
    if cloud.tokens.service_app_unauthorised {
        return Err(Answer::error(
            403,
            "The service app is not authorized by a full admin of the organization.",
        ));
    }
    let scopes = crate::oauth::scopes::all()
        .filter(|s| s != "spark:applications_token")
        .collect();
    let person = first_admin(cloud);
    let grant = new_grant(cloud, at, person, scopes, GrantKind::ServiceApp);
    Ok(Answer::ok(tokens(cloud, grant, SERVICE_APP_SECONDS, true)))
}

/// Seconds left, a begun one counted whole.
fn whole_seconds(left: Duration) -> u64 {
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}
