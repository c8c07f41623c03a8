//! Figures of one thing that was measured several times.

use std::fmt;

/// Several values of one figure, in the order of their size.
#[derive(Debug, Clone)]
pub struct Sample {
    values: Vec<f64>,
    unit: &'static str,
}

impl Sample {
    pub fn new(values: impl IntoIterator<Item = f64>, unit: &'static str) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Self { values, unit }
    }

    /// The median.
    pub fn middle(&self) -> f64 {
        self.values
            .get(self.values.len() / 2)
            .copied()
            .unwrap_or_default()
    }
}

impl fmt::Display for Sample {
    /// The median, with least and most.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(least), Some(most)) = (self.values.first(), self.values.last()) else {
            return f.write_str("nothing was measured");
        };
        let digits = if self.middle() < 10.0 { 2 } else { 1 };
        write!(
            f,
            "{:.digits$}{} ({least:.digits$} to {most:.digits$})",
            self.middle(),
            self.unit
        )
    }
}
