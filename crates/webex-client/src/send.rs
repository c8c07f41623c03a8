//! One request and its answer: authorisation, tracking, the gate, and what may be resent.
//!
//! Invariants: POST and PATCH are resent only after a 429 (not processed) and once after a 401 and its refresh. GET, PUT
//! and DELETE are resent as well when the way or Webex failed (unless the call says [`Call::once`]), a bounded number of times
//! with growing pauses. Every
//! attempt has its own tracking id. Redirects are not followed. Nothing leaves once a 429 has been received, until its hold
//! has passed: a body asks the gate at the moment it is written to the connection, which may have had to be made first.
//! (A request without a body asks when its turn has come.)

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use url::Url;

use crate::client::Webex;
use crate::clock::Clocks;
use crate::counted;
use crate::error::{Error, ErrorKind, Sent};
use crate::gate::{Gate, Place};
use crate::retry_after::RetryAfter;
use crate::tokens::TokenError;
use crate::transport::transport_error;

/// Attempts of a method that may be repeated.
const ATTEMPTS: u32 = 5;
/// 429 answers one request waits out before the caller hears of it.
const THROTTLES: u32 = 20;
/// The largest answer that is read.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

pub(crate) const TRACKING_ID: &str = "trackingid";

/// What is to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub method: Method,
    pub url: Url,
    pub body: Option<Bytes>,
    /// A 502 or 504 goes back at once: the page reader asks for less instead.
    pub gateway_faults_at_once: bool,
    /// Not repeated when the way or Webex failed, whatever the method.
    pub once: bool,
}

/// A 2xx answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Webex's tracking id, or ours where it sent none.
    pub tracking_id: Option<String>,
    /// When the attempt that was answered left.
    pub sent_at: Timestamp,
    pub answered_at: Timestamp,
}

impl Answer {
    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body)
            .map_err(|error| self.unexpected(&error.to_string()).with_source(error))
    }

    /// When it was answered, by Webex's clock and this computer's. None without a readable `Date`.
    pub fn clocks(&self) -> Option<Clocks> {
        let date = self.headers.get(header::DATE)?.to_str().ok()?;
        let webex = DateTimeParser::new().parse_timestamp(date.trim()).ok()?;
        let under_way = self.answered_at.duration_since(self.sent_at);
        Some(Clocks {
            webex,
            here: self.sent_at.saturating_add(under_way / 2).unwrap_or(self.sent_at),
        })
    }

    /// An error that says that this answer has not the expected shape.
    pub(crate) fn unexpected(&self, why: &str) -> Error {
        Error::new(
            ErrorKind::UnexpectedAnswer,
            format!("Webex's answer could not be read: {why}"),
        )
        .with_status(self.status)
        .with_tracking(self.tracking_id.clone())
        .with_body(&self.body)
    }
}

impl Call {
    pub(crate) fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            body: None,
            gateway_faults_at_once: false,
            once: false,
        }
    }

    pub(crate) fn with_json(mut self, body: &impl serde::Serialize) -> Result<Self, Error> {
        let bytes = serde_json::to_vec(body).map_err(|error| {
            Error::new(ErrorKind::Config, "the request could not be put together").with_source(error)
        })?;
        self.body = Some(bytes.into());
        Ok(self)
    }

    /// The same, sent again only when it was certainly not processed.
    pub(crate) fn once(mut self) -> Self {
        self.once = true;
        self
    }

    fn may_be_repeated(&self) -> bool {
        let by_method = matches!(
            self.method,
            Method::GET | Method::HEAD | Method::PUT | Method::DELETE
        );
        by_method && !self.once
    }
}

