//! What must be on the machine: system packages where apt can bring them, npm packages, a test runner.
//!
//! Nothing that is there is touched. Rust (with the C linker it needs) and Node are the person's to install.

use crate::chore::{Outcome, Problem, root};
use crate::process::{self, answers, command, found, npm, npm_in};
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

/// The oldest Node, as `ui/package.json` asks for it.
const OLDEST_NODE: (u32, u32) = (20, 19);

// `|` separates the names that releases of Debian and Ubuntu have for the same thing, the preferred one first.
// crates/xtask/cc installs the first line where not even this chore could be linked.
const COMMAND_LINE: &[&str] = &["build-essential", "ca-certificates", "pkg-config"];
const WINDOW: &[&str] = &["libwebkit2gtk-4.1-dev"];
const DRIVEN_WINDOW: &[&str] = &[
    "dbus",
    "fonts-dejavu-core",
    "gnome-keyring",
    "webkit2gtk-driver",
    "x11-xkb-utils",
    "xauth",
    "xdotool",
    "xvfb",
];
/// The proxy of the tests, and what hashes its password.
const PROXY: &[&str] = &["openssl", "squid"];
const BROWSER: &str = "chromium|chromium-browser";

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
        npm_packages("ui")?;
    }
    if purpose == Purpose::Test {
        npm_packages("tests/oidc")?;
        tools_of_rust()?;
    }
    Ok(())
}

