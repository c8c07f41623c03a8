//! Rules about the column Number.

use super::{ERROR, Finding, WARNING, clean_rows, finds_in_rows};

fn number(code: &str, severity: &str, value: &str) -> Finding {
    Finding::cell(code, severity, (1, 2), "Number", value)
}

fn rows(value: &str) -> String {
    if value.contains([',', '\n', '"']) {
        format!("101,Ann Lee,\"{}\"\n", value.replace('"', "\"\""))
    } else {
        format!("101,Ann Lee,{value}\n")
    }
}

#[test]
fn number_not_numeric() {
    for wrong in ["+65abc45678", "none", "+", "65+12345678"] {
        finds_in_rows(&rows(wrong), &[number("number_not_numeric", ERROR, wrong)]);
    }
    let other_script = "٦٥١٢٣٤٥٦٧٨";
    finds_in_rows(
        &rows(other_script),
        &[number("number_not_numeric", ERROR, other_script).fix("6512345678")],
    );
    clean_rows("101,Ann Lee,+6512345678\n");
    clean_rows("101,Ann Lee,6512345678\n");
}

#[test]
fn number_formatted() {
    for (written, meant) in [
        ("+65 1234-5678", "+6512345678"),
        ("(030) 555.0101", "0305550101"),
        ("+65\u{a0}1234\u{2009}5678", "+6512345678"),
    ] {
        let result = finds_in_rows(
            &rows(written),
            &[number("number_formatted", WARNING, written).fix(meant)],
        );
        assert_eq!(result["valid"], true);
    }
    finds_in_rows(
        "101,Ann Lee,+65 12\n",
        &[number("number_length", ERROR, "+65 12")],
    );
}

#[test]
fn spreadsheet_artifact() {
    for (written, meant) in [
        ("=\"+6512345678\"", "+6512345678"),
        ("'+6512345678", "+6512345678"),
        ("6512345678.0", "6512345678"),
    ] {
        finds_in_rows(
            &rows(written),
            &[number("spreadsheet_artifact", ERROR, written).fix(meant)],
        );
    }
    for (written, meant) in [("=\"\"101\"\"", "101"), ("'101", "101"), ("101.0", "101")] {
        let cell = if written.starts_with('=') {
            format!("\"{written}\"")
        } else {
            written.to_owned()
        };
        let value = written.replace("\"\"", "\"");
        finds_in_rows(
            &format!("{cell},Ann Lee,\n"),
            &[Finding::cell("spreadsheet_artifact", ERROR, (1, 2), "Ext Key", &value).fix(meant)],
        );
    }
    clean_rows("101,O'Neil,+6512345678\n");
}

#[test]
fn number_plus_lost() {
    finds_in_rows(
        "101,Ann Lee,+6512345678\n102,Bo Ek,6512345679\n103,Cy Fox,+6512345670\n",
        &[Finding::cell("number_plus_lost", WARNING, (2, 3), "Number", "6512345679").fix("+6512345679")],
    );
    clean_rows("101,Ann Lee,6512345678\n102,Bo Ek,6512345679\n");
    clean_rows("101,Ann Lee,+6512345678\n102,Bo Ek,+6512345679\n103,Cy Fox,\n");
}

#[test]
fn number_scientific() {
    for wrong in ["6.51E+10", "6,51E+10", "6.5123e10"] {
        finds_in_rows(&rows(wrong), &[number("number_scientific", ERROR, wrong)]);
    }
    clean_rows("101,Ann Lee,65100000000\n");
}

#[test]
fn number_multiple() {
    for wrong in [
        "+6512345678;+6512345679",
        "+6512345678,+6512345679",
        "+6512345678/+6512345679",
        "+6512345678|+6512345679",
        "+6512345678\n+6512345679",
    ] {
        finds_in_rows(&rows(wrong), &[number("number_multiple", ERROR, wrong)]);
    }
    clean_rows("101,Ann Lee,+6512345678\n102,Bo Ek,+6512345679\n");
}

#[test]
fn number_length() {
    for wrong in ["123456", "+123456", "1234567890123456", "+1234567890123456"] {
        finds_in_rows(&rows(wrong), &[number("number_length", ERROR, wrong)]);
    }
    clean_rows("101,Ann Lee,+1234567\n");
    clean_rows("101,Ann Lee,+123456789012345\n");
}

#[test]
fn number_duplicate() {
    finds_in_rows(
        "101,Ann Lee,+6512345678\n102,Bo Ek,+65 1234 5678\n",
        &[
            Finding::cell("number_duplicate", ERROR, (2, 3), "Number", "+65 1234 5678").related(&[1]),
            Finding::cell("number_formatted", WARNING, (2, 3), "Number", "+65 1234 5678").fix("+6512345678"),
        ],
    );
    clean_rows("101,Ann Lee,\n102,Bo Ek,\n103,Cy Fox,+6512345678\n");
}
