//! TypeScript of the command table: `ui/src/host/generated.ts`.

use crate::chore::{Outcome, Problem, root};
use crate::process::{cargo, output};
use std::path::{Path, PathBuf};

fn file() -> PathBuf {
    root().join("ui/src/host/generated.ts")
}

fn generated() -> Result<String, Problem> {
    output(&mut cargo(&[
        "run",
        "--quiet",
        "--package",
        "patchbay-api",
        "--example",
        "typescript",
    ]))
}

/// Writes the file.
///
/// # Errors
/// The command table does not compile, or the file cannot be written.
pub fn write() -> Outcome {
    std::fs::write(file(), generated()?)?;
    println!("codegen: wrote ui/src/host/generated.ts");
    Ok(())
}

/// Compares the file with the command table.
///
/// # Errors
/// They differ.
pub fn check() -> Outcome {
    compare(&generated()?)
}

/// The same with the example that was built along with everything else.
///
/// # Errors
/// They differ.
pub fn check_built(example: &Path) -> Outcome {
    compare(&output(&mut crate::process::command(example))?)
}

fn compare(generated: &str) -> Outcome {
    let present = std::fs::read_to_string(file())?;
    // A checkout on Windows may have turned the line ends.
    if present.replace("\r\n", "\n") == generated {
        println!("codegen: ui/src/host/generated.ts is as the command table says");
        return Ok(());
    }
    let line = present
        .lines()
        .zip(generated.lines())
        .position(|(is, should)| is != should);
    let line = line.unwrap_or_else(|| present.lines().count().min(generated.lines().count())) + 1;
    Err(Problem::new(format!(
        "ui/src/host/generated.ts:{line} is not what the command table says. Run `cargo xtask codegen` and commit it."
    )))
}
