//! Time and ids come in as arguments, so that a hold or an expiry is an ordinary unit test.
//!
//! Wall-clock time is only read here and through this trait; delays use `tokio::time`.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// The wall clock: for `Retry-After` dates, the deadline of a hold and the receipt time of a grant.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// Where tracking ids come from. Every call must return a value that was not returned before.
pub trait Ids: Send + Sync {
    fn uuid(&self) -> Uuid;
}

/// The moment of an answer by two clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// As Webex's answer says (`Date`): whole seconds, what is over of the present one cut off.
    pub webex: Timestamp,
    /// By this computer's clock, halfway between request and answer.
    pub here: Timestamp,
}

impl Clocks {
    /// Less than this is no difference: a `Date` tells whole seconds, and the answer was on its way.
    const SAME: i64 = 2;

    /// Seconds that Webex's clock is ahead of this computer's; negative where it is behind, 0 where they agree as far as can
    /// be told.
    pub fn ahead_seconds(&self) -> i64 {
        // Half a second for what is cut off, another half to round.
        let rounded = self
            .webex
            .duration_since(self.here)
            .saturating_add(SignedDuration::from_secs(1));
        let ahead = i64::try_from(rounded.as_millis().div_euclid(1_000)).unwrap_or_default();
        if ahead.abs() < Self::SAME { 0 } else { ahead }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_agree_are_not_told_apart() {
        let here: Timestamp = "2026-03-29T01:00:00.4Z".parse().unwrap();
        let ahead = |webex: &str| {
            Clocks {
                webex: webex.parse().unwrap(),
                here,
            }
            .ahead_seconds()
        };
        assert_eq!(ahead("2026-03-29T01:00:00Z"), 0);
        assert_eq!(ahead("2026-03-29T00:59:59Z"), 0);
        assert_eq!(ahead("2026-03-29T01:00:01Z"), 0);
        assert_eq!(ahead("2026-03-29T04:00:00Z"), 3 * 3600);
        assert_eq!(ahead("2026-03-27T01:00:00Z"), -2 * 24 * 3600);
    }
}
