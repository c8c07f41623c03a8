//! Pages and their `Link` headers.
//!
//! Links are absolute, built from the request's `Host`, and carry the request's query with the cursor replaced, so that a
//! proxy in front keeps working. Quirks spoil them on purpose. Reference: section 1.2.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::fault::LinkQuirk;

/// How the next page is named in the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// An opaque cursor in this parameter.
    Cursor(&'static str),
    /// A zero-based offset in `start`.
    Offset,
    /// A zero-based offset in this parameter.
    Named(&'static str),
}

/// Position of the page asked for.
pub fn position(call: &Call, style: Style) -> Result<usize, Box<Answer>> {
    match style {
        Style::Offset => Ok(call.number("start")?.unwrap_or(0)),
        Style::Named(name) => Ok(call.number(name)?.unwrap_or(0)),
        Style::Cursor(name) => match call.param(name) {
            None => Ok(0),
            Some(text) => decode(text).ok_or_else(|| Answer::error(400, "Invalid cursor")),
        },
    }
}

/// The size of the page asked for, clamped silently as Webex does.
pub fn size(call: &Call, name: &str, default: usize, cap: usize) -> Result<usize, Box<Answer>> {
    match call.number(name)? {
        Some(0) => Err(Answer::error(400, &format!("Invalid value for {name}: 0"))),
        Some(n) => Ok(n.min(cap)),
        None => Ok(default.min(cap)),
    }
}

/// A page: `items` under `key`, and a link when there is more from `next` on.
#[must_use]
pub fn page(call: &Call, style: Style, key: &str, items: Vec<Value>, next: Option<usize>) -> Answer {
    linked(call, style, json!({ key: items }), next)
}

/// As [`page`] for a body that is built already.
#[must_use]
pub fn linked(call: &Call, style: Style, body: Value, next: Option<usize>) -> Answer {
    let spoilt = |quirk| call.spoilt.contains(&quirk);
    let answer = Answer::ok(body);
    let url = match next {
        Some(at) => next_url(call, style, at),
        None if spoilt(LinkQuirk::EmptyForever) => next_url(call, style, usize::MAX >> 1),
        None if spoilt(LinkQuirk::Doubled) => own_url(call),
        None => return answer,
    };
    answer.with("link", format!("<{url}>; rel=\"next\""))
}

fn own_url(call: &Call) -> String {
    let join = if call.query_text.is_empty() { "" } else { "?" };
    format!("http://{}{}{join}{}", call.host, call.path, call.query_text)
}

fn next_url(call: &Call, style: Style, at: usize) -> String {
    let spoilt = |quirk| call.spoilt.contains(&quirk);
    let (name, value) = match style {
        Style::Offset => ("start", at.to_string()),
        Style::Named(name) => (name, at.to_string()),
        Style::Cursor(name) => (name, encode(at)),
    };
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (k, v) in &call.query {
        let size = k == "max" || k == "limit";
        if k == name || (style != Style::Offset && k == "start") || (spoilt(LinkQuirk::LostFilters) && !size)
        {
            continue;
        }
        if spoilt(LinkQuirk::MaxNull) && size {
            continue;
        }
        query.append_pair(k, v);
    }
    if spoilt(LinkQuirk::MaxNull) {
        query.append_pair("max", "null");
    }
    query.append_pair(name, &value);
    let host = if spoilt(LinkQuirk::ForeignHost) {
        "collector.example"
    } else {
        call.host.as_str()
    };
    format!("http://{host}{}?{}", call.path, query.finish())
}

fn encode(at: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("at:{at}"))
}

fn decode(text: &str) -> Option<usize> {
    let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?).ok()?;
    plain.strip_prefix("at:")?.parse().ok()
}
