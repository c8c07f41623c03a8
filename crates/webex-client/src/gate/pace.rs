//! When may the next request go, and how fast. Pure: time is an argument (since the gate was made).
//!
//! While no limit was met, requests in flight and the rate grow fast but not wildly, so that the first refusal costs one
//! or two requests. After a refusal everything is held, then sending is paced evenly at what [`super::model`] takes the
//! limit for, rising slowly from the low end of its range to the high end; a range that has become narrow is kept for
//! long and probed seldom. Requests that were under way when a refusal came belong to the same event.
//!
//! Not every refusal is about the rate: others use up the organisation's budget, or Webex refuses for reasons of its own.
//! Learnt from, such refusals would lower the rate without end. So a refusal right after a hold, or after fewer requests than
//! were accepted before at that speed, counts as noise; while there is noise a short cycle teaches nothing: the rate is
//! lowered a little and rises again with what is accepted. It never falls below what the pauses asked for speak of, and no
//! pause of our own is longer than 15 s.

mod plan;

use std::collections::BTreeMap;
use std::time::Duration;

use super::model::{Cycle, Estimate, Model};
use plan::{GROWTH, NOISY_GROWTH, Plan};

/// The first requests go at this rate (a second) …
const FIRST_RATE: f64 = 20.0;
/// … which doubles in this time (seconds), up to …
const FIRST_DOUBLING: f64 = 0.064;
/// … this one, beyond which nothing is paced.
const UNPACED: f64 = 5000.0;
/// The rate by which requests in flight may grow on a long way doubles in this time (seconds).
const FLIGHT_DOUBLING: f64 = 0.5;
/// The longest pause of our own after refusals in a row (seconds).
const LONGEST_BARREN: u64 = 15;
/// A refusal that more or faster requests did not meet before has another cause than the rate. After so many of them …
const NOISE: f64 = 2.0;
/// … the rate is not believed to be the matter while so few were accepted in a cycle. A longer one clears the suspicion.
const SHORT_CYCLE: f64 = 20.0;
const LONG_CYCLE: f64 = 100.0;
/// Cycles remembered for that.
const PAST: usize = 6;
/// By how much a rate falls at most at a refusal that fits nothing else.
const DECREASE: f64 = 0.8;
/// A range this narrow is worth keeping over a restart.
const SETTLED: f64 = 1.12;
/// How far below a known limit is paced.
const MARGIN: f64 = 0.993;

/// How long a known limit is kept before it is probed (seconds); up to four times that when it was confirmed.
const PATIENCE: f64 = 45.0;

/// May the next one go?
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    /// Now; the number names the request.
    Go(u64),
    /// Not before this moment.
    At(Duration),
    /// Not before another one has come back.
    Full,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Verdict {
    Accepted,
    Throttled {
        pause: Duration,
    },
    /// No answer, or the caller has left.
    Unknown,
}

/// A cycle that is over.
#[derive(Debug, Clone, Copy)]
struct Past {
    accepted: f64,
    /// Requests a second in the mean.
    rate: f64,
}

/// The controller.
pub(crate) struct Pace {
    most_in_flight: u32,
    flights: BTreeMap<u64, f64>,
    next_serial: u64,
    held_until: Duration,
    held_since: f64,
    /// Requests below this number belong to events that are dealt with.
    dealt_with: u64,
    /// Refusals in a row without anything accepted between.
    barren: u32,
    cycle: Cycle,
    model: Model,
    plan: Option<Plan>,
    estimate: Option<Estimate>,
    /// What the estimate will be when the present hold has passed.
    outlook: Option<Estimate>,
    past: Vec<Past>,
    /// Cycles in a row that did not narrow the range: another speed has to tell.
    stuck: u32,
    /// How much speaks for refusals that have nothing to do with the rate.
    noise: f64,
    /// The pause Webex asked for last (seconds).
    asked: f64,
    /// Seconds at `to` of the next plan for a known limit.
    patience: f64,
    /// Below what is known; grows when refusals come all the same.
    margin: f64,
    /// Requests that may go now, and since when it is counted.
    level: f64,
    counted_at: f64,
    /// Seconds spent sending since the last hold.
    spent: f64,
    last_sent: Option<f64>,
    /// The shortest way there and back (seconds).
    way: Option<f64>,
    /// Whether somebody waits for this gate's own measure.
    limited: bool,
    /// Requests that were let through at this gate's own measure.
    tried: f64,
}

