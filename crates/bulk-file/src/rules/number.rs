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
    match bare(value) {
        Some((_, 1..=6 | 16..)) => Verdict::wrong(Code::NumberLength),
        // A warning never hides an error: with a wrong count of digits that is what has to be said.
        Some((key, _)) => Verdict::warned(Code::NumberFormatted, key),
        None => Verdict::wrong(Code::NumberNotNumeric),
    }
}

/// `6.51E+10`, `6,51E+10`, `6e10`.
pub(crate) fn is_scientific(value: &str) -> bool {
    let Some(at) = memchr::memchr2(b'E', b'e', value.as_bytes()) else {
        return false;
    };
    let (mantissa, exponent) = (&value[..at], &value[at + 1..]);
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let mantissa = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    [whole, fraction, exponent]
        .iter()
        .all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
}

fn is_formatting(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '.' | '(' | ')' | '[' | ']' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    ) || c.is_whitespace()
}

/// The characters of a number that is written with spaces, dashes, dots or brackets, without these; none where
/// something else is in it. A + may stand before the first digit only.
///
/// A `(0)` behind a + is left out as well: it is the trunk prefix, which an international number does not have.
fn significant(value: &str) -> impl Iterator<Item = Option<char>> + '_ {
    let bracket = value.bytes().position(|b| b == b'(');
    let (head, tail) = match bracket.and_then(|_| value.split_once("(0)")) {
        Some((head, tail)) if head.contains('+') => (head, tail),
        _ => (value, ""),
    };
    let mut first = true;
    head.chars()
        .chain(tail.chars())
        .filter(|c| !is_formatting(*c))
        .map(move |c| {
            let right = c.is_ascii_digit() || (c == '+' && first);
            first = false;
            right.then_some(c)
        })
}

/// The number without its spaces, dashes, dots and brackets.
pub(crate) fn unformatted(value: &str) -> Option<String> {
    let plain: String = significant(value).collect::<Option<_>>()?;
    plain.ends_with(|c: char| c.is_ascii_digit()).then_some(plain)
}

/// Key of a formatted number and the count of its digits, which is at least 1.
fn bare(value: &str) -> Option<(u64, usize)> {
    let (mut plus, mut digits, mut count) = (0, 0u64, 0);
    for c in significant(value) {
        match c?.to_digit(10) {
            Some(digit) => {
                digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit));
                count += 1;
            }
            None => plus = PLUS,
        }
    }
    (count > 0).then_some((plus | ((count as u64) << LENGTH_AT) | digits, count))
}

/// The numbers of a cell that holds several. A slash between two short groups (`0711/123456`) is a way of writing
/// one number, not two.
pub(crate) fn parts(value: &str) -> Option<Vec<&str>> {
    let separators = [';', ',', '/', '|', '\\', '\n', '\r'];
    if !value
        .bytes()
        .any(|b| matches!(b, b';' | b',' | b'/' | b'|' | b'\\' | b'\n' | b'\r'))
    {
        return None;
    }
    let parts: Vec<&str> = value
        .split(separators)
        .map(crate::text::trim)
        .filter(|p| !p.is_empty())
        .collect();
    let digits: Option<Vec<usize>> = parts
        .iter()
        .map(|p| unformatted(p).map(|n| n.trim_start_matches('+').len()))
        .collect();
    let digits = digits.filter(|d| d.len() >= 2)?;
    let slashed = !value.contains([';', ',', '|', '\\', '\n', '\r']);
    let one = slashed && digits.iter().all(|n| *n < 7) && (7..=15).contains(&digits.iter().sum::<usize>());
    (!one).then_some(parts)
}
