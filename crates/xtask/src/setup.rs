//! What must be on the machine: system packages where apt can bring them, npm packages, a test runner.
//!
//! Nothing that is there is touched. Rust (with the C linker it needs) and Node are the person's to install.

use crate::chore::{Outcome, Problem, root};
use crate::process::{self, answers, command, found, npm};
use std::io::IsTerminal;
use std::path::Path;

/// What the machine is set up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The command line alone.
    Headless,
    /// The window.
    Window,
    /// The window, the browser and everything that drives them.
    Test,
}

const OLDEST_NODE: u32 = 20;

const COMMAND_LINE: &[&str] = &["build-essential", "ca-certificates", "pkg-config"];
const WINDOW: &[&str] = &["libwebkit2gtk-4.1-dev"];
const DRIVEN_WINDOW: &[&str] = &[
    "dbus",
    "dbus-bin",
    "fonts-dejavu-core",
    "gnome-keyring",
    "webkit2gtk-driver",
    "xauth",
    "xdotool",
    "xvfb",
];

/// Sets the machine up for `purpose`.
///
/// # Errors
/// Something is missing that this chore cannot bring.
pub fn setup(purpose: Purpose) -> Outcome {
    if cfg!(target_os = "linux") {
        linux(purpose)?;
    } else if cfg!(target_os = "macos") {
        println!("setup: needs the Xcode command line tools (xcode-select --install).");
    } else if cfg!(windows) {
        println!("setup: needs the Microsoft C++ build tools and WebView2 (part of Windows 11).");
    }
    if purpose != Purpose::Headless {
        node()?;
        packages_of_the_ui()?;
    }
    Ok(())
}

fn linux(purpose: Purpose) -> Outcome {
    let wanted = wanted(purpose);
    if !is_debian() || found("dpkg-query").is_none() {
        println!(
            "setup: not Debian or Ubuntu, so nothing is installed; needed are the counterparts of: {}",
            wanted.join(" ")
        );
        return Ok(());
    }
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|package| !is_installed(package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("setup: installing {}", missing.join(" "));
    process::flush();
    process::run(&mut as_root(&["apt-get", "update", "-q"]))?;
    let mut install = vec!["apt-get", "install", "-y", "-q", "--no-install-recommends"];
    install.extend(missing);
    process::run(&mut as_root(&install))
}

fn wanted(purpose: Purpose) -> Vec<&'static str> {
    let mut wanted = COMMAND_LINE.to_vec();
    if purpose != Purpose::Headless {
        wanted.extend(WINDOW);
    }
    if purpose == Purpose::Test {
        wanted.extend(DRIVEN_WINDOW);
        if ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .all(|browser| found(browser).is_none())
        {
            wanted.push("chromium");
        }
    }
    wanted
}

fn is_debian() -> bool {
    let about = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    about
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .any(|ids| {
            ids.trim_matches('"')
                .split_whitespace()
                .any(|id| id == "debian" || id == "ubuntu")
        })
}

fn is_installed(package: &str) -> bool {
    let asked = command("dpkg-query")
        .args(["-W", "-f=${db:Status-Status}", package])
        .output();
    asked.is_ok_and(|answer| answer.status.success() && answer.stdout == b"installed")
}

/// `words` as root: directly, or by sudo, which may ask for a password only where somebody can type one.
fn as_root(words: &[&str]) -> std::process::Command {
    let is_root = command("id")
        .arg("-u")
        .output()
        .is_ok_and(|answer| answer.stdout.trim_ascii() == b"0");
    let mut line: Vec<&str> = Vec::new();
    if !is_root {
        line.push("sudo");
        if !std::io::stdin().is_terminal() {
            line.push("-n");
        }
    }
    line.extend(["env", "DEBIAN_FRONTEND=noninteractive"]);
    line.extend(words);
    let mut command = command(line[0]);
    command.args(&line[1..]);
    if std::io::stdin().is_terminal() {
        command.stdin(std::process::Stdio::inherit());
    }
    command
}

fn node() -> Outcome {
    let version = process::output(command("node").arg("--version")).unwrap_or_default();
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        Some(_) => Err(Problem::new(format!(
            "Node {} is too old: install Node {OLDEST_NODE} or newer.",
            version.trim()
        ))),
        None => Err(Problem::new(format!(
            "Node was not found: install Node {OLDEST_NODE} or newer with npm."
        ))),
    }
}

/// `npm ci` when the lock file is newer than what it last installed.
fn packages_of_the_ui() -> Outcome {
    let modified = |path: &Path| path.metadata().and_then(|about| about.modified()).ok();
    let ui = root().join("ui");
    let lock = modified(&ui.join("package-lock.json"))
        .ok_or_else(|| Problem::new("ui/package-lock.json is missing: the checkout is not complete."))?;
    if modified(&ui.join("node_modules/.package-lock.json")).is_some_and(|installed| installed >= lock) {
        return Ok(());
    }
    println!("setup: npm ci in ui/");
    process::flush();
    process::run(&mut npm(&["ci", "--no-audit", "--no-fund"]))
}

/// Whether tests are run by nextest; `cargo test` does as well, one after the other.
pub fn has_nextest() -> bool {
    answers("cargo-nextest", "--version")
}
