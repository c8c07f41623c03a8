//! The sandbox's clock: real time plus an offset a test can move.
//!
//! Invariant: nothing else in this crate reads the time. Moving the clock never moves it backwards.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// A clock that runs with the machine and can be advanced.
#[derive(Debug, Clone)]
pub struct Clock {
    origin: Timestamp,
    started: Instant,
    offset: Duration,
}

impl Clock {
    /// A clock that starts at the machine's present time.
    #[must_use]
    pub fn start() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the sandbox's one place that reads the time"
        )]
        let origin = Timestamp::now();
        Self {
            origin,
            started: Instant::now(),
            offset: Duration::ZERO,
        }
    }

    /// Time since the sandbox started, the offset included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed() + self.offset
    }

    /// The sandbox's idea of now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.at(self.elapsed())
    }

    /// The time at so much after the start.
    #[must_use]
    pub fn at(&self, elapsed: Duration) -> Timestamp {
        let elapsed = SignedDuration::try_from(elapsed).unwrap_or(SignedDuration::ZERO);
        self.origin.checked_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    /// Moves the clock forward.
    pub fn advance(&mut self, by: Duration) {
        self.offset = self.offset.saturating_add(by);
    }
}

/// RFC 3339 with milliseconds, as Webex writes times.
#[must_use]
pub fn wire_time(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// The `Date` of an answer.
#[must_use]
pub fn http_date(at: Timestamp) -> Option<String> {
    jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&at)
        .ok()
}
