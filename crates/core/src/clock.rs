//! The only place that reads the clock.

use jiff::Timestamp;
use std::time::Duration;

/// Wall-clock time as an argument, so that a 90-day expiry is an ordinary test.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The current moment.
    fn now(&self) -> Timestamp;
}

/// The day of a moment as sentences have it, in UTC: "3 March 2026".
pub fn day(at: Timestamp) -> String {
    at.strftime("%-d %B %Y").to_string()
}

/// Pauses between looks at something that Webex carries out in its own time. Tests shorten them.
#[derive(Debug, Clone, Copy)]
pub struct Pauses {
    /// The first one; each is half as long again as the one before.
    pub first: Duration,
    /// The longest one within the usual time.
    pub longest: Duration,
}

impl Pauses {
    /// The pause after `pause`; never longer than `times` the longest.
    pub fn after(&self, pause: Duration, times: u32) -> Duration {
        pause.mul_f64(1.5).min(self.longest * times)
    }
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the place the ban points to")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands `ahead` of the machine's and can be moved: for tests and rehearsals.
#[derive(Debug, Default)]
pub struct MovedClock {
    ahead: std::sync::Mutex<jiff::SignedDuration>,
}

impl MovedClock {
    /// Moves the clock; negative sets it back.
    pub fn advance(&self, by: jiff::SignedDuration) {
        let mut ahead = self
            .ahead
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *ahead = ahead.saturating_add(by);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        let ahead = *self
            .ahead
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        SystemClock.now().saturating_add(ahead).unwrap_or(Timestamp::MAX)
    }
}
