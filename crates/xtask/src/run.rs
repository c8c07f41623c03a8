//! `cargo xtask run`: Patchbay as a person would see it.

use crate::chore::{Outcome, Problem, built};
use crate::process::{cargo, command, npm, run as run_program};
use crate::setup::{Purpose, setup};
use crate::{headless, process};

/// Sets up, builds and opens the window; without a display it runs the main job on the command line.
///
/// # Errors
/// Something does not build or does not run.
pub fn run(options: &[&str]) -> Outcome {
    let mut forced = false;
    let mut release = false;
    for option in options {
        match *option {
            "--headless" => forced = true,
            "--release" => release = true,
            other => {
                return Err(Problem::new(format!(
                    "run does not know {other}; it takes --headless and --release"
                )));
            }
        }
    }
    let profile = if release { "release" } else { "debug" };
    let has_display = !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .into_iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if forced || !has_display {
        if !forced {
            println!(
                "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): the main job runs on the command line instead."
            );
        }
        setup(Purpose::Headless)?;
        build(&["build", "--package", "patchbay-cli"], release)?;
        return headless::main_job(&built(profile, "patchbay-cli"));
    }
    setup(Purpose::Window)?;
    run_program(&mut npm(&["run", "build"]))?;
    build(
        &["build", "--package", "patchbay", "--features", "custom-protocol"],
        release,
    )?;
    println!("Patchbay opens. \"Open demo\" on its first page starts the demo organisation.");
    process::flush();
    run_program(&mut command(built(profile, "patchbay")))
}

fn build(words: &[&str], release: bool) -> Outcome {
    let mut build = cargo(words);
    if release {
        build.arg("--release");
    }
    run_program(&mut build)
}
