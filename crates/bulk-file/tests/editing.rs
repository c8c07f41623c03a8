//! Editing, fixing and saving, through the public verbs; and the windows onto a document.

#![allow(clippy::unwrap_used)]

mod common;

use bulk_file::{
    CellRef, Code, Column, Document, Encoding, FileInput, Issue, Limits, RowFilter, SegmentKind, Severity,
    Show, write,
};
use common::*;

const NONE: [&str; 0] = [];

fn cell(row: u32, column: Column) -> CellRef {
    CellRef { file: 0, row, column }
}

fn text(document: &Document) -> String {
    String::from_utf8(document.corrected(0)).unwrap()
}

#[test]
fn untouched_bytes_stay() {
    let original = "\u{feff}Ext Key ;\"User's Name\";Number\r\n\n\"101\"; \"x\" ;\"+65\"\"\"\r;;\r\n12;\"O\nN\";6512345678";
    let mut document = open(original);
    document.edit(cell(2, Column::ExtKey), "112");
    assert_eq!(text(&document), original.replace("\n12;", "\n112;"));
    document.edit(cell(1, Column::ExtKey), "103");
    assert_eq!(
        text(&document),
        original.replace("\n12;", "\n112;").replace("\"101\"", "\"103\"")
    );
    document.edit(cell(1, Column::ExtKey), "101");
    document.edit(cell(2, Column::ExtKey), "12");
    assert_eq!(text(&document), original);
}

#[test]
fn values_that_need_quotes_get_them() {
    let mut document = by_name("101,Tony,\n");
    for (value, written) in [
        ("Doe, John", "\"Doe, John\""),
        ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("a\nb", "\"a\nb\""),
        ("a;b", "a;b"),
    ] {
        document.edit(cell(1, Column::Name), value);
        assert!(text(&document).ends_with(&format!("101,{written},\n")), "{value}");
    }
}

#[test]
fn missing_cells_can_be_filled() {
    let mut document = by_name("101,Tony\r\n102\r\n");
    document.edit(cell(1, Column::Number), "+6512345678");
    document.edit(cell(2, Column::Number), "+6512345679");
    assert_eq!(codes(&document), ["2:identity_blank"]);
    document.edit(cell(2, Column::Name), "Jane");
    assert_eq!(codes(&document), NONE);
    assert_eq!(
        text(&document),
        "Ext Key,User's Name,Number\n101,Tony,+6512345678\r\n102,Jane,+6512345679\r\n"
    );
}

#[test]
fn edited_files_keep_their_encoding() {
    let mut latin = open(b"Ext Key,User's Name,Number\n101,Zo\xeb,\n102,Jane,\n");
    latin.edit(cell(2, Column::Name), "José");
    assert_eq!(
        latin.corrected(0),
        b"Ext Key,User's Name,Number\n101,Zo\xeb,\n102,Jos\xe9,\n"
    );
    assert_eq!(latin.corrected_encoding(0), Some(Encoding::Windows1252));
    // What Windows-1252 lacks is not lost: the file becomes UTF-8, and says so by its byte order mark.
    latin.edit(cell(2, Column::Name), "李伟");
    assert_eq!(latin.corrected_encoding(0), Some(Encoding::Utf8));
    assert_eq!(
        text(&latin),
        "\u{feff}Ext Key,User's Name,Number\n101,Zoë,\n102,李伟,\n"
    );
    // Nor may it read as something else: these bytes would be taken for UTF-8.
    let mut twisted = open(b"Ext Key,User's Name,Number\n101,Zo\xeb,\n");
    twisted.edit(cell(1, Column::Name), "Ã©");
    let again = open(twisted.corrected(0));
    assert_eq!(
        again.rows(&RowFilter::default(), 0, 1).rows[0].cells[1].value,
        "Ã©"
    );
}

#[test]
fn fixes() {
    let mut document =
        by_name("101, =\"Tony\" ,\"'+65 1234 5678\"\n102,Jane,65-12345679\n103,Ann,+6512345670\n");
    assert_eq!(document.fix(cell(1, Column::Name)).unwrap().cells, 1);
    assert_eq!(
        document.rows(&RowFilter::default(), 0, 1).rows[0].cells[1].value,
        "Tony"
    );
    assert_eq!(document.fix_all(Code::SpreadsheetArtifact).cells, 1);
    assert_eq!(document.fix_all(Code::NumberFormatted).cells, 2);
    assert_eq!(document.fix_all(Code::NumberPlusLost).cells, 1);
    assert_eq!(codes(&document), NONE);
    assert_eq!(
        text(&document),
        "Ext Key,User's Name,Number\n101,Tony,\"+6512345678\"\n102,Jane,+6512345679\n103,Ann,+6512345670\n"
    );
    assert!(document.fix(cell(1, Column::Name)).is_none());
    assert_eq!(document.fix_all(Code::NumberScientific).cells, 0);
    assert_eq!(document.edits().len(), 4);
    assert_eq!(document.undo().unwrap().warnings, 1);
}

