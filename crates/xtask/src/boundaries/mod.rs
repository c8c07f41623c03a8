//! Who may import whom. The picture is in `docs/architecture.md`; this reads the sources and prints every arrow that
//! is not in it, with file and line.

mod crates;
mod inside_core;
mod source;

use crate::chore::{Outcome, Problem, root};
use source::Source;
use std::fmt;
use std::path::{Path, PathBuf};

/// Lines the shell may have.
const SHELL_LINES: usize = 1500;

/// One arrow, or one line, in the wrong place.
#[derive(Debug)]
pub struct Violation {
    pub file: PathBuf,
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.what)
    }
}

/// Reads all sources.
///
/// # Errors
/// There are violations; each has been printed.
pub fn check() -> Outcome {
    let mut violations = crates::check()?;
    for source in Source::all(&root().join("crates/core/src"), &["rs"])? {
        violations.extend(inside_core::check(&source));
        violations.extend(sql(&source));
    }
    for source in Source::all(&root().join("crates/sandbox/src"), &["rs"])? {
        violations.extend(source.occurrences(
            &["webex_client", "bulk_file", "patchbay_core", "patchbay_api"],
            |name| format!("the sandbox must not know {name}: a wrong field name could agree with itself"),
        ));
    }
    for source in Source::all(&root().join("ui/src"), &["ts", "tsx"])? {
        if !source.inner.starts_with("host") {
            let quoted = source.raw_occurrences(&["@tauri-apps/"]);
            violations.extend(
                quoted.map(|(line, name)| {
                    source.violation(line, format!("{name} belongs in ui/src/host only"))
                }),
            );
        }
    }
    violations.extend(shell_size()?);
    violations.extend(names()?);
    if violations.is_empty() {
        println!("boundaries: every arrow is in the picture");
        return Ok(());
    }
    for violation in &violations {
        println!("{violation}");
    }
    Err(Problem::new(format!(
        "{} boundaries crossed; the picture is in docs/architecture.md",
        violations.len()
    )))
}

/// SQL lives in `store.rs` (or the folder it was split into) and in `db`.
fn sql(source: &Source) -> Vec<Violation> {
    let is_store = source.inner.components().any(|part| {
        Path::new(part.as_os_str())
            .file_stem()
            .is_some_and(|stem| stem == "store" || stem == "db")
    });
    if is_store {
        return Vec::new();
    }
    let names = [
        "sqlx::query",
        "query!",
        "query_as!",
        "query_scalar!",
        "QueryBuilder",
        "raw_sql",
        "AssertSqlSafe",
    ];
    source
        .occurrences(&names, |name| format!("{name} outside of store.rs"))
        .collect()
}

fn shell_size() -> Result<Vec<Violation>, Problem> {
    let sources = Source::all(&root().join("src-tauri/src"), &["rs"])?;
    let lines: usize = sources.iter().map(|source| source.text.lines().count()).sum();
    Ok((lines > SHELL_LINES)
        .then(|| Violation {
            file: "src-tauri/src".into(),
            line: lines,
            what: format!(
                "the shell has {lines} lines, more than {SHELL_LINES}: what it knows belongs further in"
            ),
        })
        .into_iter()
        .collect())
}

/// Files are named after what they are about.
fn names() -> Result<Vec<Violation>, Problem> {
    const EMPTY: [&str; 9] = [
        "manager",
        "service",
        "helper",
        "helpers",
        "util",
        "utils",
        "processor",
        "common",
        "misc",
    ];
    let mut violations = Vec::new();
    for folder in ["crates", "src-tauri/src", "ui/src", "tests"] {
        for source in Source::all(&root().join(folder), &["rs", "ts", "tsx", "mjs", "css", "py"])? {
            let stem = source
                .file
                .file_stem()
                .map(|stem| stem.to_string_lossy().to_lowercase())
                .unwrap_or_default();
            let words = stem.split(['_', '-', '.']).collect::<Vec<_>>();
            if let Some(word) = words.into_iter().find(|word| EMPTY.contains(word)) {
                violations.push(source.violation(
                    1,
                    format!("{word:?} says nothing: name it after what it is about"),
                ));
            }
        }
    }
    Ok(violations)
}
