//! What the tests of this crate share: opening text, and findings in a form that reads well.
#![allow(dead_code, clippy::unwrap_used)]

use bulk_file::{Document, FileInput, Issue, Limits};

pub fn open(text: impl AsRef<[u8]>) -> Document {
    Document::open(
        vec![FileInput::new("users.csv", text.as_ref())],
        Limits::default(),
    )
}

pub fn open_all(texts: &[&str]) -> Document {
    let files = texts
        .iter()
        .enumerate()
        .map(|(at, t)| FileInput::new(format!("{at}.csv"), t.as_bytes()))
        .collect();
    Document::open(files, Limits::default())
}

/// A file by name with one row a line, the header added.
pub fn by_name(rows: &str) -> Document {
    open(format!("Ext Key,User's Name,Number\n{rows}"))
}

pub fn by_uuid(rows: &str) -> Document {
    open(format!("Ext Key,Identity UUID,Number\n{rows}"))
}

pub fn issues(document: &Document) -> Vec<Issue> {
    document.issues().collect()
}

/// `row:code`, with `-` for findings about the file.
pub fn codes(document: &Document) -> Vec<String> {
    document
        .issues()
        .map(|i| format!("{}:{}", i.row.map_or("-".to_owned(), |r| r.to_string()), i.code))
        .collect()
}

/// The codes on one value in the column Ext Key / User's Name / Number of an otherwise right row.
pub fn on_ext_key(value: &str) -> Vec<String> {
    plain(&by_name(&format!("{},Tony,\n", quoted(value))))
}

pub fn on_name(value: &str) -> Vec<String> {
    plain(&by_name(&format!("101,{},\n", quoted(value))))
}

pub fn on_uuid(value: &str) -> Vec<String> {
    plain(&by_uuid(&format!("101,{},\n", quoted(value))))
}

pub fn on_number(value: &str) -> Vec<String> {
    plain(&by_name(&format!("101,Tony,{}\n", quoted(value))))
}

fn plain(document: &Document) -> Vec<String> {
    document.issues().map(|i| i.code.to_string()).collect()
}

pub fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\"\""))
}

/// The one finding of a document.
pub fn only(document: &Document) -> Issue {
    let all = issues(document);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_iter().next().unwrap()
}
