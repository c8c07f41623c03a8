//! The request rate limit: a token bucket on the sandbox's clock.
//!
//! Reference: section 1.3. A 429 means "not processed"; `Retry-After` is in seconds.

use std::time::Duration;

/// The wait the latest `Retry-After` asks for, on the sandbox's clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wait {
    from: Duration,
    until: Duration,
}

impl Wait {
    /// A request that left before the answer was received may arrive so much later: the answer's way there and its own way back,
    /// on a machine that may be busy. Whether it had left nobody can see from here.
    const ON_ITS_WAY: Duration = Duration::from_millis(300);
    /// Clients count from when they read the answer, and clocks round.
    const ROUNDING: Duration = Duration::from_millis(20);

    /// An answer of `now` asks for `seconds`; `before` may stand already.
    #[must_use]
    pub fn from(now: Duration, seconds: u64, before: Option<Self>) -> Self {
        let until = now + Duration::from_secs(seconds).saturating_sub(Self::ROUNDING);
        match before.filter(|before| now < before.until) {
            // One more answer of the same event does not excuse what comes now.
            Some(before) => Self {
                until: until.max(before.until),
                ..before
            },
            None => Self {
                from: now + Self::ON_ITS_WAY,
                until,
            },
        }
    }

    /// Whether a request that arrives now was to wait, and its sender knew.
    #[must_use]
    pub fn binds(&self, now: Duration) -> bool {
        (self.from..self.until).contains(&now)
    }
}

/// What the bucket says about a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// Goes on at once.
    Pass,
    /// Goes on after being held back.
    Hold(Duration),
    /// 429 with this many seconds of `Retry-After`.
    Refuse(u64),
}

/// A token bucket: `rate` requests a second, bursts of `max(1, rate / 2)`.
#[derive(Debug, Clone)]
pub struct Throttle {
    rate: Option<f64>,
    refuse_every: Option<u32>,
    level: f64,
    filled_at: Duration,
    beyond: u32,
}

impl Throttle {
    /// `rate` `None` never throttles. With `refuse_every` a request beyond the bucket is held back to fit the rate and
    /// only every so-many-th is refused; without it each one is refused.
    #[must_use]
    pub fn new(rate: Option<f64>, refuse_every: Option<u32>) -> Self {
        let rate = rate.filter(|r| r.is_finite() && *r > 0.0);
        Self {
            rate,
            refuse_every,
            level: rate.map_or(0.0, burst),
            filled_at: Duration::ZERO,
            beyond: 0,
        }
    }

    /// Changes the rate from `at` on.
    pub fn set_rate(&mut self, rate: Option<f64>, at: Duration) {
        *self = Self {
            filled_at: at,
            ..Self::new(rate, self.refuse_every)
        };
    }

    /// Judges one request at `at` (time since the sandbox started).
    pub fn judge(&mut self, at: Duration) -> Verdict {
        let Some(rate) = self.rate else {
            return Verdict::Pass;
        };
        let passed = at.saturating_sub(self.filled_at).as_secs_f64();
        self.filled_at = at;
        self.level = (self.level + passed * rate).min(burst(rate));
        if self.level >= 1.0 {
            self.level -= 1.0;
            return Verdict::Pass;
        }
        self.beyond += 1;
        let wait = (1.0 - self.level) / rate;
        match self.refuse_every {
            Some(every) if !self.beyond.is_multiple_of(every.max(1)) => {
                self.level -= 1.0;
                Verdict::Hold(Duration::from_secs_f64(wait.min(30.0)))
            }
            _ => Verdict::Refuse((wait.ceil() as u64).max(1)),
        }
    }
}

fn burst(rate: f64) -> f64 {
    (rate / 2.0).max(1.0)
}
