//! What holds for every file, tried on files made of awkward pieces.

#![allow(clippy::unwrap_used)]

mod common;

use bulk_file::{CellRef, Code, Column, Document, FileInput, Limits, RowFilter, Show, write};
use proptest::prelude::*;
use serde_json::Value;

/// Values as people, spreadsheets and attackers leave them.
fn value() -> impl Strategy<Value = String> {
    const POOL: &[&str] = &[
        "101",
        "102",
        "0101",
        "00101",
        "12",
        "",
        "",
        " ",
        "\u{a0}",
        "Tony",
        "tony ",
        "Zoë",
        "ZOË",
        "+6512345678",
        "6512345678",
        "+65 1234 5678",
        "6.5E+10",
        "a,b",
        "a;b",
        "Doe\\",
        "Doe\\ ",
        "\\",
        "\"",
        "say \"hi\"",
        "two\nlines",
        "a\r\nb",
        "\r",
        "\u{feff}",
        "\u{feff}101",
        "=1+1",
        "=\"101\"",
        "'+6512345",
        "101.0",
        "652d2f57-6e3b-4170-8bf9-4f1e98c88b56",
        "{652D2F57-6E3B-4170-8BF9-4F1E98C88B56}",
        "+6512345678;+6512345679",
        "１０１",
        "👨\u{200d}👩",
        "sep=;",
        "\"101",
        "x\"y",
    ];
    prop_oneof![4 => proptest::sample::select(POOL).prop_map(str::to_owned), 1 => "[a-z0-9+,;\"\\\\ \n]{0,6}"]
}

/// A cell as it may be written: as it is, or quoted.
fn cell(delimiter: char) -> impl Strategy<Value = String> {
    (value(), any::<bool>(), any::<bool>()).prop_map(move |(value, quote, raw)| {
        let must = value.contains([delimiter, '"', '\n', '\r']);
        if quote || (must && !raw) {
            common::quoted(&value)
        } else {
            value
        }
    })
}

fn file() -> impl Strategy<Value = String> {
    let headers = proptest::sample::select(vec![
        vec!["Ext Key", "User's Name", "Number"],
        vec!["Number", "Ext Key", "Identity UUID"],
        vec!["User's Name", "Ext Key"],
        vec!["Ext Key", "User's Name", "Identity UUID", "Number"],
        vec!["Floor", "Ext Key", "User's Name", "Number", "Message", ""],
        vec!["Ext Key", "Number"],
    ]);
    let delimiters = proptest::sample::select(vec![',', ';', '\t']);
    let ends = proptest::sample::select(vec!["\n", "\r\n", "\r"]);
    (headers, delimiters, ends, any::<bool>()).prop_flat_map(|(header, delimiter, end, last)| {
        let width = header.len();
        let row = proptest::collection::vec(cell(delimiter), 1..width + 3);
        proptest::collection::vec(row, 0..7).prop_map(move |rows| {
            let mut lines = vec![header.join(&delimiter.to_string())];
            lines.extend(rows.into_iter().map(|r| r.join(&delimiter.to_string())));
            lines.join(end) + if last { end } else { "" }
        })
    })
}

#[derive(Clone, Debug)]
enum Step {
    Edit(u32, Column, String),
    Fix(u32, Column),
    FixAll(Code),
    Undo,
    Redo,
}

fn step() -> impl Strategy<Value = Step> {
    let column = prop_oneof![
        Just(Column::ExtKey),
        Just(Column::Name),
        Just(Column::Uuid),
        Just(Column::Number),
        (0u32..6).prop_map(Column::Other)
    ];
    let codes = proptest::sample::select(Code::ALL);
    prop_oneof![
        5 => (1u32..7, column.clone(), value()).prop_map(|(r, c, v)| Step::Edit(r, c, v)),
        1 => (1u32..7, column).prop_map(|(r, c)| Step::Fix(r, c)),
        1 => codes.prop_map(Step::FixAll),
        1 => Just(Step::Undo),
        1 => Just(Step::Redo),
    ]
}

