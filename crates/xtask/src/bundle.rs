//! The installable packages of this platform.

use crate::chore::{Outcome, root, target};
use crate::process::{command, run};
use crate::setup::{Purpose, setup};

/// Builds them with the Tauri tools: on Linux .deb and .rpm, else what the platform has.
///
/// # Errors
/// Something does not build.
pub fn bundle() -> Outcome {
    setup(Purpose::Window)?;
    let tauri = root()
        .join("ui/node_modules/.bin")
        .join(if cfg!(windows) { "tauri.cmd" } else { "tauri" });
    let mut build = command(tauri);
    build.arg("build");
    if cfg!(target_os = "linux") {
        build.args(["--bundles", "deb,rpm"]);
    }
    run(&mut build)?;
    println!("bundle: see {}", target().join("release/bundle").display());
    Ok(())
}
