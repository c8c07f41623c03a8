//! Serves a sandbox: `--seed demo|large|awkward`, `--port N`, `--rate REQUESTS_PER_SECOND`, `--auto-consent`.
//! The first line of standard output is the announcement.

use std::io::Write;
use std::process::ExitCode;

use webex_sandbox::Config;

fn config() -> Result<Config, String> {
    let mut config = Config::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || {
            arguments
                .next()
                .ok_or_else(|| format!("{argument} needs a value"))
        };
        match argument.as_str() {
            "--seed" => config.seed = value()?.parse().map_err(|e| format!("{e}"))?,
            "--port" => config.port = value()?.parse().map_err(|e| format!("--port: {e}"))?,
            "--rate" => config.rate = Some(value()?.parse().map_err(|e| format!("--rate: {e}"))?),
            "--auto-consent" => config.auto_consent = true,
            other => return Err(format!("there is no option {other}")),
        }
    }
    Ok(config)
}

#[tokio::main]
async fn main() -> ExitCode {
    let config = match config() {
        Ok(config) => config,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(2);
        }
    };
    match webex_sandbox::start(config).await {
        Ok(sandbox) => {
            let mut out = std::io::stdout();
            if writeln!(out, "{}", sandbox.announcement())
                .and_then(|()| out.flush())
                .is_err()
            {
                return ExitCode::FAILURE;
            }
            // Ends with Ctrl-C; an error means that no signal can be waited for.
            let ended = tokio::signal::ctrl_c().await;
            sandbox.stop().await;
            if ended.is_ok() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(problem) => {
            eprintln!("the sandbox could not be started: {problem}");
            ExitCode::FAILURE
        }
    }
}
