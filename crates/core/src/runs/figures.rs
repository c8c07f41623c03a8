//! Figures of runs at work: rate, requests, slow-downs, and what a run waits for.

use super::ledger::{Change, Ledger};
use super::{Hold, RateSample, Run, RunProgress};
use crate::clock::Clock;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use webex_client::{GateState, Tally};

/// Figures are kept this often.
const TICK: Duration = Duration::from_secs(1);
/// The rate shown is that of this stretch.
const WINDOW: Duration = Duration::from_secs(10);
/// Stretches of the chart; when there are more, two become one.
const SAMPLES: usize = 120;

/// Figures of a run at work.
#[derive(Debug)]
pub(super) struct Live {
    clock: Arc<dyn Clock>,
    tally: Arc<Tally>,
    figures: Mutex<Figures>,
}

#[derive(Debug)]
struct Figures {
    hold: Option<Hold>,
    verifying: bool,
    done: VecDeque<(Instant, u32)>,
    done_since_sample: u32,
    samples: Vec<RateSample>,
    stretch: Duration,
    sampled: Instant,
    ticked: Instant,
    /// What the run had sent before it was set to work here.
    requests_before: u32,
    throttled_before: u32,
    throttled_at_sample: u32,
    requests: u32,
    throttled: u32,
    learned_rate: Option<f64>,
}

impl Live {
    /// `tally` counts what is sent from now on.
    pub(super) fn new(
        clock: Arc<dyn Clock>,
        run: &Run,
        tally: Arc<Tally>,
        learned_rate: Option<f64>,
    ) -> Self {
        let now = Instant::now();
        Self {
            clock,
            tally,
            figures: Mutex::new(Figures {
                hold: None,
                verifying: false,
                done: VecDeque::new(),
                done_since_sample: 0,
                samples: run.samples.clone(),
                stretch: TICK,
                sampled: now,
                ticked: now,
                requests_before: run.requests,
                throttled_before: run.throttled,
                throttled_at_sample: run.throttled,
                requests: run.requests,
                throttled: run.throttled,
                learned_rate,
            }),
        }
    }

    pub(super) fn show_hold(&self, hold: Option<Hold>) {
        lock(&self.figures).hold = hold;
    }

    pub(super) fn set_verifying(&self, verifying: bool) {
        lock(&self.figures).verifying = verifying;
    }

    pub(super) fn count_done(&self) {
        let mut figures = lock(&self.figures);
        figures.done_since_sample += 1;
        let now = Instant::now();
        match figures.done.back_mut() {
            Some((at, rows)) if now.duration_since(*at) < Duration::from_millis(250) => *rows += 1,
            _ => figures.done.push_back((now, 1)),
        }
    }

    /// Takes the figures of now; once in a while keeps all of them with the run.
    pub(super) async fn tick(&self, ledger: &Ledger, gate: GateState) {
        let change = {
            let mut figures = lock(&self.figures);
            figures.count(&self.tally);
            figures.learned_rate = gate.learned_rate;
            if figures.ticked.elapsed() < TICK {
                return;
            }
            figures.ticked = Instant::now();
            figures.sample(self.clock.now().to_string());
            figures.change()
        };
        if let Err(error) = ledger.record(change).await {
            tracing::warn!(?error, "the run's figures could not be kept");
        }
    }

    pub(super) fn last_change(&self) -> Change {
        let mut figures = lock(&self.figures);
        figures.count(&self.tally);
        figures.sample(self.clock.now().to_string());
        figures.change()
    }

    /// Puts the figures of this moment into what is shown.
    pub(super) fn show_in(&self, progress: &mut RunProgress) {
        let mut figures = lock(&self.figures);
        if figures.hold.is_some() {
            progress.hold.clone_from(&figures.hold);
        }
        figures.count(&self.tally);
        progress.verifying = figures.verifying;
        progress.requests = figures.requests;
        progress.throttled = figures.throttled;
        progress.samples.clone_from(&figures.samples);
        progress.per_second = figures.per_second().filter(|rate| *rate > 0.0);
        let rate = progress
            .per_second
            .or(figures.learned_rate)
            .filter(|rate| *rate > 0.0);
        progress.seconds_left = rate.map(|rate| (f64::from(progress.pending) / rate).ceil() as u32);
    }
}

fn lock(figures: &Mutex<Figures>) -> MutexGuard<'_, Figures> {
    figures.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Figures {
    fn count(&mut self, tally: &Tally) {
        self.requests = self.requests_before.saturating_add(tally.requests());
        self.throttled = self.throttled_before.saturating_add(tally.throttled());
    }

    fn change(&self) -> Change {
        Change::Figures {
            requests: self.requests,
            throttled: self.throttled,
            samples: serde_json::to_string(&self.samples).unwrap_or_else(|_| "[]".to_owned()),
            verifying: self.verifying,
        }
    }

    fn sample(&mut self, at: String) {
        let elapsed = self.sampled.elapsed();
        if elapsed < self.stretch {
            return;
        }
        let per_second = f64::from(self.done_since_sample) / elapsed.as_secs_f64();
        self.samples.push(RateSample {
            at,
            per_second,
            throttled: self.throttled > self.throttled_at_sample,
        });
        self.throttled_at_sample = self.throttled;
        self.done_since_sample = 0;
        self.sampled = Instant::now();
        if self.samples.len() > SAMPLES {
            self.samples = self
                .samples
                .chunks(2)
                .filter_map(|pair| {
                    let last = pair.last()?;
                    let mean = pair.iter().map(|sample| sample.per_second).sum::<f64>() / pair.len() as f64;
                    let throttled = pair.iter().any(|sample| sample.throttled);
                    Some(RateSample {
                        at: last.at.clone(),
                        per_second: mean,
                        throttled,
                    })
                })
                .collect();
            self.stretch *= 2;
        }
    }

    /// Rows a second over the last stretch; None before anything can be said.
    fn per_second(&mut self) -> Option<f64> {
        let now = Instant::now();
        while self
            .done
            .front()
            .is_some_and(|(at, _)| now.duration_since(*at) > WINDOW)
        {
            self.done.pop_front();
        }
        let first = self.done.front()?.0;
        let rows: u32 = self.done.iter().map(|(_, rows)| rows).sum();
        let over = now.duration_since(first).as_secs_f64().max(0.25);
        Some(f64::from(rows) / over)
    }
}
