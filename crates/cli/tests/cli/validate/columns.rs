//! Rules about headers, rows and quotes.

use super::{ERROR, Finding, WARNING, bare, clean, clean_rows, finds_in_rows, message, validate};
use serde_json::json;

#[test]
fn missing_column() {
    let result = validate("Extension,User's Name,Number\n101,Ann Lee,\n");
    let issues = bare(&result);
    assert_eq!(
        json!([issues[0]["code"], issues[0]["severity"], issues[0]["row"]]),
        json!(["missing_column", ERROR, null])
    );
    assert!(
        message(&result).contains("Extension"),
        "it names what was found: {}",
        message(&result)
    );
    let result = validate("Ext Key,Number\n101,\n");
    assert_eq!(bare(&result)[0]["code"], "missing_column");
    let result = validate("101,Ann Lee,+6512345678\n102,Bo Ek,\n");
    assert!(
        bare(&result)
            .iter()
            .all(|issue| issue["code"] == "missing_column"),
        "{:#}",
        result["issues"]
    );
    assert_eq!(result["files"][0]["rows"], 2, "the first row is data");
    clean("Ext Key,User's Name\n101,Ann Lee\n");
}

#[test]
fn unknown_column() {
    let result = validate("Ext Key,User's Name,Number,Desk\n101,Ann Lee,,B12\n");
    let issues = bare(&result);
    assert_eq!(issues.len(), 1, "{issues:#?}");
    assert_eq!(
        json!([
            issues[0]["code"],
            issues[0]["severity"],
            issues[0]["column"],
            result["valid"]
        ]),
        json!(["unknown_column", WARNING, "Desk", true])
    );
    clean(
        "Row,Ext Key,User's Name,Number,Outcome,Code,Message,Tracking ID,Started,Finished\n1,101,Ann Lee,,failed,extension_taken,Taken.,x,y,z\n",
    );
    clean("Ext Key,User's Name,Number,,\n101,Ann Lee,,,\n");
}

#[test]
fn duplicate_column() {
    let result = validate("Ext Key,User's Name,ext key ,Number\n101,Ann Lee,102,\n");
    let issue = bare(&result)
        .into_iter()
        .find(|issue| issue["code"] == "duplicate_column")
        .expect("the finding");
    assert_eq!(
        json!([issue["severity"], issue["column"], issue["row"], result["valid"]]),
        json!([ERROR, "Ext Key", null, false])
    );
    clean("Ext Key,User's Name,Number\n101,Ann Lee,\n");
}

#[test]
fn row_length() {
    let result = finds_in_rows(
        "101,Ann Lee,,surplus\n",
        &[Finding::cell("row_length", ERROR, (1, 2), "", "")
            .with("column", json!(null))
            .with("value", json!(null))],
    );
    assert!(
        message(&result).contains('4') && message(&result).contains('3'),
        "{}",
        message(&result)
    );
    let result = validate("Ext Key,User's Name,Number\n101\n");
    assert!(
        bare(&result)
            .iter()
            .any(|issue| issue["code"] == "row_length" && issue["severity"] == ERROR),
        "{:#}",
        result["issues"]
    );
    clean_rows("101,Ann Lee\n102,Bo Ek,,,,\n");
}

#[test]
fn backslash_comma() {
    let result = finds_in_rows(
        "101,Lee\\, Ann,+6512345678\n",
        &[Finding::cell("backslash_comma", ERROR, (1, 2), "User's Name", "Lee\\, Ann").fix("Lee, Ann")],
    );
    assert_eq!(result["valid"], false);
    clean_rows("101,\"Lee, Ann\",+6512345678\n102,Bo\\Ek,\n");
}

#[test]
fn unclosed_quote() {
    let result = validate("Ext Key,User's Name,Number\n101,Ann Lee,\n102,\"Bo Ek,\n103,Cy Fox,\n");
    let issues = bare(&result);
    assert_eq!(
        json!([
            issues[0]["code"],
            issues[0]["severity"],
            issues[0]["row"],
            issues[0]["line"]
        ]),
        json!(["unclosed_quote", ERROR, 2, 3])
    );
    assert!(message(&result).contains("line 3"), "{}", message(&result));
    clean_rows("101,\"Ann \"\"The Ear\"\" Lee\",\n102,Bo \"Ek\",\n");
}
