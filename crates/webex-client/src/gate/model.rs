//! What limit do the answers fit? Pure.
//!
//! The assumption is a token bucket of `burst` tokens that gains `rate` a second, neither of them known. A *cycle* is the
//! time from the end of a hold, when the bucket is taken to be full, to the first refusal. Every stretch of accepted
//! requests bounds the rate from below for a given burst, every refusal bounds it from above. One row for each burst
//! keeps both bounds; rows whose bounds contradict each other are out. Two cycles sent at different speeds leave a
//! narrow range. A limit that changed shows as a contradiction of all rows: then the oldest cycles are forgotten.

/// Cycles remembered.
const MEMORY: usize = 6;
/// Requests of a cycle that are remembered singly.
const MOST: usize = 4096;
/// Of these, so many recent ones and so many others begin or end a stretch that is looked at.
const RECENT: usize = 40;
const THINNED: usize = 40;

/// One cycle: seconds since the gate was made.
#[derive(Debug, Clone, Default)]
pub(super) struct Cycle {
    /// When accepted requests left, ascending.
    accepted: Vec<f64>,
    /// Accepted requests that were thinned out stay counted: `counts[i]` stands for how many up to `accepted[i]`.
    counts: Vec<f64>,
    /// When the first refused request left.
    pub refused: Option<f64>,
}

impl Cycle {
    pub(super) fn accept(&mut self, at: f64) {
        let place = self
            .accepted
            .iter()
            .rposition(|earlier| *earlier <= at)
            .map_or(0, |before| before + 1);
        let before = place
            .checked_sub(1)
            .and_then(|before| self.counts.get(before))
            .copied()
            .unwrap_or(0.0);
        self.accepted.insert(place, at);
        self.counts.insert(place, before);
        for count in self.counts.iter_mut().skip(place) {
            *count += 1.0;
        }
        if self.accepted.len() > MOST {
            self.thin();
        }
    }

    /// Keeps the first, the recent half and every second of the rest.
    fn thin(&mut self) {
        let recent_from = self.accepted.len() / 2;
        let keep = |at: usize| at == 0 || at >= recent_from || at.is_multiple_of(2);
        let mut at = 0;
        self.accepted.retain(|_| {
            at += 1;
            keep(at - 1)
        });
        at = 0;
        self.counts.retain(|_| {
            at += 1;
            keep(at - 1)
        });
    }

    pub(super) fn total(&self) -> f64 {
        self.counts.last().copied().unwrap_or(0.0)
    }

    pub(super) fn first(&self) -> Option<f64> {
        self.accepted.first().copied()
    }

    /// Stretches up to now, as (requests, seconds): all of it, the later half, the last quarter.
    pub(super) fn stretches(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let last = self.accepted.len().saturating_sub(1);
        [0, last / 2, last - last / 4]
            .into_iter()
            .filter_map(move |from| {
                let sent = self.counts.get(last)? - self.counts.get(from)? + 1.0;
                Some((sent, self.accepted.get(last)? - self.accepted.get(from)?))
            })
    }

    /// Pairs of (time, requests up to and including it), all recent ones and some of the others.
    fn points(&self, before: f64) -> Vec<(f64, f64)> {
        let all: Vec<(f64, f64)> = self
            .accepted
            .iter()
            .copied()
            .zip(self.counts.iter().copied())
            .take_while(|(at, _)| *at <= before)
            .collect();
        let old = all.len().saturating_sub(RECENT);
        let step = old.div_ceil(THINNED).max(1);
        all.iter()
            .enumerate()
            .filter(|(at, _)| *at >= old || at % step == 0)
            .map(|(_, point)| *point)
            .collect()
    }

    /// Bounds on the rate for a burst of `burst` up to `wider`. Times are uncertain by `jitter` seconds.
    fn bounds(&self, points: &[(f64, f64)], burst: f64, wider: f64, jitter: f64) -> (f64, f64) {
        let mut low = 0.0_f64;
        for (from, (since, before)) in points.iter().enumerate() {
            for (until, upto) in points.iter().skip(from + 1) {
                let sent = upto - before + 1.0;
                if sent > wider {
                    low = low.max((sent - wider) / (until - since + jitter));
                }
            }
        }
        let Some(refused) = self.refused else {
            return (low, f64::INFINITY);
        };
        let sent_until_refusal = points.last().map_or(0.0, |(_, count)| *count);
        let mut high = 0.0_f64;
        for (since, before) in self
            .accepted
            .iter()
            .zip(&self.counts)
            .take_while(|(since, _)| **since <= refused)
        {
            let sent = sent_until_refusal - before + 2.0;
            if sent > burst {
                high = high.max((sent - burst) / (refused - since - jitter).max(jitter));
            }
        }
        (low, high)
    }
}

