//! Arrows between the modules of `crates/core`: top may use what is below it, features of one row do not import each
//! other, the ground may use itself.

use super::Violation;
use super::source::Source;
use std::path::Path;

/// The picture, top row first.
const ROWS: &[&[&str]] = &[
    &["overview"],
    &[
        "bulk_assignments",
        "extensions",
        "services",
        "numbers",
        "usage",
        "activation",
        "directory_sync",
        "wholesale",
    ],
    &["consent", "mirror", "notifications"],
    &["organisations", "runs", "scheduler", "settings", "backups"],
    &["transactions", "audit"],
    &["db", "secrets", "clock", "ids", "events", "error", "process_lock"],
];

fn row(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

/// All arrows of one file that are not in the picture.
pub fn check(source: &Source) -> Vec<Violation> {
    let Some(own) = module(&source.inner) else {
        return Vec::new();
    };
    let Some(own_row) = row(&own) else {
        return vec![source.violation(1, format!("the module {own} is not in the picture: give it a row in crates/xtask/src/boundaries/inside_core.rs"))];
    };
    let mut violations = Vec::new();
    for import in imports(source) {
        let line = source.line_at(import.offset);
        let Some(their_row) = row(&import.module) else {
            continue;
        };
        if import.module == own {
            continue;
        }
        let is_ground = their_row == ROWS.len() - 1;
        if their_row < own_row {
            violations.push(source.violation(
                line,
                format!("{own} uses {}, which stands above it", import.module),
            ));
        } else if their_row == own_row && !is_ground {
            violations.push(source.violation(
                line,
                format!("{own} uses {}, a feature of the same row", import.module),
            ));
        } else if import.inner.as_deref() == Some("store") {
            violations.push(source.violation(
                line,
                format!(
                    "{own} uses the store of {}: ask its module instead",
                    import.module
                ),
            ));
        }
    }
    violations
}

/// The top-level module a file belongs to; none for the crate's root.
fn module(inner: &Path) -> Option<String> {
    let first = inner.components().next()?;
    let stem = Path::new(first.as_os_str())
        .file_stem()?
        .to_string_lossy()
        .into_owned();
    (stem != "lib").then_some(stem)
}

/// A path that leads to another top-level module.
#[derive(Debug, PartialEq, Eq)]
struct Import {
    offset: usize,
    module: String,
    inner: Option<String>,
}

fn imports(source: &Source) -> Vec<Import> {
    let code = source.code.as_str();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        // `$crate::` and `xcrate::` are no paths from this crate's root.
        if !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            collect(code, at + "crate::".len(), &mut found);
        }
    }
    for (at, _) in code.match_indices("super::") {
        let before = code[..at].trim_end();
        if before.ends_with("::") {
            continue;
        }
        let mut end = at;
        let mut levels = 0;
        while code[end..].starts_with("super::") {
            levels += 1;
            end += "super::".len();
        }
        if levels == depth(&source.inner) + inline_modules(code, at) {
            collect(code, end, &mut found);
        }
    }
    found
}

/// How many `super` lead from the file's module to the crate's root.
fn depth(inner: &Path) -> usize {
    let names = inner.components().count();
    let is_folder = inner.file_name().is_some_and(|name| name == "mod.rs");
    if is_folder { names - 1 } else { names }
}

/// How many `mod name { … }` are open at `offset`.
fn inline_modules(code: &str, offset: usize) -> usize {
    let mut open: Vec<bool> = Vec::new();
    let mut statement = 0;
    for (at, byte) in code.as_bytes()[..offset].iter().enumerate() {
        match byte {
            b'{' => {
                let words: Vec<&str> = code[statement..at].split_whitespace().collect();
                open.push(matches!(words.as_slice(), [.., "mod", _]));
                statement = at + 1;
            }
            b'}' => {
                open.pop();
                statement = at + 1;
            }
            b';' => statement = at + 1,
            _ => {}
        }
    }
    open.into_iter().filter(|is_module| *is_module).count()
}

/// Reads `name::inner…` or `{name::inner, name, …}` at `at`.
fn collect(code: &str, at: usize, found: &mut Vec<Import>) {
    let rest = &code[at..];
    let blank = rest.len() - rest.trim_start().len();
    let (at, rest) = (at + blank, rest.trim_start());
    if !rest.starts_with('{') {
        if let Some(name) = identifier(rest) {
            let inner = rest[name.len()..]
                .strip_prefix("::")
                .and_then(identifier)
                .map(str::to_owned);
            found.push(Import {
                offset: at,
                module: name.to_owned(),
                inner,
            });
        }
        return;
    }
    let mut depth = 0_usize;
    let mut item = at + 1;
    for (index, byte) in rest.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    collect(code, item, found);
                    return;
                }
            }
            b',' if depth == 1 => {
                collect(code, item, found);
                item = at + index + 1;
            }
            _ => {}
        }
    }
}

fn identifier(text: &str) -> Option<&str> {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(inner: &str, code: &str) -> Vec<String> {
        let source = Source {
            file: inner.into(),
            inner: inner.into(),
            text: code.into(),
            code: code.into(),
        };
        check(&source)
            .into_iter()
            .map(|violation| violation.to_string())
            .collect()
    }

    #[test]
    fn arrows_downwards_are_fine() {
        let code = "use crate::{db::{Read, Write}, runs::model};\nuse crate::error::Failure;\nfn f(_: crate::events::Topic) {}";
        assert!(violations("bulk_assignments/mod.rs", code).is_empty());
        assert!(violations("db/mod.rs", "use crate::clock::Clock; use crate::events::Events;").is_empty());
        assert!(
            violations(
                "runs/engine.rs",
                "use super::model; use super::super::clock::Clock;"
            )
            .is_empty()
        );
        assert!(
            violations(
                "runs/mod.rs",
                "mod tests { use super::super::db::Db; use super::mirror; }"
            )
            .is_empty()
        );
    }

    #[test]
    fn arrows_upwards_sideways_and_into_a_store_are_named_with_their_line() {
        let seen = violations(
            "runs/engine.rs",
            "\nuse crate::{clock::Clock, bulk_assignments::Plan};",
        );
        assert_eq!(
            seen,
            ["runs/engine.rs:2: runs uses bulk_assignments, which stands above it"]
        );
        let seen = violations("consent/mod.rs", "fn f() { super::mirror::sync() }");
        assert_eq!(
            seen,
            ["consent/mod.rs:1: consent uses mirror, a feature of the same row"]
        );
        let seen = violations("numbers.rs", "use crate::runs::store;");
        assert_eq!(
            seen,
            ["numbers.rs:1: numbers uses the store of runs: ask its module instead"]
        );
    }

    #[test]
    fn a_module_without_a_row_is_named() {
        assert_eq!(violations("misplaced/mod.rs", "").len(), 1);
        assert!(violations("lib.rs", "pub mod runs; use crate::bulk_assignments::Plan;").is_empty());
    }
}
