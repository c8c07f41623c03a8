//! One test a rule about a file, its header and its rows: what it catches, and the neighbours it must leave alone.

#![allow(clippy::unwrap_used)]

mod common;

use bulk_file::{Code, Document, Encoding, FileInput, IdentityKind, Limits, Severity};
use common::*;

const HEADER: &str = "Ext Key,User's Name,Number\n";
const NONE: [&str; 0] = [];

#[test]
fn samples_are_right() {
    for kind in [IdentityKind::Name, IdentityKind::Uuid] {
        let document = open(bulk_file::sample(kind));
        assert_eq!(codes(&document), NONE);
        assert_eq!(document.identity(), Some(kind));
        assert_eq!(document.row_count(), 2);
        assert_eq!(document.assignments().len(), 2);
    }
}

#[test]
fn file_too_large() {
    let mut text = HEADER.to_owned() + "101,Tony,\n";
    text.push_str(&"\n".repeat(5_242_880 - text.len()));
    assert_eq!(codes(&open(&text)), NONE);
    text.push('\n');
    assert_eq!(codes(&open(&text)), ["-:file_too_large"]);
    let unread = Document::open(
        vec![FileInput::too_large("huge.csv", 9_000_000_000)],
        Limits::default(),
    );
    let issue = only(&unread);
    assert_eq!(issue.code, Code::FileTooLarge);
    assert!(
        issue.message.contains("huge.csv has 9,000,000,000 bytes"),
        "{}",
        issue.message
    );
    assert_eq!((issue.file, issue.row, issue.line), (Some(0), None, None));
}

fn rows(from: u32, count: u32) -> String {
    let rows: String = (from..from + count).map(|n| format!("{n},User {n},\n")).collect();
    HEADER.to_owned() + &rows
}

#[test]
fn too_many_rows() {
    assert_eq!(codes(&open(rows(10_000, 15_000))), NONE);
    assert_eq!(codes(&open(rows(10_000, 15_001))), ["-:too_many_rows"]);
    let together = open_all(&[&rows(10_000, 8_000), &rows(20_000, 7_001)]);
    let issue = only(&together);
    assert_eq!((issue.code, issue.file), (Code::TooManyRows, Some(1)));
    assert_eq!(
        codes(&open_all(&[&rows(10_000, 8_000), &rows(20_000, 7_000)])),
        NONE
    );
}

#[test]
fn empty_file() {
    for text in [
        "",
        "\n\n",
        "\u{feff}",
        HEADER,
        "Ext Key,User's Name,Number\n,,\n \n",
        "sep=;\n",
    ] {
        assert_eq!(codes(&open(text)), ["-:empty_file"], "{text:?}");
    }
}

#[test]
fn not_text() {
    for bytes in [
        &b"Ext Key,User's Name\n101,To\0ny\n"[..],
        b"PK\x03\x04\x14\0\x06\0xl/workbook.xml",
        b"\xff\xfeE\0x",
        b"\xff\xfe\x00\xd8\x00\x00",
        b"\xef\xbb\xbfExt Key\xff",
        b"Ext Key,User's Name\n101,\x8d\x90\n",
        b"E\0x\0t\0 \0K\0e\0y\0",
    ] {
        let document = open(bytes);
        assert_eq!(codes(&document), ["-:not_text"], "{bytes:?}");
        assert_eq!(document.corrected(0), bytes);
    }
    let workbook = only(&open(b"PK\x03\x04\x14\0\x06\0[Content_Types].xml"));
    assert!(workbook.message.contains(".xlsx"), "{}", workbook.message);
}

#[test]
fn encodings() {
    let text = "Ext Key,User's Name,Number\r\n101,Zoë Ångström,\r\n";
    let utf16 = |le: bool| -> Vec<u8> {
        std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(|u| if le { u.to_le_bytes() } else { u.to_be_bytes() })
            .collect()
    };
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (format!("\u{feff}{text}").into_bytes(), Encoding::Utf8),
        (utf16(true), Encoding::Utf16Le),
        (utf16(false), Encoding::Utf16Be),
    ] {
        let document = open(&bytes);
        assert_eq!(codes(&document), NONE);
        assert_eq!(document.encoding(0), Some(encoding));
        assert_eq!(document.corrected(0), bytes);
        assert!(
            serde_json::to_string(&document.assignments())
                .unwrap()
                .contains("Zoë Ångström")
        );
    }
}

#[test]
fn encoding_guessed() {
    let document = open(b"Ext Key,User's Name,Number\n101,Zo\xeb \x93\xc5ngstr\xf6m\x94,\n");
    let issue = only(&document);
    assert_eq!(
        (issue.code, issue.severity, issue.row),
        (Code::EncodingGuessed, Severity::Warning, None)
    );
    assert!(document.report().valid);
    assert!(
        serde_json::to_string(&document.assignments())
            .unwrap()
            .contains("Zoë “Ångström”")
    );
}

