//! Patchbay on the command line: the same core as the window, through the same command table.
//!
//! Exit status: 0 done and nothing wrong; 1 the file or the run has errors, or what was asked failed; 2 wrong arguments
//! or a path that cannot be opened; 141 where the reader of standard output went away, as a shell sees of tools that are ended
//! by SIGPIPE. What a script reads goes to standard output, everything else to standard error.

mod arguments;
mod backup;
#[cfg(feature = "bridge")]
mod bridge;
mod check;
mod customers;
mod fields;
mod list;
mod open;
mod org;
mod report;
mod run;
mod sandbox;
mod say;
mod validate;

use arguments::{Arguments, Bulk, Command};
use clap::Parser;
use say::Stop;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match carry_out(arguments) {
        Ok(code) => code,
        Err(stop) => {
            stop.say();
            ExitCode::from(stop.status)
        }
    }
}

fn carry_out(arguments: Arguments) -> Result<ExitCode, Stop> {
    let Arguments {
        data_dir,
        vault_passphrase_env,
        command,
    } = arguments;
    let place = open::Place {
        data_dir,
        vault_passphrase_env,
    };
    match command {
        // Checking files offline needs neither a database nor a runtime: it starts in a few milliseconds.
        Command::Bulk {
            command:
                Bulk::Validate {
                    files,
                    org: None,
                    format,
                },
        } => validate::offline(&files, format),
        Command::Bulk {
            command: Bulk::Sample { by, out },
        } => report::sample(by, out.as_deref()),
        command => {
            open::log_to_standard_error();
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .map_err(|error| {
                    Stop::failed(format!("The system gave no threads to work with: {error}."))
                })?;
            runtime.block_on(with_runtime(place, command))
        }
    }
}

async fn with_runtime(place: open::Place, command: Command) -> Result<ExitCode, Stop> {
    match command {
        Command::Bulk { command } => match command {
            Bulk::Validate { files, org, format } => {
                validate::with_organisation(&place, &files, org.as_deref(), format).await
            }
            Bulk::Sample { by, out } => report::sample(by, out.as_deref()),
            Bulk::Run {
                files,
                org,
                location,
                licence,
                add_ons,
                yes,
                format,
            } => {
                let wanted = run::Wanted {
                    files,
                    org,
                    location,
                    licence,
                    add_ons,
                    yes,
                    format,
                };
                run::start(&place, wanted).await
            }
            Bulk::Resume { run, format } => run::resume(&place, &run, format).await,
            Bulk::Report { run, out, kind } => report::report(&place, &run, out.as_deref(), kind).await,
            Bulk::List { format } => list::runs(&place, format).await,
        },
        Command::Export { command } => match command {
            arguments::Export::Audit { out } => report::audit(&place, out.as_deref()).await,
            arguments::Export::Organisations { format, out } => {
                report::organisations(&place, format, out.as_deref()).await
            }
            arguments::Export::Transactions { which, kind, out } => {
                report::transactions(&place, which, kind, out.as_deref()).await
            }
        },
        Command::Org { command } => org::carry_out(&place, command).await,
        Command::Backup { command } => backup::carry_out(&place, command).await,
        Command::Sandbox {
            command:
                arguments::Sandbox::Serve {
                    seed,
                    port,
                    rate,
                    auto_consent,
                },
        } => sandbox::serve(&seed, port, rate, auto_consent).await,
        #[cfg(feature = "bridge")]
        Command::Bridge(arguments) => bridge::serve(&place, arguments).await,
    }
}
