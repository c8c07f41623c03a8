//! One test a rule about a value, alone or compared with others: what it catches, and the neighbours it must leave
//! alone.

#![allow(clippy::unwrap_used)]

mod common;

use bulk_file::{Code, IdentityKind, Severity};
use common::*;

const NONE: [&str; 0] = [];

#[test]
fn ext_key_blank() {
    assert_eq!(on_ext_key(""), ["ext_key_blank"]);
    assert_eq!(on_ext_key(" \u{a0}"), ["ext_key_blank", "value_trimmed"]);
}

#[test]
fn ext_key_not_numeric() {
    for value in [
        "1O1",
        "10a",
        "-101",
        "+101",
        "1 01",
        "１０１",
        "١٠١",
        "101.5",
        "1\u{200b}01",
        "101;102",
        "1E3",
        "#REF!",
        "½½½",
        "x",
    ] {
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
    assert_eq!(
        only(&by_name("12,Tony,\n")).message,
        "Ext Key must have 3 to 5 digits; \"12\" has 2."
    );
}

#[test]
fn ext_key_duplicate() {
    let document = by_name("101,A,\n102,B,\n 101,C,\n101,D,\n102,E,\n");
    let all: Vec<_> = issues(&document)
        .into_iter()
        .filter(|i| i.code == Code::ExtKeyDuplicate)
        .collect();
    assert_eq!(all.len(), 2);
    assert_eq!(
        (all[0].row, all[0].related_rows.as_slice()),
        (Some(3), &[1, 4][..])
    );
    assert_eq!((all[1].row, all[1].related_rows.as_slice()), (Some(5), &[2][..]));
    assert_eq!(all[0].first_seen.unwrap().row, 1);
    assert_eq!(document.assignments().len(), 0);
    // Values that are wrong themselves are not compared.
    assert_eq!(
        codes(&by_name("12,A,\n12,B,\n")),
        ["1:ext_key_length", "2:ext_key_length"]
    );
    assert_eq!(
        codes(&by_name("=\"101\",A,\n101,B,\n")),
        ["1:spreadsheet_artifact"]
    );
}

#[test]
fn duplicates_over_files() {
    let header = "Ext Key,User's Name,Number\n";
    let document = open_all(&[
        &format!("{header}101,A,\n102,B,\n"),
        &format!("{header}103,C,\n104,a,\n101,D,\n"),
    ]);
    assert_eq!(codes(&document), ["2:identity_duplicate", "3:ext_key_duplicate"]);
    let issue = &issues(&document)[1];
    assert_eq!(
        (issue.file, issue.related_rows.as_slice(), issue.related[0].file),
        (Some(1), &[1][..], 0)
    );
    assert!(issue.message.contains("0.csv"), "{}", issue.message);
}

#[test]
fn ext_key_lookalike() {
    let document = by_name("0101,A,\n202,B,\n101,C,\n");
    let issue = only(&document);
    assert_eq!(
        (issue.code, issue.row, issue.related_rows.as_slice()),
        (Code::ExtKeyLookalike, Some(3), &[1][..])
    );
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
    assert_eq!(
        codes(&by_name(&format!("101,Tony,\n102,{uuid},\n103,Jane,\n"))),
        ["2:identity_mixed"]
    );
    let other = "752d2f57-6e3b-4170-8bf9-4f1e98c88b56";
    let document = by_name(&format!("101,Tony,\n102,{uuid},\n103,{other},\n"));
    assert_eq!(codes(&document), ["1:identity_mixed"]);
    assert_eq!(document.identity(), Some(IdentityKind::Uuid));
    // A file of UUIDs only is one kind; a file of each kind is not mixed.
    assert_eq!(codes(&by_name(&format!("101,{uuid},\n"))), NONE);
    let two = open_all(&[
        "Ext Key,User's Name\n101,A\n",
        &format!("Ext Key,Identity UUID\n102,{uuid}\n"),
    ]);
    assert_eq!(codes(&two), NONE);
    assert_eq!(two.identity(), None);
    // Both columns: each row by the one that is filled.
    let both = open(format!(
        "Ext Key,User's Name,Identity UUID\n101,Tony,\n102,Jane,\n103,,{uuid}\n104,Jo,{other}\n"
    ));
    assert_eq!(codes(&both), ["3:identity_mixed", "4:identity_mixed"]);
    assert_eq!(
        codes(&open(format!(
            "Ext Key,User's Name,Identity UUID\n101,,{uuid}\n102,,{other}\n"
        ))),
        NONE
    );
}

#[test]
fn identity_not_uuid() {
    for value in [
        "Tony",
        "652d2f57-6e3b-4170-8bf9-4f1e98c88b5",
        "652d2f57-6e3b-4170-8bf9-4f1e98c88b56a",
        "652d2f57-6e3b-4170-8bf9-4f1e98c88bxx",
        "652d2f576-e3b-4170-8bf9-4f1e98c88b56",
        "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi82NTJkMmY1Ny02ZTNiLTQxNzAtOGJmOS00ZjFlOThjODhiNTY",
    ] {
        assert_eq!(on_uuid(value), ["identity_not_uuid"], "{value}");
    }
    assert_eq!(on_uuid("652D2F57-6E3B-4170-8BF9-4F1E98C88B56"), NONE);
}

#[test]
fn identity_normalised() {
    for value in [
        "{652d2f57-6e3b-4170-8bf9-4f1e98c88b56}",
        "652D2F576E3B41708BF94F1E98C88B56",
        "Y2lzY29zcGFyazovL3VzL1BFT1BMRS82NTJkMmY1Ny02ZTNiLTQxNzAtOGJmOS00ZjFlOThjODhiNTY",
        "Y2lzY29zcGFyazovL3VzL1BFT1BMRS82NTJkMmY1Ny02ZTNiLTQxNzAtOGJmOS00ZjFlOThjODhiNTY=",
    ] {
        let document = by_uuid(&format!("101,{value},\n"));
        let issue = only(&document);
        assert_eq!(
            (issue.code, issue.severity),
            (Code::IdentityNormalised, Severity::Warning),
            "{value}"
        );
        assert_eq!(issue.fix.unwrap().value, "652d2f57-6e3b-4170-8bf9-4f1e98c88b56");
        assert!(
            serde_json::to_string(&document.assignments())
                .unwrap()
                .contains("652d2f57-6e3b-4170-8bf9-4f1e98c88b56")
        );
    }
}

#[test]
fn identity_duplicate() {
    for (a, b) in [
        ("Tony Lee", "tony LEE"),
        ("Jose\u{301}", "JOS\u{c9}"),
        ("Straße", "STRASSE"),
        (" Tony\u{200b}", "Tony"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ] {
        let document = by_name(&format!("101,{a},\n102,{b},\n"));
        let last = issues(&document).pop().unwrap();
        assert_eq!(
            (last.code, last.row, last.related_rows.as_slice()),
            (Code::IdentityDuplicate, Some(2), &[1][..]),
            "{a}"
        );
    }
    for (a, b) in [("Tony Lee", "Tony  Lee"), ("Zoe", "Zoë"), ("Ann", "Anne")] {
        assert_eq!(codes(&by_name(&format!("101,{a},\n102,{b},\n"))), NONE, "{a}");
    }
    let upper = "652D2F57-6E3B-4170-8BF9-4F1E98C88B56";
    let uuids = by_uuid(&format!(
        "101,{upper},\n102,{},\n103,{{{upper}}},\n",
        upper.to_lowercase()
    ));
    assert_eq!(codes(&uuids), ["2:identity_duplicate", "3:identity_normalised"]);
    assert_eq!(issues(&uuids)[0].related_rows, [1, 3]);
}

#[test]
fn name_is_formula() {
    for value in ["=1+1", "+Tony", "-Tony", "@Tony"] {
        assert_eq!(on_name(value), ["name_is_formula"], "{value}");
    }
    for value in [
        "Tony = T",
        "'t Hooft",
        "O'Neill",
        "#1",
        "D’Arcy",
        "李伟",
        "👨\u{200d}👩\u{200d}👧",
        "\"Tony\"",
        "1",
    ] {
        assert_eq!(on_name(value), NONE, "{value}");
    }
}

#[test]
fn number_not_numeric() {
    for value in [
        "+",
        "++6512345678",
        "65+12345678",
        "call me",
        "+65 1234 5678 x9",
        "６５１２３４５６７８",
        "-",
        "( )",
        "tel:+6512345678",
        "+6512345678;",
        "0711/123456",
        "n/a",
    ] {
        assert_eq!(on_number(value), ["number_not_numeric"], "{value}");
    }
    for value in [
        "",
        "+6512345678",
        "6512345678",
        "1234567",
        "123456789012345",
        "+123456789012345",
    ] {
        assert_eq!(on_number(value), NONE, "{value}");
    }
}

#[test]
fn number_formatted() {
    for (value, plain) in [
        ("+65 1234 5678", "+6512345678"),
        ("(065) 1234-5678", "06512345678"),
        ("+1.206.555.0100", "+12065550100"),
        ("+44\u{a0}161 496\u{2011}0107", "+441614960107"),
        ("[65] 12345678", "6512345678"),
        ("( +65) 12345678", "+6512345678"),
        ("+44 (0)161 496 0107", "+441614960107"),
    ] {
        let document = by_name(&format!("101,Tony,{value}\n"));
        let issue = only(&document);
        assert_eq!(
            (issue.code, issue.severity),
            (Code::NumberFormatted, Severity::Warning),
            "{value}"
        );
        assert_eq!(issue.fix.unwrap().value, plain);
        assert_eq!(document.assignments()[0].number.as_deref(), Some(plain));
    }
    // A warning does not hide that the digits are too few.
    assert_eq!(on_number("12-34"), ["number_length"]);
}

#[test]
fn spreadsheet_artifact() {
    for (value, inner) in [
        ("=\"101\"", "101"),
        ("'101", "101"),
        ("101.0", "101"),
        ("101.00", "101"),
        ("101,0", "101"),
        ("=101", "101"),
        ("\"101\"", "101"),
        ("=\"'101\"", "101"),
        ("’101", "101"),
    ] {
        let issue = only(&by_name(&format!("{},Tony,\n", quoted(value))));
        assert_eq!(
            (issue.code, issue.severity),
            (Code::SpreadsheetArtifact, Severity::Error),
            "{value}"
        );
        assert_eq!(issue.fix.unwrap().value, inner, "{value}");
        assert!(issue.cause.is_some());
    }
    for (value, inner) in [
        ("'+6512345678", "+6512345678"),
        ("=\"+6512345678\"", "+6512345678"),
        ("6512345678.0", "6512345678"),
        ("6,512,345,678", "6512345678"),
        ("=+6512345678", "+6512345678"),
        ("=\"\"", ""),
    ] {
        let issue = only(&by_name(&format!("101,Tony,{}\n", quoted(value))));
        assert_eq!(
            (issue.code, issue.fix.unwrap().value.as_str()),
            (Code::SpreadsheetArtifact, inner),
            "{value}"
        );
    }
    assert_eq!(on_name("=\"Tony\""), ["spreadsheet_artifact"]);
    assert_eq!(on_name("'=Tony"), ["spreadsheet_artifact"]);
    assert_eq!(
        on_uuid("'652d2f57-6e3b-4170-8bf9-4f1e98c88b56"),
        ["spreadsheet_artifact"]
    );
    assert_eq!(on_ext_key("1.01"), ["ext_key_not_numeric"]);
    assert_eq!(on_number("555.0100.00"), ["number_formatted"]);
}

#[test]
fn number_plus_lost() {
    let document = by_name("101,A,+6512345678\n102,B,6512345679\n103,C,98765432\n104,D,\n105,E,0123456789\n");
    assert_eq!(
        codes(&document),
        ["2:number_plus_lost", "3:number_plus_lost", "5:number_plus_lost"]
    );
    let fixes: Vec<_> = issues(&document)
        .into_iter()
        .map(|i| i.fix.map(|f| f.value))
        .collect();
    assert_eq!(fixes, [Some("+6512345679".to_owned()), None, None]);
    assert!(document.report().valid);
    assert_eq!(codes(&by_name("101,A,6512345678\n102,B,6512345679\n")), NONE);
    assert_eq!(codes(&by_name("101,A,+6512345678\n102,B,\n")), NONE);
}

#[test]
fn number_scientific() {
    for value in [
        "6.51E+10",
        "6,51E+10",
        "6e10",
        "+6.51E+10",
        "4.41615E+11",
        "1.5e-3",
    ] {
        let document = by_name(&format!("101,Tony,{}\n", quoted(value)));
        let issue = only(&document);
        assert_eq!((issue.code, issue.fix), (Code::NumberScientific, None), "{value}");
    }
    assert_eq!(on_number("E+10"), ["number_not_numeric"]);
}

#[test]
fn number_multiple() {
    for value in [
        "+6512345678;+6512345679",
        "+6512345678, +6512345679",
        "6512345678/6512345679",
        "6512345678|6512345679",
        "6512345678\\6512345679",
        "6512345678\n6512345679",
        "+65 1234 5678 / 79",
        "6512345678\r\n\r\n6512345679",
    ] {
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
    assert_eq!(
        codes(&document),
        ["4:number_formatted", "4:number_duplicate", "5:number_plus_lost"]
    );
    let issue = &issues(&document)[1];
    assert_eq!(issue.related_rows, [1, 5]);
    assert_eq!(codes(&by_name("101,A,006512345678\n102,B,06512345678\n")), NONE);
}

#[test]
fn value_trimmed() {
    for value in [
        "101 ",
        "\u{a0}101",
        "101\u{200b}",
        "\u{202a}101\u{202c}",
        "\u{feff}101",
        "\t101",
        "101\n",
        "\u{3000}101\u{1}",
    ] {
        let document = by_name(&format!("{},Tony,\n", quoted(value)));
        let issue = only(&document);
        assert_eq!(
            (issue.code, issue.severity),
            (Code::ValueTrimmed, Severity::Warning),
            "{value:?}"
        );
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
