//! The one error of this crate: what kind of trouble, what Webex said, and whether the request may have had an effect.
//!
//! Invariants: the tracking id is kept whenever there is one; the raw body is kept up to [`KEPT_BODY`] bytes; no token,
//! secret or proxy password is ever part of an error.

mod body;

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, StatusCode};

pub(crate) use body::parse as parse_body;

use crate::fault::{Fault, fault_of};

/// How much of an error body is kept.
pub const KEPT_BODY: usize = 16 * 1024;

/// Whether the request may have changed anything at Webex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It never left, or Webex said that it was not processed (401, 429).
    No,
    /// It was answered. Note that an error answer does not prove that nothing happened.
    Yes,
    /// It left and no proper answer came.
    InDoubt,
}

/// What kind of trouble. Callers branch on this, never on texts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No connection: certainly not sent.
    Connect,
    /// Sent, and the connection ended without a whole answer.
    Dropped,
    /// Sent, and no answer within the limit.
    TimedOut,
    /// 429, still after waiting several times.
    Throttled,
    /// 401, still after a refresh.
    Unauthorised,
    /// An admin must consent again; the reason as Webex gave it.
    Consent(String),
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// Any other 4xx: Webex understood and said no.
    Refused,
    /// 5xx.
    Server,
    /// 423: temporarily locked.
    Locked,
    /// 451: the organisation lives in another region.
    WrongRegion,
    /// Not JSON, or not the expected shape.
    UnexpectedAnswer,
    /// Paging ended suspiciously: what was read is not everything.
    Incomplete,
    /// A next link pointed to another host and was not followed.
    ForeignLink,
    /// The wait was left on purpose.
    Cancelled,
    /// This side is set up wrongly (proxy, certificate file, address).
    Config,
}

/// One fault of an error body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ErrorDetail {
    /// A number or a text, as it came.
    pub code: Option<String>,
    pub description: String,
    /// What the fault is about (a phone number, …), where the body says so.
    pub subject: Option<String>,
}

