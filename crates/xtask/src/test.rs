//! `cargo xtask test`: everything a change must pass.
//!
//! Cheap steps come first, and the first of them that fails ends the chore; the suites after the build all run. Every
//! cargo step selects the whole workspace with the same features, so that each dependency is compiled once for clippy
//! and once for the tests. The last line is for machines: `N passed, N failed`.

use crate::chore::{Outcome, Problem, built, root, target};
use crate::process::{self, Counts, Ended, cargo, command, counted, npm};
use crate::setup::{Purpose, has_nextest, setup};
use crate::{boundaries, codegen};
use std::process::Command;
use std::time::{Duration, Instant};

const FEATURES: &str = "patchbay/custom-protocol,patchbay-cli/bridge";
const WINDOW_TESTS: &str = "patchbay-window-tests";

/// How a step ended.
struct Step {
    name: &'static str,
    took: Duration,
    success: bool,
    counts: Counts,
}

/// Steps in the order they ran.
#[derive(Default)]
struct Steps {
    done: Vec<Step>,
    keep_going: bool,
}

impl Steps {
    /// Runs one; says whether the next may follow.
    fn run(&mut self, name: &'static str, step: impl FnOnce() -> Result<Ended, Problem>) -> bool {
        println!("\n=== {name}");
        process::flush();
        let begun = Instant::now();
        let ended = step();
        if let Err(problem) = &ended {
            println!("{problem}");
        }
        let ended = ended.unwrap_or(Ended {
            success: false,
            counts: Counts::default(),
        });
        self.done.push(Step {
            name,
            took: begun.elapsed(),
            success: ended.success,
            counts: ended.counts,
        });
        ended.success || self.keep_going
    }

    fn chore(&mut self, name: &'static str, chore: impl FnOnce() -> Outcome) -> bool {
        self.run(name, || {
            chore().map(|()| Ended {
                success: true,
                counts: Counts::default(),
            })
        })
    }

    fn program(&mut self, name: &'static str, mut program: Command) -> bool {
        self.run(name, || counted(&mut program))
    }

    /// Prints the table and the closing line.
    fn close(self) -> Outcome {
        let mut total = Counts::default();
        println!(
            "\n{:<28} {:>8}  {:>6}  {:>6}",
            "step", "seconds", "passed", "failed"
        );
        for step in &self.done {
            let mut counts = step.counts;
            // A step without tests of its own is one test; a failed one has failed even if no test says so.
            if counts == Counts::default() && step.success {
                counts.passed = 1;
            }
            // A suite that ended well has passed; what it printed of a first try that failed was shown above.
            if step.success {
                counts.failed = 0;
            }
            if !step.success && counts.failed == 0 {
                counts.failed = 1;
            }
            total.passed += counts.passed;
            total.failed += counts.failed;
            println!(
                "{:<28} {:>8.1}  {:>6}  {:>6}",
                step.name,
                step.took.as_secs_f64(),
                counts.passed,
                counts.failed
            );
        }
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
        && steps.program("ui: unit tests", npm(&["test"]))
        && steps.program("clippy", clippy)
        && steps.program("build", workspace(&["build", "--all-targets"]))
        && steps.chore("codegen", || {
            codegen::check_built(&built("debug/examples", "typescript"))
        })
}

fn suites(steps: &mut Steps, full: bool) {
    steps.program("rust tests", rust_tests(full));
    let mut browser = command("node");
    browser
        .arg(root().join("tests/browser/run.mjs"))
        .arg(built("debug", "patchbay-cli"));
    steps.program("browser", sized(browser, full));
    if cfg!(target_os = "linux") {
        steps.run("window", || window_tests(full));
    } else {
        println!("\n=== window: driven on Linux only, left out");
    }
}

/// The Rust suites but the window's, in the selection that was built.
fn rust_tests(full: bool) -> Command {
    let mut tests = if has_nextest() {
        cargo(&[
            "nextest",
            "run",
            "--no-fail-fast",
            "-E",
            &format!("not package({WINDOW_TESTS})"),
        ])
    } else {
        cargo(&["test", "--no-fail-fast", "--exclude", WINDOW_TESTS])
    };
    tests
        .args(["--workspace", "--features", FEATURES])
        .env("SQLX_OFFLINE", "true");
    sized(tests, full)
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
        cargo(&[
            "nextest",
            "run",
            "--no-fail-fast",
            "-E",
            &format!("package({WINDOW_TESTS})"),
            "--workspace",
            "--features",
            FEATURES,
        ])
    } else {
        cargo(&[
            "test",
            "--no-fail-fast",
            "--package",
            WINDOW_TESTS,
            "--",
            "--test-threads=1",
        ])
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

/// Unlocks a new keyring, runs the arguments, ends the keyring by the id of its process.
const KEYRING: &str = r#"
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
