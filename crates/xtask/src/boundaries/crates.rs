//! Arrows between the crates of the workspace, read from cargo's own metadata.

use super::Violation;
use crate::chore::{Problem, root};
use crate::process::{cargo, output};
use serde_json::Value;
use std::path::Path;

/// What each of our packages may depend on; tests of a package may use the sandbox as well.
const ARROWS: &[(&str, &[&str])] = &[
    ("webex-client", &[]),
    ("bulk-file", &[]),
    ("webex-sandbox", &[]),
    ("patchbay-core", &["webex-client", "bulk-file"]),
    ("patchbay-api", &["patchbay-core", "bulk-file", "webex-sandbox"]),
    (
        "patchbay-cli",
        &["patchbay-api", "patchbay-core", "bulk-file", "webex-sandbox"],
    ),
    ("patchbay-shell", &["patchbay-api", "patchbay-core"]),
    ("patchbay", &["patchbay-shell"]),
    ("xtask", &[]),
    ("bare-window", &[]),
    (
        "patchbay-tests",
        &[
            "webex-client",
            "bulk-file",
            "patchbay-core",
            "patchbay-api",
            "patchbay-cli",
            "webex-sandbox",
        ],
    ),
    ("patchbay-window-tests", &["webex-sandbox"]),
];

/// All arrows between packages that are not in the list.
///
/// # Errors
/// Cargo cannot read the workspace.
pub fn check() -> Result<Vec<Violation>, Problem> {
    let metadata: Value = serde_json::from_str(&output(&mut cargo(&[
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
    ]))?)?;
    let packages = metadata["packages"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let ours: Vec<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    let mut violations = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
        let file = manifest.strip_prefix(root()).unwrap_or(manifest).to_path_buf();
        let violation = |what: String, needle: &str| Violation {
            line: line_of(manifest, needle),
            file: file.clone(),
            what,
        };
        let Some((_, allowed)) = ARROWS.iter().find(|(package, _)| *package == name) else {
            violations.push(violation(
                format!("{name} is not in the list of crates/xtask/src/boundaries/crates.rs"),
                name,
            ));
            continue;
        };
        for dependency in package["dependencies"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
        {
            let used = dependency["name"].as_str().unwrap_or_default();
            let in_tests_only = dependency["kind"] == "dev";
            let is_allowed =
                allowed.contains(&used) || (in_tests_only && (used == "webex-sandbox" || used == name));
            if ours.contains(&used) && !is_allowed {
                violations.push(violation(format!("{name} must not depend on {used}"), used));
            }
            if used == "sqlx"
                && !["patchbay-core", "patchbay-tests", "xtask"].contains(&name)
                && !in_tests_only
            {
                violations.push(violation(
                    format!("{name} must not depend on sqlx: SQL lives in patchbay-core"),
                    used,
                ));
            }
        }
    }
    Ok(violations)
}

fn line_of(manifest: &Path, needle: &str) -> usize {
    let text = std::fs::read_to_string(manifest).unwrap_or_default();
    text.lines()
        .position(|line| line.trim_start().starts_with(needle))
        .map_or(1, |line| line + 1)
}
