//! `cargo xtask test`: everything a change must pass.
//!
//! Cheap steps come first, and the first of them that fails ends the chore; the suites after the build all run. Every
//! cargo step selects the whole workspace with the same features, so that each dependency is compiled once for clippy
//! and once for the tests. The last line is for machines: `N passed, N failed`.

use crate::chore::{Outcome, Problem, built, root, target};
use crate::process::{self, Counts, Ended, cargo, command, counted, npm};
use crate::setup::{Purpose, has_nextest, setup};
use crate::{boundaries, codegen};
use serde_json::Value;
use std::process::Command;
use std::time::{Duration, Instant};

const FEATURES: &str = "patchbay/custom-protocol,patchbay-cli/bridge";
const WINDOW_TESTS: &str = "patchbay-window-tests";
const WINDOW_TARGET: &str = "window";

/// How a step ended, and the tests it ran if it is a suite.
struct Step {
    name: &'static str,
    took: Duration,
    success: bool,
    suite: Option<Counts>,
}

impl Step {
    /// What the step adds to the closing line. One without tests of its own is one test; a suite that ran none, or
    /// that ended badly for another reason than a test, has failed all the same.
    fn counts(&self) -> Counts {
        match self.suite {
            Some(Counts { passed, failed: 0 }) if !self.success || passed == 0 => {
                Counts { passed, failed: 1 }
            }
            Some(counts) => counts,
            None => Counts {
                passed: self.success.into(),
                failed: (!self.success).into(),
            },
        }
    }
}

/// Steps in the order they ran.
#[derive(Default)]
struct Steps {
    done: Vec<Step>,
    keep_going: bool,
}

impl Steps {
    /// Runs a step; says whether the next may follow.
    fn run(
        &mut self,
        name: &'static str,
        step: impl FnOnce() -> Result<(bool, Option<Counts>), Problem>,
    ) -> bool {
        println!("\n=== {name}");
        process::flush();
        let begun = Instant::now();
        let (success, suite) = step().unwrap_or_else(|problem| {
            println!("{problem}");
            (false, None)
        });
        self.done.push(Step {
            name,
            took: begun.elapsed(),
            success,
            suite,
        });
        success || self.keep_going
    }

    fn chore(&mut self, name: &'static str, chore: impl FnOnce() -> Outcome) -> bool {
        self.run(name, || chore().map(|()| (true, None)))
    }

    fn program(&mut self, name: &'static str, mut program: Command) -> bool {
        self.chore(name, || process::run(&mut program))
    }

    fn suite(&mut self, name: &'static str, suite: impl FnOnce() -> Result<Ended, Problem>) -> bool {
        self.run(name, || suite().map(|ended| (ended.success, Some(ended.counts))))
    }

    /// Prints the table and the closing line.
    fn close(self) -> Outcome {
        let mut total = Counts::default();
        let mut took = Duration::ZERO;
        println!(
            "\n{:<28} {:>8}  {:>6}  {:>6}",
            "step", "seconds", "passed", "failed"
        );
        let line = |name: &str, took: Duration, counts: Counts| {
            println!(
                "{name:<28} {:>8.1}  {:>6}  {:>6}",
                took.as_secs_f64(),
                counts.passed,
                counts.failed
            );
        };
        for step in &self.done {
            let counts = step.counts();
            total.passed += counts.passed;
            total.failed += counts.failed;
            took += step.took;
            line(step.name, step.took, counts);
        }
        line("all", took, total);
        println!("\n{} passed, {} failed", total.passed, total.failed);
        process::flush();
        if total.failed == 0 {
            Ok(())
        } else {
            Err(Problem::new("not everything passed"))
        }
    }
}

/// Runs all steps; `--full` runs the long journeys at full size, `--keep-going` the later steps whatever fails.
///
/// # Errors
/// A step failed, or an option is unknown.
pub fn test(options: &[&str]) -> Outcome {
    let mut full = false;
    let mut steps = Steps::default();
    for option in options {
        match *option {
            "--full" => full = true,
            "--keep-going" => steps.keep_going = true,
            other => {
                return Err(Problem::new(format!(
                    "test does not know {other}; it takes --full and --keep-going"
                )));
            }
        }
    }
    if before_the_suites(&mut steps) {
        suites(&mut steps, full);
    }
    steps.close()
}

