//! What the specification promises of speed and size, measured on this machine and printed as one table.
//!
//! Nothing is asserted: times are the machine's. What is compared is measured in turn in the same run, so that a busy
//! moment falls on both. `docs/development.md` says how to read it.

mod checker;
mod runs;
mod sample;
mod windows;

use crate::chore::{Outcome, Problem, built, root};
use crate::process::{self, cargo, command, npm};
use crate::setup::{Purpose, setup};
use std::fmt::Display;

/// One promise.
struct Line {
    what: String,
    target: &'static str,
    measured: String,
}

/// What was measured so far.
#[derive(Default)]
struct Table {
    lines: Vec<Line>,
}

impl Table {
    fn add(&mut self, what: impl Into<String>, target: &'static str, measured: impl Display) {
        let line = Line {
            what: what.into(),
            target,
            measured: measured.to_string(),
        };
        println!("  {}: {}", line.what, line.measured);
        process::flush();
        self.lines.push(line);
    }

    fn print(&self) {
        println!("\n{:<58} {:<26} measured", "what", "target");
        for Line {
            what,
            target,
            measured,
        } in &self.lines
        {
            println!("{what:<58} {target:<26} {measured}");
        }
    }
}

const PARTS: &[&str] = &["checker", "windows", "runs", "activation", "page"];

/// Builds in release and measures; `parts` names what, all of it when empty.
///
/// # Errors
/// Something does not build or does not run, or a part is unknown.
pub fn bench(parts: &[&str]) -> Outcome {
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(part)) {
        return Err(Problem::new(format!(
            "bench does not know {unknown}; its parts are {}",
            PARTS.join(", ")
        )));
    }
    let wanted = |part: &str| parts.is_empty() || parts.contains(&part);
    setup(Purpose::Test)?;
    let windows = wanted("windows") && cfg!(target_os = "linux");
    if windows {
        process::run(&mut npm(&["run", "build"]))?;
    }
    build(windows)?;
    let mut table = Table::default();
    if wanted("checker") {
        checker::measure(&mut table)?;
    }
    if windows {
        let bytes = built("release", "patchbay").metadata()?.len();
        table.add(
            "the program, stripped",
            "at most 15 MB",
            format_args!("{:.1} MB", bytes as f64 / 1e6),
        );
        windows::measure(&mut table)?;
    } else if wanted("windows") {
        println!("bench: windows are measured on Linux only");
    }
    if wanted("runs") {
        runs::measure(&mut table)?;
    }
    if wanted("activation") {
        // It prints its own figures, each beside the bare statement it is compared with.
        let example = "activation_100000";
        release(&["--package", "patchbay-tests", "--example", example])?;
        println!("\nActivation of 100,000 users");
        process::flush();
        process::run(&mut command(built("release", &format!("examples/{example}"))))?;
    }
    if wanted("page") {
        // Its table is its own: it knows the browser.
        process::run(&mut npm(&["run", "build"]))?;
        release(&["--package", "patchbay-cli", "--features", "bridge"])?;
        println!("\nThe page");
        process::flush();
        let mut grid = command("node");
        grid.arg(root().join("tests/browser/bench.mjs"))
            .arg(built("release", "patchbay-cli"));
        process::run(&mut grid)?;
    }
    if !table.lines.is_empty() {
        table.print();
    }
    Ok(())
}

/// In one selection what is compared with each other, so that each dependency is compiled once.
fn build(windows: bool) -> Outcome {
    let mut words = vec!["--package", "patchbay-cli"];
    if windows {
        words.extend(["--package", "patchbay", "--package", "bare-window"]);
        words.extend([
            "--features",
            "patchbay/custom-protocol,bare-window/custom-protocol",
        ]);
    }
    release(&words)?;
    release(&["--package", "bulk-file", "--examples"])
}

fn release(words: &[&str]) -> Outcome {
    process::run(
        cargo(&["build", "--release"])
            .args(words)
            .env("SQLX_OFFLINE", "true"),
    )
}