#[test]
fn duplicates_follow_edits() {
    let mut document = by_name("101,A,\n102,B,\n103,C,\n");
    let version = document.version();
    let change = document.edit(cell(1, Column::ExtKey), "103");
    assert_eq!((change.cells, change.errors, change.version), (1, 1, version + 1));
    assert_eq!(codes(&document), ["3:ext_key_duplicate"]);
    document.edit(cell(3, Column::ExtKey), "104");
    assert_eq!(codes(&document), NONE);
}

#[test]
fn emptied_rows_are_left_out_and_come_back() {
    let mut document = by_name("101,A,\n102,B,\n12,C,\n");
    document.edit(cell(2, Column::ExtKey), "");
    document.edit(cell(2, Column::Name), " ");
    assert_eq!(document.row_count(), 2);
    let issue = only(&document);
    assert_eq!((issue.row, issue.line), (Some(2), Some(4)));
    document.undo();
    assert_eq!(document.row_count(), 3);
}

#[test]
fn lines_follow_line_breaks() {
    let mut document = by_name("101,A,\n12,B,\n");
    document.edit(cell(1, Column::Name), "A\r\nB\nC");
    assert_eq!(only(&document).line, Some(5));
    document.undo();
    assert_eq!(only(&document).line, Some(3));
}

#[test]
fn edits_of_no_cell_are_refused() {
    let mut document = by_name("101,A,\n");
    for wrong in [
        cell(0, Column::ExtKey),
        cell(2, Column::ExtKey),
        cell(1, Column::Uuid),
        cell(1, Column::Other(9)),
        CellRef {
            file: 7,
            row: 1,
            column: Column::Name,
        },
    ] {
        let change = document.edit(wrong, "x");
        assert_eq!((change.cells, change.refused), (0, 1), "{wrong:?}");
    }
    assert_eq!(document.edit(cell(1, Column::Name), "a\0").refused, 1);
    assert_eq!(document.version(), 0);
    assert!(document.undo().is_none());
    assert_eq!(document.edit(cell(1, Column::Name), "A").cells, 0);
}

#[test]
fn surplus_cells_can_be_cleared() {
    let mut document = by_name("101,A,,x\n");
    assert_eq!(codes(&document), ["1:row_length"]);
    document.edit(cell(1, Column::Other(3)), "");
    assert_eq!(codes(&document), NONE);
    assert_eq!(text(&document), "Ext Key,User's Name,Number\n101,A,,\n");
}

#[test]
fn an_unclosed_quote_is_closed_by_editing() {
    let mut document = by_name("101,\"Tony,\n102,Jane,\n");
    document.edit(cell(1, Column::Name), "Tony");
    assert_eq!(
        text(&document),
        "Ext Key,User's Name,Number\n101,Tony,\n102,Jane,\n"
    );
    assert_eq!(codes(&document), NONE);
}

#[test]
fn groups_say_what_is_wrong_and_what_a_button_does() {
    let document =
        by_name("101,A,+6512345678\n102, B,+65 12345679\n103, C,6512345670\n104,D,6.5E+10\n12,E,\n1,F,\n");
    let groups = document.groups();
    let told: Vec<(Code, u32)> = groups.iter().map(|g| (g.code, g.count)).collect();
    assert_eq!(
        told,
        [
            (Code::ExtKeyLength, 2),
            (Code::NumberScientific, 1),
            (Code::ValueTrimmed, 2),
            (Code::NumberFormatted, 1),
            (Code::NumberPlusLost, 1)
        ]
    );
    assert_eq!(groups[1].title, "Number was turned into 6.5E+10");
    assert_eq!((groups[1].fix_label.as_deref(), groups[1].fixable), (None, 0));
    let plus = groups[4].example.clone().unwrap();
    assert_eq!(
        (plus.before.as_str(), plus.after.as_deref()),
        ("6512345670", Some("+6512345670"))
    );
    assert_eq!(groups[4].fix_label.as_deref(), Some("Restore leading +"));
}