fn take(document: &mut Document, step: &Step) {
    match step {
        Step::Edit(row, column, value) => {
            document.edit(
                CellRef {
                    file: 0,
                    row: *row,
                    column: *column,
                },
                value,
            );
        }
        Step::Fix(row, column) => {
            document.fix(CellRef {
                file: 0,
                row: *row,
                column: *column,
            });
        }
        Step::FixAll(code) => {
            document.fix_all(*code);
        }
        Step::Undo => {
            document.undo();
        }
        Step::Redo => {
            document.redo();
        }
    }
}

/// The whole report, sizes left out.
fn report(document: &Document) -> Value {
    let mut report = serde_json::to_value(document.report()).unwrap();
    for file in report["files"].as_array_mut().unwrap() {
        file.as_object_mut().unwrap().remove("bytes");
    }
    report
}

fn has(document: &Document, code: Code) -> bool {
    document.issues().any(|i| i.code == code)
}

/// Uses every way of looking at a document.
fn look(document: &Document) {
    let _ = serde_json::to_string(&document.report()).unwrap();
    let _ = document.groups();
    let _ = document.strip(7);
    let _ = document.assignments();
    for show in [Show::All, Show::Problems, Show::Code(Code::RowLength)] {
        let filter = RowFilter {
            show,
            search: String::new(),
        };
        let window = document.rows(&filter, 0, 50);
        for (at, row) in window.rows.iter().enumerate() {
            assert_eq!(document.position_of(row.file, row.row, &filter), Some(at as u32));
        }
    }
    let mut at = None;
    let mut seen = 0;
    while let Some(next) = document.next_problem(at, false) {
        at = Some(next);
        seen += 1;
        assert!(seen < 10_000);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let document = common::open(&bytes);
        look(&document);
        prop_assert_eq!(document.corrected(0), bytes);
    }

    #[test]
    fn any_text_is_answered(text in "[\\PC\r\n\t,;\"]{0,200}", header in any::<bool>()) {
        let text = if header { format!("Ext Key,User's Name,Number\n{text}") } else { text };
        let document = common::open(&text);
        look(&document);
        prop_assert_eq!(document.corrected(0), text.into_bytes());
    }

    #[test]
    fn editing_equals_opening_the_corrected_file(text in file(), steps in proptest::collection::vec(step(), 1..8)) {
        let mut document = common::open(&text);
        prop_assume!(!has(&document, Code::UnclosedQuote));
        for step in &steps {
            take(&mut document, step);
            look(&document);
            let corrected = document.corrected(0);
            let again = common::open(&corrected);
            prop_assert_eq!(report(&document), report(&again), "{:?} {:?}", step, String::from_utf8_lossy(&corrected));
            prop_assert_eq!(document.assignments(), again.assignments());
        }
    }

    #[test]
    fn editing_never_breaks_the_views(text in file(), steps in proptest::collection::vec(step(), 1..8)) {
        let mut document = common::open(&text);
        for step in &steps {
            take(&mut document, step);
            look(&document);
        }
    }

    #[test]
    fn undo_restores_and_redo_repeats(text in file(), steps in proptest::collection::vec(step(), 1..8)) {
        let mut document = common::open(&text);
        let before = (report(&document), document.corrected(0));
        for step in &steps {
            take(&mut document, step);
        }
        let after = (report(&document), document.corrected(0));
        let count = document.edits().len();
        for _ in 0..count {
            prop_assert!(document.undo().is_some());
        }
        prop_assert!(document.undo().is_none());
        prop_assert_eq!(&before, &(report(&document), document.corrected(0)));
        for _ in 0..count {
            prop_assert!(document.redo().is_some());
        }
        prop_assert_eq!(&after, &(report(&document), document.corrected(0)));
        let stored: Vec<bulk_file::EditGroup> = serde_json::from_str(&serde_json::to_string(document.edits()).unwrap()).unwrap();
        let mut replayed = common::open(&text);
        prop_assert_eq!(replayed.replay(&stored).refused, 0);
        prop_assert_eq!(&after, &(report(&replayed), replayed.corrected(0)));
    }

    #[test]
    fn fixing_all_leaves_none(text in file()) {
        for code in [Code::SpreadsheetArtifact, Code::NumberFormatted, Code::IdentityNormalised, Code::ValueTrimmed] {
            let mut document = common::open(&text);
            document.fix_all(code);
            prop_assert!(!has(&document, code), "{} {:#?}", code, document.issues().collect::<Vec<_>>());
        }
    }

    #[test]
    fn trying_says_what_editing_does(text in file(), row in 1u32..6, value in value()) {
        let document = common::open(&text);
        let cell = CellRef { file: 0, row, column: Column::ExtKey };
        let tried = document.try_value(cell, &value);
        let mut edited = document.clone();
        edited.edit(cell, &value);
        if edited.row_count() == document.row_count() {
            let found: Vec<_> = edited
                .issues()
                .filter(|i| i.column.as_deref() == Some("Ext Key"))
                .filter(|i| i.row == Some(row) || i.related_rows.contains(&row))
                .collect();
            for issue in &tried {
                prop_assert!(found.contains(issue));
            }
            prop_assert_eq!(tried.len(), found.len());
        }
        prop_assert_eq!(document.version(), 0);
    }

    #[test]
    fn order_of_rows_does_not_matter(mut rows in proptest::collection::vec((value(), value(), value()), 1..8), turn in 0usize..8) {
        let text = |rows: &[(String, String, String)]| {
            let mut writer = write::Writer::new(write::Kind::Reimport);
            writer.row(["Ext Key", "User's Name", "Number"]).unwrap();
            for (a, b, c) in rows {
                writer.row([a, b, c]).unwrap();
            }
            writer.finish().unwrap()
        };
        let counts = |document: &Document| {
            let mut codes: Vec<&str> = document.issues().map(|i| i.code.as_str()).collect();
            codes.sort_unstable();
            codes.join(" ")
        };
        let before = counts(&common::open(text(&rows)));
        let turn = turn % rows.len();
        rows.rotate_left(turn);
        prop_assert_eq!(&before, &counts(&common::open(text(&rows))));
        rows.reverse();
        prop_assert_eq!(&before, &counts(&common::open(text(&rows))));
    }

    #[test]
    fn what_is_written_is_read_back(rows in proptest::collection::vec(proptest::collection::vec(value(), 3), 1..6)) {
        let mut writer = write::Writer::new(write::Kind::Reimport);
        writer.row(["Ext Key", "User's Name", "Number"]).unwrap();
        for row in &rows {
            writer.row(row).unwrap();
        }
        let document = common::open(writer.finish().unwrap());
        let blank = |v: &String| v.chars().all(|c| c.is_whitespace() || c.is_control() || c == '\u{feff}');
        let kept: Vec<Vec<String>> = rows.iter().filter(|r| !r.iter().all(blank)).cloned().collect();
        let shown = document.rows(&RowFilter::default(), 0, 100);
        let read: Vec<Vec<String>> =
            shown.rows.into_iter().map(|r| r.cells.into_iter().map(|c| c.value).collect()).collect();
        prop_assert_eq!(read, kept);
    }

    #[test]
    fn other_encodings_read_the_same(text in file(), steps in proptest::collection::vec(step(), 0..4)) {
        let utf16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let mut wide = Document::open(vec![FileInput::new("users.csv", utf16.as_slice())], Limits::default());
        prop_assert_eq!(wide.corrected(0), utf16);
        let mut plain = common::open(&text);
        for step in &steps {
            take(&mut plain, step);
            take(&mut wide, step);
        }
        let issues = |document: &Document| document.issues().collect::<Vec<_>>();
        prop_assert_eq!(issues(&plain), issues(&wide));
        let again = String::from_utf16(&wide.corrected(0).chunks(2).skip(1).map(|c| u16::from_le_bytes([c[0], c[1]])).collect::<Vec<_>>()).unwrap();
        prop_assert_eq!(again.into_bytes(), plain.corrected(0));
    }
}