/// What the rate may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    /// Requests a second.
    pub low: f64,
    pub high: f64,
    /// The smallest burst that fits.
    pub burst: f64,
}

impl Estimate {
    pub(super) fn middle(&self) -> f64 {
        (self.low * self.high).sqrt()
    }

    /// How uncertain: 1 is certain.
    pub(super) fn ratio(&self) -> f64 {
        self.high / self.low
    }
}

#[derive(Debug, Clone)]
struct Row {
    low: f64,
    high: f64,
}

/// The cycles remembered, each as one row for each burst.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    cycles: Vec<Vec<Row>>,
}

/// Bursts considered, each with the next: one alone, then ever wider steps up to some thousands.
fn bursts() -> impl Iterator<Item = (f64, f64)> {
    let mut next = 1.0_f64;
    let mut first = true;
    std::iter::from_fn(move || {
        let burst = next;
        next = if std::mem::take(&mut first) {
            1.0
        } else {
            burst + (burst * 0.025).max(0.125)
        };
        (burst < 6000.0).then_some((burst, next))
    })
}

impl Model {
    /// Takes in a cycle that ended with a refusal and says what the rate may be now.
    pub(super) fn learn(&mut self, cycle: &Cycle, jitter: f64) -> Option<Estimate> {
        let points = cycle.points(cycle.refused.unwrap_or(f64::INFINITY));
        if points.is_empty() {
            return None;
        }
        let rows = bursts()
            .map(|(burst, wider)| {
                let (low, high) = cycle.bounds(&points, burst, wider, jitter);
                Row { low, high }
            })
            .collect();
        self.cycles.push(rows);
        if self.cycles.len() > MEMORY {
            self.cycles.remove(0);
        }
        loop {
            if let Some(estimate) = self.estimate() {
                return Some(estimate);
            }
            if self.cycles.len() <= 1 {
                self.cycles.clear();
                return None;
            }
            self.cycles.remove(0);
        }
    }

    pub(super) fn forget(&mut self) {
        self.cycles.clear();
    }

    /// Whether `sent` requests accepted within `seconds` are more than any row allows.
    pub(super) fn refuted_by(&self, sent: f64, seconds: f64) -> bool {
        seconds > 0.0
            && self
                .feasible()
                .all(|(burst, row)| sent > burst * 1.025 + 1.0 + row.high * 1.02 * seconds)
    }

    fn feasible(&self) -> impl Iterator<Item = (f64, Row)> + '_ {
        bursts().enumerate().filter_map(|(at, (burst, _))| {
            let rows = self.cycles.iter().filter_map(|rows| rows.get(at));
            let joined = rows.fold(
                Row {
                    low: 0.0,
                    high: f64::INFINITY,
                },
                |joined, row| Row {
                    low: joined.low.max(row.low),
                    high: joined.high.min(row.high),
                },
            );
            // A bucket holds no more than it gains in a second, or the limit would hardly be one.
            let plausible = joined.high >= burst * 0.9 || burst <= 1.0;
            (joined.high > 0.0 && joined.low <= joined.high * 1.002 && plausible).then_some((burst, joined))
        })
    }

    fn estimate(&self) -> Option<Estimate> {
        let mut found: Option<Estimate> = None;
        for (burst, row) in self.feasible() {
            let low = row.low.max(burst * 0.9).min(row.high);
            let joined = match found {
                Some(so_far) => Estimate {
                    low: so_far.low.min(low),
                    high: so_far.high.max(row.high),
                    burst: so_far.burst.min(burst),
                },
                None => Estimate {
                    low,
                    high: row.high,
                    burst,
                },
            };
            found = Some(joined);
        }
        found.filter(|estimate| estimate.high.is_finite() && estimate.high > 0.0)
    }
}
