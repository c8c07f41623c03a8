//! Running other programs: their output passes through, and the tests they count are counted.

use crate::chore::{Problem, root};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

/// Tests that a program reported on its way.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    pub success: bool,
    pub counts: Counts,
}

/// A command in the repository's root that reads nothing from standard input.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    // These describe the package of the chore itself; build scripts further down read them, and would run again.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// Cargo, the one that runs this chore.
pub fn cargo(words: &[&str]) -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(words);
    cargo
}

/// npm in the UI's folder.
pub fn npm(words: &[&str]) -> Command {
    npm_in("ui", words)
}

/// npm in a folder of the checkout.
pub fn npm_in(folder: &str, words: &[&str]) -> Command {
    let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(root().join(folder)).args(words);
    npm
}

/// Runs to the end, output passed through.
///
/// # Errors
/// It could not be started, or ended with another status than 0.
pub fn run(command: &mut Command) -> Result<(), Problem> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Problem::new(format!("{} ended with {status}", shown(command))))
    }
}

/// Runs to the end and gives what it wrote to standard output.
///
/// # Errors
/// It could not be started, or ended with another status than 0.
pub fn output(command: &mut Command) -> Result<String, Problem> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        print!("{}", String::from_utf8_lossy(&output.stdout));
        return Err(Problem::new(format!(
            "{} ended with {}",
            shown(command),
            output.status
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs to the end, passing its output through and counting the tests it reports.
///
/// # Errors
/// It could not be started.
pub fn counted(command: &mut Command) -> Result<Ended, Problem> {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .env("NO_COLOR", "1");
    let mut child = command.spawn().map_err(|error| not_started(command, &error))?;
    let (tell, lines) = mpsc::channel();
    let readers = [
        child.stdout.take().map(|pipe| pass_on(pipe, tell.clone())),
        child.stderr.take().map(|pipe| pass_on(pipe, tell.clone())),
    ];
    drop(tell);
    let mut counts = Counts::default();
    for line in lines {
        println!("{line}");
        if let Some(seen) = tests_in(&line) {
            counts.passed += seen.passed;
            counts.failed += seen.failed;
        }
    }
    for reader in readers.into_iter().flatten() {
        // A reader that panicked has lost output only.
        let _ = reader.join();
    }
    let status = child.wait()?;
    Ok(Ended {
        success: status.success(),
        counts,
    })
}

fn pass_on(pipe: impl Read + Send + 'static, lines: mpsc::Sender<String>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while pipe.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if lines.send(text).is_err() {
                return;
            }
        }
    })
}

/// Counts in a summary line of nextest, of `cargo test`, of vitest, or of our own scripts (`N passed, N failed`).
///
/// The runners indent what a test printed, so a summary inside a test's own output counts nothing. A test that passed
/// only when it was tried again (nextest calls it flaky) has failed.
fn tests_in(line: &str) -> Option<Counts> {
    let summary = if let Some(rest) = line.trim_start().strip_prefix("Summary [") {
        rest.split_once("run: ")?.1
    } else if let Some(rest) = line.strip_prefix("test result: ") {
        rest.split_once(". ")?.1
    } else if let Some(rest) = line.trim_start().strip_prefix("Tests  ") {
        rest
    } else if line.starts_with(|first: char| first.is_ascii_digit())
        && line.ends_with(" failed")
        && line.contains(" passed, ")
    {
        line
    } else {
        return None;
    };
    let mut counts = Counts::default();
    let mut flaky = 0;
    for part in summary.split([',', ';', '|', '(', ')']) {
        let mut words = part.split_whitespace();
        let Some(number) = words.next().and_then(|word| word.parse::<u32>().ok()) else {
            continue;
        };
        match (words.next(), words.next()) {
            (Some("passed"), _) => counts.passed += number,
            (Some("failed"), _) | (Some("exec"), Some("failed")) | (Some("timed"), Some("out")) => {
                counts.failed += number;
            }
            (Some("flaky"), _) => flaky += number,
            _ => {}
        }
    }
    counts.passed = counts.passed.saturating_sub(flaky);
    counts.failed += flaky;
    Some(counts)
}

/// A program that stays in the background; dropping this ends it and waits for its end.
#[derive(Debug)]
pub struct Background {
    child: Child,
}

impl Background {
    /// Starts it with its standard output piped.
    ///
    /// # Errors
    /// It could not be started.
    pub fn start(command: &mut Command) -> Result<Self, Problem> {
        let child = command
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| not_started(command, &error))?;
        Ok(Self { child })
    }

    /// Id of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The first line of its standard output; what follows is read and dropped.
    ///
    /// # Errors
    /// It ended before it wrote one.
    pub fn first_line(&mut self) -> Result<String, Problem> {
        let pipe = self
            .child
            .stdout
            .take()
            .ok_or_else(|| Problem::new("the first line was read before"))?;
        let mut pipe = BufReader::new(pipe);
        let mut line = String::new();
        pipe.read_line(&mut line)?;
        if line.is_empty() {
            return Err(Problem::new(
                "a program in the background ended before it said anything",
            ));
        }
        std::thread::spawn(move || std::io::copy(&mut pipe, &mut std::io::sink()));
        Ok(line)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // Both fail only when it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether `program` ends well when called with `words`.
pub fn answers(program: &str, words: &[&str]) -> bool {
    Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Where `program` lies in the search path.
pub fn found(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| Path::is_file(file))
}

/// Shows what was printed so far, before something takes long.
pub fn flush() {
    // Nobody reads it then.
    let _ = std::io::stdout().flush();
}

fn not_started(command: &Command, error: &std::io::Error) -> Problem {
    Problem::new(format!("{} could not be started: {error}", shown(command)))
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_of_every_runner_are_counted() {
        for (line, passed, failed) in [
            (
                "     Summary [   2.315s] 41 tests run: 38 passed (1 slow), 2 failed, 1 timed out, 3 skipped",
                38,
                3,
            ),
            ("     Summary [   0.010s] 1 test run: 1 passed, 0 skipped", 1, 0),
            (
                "     Summary [ 294.060s] 425 tests run: 425 passed (2 slow, 1 flaky), 0 skipped",
                424,
                1,
            ),
            (
                "test result: FAILED. 7 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out",
                7,
                1,
            ),
            ("      Tests  1 failed | 30 passed (31)", 30, 1),
            ("12 passed, 0 failed", 12, 0),
        ] {
            assert_eq!(tests_in(line), Some(Counts { passed, failed }), "{line}");
        }
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in [
            "",
            "the request passed, the second failed to arrive",
            "    PASS [   0.1s] tests::x",
            "Test Files  3 passed (3)",
            "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 99 filtered out",
            "    12 passed, 3 failed",
        ] {
            assert_eq!(tests_in(line).unwrap_or_default(), Counts::default(), "{line}");
        }
    }
}