#[test]
fn rows_can_be_filtered_and_searched() {
    let document = by_name("101,Ann,\n102,Bob,\n101,Zoë,\n12,Dan,\n");
    let shown = |show, search: &str| -> Vec<u32> {
        let filter = RowFilter {
            show,
            search: search.to_owned(),
        };
        document.rows(&filter, 0, 10).rows.iter().map(|r| r.row).collect()
    };
    assert_eq!(shown(Show::All, ""), [1, 2, 3, 4]);
    // The first of a pair of duplicates is a problem as much as the second.
    assert_eq!(shown(Show::Problems, ""), [1, 3, 4]);
    assert_eq!(shown(Show::Code(Code::ExtKeyLength), ""), [4]);
    assert_eq!(shown(Show::All, "ZOË"), [3]);
    assert_eq!(shown(Show::Problems, "an"), [1, 4]);
    let window = document.rows(&RowFilter::default(), 2, 1);
    assert_eq!((window.total, window.rows.len(), window.rows[0].row), (4, 1, 3));
    assert!(
        window.rows[0].cells[0]
            .issues
            .iter()
            .any(|i| i.code == Code::ExtKeyDuplicate && !i.elsewhere)
    );
    let first = &document.rows(&RowFilter::default(), 0, 1).rows[0];
    assert!(
        first.cells[0]
            .issues
            .iter()
            .any(|i| i.code == Code::ExtKeyDuplicate && i.elsewhere)
    );
    let problems = RowFilter {
        show: Show::Problems,
        search: String::new(),
    };
    assert_eq!(document.position_of(0, 4, &problems), Some(2));
    assert_eq!(document.position_of(0, 2, &problems), None);
}

#[test]
fn problems_can_be_walked() {
    let document = by_name("101,A,\n12,,x\n103,C,\n");
    let mut seen = Vec::new();
    let mut at = None;
    while let Some(next) = document.next_problem(at, false) {
        seen.push(next);
        at = Some(next);
    }
    assert_eq!(
        seen,
        [
            cell(2, Column::ExtKey),
            cell(2, Column::Name),
            cell(2, Column::Number)
        ]
    );
    assert_eq!(document.next_problem(None, true), Some(cell(2, Column::Number)));
    assert_eq!(
        document.next_problem(Some(cell(2, Column::Name)), true),
        Some(cell(2, Column::ExtKey))
    );
    assert_eq!(document.strip(3), [None, Some(Severity::Error), None]);
}

#[test]
fn invisible_characters_are_shown() {
    let document = by_name("101,\"  To\u{200b}ny\u{a0}\",\n");
    let shown = &document.rows(&RowFilter::default(), 0, 1).rows[0].cells[1].shown;
    let parts: Vec<(&str, SegmentKind)> = shown.iter().map(|s| (s.text.as_str(), s.kind)).collect();
    assert_eq!(
        parts,
        [
            ("  ", SegmentKind::Space),
            ("To", SegmentKind::Plain),
            ("ZWSP", SegmentKind::Invisible),
            ("ny", SegmentKind::Plain),
            ("NBSP", SegmentKind::Invisible)
        ]
    );
    let family = by_name("101,👨\u{200d}👩,\n");
    assert_eq!(
        family.rows(&RowFilter::default(), 0, 1).rows[0].cells[1]
            .shown
            .len(),
        1
    );
}

#[test]
fn findings_from_outside_stand_among_the_others() {
    let mut document = by_name("101,A,\n12,B,\n");
    let taken = Issue {
        file: Some(0),
        row: Some(1),
        line: Some(2),
        column: Some("Ext Key".to_owned()),
        ..Issue::new(Code::ExtensionTaken, "101 is Jane's.")
    };
    document.set_outside_issues(vec![taken]);
    assert_eq!(document.errors(), 2);
    assert!(
        document
            .groups()
            .iter()
            .any(|g| g.code == Code::ExtensionTaken && g.sentence == "101 is Jane's.")
    );
    let rows = document
        .rows(
            &RowFilter {
                show: Show::Problems,
                search: String::new(),
            },
            0,
            9,
        )
        .rows;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].cells[0].issues[0].message, "101 is Jane's.");
    assert_eq!(document.assignments().len(), 1);
    document.clear_outside_issues();
    assert_eq!(document.errors(), 1);
}