impl Pace {
    pub(crate) fn new(most_in_flight: u32) -> Self {
        Self {
            most_in_flight,
            flights: BTreeMap::new(),
            next_serial: 0,
            held_until: Duration::ZERO,
            held_since: 0.0,
            dealt_with: 0,
            barren: 0,
            cycle: Cycle::default(),
            model: Model::default(),
            plan: None,
            estimate: None,
            outlook: None,
            past: Vec::new(),
            stuck: 0,
            noise: 0.0,
            asked: 1.0,
            patience: PATIENCE,
            margin: MARGIN,
            level: 1.0,
            counted_at: 0.0,
            spent: 0.0,
            last_sent: None,
            way: None,
            limited: false,
            tried: 0.0,
        }
    }

    pub(crate) fn in_flight(&self) -> u32 {
        u32::try_from(self.flights.len()).unwrap_or(u32::MAX)
    }

    /// What the limit is taken for, requests a second; none while it is known only vaguely.
    pub(crate) fn learned_rate(&self) -> Option<f64> {
        self.outlook
            .or(self.estimate)
            .filter(|estimate| estimate.ratio() <= SETTLED)
            .map(|estimate| estimate.middle())
    }

    pub(crate) fn held_until(&self, now: Duration) -> Option<Duration> {
        (self.held_until > now).then_some(self.held_until)
    }

    /// Takes up a hold and a rate of an earlier time.
    pub(crate) fn restore(&mut self, now: Duration, left: Duration, rate: Option<f64>) {
        self.hold(now, left);
        if let Some(rate) = rate.filter(|rate| rate.is_finite() && *rate > 0.0) {
            let known = Estimate {
                low: rate,
                high: rate,
                burst: 1.0,
            };
            self.estimate = Some(known);
            self.plan = Some(self.plan_for(known));
            self.spent = 0.0;
        }
    }

    /// Nothing goes before `pause` has passed.
    pub(crate) fn hold(&mut self, now: Duration, pause: Duration) {
        self.held_until = self.held_until.max(now.saturating_add(pause));
    }

    /// How long it will take at the present rate, holds apart, until `ahead` others and one more have gone.
    pub(crate) fn wait_after(&self, now: Duration, ahead: usize) -> Duration {
        let Some(rate) = self.rate() else {
            return Duration::ZERO;
        };
        let gained = (now.as_secs_f64() - self.counted_at).max(0.0) * rate;
        let level = (self.level + gained).min(self.level.max(self.cap()));
        Duration::from_secs_f64(((ahead as f64 + 1.0 - level) / rate).clamp(0.0, 3600.0))
    }

    /// Takes a turn if there is one.
    pub(crate) fn next(&mut self, now: Duration) -> Step {
        if self.held_until > now {
            return Step::At(self.held_until);
        }
        let at = now.as_secs_f64();
        if self.cycle.refused.is_some() {
            self.close_cycle(at);
        }
        if self.flights.len() >= self.window() {
            self.limited = true;
            return Step::Full;
        }
        let rate = self.rate();
        if let Some(rate) = rate {
            self.level =
                (self.level + (at - self.counted_at).max(0.0) * rate).min(self.level.max(self.cap()));
            self.counted_at = at;
            // A hair below one, so that rounding cannot ask for a wait of no length.
            if self.level < 0.999_999 {
                self.limited = true;
                let wait = ((1.0 - self.level) / rate).max(1e-6);
                return Step::At(now.saturating_add(Duration::from_secs_f64(wait.min(3600.0))));
            }
            self.level -= 1.0;
        }
        // Only time spent sending counts: an idle gate learns nothing, and pages that are asked for one after the other do
        // not show that as many as this gate would let through are accepted.
        let limited = std::mem::take(&mut self.limited);
        let longest = match &self.plan {
            Some(plan) => 2.0 / plan.rate(self.spent) + 2.0 * self.way.unwrap_or(0.0),
            None if limited => 1.0,
            None => 0.0,
        };
        self.tried += if limited { 1.0 } else { 0.0 };
        self.spent += self.last_sent.map_or(0.0, |last| (at - last).clamp(0.0, longest));
        self.last_sent = Some(at);
        let serial = self.next_serial;
        self.next_serial += 1;
        self.flights.insert(serial, at);
        Step::Go(serial)
    }

