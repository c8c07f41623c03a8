//! What a token call brings.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::Deserialize;

use crate::error::Error;
use crate::lenient::{number, text};
use crate::send::Answer;

/// Tokens and how long they live, as reported; never a constant, as Webex may hand back a refresh token with only its
/// remaining life.
#[derive(Clone)]
pub struct Grant {
    pub access_token: SecretString,
    /// From `received_at`. None when Webex did not say.
    pub expires_in: Option<Duration>,
    /// None: keep the one that was used, and its expiry.
    pub refresh_token: Option<SecretString>,
    pub refresh_token_expires_in: Option<Duration>,
    /// What was granted. None when Webex did not say.
    pub scope: Option<Vec<String>>,
    /// When the call was sent, so that an expiry computed from it is rather too early.
    pub received_at: Timestamp,
    pub tracking_id: Option<String>,
}

#[derive(Deserialize)]
struct Body {
    access_token: SecretText,
    #[serde(default, deserialize_with = "number")]
    expires_in: Option<i64>,
    #[serde(default)]
    refresh_token: Option<SecretText>,
    #[serde(default, deserialize_with = "number")]
    refresh_token_expires_in: Option<i64>,
    #[serde(default, deserialize_with = "text")]
    scope: Option<String>,
}

/// A secret on its way from JSON; not printable.
struct SecretText(SecretString);

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(SecretString::from(text)))
    }
}

impl Grant {
    pub(super) fn read(answer: &Answer) -> Result<Self, Error> {
        // Neither the body nor the parser's words go into the error: both may hold a token.
        let unreadable = |why: &str| {
            Error::new(
                crate::error::ErrorKind::UnexpectedAnswer,
                format!("the token answer {why}"),
            )
            .with_status(answer.status)
            .with_tracking(answer.tracking_id.clone())
        };
        let body: Body =
            serde_json::from_slice(&answer.body).map_err(|_| unreadable("has not the expected shape"))?;
        let seconds = |count: Option<i64>| count.and_then(|n| u64::try_from(n).ok()).map(Duration::from_secs);
        if secrecy::ExposeSecret::expose_secret(&body.access_token.0).is_empty() {
            return Err(unreadable("holds an empty access token"));
        }
        Ok(Self {
            access_token: body.access_token.0,
            expires_in: seconds(body.expires_in),
            refresh_token: body
                .refresh_token
                .map(|token| token.0)
                .filter(|token| !secrecy::ExposeSecret::expose_secret(token).is_empty()),
            refresh_token_expires_in: seconds(body.refresh_token_expires_in),
            scope: body
                .scope
                .map(|scope| scope.split_whitespace().map(str::to_owned).collect()),
            received_at: answer.sent_at,
            tracking_id: answer.tracking_id.clone(),
        })
    }

    /// When the access token ends, if Webex said.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.after(self.expires_in?)
    }

    /// When the refresh token ends, if Webex said.
    pub fn refresh_token_expires_at(&self) -> Option<Timestamp> {
        self.after(self.refresh_token_expires_in?)
    }

    fn after(&self, life: Duration) -> Option<Timestamp> {
        self.received_at
            .checked_add(SignedDuration::try_from(life).ok()?)
            .ok()
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("expires_in", &self.expires_in)
            .field("has_refresh_token", &self.refresh_token.is_some())
            .field("refresh_token_expires_in", &self.refresh_token_expires_in)
            .field("scope", &self.scope)
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}