/// What must be right before a suite is worth running.
fn before_the_suites(steps: &mut Steps) -> bool {
    let workspace = |words: &[&str]| {
        let mut cargo = cargo(words);
        cargo
            .args(["--workspace", "--features", FEATURES])
            .env("SQLX_OFFLINE", "true");
        cargo
    };
    let mut clippy = workspace(&["clippy", "--all-targets"]);
    clippy.args(["--", "-D", "warnings"]);
    steps.chore("set-up", || setup(Purpose::Test))
        && steps.program("format", cargo(&["fmt", "--all", "--check"]))
        && steps.chore("boundaries", boundaries::check)
        && steps.program("ui: lint", npm(&["run", "lint"]))
        && steps.program("ui: types and build", npm(&["run", "build"]))
        && steps.suite("ui: unit tests", || counted(&mut npm(&["test"])))
        && steps.program("clippy", clippy)
        && steps.program("build", workspace(&["build", "--all-targets"]))
        && steps.chore("codegen", || {
            codegen::check_built(&built("debug/examples", "typescript"))
        })
}

fn suites(steps: &mut Steps, full: bool) {
    steps.suite("rust tests", || counted(&mut rust_tests(full)?));
    let mut browser = command("node");
    browser
        .arg(root().join("tests/browser/run.mjs"))
        .arg(built("debug", "patchbay-cli"));
    steps.suite("browser", || counted(&mut sized(browser, full)));
    if cfg!(target_os = "linux") {
        steps.suite("window", || window_tests(full));
    } else {
        println!("\n=== window: driven on Linux only, left out");
    }
}

/// The Rust suites but the window's, in the selection that was built.
///
/// A change is tried on the same cases of the property tests each time, so that what it is told is about the change;
/// the full size looks for new ones.
fn rust_tests(full: bool) -> Result<Command, Problem> {
    let mut tests = if has_nextest() {
        nextest(&format!("not package({WINDOW_TESTS})"), full)
    } else {
        // Leaving a package out would choose other features for what the rest shares with it, so that everything
        // was compiled once more: it is the targets that are chosen.
        let mut tests = cargo(&["test", "--no-fail-fast", "--lib", "--bins"]);
        for target in integration_tests()? {
            tests.args(["--test", &target]);
        }
        // As with nextest: most of the time tests wait for something else than a processor.
        tests.env("RUST_TEST_THREADS", "4");
        tests
    };
    if full {
        tests.env("PROPTEST_CASES", "10000");
    } else {
        tests.env("PROPTEST_RNG_SEED", "20261121");
    }
    Ok(sized(in_the_workspace(tests), full))
}

fn nextest(filter: &str, full: bool) -> Command {
    let profile = if full { "full" } else { "default" };
    cargo(&[
        "nextest",
        "run",
        "--profile",
        profile,
        "--no-fail-fast",
        "-E",
        filter,
    ])
}

fn in_the_workspace(mut tests: Command) -> Command {
    tests
        .args(["--workspace", "--features", FEATURES])
        .env("SQLX_OFFLINE", "true");
    tests
}