    /// Takes note of what became of a request. Unknown numbers do nothing.
    pub(crate) fn settle(&mut self, now: Duration, serial: u64, verdict: Verdict) {
        let Some(sent) = self.flights.remove(&serial) else {
            return;
        };
        let at = now.as_secs_f64();
        match verdict {
            Verdict::Unknown => {}
            Verdict::Accepted => {
                let way = (at - sent).max(0.0);
                self.way = Some(self.way.map_or(way, |shortest| {
                    if way < shortest {
                        way
                    } else {
                        shortest * 0.999 + way * 0.001
                    }
                }));
                if serial >= self.dealt_with {
                    self.barren = 0;
                }
                if self.cycle.refused.is_none_or(|refused| sent <= refused) {
                    self.cycle.accept(sent);
                    self.look_for_refutation(serial);
                }
            }
            Verdict::Throttled { pause } => {
                self.asked = pause.as_secs_f64();
                if self.cycle.refused.is_none_or(|refused| sent < refused) {
                    self.cycle.refused = Some(sent);
                }
                if serial >= self.dealt_with {
                    self.dealt_with = self.next_serial;
                    self.barren += 1;
                    self.held_since = at;
                    // Told now, so that it is kept together with the hold that taught it.
                    if self.cycle.total() > 0.0 {
                        let (mut model, rate) = (self.model.clone(), self.rate());
                        self.outlook = model
                            .learn(&self.cycle, self.jitter())
                            .map(|estimate| below(estimate, rate));
                    }
                }
                // One refusal after a wait may be bad luck; more of them are answered by longer waits.
                let growing = match self.barren {
                    0..=2 => 0,
                    barren => 2_u64.saturating_pow(barren - 2).min(LONGEST_BARREN),
                };
                self.hold(now, pause.max(Duration::from_secs(growing)));
            }
        }
    }

    /// No limit is taken for lower than what the pause Webex asked for speaks of: whoever says "in a second" lets one
    /// through in two. So no pause of ours is longer than ten seconds.
    fn floor(&self) -> f64 {
        0.5 / self.asked.clamp(1.0, 5.0)
    }

    /// The present rate; none while nothing is paced.
    fn rate(&self) -> Option<f64> {
        match &self.plan {
            Some(plan) => Some(plan.rate(self.spent).max(self.floor())).filter(|rate| *rate < 4.0 * UNPACED),
            None => {
                let rate = FIRST_RATE * 2_f64.powf((self.spent / FIRST_DOUBLING).min(20.0));
                Some(rate).filter(|rate| *rate < UNPACED)
            }
        }
    }

    /// Requests that may be made up for at once after being late.
    fn cap(&self) -> f64 {
        let burst = self.estimate.map_or(1.0, |estimate| estimate.burst);
        if burst < 4.0 { 1.2 } else { 1.0 + burst * 0.25 }
    }

    /// Requests in flight at most.
    fn window(&self) -> usize {
        let way = self.way.unwrap_or(0.0);
        // Far away, more must be under way for the same rate.
        let most = f64::from(self.most_in_flight) * (way / 0.05).clamp(1.0, 8.0);
        let wanted = match &self.plan {
            Some(_) => self.rate().map_or(most, |rate| 2.0 + 2.0 * rate * way.max(0.005)),
            None => {
                let grown = 2_f64.powf((self.spent / FLIGHT_DOUBLING.max(8.0 * way)).min(20.0));
                (self.tried / 100.0).max((FIRST_RATE * way).min(2.0) * grown)
            }
        };
        wanted.clamp(most.min(2.0), most) as usize
    }

    fn jitter(&self) -> f64 {
        0.001 + 0.02 * self.way.unwrap_or(0.0)
    }