impl Webex {
    /// Sends until there is a 2xx answer or an error that is the caller's to judge.
    pub(crate) async fn send(&self, call: &Call) -> Result<Answer, Error> {
        let mut faults = 0;
        let mut throttles = 0;
        let mut refreshed = None;
        loop {
            let token = match refreshed.clone() {
                Some(token) => token,
                None => self.tokens().access_token().await.map_err(no_token)?,
            };
            let error = match self.attempt(call, &token).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            match error.kind() {
                ErrorKind::Throttled => {
                    throttles += 1;
                    if throttles >= THROTTLES {
                        return Err(error);
                    }
                }
                ErrorKind::Unauthorised => {
                    if refreshed.is_some() {
                        return Err(error);
                    }
                    tracing::debug!(tracking_id = error.tracking_id(), "401, asking for another token");
                    refreshed = Some(self.tokens().refresh_after_401(&token).await.map_err(no_token)?);
                }
                ErrorKind::NotFound if call.method == Method::DELETE && faults > 0 => {
                    // The attempt before went unanswered and has deleted it.
                    return Ok(self.deleted_before(error));
                }
                _ => {
                    faults += 1;
                    let gateway = call.gateway_faults_at_once && matches!(error.status(), Some(502 | 504));
                    if gateway || faults >= ATTEMPTS || !call.may_be_repeated() || !error.retryable() {
                        return Err(error);
                    }
                    let pause = pause_after(faults).max(error.retry_after().unwrap_or_default());
                    tracing::debug!(%error, ?pause, "trying again");
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }

    /// A place at the gate, with everything durable that has to be.
    async fn place(&self) -> Result<Place, Error> {
        let Some(departure) = self.departure() else {
            return self.gate().acquire(self.priority()).await;
        };
        let stand = self.gate().stand(self.priority());
        loop {
            stand.approach().await?;
            let prepared = Instant::now();
            departure.prepare().await?;
            if let Some(place) = stand.enter(Some(prepared)).await? {
                departure.leaves();
                return Ok(place);
            }
        }
    }

    fn returned(&self) {
        if let Some(departure) = self.departure() {
            departure.returned();
        }
    }

    /// One request through the gate.
    async fn attempt(&self, call: &Call, token: &secrecy::SecretString) -> Result<Answer, Error> {
        loop {
            let place = self.place().await?;
            if let Some(outcome) = self.exchange(call, token, place).await {
                if matches!(&outcome, Err(error) if *error.kind() == ErrorKind::Unauthorised) {
                    self.returned();
                }
                return outcome;
            }
            self.returned();
        }
    }

    /// One request and its answer; None if a hold came before it was written.
    async fn exchange(
        &self,
        call: &Call,
        token: &secrecy::SecretString,
        place: Place,
    ) -> Option<Result<Answer, Error>> {
        match self.exchange_at(call, token, place).await {
            Err(Stopped::Held) => None,
            Err(Stopped::Failed(error)) => Some(Err(error)),
            Ok(answer) => Some(Ok(answer)),
        }
    }

    async fn exchange_at(
        &self,
        call: &Call,
        token: &secrecy::SecretString,
        place: Place,
    ) -> Result<Answer, Stopped> {
        let sent_id = format!("PATCHBAY_{}", self.ids().uuid());
        let limit = self.transport().limit(&call.method);
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {}", token.expose_secret())).map_err(|_| {
                Error::new(
                    ErrorKind::Config,
                    "the access token holds characters no header may hold",
                )
            })?;
        bearer.set_sensitive(true);
        let mut request = self
            .transport()
            .http
            .request(call.method.clone(), call.url.clone())
            .header(header::AUTHORIZATION, bearer)
            .header(header::ACCEPT, "application/json")
            .header("TrackingID", &sent_id)
            .timeout(limit);
        if let Some(body) = &call.body {
            request = request
                .header(header::CONTENT_TYPE, "application/json")
                .body(reqwest::Body::wrap(HeldBody {
                    bytes: Some(body.clone()).filter(|body| !body.is_empty()),
                    gate: Arc::clone(self.gate()),
                }));
        }
        let sent_at = self.clock().now();
        counted::sent();
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) if was_held(&error) => {
                place.unsent();
                counted::unsent();
                return Err(Stopped::Held);
            }
            Err(error) => return Err(transport_error(error, limit).with_tracking(Some(sent_id)).into()),
        };
        let status = response.status();
        let headers = response.headers().clone();
        let answered_id = tracking_id(&headers);
        if status == StatusCode::TOO_MANY_REQUESTS {
            let retry_after = RetryAfter::read(retry_after_header(&headers), self.clock().now());
            tracing::warn!(
                path = call.url.path(),
                retry_after = retry_after.text,
                tracking_id = answered_id,
                "Webex throttles"
            );
            place.throttled(&retry_after, answered_id.as_deref());
            counted::throttled();
            self.returned();
            let body = read_body(response, limit).await.unwrap_or_default();
            return Err(
                Error::from_answer(status, &headers, &body, answered_id.or(Some(sent_id)))
                    .with_retry_after(Some(retry_after.pause))
                    .into(),
            );
        }
        let body = read_body(response, limit).await;
        place.accepted();
        tracing::debug!(
            method = %call.method,
            path = call.url.path(),
            status = status.as_u16(),
            tracking_id = answered_id,
            "answered"
        );
        if status.is_success() {
            let body =
                body.map_err(|error| error.with_tracking(answered_id.clone().or(Some(sent_id.clone()))))?;
            return Ok(Answer {
                status,
                headers,
                body,
                tracking_id: answered_id.or(Some(sent_id)),
                sent_at,
                answered_at: self.clock().now(),
            });
        }
        let now = self.clock().now();
        let pause = retry_after_header(&headers).map(|text| RetryAfter::read(Some(text), now).pause);
        let body = body.unwrap_or_default();
        let error = Error::from_answer(status, &headers, &body, answered_id).with_retry_after(pause);
        Err(if error.tracking_id().is_none() {
            error.with_tracking(Some(sent_id))
        } else {
            error
        }
        .into())
    }

    fn deleted_before(&self, error: Error) -> Answer {
        let now = self.clock().now();
        Answer {
            status: StatusCode::NO_CONTENT,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            tracking_id: error.tracking_id().map(str::to_owned),
            sent_at: now,
            answered_at: now,
        }
    }
}

