//! Number: an optional leading + and 7 to 15 digits, or nothing.

use super::{Verdict, artifact};
use crate::{code::Code, text::str_of};

const PLUS: u64 = 1 << 63;
const LENGTH_AT: u32 = 50;

/// Digits of a key without the +, by which numbers are compared: value and count.
pub(crate) fn digits_key(key: u64) -> u64 {
    key & !PLUS
}

/// Whether the number has its +.
pub(crate) fn has_plus(key: u64) -> bool {
    key & PLUS != 0
}

/// The digits of a key, leading zeros and all.
pub(crate) fn digits(key: u64) -> String {
    let key = digits_key(key);
    let length = (key >> LENGTH_AT) as usize;
    format!("{:0length$}", key & ((1 << LENGTH_AT) - 1))
}

/// Verdict on a trimmed value; a blank one is right and has key 0.
pub(crate) fn check(trimmed: &[u8]) -> Verdict<u64> {
    if trimmed.is_empty() {
        return Verdict::right(0);
    }
    let (plus, body) = match trimmed {
        [b'+', rest @ ..] => (PLUS, rest),
        _ => (0, trimmed),
    };
    let mut value: u64 = 0;
    let mut plain = !body.is_empty();
    for b in body {
        if !b.is_ascii_digit() {
            plain = false;
            break;
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(b - b'0'));
    }
    if plain {
        return match body.len() {
            7..=15 => Verdict::right(plus | ((body.len() as u64) << LENGTH_AT) | value),
            _ => Verdict::wrong(Code::NumberLength),
        };
    }
    odd(str_of(trimmed))
}

fn odd(value: &str) -> Verdict<u64> {
    if artifact::unwrap(artifact::Kind::Number, value).is_some() {
        return Verdict::wrong(Code::SpreadsheetArtifact);
    }
    if is_scientific(value) {
        return Verdict::wrong(Code::NumberScientific);
    }
    if parts(value).is_some() {
        return Verdict::wrong(Code::NumberMultiple);
    }
    match unformatted(value) {
        Some(plain) => match check(plain.as_bytes()) {
            // A warning never hides an error: with a wrong count of digits that is what has to be said.
            Verdict { code: None, key } => Verdict::warned(Code::NumberFormatted, key),
            wrong => wrong,
        },
        None => Verdict::wrong(Code::NumberNotNumeric),
    }
}

/// `6.51E+10`, `6,51E+10`, `6e10`.
pub(crate) fn is_scientific(value: &str) -> bool {
    let Some((mantissa, exponent)) = value.split_once(['E', 'e']) else { return false };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let mantissa = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    [whole, fraction, exponent].iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
}

fn is_formatting(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '.' | '(' | ')' | '[' | ']' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// The number without its spaces, dashes, dots and brackets; none where something else is in it. A + may stand
/// before the first digit only.
pub(crate) fn unformatted(value: &str) -> Option<String> {
    let mut out = String::with_capacity(value.len());
    let mut digits = false;
    for c in value.chars() {
        match c {
            '0'..='9' => {
                digits = true;
                out.push(c);
            }
            '+' if out.is_empty() => out.push(c),
            c if is_formatting(c) => {}
            _ => return None,
        }
    }
    digits.then_some(out)
}

/// The numbers of a cell that holds several. A slash between two short groups (`0711/123456`) is a way of writing
/// one number, not two.
pub(crate) fn parts(value: &str) -> Option<Vec<&str>> {
    let separators = [';', ',', '/', '|', '\\', '\n', '\r'];
    if !value.contains(separators) {
        return None;
    }
    let parts: Vec<&str> = value.split(separators).map(crate::text::trim).filter(|p| !p.is_empty()).collect();
    let digits: Option<Vec<usize>> =
        parts.iter().map(|p| unformatted(p).map(|n| n.trim_start_matches('+').len())).collect();
    let digits = digits.filter(|d| d.len() >= 2)?;
    let slashed = !value.contains([';', ',', '|', '\\', '\n', '\r']);
    let one = slashed && digits.iter().all(|n| *n < 7) && (7..=15).contains(&digits.iter().sum::<usize>());
    (!one).then_some(parts)
}
