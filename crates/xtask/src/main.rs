//! Every chore of the repository: `cargo xtask <chore>`.
//!
//! A chore says what it does, fails loudly, and ends by process id whatever it started.

#![expect(clippy::print_stdout, reason = "a chore speaks on standard output")]

mod bench;
mod boundaries;
mod bundle;
mod chore;
mod codegen;
mod headless;
mod process;
mod run;
mod setup;
mod sqlx_data;
mod test;

use chore::Problem;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <chore>

  run [--headless] [--release]   set up, build and open the window; without a display, the main job headless
  test [--full] [--keep-going]   everything a change must pass; --full runs the long journeys at full size,
                                 --keep-going the later steps whatever fails
  ci                             the same as test
  setup                          what run and test call first: system packages, npm packages
  codegen [--check]              TypeScript of the command table (ui/src/host/generated.ts)
  sqlx [--check]                 compile-time data of the SQL queries (crates/core/.sqlx)
  boundaries                     who may import whom
  bundle                         the installable packages of this platform
  screenshots                    docs/screenshots, from the running application
  bench [PART…]                  speed and size beside what is promised; parts: checker, windows, runs, activation, page
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["run", options @ ..] => run::run(options),
        ["test" | "ci", options @ ..] => test::test(options),
        ["setup"] => setup::setup(setup::Purpose::Test),
        ["codegen"] => codegen::write(),
        ["codegen", "--check"] => codegen::check(),
        ["sqlx"] => sqlx_data::write(),
        ["sqlx", "--check"] => sqlx_data::check(),
        ["sqlx", "--migrate", database] => sqlx_data::migrate(database),
        ["boundaries"] => boundaries::check(),
        ["bundle"] => bundle::bundle(),
        ["screenshots"] => test::screenshots(),
        ["bench", parts @ ..] => bench::bench(parts),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(Problem::new(format!(
            "There is no such chore: {}\n\n{HELP}",
            words.join(" ")
        ))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xtask: {problem}");
            ExitCode::FAILURE
        }
    }
}