    /// After a hold: what the cycle that ended teaches, and how to go on.
    fn close_cycle(&mut self, at: f64) {
        let cycle = std::mem::take(&mut self.cycle);
        self.outlook = None;
        let rate_then = self.rate();
        let accepted = cycle.total();
        self.spent = 0.0;
        self.last_sent = None;
        self.counted_at = at;
        self.level = 1.0;
        if accepted == 0.0 {
            // Refused at once: nothing is learnt about a rate, but a rate that is known may be too high.
            if let Some(plan) = &mut self.plan {
                self.noise += 1.0;
                let lower = rate_then.unwrap_or(plan.to) * DECREASE;
                *plan = Plan {
                    from: lower,
                    to: lower,
                    ramp: 0.0,
                    plateau: if self.noise >= NOISE { 0.0 } else { 5.0 },
                    known: false,
                    growth: if self.noise >= NOISE { NOISY_GROWTH } else { GROWTH },
                    refuted: None,
                };
            }
            return;
        }
        let jitter = self.jitter();
        let lasted = cycle
            .refused
            .zip(cycle.first())
            .map_or(0.0, |(refused, first)| refused - first);
        let pace = rate_then.unwrap_or(UNPACED);
        let unexplained = self
            .past
            .iter()
            .any(|past| past.accepted >= 2.0 * accepted + 2.0 && past.rate >= pace * 0.95);
        if accepted >= LONG_CYCLE {
            self.noise = 0.0;
        } else if unexplained {
            self.noise += 1.0;
        }
        if self.past.len() >= PAST {
            self.past.remove(0);
        }
        self.past.push(Past {
            accepted,
            // What was really sent, not what would have been let through.
            rate: (accepted / lasted.max(1e-3)).min(pace),
        });
        if self.noise >= NOISE && accepted < SHORT_CYCLE {
            let from = rate_then.unwrap_or(accepted / lasted.max(0.01)) * DECREASE;
            self.plan = Some(Plan {
                from,
                to: from,
                ramp: 0.0,
                plateau: 0.0,
                known: false,
                growth: NOISY_GROWTH,
                refuted: None,
            });
            return;
        }
        let was_known = self.plan.is_some_and(|plan| plan.known);
        let before = self.estimate;
        let estimate = self.model.learn(&cycle, jitter).unwrap_or_else(|| {
            // The answers fit no bucket: fall back on what was accepted, holds included.
            let low = accepted / (lasted + (at - self.held_since).max(1.0));
            let high = rate_then.unwrap_or(accepted / lasted.max(0.01)).max(low);
            Estimate {
                low,
                high,
                burst: 1.0,
            }
        });
        let estimate = below(estimate, rate_then);
        if was_known {
            let close = before.is_some_and(|before| {
                estimate.middle() > 0.9 * before.middle() && estimate.middle() < 1.1 * before.middle()
            });
            self.patience = if close {
                (self.patience * 2.0).min(4.0 * PATIENCE)
            } else {
                PATIENCE
            };
            // Refused below what was held for safe: the way there is not even enough for so small a margin.
            let below = before
                .zip(rate_then)
                .is_some_and(|(before, rate)| rate <= before.low);
            self.margin = if below {
                (self.margin - 0.02).max(0.85)
            } else {
                (self.margin + 0.005).min(MARGIN)
            };
        }
        self.stuck = match before {
            Some(before) if estimate.ratio() > 1.0 + (before.ratio() - 1.0) * 0.8 => (self.stuck + 1).min(4),
            _ => 0,
        };
        self.estimate = Some(estimate);
        let plan = self.plan_for(estimate);
        // What the bucket has gained meanwhile may go at once, as far as its size is known.
        let gained = plan.from * (at - self.held_since).max(0.0);
        self.level = (estimate.burst * 0.9 - 1.0).min(gained).max(1.0);
        self.plan = Some(plan);
    }

    fn plan_for(&self, estimate: Estimate) -> Plan {
        let way = self.way.unwrap_or(0.0);
        Plan::within(estimate, way, self.patience, self.margin, self.stuck)
    }

    /// More was accepted than the limit that was assumed allows: it is gone or was never one.
    fn look_for_refutation(&mut self, serial: u64) {
        let Some(plan) = self.plan else { return };
        // Every sixteenth will do.
        if plan.refuted.is_some() || !serial.is_multiple_of(16) {
            return;
        }
        if self
            .cycle
            .stretches()
            .any(|(sent, seconds)| self.model.refuted_by(sent, seconds))
        {
            let rate = plan.rate(self.spent);
            self.plan = Some(Plan {
                refuted: Some((self.spent, rate)),
                ..plan
            });
            self.model.forget();
        }
    }
}

/// Whatever the bucket, the rate at which it ran empty is more than it gains.
fn below(estimate: Estimate, rate: Option<f64>) -> Estimate {
    let high = rate.map_or(estimate.high, |rate| estimate.high.min(rate));
    Estimate {
        low: estimate.low.min(high),
        high,
        ..estimate
    }
}

#[cfg(test)]
mod tests;
