//! Rules about a whole file.

use super::{ERROR, Finding, WARNING, bare, clean, clean_rows, finds, message, validate, validate_all};
use crate::support::files::BY_NAME;
use serde_json::json;
use std::fmt::Write as _;

const LIMIT: usize = 5_242_880;

fn padded(size: usize) -> Vec<u8> {
    let mut file = format!("{BY_NAME}101,Ann Lee,\n").into_bytes();
    file.resize(size, b'\n');
    file
}

fn numbered(rows: usize, first: usize) -> String {
    let mut file = BY_NAME.to_owned();
    for row in 0..rows {
        let _ = writeln!(file, "{},User {},", 10_000 + first + row, first + row);
    }
    file
}

#[test]
fn file_too_large() {
    let result = finds(padded(LIMIT + 1), &[Finding::file("file_too_large", ERROR)]);
    assert_eq!(result["files"][0]["bytes"], LIMIT + 1);
    assert!(message(&result).contains("5,242,880"), "{}", message(&result));
    let result = clean(padded(LIMIT));
    assert_eq!(
        json!([result["files"][0]["bytes"], result["files"][0]["rows"]]),
        json!([LIMIT, 1])
    );
}

#[test]
fn too_many_rows() {
    let (first, second) = (numbered(8_000, 0), numbered(7_001, 8_000));
    let result = validate_all(&[first.as_bytes(), second.as_bytes()]);
    let issues = bare(&result);
    assert_eq!(issues.len(), 1, "{issues:#?}");
    assert_eq!(
        json!([
            issues[0]["code"],
            issues[0]["severity"],
            issues[0]["row"],
            issues[0]["line"]
        ]),
        json!(["too_many_rows", ERROR, null, null])
    );
    assert!(message(&result).contains("15,000"), "{}", message(&result));
    let second = numbered(7_000, 8_000);
    let result = validate_all(&[first.as_bytes(), second.as_bytes()]);
    assert_eq!(
        json!([result["valid"], result["files"][1]["rows"], result["issues"]]),
        json!([true, 7_000, []])
    );
}

#[test]
fn empty_file() {
    for nothing in [BY_NAME, "Ext Key,User's Name,Number\n,,\n ,\u{a0},\t\n\n"] {
        finds(nothing, &[Finding::file("empty_file", ERROR)]);
    }
    let result = validate("");
    assert_eq!(
        bare(&result),
        [Finding::file("empty_file", ERROR).0],
        "a file of no bytes"
    );
    clean_rows(",,\n101,Ann Lee,\n\n");
}

#[test]
fn not_text() {
    finds(
        b"Ext Key,User's Name,Number\n101,Ann\0Lee,\n",
        &[Finding::file("not_text", ERROR)],
    );
    let workbook: Vec<u8> = [
        b"PK\x03\x04\x14\0\x06\0\x08\0".as_slice(),
        &[0x5a; 200],
        b"[Content_Types].xml",
        &[0; 64],
    ]
    .concat();
    let result = finds(&workbook, &[Finding::file("not_text", ERROR)]);
    let message = message(&result).to_lowercase();
    assert!(
        message.contains("excel") || message.contains("workbook") || message.contains("xlsx"),
        "the kind is recognised: {message}"
    );
    let without_mark: Vec<u8> = format!("{BY_NAME}101,Ann Lee,\n")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    finds(&without_mark, &[Finding::file("not_text", ERROR)]);
}

#[test]
fn encoding_guessed() {
    let result = finds(
        b"Ext Key,User's Name,Number\n101,Jos\xe9 P\xe9rez,\n",
        &[Finding::file("encoding_guessed", WARNING)],
    );
    assert_eq!(
        json!([result["valid"], result["files"][0]["encoding"]]),
        json!([true, "Windows-1252"])
    );
    let named = format!("{BY_NAME}101,José Pérez,\n");
    let (little, big): (Vec<u8>, Vec<u8>) = (
        named.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        named.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    );
    for (content, encoding) in [
        (named.clone().into_bytes(), "UTF-8"),
        ([b"\xef\xbb\xbf".as_slice(), named.as_bytes()].concat(), "UTF-8"),
        ([b"\xff\xfe".as_slice(), &little].concat(), "UTF-16LE"),
        ([b"\xfe\xff".as_slice(), &big].concat(), "UTF-16BE"),
    ] {
        let result = clean(content);
        let found = result["files"][0]["encoding"]
            .as_str()
            .unwrap_or_default()
            .replace([' ', '_'], "");
        assert!(found.starts_with(encoding), "{found} for {encoding}");
    }
}

#[test]
fn delimiters_line_ends_and_the_sep_line_need_no_finding() {
    for (content, delimiter) in [
        ("Ext Key,User's Name,Number\r\n101,Ann Lee,+6512345678\r\n", ","),
        ("Ext Key;User's Name;Number\r101;\"Lee; Ann\";+6512345678\r", ";"),
        ("Ext Key\tUser's Name\tNumber\n101\tLee, Ann\t+6512345678\n", "\t"),
        (
            "sep=;\r\nExt Key;User's Name;Number\r\n101;Lee, Ann;+6512345678\r\n",
            ";",
        ),
        (
            " ext key ,USER\u{2019}S NAME,number,,\n101,Ann Lee,+6512345678,,\n",
            ",",
        ),
        ("Number,Ext Key,User's Name\n+6512345678,101,Ann Lee", ","),
        ("Ext Key,User's Name\n101,Ann Lee\n", ","),
    ] {
        let result = clean(content);
        assert_eq!(
            json!([
                result["files"][0]["delimiter"],
                result["files"][0]["rows"],
                result["identity"]
            ]),
            json!([delimiter, 1, "name"]),
            "{content:?}"
        );
    }
}

#[test]
fn lines_count_physical_lines_and_rows_data_rows() {
    let content = "sep=,\nExt Key,User's Name,Number\n\n,,\n101,\"Ann\nLee\",\n\n12,Bo Ek,\n";
    let result = validate(content);
    let short = bare(&result)
        .into_iter()
        .find(|issue| issue["code"] == "ext_key_length")
        .expect("the short one");
    assert_eq!(
        json!([short["row"], short["line"], short["value"]]),
        json!([2, 8, "12"])
    );
}
