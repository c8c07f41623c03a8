//! `sandbox serve`: the simulated Webex cloud, until it is stopped.

use crate::say::{Stop, print_line, tell};
use std::process::ExitCode;
use webex_sandbox::{Config, Seed};

pub async fn serve(seed: &str, port: u16, rate: Option<f64>, auto_consent: bool) -> Result<ExitCode, Stop> {
    let seed: Seed = seed.parse().map_err(|_| {
        Stop::wrong(format!(
            "There is no seed \"{seed}\". There are demo, large and awkward."
        ))
    })?;
    if rate.is_some_and(|rate| !rate.is_finite() || rate <= 0.0) {
        return Err(Stop::wrong("--rate takes a number of requests a second above 0."));
    }
    let sandbox = webex_sandbox::start(Config {
        seed,
        port,
        rate,
        auto_consent,
        ..Config::default()
    })
    .await
    .map_err(|error| {
        Stop::failed(format!(
            "The sandbox cannot listen on port {port}: {error}. Choose another by --port."
        ))
    })?;
    print_line(&sandbox.announcement().to_string())?;
    tell("A simulated Webex cloud is running on this computer. Stop it with Ctrl C.");
    wait_for_stop().await;
    sandbox.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Until Ctrl C or the system's wish to end.
pub async fn wait_for_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without signals it ends with its process.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