/// Names of the integration tests of every package but the window's.
fn integration_tests() -> Result<Vec<String>, Problem> {
    let metadata = process::output(&mut cargo(&["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let packages = list(&metadata["packages"]);
    let targets = packages
        .iter()
        .filter(|package| package["name"] != WINDOW_TESTS)
        .flat_map(|package| list(&package["targets"]));
    Ok(targets
        .filter(|target| list(&target["kind"]).iter().any(|kind| kind == "test"))
        .filter_map(|target| target["name"].as_str().map(str::to_owned))
        .collect())
}

fn sized(mut command: Command, full: bool) -> Command {
    if full {
        command.env("PATCHBAY_TEST_SIZE", "full");
    }
    command
}

/// The window's suite: a display, a session bus and an unlocked keyring of its own, ended with it.
fn window_tests(full: bool) -> Result<Ended, Problem> {
    // Unix sockets lie in here, and their paths must be short.
    let home = std::env::temp_dir().join(format!("patchbay-window-{}", std::process::id()));
    std::fs::create_dir_all(&home)?;
    restrict(&home)?;
    let tests = if has_nextest() {
        in_the_workspace(nextest(&format!("package({WINDOW_TESTS})"), full))
    } else {
        let mut tests = in_the_workspace(cargo(&["test", "--no-fail-fast", "--test", WINDOW_TARGET]));
        tests.args(["--", "--test-threads=1"]);
        tests
    };
    let mut session = command("xvfb-run");
    session.args([
        "-a",
        "-s",
        "-screen 0 1400x1000x24 -nolisten tcp",
        "dbus-run-session",
        "--",
        "bash",
        "-c",
        KEYRING,
        "keyring",
    ]);
    session.arg(tests.get_program()).args(tests.get_args());
    let old_home = std::env::var_os("HOME")
        .map(std::path::PathBuf::from)
        .unwrap_or_default();
    for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        if std::env::var_os(name).is_none() {
            session.env(name, old_home.join(folder));
        }
    }
    session
        .env("HOME", &home)
        .env("XDG_RUNTIME_DIR", &home)
        .env("PATCHBAY_WINDOW", built("debug", "patchbay"))
        .env("PATCHBAY_SCREENSHOTS", target().join("window"))
        .env("SQLX_OFFLINE", "true")
        .env("NO_AT_BRIDGE", "1")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WEBKIT_DISABLE_DMABUF_RENDERER")
        .env_remove("WEBKIT_DISABLE_COMPOSITING_MODE");
    for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        session.env_remove(name);
    }
    let ended = counted(&mut sized(session, full));
    std::fs::remove_dir_all(&home)?;
    ended
}

/// Sets a keyboard that has umlauts (one that lacks them is changed while somebody types, and loses some), unlocks a new
/// keyring, runs the arguments, ends the keyring by the id of its process.
const KEYRING: &str = r#"
setxkbmap de || exit
printf rehearsal | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
for attempt in $(seq 100); do
  keyring=$(dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus /org/freedesktop/DBus \
    org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets 2>/dev/null | grep -oE '[0-9]+$') && break
  sleep 0.1
done
"$@"
status=$?
[ -z "$keyring" ] || kill "$keyring"
exit $status
"#;

#[cfg(unix)]
fn restrict(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn restrict(_folder: &std::path::Path) -> std::io::Result<()> {
    Ok(())
}

/// Makes docs/screenshots anew.
///
/// # Errors
/// Something does not build, or a page does not come up.
pub fn screenshots() -> Outcome {
    setup(Purpose::Test)?;
    process::run(&mut npm(&["run", "build"]))?;
    process::run(&mut cargo(&[
        "build",
        "--package",
        "patchbay-cli",
        "--features",
        "bridge",
    ]))?;
    let mut browser = command("node");
    browser
        .arg(root().join("tests/browser/run.mjs"))
        .arg(built("debug", "patchbay-cli"))
        .arg("--screenshots");
    process::run(&mut browser)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(success: bool, suite: Option<(u32, u32)>) -> (u32, u32) {
        let suite = suite.map(|(passed, failed)| Counts { passed, failed });
        let counts = Step {
            name: "a step",
            took: Duration::ZERO,
            success,
            suite,
        }
        .counts();
        (counts.passed, counts.failed)
    }

    #[test]
    fn a_step_tells_what_happened_in_it() {
        assert_eq!(counts(true, None), (1, 0));
        assert_eq!(counts(false, None), (0, 1));
        assert_eq!(counts(true, Some((12, 0))), (12, 0));
        assert_eq!(counts(false, Some((11, 1))), (11, 1));
    }

    #[test]
    fn nothing_is_counted_away() {
        assert_eq!(
            counts(true, Some((11, 1))),
            (11, 1),
            "a test that failed in a suite that ended well"
        );
        assert_eq!(counts(true, Some((0, 0))), (0, 1), "a suite without a test");
        assert_eq!(
            counts(false, Some((12, 0))),
            (12, 1),
            "a suite that was ended by something else"
        );
    }
}
