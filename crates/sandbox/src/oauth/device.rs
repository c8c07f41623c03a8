//! The device grant: `POST /v1/device/authorize`, `POST /v1/device/token`, and the verification page.
//!
//! Waiting is HTTP 428, not RFC 8628's 400. Reference: section 2.3.

use std::time::Duration;

use rand::Rng;
use serde_json::json;

use crate::answer::{Answer, Reply};
use crate::call::{Call, field};
use crate::cloud::Cloud;
use crate::oauth::authorize::{admin_for, email_of, first_admin};
use crate::oauth::tokens::{DeviceRequest, DeviceState, GrantKind, code_text};
use crate::oauth::{exchange, pages, scopes};

const LIFE: Duration = Duration::from_secs(300);
const INTERVAL: Duration = Duration::from_secs(2);
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// `POST /v1/device/authorize`.
pub fn authorize(call: &Call, cloud: &mut Cloud) -> Reply {
    let form = call.form();
    let client = field(&form, "client_id")
        .and_then(|id| cloud.tokens.client(id))
        .filter(|c| !cloud.tokens.clients[*c].service_app)
        .ok_or_else(|| Answer::error(400, "Client Id is invalid"))?;
    let wanted: std::collections::BTreeSet<String> = field(&form, "scope")
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    if wanted.is_empty() || wanted.iter().any(|s| scopes::words(s).is_none()) {
        return Err(Answer::error(400, "invalid_scope"));
    }
    let device_code = cloud.new_uuid().to_string();
    let user_code = format!("{:06}", cloud.rng.random_range(0..1_000_000));
    let now = cloud.clock.elapsed();
    let state = if cloud.tokens.auto_consent {
        DeviceState::Allowed(admin_for(None, cloud))
    } else {
        DeviceState::Pending
    };
    let hash = code_text(&mut cloud.rng);
    cloud.tokens.devices.retain(|d| now < d.expires + LIFE);
    cloud.tokens.devices.push(DeviceRequest {
        device_code: device_code.clone(),
        user_code: user_code.clone(),
        client,
        scopes: wanted,
        state,
        expires: now + LIFE,
        polled: None,
    });
    let verify = format!("http://{}/verify", call.host);
    Ok(Answer::ok(json!({
        "device_code": device_code,
        "expires_in": LIFE.as_secs(),
        "user_code": user_code,
        "verification_uri": verify,
        "verification_uri_complete": format!("{verify}?user_code={user_code}&userCode={hash}"),
        "interval": INTERVAL.as_secs(),
    })))
}

/// `POST /v1/device/token`.
pub fn token(call: &Call, cloud: &mut Cloud) -> Reply {
    let form = call.form();
    if call.basic().is_none() {
        return Err(Answer::error(401, "invalid_client"));
    }
    let client = exchange::client(call, &form, cloud).map_err(|_| Answer::error(401, "invalid_client"))?;
    if field(&form, "grant_type") != Some(GRANT_TYPE) {
        return Err(Answer::error(400, "unsupported_grant_type"));
    }
    let code = field(&form, "device_code").unwrap_or_default();
    let now = cloud.clock.elapsed();
    let device = cloud
        .tokens
        .devices
        .iter_mut()
        .find(|d| d.device_code == code && d.client == client)
        .ok_or_else(|| Answer::error(400, "invalid_grant"))?;
    if now >= device.expires {
        return Err(Answer::error(400, "expired_token"));
    }
    match device.state {
        DeviceState::Denied => Err(Answer::error(400, "access_denied")),
        DeviceState::Pending => {
            // A client that polls at the interval may arrive a little early.
            let hasty = device
                .polled
                .is_some_and(|last| now.saturating_sub(last) < INTERVAL / 2);
            device.polled = Some(now);
            if hasty {
                Err(Answer::error(400, "slow_down"))
            } else {
                Err(Answer::error(428, "authorization_pending"))
            }
        }
        DeviceState::Allowed(person) => {
            let wanted = device.scopes.clone();
            cloud.tokens.devices.retain(|d| d.device_code != code);
            let grant = exchange::new_grant(cloud, client, person, wanted, GrantKind::Device);
            Ok(Answer::ok(exchange::tokens(
                cloud,
                grant,
                cloud.tokens.access_seconds,
                true,
            )))
        }
    }
}

/// `GET /verify`.
pub fn page(call: &Call, cloud: &Cloud) -> Answer {
    let code = call.param("user_code").unwrap_or_default();
    let wanted = cloud
        .tokens
        .devices
        .iter()
        .find(|d| d.user_code == code)
        .map(|d| &d.scopes);
    Answer::html(
        200,
        pages::device(cloud, code, wanted, &email_of(first_admin(cloud), cloud), None),
    )
}

/// `POST /verify`: what the person chose.
pub fn decide(call: &Call, cloud: &mut Cloud) -> Answer {
    let form = call.form();
    let code = field(&form, "user_code").unwrap_or_default().trim().to_owned();
    let email = field(&form, "email").unwrap_or_default().trim().to_owned();
    let now = cloud.clock.elapsed();
    let person = cloud.people.by_email(&email);
    let at = cloud
        .tokens
        .devices
        .iter()
        .position(|d| d.user_code == code && d.state == DeviceState::Pending && now < d.expires);
    let accepted = field(&form, "decision") == Some("accept");
    match (at, person) {
        (None, _) => Answer::html(
            200,
            pages::device(
                cloud,
                &code,
                None,
                &email,
                Some("No device is waiting with this code, or it has expired."),
            ),
        ),
        (Some(at), _) if !accepted => {
            cloud.tokens.devices[at].state = DeviceState::Denied;
            Answer::html(
                200,
                pages::statement("Refused", "The device was refused. You can close this page."),
            )
        }
        (Some(at), Some(person)) => {
            cloud.tokens.devices[at].state = DeviceState::Allowed(person);
            Answer::html(
                200,
                pages::statement("Allowed", "The device is connected. You can close this page."),
            )
        }
        (Some(_), None) => {
            let problem = format!("Nobody in this organisation signs in as \"{email}\".");
            Answer::html(200, pages::device(cloud, &code, None, &email, Some(&problem)))
        }
    }
}
