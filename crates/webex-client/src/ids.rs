//! Webex identifiers (webex-api reference, section 1.1).
//!
//! `base64url("ciscospark://" + cluster + "/" + KIND + "/" + rest)`. The original string is always kept: an id that is
//! sent back is the one that came, never one rebuilt with a guessed cluster. Objects are compared by their UUID, as
//! some payloads carry plain UUIDs where others carry the long form.

use std::fmt;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use uuid::Uuid;

const SCHEME: &str = "ciscospark://";

/// Accepts padded and unpadded text; `+` and `/` are mapped before.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A decoded identifier.
#[derive(Debug, Clone)]
pub struct WebexId {
    original: String,
    /// Usually `us`; also `urn:TEAM:us-east-1_int13` and the like. Absent for a plain UUID.
    pub cluster: Option<String>,
    /// As it came (`PEOPLE`, `Organization`, …). Absent for a plain UUID.
    pub kind: Option<String>,
    /// What stands after the kind: a UUID, a number, a name, or `<orgUuid>:<TYPECODE>_<uuid>` for licences.
    pub rest: String,
}

/// The text is no Webex id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is neither a UUID nor a Webex id")]
pub struct WebexIdError(pub String);

impl WebexId {
    /// Reads the long form (with or without padding, either base64 alphabet), `ciscospark://…`, or a plain UUID.
    pub fn decode(text: &str) -> Result<Self, WebexIdError> {
        let trimmed = text.trim();
        let wrong = || WebexIdError(trimmed.chars().take(200).collect());
        if let Ok(uuid) = Uuid::try_parse(trimmed) {
            return Ok(Self {
                original: trimmed.to_owned(),
                cluster: None,
                kind: None,
                rest: uuid.hyphenated().to_string(),
            });
        }
        let decoded = if trimmed.starts_with(SCHEME) {
            trimmed.to_owned()
        } else {
            let mapped: String = trimmed
                .chars()
                .map(|c| match c {
                    '+' => '-',
                    '/' => '_',
                    other => other,
                })
                .collect();
            let bytes = LENIENT.decode(mapped).map_err(|_| wrong())?;
            String::from_utf8(bytes).map_err(|_| wrong())?
        };
        let inner = decoded.strip_prefix(SCHEME).ok_or_else(wrong)?;
        let mut parts = inner.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(cluster), Some(kind), Some(rest)) if !kind.is_empty() && !rest.is_empty() => Ok(Self {
                original: trimmed.to_owned(),
                cluster: Some(cluster.to_owned()),
                kind: Some(kind.to_owned()),
                rest: rest.to_owned(),
            }),
            _ => Err(wrong()),
        }
    }

    /// The long form, unpadded base64url.
    pub fn encode(cluster: &str, kind: &str, rest: &str) -> String {
        LENIENT.encode(format!("{SCHEME}{cluster}/{kind}/{rest}"))
    }

    /// The string as it came.
    pub fn as_str(&self) -> &str {
        &self.original
    }

    /// Whether the id names an object of this kind (without regard to case); a plain UUID may be anything.
    pub fn may_be(&self, kind: &str) -> bool {
        self.kind
            .as_deref()
            .is_none_or(|own| own.eq_ignore_ascii_case(kind))
    }

    /// The UUID inside, where there is one. For a licence this is the UUID after the type code.
    pub fn uuid(&self) -> Option<Uuid> {
        let last = self
            .licence_parts()
            .map_or(self.rest.as_str(), |(_, _, uuid)| uuid);
        Uuid::try_parse(last).ok()
    }

    /// The machine-readable licence type (`UCPREM`, `SLWCA`, …): the only one there is.
    pub fn licence_type(&self) -> Option<&str> {
        self.licence_parts().map(|(_, code, _)| code)
    }

    fn licence_parts(&self) -> Option<(&str, &str, &str)> {
        if !self
            .kind
            .as_deref()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("LICENSE"))
        {
            return None;
        }
        let (organisation, tail) = self.rest.split_once(':')?;
        let (code, uuid) = tail.rsplit_once('_')?;
        Some((organisation, code, uuid))
    }
}

