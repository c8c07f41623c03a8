//! The JSON of `bulk validate` to the letter, its text form, several files, exit status.

use super::{ISSUE_FIELDS, bare, validate, validate_all};
use crate::support::desk::RunToEnd;
use crate::support::files::{BY_NAME, BY_UUID};
use crate::support::{Desk, binary};
use serde_json::json;

#[test]
fn the_json_is_the_contracts() {
    let content = format!("{BY_NAME}101,Ann Lee,+6512345678\n102,Bo Ek,\n12,Cy Fox,\n");
    let mut result = validate(&content);
    // More fields may stand beside these.
    let only = |object: &serde_json::Value, names: &[&str]| -> serde_json::Value {
        names
            .iter()
            .map(|name| ((*name).to_owned(), object[*name].clone()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    result["issues"][0] = only(&result["issues"][0], &ISSUE_FIELDS);
    result["files"][0] = only(
        &result["files"][0],
        &["path", "bytes", "encoding", "delimiter", "rows"],
    );
    let path = result["files"][0]["path"].take();
    assert!(path.as_str().is_some_and(|path| path.ends_with("0.csv")));
    assert_eq!(
        result,
        json!({
            "files": [{ "path": null, "bytes": content.len(), "encoding": "UTF-8", "delimiter": ",", "rows": 3 }],
            "identity": "name", "valid": false, "errors": 1, "warnings": 0,
            "issues": [{
                "file": 0, "row": 3, "line": 4, "column": "Ext Key", "value": "12", "code": "ext_key_length", "severity": "error",
                "message": "Ext Key must have 3 to 5 digits; \"12\" has 2.", "related_rows": [], "fix": null
            }]
        })
    );
}

#[test]
fn several_files_are_one_template() {
    let (first, second) = (
        format!("{BY_NAME}101,Ann Lee,+6512345678\n102,Bo Ek,\n"),
        format!("{BY_NAME}103,ANN LEE,\n101,Cy Fox,+65 1234 5678\n"),
    );
    let result = validate_all(&[first.as_bytes(), second.as_bytes()]);
    let found: Vec<_> = bare(&result)
        .iter()
        .map(|issue| {
            json!([
                issue["file"],
                issue["row"],
                issue["line"],
                issue["code"],
                issue["related_rows"]
            ])
        })
        .collect();
    assert_eq!(
        found,
        [
            json!([1, 1, 2, "identity_duplicate", [1]]),
            json!([1, 2, 3, "ext_key_duplicate", [1]]),
            json!([1, 2, 3, "number_formatted", []]),
            json!([1, 2, 3, "number_duplicate", [1]]),
        ]
    );
    let uuid = format!("{BY_UUID}104,2d7b1c1e-43a4-4f8e-9a53-0f1e2d3c4b5a,\n");
    let result = validate_all(&[first.as_bytes(), uuid.as_bytes()]);
    assert_eq!(result["files"].as_array().map(Vec::len), Some(2));
}

#[test]
fn all_problems_come_at_once_in_the_files_order() {
    let result = validate(format!("{BY_NAME},Ann Lee,12\n12,,abc\n13a,Cy Fox,6.51E+10\n"));
    let found: Vec<_> = bare(&result)
        .iter()
        .map(|issue| json!([issue["row"], issue["code"]]))
        .collect();
    assert_eq!(
        found,
        [
            json!([1, "ext_key_blank"]),
            json!([1, "number_length"]),
            json!([2, "ext_key_length"]),
            json!([2, "identity_blank"]),
            json!([2, "number_not_numeric"]),
            json!([3, "ext_key_not_numeric"]),
            json!([3, "number_scientific"]),
        ]
    );
}

#[test]
fn text_is_for_people() {
    let desk = Desk::new();
    let wrong = desk.file("wrong.csv", format!("{BY_NAME}12,Ann Lee,+65 1234 5678\n"));
    let ended = binary().args(["bulk", "validate", &wrong]).ended().expect(1);
    let text = ended.text();
    for part in [
        "wrong.csv",
        "1 row",
        "row 1",
        "line 2",
        "A2",
        "Ext Key must have 3 to 5 digits; \"12\" has 2.",
        "+6512345678",
        "1 error",
        "1 warning",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let right = desk.file("right.csv", format!("{BY_NAME}101,Ann Lee,\n"));
    let ended = binary()
        .args(["bulk", "validate", "--format", "text", &right])
        .ended()
        .expect(0);
    assert!(ended.text().contains("No problem found."), "{}", ended.text());
}

#[test]
fn a_sheet_with_many_problems_neither_hangs_nor_loses_any() {
    let mut content = BY_NAME.to_owned();
    for row in 0..15_000 {
        content.push_str(&format!("1,\"User, {}\",6.5E+1\n", row % 2));
    }
    let result = validate(&content);
    let count = |code: &str| bare(&result).iter().filter(|issue| issue["code"] == code).count();
    assert_eq!(
        (count("ext_key_length"), count("number_scientific")),
        (15_000, 15_000)
    );
    assert_eq!(count("identity_duplicate"), 2, "one issue a group");
}
