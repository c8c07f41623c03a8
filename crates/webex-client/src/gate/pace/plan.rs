//! How the rate goes on between two holds.

use crate::gate::model::Estimate;

/// A range this narrow counts as known.
const NARROW: f64 = 1.025;
/// What an uncertain rate is multiplied by each second beyond what was thought possible …
pub(super) const GROWTH: f64 = 1.05;
/// … and one that was lowered for nothing.
pub(super) const NOISY_GROWTH: f64 = 1.6;

/// How the rate goes on after a hold, by the seconds spent sending.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) from: f64,
    pub(super) to: f64,
    /// Seconds from `from` to `to`.
    pub(super) ramp: f64,
    /// Seconds at `to`.
    pub(super) plateau: f64,
    /// Whether the limit is known: then it is probed slowly.
    pub(super) known: bool,
    /// Otherwise what the rate is multiplied by each second after the plateau.
    pub(super) growth: f64,
    /// Since when (seconds spent sending), and from which rate, the range is known to be wrong.
    pub(super) refuted: Option<(f64, f64)>,
}

impl Plan {
    /// How to find, or to keep, a limit within a range. `way` is there and back in seconds, `patience` how long a known
    /// limit is kept in seconds, `margin` what of it is used, `stuck` how many cycles in a row did not narrow the range.
    pub(super) fn within(estimate: Estimate, way: f64, patience: f64, margin: f64, stuck: u32) -> Self {
        let ratio = estimate.ratio();
        let plan = if ratio <= NARROW {
            let to = (estimate.low * estimate.high.powi(2)).cbrt() * margin;
            let plateau = patience.max(200.0 / to);
            Self {
                from: to,
                to,
                ramp: 0.0,
                plateau,
                known: true,
                growth: GROWTH,
                refuted: None,
            }
        } else if ratio <= 1.12 {
            let from = estimate.low * 0.995;
            let ramp = (60.0 / from).max(25.0);
            Self {
                from,
                to: estimate.high,
                ramp,
                plateau: 10.0,
                known: true,
                growth: GROWTH,
                refuted: None,
            }
        } else {
            // Far away, an overshoot costs as many refusals as are under way.
            let way = way.max(0.001);
            let from = estimate.middle().min(estimate.low * (1.0 + 0.2 / way));
            let ramp = (10.0 / from).max(3.0).max(20.0 * way) * f64::from(1 << stuck);
            Self {
                from,
                to: estimate.high,
                ramp,
                plateau: 0.0,
                known: false,
                growth: GROWTH,
                refuted: None,
            }
        };
        Self {
            from: plan.from.max(0.01),
            to: plan.to.max(0.01),
            ..plan
        }
    }

    pub(super) fn rate(&self, spent: f64) -> f64 {
        if let Some((since, rate)) = self.refuted {
            return rate * 4_f64.powf((spent - since).min(10.0));
        }
        if spent < self.ramp {
            return self.from * (self.to / self.from).powf(spent / self.ramp);
        }
        let beyond = spent - self.ramp - self.plateau;
        if beyond <= 0.0 {
            self.to
        } else if self.known {
            self.to * (1.0 + 0.01 * ((beyond / 10.0).min(12.0).exp() - 1.0))
        } else {
            self.to * self.growth.powf(beyond.min(200.0))
        }
    }
}
