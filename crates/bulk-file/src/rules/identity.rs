//! User's Name and Identity UUID: what a value is, and when two of them are one user.

use std::hash::{DefaultHasher, Hasher};

use base64::{Engine, alphabet, engine};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
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
        Form::Urn => value
            .get(..9)
            .filter(|p| p.eq_ignore_ascii_case("urn:uuid:"))
            .map(|_| &value[9..])?,
        _ => value,
    };
    Uuid::try_parse(bare).ok().map(|uuid| (uuid, form))
}

/// Person behind a base64 Webex id (`ciscospark://us/PEOPLE/<uuid>`). An id of something else gives its kind as error.
pub(crate) fn person_id(value: &str) -> Result<Option<Uuid>, String> {
    if !value.starts_with("Y2lzY29zcGFyazov") {
        return Ok(None);
    }
    let Ok(bytes) = BASE64.decode(value) else {
        return Ok(None);
    };
    let Ok(uri) = String::from_utf8(bytes) else {
        return Ok(None);
    };
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
    let mut folded = [0u8; 96];
    match quick_fold(trimmed, &mut folded) {
        Some(length) => hasher.write(&folded[..length]),
        None => hasher.write(fold(str_of(trimmed)).as_bytes()),
    }
    key_of(hasher.finish(), false)
}

/// [`fold`] into a buffer, for names that are short and written in letters which fold one to one and compose with
/// nothing among them: most names of the world, at a fraction of the price.
fn quick_fold(trimmed: &[u8], out: &mut [u8; 96]) -> Option<usize> {
    let buffer = out.get_mut(..trimmed.len())?;
    if trimmed.is_ascii() {
        buffer.copy_from_slice(trimmed);
        buffer.make_ascii_lowercase();
        return Some(trimmed.len());
    }
    let mut length = 0;
    for c in str_of(trimmed).chars() {
        let folded = quick_fold_char(c)?;
        let end = length + folded.len_utf8();
        folded.encode_utf8(out.get_mut(length..end)?);
        length = end;
    }
    Some(length)
}

fn quick_fold_char(c: char) -> Option<char> {
    match c {
        '\0'..='\u{7f}' => Some(c.to_ascii_lowercase()),
        'ß' | 'İ' | 'ŉ' | 'ſ' | 'ǰ' => None,
        'À'..='\u{24f}' | 'Ѐ'..='џ' | 'Ạ'..='ỹ' => {
            let mut lower = c.to_lowercase();
            lower.next().filter(|_| lower.next().is_none())
        }
        'א'..='ת' | 'ء'..='ي' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '一'..='鿿' | '가'..='힣' => {
            Some(c)
        }
        _ => None,
    }
}

/// A name as it is compared: NFC, case-folded. The argument is trimmed.
pub(crate) fn fold(trimmed: &str) -> String {
    if trimmed.is_ascii() {
        return trimmed.to_ascii_lowercase();
    }
    composed(caseless::default_case_fold_str(&composed(trimmed.to_owned())))
}

fn composed(text: String) -> String {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    out.extend(text.nfc());
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_folding_is_folding() {
        let mut quick = 0;
        for c in ('\0'..=char::MAX).filter(|c| quick_fold_char(*c).is_some()) {
            quick += 1;
            let name = format!("É{c}x{c}");
            let mut out = [0; 96];
            let length = quick_fold(name.as_bytes(), &mut out).unwrap();
            assert_eq!(str_of(&out[..length]), fold(&name), "{c:?} U+{:04X}", c as u32);
        }
        assert!(quick > 30_000);
    }
}