impl fmt::Display for WebexId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.original)
    }
}

/// Whether two ids name the same object: equal text, or equal UUIDs of kinds that do not contradict each other, or
/// equal kind and rest. Unreadable ids are compared as text.
pub fn same_object(left: &str, right: &str) -> bool {
    let (left, right) = (left.trim(), right.trim());
    if left == right {
        return true;
    }
    let (Ok(left), Ok(right)) = (WebexId::decode(left), WebexId::decode(right)) else {
        return false;
    };
    let kinds_agree = match (&left.kind, &right.kind) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => true,
    };
    if !kinds_agree {
        return false;
    }
    match (left.licence_parts().is_some(), right.licence_parts().is_some()) {
        // Licences of one type may share their last UUID between organisations: the whole rest counts.
        (true, true) => left.rest.eq_ignore_ascii_case(&right.rest),
        _ => match (left.uuid(), right.uuid()) {
            (Some(a), Some(b)) => a == b,
            _ => left.rest == right.rest,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UUID: &str = "0a7e2f0c-3d3f-4b7a-9c62-5d6f6f0a1b2c";

    #[test]
    fn padding_alphabet_and_case_do_not_matter() {
        let plain = WebexId::encode("us", "PEOPLE", UUID);
        let padded = format!("{plain}{}", "=".repeat((4 - plain.len() % 4) % 4));
        for text in [plain.as_str(), padded.as_str(), &format!(" {plain}\n")] {
            let id = WebexId::decode(text).unwrap();
            assert_eq!(id.kind.as_deref(), Some("PEOPLE"));
            assert_eq!(id.uuid(), Uuid::try_parse(UUID).ok());
            assert!(same_object(text, UUID));
            assert!(same_object(text, &UUID.to_uppercase()));
        }
        let organisation = WebexId::encode("urn:TEAM:us-east-1_int13", "Organization", UUID);
        assert!(WebexId::decode(&organisation).unwrap().may_be("ORGANIZATION"));
        assert!(!same_object(&organisation, &plain));
    }

    #[test]
    fn a_licence_shows_its_type() {
        let text = WebexId::encode("us", "LICENSE", &format!("{UUID}:UCPREM_{UUID}"));
        let id = WebexId::decode(&text).unwrap();
        assert_eq!(id.licence_type(), Some("UCPREM"));
        let other = WebexId::encode("us", "LICENSE", &format!("{UUID}:SLWCA_{UUID}"));
        assert!(!same_object(&text, &other));
    }

    #[test]
    fn rest_need_not_be_a_uuid() {
        let location = WebexId::encode("us", "LOCATION", "63715");
        assert_eq!(WebexId::decode(&location).unwrap().rest, "63715");
        assert!(same_object(
            &location,
            &WebexId::encode("eu", "LOCATION", "63715")
        ));
        let role = WebexId::encode("us", "ROLE", "atlas-portal.partner.salesadmin");
        assert_eq!(WebexId::decode(&role).unwrap().uuid(), None);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "abc",
            "Y2lz",
            "provisioning:id",
            "ciscospark://us/PEOPLE/",
            "Ω",
        ] {
            assert!(WebexId::decode(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn encoding_and_decoding_agree(cluster in "[a-z:_0-9-]{1,20}", kind in "[A-Z_]{1,12}", rest in "[^/]{1,40}") {
            let id = WebexId::decode(&WebexId::encode(&cluster, &kind, &rest)).unwrap();
            prop_assert_eq!(id.cluster.as_deref(), Some(cluster.as_str()));
            prop_assert_eq!(id.kind.as_deref(), Some(kind.as_str()));
            prop_assert_eq!(id.rest, rest);
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,80}") {
            let _ = WebexId::decode(&text);
            let _ = same_object(&text, "x");
        }
    }
}
