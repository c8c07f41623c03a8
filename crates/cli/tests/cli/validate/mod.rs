//! `bulk validate`: the rules table of the specification (a test a row), the JSON contract, what can be wrong with paths.

mod columns;
mod contract;
mod extensions;
mod files;
mod identities;
mod numbers;
mod paths;

use crate::support::desk::RunToEnd;
use crate::support::files::BY_NAME;
use crate::support::{Desk, binary};
use serde_json::{Value, json};

/// Severities as the JSON spells them.
const ERROR: &str = "error";
const WARNING: &str = "warning";

/// What every finding has, in the contract's order.
const ISSUE_FIELDS: [&str; 10] = [
    "file",
    "row",
    "line",
    "column",
    "value",
    "code",
    "severity",
    "message",
    "related_rows",
    "fix",
];

/// The result of validating files of these contents, after the checks that hold for every result.
#[track_caller]
fn validate_all(contents: &[&[u8]]) -> Value {
    let desk = Desk::new();
    let paths: Vec<String> = contents
        .iter()
        .enumerate()
        .map(|(position, content)| desk.file(&format!("{position}.csv"), content))
        .collect();
    let ended = binary()
        .args(["bulk", "validate", "--format", "json"])
        .args(&paths)
        .ended();
    let result = ended.json();
    assert_result(&result, &paths);
    assert_eq!(ended.code(), i32::from(result["errors"] != 0), "{result}");
    assert_eq!(ended.err, "", "nothing is said beside the JSON");
    result
}

#[track_caller]
fn validate(content: impl AsRef<[u8]>) -> Value {
    validate_all(&[content.as_ref()])
}

/// What holds for every result: the fields of the contract, their types, counts that agree with the list.
#[track_caller]
fn assert_result(result: &Value, paths: &[String]) {
    let fields: Vec<&str> = result
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        fields,
        ["errors", "files", "identity", "issues", "valid", "warnings"]
    );
    let files = result["files"].as_array().expect("files");
    assert_eq!(
        files
            .iter()
            .map(|file| file["path"].as_str().expect("a path"))
            .collect::<Vec<_>>(),
        *paths
    );
    let issues = result["issues"].as_array().expect("issues");
    let count = |severity: &str| {
        issues
            .iter()
            .filter(|issue| issue["severity"] == severity)
            .count()
    };
    assert_eq!(
        json!([result["errors"], result["warnings"]]),
        json!([count(ERROR), count(WARNING)])
    );
    assert_eq!(result["valid"], json!(count(ERROR) == 0));
    for issue in issues {
        for field in ISSUE_FIELDS {
            assert!(issue.get(field).is_some(), "{field} is missing in {issue}");
        }
        assert!(issue["file"].is_u64() || issue["file"].is_null(), "{issue}");
        assert_eq!(
            issue["row"].is_null(),
            issue["line"].is_null(),
            "row and line belong together: {issue}"
        );
        assert!(issue["related_rows"].is_array(), "{issue}");
        assert!(
            issue["fix"].is_null() || issue["fix"]["value"].is_string(),
            "{issue}"
        );
        let message = issue["message"].as_str().expect("a message");
        assert!(
            message.len() > 15 && message.ends_with('.') && !message.starts_with(char::is_lowercase),
            "a whole sentence: {message}"
        );
        assert!(
            !message.chars().any(char::is_control),
            "nothing invisible in {message:?}"
        );
    }
}

/// The issues in the fields of the contract, without their sentences.
fn bare(result: &Value) -> Vec<Value> {
    let issues = result["issues"].as_array().expect("issues");
    issues
        .iter()
        .map(|issue| {
            json!({
                "file": issue["file"], "row": issue["row"], "line": issue["line"], "column": issue["column"], "value": issue["value"],
                "code": issue["code"], "severity": issue["severity"], "related_rows": issue["related_rows"], "fix": issue["fix"],
            })
        })
        .collect()
}

/// One expected issue.
#[derive(Debug, Clone)]
struct Finding(Value);

impl Finding {
    /// About a cell: data row, line, heading, value.
    fn cell(code: &str, severity: &str, (row, line): (u32, u32), column: &str, value: &str) -> Self {
        Self(json!({
            "file": 0, "row": row, "line": line, "column": column, "value": value,
            "code": code, "severity": severity, "related_rows": [], "fix": null,
        }))
    }

    /// About the whole of a file.
    fn file(code: &str, severity: &str) -> Self {
        Self(json!({
            "file": 0, "row": null, "line": null, "column": null, "value": null,
            "code": code, "severity": severity, "related_rows": [], "fix": null,
        }))
    }

    fn fix(self, value: &str) -> Self {
        self.with("fix", json!({ "value": value }))
    }

    fn related(self, rows: &[u32]) -> Self {
        self.with("related_rows", json!(rows))
    }

    fn with(mut self, field: &str, value: Value) -> Self {
        self.0[field] = value;
        self
    }
}

/// Exactly these issues are found in `content`.
#[track_caller]
fn finds(content: impl AsRef<[u8]>, expected: &[Finding]) -> Value {
    let result = validate(content);
    let mut expected: Vec<Value> = expected.iter().map(|finding| finding.0.clone()).collect();
    let mut found = bare(&result);
    // What is found about one cell has no order among itself.
    for list in [&mut expected, &mut found] {
        list.sort_by_key(|issue| {
            (
                issue["row"].as_u64(),
                issue["column"].to_string(),
                issue["code"].to_string(),
            )
        });
    }
    assert_eq!(found, expected, "found {found:#?}\nin {:#}", result["issues"]);
    result
}

/// Exactly these issues in rows below the header of a file by name.
#[track_caller]
fn finds_in_rows(rows: &str, expected: &[Finding]) -> Value {
    finds(format!("{BY_NAME}{rows}"), expected)
}

/// Nothing at all is found.
#[track_caller]
fn clean(content: impl AsRef<[u8]>) -> Value {
    finds(content, &[])
}

#[track_caller]
fn clean_rows(rows: &str) -> Value {
    finds_in_rows(rows, &[])
}

/// The message of the first issue.
fn message(result: &Value) -> &str {
    result["issues"][0]["message"].as_str().unwrap_or_default()
}