#[test]
fn a_broken_utf8_file_is_told_as_such() {
    let issue = only(&open(
        b"Ext Key,User's Name\n101,Zo\xc3\xab,\n102,J\xc3\xbcrgen,\n103,Zo\xc3,\n",
    ));
    assert_eq!(issue.code, Code::EncodingGuessed);
    assert!(issue.message.contains("byte 50 is not"), "{}", issue.message);
}

#[test]
fn headers_that_are_right() {
    for header in [
        "EXT KEY,user’s name,NUMBER",
        " Ext Key ,\u{a0}User`s Name,Number\t",
        "Ext Key,User's Name,Number,,,",
        "Ext Key;User's Name;Number",
        "Ext Key\tUser's Name\tNumber",
        "\"Ext Key\",\"User's Name\",\"Number\"",
        "Ext Key,User's Name",
        "sep=;\nExt Key;User's Name;Number",
        "SEP=\t\r\nExt Key\tUser's Name\tNumber",
        "\n\n,,\nExt Key,User's Name,Number",
        "Row,Ext Key,User's Name,Number,Outcome,Code,Message,Tracking ID,Started,Finished",
    ] {
        let data = if header.starts_with("Row") {
            "1,101,Tony,,failed,x,y,z,1,2"
        } else if header.contains(';') {
            "101;Tony"
        } else if header.contains("Key\t") {
            "101\tTony"
        } else {
            "101,Tony"
        };
        let document = open(format!("{header}\n{data}\n"));
        assert_eq!(codes(&document), NONE, "{header}");
        assert_eq!(document.assignments().len(), 1, "{header}");
    }
}

#[test]
fn columns_in_any_order() {
    let document = open("Number,User's Name,Ext Key\n+6512345678,Tony,101\n,Jane,12\n");
    assert_eq!(codes(&document), ["2:ext_key_length"]);
    assert_eq!(only(&document).cell.as_deref(), Some("C3"));
}

#[test]
fn missing_column() {
    let document = open("Ext,Who,Number\nx,Tony,\n");
    assert_eq!(
        codes(&document),
        [
            "-:missing_column",
            "-:missing_column",
            "-:unknown_column",
            "-:unknown_column"
        ]
    );
    let first = document.issues().next().unwrap();
    assert!(
        first.message.contains("\"Ext\", \"Who\", \"Number\""),
        "{}",
        first.message
    );
    assert_eq!(codes(&open("Ext Key,Number\n101,\n")), ["-:missing_column"]);
    assert!(document.assignments().is_empty());
}

#[test]
fn missing_header() {
    let document = open("101,Tony,+6512345678\n102,Jane,\n");
    assert_eq!(codes(&document), ["-:missing_column"]);
    assert_eq!(document.row_count(), 2);
    assert_eq!(document.report().files[0].delimiter.as_deref(), Some(","));
    let found = open("101;Tony;\n12;Jane;\n");
    assert_eq!(codes(&found), ["-:missing_column", "2:ext_key_length"]);
    assert_eq!(open("Tony,101\nJane,102\n").row_count(), 2);
    assert_eq!(open("Extension,Name\n101,Tony\n").row_count(), 1);
}

#[test]
fn unknown_column() {
    let document = open("Ext Key,Floor,User's Name,Number\n101,3,Tony,\n");
    let issue = only(&document);
    assert_eq!(
        (issue.code, issue.column.as_deref(), issue.cell.as_deref()),
        (Code::UnknownColumn, Some("Floor"), Some("B1"))
    );
    assert_eq!((issue.row, issue.line), (None, None));
}

#[test]
fn duplicate_column() {
    assert_eq!(
        codes(&open("Ext Key,User's Name,ext key\n101,Tony,102\n")),
        ["-:duplicate_column"]
    );
    assert_eq!(
        codes(&open("Ext Key,User's Name,Message,Message\n101,Tony,a,b\n")),
        NONE
    );
}

#[test]
fn row_length() {
    assert_eq!(
        codes(&by_name("101,Tony,+6512345678,surplus\n")),
        ["1:row_length"]
    );
    assert_eq!(codes(&by_name("101\n")), ["1:row_length"]);
    assert_eq!(codes(&by_name("101,Tony\n")), NONE);
    assert_eq!(codes(&by_name("101,Tony,,, ,\n")), NONE);
    assert_eq!(
        codes(&by_name("12,Doe, John,+6512345678\n")),
        ["1:row_length", "1:ext_key_length"]
    );
    assert_eq!(
        codes(&open("User's Name,Number,Ext Key\nTony,\n")),
        ["1:row_length"]
    );
    let issue = only(&by_name("101\n"));
    assert_eq!((issue.column, issue.value, issue.line), (None, None, Some(2)));
    assert!(
        issue.message.contains("User's Name is missing"),
        "{}",
        issue.message
    );
}

