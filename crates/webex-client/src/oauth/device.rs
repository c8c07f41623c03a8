//! The device grant (webex-api reference, section 2.3): five minutes, six digits, no loopback port.
//!
//! Webex says "pending" with HTTP 428; RFC 8628's 400 texts are understood as well.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::time::Instant;

use super::{Grant, OAuth, OAuthError, Payload, refused};
use crate::error::{Error, ErrorKind};
use crate::lenient::{number, text};

/// RFC 8628, section 3.5.
const SLOWER_BY: Duration = Duration::from_secs(5);
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What a person needs to approve this device.
#[derive(Clone)]
pub struct DeviceAuthorization {
    pub device_code: SecretString,
    /// To be typed in at `verification_uri`.
    pub user_code: String,
    pub verification_uri: String,
    /// With the code filled in; made for a QR code or a click.
    pub verification_uri_complete: Option<String>,
    pub expires_in: Duration,
    /// Between two polls.
    pub interval: Duration,
}

/// The answer to one poll.
#[derive(Debug)]
pub enum DevicePoll {
    /// Nobody has approved yet.
    Pending,
    /// Nobody has approved yet, and the polls come too fast: 5 s more from now on.
    SlowDown,
    Granted(Grant),
}

#[derive(Deserialize)]
struct Body {
    device_code: String,
    #[serde(default, deserialize_with = "text")]
    user_code: Option<String>,
    #[serde(default, deserialize_with = "text", alias = "verification_url")]
    verification_uri: Option<String>,
    #[serde(default, deserialize_with = "text")]
    verification_uri_complete: Option<String>,
    #[serde(default, deserialize_with = "number")]
    expires_in: Option<i64>,
    #[serde(default, deserialize_with = "number")]
    interval: Option<i64>,
}

impl OAuth {
    /// Asks for a device code.
    pub async fn device_start(&self, scopes: &[impl AsRef<str>]) -> Result<DeviceAuthorization, OAuthError> {
        let scope = scopes.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(" ");
        let form = vec![
            ("client_id", self.integration.client_id.as_str()),
            ("scope", scope.as_str()),
        ];
        let answer = self
            .post(&self.endpoints.device_authorize, &Payload::Form(form))
            .await
            .map_err(refused)?;
        let unreadable = |why: &str| {
            Error::new(ErrorKind::UnexpectedAnswer, format!("the device answer {why}"))
                .with_status(answer.status)
                .with_tracking(answer.tracking_id.clone())
        };
        let body: Body =
            serde_json::from_slice(&answer.body).map_err(|_| unreadable("has not the expected shape"))?;
        let (Some(user_code), Some(verification_uri)) = (body.user_code, body.verification_uri) else {
            return Err(unreadable("names no code or no address to enter it at").into());
        };
        let seconds = |count: Option<i64>, otherwise: u64| {
            Duration::from_secs(
                count
                    .and_then(|n| u64::try_from(n).ok())
                    .filter(|n| *n > 0)
                    .unwrap_or(otherwise),
            )
        };
        Ok(DeviceAuthorization {
            device_code: SecretString::from(body.device_code),
            user_code,
            verification_uri,
            verification_uri_complete: body.verification_uri_complete,
            expires_in: seconds(body.expires_in, 300),
            interval: seconds(body.interval, 5),
        })
    }

    /// Asks once whether the device was approved.
    pub async fn device_poll(&self, device_code: &SecretString) -> Result<DevicePoll, OAuthError> {
        let form = vec![
            ("grant_type", GRANT_TYPE),
            ("device_code", device_code.expose_secret()),
            ("client_id", self.integration.client_id.as_str()),
        ];
        self.gate.pass_hold().await;
        let error = match self
            .post_once(&self.endpoints.device_token, &Payload::FormAsClient(form))
            .await
        {
            Ok(answer) => return Ok(DevicePoll::Granted(Grant::read(&answer)?)),
            Err(error) => error,
        };
        let says = |word: &str| {
            error.message().contains(word)
                || error.codes().iter().any(|detail| {
                    detail.code.as_deref().is_some_and(|code| code.contains(word))
                        || detail.description.contains(word)
                })
        };
        match error.status() {
            Some(400 | 428 | 429) if says("slow_down") => Ok(DevicePoll::SlowDown),
            Some(429) => Ok(DevicePoll::SlowDown),
            Some(400 | 401 | 428) if says("expired_token") => Err(OAuthError::Expired),
            Some(428) => Ok(DevicePoll::Pending),
            Some(400 | 401) if says("authorization_pending") => Ok(DevicePoll::Pending),
            _ => Err(refused(error)),
        }
    }

    /// Polls until the device is approved, refused or expired. Trouble on the way to Webex is waited out. Drop the future
    /// to give up.
    pub async fn device_wait(&self, device: &DeviceAuthorization) -> Result<Grant, OAuthError> {
        let until = Instant::now() + device.expires_in;
        let mut interval = device.interval;
        loop {
            tokio::time::sleep_until((Instant::now() + interval).min(until)).await;
            match self.device_poll(&device.device_code).await {
                Ok(DevicePoll::Granted(grant)) => return Ok(grant),
                Ok(DevicePoll::SlowDown) => interval += SLOWER_BY,
                Ok(DevicePoll::Pending) => {}
                Err(OAuthError::Failed(error)) if error.retryable() => {
                    tracing::debug!(%error, "the device poll did not get through");
                }
                Err(error) => return Err(error),
            }
            if Instant::now() >= until {
                return Err(OAuthError::Expired);
            }
        }
    }
}

impl fmt::Debug for DeviceAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceAuthorization")
            .field("verification_uri", &self.verification_uri)
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}
