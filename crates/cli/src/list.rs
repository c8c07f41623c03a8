//! `bulk list`: all runs.

use crate::arguments::Format;
use crate::open::Place;
use crate::say::{Stop, print_line};
use patchbay_core::runs::RunState;
use std::process::ExitCode;

/// The state as scripts read it.
pub const fn state(state: RunState) -> &'static str {
    match state {
        RunState::Running => "running",
        RunState::Paused => "paused",
        RunState::Interrupted => "interrupted",
        RunState::Cancelled => "cancelled",
        RunState::Completed => "completed",
    }
}

pub async fn runs(place: &Place, format: Format) -> Result<ExitCode, Stop> {
    let patchbay = place.open().await?;
    let runs = patchbay.all_runs().await?;
    match format {
        Format::Json => {
            let runs: Vec<serde_json::Value> = runs
                .iter()
                .map(|run| serde_json::json!({ "run": run.id, "name": run.name, "state": state(run.state), "rows": run.rows }))
                .collect();
            print_line(&serde_json::json!({ "runs": runs }).to_string())?;
        }
        Format::Text if runs.is_empty() => print_line("No run yet.")?,
        Format::Text => {
            for run in runs {
                print_line(&format!(
                    "{}  {:<11}  {:>6} rows  {}",
                    run.id,
                    state(run.state),
                    run.rows,
                    run.name
                ))?;
            }
        }
    }
    patchbay.close().await;
    Ok(ExitCode::SUCCESS)
}
