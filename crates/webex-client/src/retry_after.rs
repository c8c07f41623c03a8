//! `Retry-After`, as Webex sends it (webex-api reference, section 1.3): seconds, an HTTP date, nothing at all, zero, and
//! once `rand(30),add(30)`.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// Assumed when the header is missing or holds nothing usable.
pub const DEFAULT: Duration = Duration::from_secs(5);
/// No hold is shorter.
pub const MINIMUM: Duration = Duration::from_secs(1);
/// No hold is longer; an absurd value is cut to this and shown as it came.
pub const MAXIMUM: Duration = Duration::from_secs(3600);

/// What a 429 asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryAfter {
    /// Between [`MINIMUM`] and [`MAXIMUM`].
    pub pause: Duration,
    /// The header as it came, if it came (at most 200 characters).
    pub text: Option<String>,
    /// Whether the header held a value that could be followed without guessing.
    pub understood: bool,
}

impl RetryAfter {
    /// Reads the header. `now` is only used for HTTP dates.
    pub fn read(header: Option<&str>, now: Timestamp) -> Self {
        let text = header.map(str::trim).filter(|text| !text.is_empty());
        let (pause, understood) = match text {
            None => (DEFAULT, false),
            Some(text) => match plain_seconds(text).or_else(|| until_date(text, now)) {
                Some(pause) => (pause, true),
                None => (largest_sane_number(text).unwrap_or(DEFAULT), false),
            },
        };
        Self {
            pause: pause.clamp(MINIMUM, MAXIMUM),
            text: text.map(|text| text.chars().take(200).collect()),
            understood,
        }
    }
}

/// `120`, `0`, `1.5`, `-3` (read as zero).
fn plain_seconds(text: &str) -> Option<Duration> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let numeric = digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.matches('.').count() <= 1;
    if !numeric {
        return None;
    }
    if negative {
        return Some(Duration::ZERO);
    }
    let seconds: f64 = digits.parse().ok()?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(MAXIMUM))
}

fn until_date(text: &str, now: Timestamp) -> Option<Duration> {
    const PARSER: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);
    let at = PARSER
        .parse_timestamp(text)
        .ok()
        .or_else(|| text.parse::<Timestamp>().ok())?;
    Some(Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO))
}

/// The largest number in any text that is no more than an hour.
fn largest_sane_number(text: &str) -> Option<Duration> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .filter_map(|digits| digits.parse::<u64>().ok())
        .filter(|seconds| *seconds <= MAXIMUM.as_secs())
        .max()
        .map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at() -> Timestamp {
        "2026-10-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn every_kind_of_header_is_read() {
        for (header, seconds) in [
            (None, 5.0),
            (Some(""), 5.0),
            (Some("7"), 7.0),
            (Some(" 30 "), 30.0),
            (Some("1.5"), 1.5),
            (Some("0"), 1.0),
            (Some("0.2"), 1.0),
            (Some("-3"), 1.0),
            (Some("99999999999999999999999"), 3600.0),
            (Some("86400"), 3600.0),
            (Some("rand(30),add(30)"), 30.0),
            (Some("soon"), 5.0),
            (Some("in 20 s, not 999999"), 20.0),
            (Some("NaN"), 5.0),
            (Some("inf"), 5.0),
            (Some("1e3"), 3.0),
            (Some("Thu, 01 Oct 2026 12:00:40 GMT"), 40.0),
            (Some("Thu, 01 Oct 2026 11:59:00 GMT"), 1.0),
            (Some("Fri, 01 Oct 2027 12:00:00 GMT"), 3600.0),
            (Some("2026-10-01T12:00:09Z"), 9.0),
        ] {
            assert_eq!(
                RetryAfter::read(header, at()).pause.as_secs_f64(),
                seconds,
                "{header:?}"
            );
        }
    }

    #[test]
    fn what_came_is_kept() {
        let odd = RetryAfter::read(Some("rand(30),add(30)"), at());
        assert_eq!(
            (odd.text.as_deref(), odd.understood),
            (Some("rand(30),add(30)"), false)
        );
        assert!(RetryAfter::read(Some("9"), at()).understood);
    }

    proptest! {
        #[test]
        fn any_text_gives_a_sane_pause(text in "\\PC{0,60}") {
            let read = RetryAfter::read(Some(&text), at());
            prop_assert!(read.pause >= MINIMUM && read.pause <= MAXIMUM);
        }
    }
}
