//! Webex identifiers: `base64url("ciscospark://<cluster>/<KIND>/<rest>")`.
//!
//! Invariants: what is compared is kind and rest, never the text, because cluster, padding and alphabet vary
//! between endpoints. Reference: identifiers, section 1.1.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD};
use uuid::Uuid;

const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A decoded identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebexId {
    /// `us`, or something like `urn:TEAM:us-east-1_int13`.
    pub cluster: String,
    /// `PEOPLE`, `LICENSE`, `LOCATION`, …
    pub kind: String,
    /// Usually a UUID; a number for old locations, a name for some roles.
    pub rest: String,
}

/// Encodes without padding, as Webex usually does.
#[must_use]
pub fn encode(cluster: &str, kind: &str, rest: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("ciscospark://{cluster}/{kind}/{rest}"))
}

/// Decodes either alphabet, with or without padding; `None` when it is no Webex identifier.
#[must_use]
pub fn decode(text: &str) -> Option<WebexId> {
    let text: String = text
        .chars()
        .map(|c| match c {
            '+' => '-',
            '/' => '_',
            c => c,
        })
        .collect();
    let bytes = TOLERANT.decode(text.as_bytes()).ok()?;
    let plain = String::from_utf8(bytes).ok()?;
    let mut parts = plain.strip_prefix("ciscospark://")?.splitn(3, '/');
    let (cluster, kind, rest) = (parts.next()?, parts.next()?, parts.next()?);
    if rest.is_empty() {
        return None;
    }
    Some(WebexId {
        cluster: cluster.to_owned(),
        kind: kind.to_owned(),
        rest: rest.to_owned(),
    })
}

/// Why an identifier in a request cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdProblem {
    /// Not a Webex identifier at all.
    Malformed,
    /// A Webex identifier of something else.
    WrongKind,
}

/// The rest of an identifier that must be of `kind` (compared without case: `Organization` exists).
pub fn expect(text: &str, kind: &str) -> Result<String, IdProblem> {
    let id = decode(text).ok_or(IdProblem::Malformed)?;
    if id.kind.eq_ignore_ascii_case(kind) {
        Ok(id.rest)
    } else {
        Err(IdProblem::WrongKind)
    }
}

/// As [`expect`], for kinds whose rest is a UUID. A malformed UUID is answered like a malformed id.
pub fn expect_uuid(text: &str, kind: &str) -> Result<Uuid, IdProblem> {
    Uuid::parse_str(&expect(text, kind)?).map_err(|_| IdProblem::Malformed)
}