#[test]
fn backslash_comma() {
    let mut document = by_name("101,Doe\\, John,+6512345678\n");
    let issue = only(&document);
    assert_eq!(issue.code, Code::BackslashComma);
    assert_eq!(issue.fix.unwrap().value, "Doe, John");
    assert_eq!(issue.column.as_deref(), Some("User's Name"));
    document.fix_all(Code::BackslashComma);
    assert_eq!(codes(&document), NONE);
    assert_eq!(
        document.corrected(0),
        b"Ext Key,User's Name,Number\n101,\"Doe, John\",+6512345678\n"
    );
    // Two in one value, two values, and other findings of the row beside it.
    assert_eq!(only(&by_name("101,a\\,b\\,c,\n")).fix.unwrap().value, "a,b,c");
    assert_eq!(
        codes(&by_name("12,Doe\\, John,123\n")),
        ["1:ext_key_length", "1:backslash_comma", "1:number_length"]
    );
    // A backslash where the row fits its header is part of the name.
    assert_eq!(codes(&by_name("101,Doe\\,\n")), NONE);
    assert_eq!(codes(&by_name("101,\"Doe\\, John\",\n")), NONE);
    assert_eq!(codes(&by_name("101,\"Doe\\\",,x\n")), ["1:row_length"]);
}

#[test]
fn unclosed_quote() {
    let document = by_name("101,\"Tony,\n12,Jane,\n103,Ann,\n");
    assert_eq!(codes(&document), ["1:unclosed_quote", "2:ext_key_length"]);
    assert_eq!(document.issues().next().unwrap().line, Some(2));
    // Two slips do not hide each other: the second quote stands where none may close.
    assert_eq!(
        codes(&by_name("101,\"Tony,\n102,Jane,\n103,\"Ann,\n")),
        ["1:unclosed_quote", "3:unclosed_quote"]
    );
    // The line is that of the quote, not of the row.
    let issue = issues(&by_name("101,\"a\nb\",\"+65\n"));
    assert_eq!((issue[0].line, issue[0].row), (Some(3), Some(1)));
    // Two slips that look like a pair would hide the rows between them.
    let document = by_name("101,\"Tony,+6512345678\n102,Jane\",+6512345679\n");
    assert_eq!(codes(&document), ["1:unclosed_quote"]);
    // In the header: said, and the heading is known all the same.
    let header = open("Ext Key,\"User's Name,Number\n101,Tony,\n");
    assert_eq!(codes(&header), ["-:unclosed_quote"]);
    assert_eq!(only(&header).line, Some(1));
    assert_eq!(
        codes(&by_name(
            "101,\"Tony \"\"T\"\" Lee\",\n102,\"a\nb\",\n103,5\" pipe,\n104,\"x\" y,\n"
        )),
        NONE
    );
}

#[test]
fn row_and_line_numbers() {
    let text = "sep=,\r\nExt Key,User's Name,Number\r\n\r\n101,\"A\r\nB\",\r\n,,\r\n \r\n12,C,\r\n";
    let issue = only(&open(text));
    assert_eq!(
        (issue.row, issue.line, issue.cell.as_deref()),
        (Some(2), Some(8), Some("A6"))
    );
    let cr = open("Ext Key,User's Name\r101,A\r\r12,B");
    let issue = only(&cr);
    assert_eq!((issue.row, issue.line), (Some(2), Some(4)));
}

#[test]
fn our_own_report_can_be_fed_in() {
    let text = "Row,Ext Key,User's Name,Number,Outcome,Code,Message,Tracking ID,Started,Finished\r\n\
                7,101,Tony,+6512345678,failed,extension_taken,\"Taken, by Jane\",T_1,2026-11-19T14:00:00Z,\r\n";
    let document = open(text);
    assert_eq!(codes(&document), NONE);
    assert_eq!(document.assignments()[0].number.as_deref(), Some("+6512345678"));
}

#[test]
fn awkward_sizes() {
    let wide = format!(
        "Ext Key,User's Name{}\n101,Tony{}\n",
        ",x".repeat(16_381),
        ",1".repeat(16_381)
    );
    let document = open(wide);
    assert_eq!(document.warnings(), 16_381);
    assert_eq!(document.assignments().len(), 1);
    let line = "x".repeat(5_000_000);
    assert_eq!(
        codes(&by_name(&format!("{line},Tony,\n"))),
        ["1:ext_key_not_numeric"]
    );
    let quote = format!("101,\"{line}");
    assert_eq!(codes(&by_name(&quote)), ["1:unclosed_quote"]);
    assert_eq!(open("\"".repeat(1_000_000)).row_count(), 0);
    // A million cells that each ask to be joined with the next.
    let joins = format!("101,{}", "a\\,".repeat(1_000_000));
    assert_eq!(codes(&by_name(&joins)), ["1:backslash_comma"]);
}

#[test]
fn codes_are_the_specifications() {
    for code in Code::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
    }
}