/// Trouble with one request.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    sent: Sent,
    status: Option<u16>,
    codes: Vec<ErrorDetail>,
    message: String,
    tracking_id: Option<String>,
    body: Option<String>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of this side, without an answer.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let sent = match kind {
            ErrorKind::Connect
            | ErrorKind::Throttled
            | ErrorKind::Unauthorised
            | ErrorKind::Consent(_)
            | ErrorKind::ForeignLink
            | ErrorKind::Cancelled
            | ErrorKind::Config => Sent::No,
            ErrorKind::Dropped | ErrorKind::TimedOut | ErrorKind::Server | ErrorKind::UnexpectedAnswer => {
                Sent::InDoubt
            }
            ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Refused
            | ErrorKind::Locked
            | ErrorKind::WrongRegion
            | ErrorKind::Incomplete => Sent::Yes,
        };
        Self(Box::new(Inner {
            kind,
            sent,
            status: None,
            codes: Vec::new(),
            message: message.into(),
            tracking_id: None,
            body: None,
            retry_after: None,
            source: None,
        }))
    }

    /// Reads an answer that is no success.
    pub(crate) fn from_answer(
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        tracking_id: Option<String>,
    ) -> Self {
        let kind = match status.as_u16() {
            401 => ErrorKind::Unauthorised,
            403 => ErrorKind::Forbidden,
            404 => ErrorKind::NotFound,
            // A proxy's, which passed nothing on.
            407 => ErrorKind::Connect,
            423 => ErrorKind::Locked,
            429 => ErrorKind::Throttled,
            451 => ErrorKind::WrongRegion,
            400..=499 => ErrorKind::Refused,
            500..=599 => ErrorKind::Server,
            _ => ErrorKind::UnexpectedAnswer,
        };
        let parsed = parse_body(body);
        let mut error = Self::new(kind, String::new());
        error.0.message = parsed.message.unwrap_or_else(|| bare_message(status, headers));
        error.0.status = Some(status.as_u16());
        error.0.codes = parsed.codes;
        error.0.tracking_id = tracking_id.or(parsed.tracking_id);
        error.0.body = kept(body);
        error
    }

    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The HTTP status, if there was an answer.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The faults of the body, in its order.
    pub fn codes(&self) -> &[ErrorDetail] {
        &self.0.codes
    }

    /// The first Webex code, numeric or not (`400411`, `BATCH-1001004`, `ERR.V.TRM.TMN60004`).
    pub fn webex_code(&self) -> Option<&str> {
        self.0.codes.iter().find_map(|detail| detail.code.as_deref())
    }

    /// Webex's own words where it said any, else ours.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Webex's tracking id of the answer, or the one that was sent when no answer came.
    pub fn tracking_id(&self) -> Option<&str> {
        self.0.tracking_id.as_deref()
    }

    /// The body as it came, at most [`KEPT_BODY`] bytes.
    pub fn body(&self) -> Option<&str> {
        self.0.body.as_deref()
    }

    /// Where the way to Webex ended, for what went wrong on it.
    pub fn fault(&self) -> Option<Fault> {
        if self.0.status == Some(407) {
            return Some(Fault::ProxyPassword);
        }
        let on_the_way = matches!(
            self.0.kind,
            ErrorKind::Connect | ErrorKind::Dropped | ErrorKind::TimedOut
        );
        let source = self.0.source.as_deref().filter(|_| on_the_way)?;
        Some(fault_of(source))
    }

    /// How long Webex asked to wait (423, 429, 503), if it did.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the request may have changed anything.
    pub fn sent(&self) -> Sent {
        self.0.sent
    }

    /// Whether the same request may succeed later without anybody changing anything. For POST and PATCH read
    /// [`Error::sent`] as well before repeating.
    pub fn retryable(&self) -> bool {
        match self.0.kind {
            ErrorKind::Connect
            | ErrorKind::Dropped
            | ErrorKind::TimedOut
            | ErrorKind::Throttled
            | ErrorKind::Locked => true,
            ErrorKind::Server => self.0.status != Some(501),
            ErrorKind::Refused => self.0.status == Some(408),
            _ => false,
        }
    }

    pub(crate) fn with_tracking(mut self, tracking_id: Option<String>) -> Self {
        self.0.tracking_id = tracking_id.or(self.0.tracking_id);
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status.as_u16());
        self
    }

    pub(crate) fn with_body(mut self, body: &[u8]) -> Self {
        self.0.body = kept(body);
        self
    }

    pub(crate) fn with_retry_after(mut self, pause: Option<Duration>) -> Self {
        self.0.retry_after = pause;
        self
    }

    pub(crate) fn with_sent(mut self, sent: Sent) -> Self {
        self.0.sent = sent;
        self
    }

    /// The same with what is behind it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }
}

/// The message of an answer without a readable body.
fn bare_message(status: StatusCode, headers: &HeaderMap) -> String {
    let location = headers
        .get(http::header::LOCATION)
        .and_then(|value| value.to_str().ok());
    let target = location
        .and_then(|location| url::Url::parse(location).ok())
        .and_then(|url| url.host_str().map(str::to_owned));
    match (status.is_redirection(), target) {
        (true, Some(host)) => {
            format!("Webex answered {status} with a redirect to {host}, which was not followed")
        }
        _ => format!("Webex answered {status} without a readable reason"),
    }
}

fn kept(body: &[u8]) -> Option<String> {
    if body.is_empty() {
        return None;
    }
    Some(String::from_utf8_lossy(body.get(..KEPT_BODY).unwrap_or(body)).into_owned())
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(status) = self.0.status {
            write!(f, " (HTTP {status}")?;
            if let Some(code) = self.webex_code().filter(|code| *code != status.to_string()) {
                write!(f, ", code {code}")?;
            }
            f.write_str(")")?;
        }
        if let Some(tracking_id) = &self.0.tracking_id {
            write!(f, " [{tracking_id}]")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("sent", &self.0.sent)
            .field("status", &self.0.status)
            .field("codes", &self.0.codes)
            .field("message", &self.0.message)
            .field("tracking_id", &self.0.tracking_id)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn std::error::Error + 'static))
    }
}
