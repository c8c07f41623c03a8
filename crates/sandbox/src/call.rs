//! One request, read completely, in the form the resources use.

use axum::http::{HeaderMap, Method, Uri, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use crate::answer::Answer;
use crate::fault::LinkQuirk;

/// A request. Query values are decoded; the body is whole.
#[derive(Debug, Clone)]
pub struct Call {
    /// HTTP method.
    pub method: Method,
    /// Decoded path, e.g. `/v1/people`.
    pub path: String,
    /// Raw query text, possibly empty.
    pub query_text: String,
    /// Query pairs in order, decoded.
    pub query: Vec<(String, String)>,
    /// Headers.
    pub headers: HeaderMap,
    /// The `Host` the client used (a proxy in front keeps its own), for absolute links.
    pub host: String,
    /// Body bytes.
    pub body: Bytes,
    /// What the `Link` header of this answer suffers from.
    pub spoilt: Vec<LinkQuirk>,
}

impl Call {
    /// Builds a call from the parts of an HTTP request. `fallback_host` serves clients that send no `Host`.
    #[must_use]
    pub fn new(method: Method, uri: &Uri, headers: HeaderMap, body: Bytes, fallback_host: &str) -> Self {
        let query_text = uri.query().unwrap_or_default().to_owned();
        let query = url::form_urlencoded::parse(query_text.as_bytes())
            .into_owned()
            .collect();
        let host = headers
            .get(header::HOST)
            .and_then(|h| h.to_str().ok())
            .unwrap_or(fallback_host)
            .to_owned();
        let path = percent_decode(uri.path());
        Self {
            method,
            path,
            query_text,
            query,
            headers,
            host,
            body,
            spoilt: Vec::new(),
        }
    }

    /// The path's segments.
    #[must_use]
    pub fn segments(&self) -> Vec<&str> {
        self.path.trim_matches('/').split('/').collect()
    }

    /// The first query value of that name, if it is not empty.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(k, v)| k == name && !v.is_empty())
            .map(|(_, v)| v.as_str())
    }

    /// A boolean query value: the text `true` or `false`, anything else is 400.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Box<Answer>> {
        match self.param(name) {
            None => Ok(None),
            Some(v) if v.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(v) if v.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(v) => Err(Answer::error(400, &format!("Invalid value for {name}: {v}"))),
        }
    }

    /// A number in the query. `null` counts as absent: Webex itself writes `max=null` into links.
    pub fn number(&self, name: &str) -> Result<Option<usize>, Box<Answer>> {
        match self.param(name) {
            None | Some("null") => Ok(None),
            Some(v) => v
                .parse()
                .map(Some)
                .map_err(|_| Answer::error(400, &format!("Invalid value for {name}: {v}"))),
        }
    }

    /// A moment in the query: milliseconds since 1970, or ISO 8601 (a date, with or without time and offset; UTC without).
    pub fn moment(&self, name: &str) -> Result<Option<Timestamp>, Box<Answer>> {
        let Some(text) = self.param(name) else {
            return Ok(None);
        };
        let epoch = text
            .parse()
            .ok()
            .and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let in_utc = |at: jiff::civil::DateTime| at.to_zoned(jiff::tz::TimeZone::UTC).ok();
        let moment = epoch
            .or_else(|| text.parse().ok())
            .or_else(|| Some(in_utc(text.parse().ok()?)?.timestamp()));
        let wrong = || Answer::error(400, &format!("Invalid value for {name}: {text}"));
        moment.map(Some).ok_or_else(wrong)
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// The bearer token.
    #[must_use]
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    }

    /// Basic credentials.
    #[must_use]
    pub fn basic(&self) -> Option<(String, String)> {
        let (scheme, text) = self.header("authorization")?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let plain = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
        let (id, secret) = plain.split_once(':')?;
        Some((percent_decode(id), percent_decode(secret)))
    }

    /// The body as JSON; 400 when it is not, 415 when it says it is something else.
    pub fn json(&self) -> Result<Value, Box<Answer>> {
        let content_type = self.header("content-type").unwrap_or_default();
        if !content_type.is_empty() && !content_type.contains("json") {
            return Err(Answer::error(415, "Unsupported Media Type"));
        }
        serde_json::from_slice(&self.body).map_err(|_| {
            Answer::error(
                400,
                "The request could not be understood by the server due to malformed syntax.",
            )
        })
    }

    /// The body as JSON if it happens to be JSON.
    #[must_use]
    pub fn json_or_null(&self) -> Value {
        if self.body.first() == Some(&b'{') {
            serde_json::from_slice(&self.body).unwrap_or(Value::Null)
        } else {
            Value::Null
        }
    }

    /// The body as a form.
    #[must_use]
    pub fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }
}

/// The value of a field of a form.
#[must_use]
pub fn field<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter()
        .find(|(k, v)| k == name && !v.is_empty())
        .map(|(_, v)| v.as_str())
}

/// Percent-decoding of a path or of a Basic credential; a `+` stays a `+`.
fn percent_decode(text: &str) -> String {
    let plus_kept = text.replace('+', "%2B");
    url::form_urlencoded::parse(format!("v={}", plus_kept.replace('&', "%26")).as_bytes())
        .next()
        .map(|(_, v)| v.into_owned())
        .unwrap_or_default()
}
