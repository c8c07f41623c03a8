//! User's Name and Identity UUID: what a value is, and when two of them are one user.

use std::hash::{DefaultHasher, Hasher};

use base64::{Engine, alphabet, engine};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::{Verdict, artifact};
use crate::{code::Code, text::str_of};

/// Decodes both alphabets' ids with and without padding (ids hold none of the characters that differ).
const BASE64: engine::GeneralPurpose = engine::GeneralPurpose::new(
    &alphabet::STANDARD,
    engine::GeneralPurposeConfig::new()
        .with_decode_padding_mode(engine::DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// How a UUID is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Canonical,
    Braced,
    WithoutDashes,
    Urn,
    WebexId,
}

/// A UUID in any of the ways people paste it.
pub(crate) fn parse_uuid(value: &str) -> Option<(Uuid, Form)> {
    let form = match value.len() {
        36 => Form::Canonical,
        32 => Form::WithoutDashes,
        38 | 34 if value.starts_with('{') => Form::Braced,
        45 => Form::Urn,
        n if n > 38 => {
            return person_id(value).ok().flatten().map(|uuid| (uuid, Form::WebexId));
        }
        _ => return None,
    };
    let bare = match form {
        Form::Braced => value.strip_prefix('{')?.strip_suffix('}')?,
        Form::Urn => value.get(..9).filter(|p| p.eq_ignore_ascii_case("urn:uuid:")).map(|_| &value[9..])?,
        _ => value,
    };
    Uuid::try_parse(bare).ok().map(|uuid| (uuid, form))
}

/// Person behind a base64 Webex id (`ciscospark://us/PEOPLE/<uuid>`). An id of something else gives its kind as error.
pub(crate) fn person_id(value: &str) -> Result<Option<Uuid>, String> {
    if !value.starts_with("Y2lzY29zcGFyazov") {
        return Ok(None);
    }
    let Ok(bytes) = BASE64.decode(value) else { return Ok(None) };
    let Ok(uri) = String::from_utf8(bytes) else { return Ok(None) };
    let mut parts = uri.rsplit('/');
    let (id, kind) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if kind != "PEOPLE" {
        return Err(kind.to_owned());
    }
    Ok(Uuid::try_parse(id).ok())
}

/// Key of a user: lowest bit 0 for a name, 1 for a UUID; never 0.
fn key_of(hash: u64, uuid: bool) -> u64 {
    (hash & !1) | 2 | u64::from(uuid)
}

/// Whether a key stands for a UUID.
pub(crate) fn is_uuid_key(key: u64) -> bool {
    key & 1 == 1
}

fn uuid_verdict(uuid: Uuid, form: Form) -> Verdict<u64> {
    let mut hasher = DefaultHasher::new();
    hasher.write(uuid.as_bytes());
    let key = key_of(hasher.finish(), true);
    match form {
        Form::Canonical => Verdict::right(key),
        _ => Verdict::warned(Code::IdentityNormalised, key),
    }
}

/// A value of the UUID column. Blank is judged by the row, which may have a name instead.
pub(crate) fn check_uuid(trimmed: &[u8]) -> Verdict<u64> {
    let value = str_of(trimmed);
    if artifact::unwrap(artifact::Kind::Uuid, value).is_some() {
        return Verdict::wrong(Code::SpreadsheetArtifact);
    }
    match parse_uuid(value) {
        Some((uuid, form)) => uuid_verdict(uuid, form),
        None => Verdict::wrong(Code::IdentityNotUuid),
    }
}

/// A value of the name column: a UUID there counts as a UUID, whatever the heading says.
pub(crate) fn check_name(trimmed: &[u8]) -> Verdict<u64> {
    let first = trimmed.first().copied().unwrap_or_default();
    if trimmed.len() >= 32
        && let Some((uuid, form)) = parse_uuid(str_of(trimmed))
    {
        return uuid_verdict(uuid, form);
    }
    if matches!(first, b'=' | b'\'') && artifact::unwrap(artifact::Kind::Name, str_of(trimmed)).is_some() {
        return Verdict::wrong(Code::SpreadsheetArtifact);
    }
    let key = name_key(trimmed);
    match first {
        b'=' | b'+' | b'-' | b'@' => Verdict::warned(Code::NameIsFormula, key),
        _ => Verdict::right(key),
    }
}

fn name_key(trimmed: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    if trimmed.is_ascii() {
        let mut lower = [0u8; 64];
        for chunk in trimmed.chunks(lower.len()) {
            let part = &mut lower[..chunk.len()];
            part.copy_from_slice(chunk);
            part.make_ascii_lowercase();
            hasher.write(part);
        }
    } else {
        hasher.write(fold(str_of(trimmed)).as_bytes());
    }
    key_of(hasher.finish(), false)
}

/// A name as it is compared: NFC, case-folded. The argument is trimmed.
pub(crate) fn fold(trimmed: &str) -> String {
    if trimmed.is_ascii() {
        return trimmed.to_ascii_lowercase();
    }
    let composed: String = trimmed.nfc().collect();
    caseless::default_case_fold_str(&composed).nfc().collect()
}

/// A user as compared and as handed to the planner: the UUID in lower case, or the trimmed name.
pub(crate) enum User<'a> {
    Name(&'a str),
    Uuid(Uuid),
}

pub(crate) fn user(trimmed: &str) -> User<'_> {
    match parse_uuid(trimmed) {
        Some((uuid, _)) => User::Uuid(uuid),
        None => User::Name(trimmed),
    }
}