/// Why there is no answer.
enum Stopped {
    /// A hold came before it was written.
    Held,
    Failed(Error),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// A body that is not written while the gate is held. It is asked for when a connection begins to write the request,
/// and the head is not flushed before it.
struct HeldBody {
    bytes: Option<Bytes>,
    gate: Arc<Gate>,
}

#[derive(Debug, thiserror::Error)]
#[error("a hold came before the request was written")]
struct Held;

impl http_body::Body for HeldBody {
    type Data = Bytes;
    type Error = Held;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Held>>> {
        if self.bytes.is_some() && self.gate.is_held() {
            return Poll::Ready(Some(Err(Held)));
        }
        Poll::Ready(self.bytes.take().map(|bytes| Ok(http_body::Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

fn was_held(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<Held>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Without a token the request itself was not sent, whatever became of the token call.
fn no_token(error: TokenError) -> Error {
    match error {
        TokenError::ConsentNeeded { reason } => {
            let message = format!("the organisation's consent is needed again: {reason}");
            Error::new(ErrorKind::Consent(reason), message)
        }
        TokenError::Unavailable(error) => {
            let kind = error.kind().clone();
            let tracking_id = error.tracking_id().map(str::to_owned);
            // What is wrong on this side is said in a whole sentence of its own.
            let message = match kind {
                ErrorKind::Config => error.message().to_owned(),
                _ => "no access token could be obtained".to_owned(),
            };
            Error::new(kind, message)
                .with_tracking(tracking_id)
                .with_sent(Sent::No)
                .with_source(error)
        }
    }
}

/// Half a second, doubled each time up to 30 s, of which between half and all is waited.
pub(crate) fn pause_after(faults: u32) -> Duration {
    let full = Duration::from_millis(500)
        .saturating_mul(2_u32.saturating_pow(faults.saturating_sub(1).min(10)))
        .min(Duration::from_secs(30));
    full.mul_f64(rand::random_range(0.5..=1.0))
}

/// The answer's tracking id; a doubled `X, X` is read as `X`.
pub(crate) fn tracking_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(TRACKING_ID)?.to_str().ok()?;
    let first = text.split(',').map(str::trim).find(|part| !part.is_empty())?;
    Some(first.to_owned())
}

pub(crate) fn retry_after_header(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::RETRY_AFTER)?.to_str().ok()
}

/// The whole body, bounded.
pub(crate) async fn read_body(mut response: reqwest::Response, limit: Duration) -> Result<Bytes, Error> {
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST_BODY => {
                let message = format!(
                    "Webex's answer is larger than {} MiB",
                    LARGEST_BODY / (1024 * 1024)
                );
                return Err(Error::new(ErrorKind::UnexpectedAnswer, message));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body.freeze()),
            Err(error) => return Err(transport_error(error, limit)),
        }
    }
}