#[test]
fn two_kinds_of_export() {
    let rows = [["101", "=cmd", "+6512345678"], ["102", "@a,b", "\t-1"]];
    let written = |kind| {
        let mut writer = write::Writer::new(kind);
        for row in rows {
            writer.row(row).unwrap();
        }
        String::from_utf8(writer.finish().unwrap()).unwrap()
    };
    assert_eq!(
        written(write::Kind::Reimport),
        "101,=cmd,+6512345678\r\n102,\"@a,b\",\t-1\r\n"
    );
    assert_eq!(
        written(write::Kind::Spreadsheet),
        "\u{feff}101,'=cmd,'+6512345678\r\n102,\"'@a,b\",'\t-1\r\n"
    );
}

#[test]
fn several_files_are_edited_apart() {
    let header = "Ext Key,User's Name\n";
    let files =
        ["101,A\n", "102,B\n"].map(|rows| FileInput::new("x.csv", format!("{header}{rows}").as_bytes()));
    let mut document = Document::open(files.to_vec(), Limits::default());
    document.edit(
        CellRef {
            file: 1,
            row: 1,
            column: Column::ExtKey,
        },
        "101",
    );
    assert_eq!(document.corrected(0), b"Ext Key,User's Name\n101,A\n");
    assert_eq!(document.corrected(1), b"Ext Key,User's Name\n101,B\n");
    let issue = only(&document);
    assert_eq!(
        (issue.file, issue.row, issue.related[0].file),
        (Some(1), Some(1), 0)
    );
}

#[test]
fn what_was_said_of_a_value_goes_with_it_and_rows_take_theirs_along() {
    let at = |row: u32, column: &str| Issue {
        file: Some(0),
        row: Some(row),
        line: Some(row + 1),
        column: Some(column.to_owned()),
        ..Issue::new(Code::ExtensionTaken, format!("of row {row}"))
    };
    let mut document = by_name("101,A,\n102,B,\n103,C,\n104,D,\n");
    let outside = |document: &Document| -> Vec<(u32, String)> {
        let mut of_rows: Vec<(u32, String)> = document
            .issues()
            .filter(|issue| issue.code == Code::ExtensionTaken)
            .map(|issue| (issue.row.unwrap(), issue.cell.unwrap()))
            .collect();
        of_rows.sort();
        of_rows
    };
    document.set_outside_issues(vec![at(4, "Ext Key"), at(2, "User's Name"), at(9, "Ext Key")]);
    assert_eq!(
        outside(&document),
        [(2, "B3".to_owned()), (4, "A5".to_owned())],
        "one of no row is dropped"
    );
    assert_eq!(
        (
            document.errors(),
            document.own_errors(),
            document.outside_counts()
        ),
        (2, 0, (2, 0))
    );
    let groups = document.groups();
    assert!(
        groups.len() == 1 && groups[0].outside && groups[0].count == 2,
        "{groups:#?}"
    );
    assert!(
        document
            .try_value(cell(2, Column::Name), "12")
            .iter()
            .all(|issue| issue.code != Code::ExtensionTaken)
    );

    document.edit(cell(2, Column::ExtKey), "12");
    assert_eq!(
        outside(&document),
        [(4, "A5".to_owned())],
        "an edited row was judged by what it held before"
    );
    assert_eq!((document.own_errors(), document.outside_counts()), (1, (1, 0)));
    document.edit(cell(1, Column::ExtKey), "");
    document.edit(cell(1, Column::Name), "");
    assert_eq!(document.row_count(), 3);
    assert_eq!(
        outside(&document),
        [],
        "a row vanished: row numbers of sentences are not to be trusted"
    );
}

#[test]
fn a_row_emptied_between_two_kinds_of_line_ends_stays_a_line() {
    let mut document = open("Ext Key,User's Name,Number\r101,,\rtwo\nlines");
    document.edit(cell(2, Column::ExtKey), "");
    assert_eq!(text(&document), "Ext Key,User's Name,Number\r101,,\r\"\"\nlines");
    let lines = |document: &Document| -> Vec<_> { issues(document).iter().map(|i| i.line).collect() };
    assert_eq!(lines(&document), lines(&open(document.corrected(0))));
}

#[test]
fn what_a_fix_brings_to_light_is_fixed_with_it() {
    let mut document = open("Number\tExt Key\tIdentity UUID\r \\\tDoe\\\t101\tDoe\\ \r");
    document.fix_all(Code::ValueTrimmed);
    assert!(
        issues(&document)
            .iter()
            .all(|issue| issue.code != Code::ValueTrimmed)
    );
    while document.undo().is_some() {}
    assert_eq!(
        text(&document),
        "Number\tExt Key\tIdentity UUID\r \\\tDoe\\\t101\tDoe\\ \r"
    );
}
