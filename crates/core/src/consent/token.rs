//! When an access token should be replaced. Pure.

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;

/// A token is renewed at this age even if it lives longer.
const RENEW_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A token that was received so far in the future was dated by a clock that ran ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);
/// A token is renewed this long before it ends, or at nine tenths of a short life.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// An access token and when it should be replaced.
#[derive(Clone)]
pub(super) struct Token {
    pub text: SecretString,
    pub expires_at: Option<Timestamp>,
    pub received_at: Option<Timestamp>,
}

impl Token {
    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// Whether it should be replaced though it still works. One that a clock which ran ahead has dated tells nothing of its
    /// age, so it is replaced.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        let age = self.received_at.map(|at| now.duration_since(at));
        if age.is_some_and(|age| age >= RENEW_AFTER || age < -AHEAD) {
            return true;
        }
        let Some(end) = self.expires_at else { return false };
        let margin = match self.received_at {
            Some(at) => MARGIN.min(end.duration_since(at) / 10).max(SignedDuration::ZERO),
            None => MARGIN,
        };
        end.duration_since(now) <= margin
    }
}

/// Since when the present life of a refresh token runs: None where the token and its end are the ones of before.
/// `same` says that Webex has handed back the token it was asked with; a life that ends within an hour of where it ended
/// before was only counted anew.
pub(super) fn life_began(
    same: bool,
    before: Option<Timestamp>,
    now_ends: Option<Timestamp>,
    received_at: Timestamp,
) -> Option<Timestamp> {
    let goes_on = same
        && match (before, now_ends) {
            (Some(before), Some(now_ends)) => {
                now_ends.duration_since(before) <= SignedDuration::from_hours(1)
            }
            _ => true,
        };
    (!goes_on).then_some(received_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn token(received: &str, expires: Option<&str>) -> Token {
        Token {
            text: "t".into(),
            received_at: Some(at(received)),
            expires_at: expires.map(at),
        }
    }

    #[test]
    fn a_token_is_due_before_its_end_and_after_a_week() {
        let fortnight = token("2026-10-01T00:00:00Z", Some("2026-10-15T00:00:00Z"));
        assert!(!fortnight.is_due(at("2026-10-07T23:59:59Z")));
        assert!(fortnight.is_due(at("2026-10-08T00:00:00Z")));
        let hour = token("2026-10-01T00:00:00Z", Some("2026-10-01T01:00:00Z"));
        assert!(!hour.is_due(at("2026-10-01T00:54:59Z")));
        assert!(hour.is_due(at("2026-10-01T00:55:00Z")));
        assert!(!hour.is_expired(at("2026-10-01T00:59:59Z")));
        assert!(hour.is_expired(at("2026-10-01T01:00:00Z")));
    }

    #[test]
    fn a_token_from_the_future_is_replaced() {
        let fortnight = token("2026-10-01T00:00:00Z", Some("2026-10-15T00:00:00Z"));
        assert!(fortnight.is_due(at("2026-09-20T00:00:00Z")));
        assert!(
            !fortnight.is_due(at("2026-09-30T23:30:00Z")),
            "the clock was only corrected"
        );
    }

    #[test]
    fn a_life_begins_with_a_new_token_or_a_new_end() {
        let (got, end) = (at("2026-10-08T00:00:00Z"), at("2026-12-30T00:00:00Z"));
        let later = Some(at("2027-01-06T00:00:00Z"));
        assert_eq!(life_began(true, Some(end), Some(end), got), None);
        assert_eq!(life_began(true, Some(end), later, got), Some(got));
        assert_eq!(life_began(false, Some(end), Some(end), got), Some(got));
        assert_eq!(
            life_began(true, Some(end), Some(at("2026-11-01T00:00:00Z")), got),
            None
        );
    }

    #[test]
    fn a_short_life_is_not_renewed_at_every_call() {
        let minute = token("2026-10-01T00:00:00Z", Some("2026-10-01T00:01:00Z"));
        assert!(!minute.is_due(at("2026-10-01T00:00:53Z")));
        assert!(minute.is_due(at("2026-10-01T00:00:54Z")));
        let endless = token("2026-10-01T00:00:00Z", None);
        assert!(!endless.is_due(at("2026-10-07T00:00:00Z")));
    }
}
