//! One test a rule: what it catches, and the neighbours it must leave alone.

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
    let unread = Document::open(vec![FileInput::too_large("huge.csv", 9_000_000_000)], Limits::default());
    let issue = only(&unread);
    assert_eq!(issue.code, Code::FileTooLarge);
    assert!(issue.message.contains("huge.csv has 9,000,000,000 bytes"), "{}", issue.message);
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
    assert_eq!(codes(&open_all(&[&rows(10_000, 8_000), &rows(20_000, 7_000)])), NONE);
}

#[test]
fn empty_file() {
    for text in ["", "\n\n", "\u{feff}", HEADER, "Ext Key,User's Name,Number\n,,\n \n", "sep=;\n"] {
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
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(|u| if le { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
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
        assert!(serde_json::to_string(&document.assignments()).unwrap().contains("Zoë Ångström"));
    }
}

#[test]
fn encoding_guessed() {
    let document = open(b"Ext Key,User's Name,Number\n101,Zo\xeb \x93\xc5ngstr\xf6m\x94,\n");
    let issue = only(&document);
    assert_eq!((issue.code, issue.severity, issue.row), (Code::EncodingGuessed, Severity::Warning, None));
    assert!(document.report().valid);
    assert!(serde_json::to_string(&document.assignments()).unwrap().contains("Zoë “Ångström”"));
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
        let data = if header.starts_with("Row") { "1,101,Tony,,failed,x,y,z,1,2" } else if header.contains(';') { "101;Tony" } else if header.contains("Key\t") { "101\tTony" } else { "101,Tony" };
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
    assert_eq!(codes(&document), ["-:missing_column", "-:missing_column", "-:unknown_column", "-:unknown_column"]);
    let first = document.issues().next().unwrap();
    assert!(first.message.contains("\"Ext\", \"Who\", \"Number\""), "{}", first.message);
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
    assert_eq!((issue.code, issue.column.as_deref(), issue.cell.as_deref()), (Code::UnknownColumn, Some("Floor"), Some("B1")));
    assert_eq!((issue.row, issue.line), (None, None));
}

#[test]
fn duplicate_column() {
    assert_eq!(codes(&open("Ext Key,User's Name,ext key\n101,Tony,102\n")), ["-:duplicate_column"]);
    assert_eq!(codes(&open("Ext Key,User's Name,Message,Message\n101,Tony,a,b\n")), NONE);
}

#[test]
fn row_length() {
    assert_eq!(codes(&by_name("101,Tony,+6512345678,surplus\n")), ["1:row_length"]);
    assert_eq!(codes(&by_name("101\n")), ["1:row_length"]);
    assert_eq!(codes(&by_name("101,Tony\n")), NONE);
    assert_eq!(codes(&by_name("101,Tony,,, ,\n")), NONE);
    assert_eq!(codes(&by_name("12,Doe, John,+6512345678\n")), ["1:row_length", "1:ext_key_length"]);
    assert_eq!(codes(&open("User's Name,Number,Ext Key\nTony,\n")), ["1:row_length"]);
    let issue = only(&by_name("101\n"));
    assert_eq!((issue.column, issue.value, issue.line), (None, None, Some(2)));
    assert!(issue.message.contains("User's Name is missing"), "{}", issue.message);
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
    assert_eq!(document.corrected(0), b"Ext Key,User's Name,Number\n101,\"Doe, John\",+6512345678\n");
    // Two in one value, two values, and other findings of the row beside it.
    assert_eq!(only(&by_name("101,a\\,b\\,c,\n")).fix.unwrap().value, "a,b,c");
    assert_eq!(codes(&by_name("12,Doe\\, John,123\n")), ["1:ext_key_length", "1:backslash_comma", "1:number_length"]);
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
    assert_eq!(codes(&by_name("101,\"Tony,\n102,Jane,\n103,\"Ann,\n")), ["1:unclosed_quote", "3:unclosed_quote"]);
    // The line is that of the quote, not of the row.
    let issue = issues(&by_name("101,\"a\nb\",\"+65\n"));
    assert_eq!((issue[0].line, issue[0].row), (Some(3), Some(1)));
    assert_eq!(codes(&by_name("101,\"Tony \"\"T\"\" Lee\",\n102,\"a\nb\",\n103,5\" pipe,\n104,\"x\" y,\n")), NONE);
}

#[test]
fn ext_key_blank() {
    assert_eq!(on_ext_key(""), ["ext_key_blank"]);
    assert_eq!(on_ext_key(" \u{a0}"), ["ext_key_blank", "value_trimmed"]);
}

#[test]
fn ext_key_not_numeric() {
    for value in ["1O1", "10a", "-101", "+101", "1 01", "１０１", "١٠١", "101.5", "1\u{200b}01", "101;102", "1E3", "#REF!", "½½½", "x"] {
        assert_eq!(on_ext_key(value), ["ext_key_not_numeric"], "{value}");
    }
}

#[test]
fn ext_key_length() {
    for value in ["1", "12", "123456", "99999999999999999999"] {
        assert_eq!(on_ext_key(value), ["ext_key_length"], "{value}");
    }
    for value in ["000", "123", "1234", "99999"] {
        assert_eq!(on_ext_key(value), NONE, "{value}");
    }
    assert_eq!(only(&by_name("12,Tony,\n")).message, "Ext Key must have 3 to 5 digits; \"12\" has 2.");
}

#[test]
fn ext_key_duplicate() {
    let document = by_name("101,A,\n102,B,\n 101,C,\n101,D,\n102,E,\n");
    let all: Vec<_> = issues(&document).into_iter().filter(|i| i.code == Code::ExtKeyDuplicate).collect();
    assert_eq!(all.len(), 2);
    assert_eq!((all[0].row, all[0].related_rows.as_slice()), (Some(3), &[1, 4][..]));
    assert_eq!((all[1].row, all[1].related_rows.as_slice()), (Some(5), &[2][..]));
    assert_eq!(all[0].first_seen.unwrap().row, 1);
    assert_eq!(document.assignments().len(), 0);
    // Values that are wrong themselves are not compared.
    assert_eq!(codes(&by_name("12,A,\n12,B,\n")), ["1:ext_key_length", "2:ext_key_length"]);
    assert_eq!(codes(&by_name("=\"101\",A,\n101,B,\n")), ["1:spreadsheet_artifact"]);
}

#[test]
fn duplicates_over_files() {
    let header = "Ext Key,User's Name,Number\n";
    let document = open_all(&[&format!("{header}101,A,\n102,B,\n"), &format!("{header}103,C,\n104,a,\n101,D,\n")]);
    assert_eq!(codes(&document), ["2:identity_duplicate", "3:ext_key_duplicate"]);
    let issue = &issues(&document)[1];
    assert_eq!((issue.file, issue.related_rows.as_slice(), issue.related[0].file), (Some(1), &[1][..], 0));
    assert!(issue.message.contains("0.csv"), "{}", issue.message);
}

#[test]
fn ext_key_lookalike() {
    let document = by_name("0101,A,\n202,B,\n101,C,\n");
    let issue = only(&document);
    assert_eq!((issue.code, issue.row, issue.related_rows.as_slice()), (Code::ExtKeyLookalike, Some(3), &[1][..]));
    assert_eq!(issue.severity, Severity::Warning);
    assert_eq!(codes(&by_name("1010,A,\n101,B,\n01011,C,\n")), NONE);
    assert_eq!(document.assignments().len(), 3);
}

#[test]
fn identity_blank() {
    assert_eq!(on_name(""), ["identity_blank"]);
    assert_eq!(on_uuid(""), ["identity_blank"]);
    let both = open("Ext Key,User's Name,Identity UUID\n101,,\n102,Tony,\n103,Jane\n");
    assert_eq!(codes(&both), ["1:identity_blank"]);
}

#[test]
fn identity_mixed() {
    let uuid = "652d2f57-6e3b-4170-8bf9-4f1e98c88b56";
    assert_eq!(codes(&by_name(&format!("101,Tony,\n102,{uuid},\n103,Jane,\n"))), ["2:identity_mixed"]);
    let other = "752d2f57-6e3b-4170-8bf9-4f1e98c88b56";
    let document = by_name(&format!("101,Tony,\n102,{uuid},\n103,{other},\n"));
    assert_eq!(codes(&document), ["1:identity_mixed"]);
    assert_eq!(document.identity(), Some(IdentityKind::Uuid));
    // A file of UUIDs only is one kind; a file of each kind is not mixed.
    assert_eq!(codes(&by_name(&format!("101,{uuid},\n"))), NONE);
    let two = open_all(&["Ext Key,User's Name\n101,A\n", &format!("Ext Key,Identity UUID\n102,{uuid}\n")]);
    assert_eq!(codes(&two), NONE);
    assert_eq!(two.identity(), None);
    // Both columns: each row by the one that is filled.
    let both = open(format!("Ext Key,User's Name,Identity UUID\n101,Tony,\n102,Jane,\n103,,{uuid}\n104,Jo,{other}\n"));
    assert_eq!(codes(&both), ["3:identity_mixed", "4:identity_mixed"]);
    assert_eq!(codes(&open(format!("Ext Key,User's Name,Identity UUID\n101,,{uuid}\n102,,{other}\n"))), NONE);
}

#[test]
fn identity_not_uuid() {
    for value in ["Tony", "652d2f57-6e3b-4170-8bf9-4f1e98c88b5", "652d2f57-6e3b-4170-8bf9-4f1e98c88b56a", "652d2f57-6e3b-4170-8bf9-4f1e98c88bxx", "652d2f576-e3b-4170-8bf9-4f1e98c88b56", "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi82NTJkMmY1Ny02ZTNiLTQxNzAtOGJmOS00ZjFlOThjODhiNTY"] {
        assert_eq!(on_uuid(value), ["identity_not_uuid"], "{value}");
    }
    assert_eq!(on_uuid("652D2F57-6E3B-4170-8BF9-4F1E98C88B56"), NONE);
}

#[test]
fn identity_normalised() {
    for value in ["{652d2f57-6e3b-4170-8bf9-4f1e98c88b56}", "652D2F576E3B41708BF94F1E98C88B56", "Y2lzY29zcGFyazovL3VzL1BFT1BMRS82NTJkMmY1Ny02ZTNiLTQxNzAtOGJmOS00ZjFlOThjODhiNTY", "Y2lzY29zcGFyazovL3VzL1BFT1BMRS82NTJkMmY1Ny02ZTNiLTQxNzAtOGJmOS00ZjFlOThjODhiNTY="] {
        let document = by_uuid(&format!("101,{value},\n"));
        let issue = only(&document);
        assert_eq!((issue.code, issue.severity), (Code::IdentityNormalised, Severity::Warning), "{value}");
        assert_eq!(issue.fix.unwrap().value, "652d2f57-6e3b-4170-8bf9-4f1e98c88b56");
        assert!(serde_json::to_string(&document.assignments()).unwrap().contains("652d2f57-6e3b-4170-8bf9-4f1e98c88b56"));
    }
}

#[test]
fn identity_duplicate() {
    for (a, b) in [("Tony Lee", "tony LEE"), ("Jose\u{301}", "JOS\u{c9}"), ("Straße", "STRASSE"), (" Tony\u{200b}", "Tony"), ("ΣΊΣΥΦΟΣ", "σίσυφος")] {
        let document = by_name(&format!("101,{a},\n102,{b},\n"));
        let last = issues(&document).pop().unwrap();
        assert_eq!((last.code, last.row, last.related_rows.as_slice()), (Code::IdentityDuplicate, Some(2), &[1][..]), "{a}");
    }
    for (a, b) in [("Tony Lee", "Tony  Lee"), ("Zoe", "Zoë"), ("Ann", "Anne")] {
        assert_eq!(codes(&by_name(&format!("101,{a},\n102,{b},\n"))), NONE, "{a}");
    }
    let upper = "652D2F57-6E3B-4170-8BF9-4F1E98C88B56";
    let uuids = by_uuid(&format!("101,{upper},\n102,{},\n103,{{{upper}}},\n", upper.to_lowercase()));
    assert_eq!(codes(&uuids), ["2:identity_duplicate", "3:identity_normalised"]);
    assert_eq!(issues(&uuids)[0].related_rows, [1, 3]);
}

#[test]
fn name_is_formula() {
    for value in ["=1+1", "+Tony", "-Tony", "@Tony"] {
        assert_eq!(on_name(value), ["name_is_formula"], "{value}");
    }
    for value in ["Tony = T", "'t Hooft", "O'Neill", "#1", "D’Arcy", "李伟", "👨\u{200d}👩\u{200d}👧", "\"Tony\"", "1"] {
        assert_eq!(on_name(value), NONE, "{value}");
    }
}

#[test]
fn number_not_numeric() {
    for value in ["+", "++6512345678", "65+12345678", "call me", "+65 1234 5678 x9", "６５１２３４５６７８", "-", "( )", "tel:+6512345678", "+6512345678;", "0711/123456", "n/a"] {
        assert_eq!(on_number(value), ["number_not_numeric"], "{value}");
    }
    for value in ["", "+6512345678", "6512345678", "1234567", "123456789012345", "+123456789012345"] {
        assert_eq!(on_number(value), NONE, "{value}");
    }
}

#[test]
fn number_formatted() {
    for (value, plain) in [("+65 1234 5678", "+6512345678"), ("(065) 1234-5678", "06512345678"), ("+1.206.555.0100", "+12065550100"), ("+44\u{a0}161 496\u{2011}0107", "+441614960107"), ("[65] 12345678", "6512345678"), ("( +65) 12345678", "+6512345678")] {
        let document = by_name(&format!("101,Tony,{value}\n"));
        let issue = only(&document);
        assert_eq!((issue.code, issue.severity), (Code::NumberFormatted, Severity::Warning), "{value}");
        assert_eq!(issue.fix.unwrap().value, plain);
        assert_eq!(document.assignments()[0].number.as_deref(), Some(plain));
    }
    // A warning does not hide that the digits are too few.
    assert_eq!(on_number("12-34"), ["number_length"]);
}

#[test]
fn spreadsheet_artifact() {
    for (value, inner) in [("=\"101\"", "101"), ("'101", "101"), ("101.0", "101"), ("101.00", "101"), ("101,0", "101"), ("=101", "101"), ("\"101\"", "101"), ("=\"'101\"", "101"), ("’101", "101")] {
        let issue = only(&by_name(&format!("{},Tony,\n", quoted(value))));
        assert_eq!((issue.code, issue.severity), (Code::SpreadsheetArtifact, Severity::Error), "{value}");
        assert_eq!(issue.fix.unwrap().value, inner, "{value}");
        assert!(issue.cause.is_some());
    }
    for (value, inner) in [("'+6512345678", "+6512345678"), ("=\"+6512345678\"", "+6512345678"), ("6512345678.0", "6512345678"), ("6,512,345,678", "6512345678"), ("=+6512345678", "+6512345678"), ("=\"\"", "")] {
        let issue = only(&by_name(&format!("101,Tony,{}\n", quoted(value))));
        assert_eq!((issue.code, issue.fix.unwrap().value.as_str()), (Code::SpreadsheetArtifact, inner), "{value}");
    }
    assert_eq!(on_name("=\"Tony\""), ["spreadsheet_artifact"]);
    assert_eq!(on_name("'=Tony"), ["spreadsheet_artifact"]);
    assert_eq!(on_uuid("'652d2f57-6e3b-4170-8bf9-4f1e98c88b56"), ["spreadsheet_artifact"]);
    assert_eq!(on_ext_key("1.01"), ["ext_key_not_numeric"]);
    assert_eq!(on_number("555.0100.00"), ["number_formatted"]);
}

#[test]
fn number_plus_lost() {
    let document = by_name("101,A,+6512345678\n102,B,6512345679\n103,C,98765432\n104,D,\n105,E,0123456789\n");
    assert_eq!(codes(&document), ["2:number_plus_lost", "3:number_plus_lost", "5:number_plus_lost"]);
    let fixes: Vec<_> = issues(&document).into_iter().map(|i| i.fix.map(|f| f.value)).collect();
    assert_eq!(fixes, [Some("+6512345679".to_owned()), None, None]);
    assert!(document.report().valid);
    assert_eq!(codes(&by_name("101,A,6512345678\n102,B,6512345679\n")), NONE);
    assert_eq!(codes(&by_name("101,A,+6512345678\n102,B,\n")), NONE);
}

#[test]
fn number_scientific() {
    for value in ["6.51E+10", "6,51E+10", "6e10", "+6.51E+10", "4.41615E+11", "1.5e-3"] {
        let document = by_name(&format!("101,Tony,{}\n", quoted(value)));
        let issue = only(&document);
        assert_eq!((issue.code, issue.fix), (Code::NumberScientific, None), "{value}");
    }
    assert_eq!(on_number("E+10"), ["number_not_numeric"]);
}

#[test]
fn number_multiple() {
    for value in ["+6512345678;+6512345679", "+6512345678, +6512345679", "6512345678/6512345679", "6512345678|6512345679", "6512345678\\6512345679", "6512345678\n6512345679", "+65 1234 5678 / 79", "6512345678\r\n\r\n6512345679"] {
        assert_eq!(on_number(value), ["number_multiple"], "{value}");
    }
    assert_eq!(on_number("6512345678 6512345679"), ["number_length"]);
}

#[test]
fn number_length() {
    for value in ["1", "123456", "+123456", "1234567890123456", "+1234567890123456"] {
        assert_eq!(on_number(value), ["number_length"], "{value}");
    }
}

#[test]
fn number_duplicate() {
    let document = by_name("101,A,+6512345678\n102,B,\n103,C,\n104,D,+65 1234-5678\n105,E,6512345678\n");
    assert_eq!(codes(&document), ["4:number_formatted", "4:number_duplicate", "5:number_plus_lost"]);
    let issue = &issues(&document)[1];
    assert_eq!(issue.related_rows, [1, 5]);
    assert_eq!(codes(&by_name("101,A,006512345678\n102,B,06512345678\n")), NONE);
}

#[test]
fn value_trimmed() {
    for value in ["101 ", "\u{a0}101", "101\u{200b}", "\u{202a}101\u{202c}", "\u{feff}101", "\t101", "101\n", "\u{3000}101\u{1}"] {
        let document = by_name(&format!("{},Tony,\n", quoted(value)));
        let issue = only(&document);
        assert_eq!((issue.code, issue.severity), (Code::ValueTrimmed, Severity::Warning), "{value:?}");
        assert_eq!(issue.fix.unwrap().value, "101");
        assert_eq!(issue.value.as_deref(), Some(value));
        assert_eq!(document.assignments()[0].ext_key, "101");
    }
    // Beside the value's own code, which is found on the trimmed value.
    assert_eq!(on_ext_key(" 12 "), ["ext_key_length", "value_trimmed"]);
    assert_eq!(on_number(" "), ["value_trimmed"]);
    // Inside a name everything stays.
    assert_eq!(on_name("Tony\u{a0}Lee"), NONE);
    assert_eq!(on_name("❤\u{fe0f}"), NONE);
    let message = only(&by_name("101,Tony\u{a0},\n")).message;
    assert!(message.contains("\"Tony<NBSP>\""), "{message}");
}

#[test]
fn row_and_line_numbers() {
    let text = "sep=,\r\nExt Key,User's Name,Number\r\n\r\n101,\"A\r\nB\",\r\n,,\r\n \r\n12,C,\r\n";
    let issue = only(&open(text));
    assert_eq!((issue.row, issue.line, issue.cell.as_deref()), (Some(2), Some(8), Some("A6")));
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
    let wide = format!("Ext Key,User's Name{}\n101,Tony{}\n", ",x".repeat(16_381), ",1".repeat(16_381));
    let document = open(wide);
    assert_eq!(document.warnings(), 16_381);
    assert_eq!(document.assignments().len(), 1);
    let line = "x".repeat(5_000_000);
    assert_eq!(codes(&by_name(&format!("{line},Tony,\n"))), ["1:ext_key_not_numeric"]);
    let quote = format!("101,\"{line}");
    assert_eq!(codes(&by_name(&quote)), ["1:unclosed_quote"]);
    assert_eq!(open("\"".repeat(1_000_000)).row_count(), 0);
}

#[test]
fn codes_are_the_specifications() {
    for code in Code::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
    }
}