fn linux(purpose: Purpose) -> Outcome {
    let wanted = wanted(purpose);
    if !is_debian() || found("dpkg-query").is_none() {
        println!(
            "setup: not Debian or Ubuntu, so nothing is installed; needed are the counterparts of: {}",
            wanted.join(" ").replace('|', " or ")
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
    let root = Root::found(&missing)?;
    println!("setup: installing {}", missing.join(" ").replace('|', " or "));
    process::flush();
    process::run(&mut root.command(&["apt-get", "update", "-q"]))?;
    let mut install = vec!["apt-get", "install", "-y", "-q", "--no-install-recommends"];
    install.extend(missing.into_iter().map(known_to_apt));
    process::run(&mut root.command(&install))
}

/// The first of the names that this release has.
fn known_to_apt(package: &str) -> &str {
    let names = || package.split('|');
    let known = names().find(|name| {
        let policy = command("apt-cache")
            .env("LC_ALL", "C")
            .args(["policy", name])
            .output();
        policy.is_ok_and(|policy| {
            let policy = String::from_utf8_lossy(&policy.stdout).into_owned();
            policy.contains("Candidate: ") && !policy.contains("Candidate: (none)")
        })
    });
    known.or_else(|| names().next()).unwrap_or(package)
}

fn wanted(purpose: Purpose) -> Vec<&'static str> {
    let mut wanted = COMMAND_LINE.to_vec();
    if purpose != Purpose::Headless {
        wanted.extend(WINDOW);
    }
    if purpose == Purpose::Test {
        wanted.extend(DRIVEN_WINDOW);
        wanted.extend(PROXY);
        if ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .all(|browser| found(browser).is_none())
        {
            wanted.push(BROWSER);
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
    package.split('|').any(|name| {
        let asked = command("dpkg-query")
            .args(["-W", "-f=${db:Status-Status}", name])
            .output();
        asked.is_ok_and(|answer| answer.status.success() && answer.stdout == b"installed")
    })
}

/// How this account becomes root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Root {
    Already,
    /// By sudo; `asks` where somebody can type a password.
    Sudo {
        asks: bool,
    },
}

impl Root {
    /// Finds the way, or says what root has to install.
    fn found(missing: &[&str]) -> Result<Self, Problem> {
        let is_root = command("id")
            .arg("-u")
            .output()
            .is_ok_and(|answer| answer.stdout.trim_ascii() == b"0");
        if is_root {
            return Ok(Self::Already);
        }
        let asks = std::io::stdin().is_terminal();
        let may = found("sudo").is_some() && (asks || answers("sudo", &["-n", "true"]));
        if may {
            return Ok(Self::Sudo { asks });
        }
        let names: Vec<&str> = missing.iter().copied().map(known_to_apt).collect();
        Err(Problem::new(format!(
            "Packages are missing that only root can install, and this account cannot become root without a password. \
             As root:\n\n    apt-get update && apt-get install --no-install-recommends {}\n\nThen call this again.",
            names.join(" ")
        )))
    }

    fn command(self, words: &[&str]) -> std::process::Command {
        let mut line: Vec<&str> = match self {
            Self::Already => Vec::new(),
            Self::Sudo { asks: true } => vec!["sudo"],
            Self::Sudo { asks: false } => vec!["sudo", "-n"],
        };
        line.extend(["env", "DEBIAN_FRONTEND=noninteractive"]);
        line.extend(words);
        let mut command = command(line[0]);
        command.args(&line[1..]);
        if self == (Self::Sudo { asks: true }) {
            command.stdin(std::process::Stdio::inherit());
        }
        command
    }
}

fn node() -> Outcome {
    let (major, minor) = OLDEST_NODE;
    let wanted =
        format!("Install Node {major}.{minor} or newer with npm (https://nodejs.org), then call this again.");
    let version = command("node").arg("--version").output();
    let Some(version) = version.ok().filter(|answer| answer.status.success()) else {
        return Err(Problem::new(format!("Node was not found. {wanted}")));
    };
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    if version_of_node(&version).is_none_or(|found| found < OLDEST_NODE) {
        return Err(Problem::new(format!("Node {version} is too old. {wanted}")));
    }
    if !npm(&["--version"])
        .output()
        .is_ok_and(|answer| answer.status.success())
    {
        return Err(Problem::new(format!(
            "Node is there, but its npm was not found. {wanted}"
        )));
    }
    Ok(())
}

/// Major and minor of what `node --version` says.
fn version_of_node(said: &str) -> Option<(u32, u32)> {
    let mut parts = said.strip_prefix('v')?.split('.').map(str::parse);
    match (parts.next()?, parts.next()?) {
        (Ok(major), Ok(minor)) => Some((major, minor)),
        _ => None,
    }
}

/// rustfmt and clippy, which rustup's minimal profile leaves out.
fn tools_of_rust() -> Outcome {
    let missing: Vec<&str> = [("rustfmt", "fmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(_, subcommand)| {
            !process::cargo(&[subcommand, "--version"])
                .output()
                .is_ok_and(|answer| answer.status.success())
        })
        .map(|(component, _)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !answers("rustup", &["--version"]) {
        return Err(Problem::new(format!(
            "{} of the Rust toolchain is missing: install it the way this Rust was installed.",
            missing.join(" and ")
        )));
    }
    println!("setup: rustup component add {}", missing.join(" "));
    process::flush();
    process::run(command("rustup").args(["component", "add"]).args(missing))
}

/// `npm ci` when the lock file is newer than what it last installed.
fn npm_packages(folder: &str) -> Outcome {
    let modified = |path: &Path| path.metadata().and_then(|about| about.modified()).ok();
    let place = root().join(folder);
    let lock = modified(&place.join("package-lock.json")).ok_or_else(|| {
        Problem::new(format!(
            "{folder}/package-lock.json is missing: the checkout is not complete."
        ))
    })?;
    if modified(&place.join("node_modules/.package-lock.json")).is_some_and(|installed| installed >= lock) {
        return Ok(());
    }
    println!("setup: npm ci in {folder}/");
    process::flush();
    process::run(&mut npm_in(folder, &["ci", "--no-audit", "--no-fund"]))
}

/// Whether tests are run by nextest; `cargo test` does as well, one after the other.
pub fn has_nextest() -> bool {
    answers("cargo-nextest", &["--version"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_node_is_the_one_that_the_page_asks_for() {
        let package: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(root().join("ui/package.json")).unwrap()).unwrap();
        let (major, minor) = OLDEST_NODE;
        assert_eq!(
            package["engines"]["node"],
            serde_json::json!(format!(">={major}.{minor}"))
        );
    }

    #[test]
    fn versions_of_node_are_read_as_numbers() {
        assert_eq!(version_of_node("v20.9.0"), Some((20, 9)));
        assert!(version_of_node("v20.9.0") < Some(OLDEST_NODE));
        assert!(version_of_node("v24.1.0") > Some(OLDEST_NODE));
        assert_eq!(version_of_node("20"), None);
    }
}
